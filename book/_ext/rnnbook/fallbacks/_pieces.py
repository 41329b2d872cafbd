"""Pieces of fallbacks: messages, printed numbers, tables, bars, curves."""

from __future__ import annotations

import json
import math
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any, Final, NamedTuple

from docutils import nodes

import rnnwidgets
from rnnbook.figures import inline_svg
from rnnwidgets import CourseWidget

MESSAGES: Final = Path(rnnwidgets.__file__).parent / "messages" / "en"
PIXELS_PER_UNIT: Final = 24
COLUMN: Final = 84
BAR_WIDTH: Final = 36
HEAD: Final = 20


SUPERSCRIPTS: Final = str.maketrans("0123456789-", "⁰¹²³⁴⁵⁶⁷⁸⁹⁻")


class Bar(NamedTuple):
    """One bar: its symbol, the letter of its colour (i, f, g, o, c, h) and its value."""

    symbol: str
    colour: str
    value: float


def messages(module: str) -> dict[str, Any]:
    """Return what readers of a widget see, with the words all widgets share."""
    text: dict[str, Any] = {}
    for name in ("frame", module):
        text |= json.loads((MESSAGES / f"{name}.json").read_text(encoding="utf-8"))
    return text


def number(value: float, digits: int) -> str:
    """Return a number with a real minus sign, and never "-0.00".

    >>> number(-0.25, 2), number(-0.001, 2)
    ('−0.25', '0.00')
    """
    text = f"{value:.{digits}f}"
    return text.replace("-", "" if float(text) == 0 else "\N{MINUS SIGN}")


def scientific(value: float, figures: int) -> str:
    """Return a number with the figures that count, whatever its size.

    >>> scientific(0.12158, 2), scientific(3325.26, 4), scientific(9.5367e-7, 3)
    ('0.12', '3325', '9.54 × 10⁻⁷')
    """
    if value == 0:
        return "0"
    exponent = math.floor(math.log10(abs(value)))
    if -3 <= exponent < max(figures, 4):
        return number(value, max(0, figures - 1 - exponent))
    digits, _, power = f"{value:.{figures - 1}e}".partition("e")
    return f"{digits} × 10{str(int(power)).translate(SUPERSCRIPTS)}".replace("-", "\N{MINUS SIGN}")


def start_values(widget: type[CourseWidget], model: Mapping[str, Any]) -> dict[str, Any]:
    """Return the inputs at the start of a page: the body's, else the widget's own."""
    return {name: model.get(name, value) for name, value in widget.defaults().items()}


def table(rows: Sequence[Sequence[str]]) -> nodes.table:
    """Return a table whose first row is the head."""

    def row(cells: Sequence[str]) -> nodes.row:
        return nodes.row("", *(nodes.entry("", nodes.paragraph(text=cell)) for cell in cells))

    group = nodes.tgroup("", *(nodes.colspec(colwidth=20) for _ in rows[0]), cols=len(rows[0]))
    group += nodes.thead("", row(rows[0]))
    group += nodes.tbody("", *(row(cells) for cells in rows[1:]))
    return nodes.table("", group)


def drawing(width: float, height: float, parts: Iterable[str], alt: str) -> nodes.Node:
    """Return an SVG of this size, made of elements written as text."""
    return inline_svg(
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width:g} {height:g}" '
        f'class="afm-bars" style="max-width:{width:g}px" font-size="14" text-anchor="middle" '
        f'fill="currentColor">{"".join(parts)}</svg>',
        alt,
    )


def _bar(bar: Bar, column: int, zero: float, bottom: float, unit: float) -> str:
    x = COLUMN * column + COLUMN // 2
    height = abs(bar.value) * unit
    top = zero - height if bar.value >= 0 else zero
    return (
        f'<rect x="{x - BAR_WIDTH // 2}" y="{top:.1f}" width="{BAR_WIDTH}" height="{height:.1f}" '
        f'fill="var(--rnn-gate-{bar.colour})" stroke="currentColor"/>'
        f'<text x="{x}" y="14">{bar.symbol}</text>'
        f'<text x="{x}" y="{bottom + 16:g}">{number(bar.value, 2)}</text>'
    )


def bars(
    values: Sequence[Bar],
    alt: str,
    reach: float = 3,
    unit: float = PIXELS_PER_UNIT,
    depth: float | None = None,
) -> nodes.Node:
    """Return bars on one scale with symbols and numbers.

    Args:
        values: The bars, from left to right.
        alt: One sentence that says what they show.
        reach: Largest value.
        unit: Pixels for 1.
        depth: Size of the smallest value below zero; ``reach`` if it is not given.
    """
    zero = HEAD + reach * unit
    bottom = zero + (reach if depth is None else depth) * unit
    width = COLUMN * len(values)
    parts = [_bar(bar, at, zero, bottom, unit) for at, bar in enumerate(values)]
    line = f'<path d="M0 {zero:g}H{width}" stroke="currentColor"/>'
    return drawing(width, bottom + 26, [*parts, line], alt)


def assembled(
    text: Mapping[str, Any], alt: str, picture: nodes.Node, rows: Sequence[Sequence[str]]
) -> list[nodes.Node]:
    """Return title, sentence, picture and table, the parts of every fallback."""
    title = nodes.paragraph("", "", nodes.strong(text=text["title"]))
    return [title, nodes.paragraph(text=alt), picture, table(rows)]
