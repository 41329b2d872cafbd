"""One LSTM step with its gates on sliders, as a notebook widget."""

from __future__ import annotations

import math
from pathlib import Path
from typing import Any, Final, cast

import anywidget
import traitlets

__all__ = ["DEFAULTS", "INPUT_RANGES", "LSTMGates", "cell_update"]

#: Smallest and largest value of each input: gates are sigmoids, the candidate is a tanh.
INPUT_RANGES: Final[dict[str, tuple[float, float]]] = {
    "c_prev": (-2.0, 2.0),
    "f": (0.0, 1.0),
    "i": (0.0, 1.0),
    "g": (-1.0, 1.0),
    "o": (0.0, 1.0),
}
DEFAULTS: Final[dict[str, float]] = {"c_prev": 1.0, "f": 0.9, "i": 0.5, "g": 0.8, "o": 0.7}
OUTPUTS: Final = ("k", "j", "c", "tanh_c", "h")


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


class LSTMGates(anywidget.AnyWidget):
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

    _esm = Path(__file__).parent / "static" / "lstm_gates.mjs"

    f = traitlets.Float(DEFAULTS["f"]).tag(sync=True)
    i = traitlets.Float(DEFAULTS["i"]).tag(sync=True)
    o = traitlets.Float(DEFAULTS["o"]).tag(sync=True)
    g = traitlets.Float(DEFAULTS["g"]).tag(sync=True)
    c_prev = traitlets.Float(DEFAULTS["c_prev"]).tag(sync=True)

    k = traitlets.Float().tag(sync=True)
    j = traitlets.Float().tag(sync=True)
    c = traitlets.Float().tag(sync=True)
    tanh_c = traitlets.Float().tag(sync=True)
    h = traitlets.Float().tag(sync=True)

    def __init__(self, **values: float) -> None:
        outputs = [name for name in OUTPUTS if name in values]
        if outputs:
            raise traitlets.TraitError(
                f"expected inputs ({', '.join(INPUT_RANGES)}), got the result {outputs[0]!r}"
            )
        super().__init__(**values)
        self._update()

    @traitlets.validate(*INPUT_RANGES)
    def _check_range(self, proposal: traitlets.Bunch) -> float:
        name = cast(traitlets.TraitType[Any, Any], proposal["trait"]).name
        value = cast(float, proposal["value"])
        low, high = INPUT_RANGES[str(name)]
        if not low <= value <= high:
            raise traitlets.TraitError(f"expected {name} from {low:g} to {high:g}, got {value!r}")
        return value

    @traitlets.observe(*INPUT_RANGES)
    def _follow(self, _change: traitlets.Bunch) -> None:
        self._update()

    def _update(self) -> None:
        for name, value in cell_update(self.f, self.i, self.o, self.g, self.c_prev).items():
            setattr(self, name, value)
