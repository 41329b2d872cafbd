"""Fallback of alignment-map: where a trained model looked at every step."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final
from xml.sax.saxutils import escape

from docutils import nodes

from rnnbook.fallbacks._pieces import assembled, drawing, messages, number, start_values
from rnnwidgets import AlignmentMap
from rnnwidgets.alignment_map import EXAMPLES, tokens_of
from rnnwidgets.oracles.alignment_map import outputs

CELL: Final = 26
LEFT: Final = 60
TOP: Final = 30
LARGEST: Final = 22
#: A second place is named in the sentence from this weight on.
NAMED: Final = 0.05
#: Width of a column for each letter of its longest token.
PER_LETTER: Final = 9


def _squares(tokens: Sequence[str], written: Sequence[str], rows: Any, alt: str) -> nodes.Node:
    """Draw one row for each written token; the area of a square is the weight."""
    wide = max(CELL, PER_LETTER * max(len(token) for token in tokens) + 8)
    parts = [
        f'<text x="{LEFT + wide * (j + 0.5):g}" y="{TOP - 8}">{escape(token)}</text>'
        for j, token in enumerate(tokens)
    ]
    for at, (name, row) in enumerate(zip(written, rows, strict=True)):
        middle = TOP + CELL * (at + 0.5)
        parts.append(f'<text x="{LEFT / 2:g}" y="{middle + 5:g}">{escape(name)}</text>')
        for j, weight in enumerate(row):
            side = LARGEST * weight**0.5
            x, y = LEFT + wide * (j + 0.5) - side / 2, middle - side / 2
            parts.append(
                f'<rect x="{x:.1f}" y="{y:.1f}" width="{side:.1f}" height="{side:.1f}" '
                f'fill="var(--rnn-gate-h)" stroke="currentColor" stroke-width=".6"/>'
            )
    return drawing(LEFT + wide * len(tokens) + 4, TOP + CELL * len(written) + 6, parts, alt)


def fallback(model: Mapping[str, Any]) -> list[nodes.Node]:
    """Return the sentence, the map and the table for the start values of a page."""
    text = messages("alignment_map")
    inputs = start_values(AlignmentMap, model)
    values = outputs(inputs)
    best = [likeliest[0] or text["end"] for likeliest in EXAMPLES[inputs["example"]]["best"]]
    at = min(inputs["t"], len(best)) - 1
    names = [text["space"] if one == " " else one for one in tokens_of(inputs["example"])]
    order = sorted(range(len(names)), key=lambda j: -values["weights"][at][j])
    first, second = order[0], order[1]
    weights = values["weights"][at]
    said = text["alt" if weights[second] >= NAMED else "alt_one"].format(
        t=at + 1,
        letter=best[at],
        p=number(values["probability"][at], 2),
        first=names[first],
        w=number(weights[first], 2),
        second=names[second],
        v=number(weights[second], 2),
    )
    alt = str(model.get("alt") or said)
    marks = ["␣" if one == " " else one for one in tokens_of(inputs["example"])]
    rows = [(text["names"]["written"], text["names"]["probability"], *names)]
    rows += [
        (name, number(p, 2), *(number(weight, 2) for weight in row))
        for name, p, row in zip(best, values["probability"], values["weights"], strict=True)
    ]
    return assembled(text, alt, _squares(marks, best, values["weights"], alt), rows)
