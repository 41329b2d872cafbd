"""Cells on top of each other, and in both directions, over the functions of a single layer.

Parameters are a tuple of layers, each a tuple of one direction or two: `params[layer][direction]`.
States have torch's form: (num_layers * num_directions, batch, hidden_size), in the order l0,
l0_reverse, l1, l1_reverse, ...
"""

from collections.abc import Sequence
from typing import NamedTuple, TypeAlias

import numpy as np

from rnncore._checks import Unchecked, check_array, check_lengths, check_params, check_upstream
from rnncore._typing import Array, Inexact, Integer, Reset
from rnncore.cells import CellCache, State, cell_backward, cell_forward
from rnncore.dropping import DropoutCache, check_probability, dropout, dropout_backward
from rnncore.params import Cell, LSTMParams, gates_of
from rnncore.rnn import Nonlinearity
from rnncore.sequence import reverse_steps

# h, or (h, c) for an LSTM, of all layers and directions.
StackState: TypeAlias = (
    Inexact[Array, "layers batch hidden_size"]
    | tuple[Inexact[Array, "layers batch hidden_size"], Inexact[Array, "layers batch hidden_size"]]
)


class StackedCache(NamedTuple):
    """What `stacked_backward` needs: caches by layer and direction, and of the dropout between."""

    cells: tuple[tuple[CellCache, ...], ...]
    dropped: tuple[DropoutCache, ...]
    lengths: Integer[Array, " batch"] | Sequence[int] | None
    shape: tuple[int, int, int]


def stacked_forward(
    x: Inexact[Array, "batch seq input_size"],
    state: StackState,
    params: tuple[tuple[Cell, ...], ...],
    lengths: Integer[Array, " batch"] | Sequence[int] | None = None,
    *,
    nonlinearity: Nonlinearity = "tanh",
    reset: Reset = "after",
    dropout_p: float = 0.0,
    rng: np.random.Generator | None = None,
) -> tuple[Inexact[Array, "batch seq features"], StackState, StackedCache]:
    """Run a stack of RNNs, GRUs or LSTMs over a batch of sequences, in one direction or two.

    Equation: each layer reads the outputs of the layer below, both directions side by side; the
        reverse direction reads each sequence from its last real step to its first.

    Args:
        x: inputs of the first layer; what stands at padding is never used.
        state: before the first step: `h_0`, or `(h_0, c_0)` for LSTMs.
        params: `params[layer][direction]`, all of one kind and one hidden_size.
        lengths: number of real steps of each sequence; None: all steps are real.
        nonlinearity: of simple RNNs.
        reset: of GRUs.
        dropout_p: probability that an output between two layers is dropped; 0 outside training.
        rng: source of randomness; needed if `dropout_p` > 0 and there are two layers or more.

    Returns: `(output, state, cache)`: outputs of the last layer, and the state of each layer and
        direction after the last step that it read.

    Raises:
        TypeError: if `params` are not tuples of one kind of cell, `state` has not their form, an
            array is no floating-point NumPy array, `lengths` are not integers, or `rng` is no
            generator.
        ValueError: if there is no layer, layers differ in their number of directions, shapes
            disagree, a length lies outside 0..seq, or an option is not among those above.
    """
    hidden_size, parts = check_stack(params)
    check_probability("dropout_p", dropout_p)
    check_array("x", x, batch=None, seq=None, input_size=params[0][0].weight_ih.shape[1])
    batch, seq, _ = x.shape
    if lengths is not None:
        check_lengths(lengths, seq, batch)
    count = len(params) * len(params[0])
    starts = iter(_split(state, parts, (count, batch, hidden_size)))

    output, lasts, caches, dropped = x, [], [], []
    for layer, cells in enumerate(params):
        if layer:
            output, dropped_here = dropout(output, dropout_p, rng)
            dropped.append(dropped_here)
        runs = [
            _run(output, next(starts), cell, lengths, nonlinearity, reset, reverse=direction > 0)
            for direction, cell in enumerate(cells)
        ]
        output = np.concatenate([run[0] for run in runs], axis=-1)
        lasts += [run[1] for run in runs]
        caches.append(tuple(run[2] for run in runs))
    cache = StackedCache(tuple(caches), tuple(dropped), lengths, (count, batch, hidden_size))
    return output, _join(lasts), cache


def stacked_backward(
    doutput: Inexact[Array, "batch seq features"],
    dstate: StackState,
    cache: StackedCache,
    params: tuple[tuple[Cell, ...], ...],
) -> tuple[Inexact[Array, "batch seq input_size"], StackState, tuple[tuple[Cell, ...], ...]]:
    """Carry the gradient of the loss back through all layers and steps.

    Equation: the layers of `stacked_forward` in reverse; what two directions read, they add up.

    Args:
        doutput: gradient by `output`; what stands at padding is never used.
        dstate: gradient by the last state, `dh_n` or `(dh_n, dc_n)`.
        cache: from `stacked_forward`.
        params: as given to it.

    Returns: `(dx, dstate_0, dparams)`, each in the form of what it is the gradient by.

    Raises:
        TypeError: if a gradient is no floating-point NumPy array, or `dstate` has not the form of
            the state.
        ValueError: if its shape is not that of the result it belongs to.
    """
    _, parts = check_stack(params)
    _, batch, hidden_size = cache.shape
    seq, directions = len(cache.cells[0][0].x), len(params[0])
    check_upstream((batch, seq, directions * hidden_size), doutput=doutput)
    dlasts = _split(dstate, parts, cache.shape, name="dstate")

    dstarts: list[State] = []
    dlayers: list[tuple[Cell, ...]] = []
    for layer in reversed(range(len(params))):
        dlast = dlasts[layer * directions : (layer + 1) * directions]
        douts = np.split(doutput, directions, axis=-1)
        runs = [
            _run_backward(*run, cache.lengths, reverse=direction > 0)
            for direction, run in enumerate(
                zip(douts, dlast, cache.cells[layer], params[layer], strict=True)
            )
        ]
        doutput = sum((run[0] for run in runs[1:]), start=runs[0][0])
        dstarts[:0] = [run[1] for run in runs]
        dlayers.insert(0, tuple(run[2] for run in runs))
        if layer:
            doutput = dropout_backward(doutput, cache.dropped[layer - 1])
    return doutput, _join(dstarts), tuple(dlayers)


def check_stack(params: Unchecked) -> tuple[int, int]:
    """Check the parameters of a stack; return hidden_size and the number of arrays in a state.

    Raises:
        TypeError: if they are not tuples of tuples of one kind of cell.
        ValueError: if there is no layer, or numbers of directions or shapes do not fit each other.
    """
    if not isinstance(params, tuple) or not all(type(layer) is tuple for layer in params):
        raise TypeError(f"expected params[layer][direction], tuples, got {type(params).__name__}")
    directions = len(params[0]) if params else 0
    if directions not in (1, 2) or any(len(layer) != directions for layer in params):
        numbers = [len(layer) for layer in params]
        raise ValueError(f"expected layers of one direction, or of two each, got {numbers}")
    kinds = {type(cell) for layer in params for cell in layer}
    if len(kinds) > 1:
        names = " and ".join(sorted(kind.__name__ for kind in kinds))
        raise TypeError(f"expected one kind of cell, got {names}")
    (kind,) = kinds
    gates = gates_of(kind)
    input_size, hidden_size = check_params(params[0][0], gates)
    for layer in params:
        for cell in layer:
            check_params(cell, gates)
            check_array("weight_hh", cell.weight_hh, rows=None, hidden_size=hidden_size)
            check_array("weight_ih", cell.weight_ih, rows=None, input_size=input_size)
        input_size = directions * hidden_size
    return hidden_size, 2 if kind is LSTMParams else 1


def _run(
    x: Array,
    start: State,
    params: Cell,
    lengths: Integer[Array, " batch"] | Sequence[int] | None,
    nonlinearity: Nonlinearity,
    reset: Reset,
    *,
    reverse: bool,
) -> tuple[Array, State, CellCache]:
    x = reverse_steps(x, lengths) if reverse else x
    output, last, cache = cell_forward(
        x, start, params, lengths, nonlinearity=nonlinearity, reset=reset
    )
    return reverse_steps(output, lengths) if reverse else output, last, cache


def _run_backward(
    doutput: Array,
    dlast: State,
    cache: CellCache,
    params: Cell,
    lengths: Integer[Array, " batch"] | Sequence[int] | None,
    *,
    reverse: bool,
) -> tuple[Array, State, Cell]:
    doutput = reverse_steps(doutput, lengths) if reverse else doutput
    dx, dstart, dparams = cell_backward(doutput, dlast, cache, params)
    return reverse_steps(dx, lengths) if reverse else dx, dstart, dparams


def _split(
    state: Unchecked, parts: int, shape: tuple[int, int, int], name: str = "state"
) -> list[State]:
    """Take a state apart by layer and direction."""
    arrays = state if isinstance(state, tuple) else (state,)
    if len(arrays) != parts or isinstance(state, tuple) != (parts == 2):
        wanted = "an array h" if parts == 1 else "a tuple (h, c)"
        raise TypeError(f"expected {name} to be {wanted}, got {type(state).__name__}")
    for part, array in zip("hc", arrays, strict=False):
        axes = zip(("layers", "batch", "hidden_size"), shape, strict=True)
        check_array(f"{part} of {name}", array, **dict(axes))
    return list(zip(*arrays, strict=True))


def _join(states: list[State]) -> StackState:
    arrays = tuple(np.stack(part) for part in zip(*states, strict=True))
    return arrays[0] if len(arrays) == 1 else (arrays[0], arrays[1])
