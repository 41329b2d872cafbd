"""Our own sequence functions."""

from collections.abc import Callable
from typing import Any

import rnncore
from benchmarks.protocol import Arrays

VERSIONS = ("numpy",)
PARAMS: dict[str, Any] = {
    "rnn": rnncore.RNNParams,
    "gru": rnncore.GRUParams,
    "lstm": rnncore.LSTMParams,
}


def build(cell: str, arrays: Arrays) -> dict[str, Callable[[], list[Any]]]:
    """Return the two pieces of work."""
    params = PARAMS[cell](*(arrays[name] for name in PARAMS[cell]._fields))
    state = tuple(arrays[name] for name in ("h_0", "c_0") if name in arrays)
    dstate = tuple(arrays[name] for name in ("dh_n", "dc_n") if name in arrays)

    def forward() -> list[Any]:
        output, last, _ = rnncore.cell_forward(arrays["x"], state, params)
        return [output, *last]

    def both() -> list[Any]:
        output, last, cache = rnncore.cell_forward(arrays["x"], state, params)
        dx, dstart, dparams = rnncore.cell_backward(arrays["doutput"], dstate, cache, params)
        return [output, *last, dx, *dstart, dparams.weight_ih, dparams.weight_hh]

    return {"forward": forward, "both": both}
