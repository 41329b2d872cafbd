"""Golden values of memory-race: the step functions of ``rnncore`` for cells of one unit."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final

import numpy as np

from rnncore._typing import Array
from rnncore.gru import gru_step
from rnncore.lstm import lstm_step
from rnncore.params import GRUParams, LSTMParams, RNNParams
from rnncore.rnn import rnn_step
from rnnwidgets._recorded import recorded
from rnnwidgets.memory_race import LIMIT, WEIGHTS, MemoryRace
from rnnwidgets.oracles import usual_cases

__all__ = ["EXACT", "SOURCE", "cases", "outputs", "traces"]

SOURCE: Final = "rnncore.rnn.rnn_step, rnncore.gru.gru_step, rnncore.lstm.lstm_step"
EXACT: Final = ()
ZERO: Final = np.zeros((1, 1))


def _column(*values: float) -> Array:
    return np.array(values, dtype=float)[:, None]


def _rnn(xs: Array, w: float) -> list[float]:
    params = RNNParams(_column(WEIGHTS["rnn"]["x"]), _column(w), np.zeros(1), np.zeros(1))
    h, states = ZERO, []
    for x in xs:
        h, _ = rnn_step(x[None, None], h, params)
        states.append(h.item())
    return states


def _gru(xs: Array, b_z: float) -> list[float]:
    weights = WEIGHTS["gru"]
    bias = np.array([0.0, b_z, 0.0])
    x_weights = _column(0.0, weights["z_x"], weights["n_x"])
    params = GRUParams(x_weights, _column(0, 0, 0), bias, np.zeros(3))
    h, states = ZERO, []
    for x in xs:
        h, _ = gru_step(x[None, None], h, params)
        states.append(h.item())
    return states


def _lstm(xs: Array, b_f: float) -> list[float]:
    weights = WEIGHTS["lstm"]
    bias = np.array([weights["i"], b_f, 0.0, weights["o"]])
    x_weights = _column(weights["i_x"], 0.0, weights["g_x"], 0.0)
    params = LSTMParams(x_weights, _column(0, 0, 0, 0), bias, np.zeros(4))
    h, c, states = ZERO, ZERO, []
    for x in xs:
        h, c, _ = lstm_step(x[None, None], h, c, params)
        states.append(c.item())
    return states


RUNS: Final[dict[str, tuple[Callable[[Array, float], list[float]], str]]] = {
    "rnn": (_rnn, "w"),
    "gru": (_gru, "b_z"),
    "lstm": (_lstm, "b_f"),
}


def traces(inputs: Mapping[str, Any], steps: int) -> dict[str, tuple[list[float], list[float]]]:
    """Return for each cell what it holds after every step, and what that is compared with.

    By hand the second is the same cell without the impulse; trained it is the number told.
    """
    data = recorded("memory_race")
    if inputs["cells"] == "trained":
        told = float(inputs["first"])
        row = data["firsts"].index(told)
        said = {name: np.cumsum(data["recall"][name][row])[:steps] / 100 for name in RUNS}
        return {name: (series.tolist(), [told] * steps) for name, series in said.items()}
    blanks = inputs["noise"] * np.array(data["blanks"][:steps])
    found = {}
    for name, (run, weight) in RUNS.items():
        seen, unseen = (
            run(np.concatenate([[first], blanks[1:]]), inputs[weight]) for first in (1.0, 0.0)
        )
        found[name] = (seen, unseen)
    return found


def outputs(inputs: Mapping[str, Any]) -> dict[str, Any]:
    """Run each cell with and without the impulse; or look trained networks up.

    Returns:
        State of each cell after step T, and whether it still knows.
    """
    found = traces(inputs, inputs["T"])
    apart = [abs(seen[-1] - unseen[-1]) >= LIMIT for seen, unseen in found.values()]
    knows = [not far for far in apart] if inputs["cells"] == "trained" else apart
    return {**{name: seen[-1] for name, (seen, _) in found.items()}, "knows": knows}


def cases() -> dict[str, dict[str, Any]]:
    """Return the usual cases, and the figures that the chapter quotes."""
    more = {
        "one": {"T": 1},
        "w_one": {"w": 1.0},
        "half_forgotten": {"b_f": 0.0},
        "noisy": {"noise": 0.2, "T": 60, "w": 1.3},
        "trained_zero": {"cells": "trained", "first": "0", "T": 60},
    }
    return usual_cases(MemoryRace, more, random=16, seed=20260716)
