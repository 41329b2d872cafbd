"""Parameters to and from torch modules; arrays and tensors never share memory.

One layer, one direction. The parameters do not hold the nonlinearity of a simple RNN: it is said
where it is used.
"""

from typing import overload

import numpy as np
import torch
from torch import Tensor, nn

from rnncore._typing import Array
from rnncore.params import LSTMParams, RNNParams, from_state_dict, to_state_dict
from rnncore.rnn import Nonlinearity
from rnncore.torch.cells import LSTM, RNN

DTYPES = {
    np.dtype(np.float16): torch.float16,
    np.dtype(np.float32): torch.float32,
    np.dtype(np.float64): torch.float64,
}
SUFFIXED = (nn.RNN, nn.LSTM)
KINDS: dict[type[nn.Module], type[RNNParams] | type[LSTMParams]] = {
    nn.RNN: RNNParams,
    nn.RNNCell: RNNParams,
    RNN: RNNParams,
    nn.LSTM: LSTMParams,
    nn.LSTMCell: LSTMParams,
    LSTM: LSTMParams,
}


@overload
def to_module(params: RNNParams, nonlinearity: Nonlinearity = "tanh") -> nn.RNN: ...
@overload
def to_module(params: LSTMParams) -> nn.LSTM: ...
def to_module(
    params: RNNParams | LSTMParams, nonlinearity: Nonlinearity = "tanh"
) -> nn.RNN | nn.LSTM:
    """Build `nn.RNN` or `nn.LSTM` (batch first, one layer) with a copy of `params`.

    Args:
        params: give sizes, dtype and values.
        nonlinearity: of the simple RNN; an LSTM has no choice.

    Returns: the module; its state has shape (1, batch, hidden_size), one axis more than ours.

    Raises:
        TypeError: if `params` is of another type, or torch has no such dtype.
        ValueError: if the shapes do not fit each other.

    Example:
        >>> params = LSTMParams(np.ones((8, 3)), np.ones((8, 2)), np.ones(8), np.zeros(8))
        >>> to_module(params)
        LSTM(3, 2, batch_first=True)
    """
    state_dict = _tensors(params, layer=0)
    (_, input_size), (_, hidden_size) = params.weight_ih.shape, params.weight_hh.shape
    dtype = DTYPES[params.weight_ih.dtype]
    module: nn.RNN | nn.LSTM
    if isinstance(params, LSTMParams):
        module = nn.LSTM(input_size, hidden_size, batch_first=True, dtype=dtype)
    else:
        module = nn.RNN(
            input_size, hidden_size, nonlinearity=nonlinearity, batch_first=True, dtype=dtype
        )
    module.load_state_dict(state_dict)
    return module


@overload
def to_cell(params: RNNParams, nonlinearity: Nonlinearity = "tanh") -> nn.RNNCell: ...
@overload
def to_cell(params: LSTMParams) -> nn.LSTMCell: ...
def to_cell(
    params: RNNParams | LSTMParams, nonlinearity: Nonlinearity = "tanh"
) -> nn.RNNCell | nn.LSTMCell:
    """Build `nn.RNNCell` or `nn.LSTMCell`, which take one step, with a copy of `params`.

    Args:
        params: give sizes, dtype and values.
        nonlinearity: of the simple RNN; an LSTM has no choice.

    Returns: the cell.

    Raises:
        TypeError: if `params` is of another type, or torch has no such dtype.
        ValueError: if the shapes do not fit each other.
    """
    state_dict = _tensors(params, layer=None)
    (_, input_size), (_, hidden_size) = params.weight_ih.shape, params.weight_hh.shape
    dtype = DTYPES[params.weight_ih.dtype]
    cell: nn.RNNCell | nn.LSTMCell
    if isinstance(params, LSTMParams):
        cell = nn.LSTMCell(input_size, hidden_size, dtype=dtype)
    else:
        cell = nn.RNNCell(input_size, hidden_size, nonlinearity=nonlinearity, dtype=dtype)
    cell.load_state_dict(state_dict)
    return cell


@overload
def from_module(module: nn.RNN | nn.RNNCell | RNN) -> RNNParams: ...
@overload
def from_module(module: nn.LSTM | nn.LSTMCell | LSTM) -> LSTMParams: ...
def from_module(module: nn.Module) -> RNNParams | LSTMParams:
    """Copy the parameters of a torch module; those of bfloat16, which NumPy lacks, as float32.

    Args:
        module: `nn.RNN`, `nn.LSTM`, `nn.RNNCell`, `nn.LSTMCell`, or `RNN`, `LSTM` of this package.
            Without biases (`bias=False`) both biases come out as 0, which is the same function.

    Returns: the parameters. `batch_first` and `nonlinearity` are no part of them.

    Raises:
        TypeError: if the module is of another type.
        ValueError: if it has several layers, two directions or a projection: no single parameter
            tuple holds these.
    """
    params_type, layer = _kind(module)
    arrays = {name: _array(tensor) for name, tensor in module.named_parameters()}
    for bias, weight in (("bias_ih", "weight_ih"), ("bias_hh", "weight_hh")):
        suffix = "" if layer is None else f"_l{layer}"
        rows = arrays[weight + suffix][:, 0]
        arrays.setdefault(bias + suffix, np.zeros_like(rows))
    return from_state_dict(arrays, params_type, layer)


def load_params(module: nn.Module, params: RNNParams | LSTMParams) -> None:
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
    tensors = _tensors(params, layer)
    current = module.state_dict()
    if current.keys() != tensors.keys():
        raise ValueError("expected a module with biases, got bias=False")
    for name, tensor in tensors.items():
        if tensor.shape != current[name].shape:
            got, wanted = tuple(tensor.shape), tuple(current[name].shape)
            raise ValueError(f"expected {name} with shape {wanted}, got {got}")
    module.load_state_dict(tensors)


def _kind(module: nn.Module) -> tuple[type[RNNParams] | type[LSTMParams], int | None]:
    kind = next((kind for base, kind in KINDS.items() if isinstance(module, base)), None)
    if kind is None:
        names = "an RNN or LSTM of torch.nn or rnncore.torch"
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


def _tensors(params: RNNParams | LSTMParams, layer: int | None) -> dict[str, Tensor]:
    arrays = to_state_dict(params, layer)
    for name, array in arrays.items():
        if array.dtype not in DTYPES:
            raise TypeError(f"expected {name} of float16, float32 or float64, got {array.dtype}")
    # torch.tensor copies; torch.from_numpy would share memory, and training change both.
    return {name: torch.tensor(array) for name, array in arrays.items()}


def _array(tensor: Tensor) -> Array:
    tensor = tensor.detach().cpu()
    return np.array((tensor.float() if tensor.dtype is torch.bfloat16 else tensor).numpy())
