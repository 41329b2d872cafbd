"""What must hold of a cell, as functions of the module that holds it, real or with a fault.

No two sizes are equal and none is 1, so a swapped or a lost axis cannot hide.
"""

from types import ModuleType
from typing import Any, NamedTuple
from unittest import mock

import numpy as np
import torch

import rnncore
from rnncore import LSTMParams, RNNParams, check_gradients, init_lstm, init_rnn
from rnncore.torch import to_cell, to_module

BATCH, SEQ, INPUT, HIDDEN = 3, 5, 2, 4
LENGTHS = (None, [5, 1, 3], [0, 4, 2])


class LSTMCase(NamedTuple):
    """Arguments of `lstm_forward` without the lengths."""

    x: np.ndarray
    h_0: np.ndarray
    c_0: np.ndarray
    params: LSTMParams


class RNNCase(NamedTuple):
    """Arguments of `rnn_forward` without lengths and nonlinearity."""

    x: np.ndarray
    h_0: np.ndarray
    params: RNNParams


def rng(seed: int = 7) -> np.random.Generator:
    """Random numbers that are the same in every run."""
    return np.random.default_rng(seed)


def lstm_case(seed: int = 7, batch: int = BATCH, seq: int = SEQ, dtype: Any = float) -> LSTMCase:
    """Random inputs, state and parameters; nothing is 0 and nothing is equal."""
    draw = rng(seed)
    params = init_lstm(INPUT, HIDDEN, draw, dtype=dtype)
    shapes = ((batch, seq, INPUT), (batch, HIDDEN), (batch, HIDDEN))
    return LSTMCase(*(draw.standard_normal(shape).astype(dtype) for shape in shapes), params)


def rnn_case(seed: int = 7, batch: int = BATCH, seq: int = SEQ, dtype: Any = float) -> RNNCase:
    """Random inputs, state and parameters; nothing is 0 and nothing is equal."""
    draw = rng(seed)
    params = init_rnn(INPUT, HIDDEN, draw, dtype=dtype)
    shapes = ((batch, seq, INPUT), (batch, HIDDEN))
    return RNNCase(*(draw.standard_normal(shape).astype(dtype) for shape in shapes), params)


def close(got: Any, want: Any, rtol: float = 1e-12, atol: float = 1e-14) -> None:
    """Compare (nested tuples of) arrays, in values and in structure."""
    if isinstance(want, tuple):
        for one, other in zip(got, want, strict=True):
            close(one, other, rtol, atol)
        return
    if isinstance(want, torch.Tensor):
        want = want.detach().numpy()
    assert np.shape(got) == np.shape(want)
    np.testing.assert_allclose(got, want, rtol=rtol, atol=atol)


def lstm_worked_example(cell: ModuleType) -> None:
    """With i = .5, f = .9, g = .8, o = .7, c_prev = 1: c = .9 + .4 and h = .7 tanh(1.3)."""
    bias, one = np.log([1, 9, 3, 7 / 3]), np.ones((1, 1))
    params = LSTMParams(np.zeros((4, 1)), np.zeros((4, 1)), bias, np.zeros(4))
    gates = cell.lstm_gates(one, one, params)
    h, c, _ = cell.lstm_step(one, one, one, params)
    close(tuple(gate.item() for gate in gates), (0.5, 0.9, 0.8, 0.7))
    close(c.item(), 1.3)
    close(h.item(), 0.7 * (np.exp(2.6) - 1) / (np.exp(2.6) + 1))
    assert round(h.item(), 4) == 0.6032


def lstm_step_is_torch(cell: ModuleType, dtype: Any = float, rtol: float = 1e-12) -> None:
    """One step equals `nn.LSTMCell`."""
    x, h_0, c_0, params = lstm_case(dtype=dtype)
    h, c, _ = cell.lstm_step(x[:, 0], h_0, c_0, params)
    tensors = [torch.tensor(array) for array in (x[:, 0], h_0, c_0)]
    close((h, c), to_cell(params)(tensors[0], tuple(tensors[1:])), rtol, atol=rtol / 100)
    assert h.dtype == c.dtype == dtype


def lstm_forward_is_torch(cell: ModuleType, dtype: Any = float, rtol: float = 1e-12) -> None:
    """A sequence equals `nn.LSTM`."""
    x, h_0, c_0, params = lstm_case(dtype=dtype)
    output, state, _ = cell.lstm_forward(x, h_0, c_0, params)
    start = (torch.tensor(h_0)[None], torch.tensor(c_0)[None])
    want, (h_n, c_n) = to_module(params)(torch.tensor(x), start)
    close((output, state), (want, (h_n[0], c_n[0])), rtol, atol=rtol / 100)
    assert {array.dtype for array in (output, *state)} == {np.dtype(dtype)}


def lstm_step_backward_is_exact(cell: ModuleType) -> None:
    """The gradient of a step equals the complex step, by every input and parameter."""
    x, h_0, c_0, params = lstm_case()
    check_gradients(
        rnncore.lstm_step,
        lambda dh, dc, cache: cell.lstm_step_backward(dh, dc, cache, params),
        {"x": x[:, 0], "h_prev": h_0, "c_prev": c_0, "params": params},
        rng(),
    )


def lstm_backward_is_exact(cell: ModuleType, lengths: Any = None) -> None:
    """The gradient of a sequence equals the complex step, by every input and parameter."""
    case = lstm_case()
    check_gradients(
        lambda *arguments: rnncore.lstm_forward(*arguments, lengths),
        lambda doutput, dstate, cache: cell.lstm_backward(doutput, dstate, cache, case.params),
        case._asdict(),
        rng(),
    )


def lstm_backward_in_blocks(cell: ModuleType) -> None:
    """However few steps fit into the cache together, a last block that is not full included."""
    for steps in (1, 2, SEQ):
        with mock.patch.object(cell, "_IN_CACHE", steps * BATCH * 4 * HIDDEN):
            lstm_backward_is_exact(cell, [SEQ, 1, 3])


def lstm_forward_is_steps(cell: ModuleType, lengths: Any = None) -> None:
    """The fast path equals the readable step in a loop, sequence by sequence."""
    x, h_0, c_0, params = lstm_case()
    output, (h_n, c_n), _ = cell.lstm_forward(x, h_0, c_0, params, lengths)
    assert not np.shares_memory(h_n, h_0)
    for n in range(BATCH):
        real = SEQ if lengths is None else lengths[n]
        h, c = h_0[[n]], c_0[[n]]
        for t in range(real):
            h, c, _ = rnncore.lstm_step(x[[n], t], h, c, params)
            close(output[[n], t], h)
        close((h_n[[n]], c_n[[n]]), (h, c))
        close(output[n, real:], np.zeros((SEQ - real, HIDDEN)))


def lstm_backward_is_steps(cell: ModuleType, lengths: Any = None) -> None:
    """The fast reverse equals the readable reverse in a loop, sequence by sequence."""
    case, draw = lstm_case(), rng(8)
    doutput = draw.standard_normal((BATCH, SEQ, HIDDEN))
    dh_n, dc_n = draw.standard_normal((2, BATCH, HIDDEN))
    _, _, cache = rnncore.lstm_forward(*case, lengths)
    dx, dh_0, dc_0, dparams = cell.lstm_backward(doutput, (dh_n, dc_n), cache, case.params)
    total = rnncore.map_params(np.zeros_like, case.params)
    for n in range(BATCH):
        real = SEQ if lengths is None else lengths[n]
        h, c, caches = case.h_0[[n]], case.c_0[[n]], []
        for t in range(real):
            h, c, step = rnncore.lstm_step(case.x[[n], t], h, c, case.params)
            caches.append(step)
        dh, dc = dh_n[[n]], dc_n[[n]]
        for t in reversed(range(real)):
            dx_t, dh, dc, dstep = rnncore.lstm_step_backward(
                dh + doutput[[n], t], dc, caches[t], case.params
            )
            close(dx[[n], t], dx_t)
            total = rnncore.map_params(np.add, total, dstep)
        close((dh_0[[n]], dc_0[[n]]), (dh, dc))
        close(dx[n, real:], np.zeros((SEQ - real, INPUT)))
    close(dparams, total)


def lstm_padding_is_unused(cell: ModuleType) -> None:
    """NaN at padding reaches neither a result nor a gradient."""
    lengths = [5, 1, 3]
    case = lstm_case()
    padding = ~rnncore.length_mask(lengths, SEQ)
    clean = cell.lstm_forward(*case, lengths)
    doutput = rng().standard_normal((BATCH, SEQ, HIDDEN))
    gradients = cell.lstm_backward(doutput, (case.h_0, case.c_0), clean[2], case.params)
    spoilt_x, spoilt_doutput = case.x.copy(), doutput.copy()
    spoilt_x[padding], spoilt_doutput[padding] = np.nan, np.nan
    spoilt = cell.lstm_forward(spoilt_x, *case[1:], lengths)
    close(spoilt[:2], clean[:2])
    close(
        cell.lstm_backward(spoilt_doutput, (case.h_0, case.c_0), spoilt[2], case.params), gradients
    )
