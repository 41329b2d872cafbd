"""Truncated BPTT: the same results, the full gradient inside a window, and none beyond it."""

from functools import partial

import claims
import numpy as np
import pytest
from claims import BATCH, HIDDEN, INPUT, close, lstm_case, rnn_case
from hidden_claims import gru_case

from rnncore import (
    cell_backward,
    cell_forward,
    init_rnn,
    map_params,
    stacked_backward,
    stacked_forward,
    tbptt_backward,
    tbptt_forward,
    windows,
)

SEQ = 7
SIZES = pytest.mark.parametrize("size", [1, 3, 6, 7, 20])
CASES = pytest.mark.parametrize("case", [rnn_case, gru_case, lstm_case])
PADDED = pytest.mark.parametrize("lengths", [None, [7, 2, 4], [0, 3, 6]], ids=str)
DOUTPUT = claims.rng(8).standard_normal((BATCH, SEQ, HIDDEN))


@pytest.mark.parametrize(
    ("seq", "size", "ends"),
    [(6, 3, [3, 6]), (7, 3, [3, 6, 7]), (7, 20, [7]), (0, 3, [0]), (2, 1, [1, 2])],
)
def test_windows_cover_every_step_once(seq, size, ends) -> None:
    """Windows follow each other without a gap; only the last may be shorter."""
    got = windows(seq, size)
    assert [window.stop for window in got] == ends
    assert [step for window in got for step in range(seq)[window]] == list(range(seq))


@CASES
@SIZES
@PADDED
def test_results_are_those_of_the_whole(case, size, lengths) -> None:
    """Output and last state equal one run over all steps, whatever the window."""
    x, *state, params = case(seq=SEQ)
    output, last, _ = tbptt_forward(cell_forward, x, tuple(state), params, size, lengths)
    close((output, last), cell_forward(x, tuple(state), params, lengths)[:2])


@CASES
@PADDED
@pytest.mark.parametrize("size", [7, 20])
def test_one_window_is_full_bptt(case, size, lengths) -> None:
    """A window as long as the sequence, or longer, gives the full gradient."""
    x, *state, params = case(seq=SEQ)
    _, last, cache = tbptt_forward(cell_forward, x, tuple(state), params, size, lengths)
    *_, full = cell_forward(x, tuple(state), params, lengths)
    got = tbptt_backward(cell_backward, DOUTPUT, last, cache, params)
    close(got, cell_backward(DOUTPUT, last, full, params))


@CASES
@PADDED
def test_each_window_is_bptt_from_a_constant_state(case, lengths) -> None:
    """Gradients equal those of each window run alone from the state that the one before left."""
    x, *state, params = case(seq=SEQ)
    state = tuple(state)
    _, last, cache = tbptt_forward(cell_forward, x, state, params, 3, lengths)
    dx, dstate, dparams = tbptt_backward(cell_backward, DOUTPUT, last, cache, params)
    total = map_params(np.zeros_like, params)
    for window in (slice(0, 3), slice(3, 6), slice(6, 7)):
        width = window.stop - window.start
        inside = lengths and [min(max(n - window.start, 0), width) for n in lengths]
        _, end, alone = cell_forward(x[:, window], state, params, inside)
        dlast = last if window.stop == SEQ else tuple(np.zeros_like(part) for part in end)
        dx_w, dstate_w, dparams_w = cell_backward(DOUTPUT[:, window], dlast, alone, params)
        close(dx[:, window], dx_w)
        total = map_params(np.add, total, dparams_w)
        if window.start == 0:
            close(dstate, dstate_w)
        state = end
    close(dparams, total)


@CASES
def test_nothing_crosses_a_window(case) -> None:
    """A loss on the last step gives exactly 0 before its window; inside, the full gradient."""
    x, *state, params = case(seq=SEQ)
    state = tuple(state)
    doutput = np.where(np.arange(SEQ)[:, None] == 5, DOUTPUT, 0)
    _, last, cache = tbptt_forward(cell_forward, x, state, params, 3)
    none = map_params(np.zeros_like, last)
    dx, dstate, _ = tbptt_backward(cell_backward, doutput, none, cache, params)
    full, *_ = cell_backward(doutput, none, cell_forward(x, state, params)[2], params)
    assert not dx[:, :3].any()
    assert not any(part.any() for part in dstate)
    close(dx[:, 3:], full[:, 3:])
    assert np.abs(full[:, :3]).min() > 0
    assert np.abs(dx[:, 3:6]).min() > 0


def test_unsigned_lengths() -> None:
    """Lengths of an unsigned dtype, shorter than a window's start, mean what they say."""
    x, h_0, params = rnn_case(seq=SEQ)
    lengths = np.array([7, 0, 1], np.uint8)
    got = tbptt_forward(cell_forward, x, (h_0,), params, 2, lengths)
    close(got[:2], cell_forward(x, (h_0,), params, lengths)[:2])


def test_a_stack_is_cut_too() -> None:
    """Two layers of RNNs with relu run in windows, with options bound beforehand."""
    x, h_0, first = rnn_case(seq=SEQ)
    params = ((first,), (init_rnn(HIDDEN, HIDDEN, claims.rng(9)),))
    forward = partial(stacked_forward, nonlinearity="relu")
    state = np.stack([h_0, -h_0])
    output, last, cache = tbptt_forward(forward, x, state, params, 4)
    whole, want, full = forward(x, state, params)
    close((output, last), (whole, want))
    got = tbptt_backward(stacked_backward, DOUTPUT, last, cache, params)
    uncut = stacked_backward(DOUTPUT, last, full, params)
    close(got[0][:, 4:], uncut[0][:, 4:])
    assert np.abs(got[0][:, :4] - uncut[0][:, :4]).max() > 1e-3


def test_no_steps_hand_the_state_through() -> None:
    """A sequence of no steps gives the state as it was, and its gradient as it came."""
    x, h_0, params = rnn_case(seq=0)
    output, last, cache = tbptt_forward(cell_forward, x, (h_0,), params, 3)
    assert output.shape == (BATCH, 0, HIDDEN)
    dx, dstate, _ = tbptt_backward(cell_backward, output, last, cache, params)
    assert dx.shape == (BATCH, 0, INPUT)
    close((last, dstate), ((h_0,), (h_0,)))


X, H, PARAMS = rnn_case(seq=SEQ)
CACHE = tbptt_forward(cell_forward, X, (H,), PARAMS, 3)[2]
FORWARD, BACKWARD = (cell_forward, X, (H,), PARAMS), (cell_backward, DOUTPUT[:, 1:], (H,), CACHE)
REFUSED = [
    (windows, (7.0, 3), TypeError, "seq to be an integer, got float"),
    (windows, (-1, 3), ValueError, "seq >= 0, got -1"),
    (windows, (7, 0), ValueError, "size >= 1, got 0"),
    (tbptt_forward, (*FORWARD, "3"), TypeError, "size to be an integer, got str"),
    (tbptt_forward, (*FORWARD, 0), ValueError, "size >= 1, got 0"),
    (tbptt_forward, (*FORWARD, 3, [8, 1, 1]), ValueError, "lengths between 0 and 7, got 8"),
    (tbptt_forward, (*FORWARD, 3, [1.0] * 3), TypeError, "lengths .* integer dtype, got float64"),
    (tbptt_forward, (cell_forward, [1], (H,), PARAMS, 3), TypeError, "x to be .* got list"),
    (tbptt_forward, (cell_forward, H, (H,), PARAMS, 3), ValueError, r"x with .*, got \(3, 4\)"),
    (tbptt_backward, (*BACKWARD, PARAMS), ValueError, r"doutput .*seq=7.*, got \(3, 6, 4\)"),
    (
        tbptt_backward,
        (cell_backward, None, (H,), CACHE, PARAMS),
        TypeError,
        "doutput to be .*, got NoneType",
    ),
]


@pytest.mark.parametrize(("function", "arguments", "error", "message"), REFUSED)
def test_wrong_arguments_are_named(function, arguments, error, message) -> None:
    """A wrong argument is refused by one sentence that says what was expected and what came."""
    with pytest.raises(error, match="^expected .*" + message):
        function(*arguments)
