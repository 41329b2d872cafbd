"""Who still knows the first input after many blanks? Three cells in a notebook widget."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from typing import Any, ClassVar, Final

from rnnwidgets._inputs import Choice, Number, Result
from rnnwidgets._recorded import recorded
from rnnwidgets._widget import CourseWidget, Presets, bundle

__all__ = ["LIMIT", "WEIGHTS", "MemoryRace", "race"]

STEPS: Final = 60
#: Weights that no slider moves; ``_x`` multiplies the input of this step.
WEIGHTS: Final[Mapping[str, Mapping[str, float]]] = {
    "rnn": {"x": 1},
    "gru": {"z_x": -6, "n_x": 2},
    "lstm": {"i_x": 6, "i": -3, "g_x": 2, "o": 1},
}
#: A read-out can tell two values apart if they are this far from each other.
LIMIT: Final = 0.1
HUNDREDTHS: Final = 100


def _sigmoid(a: float) -> float:
    return 0.5 * (1.0 + math.tanh(0.5 * a))


def _rnn(h: float, x: float, w: float) -> float:
    return math.tanh(WEIGHTS["rnn"]["x"] * x + w * h)


def _gru(h: float, x: float, b_z: float) -> float:
    z = _sigmoid(WEIGHTS["gru"]["z_x"] * x + b_z)
    return (1.0 - z) * math.tanh(WEIGHTS["gru"]["n_x"] * x) + z * h


def _lstm(c: float, x: float, b_f: float) -> float:
    i = _sigmoid(WEIGHTS["lstm"]["i_x"] * x + WEIGHTS["lstm"]["i"])
    return _sigmoid(b_f) * c + i * math.tanh(WEIGHTS["lstm"]["g_x"] * x)


CELLS: Final[dict[str, Callable[[float, float, float], float]]] = {
    "rnn": _rnn,
    "gru": _gru,
    "lstm": _lstm,
}


def _after(cell: str, x: Sequence[float], weight: float) -> float:
    state = 0.0
    for value in x:
        state = CELLS[cell](state, value, weight)
    return state


def race(
    cells: str, T: int, w: float, b_z: float, b_f: float, noise: float, first: str
) -> dict[str, Any]:
    """Give three cells an impulse of 1, then blanks, and look at them after step T.

    Args:
        cells: "hand" for one-unit cells with the weights below, "trained" for recorded networks.
        T: Number of steps, 1 to 60; the impulse is the first of them.
        w: Recurrent weight of the RNN: h = tanh(x + w h).
        b_z: Bias of the GRU's update gate z; z near 1 keeps.
        b_f: Bias of the LSTM's forget gate.
        noise: Size of the noise on the blanks, 0 to 0.2; always the same noise.
        first: The number that trained networks were told first, one of -0.5, 0, 0.5, 1.

    Returns:
        ``rnn`` and ``gru`` (h after step T), ``lstm`` (its c), or what their trained read-outs
        say; and ``knows``, for each in this order whether it still knows: by hand, if the value
        is at least 0.1 away from what it would be without the impulse; trained, if the read-out
        errs by less than 0.1.

    Source:
        ``rnncore`` ``rnn_step``, ``gru_step`` and ``lstm_step`` for one unit.

    >>> answer = race("hand", T=20, w=1.0, b_z=2.0, b_f=3.0, noise=0.0, first="1")
    >>> print(f"{answer['rnn']:.4f} {answer['gru']:.4f} {answer['lstm']:.4f}", answer["knows"])
    0.2616 0.0849 0.3648 [True, False, True]
    """
    data = recorded("memory_race")
    if cells == "trained":
        told = float(first)
        row = data["firsts"].index(told)
        # The file tells each number by its difference from the one before.
        said = {cell: sum(data["recall"][cell][row][:T]) / HUNDREDTHS for cell in CELLS}
        return {**said, "knows": [abs(value - told) < LIMIT for value in said.values()]}
    blanks = [0.0, *(noise * value for value in data["blanks"][1:T])]
    weights = {"rnn": w, "gru": b_z, "lstm": b_f}
    seen = {cell: _after(cell, [1.0, *blanks[1:]], weights[cell]) for cell in CELLS}
    unseen = {cell: _after(cell, blanks, weights[cell]) for cell in CELLS}
    return {**seen, "knows": [abs(seen[cell] - unseen[cell]) >= LIMIT for cell in CELLS]}


class MemoryRace(CourseWidget):
    """One impulse, then blanks: an RNN, a GRU and an LSTM, set by hand or trained.

    Args:
        cells: "hand" or "trained".
        T: Number of steps, 1 to 60.
        w, b_z, b_f: Recurrent weight of the RNN, biases of the GRU's z and the LSTM's f.
        noise: Noise on the blanks, 0 to 0.2.
        first: Number told to the trained networks, as text.

    The results ``rnn``, ``gru``, ``lstm`` and ``knows`` (three truth values) are traits too.

    Raises:
        traitlets.TraitError: "expected T a whole number from 1 to 60, got 0".

    >>> MemoryRace(T=20).knows
    [False, False, True]
    """

    _esm = bundle("memory_race")
    PRESETS: ClassVar[Presets] = {
        "fade": {"cells": "hand", "w": 0.9, "b_z": 2, "b_f": 3, "noise": 0},
        "one_bias": {"cells": "hand", "w": 1, "b_z": 3, "b_f": 3, "noise": 0},
        "half_open": {"cells": "hand", "w": 1, "b_z": 0, "b_f": 0, "noise": 0},
        "latch": {"cells": "hand", "w": 1.5, "b_z": 2, "b_f": 3, "noise": 0},
        "trained": {"cells": "trained"},
    }

    cells = Choice("hand", "trained")
    T = Number(1, STEPS, 20, whole=True)
    w = Number(0, 2, 0.9)
    b_z = Number(-2, 5, 2)
    b_f = Number(-2, 5, 3)
    noise = Number(0, 0.2, 0)
    first = Choice("-0.5", "0", "0.5", "1", default="1")

    rnn = Result()
    gru = Result()
    lstm = Result()
    knows = Result()

    compute = staticmethod(race)
