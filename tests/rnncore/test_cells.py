"""One calling form for the cells: it changes no number, and refuses what does not fit together."""

import claims
import numpy as np
import pytest
from claims import BATCH, HIDDEN, SEQ, close, lstm_case, rnn_case
from hidden_claims import gru_case

from rnncore import (
    cell_backward,
    cell_forward,
    gru_backward,
    gru_forward,
    lstm_backward,
    lstm_forward,
    rnn_backward,
    rnn_forward,
)

LENGTHS = [5, 1, 3]
DOUTPUT = claims.rng(8).standard_normal((BATCH, SEQ, HIDDEN))
LSTM, GRU, RNN = lstm_case(), gru_case(), rnn_case()


def test_the_lstm_is_the_lstm() -> None:
    """Results and gradients are those of `lstm_forward` and `lstm_backward`."""
    output, state, cache = cell_forward(LSTM.x, LSTM[1:3], LSTM.params, LENGTHS)
    want = lstm_forward(*LSTM, LENGTHS)
    close((output, state), want[:2], 0, 0)
    dx, dstate, dparams = cell_backward(DOUTPUT, state, cache, LSTM.params)
    gradients = lstm_backward(DOUTPUT, state, want[2], LSTM.params)
    close((dx, *dstate, dparams), gradients, 0, 0)


@pytest.mark.parametrize("reset", ["after", "before"])
def test_the_gru_is_the_gru(reset) -> None:
    """Results and gradients are those of `gru_forward` and `gru_backward`, with either reset."""
    output, state, cache = cell_forward(GRU.x, (GRU.h_0,), GRU.params, LENGTHS, reset=reset)
    want = gru_forward(*GRU, LENGTHS, reset)
    close((output, *state), want[:2], 0, 0)
    dx, dstate, dparams = cell_backward(DOUTPUT, state, cache, GRU.params)
    close((dx, *dstate, dparams), gru_backward(DOUTPUT, *state, want[2], GRU.params), 0, 0)


@pytest.mark.parametrize("nonlinearity", ["tanh", "relu"])
def test_the_rnn_is_the_rnn(nonlinearity) -> None:
    """Results and gradients are those of `rnn_forward` and `rnn_backward`, tanh and relu."""
    output, state, cache = cell_forward(
        RNN.x, (RNN.h_0,), RNN.params, LENGTHS, nonlinearity=nonlinearity
    )
    want = rnn_forward(*RNN, LENGTHS, nonlinearity)
    close((output, *state), want[:2], 0, 0)
    dx, dstate, dparams = cell_backward(DOUTPUT, state, cache, RNN.params)
    close((dx, *dstate, dparams), rnn_backward(DOUTPUT, *state, want[2], RNN.params), 0, 0)


H = (RNN.h_0,)
CACHE = cell_forward(RNN.x, H, RNN.params)[2]
REFUSED = [
    (cell_forward, (RNN.x, H, tuple(RNN.params)), TypeError, "LSTMParams, got tuple"),
    (cell_forward, (RNN.x, RNN.h_0, RNN.params), TypeError, "state to be a tuple, got ndarray"),
    (cell_forward, (RNN.x, H, LSTM.params), ValueError, "state of 2 arrays, got 1"),
    (cell_forward, (GRU.x, H * 2, GRU.params), ValueError, "state of 1 arrays, got 2"),
    (cell_forward, (RNN.x, H, RNN.params, [6, 1, 3]), ValueError, "lengths between 0 and 5, got 6"),
    (cell_backward, (DOUTPUT, H, CACHE, GRU.params), TypeError, "RNNSequenceCache with GRUParams"),
    (cell_backward, (DOUTPUT, H * 2, CACHE, RNN.params), ValueError, "state of 1 arrays, got 2"),
    (cell_backward, (DOUTPUT, [None], CACHE, RNN.params), TypeError, "to be a tuple, got list"),
    (cell_backward, (DOUTPUT[1:], H, CACHE, RNN.params), ValueError, r"doutput .*, got \(2"),
]


@pytest.mark.parametrize(("function", "arguments", "error", "message"), REFUSED)
def test_wrong_arguments_are_named(function, arguments, error, message) -> None:
    """A wrong argument is refused by one sentence that says what was expected and what came."""
    with pytest.raises(error, match="^expected .*" + message):
        function(*arguments)


def test_wrong_options_are_named() -> None:
    """An option that is another word is refused by the cell that it belongs to."""
    with pytest.raises(ValueError, match="expected reset 'after' or 'before', got 'never'"):
        cell_forward(GRU.x, (GRU.h_0,), GRU.params, reset="never")
    with pytest.raises(ValueError, match="expected nonlinearity 'tanh' or 'relu', got 'exp'"):
        cell_forward(RNN.x, H, RNN.params, nonlinearity="exp")


def test_nothing_that_came_in_is_changed() -> None:
    """The arguments are as they were after forward and backward."""
    case = lstm_case()
    _, state, cache = cell_forward(case.x, case[1:3], case.params)
    cell_backward(DOUTPUT, state, cache, case.params)
    close(tuple(case), tuple(LSTM), 0, 0)
    assert np.isfinite(case.x).all()
