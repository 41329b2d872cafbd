"""Fallback of gradient-decay: the two paths at the start of the sliders."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any, Final

from docutils import nodes

from rnnbook.fallbacks._pieces import assembled, drawing, messages, scientific, start_values
from rnnwidgets import GradientDecay
from rnnwidgets.oracles.gradient_decay import outputs

WIDTH: Final = 480
HEIGHT: Final = 260
LEFT: Final = 56
RIGHT: Final = 370
TOP: Final = 20
BOTTOM: Final = 210
FIGURES: Final = 4
#: Most rows of the table besides the first and the last.
ROWS: Final = 10
NAME_HEIGHT: Final = 18


def _curve(values: Sequence[float], low: float, high: float, colour: str, dash: str) -> str:
    points = []
    for step, value in enumerate(values):
        x = LEFT + (RIGHT - LEFT) * step / (len(values) - 1)
        y = BOTTOM - (BOTTOM - TOP) * (math.log10(value) - low) / (high - low)
        points.append(f"{x:.1f} {y:.1f}")
    return (
        f'<path d="M{"L".join(points)}" fill="none" stroke="var(--rnn-gate-{colour})" '
        f'stroke-width="3" stroke-dasharray="{dash}"/>'
    )


def _name(label: str, y: float) -> str:
    return f'<text x="{RIGHT + 8}" y="{y:.1f}" text-anchor="start">{label}</text>'


def _plot(text: Mapping[str, Any], values: Mapping[str, Any], alt: str) -> nodes.Node:
    ends = [math.log10(values[name]) for name in ("lstm_end", "rnn_end")]
    low, high = math.floor(min(*ends, -1)), math.ceil(max(*ends, 1))
    heights = [BOTTOM - (BOTTOM - TOP) * (end - low) / (high - low) + 5 for end in ends]
    if abs(heights[0] - heights[1]) < NAME_HEIGHT:
        heights[1] = heights[0] + NAME_HEIGHT
    ticks = [
        f'<text x="{LEFT - 8}" y="{y}" text-anchor="end">{scientific(10.0**power, 1)}</text>'
        for power, y in ((low, BOTTOM + 5), (high, TOP + 5))
    ]
    parts = [
        f'<path d="M{LEFT} {TOP}V{BOTTOM}H{RIGHT}" fill="none" stroke="currentColor"/>',
        *ticks,
        f'<text x="{LEFT}" y="{BOTTOM + 18}">0</text>',
        f'<text x="{RIGHT}" y="{BOTTOM + 18}">{values["T"]}</text>',
        f'<text x="{(LEFT + RIGHT) / 2:g}" y="{BOTTOM + 38}">{text["x_axis"]}</text>',
        _curve(values["lstm"], low, high, "c", ""),
        _curve(values["rnn"], low, high, "h", "7 4"),
        _name(text["lstm_line"], heights[0]),
        _name(text["rnn_line"], heights[1]),
    ]
    return drawing(WIDTH, HEIGHT, parts, alt)


def fallback(model: Mapping[str, Any]) -> list[nodes.Node]:
    """Return the sentence, the curves and the table for the start values of a page."""
    text = messages("gradient_decay")
    inputs = start_values(GradientDecay, model)
    values = inputs | outputs(inputs)
    length = inputs["T"]
    alt = model.get("alt") or text["alt"].format(
        T=length,
        percent=scientific(100 * values["lstm_end"], 2),
        rnn_end=scientific(values["rnn_end"], 2),
    )
    steps = [*range(0, length, max(1, length // ROWS)), length]
    rows = [(text["column_step"], text["column_lstm"], text["column_rnn"])]
    rows += [
        (
            str(step),
            scientific(values["lstm"][step], FIGURES),
            scientific(values["rnn"][step], FIGURES),
        )
        for step in steps
    ]
    return assembled(text, alt, _plot(text, values, alt), rows)
