"""Golden values of gradient-decay: the backward steps of ``rnncore``, one after the other."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

import numpy as np

from rnncore.lstm import lstm_step, lstm_step_backward
from rnncore.params import LSTMParams, RNNParams
from rnncore.rnn import rnn_step, rnn_step_backward
from rnnwidgets.gradient_decay import GradientDecay
from rnnwidgets.oracles import usual_cases

__all__ = ["EXACT", "SOURCE", "cases", "outputs"]

SOURCE: Final = "rnncore.lstm.lstm_step_backward, rnncore.rnn.rnn_step_backward"
EXACT: Final = ()
#: Pre-activation at which a sigmoid is exactly 1 in float64.
SATURATED: Final = 40.0
ONE: Final = np.ones((1, 1))


def _cell_path(T: int, f: float) -> list[float]:
    """Carry dc = 1 back through T steps whose gates do not depend on the state."""
    forget = SATURATED if f == 1 else float(np.log(f / (1 - f)))
    bias = np.array([0.0, forget, 0.0, 0.0])
    params = LSTMParams(np.zeros((4, 1)), np.zeros((4, 1)), bias, np.zeros(4))
    h, c, caches = ONE, ONE, []
    for _ in range(T):
        h, c, cache = lstm_step(0 * ONE, h, c, params)
        caches.append(cache)
    path = [ONE]
    for cache in reversed(caches):
        path.append(lstm_step_backward(0 * ONE, path[-1], cache, params)[2])
    return [dc.item() for dc in path]


def _recurrent_path(T: int, w: float, cell: str) -> list[float]:
    """Carry dh = 1 back through T steps of an RNN with one unit.

    At h = 0 the slope of tanh is 1: there the RNN is linear.
    """
    params = RNNParams(np.zeros((1, 1)), np.array([[w]], dtype=float), np.zeros(1), np.zeros(1))
    h = 0 * ONE if cell == "linear" else np.tanh(ONE)
    caches = []
    for _ in range(T):
        h, cache = rnn_step(0 * ONE, h, params)
        caches.append(cache)
    path = [ONE]
    for cache in reversed(caches):
        path.append(rnn_step_backward(path[-1], cache, params)[1])
    return [dh.item() for dh in path]


def outputs(inputs: Mapping[str, Any]) -> dict[str, Any]:
    """Return the factors on the gradient by the number of steps back.

    Args:
        inputs: Values of ``T``, ``f``, ``w`` and ``cell``.

    Returns:
        The results of ``GradientDecay``.

    >>> round(outputs({"T": 20, "f": 0.9, "w": 0.9, "cell": "linear"})["rnn_end"], 4)
    0.1216
    """
    T, f = inputs["T"], inputs["f"]
    lstm = _cell_path(T, f)
    rnn = _recurrent_path(T, inputs["w"], inputs["cell"])
    half_life = float(np.log(0.5) / np.log(f)) if f < 1 else None
    factor = float(np.exp(np.log(rnn[-1]) / T))
    return {
        "lstm": lstm,
        "rnn": rnn,
        "lstm_end": lstm[-1],
        "rnn_end": rnn[-1],
        "rnn_factor": factor,
        "half_life": half_life,
    }


def cases() -> dict[str, dict[str, Any]]:
    """Return the usual cases and the numbers of the chapter."""
    more = {
        "seven_halvings": {"T": 7, "f": 0.5},
        "longest": {"T": 100, "f": 0.99, "w": 1.1, "cell": "tanh"},
        "strongest_saturation": {"T": 60, "w": 2, "cell": "tanh"},
    }
    return usual_cases(GradientDecay, more, random=12, seed=20260715)
