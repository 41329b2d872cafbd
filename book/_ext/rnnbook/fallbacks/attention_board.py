"""Fallback of attention-board: scores, weights and context at the start."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from docutils import nodes

from rnnbook.fallbacks._pieces import Bar, assembled, bars, messages, number, start_values
from rnnwidgets import AttentionBoard
from rnnwidgets.attention_board import POSITIONS
from rnnwidgets.oracles.attention_board import outputs

#: Pixels for a weight of 1.
UNIT: Final = 90


def _sentence(text: Mapping[str, Any], values: Mapping[str, Any]) -> str:
    order = sorted(POSITIONS, key=lambda at: -values["weights"][at - 1])
    items = [
        text["item"].format(at=at, weight=number(values["weights"][at - 1], 2)) for at in order
    ]
    x, y = (number(side, 2) for side in values["context"])
    filled: str = text["alt"].format(
        list=", ".join(items), x=x, y=y, bits=number(values["entropy"], 2)
    )
    return filled


def _rows(text: Mapping[str, Any], values: Mapping[str, Any]) -> list[tuple[str, ...]]:
    columns = ("column_position", "column_key", "column_score", "column_weight")
    rows: list[tuple[str, ...]] = [tuple(text[name] for name in columns)]
    for at in POSITIONS:
        x, y = (number(values[f"k{at}_{axis}"], 2) for axis in "xy")
        score, weight = (number(values[name][at - 1], 4) for name in ("scores", "weights"))
        rows.append((str(at), f"({x}, {y})", score, weight))
    x, y = (number(side, 4) for side in values["context"])
    rows.append((text["context"], f"({x}, {y})", "", number(values["total"], 4)))
    return rows


def fallback(model: Mapping[str, Any]) -> list[nodes.Node]:
    """Return the sentence, the weights as bars and the table for the start of a page."""
    text = messages("attention_board")
    inputs = start_values(AttentionBoard, model)
    values = inputs | outputs(inputs)
    alt = model.get("alt") or _sentence(text, values)
    weights = [Bar(str(at), "i", values["weights"][at - 1]) for at in POSITIONS]
    return assembled(text, alt, bars(weights, alt, 1, UNIT, depth=0), _rows(text, values))
