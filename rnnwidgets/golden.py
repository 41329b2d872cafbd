"""Golden values: what ``rnncore`` computes for the inputs of each widget.

``python -m rnnwidgets.golden`` writes ``rnnwidgets/golden/lstm_gates.json``. The JavaScript
and the Python arithmetic of the widget are tested against that file.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Final

import numpy as np

from rnncore.lstm import lstm_gates, lstm_step
from rnncore.params import LSTMParams
from rnnwidgets.lstm_gates import DEFAULTS, INPUT_RANGES

__all__ = ["cell_values", "golden_text"]

GOLDEN_PATH: Final = Path(__file__).parent / "golden" / "lstm_gates.json"
#: Pre-activation at which sigmoid and tanh are exactly 0, 1 or -1 in float64.
SATURATED: Final = 40.0
RANDOM_CASES: Final = 40

PRESETS: Final[dict[str, dict[str, float]]] = {
    "keep": {"f": 1.0, "i": 0.0},
    "overwrite": {"f": 0.0, "i": 1.0},
    "count": {"f": 1.0, "i": 1.0},
    "hide": {"o": 0.0},
}


def _pre_activation(gate: str, value: float) -> float:
    """Return the number whose sigmoid (tanh for ``g``) is the wanted gate value."""
    tanh_value = value if gate == "g" else 2.0 * value - 1.0
    if abs(tanh_value) == 1.0:
        return float(np.copysign(SATURATED, tanh_value))
    return float(np.arctanh(tanh_value)) * (1.0 if gate == "g" else 2.0)


def cell_values(inputs: Mapping[str, float]) -> dict[str, float]:
    r"""Run ``rnncore.lstm_step`` with biases chosen so that the gates take given values.

    .. math:: k = f c_{prev}, \quad j = i g, \quad c = k + j, \quad h = o \tanh c

    Args:
        inputs: Values of ``f``, ``i``, ``g``, ``o`` (gates) and ``c_prev``.

    Returns:
        The values ``k``, ``j``, ``c``, ``tanh_c`` and ``h``.

    >>> round(cell_values({"f": 0.9, "i": 0.5, "g": 0.8, "o": 0.7, "c_prev": 1.0})["c"], 12)
    1.3
    """
    bias = np.array([_pre_activation(gate, inputs[gate]) for gate in "ifgo"])
    params = LSTMParams(np.zeros((4, 1)), np.zeros((4, 1)), bias, np.zeros(4))
    x = np.zeros((1, 1))
    h_prev = np.zeros((1, 1))
    c_prev = np.array([[inputs["c_prev"]]])
    gates = lstm_gates(x, h_prev, params)
    h, c, _ = lstm_step(x, h_prev, c_prev, params)
    arrays = {"k": gates.f * c_prev, "j": gates.i * gates.g, "c": c, "tanh_c": np.tanh(c), "h": h}
    return {name: array.item() for name, array in arrays.items()}


def _inputs() -> dict[str, dict[str, float]]:
    cases = {"defaults": dict(DEFAULTS)}
    cases |= {name: DEFAULTS | changes for name, changes in PRESETS.items()}
    cases["all_low"] = {name: low for name, (low, _) in INPUT_RANGES.items()}
    cases["all_high"] = {name: high for name, (_, high) in INPUT_RANGES.items()}
    cases["cancel"] = DEFAULTS | {"f": 0.5, "i": 1.0, "g": -0.5, "c_prev": 1.0}
    rng = np.random.default_rng(20260714)
    for number in range(RANDOM_CASES):
        cases[f"random_{number:02d}"] = {
            name: round(float(rng.uniform(low, high)), 6)
            for name, (low, high) in INPUT_RANGES.items()
        }
    return cases


def golden_text() -> str:
    """Return the golden file as text: every case with inputs and expected results."""
    cases = [
        {"name": name, "inputs": inputs, "outputs": cell_values(inputs)}
        for name, inputs in _inputs().items()
    ]
    return json.dumps({"source": "rnncore.lstm.lstm_step", "cases": cases}, indent=1) + "\n"


if __name__ == "__main__":
    GOLDEN_PATH.write_text(golden_text(), encoding="utf-8")
