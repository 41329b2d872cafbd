"""Golden values of sentence-scrubber: ``rnncore.lstm_step`` with gates that take given values."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

import numpy as np

from rnncore.lstm import lstm_step
from rnncore.params import LSTMParams
from rnnwidgets._recorded import recorded
from rnnwidgets.oracles import usual_cases
from rnnwidgets.oracles.lstm_gates import pre_activation
from rnnwidgets.sentence_scrubber import ASKED, WRITTEN, SentenceScrubber

__all__ = ["EXACT", "SOURCE", "cases", "gates_of", "outputs"]

SOURCE: Final = "rnncore.lstm.lstm_step"
EXACT: Final = ()
NUMBERS: Final = {"was": -1.0, "none": 0.0, "were": 1.0}


def gates_of(inputs: Mapping[str, Any]) -> dict[str, Any]:
    """Return i, f and g at every word: those given, or those of the trained network."""
    trained = inputs["gates"] == "trained"
    return recorded("sentence_scrubber") if trained else {**inputs, "g": WRITTEN}


def outputs(inputs: Mapping[str, Any]) -> dict[str, Any]:
    r"""Run ``rnncore.lstm_step`` over the words, with biases that open the gates as wanted.

    .. math:: c_t = f_t c_{t-1} + i_t g_t

    Returns:
        ``c`` after each word, and the verb form that its sign asks for before the main verb.
    """
    source = gates_of(inputs)
    zero = np.zeros((1, 1))
    c, cells = zero, []
    for i, f, g in zip(source["i"], source["f"], source["g"], strict=True):
        opened = {"i": i, "f": f, "g": g, "o": 0.5}
        bias = np.array([pre_activation(gate, value) for gate, value in opened.items()])
        params = LSTMParams(np.zeros((4, 1)), np.zeros((4, 1)), bias, np.zeros(4))
        _, c, _ = lstm_step(zero, zero, c, params)
        cells.append(c.item())
    sign = float(np.sign(cells[ASKED - 1]))
    answer = next(name for name, number in NUMBERS.items() if number == sign)
    return {"c": cells, "c_t": cells[inputs["t"] - 1], "answer": answer}


def cases() -> dict[str, dict[str, Any]]:
    """Return the usual cases, and one in which the memory is empty before the verb."""
    more = {"forgotten": {"f": [0.95] * 5 + [0.0] + [0.95] * 2, "i": [0.05] * 4 + [0.0] * 4}}
    return usual_cases(SentenceScrubber, more, random=12, seed=20260715)
