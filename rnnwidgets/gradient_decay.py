"""How much of a gradient arrives after many steps, as a notebook widget."""

from __future__ import annotations

import math
from itertools import accumulate
from operator import mul
from typing import Any, ClassVar

from rnnwidgets._inputs import Choice, Number, Result
from rnnwidgets._widget import CourseWidget, Presets, bundle

__all__ = ["GradientDecay", "decay"]


def _slopes(T: int, w: float, cell: str) -> list[float]:
    if cell == "linear":
        return [w] * T
    slopes = []
    h = math.tanh(1.0)
    for _ in range(T):
        h = math.tanh(w * h)
        slopes.append(w * (1 - h * h))
    return slopes


def decay(T: int, f: float, w: float, cell: str) -> dict[str, Any]:
    r"""Multiply the factors a gradient meets on its way back, one per step.

    .. math:: \frac{\partial c_T}{\partial c_{T-k}} = f^k, \quad
        \frac{\partial h_T}{\partial h_{T-k}} = \prod_{t=T-k+1}^{T} w\,(1 - h_t^2)

    Args:
        T: Number of steps.
        f: Forget gate of the LSTM, the same at every step.
        w: Recurrent weight of an RNN of one unit without input, from h_0 = tanh 1.
        cell: "tanh", or "linear" for an RNN without tanh, whose factors are all ``w``.

    Returns:
        Lists ``lstm`` and ``rnn`` with k from 0 to T; ``lstm_end`` and ``rnn_end``, their last
        items; ``rnn_factor``, the geometric mean of the RNN's factors; ``half_life`` of the cell
        path in steps, None for f = 1.

    Source:
        ``rnncore.lstm.lstm_step_backward`` and ``rnncore.rnn.rnn_step_backward``.

    >>> round(decay(T=20, f=0.9, w=0.9, cell="tanh")["rnn_end"], 4)
    0.0275
    """
    lstm = list(accumulate([f] * T, mul, initial=1.0))
    rnn = list(accumulate(reversed(_slopes(T, w, cell)), mul, initial=1.0))
    return {
        "lstm": lstm,
        "rnn": rnn,
        "lstm_end": lstm[-1],
        "rnn_end": rnn[-1],
        "rnn_factor": rnn[-1] ** (1 / T),
        "half_life": math.log(0.5) / math.log(f) if f < 1 else None,
    }


class GradientDecay(CourseWidget):
    r"""The gradient on its way back through time: a product of factors.

    .. math:: \frac{\partial c_T}{\partial c_0} = f^T, \quad
        \frac{\partial h_T}{\partial h_0} = \prod_{t=1}^{T} w\,(1 - h_t^2)

    Args:
        T: Number of steps, from 1 to 100.
        f: Forget gate, from 0.5 to 1.
        w: Recurrent weight of the RNN, from 0.2 to 2.
        cell: "tanh" or "linear".

    Results are ``lstm`` and ``rnn`` (by number of steps back), ``lstm_end``, ``rnn_end``,
    ``rnn_factor`` and ``half_life``.

    Raises:
        traitlets.TraitError: "expected T a whole number from 1 to 100, got 0".

    >>> round(GradientDecay(f=0.99).half_life, 1)
    69.0
    """

    _esm = bundle("gradient_decay")
    PRESETS: ClassVar[Presets] = {
        "halves": {"T": 20, "f": 0.5},
        "keeps": {"T": 20, "f": 0.99},
        "explodes": {"T": 20, "w": 1.5, "cell": "linear"},
        "saturates": {"T": 20, "w": 1.5, "cell": "tanh"},
    }

    T = Number(1, 100, 20, whole=True)
    f = Number(0.5, 1, 0.9)
    w = Number(0.2, 2, 0.9)
    cell = Choice("linear", "tanh")

    lstm = Result()
    rnn = Result()
    lstm_end = Result()
    rnn_end = Result()
    rnn_factor = Result()
    half_life = Result()

    compute = staticmethod(decay)
