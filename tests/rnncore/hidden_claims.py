"""What must hold of a cell whose state is h alone, the simple RNN and the GRU.

As in `claims`, each is a function of the module that holds the cell, real or with a fault.
"""

from collections.abc import Callable
from types import ModuleType
from typing import Any, NamedTuple

import numpy as np
import torch
from claims import BATCH, HIDDEN, INPUT, SEQ, close, rng, rnn_case
from torch import nn

import rnncore
from rnncore import GRUParams, RNNParams, check_gradients, init_gru, to_state_dict


class GRUCase(NamedTuple):
    """Arguments of `gru_forward` without lengths and reset."""

    x: np.ndarray
    h_0: np.ndarray
    params: GRUParams


def gru_case(seed: int = 7, batch: int = BATCH, seq: int = SEQ, dtype: Any = float) -> GRUCase:
    """Random inputs, state and parameters; nothing is 0 and nothing is equal."""
    draw = rng(seed)
    params = init_gru(INPUT, HIDDEN, draw, dtype=dtype)
    shapes = ((batch, seq, INPUT), (batch, HIDDEN))
    return GRUCase(*(draw.standard_normal(shape).astype(dtype) for shape in shapes), params)


class Kind(NamedTuple):
    """A cell and its option: the nonlinearity of the RNN, the place of the GRU's reset gate."""

    name: str
    option: str
    case: Callable[..., Any]

    def of(self, module: ModuleType, part: str) -> Callable[..., Any]:
        """Return, for example, `rnn_step` of the module."""
        return getattr(module, f"{self.name}_{part}")


TANH, RELU = Kind("rnn", "tanh", rnn_case), Kind("rnn", "relu", rnn_case)
AFTER, BEFORE = Kind("gru", "after", gru_case), Kind("gru", "before", gru_case)


def _torch(kind: Kind, params: RNNParams | GRUParams, *, cell: bool) -> nn.Module:
    options = {"nonlinearity": kind.option} if kind.name == "rnn" else {}
    builds = {"rnn": (nn.RNN, nn.RNNCell), "gru": (nn.GRU, nn.GRUCell)}
    dtype = torch.tensor(params.weight_ih).dtype
    first = {} if cell else {"batch_first": True}
    module = builds[kind.name][cell](INPUT, HIDDEN, dtype=dtype, **first, **options)
    arrays = to_state_dict(params, None if cell else 0)
    module.load_state_dict({name: torch.tensor(array) for name, array in arrays.items()})
    return module


def is_torch(module: ModuleType, kind: Kind, dtype: Any = float, rtol: float = 1e-12) -> None:
    """Step and sequence equal those of torch, and keep the dtype that came in."""
    x, h_0, params = kind.case(dtype=dtype)
    tensors = torch.tensor(x), torch.tensor(h_0)
    h, _ = kind.of(module, "step")(x[:, 0], h_0, params, kind.option)
    close(h, _torch(kind, params, cell=True)(tensors[0][:, 0], tensors[1]), rtol, rtol / 100)

    output, h_n, _ = kind.of(module, "forward")(x, h_0, params, None, kind.option)
    want, last = _torch(kind, params, cell=False)(tensors[0], tensors[1][None])
    close((output, h_n), (want, last[0]), rtol, rtol / 100)
    assert h.dtype == output.dtype == h_n.dtype == dtype


def step_backward_is_exact(module: ModuleType, kind: Kind) -> None:
    """The gradient of a step equals the complex step, by every input and parameter."""
    x, h_0, params = kind.case()
    check_gradients(
        lambda *arguments: kind.of(rnncore, "step")(*arguments, kind.option),
        lambda dh, cache: kind.of(module, "step_backward")(dh, cache, params),
        {"x": x[:, 0], "h_prev": h_0, "params": params},
        rng(),
    )


def backward_is_exact(module: ModuleType, kind: Kind, lengths: Any = None) -> None:
    """The gradient of a sequence equals the complex step, by every input and parameter."""
    case = kind.case()
    check_gradients(
        lambda *arguments: kind.of(rnncore, "forward")(*arguments, lengths, kind.option),
        lambda doutput, dh_n, cache: kind.of(module, "backward")(doutput, dh_n, cache, case.params),
        case._asdict(),
        rng(),
    )


def forward_is_steps(module: ModuleType, kind: Kind, lengths: Any = None) -> None:
    """The fast path equals the readable step in a loop, sequence by sequence."""
    x, h_0, params = kind.case()
    output, h_n, _ = kind.of(module, "forward")(x, h_0, params, lengths, kind.option)
    assert not np.shares_memory(h_n, h_0)
    for n in range(BATCH):
        real, h = SEQ if lengths is None else lengths[n], h_0[[n]]
        for t in range(real):
            h, _ = kind.of(rnncore, "step")(x[[n], t], h, params, kind.option)
            close(output[[n], t], h)
        close(h_n[[n]], h)
        close(output[n, real:], np.zeros((SEQ - real, HIDDEN)))


def backward_is_steps(module: ModuleType, kind: Kind, lengths: Any = None) -> None:
    """The fast reverse equals the readable reverse in a loop, sequence by sequence."""
    (x, h_0, params), draw = kind.case(), rng(8)
    doutput, dh_n = draw.standard_normal((BATCH, SEQ, HIDDEN)), draw.standard_normal(h_0.shape)
    _, _, cache = kind.of(rnncore, "forward")(x, h_0, params, lengths, kind.option)
    dx, dh_0, dparams = kind.of(module, "backward")(doutput, dh_n, cache, params)
    total = rnncore.map_params(np.zeros_like, params)
    for n in range(BATCH):
        real, h, dh, caches = SEQ if lengths is None else lengths[n], h_0[[n]], dh_n[[n]], []
        for t in range(real):
            h, step = kind.of(rnncore, "step")(x[[n], t], h, params, kind.option)
            caches.append(step)
        for t in reversed(range(real)):
            dh = dh + doutput[[n], t]
            dx_t, dh, dstep = kind.of(rnncore, "step_backward")(dh, caches[t], params)
            close(dx[[n], t], dx_t)
            total = rnncore.map_params(np.add, total, dstep)
        close(dh_0[[n]], dh)
        close(dx[n, real:], np.zeros((SEQ - real, INPUT)))
    close(dparams, total)


def padding_is_unused(module: ModuleType, kind: Kind) -> None:
    """NaN at padding reaches neither a result nor a gradient."""
    (x, h_0, params), lengths = kind.case(), [5, 1, 3]
    forward, backward = kind.of(module, "forward"), kind.of(module, "backward")
    doutput = rng().standard_normal((BATCH, SEQ, HIDDEN))
    *clean, cache = forward(x, h_0, params, lengths, kind.option)
    gradients = backward(doutput, h_0, cache, params)
    padding = ~rnncore.length_mask(lengths, SEQ)
    x[padding], doutput[padding] = np.nan, np.nan
    *spoilt, cache = forward(x, h_0, params, lengths, kind.option)
    close(tuple(spoilt), tuple(clean))
    close(backward(doutput, h_0, cache, params), gradients)


def gru_worked_example(module: ModuleType) -> None:
    """With r = .5, z = .9, n = .8 and h_prev = 1: h = .1 * .8 + .9 = .98, with either reset."""
    bias, one = np.array([0, np.log(9), np.log(3)]), np.ones((1, 1))
    params = GRUParams(np.zeros((3, 1)), np.zeros((3, 1)), bias, np.zeros(3))
    for reset in ("after", "before"):
        close(module.gru_step(one, one, params, reset)[0], 0.98 * one)


def gru_reset_is_placed(module: ModuleType) -> None:
    """With b_hn = ln 3 and r = .5, n is tanh(.5 ln 3) = .5 after the product, .8 before it."""
    one = np.ones((1, 1))
    params = GRUParams(np.zeros((3, 1)), np.zeros((3, 1)), np.zeros(3), np.array([0, 0, np.log(3)]))
    for reset, n in (("after", 0.5), ("before", 0.8)):
        # z = .5 and h_prev = 1.
        close(module.gru_step(one, one, params, reset)[0], (0.5 * n + 0.5) * one)
        close(module.gru_forward(one[None], one, params, None, reset)[1], (0.5 * n + 0.5) * one)


def gru_before_is_written_out(module: ModuleType) -> None:
    """With the reset gate before the product, a step equals its equations, block by block."""
    x, h_0, params = gru_case()
    x, (w_r, w_z, w_n), (u_r, u_z, u_n) = x[:, 0], *(np.split(w, 3) for w in params[:2])
    b_r, b_z, b_n = np.split(params.bias_ih + params.bias_hh, 3)
    r = 1 / (1 + np.exp(-(x @ w_r.T + h_0 @ u_r.T + b_r)))
    z = 1 / (1 + np.exp(-(x @ w_z.T + h_0 @ u_z.T + b_z)))
    n = np.tanh(x @ w_n.T + (r * h_0) @ u_n.T + b_n)
    close(module.gru_step(x, h_0, params, "before")[0], n + z * (h_0 - n))
