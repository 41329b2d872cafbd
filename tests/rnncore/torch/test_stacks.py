"""Stacks to and from torch: every layer and direction, both ways, by copy."""

import numpy as np
import pytest
import torch
from claims import HIDDEN, INPUT, close
from stack_claims import stack_case
from torch import nn

from rnncore import map_params, stacked_forward
from rnncore.torch import stack_from_module, stack_to_module

pytestmark = pytest.mark.parity

KINDS = pytest.mark.parametrize("kind", ["rnn", "gru", "lstm"])
FORMS = pytest.mark.parametrize(("layers", "directions"), [(1, 1), (1, 2), (3, 1), (2, 2)])
SIZES = (INPUT, HIDDEN)


@KINDS
@FORMS
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_there_and_back(kind, layers, directions, dtype) -> None:
    """Parameters put into a module come out as they went in, and share no memory with it."""
    params = stack_case(kind, layers, directions, dtype).params
    module = stack_to_module(params)
    again = stack_from_module(module)
    with torch.no_grad():
        for parameter in module.parameters():
            parameter += 1
    close(again, params, 0, 0)
    close(params, stack_case(kind, layers, directions, dtype).params, 0, 0)
    assert [type(cell) for layer in again for cell in layer] == [
        type(cell) for layer in params for cell in layer
    ]
    assert {array.dtype for layer in again for cell in layer for array in cell} == {np.dtype(dtype)}


@KINDS
@pytest.mark.parametrize("batch_first", [True, False])
def test_the_module_computes_the_same(kind, batch_first) -> None:
    """The module gives our outputs and states; `batch_first` only moves axes of the outputs."""
    x, state, params = stack_case(kind, 2, 2)
    module = stack_to_module(params, batch_first=batch_first)
    x_t = torch.tensor(x if batch_first else x.swapaxes(0, 1))
    want, last = module(x_t, map_params(torch.tensor, state))
    want = want if batch_first else want.transpose(0, 1)
    close(stacked_forward(x, state, params)[:2], (want, last))


@KINDS
def test_modules_of_torch_are_read(kind) -> None:
    """A fresh module of torch, also one without biases, computes here what it computes there."""
    torch.manual_seed(0)
    build = {"rnn": nn.RNN, "gru": nn.GRU, "lstm": nn.LSTM}[kind]
    x, state, _ = stack_case(kind, 2, 2)
    for bias in (True, False):
        module = build(
            *SIZES, 2, bias=bias, batch_first=True, bidirectional=True, dtype=torch.float64
        )
        params = stack_from_module(module)
        want, last = module(torch.tensor(x), map_params(torch.tensor, state))
        close(stacked_forward(x, state, params)[:2], (want, last))
        assert params[1][1].bias_hh.any() == bias


def test_options_reach_the_module() -> None:
    """Nonlinearity and dropout are those that were asked for; dropout acts in training only."""
    x, h_0, params = stack_case("rnn", 2, 1)
    module = stack_to_module(params, "relu", dropout=0.5)
    assert module.dropout == 0.5
    want, h_n = module.eval()(torch.tensor(x), torch.tensor(h_0))
    close(stacked_forward(x, h_0, params, nonlinearity="relu")[:2], (want, h_n))


RNN, GRU = stack_case("rnn", 2, 1).params, stack_case("gru", 2, 1).params
LONG = stack_case("rnn", 1, 1, np.longdouble).params
REFUSED = [
    (stack_to_module, (list(RNN),), TypeError, r"params\[layer\]\[direction\], .*, got list"),
    (stack_to_module, (LONG,), TypeError, "weight_ih_l0 of float16, float32 or float64, got "),
    (stack_to_module, ((RNN[0], RNN[0]),), ValueError, r"input_size=4\), got \(4, 2\)"),
    (stack_to_module, ((*RNN[:1], (*RNN[1], *RNN[1])),), ValueError, r"two each, got \[1, 2\]"),
    (stack_to_module, (GRU, "tanh", "before"), ValueError, "only one of torch's GRU, got 'before'"),
    (stack_from_module, (nn.LSTMCell(*SIZES),), TypeError, "nn.RNN, nn.GRU .*, got LSTMCell"),
    (stack_from_module, (nn.LSTM(*SIZES, proj_size=3),), ValueError, r"\(proj_size=0\), got 3"),
]


@pytest.mark.parametrize(("function", "arguments", "error", "message"), REFUSED)
def test_wrong_arguments_are_named(function, arguments, error, message) -> None:
    """A wrong argument is refused by one sentence that says what was expected and what came."""
    with pytest.raises(error, match="^expected .*" + message):
        function(*arguments)
