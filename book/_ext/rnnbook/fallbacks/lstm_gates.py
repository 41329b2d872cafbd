"""Fallback of lstm-gates: the cell at the start of the sliders."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from docutils import nodes

from rnnbook.fallbacks._pieces import Bar, assembled, bars, messages, number
from rnnwidgets import LSTMGates
from rnnwidgets.oracles.lstm_gates import outputs

BARS: Final = {"c_prev": "c", "k": "f", "j": "i", "c": "c", "tanh_c": "c", "h": "h"}
SYMBOLS: Final = {"c_prev": "c prev", "tanh_c": "tanh c"}


def fallback(model: Mapping[str, Any]) -> list[nodes.Node]:
    """Return the sentence, the bars and the table for the start values of a page."""
    text = messages("lstm_gates")
    inputs = {name: float(model.get(name, value)) for name, value in LSTMGates.defaults().items()}
    values = inputs | outputs(inputs)
    printed = {name: number(value, 2) for name, value in values.items()}
    alt = model.get("alt") or text["alt"].format(**printed)
    shown = [Bar(SYMBOLS.get(name, name), colour, values[name]) for name, colour in BARS.items()]
    rows = [(text["table_name"], text["table_symbol"], text["table_value"])]
    rows += [
        (text["names"][name], SYMBOLS.get(name, name), number(value, 4))
        for name, value in values.items()
    ]
    return assembled(text, alt, bars(shown, alt), rows)
