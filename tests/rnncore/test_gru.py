"""The GRU: values against torch and by hand, gradients by the complex step, and properties."""

import sys

import claims
import hidden_claims as hidden
import numpy as np
import pytest
from claims import BATCH, HIDDEN, INPUT, LENGTHS, SEQ, close
from hidden_claims import AFTER, BEFORE, gru_case
from hypothesis import given, settings
from hypothesis import strategies as st

from rnncore import (
    flip_update_gate,
    gru_backward,
    gru_forward,
    gru_step,
    gru_step_backward,
    init_lstm,
    map_params,
    sigmoid,
)

CELL = sys.modules["rnncore.gru"]
SEEDS = st.integers(0, 10_000)
RESETS = st.sampled_from(["after", "before"])
PADDED = pytest.mark.parametrize("lengths", LENGTHS, ids=str)
BOTH = pytest.mark.parametrize("kind", [AFTER, BEFORE], ids=["after", "before"])
DTYPES = pytest.mark.parametrize("dtype", [np.float32, np.float64])


def test_worked_examples() -> None:
    """The examples worked out by hand come out, and tell the two resets apart."""
    hidden.gru_worked_example(CELL)
    hidden.gru_reset_is_placed(CELL)
    hidden.gru_before_is_written_out(CELL)


@pytest.mark.parity
@pytest.mark.parametrize(("dtype", "rtol"), [(np.float64, 1e-12), (np.float32, 1e-5)])
def test_values_are_those_of_torch(dtype, rtol) -> None:
    """Step and sequence equal torch, and keep the dtype that came in."""
    hidden.is_torch(CELL, AFTER, dtype, rtol)


@BOTH
@PADDED
def test_fast_path_is_the_readable_step(lengths, kind) -> None:
    """Forward and backward over a sequence equal the step functions in a loop."""
    hidden.forward_is_steps(CELL, kind, lengths)
    hidden.backward_is_steps(CELL, kind, lengths)


@BOTH
def test_padding_is_never_used(kind) -> None:
    """NaN at padding changes no result and no gradient."""
    hidden.padding_is_unused(CELL, kind)


def test_the_resets_agree_where_there_is_nothing_to_reset() -> None:
    """With h_prev = 0 and b_hn = 0 both placements give the same, and otherwise they do not."""
    x, h_0, params = gru_case()
    bias_hh = np.where(np.arange(3 * HIDDEN) < 2 * HIDDEN, params.bias_hh, 0)
    without = params._replace(bias_hh=bias_hh)
    after, before = (
        [gru_step(x[:, 0], h, without, reset)[0] for h in (0 * h_0, h_0)]
        for reset in ("after", "before")
    )
    close(after[0], before[0])
    assert np.abs(after[1] - before[1]).max() > 0.01


@BOTH
def test_the_update_gate_converts(kind) -> None:
    """A step by h = z' n + (1 - z') h_prev with converted parameters gives the same state."""
    x, h_0, params = kind.case()
    h, cache = gru_step(x[:, 0], h_0, params, kind.option)
    other = flip_update_gate(params)
    rows = slice(HIDDEN, 2 * HIDDEN)
    a_z = x[:, 0] @ other.weight_ih[rows].T + h_0 @ other.weight_hh[rows].T
    z = sigmoid(a_z + other.bias_ih[rows] + other.bias_hh[rows])
    close(z, 1 - cache.z)
    close(z * cache.n + (1 - z) * h_0, h)
    close(flip_update_gate(other), params, 0, 0)
    assert not np.allclose(gru_step(x[:, 0], h_0, other, kind.option)[0], h)
    assert flip_update_gate(gru_case(dtype=np.float32).params).weight_ih.dtype == np.float32


@given(seed=SEEDS, cut=st.integers(0, SEQ), reset=RESETS)
@settings(deadline=None, max_examples=25)
def test_a_sequence_may_be_split(seed, cut, reset) -> None:
    """Running two parts and carrying the state gives what running the whole gives."""
    x, h_0, params = gru_case(seed)
    whole, h_n, _ = gru_forward(x, h_0, params, None, reset)
    first, middle, _ = gru_forward(x[:, :cut], h_0, params, None, reset)
    second, last, _ = gru_forward(x[:, cut:], middle, params, None, reset)
    close((np.concatenate([first, second], axis=1), last), (whole, h_n))


@given(seed=SEEDS, t=st.integers(0, SEQ - 1), reset=RESETS)
@settings(deadline=None, max_examples=25)
def test_the_future_does_not_change_the_past(seed, t, reset) -> None:
    """Another input at step t changes the output at t, and none before."""
    x, h_0, params = gru_case(seed)
    output, _, _ = gru_forward(x, h_0, params, None, reset)
    x[:, t] += 1.0
    changed, _, _ = gru_forward(x, h_0, params, None, reset)
    assert np.array_equal(changed[:, :t], output[:, :t])
    assert not np.array_equal(changed[:, t], output[:, t])


@given(seed=SEEDS, lengths=st.lists(st.integers(0, SEQ), min_size=BATCH, max_size=BATCH))
@settings(deadline=None, max_examples=25)
def test_more_padding_changes_nothing(seed, lengths) -> None:
    """Three more columns of padding leave output and last state as they are."""
    x, h_0, params = gru_case(seed)
    output, h_n, _ = gru_forward(x, h_0, params, lengths)
    wider = np.concatenate([x, np.full((BATCH, 3, INPUT), 9.0)], axis=1)
    padded, same, _ = gru_forward(wider, h_0, params, lengths)
    close((padded[:, :SEQ], same), (output, h_n))
    assert not padded[:, SEQ:].any()


@given(seed=SEEDS, order=st.permutations(range(BATCH)), reset=RESETS)
@settings(deadline=None, max_examples=25)
def test_sequences_do_not_see_each_other(seed, order, reset) -> None:
    """A batch in another order gives the results in that order."""
    x, h_0, params = gru_case(seed)
    lengths = np.array([5, 1, 3])
    output, h_n, _ = gru_forward(x, h_0, params, lengths, reset)
    got = gru_forward(x[order], h_0[order], params, lengths[order], reset)
    close(got[:2], (output[order], h_n[order]))


@BOTH
def test_no_steps_hand_the_state_through(kind) -> None:
    """A sequence of no steps gives an empty output, the state as it was, and zero gradients."""
    x, h_0, params = gru_case(seq=0)
    output, h_n, cache = gru_forward(x, h_0, params, None, kind.option)
    assert output.shape == (BATCH, 0, HIDDEN)
    close(h_n, h_0)
    dx, dh_0, dparams = gru_backward(output, h_0, cache, params)
    assert dx.shape == (BATCH, 0, INPUT)
    close(dh_0, h_0)
    close(dparams, map_params(np.zeros_like, params))


@BOTH
def test_one_step_is_the_step(kind) -> None:
    """A sequence of one step gives what the step function gives."""
    x, h_0, params = gru_case(seq=1)
    output, h_n, _ = gru_forward(x, h_0, params, None, kind.option)
    h, _ = gru_step(x[:, 0], h_0, params, kind.option)
    close((output[:, 0], h_n), (h, h))


@BOTH
@DTYPES
def test_gradients_keep_the_dtype(dtype, kind) -> None:
    """What comes in as float32 goes back as float32."""
    x, h_0, params = gru_case(dtype=dtype)
    output, h_n, cache = gru_forward(x, h_0, params, None, kind.option)
    dx, dh_0, dparams = gru_backward(output, h_n, cache, params)
    *others, dstep = gru_step_backward(h_0, gru_step(x[:, 0], h_0, params, kind.option)[1], params)
    arrays = (dx, dh_0, *dparams, *others, *dstep)
    assert {array.dtype for array in arrays} == {np.dtype(dtype)}


@BOTH
@DTYPES
@pytest.mark.parametrize("size", [1e4, -1e4])
def test_huge_inputs_stay_finite(dtype, size, kind) -> None:
    """Inputs of 1e4 saturate the gates without a warning, an infinity or a NaN."""
    x, h_0, params = gru_case(dtype=dtype)
    output, h_n, cache = gru_forward(x * dtype(size), h_0, params, None, kind.option)
    dx, dh_0, dparams = gru_backward(output, h_n, cache, params)
    assert all(np.isfinite(array).all() for array in (output, h_n, dx, dh_0, *dparams))
    assert np.abs(output).max() > 0.1


@BOTH
def test_the_state_cannot_leave_the_unit_interval(kind) -> None:
    """Each state lies between the one before and a tanh, so none grows past 1 or its start."""
    x, h_0, params = gru_case(seq=50)
    output, _, _ = gru_forward(100 * x, h_0, params, None, kind.option)
    assert np.abs(output).max() <= max(1, np.abs(h_0).max())


@BOTH
def test_nan_is_not_swallowed(kind) -> None:
    """One NaN in the input is seen in every later output of its sequence, and in no other."""
    x, h_0, params = gru_case()
    x[1, 2, 0] = np.nan
    output, h_n, _ = gru_forward(x, h_0, params, None, kind.option)
    assert np.isnan(output[1, 2:]).all()
    assert np.isnan(h_n[1]).all()
    assert np.isfinite(output[[0, 2]]).all()
    assert np.isfinite(output[1, :2]).all()


@BOTH
def test_nothing_that_came_in_is_changed(kind) -> None:
    """Neither forward nor backward writes into an argument, and a second call gives the same."""
    case = gru_case()
    *results, cache = gru_forward(*case, [5, 1, 3], kind.option)
    gradients = gru_backward(*results, cache, case.params)
    close(tuple(case), tuple(gru_case()), 0, 0)
    close(gru_forward(*case, [5, 1, 3], kind.option)[:2], tuple(results), 0, 0)
    close(gru_backward(*results, cache, case.params), gradients, 0, 0)


X, H, PARAMS = gru_case()
STEP_CACHE, CACHE = gru_step(X[:, 0], H, PARAMS)[1], gru_forward(X, H, PARAMS)[2]
OUTPUT = np.ones((BATCH, SEQ, HIDDEN))
LSTM = init_lstm(INPUT, HIDDEN, claims.rng())

REFUSED = [
    (gru_step, (X[:, 0].astype(int), H, PARAMS), TypeError, "floating-point dtype, got int64"),
    (gru_step, (X[:, 0], H[:2], PARAMS), ValueError, r"h_prev .*batch=3.*, got \(2, 4\)"),
    (gru_step, (X[:, 0], H, LSTM), ValueError, "divisible by 3, got 16"),
    (gru_step, (X[:, 0], H, PARAMS, "between"), ValueError, "'after' or 'before', got 'between'"),
    (gru_step_backward, (None, STEP_CACHE, PARAMS), TypeError, "dh to be .*, got NoneType"),
    (gru_step_backward, (H[0], STEP_CACHE, PARAMS), ValueError, r"dh .*, got \(4,\)"),
    (gru_forward, (X, H.astype(int), PARAMS), TypeError, "h_0 .* dtype, got int64"),
    (gru_forward, (X, H[:, :3], PARAMS), ValueError, r"h_0 .*hidden_size=4\), got \(3, 3\)"),
    (gru_forward, (X, H, PARAMS, [1, 2, 6]), ValueError, "lengths between 0 and 5, got 6"),
    (gru_forward, (X, H, PARAMS, [1.0] * 3), TypeError, "lengths .* integer dtype, got float64"),
    (gru_forward, (X, H, PARAMS, None, True), ValueError, "'after' or 'before', got True"),
    (gru_backward, (OUTPUT, 0.0, CACHE, PARAMS), TypeError, "dh_n to be .*, got float"),
    (gru_backward, (OUTPUT[1:], H, CACHE, PARAMS), ValueError, r"doutput .*batch=3.*, got \(2"),
    (gru_backward, (OUTPUT, H[1:], CACHE, PARAMS), ValueError, r"dh_n .*, got \(2, 4\)"),
    (flip_update_gate, (None,), TypeError, "params with the fields weight_ih, .* got NoneType"),
    (flip_update_gate, (LSTM,), ValueError, "divisible by 3, got 16"),
]


@pytest.mark.parametrize(("function", "arguments", "error", "message"), REFUSED)
def test_wrong_arguments_are_named(function, arguments, error, message) -> None:
    """A wrong argument is refused by one sentence that says what was expected and what came."""
    with pytest.raises(error, match="^expected .*" + message):
        function(*arguments)
