"""One LSTM step with its gates on sliders, as a notebook widget."""

from __future__ import annotations

import math
from typing import ClassVar

from rnnwidgets._inputs import Number, Result
from rnnwidgets._widget import CourseWidget, Presets, bundle

__all__ = ["LSTMGates", "cell_update"]


def cell_update(f: float, i: float, o: float, g: float, c_prev: float) -> dict[str, float]:
    r"""Update one memory cell whose gates are already known.

    .. math:: k = f c_{prev}, \quad j = i g, \quad c = k + j, \quad h = o \tanh c

    Args:
        f: Forget gate, 0 (drop everything) to 1 (keep everything).
        i: Input gate, 0 (write nothing) to 1 (write all of ``g``).
        o: Output gate, 0 (show nothing) to 1 (show all of tanh c).
        g: Candidate, -1 to 1.
        c_prev: Cell state after the step before.

    Returns:
        The values ``k`` (kept), ``j`` (written), ``c``, ``tanh_c`` and ``h``.

    Source:
        ``rnncore.lstm.lstm_step``, for a batch and a hidden size of one.

    >>> round(cell_update(f=0.9, i=0.5, o=0.7, g=0.8, c_prev=1.0)["h"], 4)
    0.6032
    """
    k = f * c_prev
    j = i * g
    c = k + j
    tanh_c = math.tanh(c)
    return {"k": k, "j": j, "c": c, "tanh_c": tanh_c, "h": o * tanh_c}


class LSTMGates(CourseWidget):
    r"""Sliders for the gates of one LSTM step; the cell follows at once.

    .. math:: c = f c_{prev} + i g, \quad h = o \tanh c

    Args:
        f, i, o: Forget, input and output gate, each from 0 to 1.
        g: Candidate, from -1 to 1.
        c_prev: Old cell state, from -2 to 2.

    The results ``k``, ``j``, ``c``, ``tanh_c`` and ``h`` are traits too: observe or link
    them, but do not set them, because the next change of an input overwrites them.

    Raises:
        traitlets.TraitError: "expected f from 0 to 1, got 1.5".

    >>> cell = LSTMGates(f=1.0, i=0.0)
    >>> cell.c
    1.0
    """

    _esm = bundle("lstm_gates")
    PRESETS: ClassVar[Presets] = {
        "keep": {"f": 1, "i": 0},
        "overwrite": {"f": 0, "i": 1},
        "count": {"f": 1, "i": 1},
        "hide": {"o": 0},
    }

    c_prev = Number(-2, 2, 1)
    f = Number(0, 1, 0.9)
    i = Number(0, 1, 0.5)
    g = Number(-1, 1, 0.8)
    o = Number(0, 1, 0.7)

    k = Result()
    j = Result()
    c = Result()
    tanh_c = Result()
    h = Result()

    compute = staticmethod(cell_update)
