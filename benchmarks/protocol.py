"""What is measured: cells, sizes, inputs, and how results are compared. Needs NumPy only."""

from typing import Any, TypeAlias

import numpy as np

Arrays: TypeAlias = dict[str, np.ndarray]
Point: TypeAlias = tuple[int, int, int, int]

CELLS = {"rnn": 1, "gru": 3, "lstm": 4}
MODES = ("forward", "both")
PEERS = ("rnncore_numpy", "torch_nn", "keras_layers", "equinox_scan")
BASE = "torch_nn"
#: (seq, batch, input_size, hidden_size)
POINTS: tuple[Point, ...] = (
    (20, 1, 16, 32),
    (50, 32, 64, 64),
    (50, 32, 128, 128),
    (100, 64, 256, 512),
)
QUICK_POINTS: tuple[Point, ...] = ((5, 2, 3, 4),)
QUICK_PEERS = ("rnncore_numpy", "torch_nn")
#: Results of "both". Of weights only the norm is compared: libraries order and transpose them.
RESULTS = ("output", "h_n", "c_n", "dx", "dh_0", "dc_0", "dweight_ih", "dweight_hh")
TOLERANCE = 2e-3


def make_arrays(cell: str, point: Point) -> Arrays:
    """Draw the inputs, the state, the parameters (torch's layout) and the upstream gradients."""
    seq, batch, input_size, hidden_size = point
    rng = np.random.default_rng(20)
    rows = CELLS[cell] * hidden_size

    def draw(*shape: int, scale: float = 1.0) -> np.ndarray:
        return (scale * rng.standard_normal(shape)).astype(np.float32)

    small = hidden_size**-0.5
    arrays = {
        "x": draw(batch, seq, input_size),
        "h_0": draw(batch, hidden_size),
        "weight_ih": draw(rows, input_size, scale=small),
        "weight_hh": draw(rows, hidden_size, scale=small),
        "bias_ih": draw(rows, scale=small),
        "bias_hh": draw(rows, scale=small),
        "doutput": draw(batch, seq, hidden_size),
        "dh_n": draw(batch, hidden_size),
    }
    if cell == "lstm":
        arrays |= {"c_0": draw(batch, hidden_size), "dc_n": draw(batch, hidden_size)}
    return arrays


def fingerprint(cell: str, results: Any) -> dict[str, float]:
    """Turn each result into one number that depends on every entry."""
    names = [name for name in RESULTS if cell == "lstm" or name not in {"c_n", "dc_0"}]
    marks = {}
    for name, result in zip(names, results, strict=True):
        array = np.asarray(result, dtype=np.float64)
        if array.dtype != np.float64 or np.asarray(result).dtype != np.float32:
            raise TypeError(f"expected {name} in float32, got {np.asarray(result).dtype}")
        if not name.startswith("dweight"):
            # A fixed pattern of weights: a sum alone would not see two entries swapped.
            array = array * np.cos(np.arange(array.size)).reshape(array.shape)
            marks[name] = float(array.sum() / np.sqrt(array.size))
        else:
            marks[name] = float(np.linalg.norm(array))
    return marks


def differences(got: dict[str, float], want: dict[str, float]) -> list[str]:
    """Name the results in which two peers differ by more than float32 explains."""
    return [
        name
        for name in want
        if not abs(got[name] - want[name]) <= TOLERANCE * max(1.0, abs(want[name]))
    ]
