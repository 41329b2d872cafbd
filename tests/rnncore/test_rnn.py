"""The simple RNN: values against torch and by hand, gradients by the complex step, properties."""

import claims
import numpy as np
import pytest
from claims import BATCH, HIDDEN, INPUT, LENGTHS, SEQ, close, rnn_case
from hypothesis import given, settings
from hypothesis import strategies as st

from rnncore import (
    RNNParams,
    init_lstm,
    length_mask,
    map_params,
    rnn_backward,
    rnn_forward,
    rnn_step,
    rnn_step_backward,
)

SEEDS = st.integers(0, 10_000)
PADDED = pytest.mark.parametrize("lengths", LENGTHS, ids=str)
BOTH = pytest.mark.parametrize("nonlinearity", ["tanh", "relu"])


def test_worked_example() -> None:
    """With a = 2 * 0.5 ln 3 + 0.25 ln 9 - 0.5 ln 3 = ln 3, h = tanh(ln 3) = 0.8."""
    one, ln3 = np.ones((1, 1)), np.log(3)
    params = RNNParams(2 * one, one, np.array([-0.5 * ln3]), np.zeros(1))
    h, _ = rnn_step(0.5 * ln3 * one, 0.5 * ln3 * one, params)
    close(h, 0.8 * one)
    linear, _ = rnn_step(0.5 * ln3 * one, 0.5 * ln3 * one, params, "relu")
    close(linear, ln3 * one)


@pytest.mark.parity
@BOTH
@pytest.mark.parametrize(("dtype", "rtol"), [(np.float64, 1e-12), (np.float32, 1e-5)])
def test_values_are_those_of_torch(dtype, rtol, nonlinearity) -> None:
    """Step and sequence equal torch, and keep the dtype that came in."""
    import torch

    from rnncore.torch import to_cell, to_module

    x, h_0, params = rnn_case(dtype=dtype)
    h, _ = rnn_step(x[:, 0], h_0, params, nonlinearity)
    cell = to_cell(params, nonlinearity)
    close(h, cell(torch.tensor(x[:, 0]), torch.tensor(h_0)), rtol, atol=rtol / 100)

    output, h_n, _ = rnn_forward(x, h_0, params, nonlinearity=nonlinearity)
    module = to_module(params, nonlinearity)
    want, last = module(torch.tensor(x), torch.tensor(h_0)[None])
    close((output, h_n), (want, last[0]), rtol, atol=rtol / 100)
    assert h.dtype == output.dtype == h_n.dtype == dtype


@BOTH
@PADDED
def test_fast_path_is_the_readable_step(lengths, nonlinearity) -> None:
    """Forward and backward over a sequence equal the step functions in a loop."""
    (x, h_0, params), draw = rnn_case(), claims.rng(8)
    doutput, dh_n = draw.standard_normal((BATCH, SEQ, HIDDEN)), draw.standard_normal(h_0.shape)
    output, h_n, cache = rnn_forward(x, h_0, params, lengths, nonlinearity)
    dx, dh_0, dparams = rnn_backward(doutput, dh_n, cache, params)
    total = map_params(np.zeros_like, params)
    for n in range(BATCH):
        real = SEQ if lengths is None else lengths[n]
        h, dh, caches = h_0[[n]], dh_n[[n]], []
        for t in range(real):
            h, step = rnn_step(x[[n], t], h, params, nonlinearity)
            close(output[[n], t], h)
            caches.append(step)
        for t in reversed(range(real)):
            dx_t, dh, dstep = rnn_step_backward(dh + doutput[[n], t], caches[t], params)
            close(dx[[n], t], dx_t)
            total = map_params(np.add, total, dstep)
        close((h_n[[n]], dh_0[[n]]), (h, dh))
        assert not output[n, real:].any()
        assert not dx[n, real:].any()
    close(dparams, total)


@BOTH
def test_padding_is_never_used(nonlinearity) -> None:
    """NaN at padding changes no result and no gradient."""
    x, h_0, params = rnn_case()
    lengths = [5, 1, 3]
    doutput = claims.rng().standard_normal((BATCH, SEQ, HIDDEN))
    output, h_n, cache = rnn_forward(x, h_0, params, lengths, nonlinearity)
    gradients = rnn_backward(doutput, h_0, cache, params)
    padding = ~length_mask(lengths, SEQ)
    x[padding], doutput[padding] = np.nan, np.nan
    *results, cache = rnn_forward(x, h_0, params, lengths, nonlinearity)
    close(tuple(results), (output, h_n))
    close(rnn_backward(doutput, h_0, cache, params), gradients)


@given(seed=SEEDS, cut=st.integers(0, SEQ))
@settings(deadline=None, max_examples=25)
def test_a_sequence_may_be_split(seed, cut) -> None:
    """Running two parts and carrying the state gives what running the whole gives."""
    x, h_0, params = rnn_case(seed)
    whole, h_n, _ = rnn_forward(x, h_0, params)
    first, middle, _ = rnn_forward(x[:, :cut], h_0, params)
    second, last, _ = rnn_forward(x[:, cut:], middle, params)
    close((np.concatenate([first, second], axis=1), last), (whole, h_n))


@given(seed=SEEDS, t=st.integers(0, SEQ - 1))
@settings(deadline=None, max_examples=25)
def test_the_future_does_not_change_the_past(seed, t) -> None:
    """Another input at step t changes the output at t, and none before."""
    x, *rest = rnn_case(seed)
    output, _, _ = rnn_forward(x, *rest)
    x[:, t] += 1.0
    changed, _, _ = rnn_forward(x, *rest)
    assert np.array_equal(changed[:, :t], output[:, :t])
    assert not np.array_equal(changed[:, t], output[:, t])


@given(seed=SEEDS, lengths=st.lists(st.integers(0, SEQ), min_size=BATCH, max_size=BATCH))
@settings(deadline=None, max_examples=25)
def test_more_padding_changes_nothing(seed, lengths) -> None:
    """Three more columns of padding leave output and last state as they are."""
    x, h_0, params = rnn_case(seed)
    output, h_n, _ = rnn_forward(x, h_0, params, lengths)
    wider = np.concatenate([x, np.full((BATCH, 3, INPUT), 9.0)], axis=1)
    padded, same, _ = rnn_forward(wider, h_0, params, lengths)
    close((padded[:, :SEQ], same), (output, h_n))
    assert not padded[:, SEQ:].any()


@given(seed=SEEDS, order=st.permutations(range(BATCH)))
@settings(deadline=None, max_examples=25)
def test_sequences_do_not_see_each_other(seed, order) -> None:
    """A batch in another order gives the results in that order."""
    x, h_0, params = rnn_case(seed)
    lengths = np.array([5, 1, 3])
    output, h_n, _ = rnn_forward(x, h_0, params, lengths)
    got = rnn_forward(x[order], h_0[order], params, lengths[order])
    close(got[:2], (output[order], h_n[order]))


def test_no_steps_hand_the_state_through() -> None:
    """A sequence of no steps gives an empty output, the state as it was, and zero gradients."""
    x, h_0, params = rnn_case(seq=0)
    output, h_n, cache = rnn_forward(x, h_0, params)
    assert output.shape == (BATCH, 0, HIDDEN)
    close(h_n, h_0)
    dx, dh_0, dparams = rnn_backward(output, h_0, cache, params)
    assert dx.shape == (BATCH, 0, INPUT)
    close(dh_0, h_0)
    assert not any(gradient.any() for gradient in dparams)


@BOTH
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_gradients_keep_the_dtype(dtype, nonlinearity) -> None:
    """What comes in as float32 goes back as float32."""
    x, h_0, params = rnn_case(dtype=dtype)
    output, h_n, cache = rnn_forward(x, h_0, params, nonlinearity=nonlinearity)
    dx, dh_0, dparams = rnn_backward(output, h_n, cache, params)
    assert {array.dtype for array in (dx, dh_0, *dparams)} == {np.dtype(dtype)}


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize("size", [1e4, -1e4])
def test_huge_inputs_stay_finite(dtype, size) -> None:
    """Inputs of 1e4 saturate tanh without a warning, an infinity or a NaN."""
    x, h_0, params = rnn_case(dtype=dtype)
    output, h_n, cache = rnn_forward(x * dtype(size), h_0, params)
    dx, dh_0, dparams = rnn_backward(output, h_n, cache, params)
    assert all(np.isfinite(array).all() for array in (output, h_n, dx, dh_0, *dparams))
    assert np.abs(output).max() == 1


@BOTH
def test_nan_is_not_swallowed(nonlinearity) -> None:
    """One NaN in the input is seen in every later output of its sequence, and in no other."""
    x, h_0, params = rnn_case()
    x[1, 2, 0] = np.nan
    output, h_n, _ = rnn_forward(x, h_0, params, nonlinearity=nonlinearity)
    assert np.isnan(output[1, 2:]).all()
    assert np.isnan(h_n[1]).all()
    assert np.isfinite(output[[0, 2]]).all()
    assert np.isfinite(output[1, :2]).all()


X, H, PARAMS = rnn_case()
STEP_CACHE, CACHE = rnn_step(X[:, 0], H, PARAMS)[1], rnn_forward(X, H, PARAMS)[2]
OUTPUT = np.ones((BATCH, SEQ, HIDDEN))
LSTM = init_lstm(INPUT, HIDDEN, claims.rng())

REFUSED = [
    (rnn_step, (X[:, 0].astype(int), H, PARAMS), TypeError, "floating-point dtype, got int64"),
    (rnn_step, (X[:, 0], H[:2], PARAMS), ValueError, r"h_prev .*batch=3.*, got \(2, 4\)"),
    (rnn_step, (X[:, 0], H, LSTM), ValueError, r"rows=4, hidden_size=4\), got \(16, 4\)"),
    (rnn_step, (X[:, 0], H, PARAMS, "gelu"), ValueError, "'tanh' or 'relu', got 'gelu'"),
    (rnn_step_backward, (None, STEP_CACHE, PARAMS), TypeError, "dh to be .*, got NoneType"),
    (rnn_step_backward, (H[0], STEP_CACHE, PARAMS), ValueError, r"dh .*, got \(4,\)"),
    (rnn_forward, (X, H.astype(int), PARAMS), TypeError, "h_0 .* dtype, got int64"),
    (rnn_forward, (X, H[:, :3], PARAMS), ValueError, r"h_0 .*hidden_size=4\), got \(3, 3\)"),
    (rnn_forward, (X, H, PARAMS, [1, 2, 6]), ValueError, "lengths between 0 and 5, got 6"),
    (rnn_forward, (X, H, PARAMS, [True] * 3), TypeError, "lengths .* integer dtype, got bool"),
    (rnn_forward, (X, H, PARAMS, None, "exp"), ValueError, "'tanh' or 'relu', got 'exp'"),
    (rnn_backward, (OUTPUT, 0.0, CACHE, PARAMS), TypeError, "dh_n to be .*, got float"),
    (rnn_backward, (OUTPUT[1:], H, CACHE, PARAMS), ValueError, r"doutput .*batch=3.*, got \(2"),
    (rnn_backward, (OUTPUT, H[1:], CACHE, PARAMS), ValueError, r"dh_n .*, got \(2, 4\)"),
]


@pytest.mark.parametrize(("function", "arguments", "error", "message"), REFUSED)
def test_wrong_arguments_are_named(function, arguments, error, message) -> None:
    """A wrong argument is refused by one sentence that says what was expected and what came."""
    with pytest.raises(error, match="^expected .*" + message):
        function(*arguments)
