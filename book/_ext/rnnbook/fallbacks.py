"""What stands in place of a widget without JavaScript, in print and in the search index.

The numbers come from ``rnncore``, for the same start values as the widget's.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

from docutils import nodes

import rnnwidgets
from rnnbook.figures import inline_svg
from rnnwidgets.golden import cell_values
from rnnwidgets.lstm_gates import DEFAULTS, INPUT_RANGES

MESSAGES: Final = Path(rnnwidgets.__file__).parent / "messages" / "en.json"
#: Keys every widget understands besides its own inputs.
GENERAL_KEYS: Final = frozenset({"id", "alt"})
#: Input names and ranges by module, for checking bodies and links.
RANGES: Final[dict[str, Mapping[str, tuple[float, float]]]] = {"lstm_gates": INPUT_RANGES}

BARS: Final = ("c_prev", "k", "j", "c", "tanh_c", "h")
SYMBOLS: Final = {"c_prev": "c prev", "tanh_c": "tanh c"}
COLOURS: Final = {"c_prev": "c", "k": "f", "j": "i", "c": "c", "tanh_c": "c", "h": "h"}
PIXELS_PER_UNIT: Final = 24
COLUMN: Final = 84
ZERO: Final = 92


def check_value(stem: str, name: str, value: object) -> None:
    """Refuse a start value the widget would not take.

    Raises:
        ValueError: "expected f from 0 to 1, got 2".
    """
    ranges = RANGES.get(stem)
    if ranges is None or name in GENERAL_KEYS:
        return
    if name not in ranges:
        raise ValueError(f"expected one of {', '.join(ranges)}, got {name!r}")
    low, high = ranges[name]
    if isinstance(value, bool) or not isinstance(value, int | float) or not low <= value <= high:
        raise ValueError(f"expected {name} from {low:g} to {high:g}, got {value!r}")


def _number(value: float, digits: int) -> str:
    text = f"{value:.{digits}f}"
    return text.replace("-", "" if float(text) == 0 else "\N{MINUS SIGN}")


def _bar(name: str, value: float, column: int) -> str:
    x = COLUMN * column + COLUMN // 2
    height = abs(value) * PIXELS_PER_UNIT
    top = ZERO - height if value >= 0 else ZERO
    return (
        f'<rect x="{x - 18}" y="{top:.1f}" width="36" height="{height:.1f}" '
        f'fill="var(--rnn-gate-{COLOURS[name]})" stroke="currentColor"/>'
        f'<text x="{x}" y="14">{SYMBOLS.get(name, name)}</text>'
        f'<text x="{x}" y="180">{_number(value, 2)}</text>'
    )


def _bars(values: Mapping[str, float], alt: str) -> nodes.Node:
    width = COLUMN * len(BARS)
    bars = "".join(_bar(name, values[name], column) for column, name in enumerate(BARS))
    svg = (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} 190" class="afm-bars" '
        f'style="max-width:{width}px" font-size="14" text-anchor="middle" fill="currentColor">'
        f'{bars}<path d="M0 {ZERO}H{width}" stroke="currentColor"/></svg>'
    )
    return inline_svg(svg, alt)


def _table(rows: list[tuple[str, ...]]) -> nodes.table:
    """Return a table whose first row is the head."""

    def row(cells: tuple[str, ...]) -> nodes.row:
        return nodes.row("", *(nodes.entry("", nodes.paragraph(text=cell)) for cell in cells))

    group = nodes.tgroup("", *(nodes.colspec(colwidth=20) for _ in rows[0]), cols=len(rows[0]))
    group += nodes.thead("", row(rows[0]))
    group += nodes.tbody("", *(row(cells) for cells in rows[1:]))
    return nodes.table("", group)


def _lstm_gates(model: Mapping[str, Any]) -> list[nodes.Node]:
    text = json.loads(MESSAGES.read_text(encoding="utf-8"))["lstm_gates"]
    inputs = {name: float(model.get(name, default)) for name, default in DEFAULTS.items()}
    values = inputs | cell_values(inputs)
    alt = model.get("alt") or text["alt"].format(
        **{name: _number(value, 2) for name, value in values.items()}
    )
    head = (text["table_name"], text["table_symbol"], text["table_value"])
    rows = [
        (text["names"][name], SYMBOLS.get(name, name), _number(value, 4))
        for name, value in values.items()
    ]
    return [
        nodes.paragraph("", "", nodes.strong(text=text["title"])),
        nodes.paragraph(text=alt),
        _bars(values, alt),
        _table([head, *rows]),
    ]


def fallback_for(stem: str, model: Mapping[str, Any]) -> list[nodes.Node]:
    """Return nodes that say what the widget shows at its start values.

    Args:
        stem: Name of the widget's module without suffix.
        model: The JSON body of the directive.

    Raises:
        ValueError: A start value is unknown or out of range, or there is no text to show.
    """
    for name, value in model.items():
        check_value(stem, name, value)
    if stem == "lstm_gates":
        return _lstm_gates(model)
    if not model.get("alt"):
        raise ValueError(f'expected "alt" in the body, because {stem} has no computed fallback')
    return [nodes.paragraph(text=str(model["alt"]))]
