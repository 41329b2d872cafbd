"""Golden values of lstm-gates: one step of ``rnncore`` whose gates take given values."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

import numpy as np

from rnncore.lstm import lstm_gates, lstm_step
from rnncore.params import LSTMParams
from rnnwidgets.lstm_gates import LSTMGates
from rnnwidgets.oracles import usual_cases

__all__ = ["EXACT", "SOURCE", "cases", "outputs", "pre_activation"]

SOURCE: Final = "rnncore.lstm.lstm_step"
EXACT: Final = ("k", "j", "c")
#: Pre-activation at which sigmoid and tanh are exactly 0, 1 or -1 in float64.
SATURATED: Final = 40.0


def pre_activation(gate: str, value: float) -> float:
    """Return the number whose sigmoid (tanh for ``g``) is the wanted gate value."""
    tanh_value = value if gate == "g" else 2.0 * value - 1.0
    if abs(tanh_value) == 1.0:
        return float(np.copysign(SATURATED, tanh_value))
    return float(np.arctanh(tanh_value)) * (1.0 if gate == "g" else 2.0)


def outputs(inputs: Mapping[str, Any]) -> dict[str, float]:
    r"""Run ``rnncore.lstm_step`` with biases chosen so that the gates take given values.

    .. math:: k = f c_{prev}, \quad j = i g, \quad c = k + j, \quad h = o \tanh c

    Args:
        inputs: Values of ``f``, ``i``, ``g``, ``o`` (gates) and ``c_prev``.

    Returns:
        The values ``k``, ``j``, ``c``, ``tanh_c`` and ``h``.

    >>> round(outputs({"f": 0.9, "i": 0.5, "g": 0.8, "o": 0.7, "c_prev": 1.0})["c"], 12)
    1.3
    """
    bias = np.array([pre_activation(gate, inputs[gate]) for gate in "ifgo"])
    params = LSTMParams(np.zeros((4, 1)), np.zeros((4, 1)), bias, np.zeros(4))
    x = np.zeros((1, 1))
    h_prev = np.zeros((1, 1))
    c_prev = np.array([[inputs["c_prev"]]], dtype=float)
    gates = lstm_gates(x, h_prev, params)
    h, c, _ = lstm_step(x, h_prev, c_prev, params)
    arrays = {"k": gates.f * c_prev, "j": gates.i * gates.g, "c": c, "tanh_c": np.tanh(c), "h": h}
    return {name: array.item() for name, array in arrays.items()}


def cases() -> dict[str, dict[str, Any]]:
    """Return the usual cases, and one in which kept and written cancel."""
    more = {"cancel": {"f": 0.5, "i": 1.0, "g": -0.5, "c_prev": 1.0}}
    return usual_cases(LSTMGates, more, random=40, seed=20260714)
