"""Golden values of gru-gates: one step of ``rnncore`` whose gates take given values."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

import numpy as np

from rnncore.gru import gru_step
from rnncore.params import GRUParams, init_gru, init_lstm
from rnnwidgets.gru_gates import GRUGates
from rnnwidgets.oracles import usual_cases

__all__ = ["EXACT", "SOURCE", "cases", "outputs"]

SOURCE: Final = "rnncore.gru.gru_step"
EXACT: Final = ("past", "keep", "write", "kept", "gru_numbers", "lstm_numbers")
#: Pre-activation at which a sigmoid is exactly 0 or 1 in float64.
SATURATED: Final = 40.0


def _pre_activation(gate: float) -> float:
    if gate in {0, 1}:
        return SATURATED if gate else -SATURATED
    return float(2.0 * np.arctanh(2.0 * gate - 1.0))


def _learned(size: int) -> dict[str, int]:
    rng = np.random.default_rng(0)
    return {
        f"{name}_numbers": sum(part.size for part in init(size, size, rng))
        for name, init in (("gru", init_gru), ("lstm", init_lstm))
    }


def outputs(inputs: Mapping[str, Any]) -> dict[str, Any]:
    """Run ``rnncore.gru_step`` with biases chosen so that the gates take given values.

    In ``rnncore`` z keeps. Under the other convention the same step has the gate 1 - z.

    Args:
        inputs: The inputs of ``GRUGates``.

    Returns:
        Its results.

    >>> start = GRUGates.defaults()
    >>> [round(outputs(start | {"convention": name})["h"], 4) for name in ("keep", "write")]
    [0.7749, 0.7414]
    """
    z = inputs["z"] if inputs["convention"] == "keep" else 1 - inputs["z"]
    bias_ih = np.array([_pre_activation(inputs["r"]), _pre_activation(z), 0.0])
    bias_hh = np.array([0.0, 0.0, inputs["b_hn"]])
    only_n = np.array([[0.0], [0.0], [1.0]])
    params = GRUParams(only_n, only_n, bias_ih, bias_hh)
    x, h_prev = (np.array([[inputs[name]]], dtype=float) for name in ("x", "h_prev"))
    h, cache = gru_step(x, h_prev, params, inputs["reset"])
    # What the cache calls read is h_n or r * h_prev, by the place of the gate.
    past = cache.r * cache.read if inputs["reset"] == "after" else cache.read + inputs["b_hn"]
    arrays = {
        "past": past,
        "n": cache.n,
        "keep": cache.z,
        "write": 1 - cache.z,
        "kept": cache.z * h_prev,
        "written": (1 - cache.z) * cache.n,
        "h": h,
    }
    return {name: array.item() for name, array in arrays.items()} | _learned(inputs["hidden_size"])


def cases() -> dict[str, dict[str, Any]]:
    """Return the usual cases, and those of the chapter."""
    more = {
        "not_read": {"r": 0},
        "other_convention": {"convention": "write"},
        "before_with_bias": {"reset": "before", "b_hn": -0.5},
        "negative": {"h_prev": -0.6, "x": -1.5, "b_hn": 0.25},
        "small_layer": {"hidden_size": 3},
    }
    return usual_cases(GRUGates, more, random=30, seed=20260716)
