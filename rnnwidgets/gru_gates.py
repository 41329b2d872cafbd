"""One step of a GRU with its gates on sliders, as a notebook widget."""

from __future__ import annotations

import math
from typing import ClassVar

from rnnwidgets._inputs import Choice, Number, Result
from rnnwidgets._widget import CourseWidget, Presets, bundle

__all__ = ["GRUGates", "state_update"]


def _numbers(blocks: int, size: int) -> int:
    return blocks * (2 * size * size + 2 * size)


def state_update(
    h_prev: float,
    x: float,
    z: float,
    r: float,
    b_hn: float,
    convention: str,
    reset: str,
    hidden_size: int,
) -> dict[str, float]:
    r"""Update the state of one unit whose gates are already known.

    .. math:: n = \tanh(x + r (h_{prev} + b_{hn})), \quad h = z h_{prev} + (1 - z) n

    Both weights of the candidate are 1 and its other bias is 0.

    Args:
        h_prev: State after the step before, -1 to 1.
        x: Input of this step.
        z: Update gate, 0 to 1.
        r: Reset gate, 0 (the past is not read) to 1.
        b_hn: Bias that belongs to the past; with the reset gate "after" the product, r multiplies
            it too.
        convention: "keep": z is the share of the old state; "write": z is that of the candidate.
        reset: "after" the product of weight and state, or "before" it.
        hidden_size: Size of a whole layer, for the number of its parameters only.

    Returns:
        ``past`` (what is read of the past), ``n``, the shares ``keep`` and ``write``, ``kept`` and
        ``written``, their sum ``h``; ``gru_numbers`` and ``lstm_numbers``, the learned numbers of
        layers whose input is as wide as their state.

    Source:
        ``rnncore.gru.gru_step``, for a batch and a hidden size of one.

    >>> step = state_update(0.8, 0.5, 0.7, 0.5, 0.0, "keep", "after", 128)
    >>> round(step["h"], 4)
    0.7749
    """
    past = r * (h_prev + b_hn) if reset == "after" else r * h_prev + b_hn
    n = math.tanh(x + past)
    keep, write = (z, 1 - z) if convention == "keep" else (1 - z, z)
    kept, written = keep * h_prev, write * n
    return {
        "past": past,
        "n": n,
        "keep": keep,
        "write": write,
        "kept": kept,
        "written": written,
        "h": kept + written,
        "gru_numbers": _numbers(3, hidden_size),
        "lstm_numbers": _numbers(4, hidden_size),
    }


class GRUGates(CourseWidget):
    r"""Sliders for the gates of one GRU step; the state follows at once.

    .. math:: n = \tanh(x + r (h_{prev} + b_{hn})), \quad h = z h_{prev} + (1 - z) n

    Args:
        h_prev: Old state, from -1 to 1.
        x: Input, from -2 to 2.
        z, r: Update and reset gate, each from 0 to 1.
        b_hn: Bias of the past, from -1 to 1.
        convention: "keep" (torch, Keras) or "write".
        reset: "after" or "before" the product.
        hidden_size: From 1 to 512, for the number of parameters only.

    The results are those of ``state_update``.

    Raises:
        traitlets.TraitError: "expected z from 0 to 1, got 1.5".

    >>> GRUGates(z=1.0, h_prev=-0.25).h
    -0.25
    """

    _esm = bundle("gru_gates")
    PRESETS: ClassVar[Presets] = {
        "copy": {"z": 1, "convention": "keep"},
        "restart": {"z": 0, "r": 0, "convention": "keep"},
        "turned": {"z": 0.7, "convention": "write"},
        "bias": {"r": 0, "b_hn": 1, "reset": "before"},
    }

    h_prev = Number(-1, 1, 0.8)
    x = Number(-2, 2, 0.5)
    z = Number(0, 1, 0.7)
    r = Number(0, 1, 0.5)
    b_hn = Number(-1, 1, 0)
    convention = Choice("keep", "write")
    reset = Choice("after", "before")
    hidden_size = Number(1, 512, 128, whole=True)

    past = Result()
    n = Result()
    keep = Result()
    write = Result()
    kept = Result()
    written = Result()
    h = Result()
    gru_numbers = Result()
    lstm_numbers = Result()

    compute = staticmethod(state_update)
