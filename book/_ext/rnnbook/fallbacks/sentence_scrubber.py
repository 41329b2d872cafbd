"""Fallback of sentence-scrubber: the memory after every word of the sentence."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from docutils import nodes

from rnnbook.fallbacks._pieces import Bar, assembled, bars, messages, number
from rnnwidgets import SentenceScrubber
from rnnwidgets.oracles.sentence_scrubber import gates_of, outputs
from rnnwidgets.sentence_scrubber import ASKED, TOKENS

REACH: Final = {"hand": 1, "trained": 4}
PIXELS: Final = 60


def fallback(model: Mapping[str, Any]) -> list[nodes.Node]:
    """Return the sentence, the memory as bars and the table for the start values of a page."""
    text = messages("sentence_scrubber")
    inputs = {name: model.get(name, value) for name, value in SentenceScrubber.defaults().items()}
    gates, values = gates_of(inputs), outputs(inputs)
    cells, at = values["c"], inputs["t"] - 1
    words = {
        "t": inputs["t"],
        "word": TOKENS[at],
        "i": number(gates["i"][at], 2),
        "f": number(gates["f"][at], 2),
        "before": number(cells[at - 1] if at else 0.0, 2),
        "now": number(cells[at], 2),
        "asked": number(cells[ASKED - 1], 2),
    }
    said = f"{text['at']} {text['said'][values['answer']]}".format(**words)
    alt = str(model.get("alt") or said)
    reach = REACH[inputs["gates"]]
    shown = [Bar(word, "c", c) for word, c in zip(TOKENS, cells, strict=True)]
    columns = zip(TOKENS, gates["i"], gates["f"], gates["g"], cells, strict=True)
    rows = [[text["names"]["t"], "i", "f", "g", "c"]]
    rows += [[word, *(number(value, 4) for value in numbers)] for word, *numbers in columns]
    return assembled(text, alt, bars(shown, alt, reach=reach, unit=PIXELS / reach), rows)
