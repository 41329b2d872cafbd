"""Stacks, of several layers and in both directions, to and from torch modules; always by copy."""

from typing import TypeAlias, cast

from torch import nn

from rnncore._typing import Reset
from rnncore.layers import check_stack
from rnncore.params import CellParams, GRUParams, LSTMParams, RNNParams
from rnncore.rnn import Nonlinearity
from rnncore.torch.bridge import MODULES, module_options, read_layer, to_tensors

Stack: TypeAlias = (
    tuple[tuple[RNNParams, ...], ...]
    | tuple[tuple[GRUParams, ...], ...]
    | tuple[tuple[LSTMParams, ...], ...]
)
Module: TypeAlias = nn.RNN | nn.GRU | nn.LSTM


def stack_to_module(
    params: Stack,
    nonlinearity: Nonlinearity = "tanh",
    reset: Reset = "after",
    *,
    dropout: float = 0.0,
    batch_first: bool = True,
) -> Module:
    """Build `nn.RNN`, `nn.GRU` or `nn.LSTM` of as many layers and directions as `params` has.

    Args:
        params: `params[layer][direction]`, as for `stacked_forward`; copied.
        nonlinearity: of simple RNNs.
        reset: of GRUs; torch has it "after" the product only.
        dropout: between layers, while the module is in training mode.
        batch_first: False: the module takes and gives (seq, batch, features). The state has the
            same form either way, and it is ours.

    Returns: the module.

    Raises:
        TypeError: if `params` are not tuples of one kind of cell, or torch has no such dtype.
        ValueError: if shapes or numbers of directions do not fit each other, or GRUs have their
            reset gate before the product.
    """
    hidden_size, _ = check_stack(params)
    layers = cast("tuple[tuple[CellParams, ...], ...]", params)
    first = layers[0][0]
    tensors = {
        name: tensor
        for layer, cells in enumerate(layers)
        for direction, cell in enumerate(cells)
        for name, tensor in to_tensors(cell, layer, reverse=direction == 1).items()
    }
    module = MODULES[type(first)](
        first.weight_ih.shape[1],
        hidden_size,
        num_layers=len(layers),
        bidirectional=len(layers[0]) == 2,
        dropout=dropout,
        batch_first=batch_first,
        **module_options(first, nonlinearity, reset),
    )
    module.load_state_dict(tensors)
    return cast("Module", module)


def stack_from_module(module: Module) -> Stack:
    """Copy the parameters of all layers and directions of `nn.RNN`, `nn.GRU` or `nn.LSTM`.

    Args:
        module: of any number of layers and directions. Without biases (`bias=False`) they come out
            as 0, which is the same function.

    Returns: `params[layer][direction]`. `batch_first`, `nonlinearity` and `dropout` are no part of
        them.

    Raises:
        TypeError: if the module is of another type.
        ValueError: if it has a projection (`proj_size`), which these cells do not have.
    """
    kind = next((kind for kind, base in MODULES.items() if isinstance(module, base)), None)
    if kind is None:
        raise TypeError(f"expected nn.RNN, nn.GRU or nn.LSTM, got {type(module).__name__}")
    if module.proj_size:
        raise ValueError(f"expected no projection (proj_size=0), got {module.proj_size}")
    stack = tuple(
        tuple(
            read_layer(module, kind, layer, reverse=reverse)
            for reverse in ([False, True] if module.bidirectional else [False])
        )
        for layer in range(module.num_layers)
    )
    return cast("Stack", stack)
