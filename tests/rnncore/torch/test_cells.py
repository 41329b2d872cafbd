"""The cells written out for autograd: equal to torch's own and to the NumPy reference."""

import claims
import numpy as np
import pytest
import torch
from claims import BATCH, HIDDEN, INPUT, LENGTHS, close, lstm_case, rnn_case
from hidden_claims import gru_case

from rnncore import (
    gru_backward,
    gru_forward,
    lstm_backward,
    lstm_forward,
    rnn_backward,
    rnn_forward,
)
from rnncore.torch import GRU, LSTM, RNN, load_params, to_module

pytestmark = pytest.mark.parity


def _lstm(params) -> LSTM:
    module = LSTM(INPUT, HIDDEN, dtype=torch.float64)
    load_params(module, params)
    return module


def _rnn(params, nonlinearity: str = "tanh") -> RNN:
    module = RNN(INPUT, HIDDEN, nonlinearity, dtype=torch.float64)
    load_params(module, params)
    return module


def _gru(params, reset: str = "after") -> GRU:
    module = GRU(INPUT, HIDDEN, reset, dtype=torch.float64)
    load_params(module, params)
    return module


def test_lstm_is_that_of_torch() -> None:
    """Output and last state equal `nn.LSTM`, with a start state and without."""
    x, h_0, c_0 = (torch.tensor(array) for array in lstm_case()[:3])
    ours, theirs = _lstm(lstm_case().params), to_module(lstm_case().params)
    want, (h_n, c_n) = theirs(x, (h_0[None], c_0[None]))
    torch.testing.assert_close(
        ours(x, (h_0, c_0)), (want, (h_n[0], c_n[0])), rtol=1e-12, atol=1e-14
    )
    torch.testing.assert_close(ours(x)[0], theirs(x)[0], rtol=1e-12, atol=1e-14)


@pytest.mark.parametrize("nonlinearity", ["tanh", "relu"])
def test_rnn_is_that_of_torch(nonlinearity) -> None:
    """Output and last state equal `nn.RNN`, with a start state and without."""
    x, h_0 = (torch.tensor(array) for array in rnn_case()[:2])
    params = rnn_case().params
    ours, theirs = _rnn(params, nonlinearity), to_module(params, nonlinearity)
    want, h_n = theirs(x, h_0[None])
    torch.testing.assert_close(ours(x, h_0), (want, h_n[0]), rtol=1e-12, atol=1e-14)
    torch.testing.assert_close(ours(x)[0], theirs(x)[0], rtol=1e-12, atol=1e-14)


def test_gru_is_that_of_torch() -> None:
    """Output and last state equal `nn.GRU`, with a start state and without."""
    x, h_0 = (torch.tensor(array) for array in gru_case()[:2])
    ours, theirs = _gru(gru_case().params), to_module(gru_case().params)
    want, h_n = theirs(x, h_0[None])
    torch.testing.assert_close(ours(x, h_0), (want, h_n[0]), rtol=1e-12, atol=1e-14)
    torch.testing.assert_close(ours(x)[0], theirs(x)[0], rtol=1e-12, atol=1e-14)


@pytest.mark.parametrize("lengths", LENGTHS, ids=str)
def test_autograd_agrees_with_the_backward_written_by_hand(lengths) -> None:
    """Values and gradients by every input and parameter equal the NumPy reference."""
    case = lstm_case()
    module = _lstm(case.params)
    x, h_0, c_0 = (torch.tensor(array, requires_grad=True) for array in case[:3])
    output, (h_n, c_n) = module(x, (h_0, c_0), lengths)
    want, state, cache = lstm_forward(*case, lengths)
    close((want, state), (output, (h_n, c_n)))

    weights = [claims.rng(9).standard_normal(y.shape) for y in (output, h_n, c_n)]
    results = zip(weights, (output, h_n, c_n), strict=True)
    sum((torch.tensor(weight) * y).sum() for weight, y in results).backward()
    got = lstm_backward(weights[0], (weights[1], weights[2]), cache, case.params)
    grads = tuple(parameter.grad for parameter in module.parameters())
    close((*got[:3], tuple(got[3])), (x.grad, h_0.grad, c_0.grad, grads))


HIDDEN_ONLY = [
    (_rnn, rnn_case, rnn_forward, rnn_backward, "tanh"),
    (_rnn, rnn_case, rnn_forward, rnn_backward, "relu"),
    (_gru, gru_case, gru_forward, gru_backward, "after"),
    (_gru, gru_case, gru_forward, gru_backward, "before"),
]


@pytest.mark.parametrize("lengths", LENGTHS, ids=str)
@pytest.mark.parametrize(("build", "draw", "forward", "backward", "option"), HIDDEN_ONLY)
def test_autograd_agrees_for_rnn_and_gru(build, draw, forward, backward, option, lengths) -> None:
    """Values and gradients by every input and parameter equal the NumPy reference."""
    case = draw()
    module = build(case.params, option)
    x, h_0 = (torch.tensor(array, requires_grad=True) for array in case[:2])
    output, h_n = module(x, h_0, lengths)
    *want, cache = forward(*case, lengths, option)
    close(tuple(want), (output, h_n))

    doutput, dh_n = (claims.rng(9).standard_normal(y.shape) for y in (output, h_n))
    ((torch.tensor(doutput) * output).sum() + (torch.tensor(dh_n) * h_n).sum()).backward()
    got = backward(doutput, dh_n, cache, case.params)
    grads = tuple(parameter.grad for parameter in module.parameters())
    close((*got[:2], tuple(got[2])), (x.grad, h_0.grad, grads))


def test_no_steps_hand_the_state_through() -> None:
    """A sequence of no steps gives an empty output and the state as it was."""
    x, h_0, c_0 = (torch.tensor(array) for array in lstm_case(seq=0)[:3])
    output, state = _lstm(lstm_case().params)(x, (h_0, c_0))
    assert output.shape == (BATCH, 0, HIDDEN)
    torch.testing.assert_close(state, (h_0, c_0))


def test_start_values_fill_torchs_range() -> None:
    """With 9 units, fresh parameters lie in (-1/3, 1/3) and come close to both ends."""
    torch.manual_seed(0)
    module = LSTM(200, 9, dtype=torch.float64)
    weights = module.weight_ih.detach()
    assert weights.dtype is torch.float64
    assert max(parameter.abs().max() for parameter in module.parameters()) < 1 / 3
    assert weights.max() > 0.33
    assert weights.min() < -0.33


X = torch.ones(BATCH, 5, INPUT)
REFUSED = [
    (lambda: RNN(INPUT, HIDDEN, "gelu"), "nonlinearity 'tanh' or 'relu', got 'gelu'"),
    (lambda: GRU(INPUT, HIDDEN, "never"), "reset 'after' or 'before', got 'never'"),
    (lambda: GRU(INPUT, HIDDEN)(X[0]), r"x .*input_size=2\), got \(5, 2\)"),
    (lambda: GRU(INPUT, HIDDEN)(X, lengths=[1, 2, 6]), "lengths between 0 and 5, got 6"),
    (lambda: RNN(INPUT, HIDDEN)(X[0]), r"x .*input_size=2\), got \(5, 2\)"),
    (lambda: RNN(INPUT, HIDDEN)(X, lengths=[1, 2]), r"lengths with shape \(3,\), got \(2,\)"),
    (lambda: LSTM(INPUT, HIDDEN)(X[:, :, :1]), r"x .*input_size=2\), got \(3, 5, 1\)"),
    (lambda: LSTM(INPUT, HIDDEN)(X, lengths=[1, 2, 6]), "lengths between 0 and 5, got 6"),
]


@pytest.mark.parametrize(("call", "message"), REFUSED)
def test_wrong_arguments_are_named(call, message) -> None:
    """A wrong argument is refused by one sentence that says what was expected and what came."""
    with pytest.raises(ValueError, match="^expected .*" + message):
        call()


def test_training_reaches_every_parameter() -> None:
    """A loss on the last state alone gives every parameter a gradient that is not zero."""
    module = LSTM(INPUT, HIDDEN)
    _, (h_n, _) = module(X)
    h_n.sum().backward()
    assert all(np.abs(parameter.grad.numpy()).min() > 0 for parameter in module.parameters())
