"""Parameters to and from Keras 3: SimpleRNN, GRU and LSTM, as `get_weights()` lists them.

Keras keeps weights transposed. Its LSTM has our gate order i, f, g, o; its GRU has z, r, n.
`unit_forget_bias` of its LSTM only chooses start values, as `forget_bias` of `init_lstm` does.
"""

from collections.abc import Sequence
from typing import Any

import numpy as np

from rnncore._checks import check_array, check_params, check_reset
from rnncore._typing import Array, Reset
from rnncore.params import Cell, CellParams, GRUParams, gates_of


def to_keras_weights(params: CellParams, reset: Reset = "after") -> list[Array]:
    """Give what `set_weights` of a Keras layer takes; the arrays are copies.

    SimpleRNN, LSTM and the GRU with `reset_after=False` have one bias, the sum of ours. The GRU
    with `reset_after=True` has two, as rows of one array.

    Args:
        params: of one layer and one direction. `Bidirectional` takes the lists of both directions,
            one after the other.
        reset: of a GRU: "after" for `reset_after=True`, "before" for False.

    Returns: kernel, recurrent kernel, bias.

    Raises:
        TypeError: if `params` is of another type, or a field is no float array.
        ValueError: if the shapes do not fit each other, or `reset` is another word.

    Example:
        >>> params = GRUParams(np.ones((6, 3)), np.ones((6, 2)), np.ones(6), np.zeros(6))
        >>> [weight.shape for weight in to_keras_weights(params)]
        [(3, 6), (2, 6), (2, 6)]
    """
    check_params(params, gates_of(type(params)))
    check_reset(reset)
    if isinstance(params, GRUParams):
        params = GRUParams(*(_swap_first_blocks(array) for array in params))
    two_biases = isinstance(params, GRUParams) and reset == "after"
    biases = np.stack([params.bias_ih, params.bias_hh])
    bias = biases if two_biases else biases.sum(axis=0)
    return [params.weight_ih.T.copy(), params.weight_hh.T.copy(), bias]


def from_keras_weights(
    weights: Sequence[Any], params_type: type[Cell], reset: Reset = "after"
) -> Cell:
    """Read `get_weights()` of a Keras layer; where it has one bias, `bias_hh` becomes 0.

    Args:
        weights: kernel, recurrent kernel, bias; without a bias (`use_bias=False`) it becomes 0.
        params_type: RNNParams, GRUParams or LSTMParams.
        reset: of a GRU: where its reset gate stands, "after" for `reset_after=True`, "before" for
            False. The parameters have to be used with the same `reset`; no others give the same
            function, and `torch.nn.GRU` knows "after" only.

    Returns: the parameters, as copies.

    Raises:
        TypeError: if `params_type` is another type, or an array is no float array.
        ValueError: if there are not two or three arrays, their shapes do not fit, the bias is that
            of the other `reset`, or `reset` is another word.
    """
    gates = gates_of(params_type)
    check_reset(reset)
    if len(weights) not in {2, 3}:
        raise ValueError(f"expected kernel, recurrent kernel and bias, got {len(weights)} arrays")
    kernel, recurrent_kernel, *biases = (np.array(weight) for weight in weights)
    biases = _two_biases(biases[0], params_type, reset) if biases else _no_biases(kernel)
    params = params_type(kernel.T.copy(), recurrent_kernel.T.copy(), *biases)
    check_params(params, gates)
    if params_type is GRUParams:
        params = params_type(*(_swap_first_blocks(array) for array in params))
    return params


def _no_biases(kernel: Array) -> list[Array]:
    none = np.zeros(kernel.shape[-1:], kernel.dtype)
    return [none, none.copy()]


def _two_biases(bias: Array, params_type: type[Cell], reset: Reset) -> list[Array]:
    if params_type is not GRUParams:
        return [bias, np.zeros_like(bias)]
    if reset == "after":
        if bias.ndim == 1:
            raise ValueError(
                f"expected two rows of biases (reset_after=True), got {bias.shape}: "
                "reset_after=False is read and used with reset='before'"
            )
        check_array("bias", bias, biases=2, rows=None)
        return [bias[0].copy(), bias[1].copy()]
    if bias.ndim == 2:
        raise ValueError(
            f"expected one row of biases (reset_after=False), got {bias.shape}: "
            "reset_after=True is read and used with reset='after'"
        )
    return [bias, np.zeros_like(bias)]


def _swap_first_blocks(array: Array) -> Array:
    # r, z, n and Keras' z, r, n differ by this swap, which undoes itself.
    first, second, third = np.split(array, 3)
    return np.concatenate([second, first, third])
