"""Fallback of memory-race: what three cells hold, step by step."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

from docutils import nodes

from rnnbook.fallbacks._pieces import assembled, drawing, messages, number
from rnnwidgets import MemoryRace
from rnnwidgets.memory_race import STEPS
from rnnwidgets.oracles.memory_race import outputs, traces

#: Colour and dashes of each line, so that they differ without colour too.
LINES: Final = {"rnn": ("h", "2 4"), "gru": ("g", "9 4"), "lstm": ("c", "none")}
WIDTH: Final = 640
HEIGHT: Final = 200
LEFT: Final = 40
BOTTOM: Final = 26
LABEL: Final = 130


def _line(name: str, label: str, values: Sequence[float], low: float, high: float) -> str:
    colour, dashes = LINES[name]
    step = (WIDTH - LEFT - LABEL) / (STEPS - 1)
    points = [
        (LEFT + at * step, 8 + HEIGHT * (high - value) / (high - low))
        for at, value in enumerate(values)
    ]
    path = "L".join(f"{x:.1f} {y:.1f}" for x, y in points)
    # Lines may end close to each other; their names stand beside the drawing, one below another.
    y = 30 + 24 * list(LINES).index(name)
    return (
        f'<path d="M{path}" fill="none" stroke="var(--rnn-gate-{colour})" stroke-width="3" '
        f'stroke-dasharray="{dashes}"/>'
        f'<path d="M{WIDTH - 115} {y - 5}h36" stroke="var(--rnn-gate-{colour})" '
        f'stroke-width="3" stroke-dasharray="{dashes}"/>'
        f'<text x="{WIDTH - 45}" y="{y}">{label}</text>'
    )


def _axes(text: Mapping[str, Any], low: float, high: float) -> list[str]:
    zero = 8 + HEIGHT * high / (high - low)
    step = (WIDTH - LEFT - LABEL) / (STEPS - 1)
    ticks = [
        f'<text x="{LEFT + (tick - 1) * step:.1f}" y="{HEIGHT + BOTTOM}">{tick}</text>'
        for tick in (1, 20, 40, STEPS)
    ]
    ends = [
        f'<text x="18" y="{8 + HEIGHT * (high - value) / (high - low) + 5:.1f}">'
        f"{number(value, 1)}</text>"
        for value in sorted({low, 0.0, high})
    ]
    middle = (LEFT + WIDTH - LABEL) / 2
    name = f'<text x="{middle:g}" y="{HEIGHT + 2 * BOTTOM - 8}">{text["axis"]}</text>'
    line = f'<path d="M{LEFT} {zero:.1f}H{WIDTH - LABEL}" stroke="currentColor"/>'
    return [line, name, *ticks, *ends]


def fallback(model: Mapping[str, Any]) -> list[nodes.Node]:
    """Return the sentence, the traces and the table for the start values of a page."""
    text = messages("memory_race")
    inputs = {name: model.get(name, value) for name, value in MemoryRace.defaults().items()}
    found, values = traces(inputs, STEPS), outputs(inputs)
    knows = dict(zip(LINES, values["knows"], strict=True))
    words = {name: number(values[name], 2) for name in LINES}
    words |= {f"{name}_knows": text["knows"][str(knows[name]).lower()] for name in LINES}
    alt = str(model.get("alt") or text["alt"].format(T=inputs["T"], **words))
    seen = [value for series, _ in found.values() for value in series]
    low, high = min(0.0, *seen), max(1.0, *seen)
    lines = [_line(name, text["cells"][name], found[name][0], low, high) for name in LINES]
    picture = drawing(WIDTH, HEIGHT + 2 * BOTTOM, [*_axes(text, low, high), *lines], alt)
    columns = text["columns"]
    rows = [(columns["cell"], columns["value"], columns["knows"])]
    rows += [
        (text["cells"][name], number(values[name], 4), text["yes" if knows[name] else "no"])
        for name in LINES
    ]
    return assembled(text, alt, picture, rows)
