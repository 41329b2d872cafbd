"""Right ways of writing the LSTM's way back that differ from the course's own."""

from typing import NamedTuple

import numpy as np


class Gradients(NamedTuple):
    weight_ih: np.ndarray
    weight_hh: np.ndarray
    bias_ih: np.ndarray
    bias_hh: np.ndarray


def sigmoid(a):
    return 1 / (1 + np.exp(-a))


def step_gate_by_gate(dh, dc, cache, params):
    x, h_prev, c_prev, i, f, g, o, tanh_c = cache
    both = dc + dh * o * (1 - tanh_c) * (1 + tanh_c)
    das = {
        "o": dh * tanh_c * (o - o * o),
        "g": both * i * (1 - g * g),
        "f": both * c_prev * (f - f * f),
        "i": both * g * (i - i * i),
    }
    weights = [dict(zip("ifgo", np.split(p, 4), strict=True)) for p in params[:2]]
    dx, dh_prev = np.zeros_like(x), np.zeros_like(h_prev)
    for name, da in das.items():
        dx += da @ weights[0][name]
        dh_prev += da @ weights[1][name]
    rows = [np.vstack([das[name].T @ v for name in "ifgo"]) for v in (x, h_prev)]
    db = np.hstack([das[name].sum(axis=0) for name in "ifgo"])
    return dx, dh_prev, both * f, Gradients(rows[0], rows[1], db, db)


def step_by_name(dh, dc, cache, params):
    dx, dh_prev, dc_prev, grads = step_gate_by_gate(dh, dc, cache, params)
    return {"dc_prev": dc_prev, "dparams": grads._asdict(), "dx": dx, "dh_prev": dh_prev}


def step_from_preactivations(dh, dc, cache, params):
    """Use nothing of the cache but the inputs of the step."""
    x, h_prev, c_prev = cache[:3]
    a = x @ params[0].T + h_prev @ params[1].T + params[2] + params[3]
    blocks = a.reshape(len(x), 4, -1)
    i, f, o = (sigmoid(blocks[:, k]) for k in (0, 1, 3))
    g = np.tanh(blocks[:, 2])
    c = f * c_prev + i * g
    into_c = dc + dh * o / np.cosh(c) ** 2
    da = np.empty_like(blocks)
    da[:, 0] = into_c * g * i * sigmoid(-blocks[:, 0])
    da[:, 1] = into_c * c_prev * f * sigmoid(-blocks[:, 1])
    da[:, 2] = into_c * i / np.cosh(blocks[:, 2]) ** 2
    da[:, 3] = dh * np.tanh(c) * o * sigmoid(-blocks[:, 3])
    da = da.reshape(len(x), -1)
    joined = da @ np.hstack([params[1], params[0]])
    size = h_prev.shape[1]
    both = da.T @ np.hstack([h_prev, x])
    db = da.sum(axis=0, keepdims=True)
    return joined[:, size:], joined[:, :size], into_c * f, both[:, size:], both[:, :size], db, db


def step_sequence_by_sequence(dh, dc, cache, params):
    dx, dh_prev, dc_prev = (np.zeros_like(v) for v in cache[:3])
    total = [np.zeros_like(p) for p in params]
    for n in range(len(dh)):
        x, h_prev, c_prev, i, f, g, o, t = (part[n] for part in cache)
        into_c = dc[n] + dh[n] * o * (1 - t**2)
        da = np.concatenate(
            [
                into_c * g * i * (1 - i),
                into_c * c_prev * f * (1 - f),
                into_c * i * (1 - g**2),
                dh[n] * t * o * (1 - o),
            ]
        )
        dx[n], dh_prev[n] = params.weight_ih.T @ da, params.weight_hh.T @ da
        dc_prev[n] = into_c * f
        for k, part in enumerate((np.outer(da, x), np.outer(da, h_prev), da, da)):
            total[k] += part
    return [dx, dh_prev, dc_prev, total]


def backward_preallocated(doutput, dstate, cache, params):
    batch, steps, _ = doutput.shape
    dx = np.empty((batch, steps, params.weight_ih.shape[1]))
    dh, dc = (part.copy() for part in dstate)
    grads = [np.zeros_like(p) for p in params]
    for t in range(steps - 1, -1, -1):
        dh += doutput[:, t]
        dx[:, t], dh, dc, parts = step_gate_by_gate(dh, dc, cache[t], params)
        for total, part in zip(grads, parts, strict=True):
            total += part
    return dx, dh, dc, Gradients(*grads)


def backward_with_a_pair(doutput, dstate, cache, params):
    dx, dh, dc, grads = backward_preallocated(doutput, dstate, cache, params)
    return dx, (dh, dc), tuple(grads)


def backward_by_recursion(doutput, dstate, cache, params):
    dh_n, dc_n = dstate
    dx, dh, dc, parts = step_gate_by_gate(doutput[:, -1] + dh_n, dc_n, cache[-1], params)
    if len(cache) == 1:
        return dx[:, None], dh, dc, parts
    before, dh_0, dc_0, grads = backward_by_recursion(doutput[:, :-1], (dh, dc), cache[:-1], params)
    together = [one + other for one, other in zip(parts, grads, strict=True)]
    return np.concatenate([before, dx[:, None]], axis=1), dh_0, dc_0, together


def backward_products_at_the_end(doutput, dstate, cache, params):
    (dh, dc), das = dstate, []
    for t in reversed(range(len(cache))):
        _, _, c_prev, i, f, g, o, tanh_c = cache[t]
        dh = dh + doutput[:, t]
        dc = dc + dh * o * (1 - tanh_c**2)
        gates = [dc * g * i * (1 - i), dc * c_prev * f * (1 - f), dc * i * (1 - g**2)]
        das.insert(0, np.hstack([*gates, dh * tanh_c * o * (1 - o)]))
        dh, dc = das[0] @ params.weight_hh, dc * f
    da = np.stack(das)
    x, h_prev = (np.stack([one[k] for one in cache]) for k in (0, 1))
    db = da.sum((0, 1))
    grads = (np.einsum("tnr,tnd->rd", da, x), np.einsum("tnr,tnk->rk", da, h_prev), db, db)
    dx = np.einsum("tnr,rd->ntd", da, params.weight_ih)
    return {"dparams": grads, "dh_0": dh, "dc_0": dc, "dx": dx}


ACCEPTED = {
    "lstm_step_backward": (
        step_gate_by_gate,
        step_by_name,
        step_from_preactivations,
        step_sequence_by_sequence,
    ),
    "lstm_backward": (
        backward_preallocated,
        backward_with_a_pair,
        backward_by_recursion,
        backward_products_at_the_end,
    ),
}
