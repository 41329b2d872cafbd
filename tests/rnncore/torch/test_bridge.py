"""Parameters to and from torch: both ways, by copy, and refused where no map exists."""

import numpy as np
import pytest
import torch
from claims import HIDDEN, INPUT, close, lstm_case, rnn_case
from hidden_claims import gru_case
from torch import nn

from rnncore import (
    GRUParams,
    LSTMParams,
    RNNParams,
    from_state_dict,
    lstm_forward,
    rnn_forward,
    to_state_dict,
)
from rnncore.torch import GRU, LSTM, RNN, from_module, load_params, to_cell, to_module

pytestmark = pytest.mark.parity

KINDS = pytest.mark.parametrize("kind", [rnn_case, gru_case, lstm_case], ids=["rnn", "gru", "lstm"])
SIZES = (INPUT, HIDDEN)
MODULES = {
    RNNParams: [nn.RNN, nn.RNNCell, RNN],
    GRUParams: [nn.GRU, nn.GRUCell, GRU],
    LSTMParams: [nn.LSTM, nn.LSTMCell, LSTM],
}


@KINDS
@pytest.mark.parametrize("dtype", [np.float16, np.float32, np.float64])
@pytest.mark.parametrize("build", [to_module, to_cell])
def test_there_and_back(kind, dtype, build) -> None:
    """Parameters put into a module come out as they went in, in every dtype both sides have."""
    params = kind(dtype=dtype).params
    again = from_module(build(params))
    assert type(again) is type(params)
    assert {array.dtype for array in again} == {np.dtype(dtype)}
    close(again, params, 0, 0)


@KINDS
def test_state_dicts_are_the_same_both_ways(kind) -> None:
    """Our names load into torch strictly, and torch's own `state_dict` is read without a bridge."""
    params = kind().params
    module = to_module(params)
    state_dict = {name: torch.tensor(array) for name, array in to_state_dict(params).items()}
    assert list(module.state_dict()) == list(state_dict)
    module.load_state_dict(state_dict, strict=True)
    close(from_state_dict(module.state_dict(), type(params)), params, 0, 0)


def test_any_layer_and_direction_of_a_stack_is_read() -> None:
    """The second layer of a stacked bidirectional LSTM is read in its reverse direction."""
    torch.manual_seed(0)
    stack = nn.LSTM(*SIZES, num_layers=2, bidirectional=True, dtype=torch.float64)
    params = from_state_dict(stack.state_dict(), LSTMParams, layer=1, reverse=True)
    close(params.weight_ih, stack.weight_ih_l1_reverse)
    close(params.bias_hh, stack.bias_hh_l1_reverse)


@pytest.mark.parametrize(
    ("kind", "module"), [(kind, module) for kind, modules in MODULES.items() for module in modules]
)
def test_every_kind_of_module_is_read_and_written(kind, module) -> None:
    """A fresh module is read; another of its kind, overwritten with that, equals it."""
    torch.manual_seed(0)
    one, other = module(*SIZES, dtype=torch.float64), module(*SIZES, dtype=torch.float64)
    params = from_module(one)
    assert type(params) is kind
    assert not torch.equal(next(one.parameters()), next(other.parameters()))
    load_params(other, params)
    for name, parameter in one.named_parameters():
        assert torch.equal(parameter, other.get_parameter(name))


def test_modules_without_biases_are_read_as_zeros() -> None:
    """With `bias=False` the biases come out as 0, and the outputs are the same."""
    torch.manual_seed(0)
    module = nn.LSTM(*SIZES, bias=False, batch_first=True, dtype=torch.float64)
    params = from_module(module)
    x, h_0, c_0, _ = lstm_case()
    want, _ = module(torch.tensor(x), (torch.tensor(h_0)[None], torch.tensor(c_0)[None]))
    close(lstm_forward(x, h_0, c_0, params)[0], want)
    assert not params.bias_ih.any()
    assert from_module(nn.RNNCell(*SIZES, bias=False)).bias_hh.shape == (HIDDEN,)


def test_modules_are_batch_first_and_take_relu() -> None:
    """The built RNN has the nonlinearity that was asked for."""
    x, h_0, params = rnn_case()
    module = to_module(params, "relu")
    want, _ = module(torch.tensor(x), torch.tensor(h_0)[None])
    close(rnn_forward(x, h_0, params, nonlinearity="relu")[0], want)
    assert to_cell(params, "relu").nonlinearity == "relu"


@KINDS
@pytest.mark.parametrize("build", [to_module, to_cell])
def test_nothing_is_shared(kind, build) -> None:
    """Training the module changes no array, in either direction."""
    params = kind().params
    module = build(params)
    read = from_module(module)
    with torch.no_grad():
        for parameter in module.parameters():
            parameter += 1
    close(params, kind().params, 0, 0)
    close(read, params, 0, 0)
    assert all(parameter.requires_grad for parameter in module.parameters())


def test_bfloat16_is_read_as_float32() -> None:
    """NumPy has no bfloat16; float32 holds the same numbers."""
    module = nn.LSTM(*SIZES, dtype=torch.bfloat16)
    params = from_module(module)
    assert params.weight_ih.dtype == np.float32
    close(params.weight_ih, module.weight_ih_l0.float(), 0, 0)


LONG = lstm_case().params._replace(bias_ih=np.ones(16, np.longdouble))
RNN_PARAMS, GRU_PARAMS, LSTM_PARAMS = rnn_case().params, gru_case().params, lstm_case().params
REFUSED = [
    (to_module, ({"a": 1},), TypeError, "RNNParams, GRUParams or LSTMParams, got dict"),
    (to_module, (LONG,), TypeError, "bias_ih_l0 of float16, float32 or float64, got "),
    (to_module, (RNN_PARAMS._replace(bias_ih=np.ones(3)),), ValueError, r"bias_ih .*got \(3,\)"),
    (to_cell, (None,), TypeError, "RNNParams, GRUParams or LSTMParams, got NoneType"),
    (to_cell, (LONG,), TypeError, "bias_ih of float16, float32 or float64, got "),
    (to_cell, (LSTM_PARAMS._replace(bias_hh=np.ones(3)),), ValueError, r"bias_hh .*got \(3,\)"),
    (to_module, (GRU_PARAMS, "tanh", "before"), ValueError, "only one of torch's GRU, got 'bef"),
    (to_cell, (GRU_PARAMS, "tanh", "before"), ValueError, "only one of torch's GRU, got 'before'"),
    (to_cell, (GRU_PARAMS, "tanh", "never"), ValueError, "'after' or 'before', got 'never'"),
    (from_module, (nn.Linear(2, 4),), TypeError, "an RNN, GRU or LSTM of torch.nn .*, got Linear"),
    (from_module, (nn.GRU(*SIZES, num_layers=3),), ValueError, "num_layers=1, got 3"),
    (from_module, (nn.LSTM(*SIZES, num_layers=2),), ValueError, "num_layers=1, got 2"),
    (from_module, (nn.RNN(*SIZES, bidirectional=True),), ValueError, "one direction, got bidirec"),
    (from_module, (nn.LSTM(*SIZES, proj_size=3),), ValueError, r"\(proj_size=0\), got 3"),
    (load_params, (nn.RNN(*SIZES), LSTM_PARAMS), TypeError, "RNNParams, got LSTMParams"),
    (load_params, (nn.RNN(3, 4), RNN_PARAMS), ValueError, r"weight_ih_l0 .*\(4, 3\), got \(4, 2\)"),
    (load_params, (nn.RNN(*SIZES, bias=False), RNN_PARAMS), ValueError, "biases, got bias=False"),
    (load_params, (nn.RNN(*SIZES, 2), RNN_PARAMS), ValueError, "num_layers=1, got 2"),
    (load_params, (nn.GRU(*SIZES), RNN_PARAMS), TypeError, "GRUParams, got RNNParams"),
    (load_params, (nn.Linear(2, 4), RNN_PARAMS), TypeError, "an RNN, GRU or LSTM .*, got Linear"),
]


@pytest.mark.parametrize(("function", "arguments", "error", "message"), REFUSED)
def test_wrong_arguments_are_named(function, arguments, error, message) -> None:
    """A wrong argument is refused by one sentence that says what was expected and what came."""
    with pytest.raises(error, match="^expected .*" + message):
        function(*arguments)
