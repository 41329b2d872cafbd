"""Fallback of bottleneck: the share of right letters by length, with and without attention."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from docutils import nodes

from rnnbook.fallbacks._pieces import assembled, drawing, messages, number, start_values
from rnnwidgets import Bottleneck
from rnnwidgets.bottleneck import LENGTHS
from rnnwidgets.oracles.bottleneck import SEEDS, outputs

WIDTH: Final = 500
HEIGHT: Final = 250
LEFT: Final = 46
RIGHT: Final = 360
TOP: Final = 34
BOTTOM: Final = 204
NAME_HEIGHT: Final = 18
LOOK: Final = {"off": ("h", ""), "on": ("c", "7 4")}


def _percent(share: float) -> str:
    return number(100 * share, 0)


def _high(share: float) -> float:
    return BOTTOM - (BOTTOM - TOP) * share


def _curve(size: str, attention: str) -> tuple[str, float]:
    """Return a line over all lengths, with the spread of the seeds, and the height of its end."""
    colour, dash = LOOK[attention]
    gap = (RIGHT - LEFT) / len(LENGTHS)
    points, spread, end = [], [], 0.0
    for at, length in enumerate(LENGTHS):
        values = outputs({"length": length, "size": size, "attention": attention})
        x, end = LEFT + gap * (at + 0.5), _high(values["accuracy"])
        points.append(f"{x:.1f} {end:.1f}")
        spread.append(f"M{x:.1f} {_high(values['least']):.1f}V{_high(values['largest']):.1f}")
    return (
        f'<path d="M{"L".join(points)}" fill="none" stroke="var(--rnn-gate-{colour})" '
        f'stroke-width="3" stroke-dasharray="{dash}"/>'
        f'<path d="{"".join(spread)}" stroke="currentColor" stroke-width="1.6"/>'
    ), end


def _plot(size: str, text: Mapping[str, Any], alt: str) -> nodes.Node:
    gap = (RIGHT - LEFT) / len(LENGTHS)
    parts = [
        f'<path d="M{LEFT} {TOP}V{BOTTOM}H{RIGHT}" fill="none" stroke="currentColor"/>',
        f'<text x="0" y="16" text-anchor="start">{text["by_length"]}</text>',
    ]
    parts += [
        f'<text x="{LEFT - 8}" y="{_high(share) + 5:g}" text-anchor="end">{_percent(share)}</text>'
        for share in (0.0, 0.5, 1.0)
    ]
    parts += [
        f'<text x="{LEFT + gap * (at + 0.5):g}" y="{BOTTOM + 20}">{length}</text>'
        for at, length in enumerate(LENGTHS)
    ]
    heights = {}
    for attention in LOOK:
        line, heights[attention] = _curve(size, attention)
        parts.append(line)
    heights["off"] = max(heights["off"], heights["on"] + NAME_HEIGHT)
    parts += [
        f'<text x="{RIGHT + 6}" y="{end + 5:.1f}" text-anchor="start">'
        f"{text['choices']['attention'][attention]}</text>"
        for attention, end in heights.items()
    ]
    return drawing(WIDTH, HEIGHT, parts, alt)


def fallback(model: Mapping[str, Any]) -> list[nodes.Node]:
    """Return the sentence, the curves and the table for the start values of a page."""
    text = messages("bottleneck")
    inputs = start_values(Bottleneck, model)
    values = outputs(inputs)
    weakest = min(range(len(values["places"])), key=values["places"].__getitem__)
    said = text["alt"].format(
        length=inputs["length"],
        size=inputs["size"],
        attention=text["choices"]["attention"][inputs["attention"]],
        seeds=len(SEEDS),
        **{name: _percent(values[name]) for name in ("accuracy", "least", "largest")},
        place=weakest + 1,
        share=_percent(values["places"][weakest]),
    )
    alt = str(model.get("alt") or said)
    names = ("accuracy", "least", "largest")
    ways = text["choices"]["attention"]
    rows = [
        [
            text["names"]["length"],
            *(f"{ways[way]}: {text['names'][name]}" for way in ways for name in names),
        ]
    ]
    for length in LENGTHS:
        found = [outputs(inputs | {"length": length, "attention": way}) for way in ways]
        rows.append([length, *(f"{_percent(one[name])} %" for one in found for name in names)])
    return assembled(text, alt, _plot(inputs["size"], text, alt), rows)
