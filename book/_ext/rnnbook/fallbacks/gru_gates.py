"""Fallback of gru-gates: the unit at the start of the sliders."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from docutils import nodes

from rnnbook.fallbacks._pieces import Bar, assembled, bars, messages, number, start_values
from rnnwidgets import GRUGates
from rnnwidgets.oracles.gru_gates import outputs

BARS: Final = {
    "h_prev": "h",
    "x": "o",
    "past": "i",
    "n": "g",
    "kept": "f",
    "written": "g",
    "h": "h",
}
SYMBOLS: Final = {"h_prev": "h prev", "b_hn": "b hn", "hidden_size": "H"}
COUNTS: Final = frozenset({"hidden_size", "gru_numbers", "lstm_numbers"})
REACH: Final = 2.0


def _printed(text: Mapping[str, Any], name: str, value: Any) -> str:
    if name in COUNTS:
        return str(value)
    return text["choices"][name][value] if isinstance(value, str) else number(value, 4)


def fallback(model: Mapping[str, Any]) -> list[nodes.Node]:
    """Return the sentence, the bars and the table for the start values of a page."""
    text = messages("gru_gates")
    inputs = start_values(GRUGates, model)
    values = inputs | outputs(inputs)
    shares = {name: number(100 * values[name], 0) for name in ("keep", "write")}
    states = {name: number(values[name], 2) for name in ("h_prev", "h")}
    alt = model.get("alt") or text["alt"].format(**shares, **states)
    shown = [Bar(SYMBOLS.get(name, name), colour, values[name]) for name, colour in BARS.items()]
    rows = [(text["table_name"], text["table_symbol"], text["table_value"])]
    rows += [
        (text["names"][name], SYMBOLS.get(name, name), _printed(text, name, value))
        for name, value in values.items()
    ]
    return assembled(text, alt, bars(shown, alt, REACH), rows)
