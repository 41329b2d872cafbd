"""The LSTM: values against torch and by hand, gradients by the complex step, and properties."""

import sys

import claims
import numpy as np
import pytest
from claims import BATCH, HIDDEN, INPUT, LENGTHS, SEQ, close, lstm_case
from hypothesis import given, settings
from hypothesis import strategies as st

from rnncore import (
    init_rnn,
    lstm_backward,
    lstm_forward,
    lstm_gates,
    lstm_step,
    lstm_step_backward,
)

CELL = sys.modules["rnncore.lstm"]
SEEDS = st.integers(0, 10_000)
PADDED = pytest.mark.parametrize("lengths", LENGTHS, ids=str)


def test_worked_example() -> None:
    """The example worked out by hand comes out."""
    claims.lstm_worked_example(CELL)


@pytest.mark.parity
@pytest.mark.parametrize(("dtype", "rtol"), [(np.float64, 1e-12), (np.float32, 1e-5)])
def test_values_are_those_of_torch(dtype, rtol) -> None:
    """Step and sequence equal torch, and keep the dtype that came in."""
    claims.lstm_step_is_torch(CELL, dtype, rtol)
    claims.lstm_forward_is_torch(CELL, dtype, rtol)


@pytest.mark.parity
def test_lengths_are_those_of_packed_sequences() -> None:
    """With lengths, output and last state equal torch's packed sequences, padded again."""
    import torch
    from torch.nn.utils.rnn import pack_padded_sequence, pad_packed_sequence

    from rnncore.torch import to_module

    x, h_0, c_0, params = lstm_case()
    lengths = [5, 1, 3]
    packed = pack_padded_sequence(torch.tensor(x), lengths, batch_first=True, enforce_sorted=False)
    start = (torch.tensor(h_0)[None], torch.tensor(c_0)[None])
    packed_output, (h_n, c_n) = to_module(params)(packed, start)
    output, _ = pad_packed_sequence(packed_output, batch_first=True, total_length=SEQ)
    got = lstm_forward(x, h_0, c_0, params, lengths)
    close(got[:2], (output, (h_n[0], c_n[0])))


@PADDED
def test_fast_path_is_the_readable_step(lengths) -> None:
    """Forward and backward over a sequence equal the step functions in a loop."""
    claims.lstm_forward_is_steps(CELL, lengths)
    claims.lstm_backward_is_steps(CELL, lengths)


def test_padding_is_never_used() -> None:
    """NaN at padding changes no result and no gradient."""
    claims.lstm_padding_is_unused(CELL)


def test_blocks_of_steps_change_nothing() -> None:
    """The reverse pass works on as many steps together as fit into the cache."""
    claims.lstm_backward_in_blocks(CELL)


@given(seed=SEEDS, cut=st.integers(0, SEQ))
@settings(deadline=None, max_examples=25)
def test_a_sequence_may_be_split(seed, cut) -> None:
    """Running two parts and carrying the state gives what running the whole gives."""
    x, h_0, c_0, params = lstm_case(seed)
    whole, state, _ = lstm_forward(x, h_0, c_0, params)
    first, middle, _ = lstm_forward(x[:, :cut], h_0, c_0, params)
    second, last, _ = lstm_forward(x[:, cut:], *middle, params)
    close((np.concatenate([first, second], axis=1), last), (whole, state))


@given(seed=SEEDS, t=st.integers(0, SEQ - 1))
@settings(deadline=None, max_examples=25)
def test_the_future_does_not_change_the_past(seed, t) -> None:
    """Another input at step t changes the output at t, and none before."""
    x, *rest = lstm_case(seed)
    output, _, _ = lstm_forward(x, *rest)
    x[:, t] += 1.0
    changed, _, _ = lstm_forward(x, *rest)
    assert np.array_equal(changed[:, :t], output[:, :t])
    assert not np.isclose(changed[:, t], output[:, t]).any()


@given(seed=SEEDS, lengths=st.lists(st.integers(0, SEQ), min_size=BATCH, max_size=BATCH))
@settings(deadline=None, max_examples=25)
def test_more_padding_changes_nothing(seed, lengths) -> None:
    """Three more columns of padding leave output and last state as they are."""
    x, h_0, c_0, params = lstm_case(seed)
    output, state, _ = lstm_forward(x, h_0, c_0, params, lengths)
    wider = np.concatenate([x, np.full((BATCH, 3, INPUT), 9.0)], axis=1)
    padded, same, _ = lstm_forward(wider, h_0, c_0, params, lengths)
    close((padded[:, :SEQ], same), (output, state))
    assert not padded[:, SEQ:].any()


@given(seed=SEEDS, order=st.permutations(range(BATCH)))
@settings(deadline=None, max_examples=25)
def test_sequences_do_not_see_each_other(seed, order) -> None:
    """A batch in another order gives the results in that order."""
    x, h_0, c_0, params = lstm_case(seed)
    lengths = np.array([5, 1, 3])
    output, (h_n, c_n), _ = lstm_forward(x, h_0, c_0, params, lengths)
    got = lstm_forward(x[order], h_0[order], c_0[order], params, lengths[order])
    close(got[:2], (output[order], (h_n[order], c_n[order])))


def test_no_steps_hand_the_state_through() -> None:
    """A sequence of no steps gives an empty output, the state as it was, and zero gradients."""
    x, h_0, c_0, params = lstm_case(seq=0)
    output, (h_n, c_n), cache = lstm_forward(x, h_0, c_0, params)
    assert output.shape == (BATCH, 0, HIDDEN)
    close((h_n, c_n), (h_0, c_0))
    dx, dh_0, dc_0, dparams = lstm_backward(output, (h_0, c_0), cache, params)
    assert dx.shape == (BATCH, 0, INPUT)
    close((dh_0, dc_0), (h_0, c_0))
    assert not any(gradient.any() for gradient in dparams)


def test_one_step_is_the_step() -> None:
    """A sequence of one step gives what the step function gives."""
    x, h_0, c_0, params = lstm_case(seq=1)
    output, (h_n, c_n), _ = lstm_forward(x, h_0, c_0, params)
    h, c, _ = lstm_step(x[:, 0], h_0, c_0, params)
    close((output[:, 0], h_n, c_n), (h, h, c))


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_gradients_keep_the_dtype(dtype) -> None:
    """What comes in as float32 goes back as float32."""
    case = lstm_case(dtype=dtype)
    output, state, cache = lstm_forward(*case)
    dx, dh_0, dc_0, dparams = lstm_backward(output, state, cache, case.params)
    _, _, step = lstm_step(case.x[:, 0], case.h_0, case.c_0, case.params)
    *others, dstep = lstm_step_backward(case.h_0, case.c_0, step, case.params)
    arrays = (dx, dh_0, dc_0, *dparams, *others, *dstep)
    assert {array.dtype for array in arrays} == {np.dtype(dtype)}


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize("size", [1e4, -1e4])
def test_huge_inputs_stay_finite(dtype, size) -> None:
    """Inputs of 1e4 saturate the gates without a warning, an infinity or a NaN."""
    x, h_0, c_0, params = lstm_case(dtype=dtype)
    output, state, cache = lstm_forward(x * dtype(size), h_0, c_0, params)
    dx, *_, dparams = lstm_backward(output, state, cache, params)
    assert all(np.isfinite(array).all() for array in (output, *state, dx, *dparams))
    assert np.abs(output).max() > 0.1


def test_nan_is_not_swallowed() -> None:
    """One NaN in the input is seen in every later output of its sequence, and in no other."""
    x, *rest = lstm_case()
    x[1, 2, 0] = np.nan
    output, (h_n, c_n), _ = lstm_forward(x, *rest)
    assert np.isnan(output[1, 2:]).all()
    assert np.isnan(h_n[1]).all()
    assert np.isnan(c_n[1]).all()
    assert np.isfinite(output[[0, 2]]).all()
    assert np.isfinite(output[1, :2]).all()


def test_nothing_that_came_in_is_changed() -> None:
    """Neither forward nor backward writes into an argument, and a second call gives the same."""
    case = lstm_case()
    before = lstm_case()
    output, state, cache = lstm_forward(*case, [5, 1, 3])
    gradients = lstm_backward(output, state, cache, case.params)
    close(tuple(case), tuple(before), rtol=0, atol=0)
    close(lstm_forward(*case, [5, 1, 3])[:2], (output, state), rtol=0, atol=0)
    close(lstm_backward(output, state, cache, case.params), gradients, rtol=0, atol=0)


CASE = lstm_case()
X, H, C, PARAMS = CASE.x[:, 0], CASE.h_0, CASE.c_0, CASE.params
STEP_CACHE = lstm_step(X, H, C, PARAMS)[2]
CACHE = lstm_forward(*CASE)[2]
OUTPUT = np.ones((BATCH, SEQ, HIDDEN))
RNN = init_rnn(INPUT, HIDDEN, claims.rng())
WIDE = PARAMS._replace(bias_ih=np.zeros(15))

REFUSED = [
    (lstm_gates, (X, H.tolist(), PARAMS), TypeError, "h_prev to be a NumPy array, got list"),
    (lstm_gates, (X[:, :1], H, PARAMS), ValueError, r"x with shape \(batch, input_size=2\), got"),
    (lstm_gates, (X, H, RNN), ValueError, r"rows=16, hidden_size=4\), got \(4, 4\)"),
    (lstm_gates, (X, H, PARAMS[:3]), TypeError, "params with the fields weight_ih, .*, got tuple"),
    (lstm_gates, (X, H, WIDE), ValueError, r"bias_ih with shape \(rows=16\), got \(15,\)"),
    (lstm_step, (X.astype(int), H, C, PARAMS), TypeError, "floating-point dtype, got int64"),
    (lstm_step, (X.astype(object), H, C, PARAMS), TypeError, "floating-point dtype, got object"),
    (lstm_step, (X, H, C[:2], PARAMS), ValueError, r"c_prev .*batch=3, hidden_size=4\), got \(2"),
    (lstm_step, (X, H[:, :3], C, PARAMS), ValueError, r"h_prev .*hidden_size=4\), got \(3, 3\)"),
    (lstm_step_backward, (H, C[0], STEP_CACHE, PARAMS), ValueError, r"dc .*, got \(4,\)"),
    (lstm_step_backward, (1.0, C, STEP_CACHE, PARAMS), TypeError, "dh to be .* array, got float"),
    (lstm_forward, (X, H, C, PARAMS), ValueError, r"x .*\(batch, seq, input_size=2\), got \(3, 2"),
    (lstm_forward, (CASE.x, H, None, PARAMS), TypeError, "c_0 to be .* array, got NoneType"),
    (lstm_forward, (*CASE, [5, 1]), ValueError, r"lengths with shape \(batch=3,\), got \(2,\)"),
    (lstm_forward, (*CASE, [6, 1, 3]), ValueError, "lengths between 0 and 5, got 6"),
    (lstm_forward, (*CASE, [5, -1, 3]), ValueError, "lengths between 0 and 5, got -1"),
    (lstm_forward, (*CASE, [5.0, 1.0, 3.0]), TypeError, "lengths .* integer dtype, got float64"),
    (lstm_backward, (OUTPUT[:, 1:], (H, C), CACHE, PARAMS), ValueError, r"doutput .*seq=5.*\(3, 4"),
    (lstm_backward, (OUTPUT, (H, C[:2]), CACHE, PARAMS), ValueError, r"dc_n .*, got \(2, 4\)"),
    (lstm_backward, (OUTPUT, None, CACHE, PARAMS), TypeError, "dstate to be a tuple, got NoneType"),
    (lstm_backward, (OUTPUT, (H,), CACHE, PARAMS), ValueError, "dstate of 2 arrays, got 1"),
    (lstm_backward, (OUTPUT, (H, 0.0), CACHE, PARAMS), TypeError, "dc_n to be .*, got float"),
]


@pytest.mark.parametrize(("function", "arguments", "error", "message"), REFUSED)
def test_wrong_arguments_are_named(function, arguments, error, message) -> None:
    """A wrong argument is refused by one sentence that says what was expected and what came."""
    with pytest.raises(error, match="^expected .*" + message):
        function(*arguments)
