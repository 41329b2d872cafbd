"""Optimisers: steps against torch, clipping by hand, and what is refused."""

import claims
import numpy as np
import pytest
import torch
from claims import close, lstm_case, rnn_case

from rnncore import adam_init, adam_step, clip_by_global_norm, map_params, named_arrays, sgd_step

PARAMS = lstm_case().params
GRADS = lstm_case(seed=8).params
MODEL = (PARAMS, (rnn_case().params, np.array([1.0, 2.0])))


def _in_torch(optimizer: type, steps: int, **options: object) -> tuple:
    weights = [torch.tensor(array, requires_grad=True) for array in PARAMS]
    optim = optimizer(weights, **options)
    for step in range(steps):
        for weight, grad in zip(weights, GRADS, strict=True):
            weight.grad = torch.tensor(grad * (step + 1))
        optim.step()
    return type(PARAMS)(*weights)


@pytest.mark.parity
def test_sgd_is_that_of_torch() -> None:
    """Three steps of SGD equal torch's."""
    params = PARAMS
    for step in range(3):
        params = sgd_step(params, map_params(lambda dw, s=step: dw * (s + 1), GRADS), 0.1)
    close(params, _in_torch(torch.optim.SGD, 3, lr=0.1))


@pytest.mark.parity
def test_adam_is_that_of_torch() -> None:
    """Three steps of Adam equal torch's, with every setting away from its default."""
    params, state = PARAMS, adam_init(PARAMS)
    for step in range(3):
        grads = map_params(lambda dw, s=step: dw * (s + 1), GRADS)
        params, state = adam_step(params, grads, state, 0.1, (0.8, 0.95), 1e-3)
    close(params, _in_torch(torch.optim.Adam, 3, lr=0.1, betas=(0.8, 0.95), eps=1e-3))
    assert state.steps == 3


def test_nothing_that_came_in_is_changed() -> None:
    """Steps and clipping make new arrays."""
    params, grads = map_params(np.array, PARAMS), map_params(np.array, GRADS)
    state = adam_init(params)
    sgd_step(params, grads, 0.1)
    adam_step(params, grads, state)
    clip_by_global_norm(grads, 0.01)
    close((params, grads), (PARAMS, GRADS), 0, 0)
    assert not any(array.any() for _, array in named_arrays(state.mean))


def test_float32_stays_float32() -> None:
    """No optimiser widens the dtype, even if its numbers are NumPy scalars of float64."""
    params = lstm_case(dtype=np.float32).params
    rate = np.float64(0.1)
    stepped, state = adam_step(params, params, adam_init(params), rate)
    clipped, _ = clip_by_global_norm(params, np.float64(0.1))
    arrays = named_arrays((sgd_step(params, params, rate), stepped, state.mean, clipped))
    assert {array.dtype for _, array in arrays} == {np.dtype(np.float32)}


def test_models_of_several_parts_work() -> None:
    """Tuples in tuples are stepped and clipped as one."""
    halved = sgd_step(MODEL, MODEL, 0.5)
    close(halved, map_params(lambda w: w / 2, MODEL))
    _, norm = clip_by_global_norm(MODEL, 1.0)
    flat = np.concatenate([array.ravel() for _, array in named_arrays(MODEL)])
    close(norm, np.linalg.norm(flat))


def test_clipping_keeps_the_direction() -> None:
    """(3, 4) of length 5, clipped to 1, is (0.6, 0.8): all arrays shrink by one factor."""
    clipped, norm = clip_by_global_norm((np.array([3.0]), np.array([[4.0]])), 1.0)
    close((clipped, norm), ((np.array([0.6]), np.array([[0.8]])), 5.0))


def test_clipping_never_lengthens() -> None:
    """A gradient that is short enough comes back as it was; so does one of zeros."""
    short = (np.array([0.3]), np.array([0.4]))
    close(clip_by_global_norm(short, 1.0), (short, 0.5), 0)
    close(clip_by_global_norm(short, 0.5)[0], short)
    zeros = (np.zeros(2),)
    close(clip_by_global_norm(zeros, 1.0), (zeros, 0.0))


@pytest.mark.parity
def test_clipping_is_that_of_torch() -> None:
    """The clipped gradient equals torch's, whose 1e-6 in the denominator shortens a little more."""
    tensors = [torch.zeros(array.shape, requires_grad=True) for array in GRADS]
    for tensor, grad in zip(tensors, GRADS, strict=True):
        tensor.grad = torch.tensor(grad, dtype=torch.float32)
    want = torch.nn.utils.clip_grad_norm_(tensors, 0.5)
    clipped, norm = clip_by_global_norm(GRADS, 0.5)
    close(norm, want, 1e-5)
    close(tuple(clipped), tuple(tensor.grad for tensor in tensors), 1e-5, 1e-7)


@pytest.mark.parametrize(("dtype", "size"), [(np.float32, 1e30), (np.float64, 1e200)])
def test_exploded_gradients_can_be_clipped(dtype, size) -> None:
    """Gradients whose squares overflow still have a norm."""
    clipped, norm = clip_by_global_norm((np.array([3, 4], dtype) * dtype(size),), 1.0)
    close((clipped[0], norm / size), (np.array([0.6, 0.8]), 5.0), 1e-6)


@pytest.mark.parametrize("bad", [np.nan, np.inf])
def test_a_lost_direction_is_reported(bad) -> None:
    """With NaN or infinity, the norm says so and the gradients come back as they are."""
    grads = (np.array([bad, 1.0]),)
    clipped, norm = clip_by_global_norm(grads, 1.0)
    close((clipped, norm), (grads, bad))


STATE = adam_init(PARAMS)
RNN = rnn_case().params
REFUSED = [
    (sgd_step, (PARAMS, RNN, 0.1), TypeError, "LSTMParams, got RNNParams"),
    (sgd_step, (PARAMS, GRADS._replace(bias_hh=np.ones(4)), 0.1), ValueError, r"\(16,\), got \(4,"),
    (sgd_step, (PARAMS, GRADS, 0.0), ValueError, "learning_rate > 0, got 0.0"),
    (sgd_step, (PARAMS, GRADS, "0.1"), TypeError, "learning_rate to be a number, got str"),
    (sgd_step, (PARAMS, GRADS, np.nan), ValueError, "learning_rate > 0, got nan"),
    (adam_step, (PARAMS, RNN, STATE), TypeError, "LSTMParams, got RNNParams"),
    (adam_step, (PARAMS, GRADS._replace(bias_ih=np.ones(3)), STATE), ValueError, "got .3,"),
    (adam_step, (PARAMS, GRADS, STATE, -1.0), ValueError, "learning_rate > 0, got -1.0"),
    (adam_step, (PARAMS, GRADS, STATE, 0.1, (0.9, 1.0)), ValueError, r"betas in \[0, 1\), got"),
    (adam_step, (PARAMS, GRADS, STATE, 0.1, (0.9, None)), TypeError, "betas to be a number, got"),
    (adam_step, (PARAMS, GRADS, STATE, 0.1, (0.9, 0.9), 0.0), ValueError, "eps > 0, got 0.0"),
    (clip_by_global_norm, (GRADS, None), TypeError, "max_norm to be a number, got NoneType"),
    (clip_by_global_norm, (GRADS, 0.0), ValueError, "max_norm > 0, got 0.0"),
]


@pytest.mark.parametrize(("function", "arguments", "error", "message"), REFUSED)
def test_wrong_arguments_are_named(function, arguments, error, message) -> None:
    """A wrong argument is refused by one sentence that says what was expected and what came."""
    with pytest.raises(error, match="^expected .*" + message):
        function(*arguments)


def test_adam_learns() -> None:
    """Two hundred steps bring the weights of a small LSTM to zero loss on themselves."""
    params, state = PARAMS, adam_init(PARAMS)
    for _ in range(200):
        params, state = adam_step(params, map_params(np.subtract, params, GRADS), state, 0.05)
    close(params, GRADS, 0, 0.02)
    assert claims.HIDDEN > 1
