"""Right ways of writing the BPTT functions that differ from the course's own."""

from itertools import pairwise
from typing import NamedTuple

import numpy as np

from rnngrader.checks.bank.bptt_step import RNNCache


class Gradients(NamedTuple):
    weight_ih: np.ndarray
    weight_hh: np.ndarray
    bias_ih: np.ndarray
    bias_hh: np.ndarray


def step_by_name(dh, cache, params):
    x, h_prev, h = cache
    da = np.multiply(dh, 1.0 - np.square(h))
    db = np.einsum("nh->h", da)
    grads = {
        "bias_hh": db,
        "bias_ih": db,
        "weight_hh": np.einsum("nh,nk->hk", da, h_prev),
        "weight_ih": np.einsum("nh,nd->hd", da, x),
    }
    return {
        "dx": np.einsum("nh,hd->nd", da, params.weight_ih),
        "dh_prev": np.einsum("nh,hk->nk", da, params.weight_hh),
        "dparams": grads,
    }


def step_from_preactivation(dh, cache, params):
    w, u, b, d = params
    a = cache.x @ w.T + cache.h_prev @ u.T + b + d
    da = dh / np.cosh(a) ** 2
    db = da.sum(axis=0, keepdims=True)
    return (w.T @ da.T).T, (u.T @ da.T).T, (da.T @ cache.x, da.T @ cache.h_prev, db, db)


def step_sequence_by_sequence(dh, cache, params):
    dx, dh_prev = np.zeros_like(cache.x), np.zeros_like(cache.h_prev)
    grads = [np.zeros_like(p) for p in params]
    for n in range(len(dh)):
        da = dh[n] * (1 - cache.h[n] ** 2)
        dx[n] = params.weight_ih.T @ da
        dh_prev[n] = params.weight_hh.T @ da
        grads[0] += np.outer(da, cache.x[n])
        grads[1] += np.outer(da, cache.h_prev[n])
        grads[2] += da
        grads[3] += da
    return [dx, dh_prev, grads]


def step_flat(dh, cache, params):
    dx, dh_prev, grads = step_from_preactivation(dh, cache, params)
    return dx, dh_prev, *grads


def step_with_named_tuple(dh, cache, params):
    da = dh * (1 - cache.h) * (1 + cache.h)
    db = np.ones(len(da)) @ da
    grads = Gradients(da.T.dot(cache.x), da.T.dot(cache.h_prev), db, db)
    return da.dot(params.weight_ih), da.dot(params.weight_hh), grads


def backward_preallocated(doutput, dh_n, cache, params):
    batch, steps, _ = doutput.shape
    dx = np.empty((batch, steps, params.weight_ih.shape[1]))
    dh = dh_n.copy()
    grads = [np.zeros_like(p) for p in params]
    for t in range(steps - 1, -1, -1):
        dh += doutput[:, t]
        dx[:, t], dh, parts = step_with_named_tuple(dh, cache[t], params)
        for total, part in zip(grads, parts, strict=True):
            total += part
    return dx, dh, Gradients(*grads)


def backward_by_recursion(doutput, dh_n, cache, params):
    dx, dh, parts = step_with_named_tuple(doutput[:, -1] + dh_n, cache[-1], params)
    if len(cache) == 1:
        return dx[:, None], dh, parts
    before, dh_0, grads = backward_by_recursion(doutput[:, :-1], dh, cache[:-1], params)
    together = [one + other for one, other in zip(parts, grads, strict=True)]
    return np.concatenate([before, dx[:, None]], axis=1), dh_0, together


def backward_products_at_the_end(doutput, dh_n, cache, params):
    das, dh = [], dh_n
    for doutput_t, (_, _, h) in zip(reversed(doutput.swapaxes(0, 1)), reversed(cache), strict=True):
        das.insert(0, (dh + doutput_t) * (1 - h**2))
        dh = das[0] @ params.weight_hh
    da = np.stack(das)
    x, h_prev = (np.stack([one[k] for one in cache]) for k in (0, 1))
    db = da.sum((0, 1))
    grads = (np.einsum("tnh,tnd->hd", da, x), np.einsum("tnh,tnk->hk", da, h_prev), db, db)
    return {"dparams": grads, "dh_0": dh, "dx": (da @ params.weight_ih).transpose(1, 0, 2)}


def backward_without_cache(doutput, dh_n, cache, params):
    x = np.stack([one.x for one in cache], axis=1)
    h, states = cache[0].h_prev, []
    for t in range(x.shape[1]):
        new = np.tanh(x[:, t] @ params[0].T + h @ params[1].T + params[2] + params[3])
        states.append(RNNCache(x[:, t], h, new))
        h = new
    return backward_preallocated(doutput, dh_n, states, params)


def clip_with_small_number(grads, max_norm):
    norm = np.sqrt(sum(np.sum(g * g) for g in grads))
    scale = min(1.0, max_norm / (norm + 1e-6))
    return Gradients(*(g * scale for g in grads)), norm


def clip_by_concatenation(grads, max_norm):
    norm = np.linalg.norm(np.concatenate([g.ravel() for g in grads]))
    return [g * max_norm / max(norm, max_norm) for g in grads], float(norm)


def clip_by_norm_of_norms(grads, max_norm):
    norm = np.linalg.norm([np.linalg.norm(g) for g in grads])
    if norm <= max_norm:
        return grads, norm
    return {"norm": norm, "clipped": type(grads)(*(max_norm / norm * g for g in grads))}


def windows_recursive(x, h_0, doutput, params, size):
    if x.shape[1] == 0:
        nothing = [np.zeros_like(p) for p in params]
        return np.zeros((*x.shape[:2], h_0.shape[1])), h_0, nothing
    output, h, cache = forward(x[:, :size], h_0, params)
    parts = backward_preallocated(doutput[:, :size], 0 * h, cache, params)[2]
    rest, h_n, grads = windows_recursive(x[:, size:], h, doutput[:, size:], params, size)
    together = tuple(one + other for one, other in zip(parts, grads, strict=True))
    return np.concatenate([output, rest], axis=1), h_n, together


def windows_by_cutting_the_gradient(x, h_0, doutput, params, size):
    output, h_n, cache = forward(x, h_0, params)
    dh, grads = np.zeros_like(h_n), [np.zeros_like(p) for p in params]
    for t in reversed(range(len(cache))):
        _, dh, parts = step_with_named_tuple(dh + doutput[:, t], cache[t], params)
        grads = [total + part for total, part in zip(grads, parts, strict=True)]
        if t % size == 0:
            dh = np.zeros_like(dh)
    return output, h_n, Gradients(*grads)


def windows_short_one_first(x, h_0, doutput, params, size):
    borders = [0, *range(x.shape[1] % size or size, x.shape[1] + 1, size)]
    h, outputs, grads = h_0, [], [np.zeros_like(p) for p in params]
    for start, stop in pairwise(borders):
        output, h, cache = forward(x[:, start:stop], h, params)
        parts = backward_preallocated(doutput[:, start:stop], 0 * h, cache, params)[2]
        grads = [total + part for total, part in zip(grads, parts, strict=True)]
        outputs.append(output)
    return np.hstack(outputs) if outputs else forward(x, h, params)[0], h, grads


def forward(x, h, params):
    output, cache = np.zeros((*x.shape[:2], h.shape[1])), []
    for t in range(x.shape[1]):
        output[:, t] = np.tanh(x[:, t] @ params[0].T + h @ params[1].T + params[2] + params[3])
        cache.append(RNNCache(x[:, t], h, output[:, t].copy()))
        h = output[:, t].copy()
    return output, h, cache


ACCEPTED = {
    "rnn_step_backward": (
        step_by_name,
        step_from_preactivation,
        step_sequence_by_sequence,
        step_flat,
        step_with_named_tuple,
    ),
    "rnn_backward": (
        backward_preallocated,
        backward_by_recursion,
        backward_products_at_the_end,
        backward_without_cache,
    ),
    "clip_by_global_norm": (clip_with_small_number, clip_by_concatenation, clip_by_norm_of_norms),
    "truncated_bptt": (
        windows_recursive,
        windows_by_cutting_the_gradient,
        windows_short_one_first,
    ),
}
