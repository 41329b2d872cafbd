"""One calling form for the three cells: what a sequence is run through, whatever the cell.

The state is a tuple, `(h,)` or `(h, c)`; the kind of cell is that of its parameters.
"""

from collections.abc import Sequence
from typing import TypeAlias, cast

from rnncore._checks import check_state
from rnncore._typing import Array, Inexact, Integer, Reset
from rnncore.gru import GRUSequenceCache, gru_backward, gru_forward
from rnncore.lstm import LSTMSequenceCache, lstm_backward, lstm_forward
from rnncore.params import Cell, CellParams, GRUParams, LSTMParams, RNNParams, gates_of
from rnncore.rnn import Nonlinearity, RNNSequenceCache, rnn_backward, rnn_forward

State: TypeAlias = tuple[Array, ...]
CellCache: TypeAlias = RNNSequenceCache | GRUSequenceCache | LSTMSequenceCache


def cell_forward(
    x: Inexact[Array, "batch seq input_size"],
    state: State,
    params: CellParams,
    lengths: Integer[Array, " batch"] | Sequence[int] | None = None,
    *,
    nonlinearity: Nonlinearity = "tanh",
    reset: Reset = "after",
) -> tuple[Inexact[Array, "batch seq hidden_size"], State, CellCache]:
    """Run a simple RNN, a GRU or an LSTM over a batch of sequences.

    Equation: `rnn_forward`, `gru_forward` or `lstm_forward`.

    Args:
        x: inputs; what stands at padding is never used.
        state: before the first step: `(h_0,)`, or `(h_0, c_0)` for an LSTM.
        params: their type chooses the cell.
        lengths: number of real steps of each sequence; None: all steps are real.
        nonlinearity: of a simple RNN.
        reset: of a GRU.

    Returns: `(output, state, cache)`, the state after the last real step.

    Raises:
        TypeError: if `params` is of another type, an array no floating-point NumPy array, or
            `lengths` are not integers.
        ValueError: if shapes or the number of arrays in `state` disagree, a length lies outside
            0..seq, or an option is another word.
    """
    gates_of(type(params))
    check_state("state", state, 2 if isinstance(params, LSTMParams) else 1)
    if isinstance(params, LSTMParams):
        return lstm_forward(x, state[0], state[1], params, lengths)
    if isinstance(params, GRUParams):
        output, h_n, gru_cache = gru_forward(x, state[0], params, lengths, reset)
        return output, (h_n,), gru_cache
    output, h_n, cache = rnn_forward(x, state[0], params, lengths, nonlinearity)
    return output, (h_n,), cache


def cell_backward(
    doutput: Inexact[Array, "batch seq hidden_size"],
    dstate: State,
    cache: CellCache,
    params: Cell,
) -> tuple[Inexact[Array, "batch seq input_size"], State, Cell]:
    """Carry the gradient of the loss back through all steps.

    Equation: `rnn_backward`, `gru_backward` or `lstm_backward`.

    Args:
        doutput: gradient by `output`.
        dstate: gradient by the last state, a tuple of as many arrays.
        cache: from `cell_forward`.
        params: as given to it.

    Returns: `(dx, dstate_0, dparams)`.

    Raises:
        TypeError: if a gradient is no floating-point NumPy array, `dstate` no tuple, or the cache
            is of another cell.
        ValueError: if a shape, or the number of arrays, is not that of the result it belongs to.
    """
    check_state("dstate", dstate, 2 if isinstance(params, LSTMParams) else 1)
    if isinstance(cache, LSTMSequenceCache) and isinstance(params, LSTMParams):
        dh_n, dc_n = dstate
        dx, dh_0, dc_0, dlstm = lstm_backward(doutput, (dh_n, dc_n), cache, params)
        return dx, (dh_0, dc_0), cast("Cell", dlstm)
    (dh_n,) = dstate
    if isinstance(cache, GRUSequenceCache) and isinstance(params, GRUParams):
        dx, dh_0, dgru = gru_backward(doutput, dh_n, cache, params)
        return dx, (dh_0,), cast("Cell", dgru)
    if isinstance(cache, RNNSequenceCache) and isinstance(params, RNNParams):
        dx, dh_0, drnn = rnn_backward(doutput, dh_n, cache, params)
        return dx, (dh_0,), cast("Cell", drnn)
    kinds = f"{type(cache).__name__} with {type(params).__name__}"
    raise TypeError(f"expected the cache and the parameters of one cell, got {kinds}")
