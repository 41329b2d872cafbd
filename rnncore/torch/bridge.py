"""Parameters to and from torch modules; arrays and tensors never share memory.

One layer, one direction; `stacks` has the others. The parameters do not hold the nonlinearity of a
simple RNN, nor where the reset gate of a GRU stands: both are said where they are used.
"""

from typing import Any, overload

import numpy as np
import torch
from torch import Tensor, nn

from rnncore._checks import check_reset
from rnncore._typing import Array, Reset
from rnncore.params import (
    CellParams,
    GRUParams,
    LSTMParams,
    RNNParams,
    from_state_dict,
    to_state_dict,
)
from rnncore.rnn import Nonlinearity
from rnncore.torch.cells import GRU, LSTM, RNN

DTYPES = {
    np.dtype(np.float16): torch.float16,
    np.dtype(np.float32): torch.float32,
    np.dtype(np.float64): torch.float64,
}
SUFFIXED = (nn.RNN, nn.GRU, nn.LSTM)
KINDS: dict[type[nn.Module], type[CellParams]] = {
    nn.RNN: RNNParams,
    nn.RNNCell: RNNParams,
    RNN: RNNParams,
    nn.GRU: GRUParams,
    nn.GRUCell: GRUParams,
    GRU: GRUParams,
    nn.LSTM: LSTMParams,
    nn.LSTMCell: LSTMParams,
    LSTM: LSTMParams,
}
MODULES: dict[type[CellParams], type[nn.Module]] = {
    RNNParams: nn.RNN,
    GRUParams: nn.GRU,
    LSTMParams: nn.LSTM,
}
CELLS: dict[type[CellParams], type[nn.Module]] = {
    RNNParams: nn.RNNCell,
    GRUParams: nn.GRUCell,
    LSTMParams: nn.LSTMCell,
}


@overload
def to_module(params: RNNParams, nonlinearity: Nonlinearity = "tanh") -> nn.RNN: ...
@overload
def to_module(params: GRUParams, *, reset: Reset = "after") -> nn.GRU: ...
@overload
def to_module(params: LSTMParams) -> nn.LSTM: ...
def to_module(
    params: CellParams, nonlinearity: Nonlinearity = "tanh", reset: Reset = "after"
) -> nn.Module:
    """Build `nn.RNN`, `nn.GRU` or `nn.LSTM` (batch first, one layer) with a copy of `params`.

    Args:
        params: give sizes, dtype and values.
        nonlinearity: of the simple RNN; the others have no choice.
        reset: of the GRU; torch has it "after" the product only.

    Returns: the module; its state has shape (1, batch, hidden_size), one axis more than ours.

    Raises:
        TypeError: if `params` is of another type, or torch has no such dtype.
        ValueError: if the shapes do not fit each other, or a GRU has its reset gate before the
            product: torch has no such module, and no other weights give the same function.

    Example:
        >>> params = LSTMParams(np.ones((8, 3)), np.ones((8, 2)), np.ones(8), np.zeros(8))
        >>> to_module(params)
        LSTM(3, 2, batch_first=True)
    """
    state_dict = to_tensors(params, layer=0)
    module = MODULES[type(params)](
        params.weight_ih.shape[1],
        params.weight_hh.shape[1],
        batch_first=True,
        **module_options(params, nonlinearity, reset),
    )
    module.load_state_dict(state_dict)
    return module


@overload
def to_cell(params: RNNParams, nonlinearity: Nonlinearity = "tanh") -> nn.RNNCell: ...
@overload
def to_cell(params: GRUParams, *, reset: Reset = "after") -> nn.GRUCell: ...
@overload
def to_cell(params: LSTMParams) -> nn.LSTMCell: ...
def to_cell(
    params: CellParams, nonlinearity: Nonlinearity = "tanh", reset: Reset = "after"
) -> nn.Module:
    """Build `nn.RNNCell`, `nn.GRUCell` or `nn.LSTMCell`, which take one step, from `params`.

    Args:
        params: give sizes, dtype and values, which are copied.
        nonlinearity: of the simple RNN; the others have no choice.
        reset: of the GRU; torch has it "after" the product only.

    Returns: the cell.

    Raises:
        TypeError: if `params` is of another type, or torch has no such dtype.
        ValueError: if the shapes do not fit each other, or a GRU has its reset gate before the
            product.
    """
    state_dict = to_tensors(params, layer=None)
    cell = CELLS[type(params)](
        params.weight_ih.shape[1],
        params.weight_hh.shape[1],
        **module_options(params, nonlinearity, reset),
    )
    cell.load_state_dict(state_dict)
    return cell


@overload
def from_module(module: nn.RNN | nn.RNNCell | RNN) -> RNNParams: ...
@overload
def from_module(module: nn.GRU | nn.GRUCell | GRU) -> GRUParams: ...
@overload
def from_module(module: nn.LSTM | nn.LSTMCell | LSTM) -> LSTMParams: ...
def from_module(module: nn.Module) -> CellParams:
    """Copy the parameters of a torch module; those of bfloat16, which NumPy lacks, as float32.

    Args:
        module: `nn.RNN`, `nn.GRU`, `nn.LSTM`, their cells (`nn.RNNCell`, ...), or `RNN`, `GRU`,
            `LSTM` of this package. Without biases (`bias=False`) both biases come out as 0, which
            is the same function.

    Returns: the parameters. `batch_first`, `nonlinearity` and `reset` are no part of them.

    Raises:
        TypeError: if the module is of another type.
        ValueError: if it has several layers, two directions or a projection: no single parameter
            tuple holds these. For layers and directions see `stack_from_module`.
    """
    params_type, layer = _kind(module)
    return read_layer(module, params_type, layer)


def load_params(module: nn.Module, params: CellParams) -> None:
    """Overwrite the parameters of a module by a copy of `params`, in the module's dtype.

    Args:
        module: as for `from_module`, but with biases.
        params: of the same kind and sizes.

    Raises:
        TypeError: if module and `params` are not of the same kind.
        ValueError: if sizes differ, or the module has several layers, two directions, a projection
            or no biases.
    """
    params_type, layer = _kind(module)
    if type(params) is not params_type:
        raise TypeError(f"expected {params_type.__name__}, got {type(params).__name__}")
    tensors = to_tensors(params, layer)
    current = module.state_dict()
    if current.keys() != tensors.keys():
        raise ValueError("expected a module with biases, got bias=False")
    for name, tensor in tensors.items():
        if tensor.shape != current[name].shape:
            got, wanted = tuple(tensor.shape), tuple(current[name].shape)
            raise ValueError(f"expected {name} with shape {wanted}, got {got}")
    module.load_state_dict(tensors)


def _kind(module: nn.Module) -> tuple[type[CellParams], int | None]:
    kind = next((kind for base, kind in KINDS.items() if isinstance(module, base)), None)
    if kind is None:
        names = "an RNN, GRU or LSTM of torch.nn or rnncore.torch"
        raise TypeError(f"expected {names}, got {type(module).__name__}")
    if not isinstance(module, SUFFIXED):
        return kind, None
    if module.num_layers != 1:
        raise ValueError(f"expected num_layers=1, got {module.num_layers}")
    if module.bidirectional:
        raise ValueError("expected one direction, got bidirectional=True")
    if module.proj_size:
        raise ValueError(f"expected no projection (proj_size=0), got {module.proj_size}")
    return kind, 0


def module_options(params: CellParams, nonlinearity: Nonlinearity, reset: Reset) -> dict[str, Any]:
    """Return the options that torch's module of this kind takes."""
    check_reset(reset)
    dtype = DTYPES[params.weight_ih.dtype]
    if isinstance(params, GRUParams) and reset != "after":
        raise ValueError("expected reset='after', the only one of torch's GRU, got 'before'")
    chosen = {"nonlinearity": nonlinearity} if isinstance(params, RNNParams) else {}
    return {"dtype": dtype, **chosen}


def read_layer(
    module: nn.Module, params_type: type[CellParams], layer: int | None, *, reverse: bool = False
) -> CellParams:
    """Copy one layer and one direction of a module; biases that it does not have are 0."""
    arrays = {name: to_array(tensor) for name, tensor in module.named_parameters()}
    suffix = "" if layer is None else f"_l{layer}" + "_reverse" * reverse
    for bias, weight in (("bias_ih", "weight_ih"), ("bias_hh", "weight_hh")):
        rows = arrays[weight + suffix][:, 0]
        arrays.setdefault(bias + suffix, np.zeros_like(rows))
    return from_state_dict(arrays, params_type, layer, reverse=reverse)


def to_tensors(
    params: CellParams, layer: int | None, *, reverse: bool = False
) -> dict[str, Tensor]:
    """Name the arrays as torch does, and copy them into tensors."""
    arrays = to_state_dict(params, layer, reverse=reverse)
    for name, array in arrays.items():
        if array.dtype not in DTYPES:
            raise TypeError(f"expected {name} of float16, float32 or float64, got {array.dtype}")
    # torch.tensor copies; torch.from_numpy would share memory, and training change both.
    return {name: torch.tensor(array) for name, array in arrays.items()}


def to_array(tensor: Tensor) -> Array:
    """Copy a tensor into an array."""
    tensor = tensor.detach().cpu()
    return np.array((tensor.float() if tensor.dtype is torch.bfloat16 else tensor).numpy())
