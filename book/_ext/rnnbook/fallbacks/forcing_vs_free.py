"""Fallback of forcing-vs-free: what two decoders read and wrote, or two forecasts of a number."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from docutils import nodes

from rnnbook.fallbacks._pieces import (
    Bar,
    assembled,
    bars,
    drawing,
    messages,
    number,
    start_values,
)
from rnnwidgets import ForcingVsFree
from rnnwidgets.forcing_vs_free import word
from rnnwidgets.oracles.forcing_vs_free import outputs

START: Final = "▸"
COLUMN: Final = 40
BOX: Final = 26
ROW: Final = 44
HEAD: Final = 22
BAR_PIXELS: Final = 60


def _box(letter: str, column: int, row: int, *, wrong: bool) -> str:
    x, y = COLUMN * column + COLUMN // 2, HEAD + ROW * row
    width, dash = (3, "4 2") if wrong else (1, "")
    return (
        f'<rect x="{x - BOX // 2}" y="{y}" width="{BOX}" height="{BOX}" rx="5" fill="none" '
        f'stroke="currentColor" stroke-width="{width}" stroke-dasharray="{dash}"/>'
        f'<text x="{x}" y="{y + 18}" font-family="monospace">{letter}</text>'
    )


def _letters(inputs: Mapping[str, Any], text: Mapping[str, Any], alt: str) -> nodes.Node:
    """Draw three rows: told, right, on its own; wrong letters in thick broken boxes."""
    right, forced, free = word(inputs["length"], inputs["n"])
    rows = ((text["who"]["forced"], forced), (text["truth"], right), (text["who"]["free"], free))
    parts = []
    for row, (name, letters) in enumerate(rows):
        middle = HEAD + ROW * row + 18
        parts.append(f'<text x="0" y="{middle}" text-anchor="start">{name}</text>')
        for at, letter in enumerate(letters):
            parts.append(_box(letter, at + 3, row, wrong=letter != right[at]))
    return drawing(COLUMN * (len(right) + 3) + 8, HEAD + ROW * len(rows), parts, alt)


def _sentence(inputs: Mapping[str, Any], values: Mapping[str, Any], text: Mapping[str, Any]) -> str:
    if inputs["view"] == "line":
        errors = {name: number(values[name], 3) for name in ("forced_error", "free_error")}
        return str(text["alt_line"].format(t=inputs["t"], **errors))
    t = min(inputs["t"], int(inputs["length"]))
    parted = values["split"] and t >= values["split"]
    return str(text["alt" if parted else "alt_same"].format(**{**values, "t": t}))


def fallback(model: Mapping[str, Any]) -> list[nodes.Node]:
    """Return the sentence, the letters or the errors, and the table of a page's start values."""
    text = messages("forcing_vs_free")
    inputs = start_values(ForcingVsFree, model)
    values = outputs(inputs)
    alt = str(model.get("alt") or _sentence(inputs, values, text))
    if inputs["view"] == "line":
        names = {"y": "c", "forced_error": "h", "free_error": "f"}
        shown = [Bar(text["names"][name], names[name], values[name]) for name in names]
        reach = max(1.0, *(abs(bar.value) for bar in shown))
        rows = [(text["table_name"], text["table_value"])]
        rows += [(text["names"][name], number(values[name], 4)) for name in names]
        return assembled(text, alt, bars(shown, alt, reach=reach, unit=BAR_PIXELS / reach), rows)
    right, forced, free = word(inputs["length"], inputs["n"])
    head = (text["names"]["t"], text["column_right"], text["column_forced"], text["column_free"])
    steps = zip(
        right, START + right, forced, START + free, free, strict=False
    )  # each decoder reads what stands one step earlier
    body = [
        (str(at), letter, f"{told} → {wrote}", f"{own} → {said}")
        for at, (letter, told, wrote, own, said) in enumerate(steps, start=1)
    ]
    return assembled(text, alt, _letters(inputs, text, alt), [head, *body])
