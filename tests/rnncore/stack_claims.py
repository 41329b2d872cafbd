"""Stacks to test with: parameters, states and upstream gradients of any depth and direction."""

from typing import Any, NamedTuple

import numpy as np
from claims import BATCH, HIDDEN, INPUT, SEQ, rng

import rnncore

INITS = {"rnn": rnncore.init_rnn, "gru": rnncore.init_gru, "lstm": rnncore.init_lstm}


class StackCase(NamedTuple):
    """Arguments of `stacked_forward` without lengths and options."""

    x: np.ndarray
    state: Any
    params: Any


def stack_case(kind: str, layers: int, directions: int, dtype: Any = float) -> StackCase:
    """Random inputs, states and parameters; nothing is 0 and nothing is equal."""
    draw = rng()
    params = tuple(
        tuple(
            INITS[kind](directions * HIDDEN if layer else INPUT, HIDDEN, draw, dtype=dtype)
            for _ in range(directions)
        )
        for layer in range(layers)
    )
    x = draw.standard_normal((BATCH, SEQ, INPUT)).astype(dtype)
    h, c = draw.standard_normal((2, layers * directions, BATCH, HIDDEN)).astype(dtype)
    return StackCase(x, (h, c) if kind == "lstm" else h, params)
