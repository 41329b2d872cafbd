"""The shapes in the signatures are true: checked at run time, in a process of their own.

Elsewhere they are not checked, so that the messages of `_checks` are what a caller meets.
"""

import subprocess
import sys

import pytest

CHECKED = """
from jaxtyping import install_import_hook
hook = install_import_hook("rnncore", "beartype.beartype")
hook.__enter__()
import numpy as np
import rnncore
from rnncore import seq2seq
draw = np.random.default_rng(0)
def array(*shape):
    return draw.standard_normal(shape).astype(dtype)
for dtype in (np.float32, np.float64, np.complex128):
    lstm = rnncore.init_lstm(2, 4, draw, dtype=dtype)
    rnn = rnncore.init_rnn(2, 4, draw, dtype=dtype)
    gru = rnncore.flip_update_gate(rnncore.init_gru(2, 4, draw, dtype=dtype))
    x, h, c = array(3, 5, 2), array(3, 4), array(3, 4)
    for lengths in (None, [5, 0, 2], np.array([5, 0, 2])):
        output, state, cache = rnncore.lstm_forward(x, h, c, lstm, lengths)
        rnncore.lstm_backward(output, state, cache, lstm)
        for nonlinearity in ("tanh", "relu"):
            output, h_n, cache = rnncore.rnn_forward(x, h, rnn, lengths, nonlinearity)
            rnncore.rnn_backward(output, h_n, cache, rnn)
        for reset in ("after", "before"):
            output, h_n, cache = rnncore.gru_forward(x, h, gru, lengths, reset)
            rnncore.gru_backward(output, h_n, cache, gru)
            _, cache = rnncore.gru_step(x[:, 0], h, gru, reset)
            rnncore.gru_step_backward(h, cache, gru)
            layer = rnncore.init_gru(8, 4, draw, dtype=dtype)
            stack = ((gru, gru), (layer, layer))
            output, state, cache = rnncore.stacked_forward(
                x, array(4, 3, 4), stack, lengths, reset=reset, dropout_p=0.5, rng=draw
            )
            rnncore.stacked_backward(output, state, cache, stack)
        for cell, start in ((lstm, (h, c)), (gru, (h,)), (rnn, (h,))):
            output, state, cache = rnncore.tbptt_forward(
                rnncore.cell_forward, x, start, cell, 2, lengths
            )
            rnncore.tbptt_backward(rnncore.cell_backward, output, state, cache, cell)
    for options in ({}, {"training": False}, {"shared_axis": 1}):
        y, cache = rnncore.dropout(x, 0.5, draw, **options)
        rnncore.dropout_backward(y, cache)
    for ids in (np.array(3), np.ones((3, 5), np.uint8)):
        vectors, cache = rnncore.embed(ids, array(7, 2), padding_id=1)
        rnncore.embedding_backward(vectors, cache)
    _, _, cache = rnncore.lstm_step(x[:, 0], h, c, lstm)
    rnncore.lstm_step_backward(h, c, cache, lstm)
    _, cache = rnncore.rnn_step(x[:, 0], h, rnn)
    rnncore.rnn_step_backward(h, cache, rnn)
    for name in ("sigmoid", "tanh", "relu", "softmax", "log_softmax"):
        y = getattr(rnncore, name)(x)
        getattr(rnncore, name + "_backward")(x, y)
    _, cache = rnncore.cross_entropy(x, np.ones((3, 5), int), rnncore.length_mask([5, 0, 2], 5))
    rnncore.cross_entropy_backward(1.0, cache)
    _, cache = rnncore.mean_squared_error(x, 2 * x)
    rnncore.mean_squared_error_backward(1.0, cache)
    for score in ("dot", "scaled_dot", "bilinear", "additive"):
        params = rnncore.init_attention(2, 2, draw, score, 3, dtype)
        arguments = (array(3, 6, 2), x, array(3, 5, 4), params, rnncore.length_mask([5, 0, 2], 5))
        context, weights, cache = rnncore.attention(*arguments, score)
        rnncore.attention_backward(context, weights, cache, params)
    for context in ("initial", "every_step", "previous_query", "current_query"):
        design, ids = seq2seq.Design(context), draw.integers(0, 5, (3, 4))
        params = seq2seq.init_seq2seq(5, 6, 2, 7, draw, design, dtype)
        logits, cache = seq2seq.seq2seq_forward(ids, ids[:, :2], params, design, [4, 0, 2])
        seq2seq.seq2seq_backward(logits, cache, params)
        if dtype != np.complex128:
            seq2seq.greedy_decode(ids, params, design, 3)
            seq2seq.sample_decode(ids, params, design, 3, draw)
            seq2seq.beam_decode(ids, params, design, 3)
    rnncore.adam_step(lstm, lstm, rnncore.adam_init(lstm))
    rnncore.from_state_dict(rnncore.to_state_dict(lstm), rnncore.LSTMParams)
{last}
"""


def _run(last: str) -> subprocess.CompletedProcess:
    program = CHECKED.replace("{last}", last)
    return subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=False
    )


def test_signatures_hold_for_real_and_complex() -> None:
    """Every forward and backward keeps the shapes it promises, in three dtypes."""
    run = _run("print('done')")
    assert run.stdout == "done\n", run.stderr


@pytest.mark.parametrize(
    "call",
    [
        "rnncore.lstm_gates(x[:, 0], h[:2], lstm)",
        "rnncore.cross_entropy(x, np.ones((5, 3), int))",
        "rnncore.sigmoid(np.arange(3))",
    ],
)
def test_a_broken_signature_is_noticed(call) -> None:
    """The test above can fail: a wrong size, a wrong order of axes and a wrong dtype are caught."""
    run = _run(call)
    assert "TypeCheckError" in run.stderr
