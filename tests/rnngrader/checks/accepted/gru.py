"""Right ways of writing the GRU functions that differ from the course's own."""

from typing import NamedTuple

import numpy as np


def sigmoid(a):
    return 1 / (1 + np.exp(-a))


class Gradients(NamedTuple):
    weight_ih: np.ndarray
    weight_hh: np.ndarray
    bias_ih: np.ndarray
    bias_hh: np.ndarray


def blocks_of(params):
    return [np.split(p, 3) for p in params]


def twelve_arrays(x, h_prev, params, reset="after"):
    (w_r, w_z, w_n), (u_r, u_z, u_n), (b_r, b_z, b_n), (d_r, d_z, d_n) = blocks_of(params)
    r = sigmoid(x @ w_r.T + h_prev @ u_r.T + b_r + d_r)
    z = sigmoid(x @ w_z.T + h_prev @ u_z.T + b_z + d_z)
    if reset == "before":
        n = np.tanh(x @ w_n.T + (r * h_prev) @ u_n.T + b_n + d_n)
    else:
        n = np.tanh(x @ w_n.T + b_n + r * (h_prev @ u_n.T + d_n))
    return n + z * (h_prev - n)


def by_einsum(x, h_prev, params, reset="after"):
    size = h_prev.shape[-1]
    a = np.einsum("bd,kd->bk", x, params[0]) + params[2]
    b = np.einsum("bh,kh->bk", h_prev, params[1]) + params[3]
    r, z = (0.5 + 0.5 * np.tanh(0.5 * (a + b)[:, k : k + size]) for k in (0, size))
    if reset == "after":
        inner = r * b[:, 2 * size :]
    else:
        inner = np.einsum("bh,kh->bk", r * h_prev, params[1][2 * size :]) + params[3][2 * size :]
    n = np.tanh(a[:, -size:] + inner)
    return {"h": np.where(True, (1 - z) * n + z * h_prev, 0), "cache": None}


def one_matrix_for_the_gates(x, h_prev, params, reset="after"):
    size = h_prev.shape[1]
    together = np.hstack([h_prev, x])
    weights = np.hstack([params.weight_hh, params.weight_ih])[: 2 * size]
    bias = (params.bias_ih + params.bias_hh)[: 2 * size]
    gates = sigmoid((weights @ together.T).T + bias)
    r, z = gates[:, :size], gates[:, size:]
    u, d = params.weight_hh[2 * size :], params.bias_hh[2 * size :]
    past = r * (h_prev @ u.T + d) if reset == "after" else (h_prev * r) @ u.T + d
    n = np.tanh(x @ params.weight_ih[2 * size :].T + params.bias_ih[2 * size :] + past)
    return z * h_prev + (1 - z) * n, (r, z, n)


def number_by_number(x, h_prev, params, reset="after"):
    batch, size = h_prev.shape
    w, u, b, d = params
    h = np.zeros((batch, size))
    for m in range(batch):
        r, z = np.zeros(size), np.zeros(size)
        for k in range(size):
            r[k] = sigmoid(w[k] @ x[m] + b[k] + u[k] @ h_prev[m] + d[k])
            row = size + k
            z[k] = sigmoid(w[row] @ x[m] + b[row] + u[row] @ h_prev[m] + d[row])
        for k in range(size):
            row = 2 * size + k
            if reset == "after":
                past = r[k] * (u[row] @ h_prev[m] + d[row])
            else:
                past = u[row] @ (r * h_prev[m]) + d[row]
            h[m, k] = (1 - z[k]) * np.tanh(w[row] @ x[m] + b[row] + past) + z[k] * h_prev[m, k]
    return h


def backward_block_by_block(dh, cache, params):
    x, h_prev, r, z, n, read, reset = cache
    (w_r, w_z, w_n), (u_r, u_z, u_n), *_ = blocks_of(params)
    dn = dh * (1 - z) * (1 - n) * (1 + n)
    dz = dh * (h_prev - n) * (z - z**2)
    if reset == "after":
        dq = r * dn
        dr = dn * read * (r - r**2)
        dh_prev = dq @ u_n
        du_n, dd_n = dq.T @ h_prev, dq.sum(0)
    else:
        p = dn @ u_n
        dr = p * h_prev * (r - r**2)
        dh_prev = p * r
        du_n, dd_n = dn.T @ (r * h_prev), dn.sum(0)
    dh_prev = dh_prev + dh * z + dz @ u_z + dr @ u_r
    dparams = Gradients(
        np.vstack([dr.T @ x, dz.T @ x, dn.T @ x]),
        np.vstack([dr.T @ h_prev, dz.T @ h_prev, du_n]),
        np.hstack([dr.sum(0), dz.sum(0), dn.sum(0)]),
        np.hstack([dr.sum(0), dz.sum(0), dd_n]),
    )
    return dr @ w_r + dz @ w_z + dn @ w_n, dh_prev, dparams


def backward_from_the_start(dh, cache, params):
    """Use only x, h_prev and the place of the gate; compute everything else again."""
    x, h_prev, reset = cache.x, cache.h_prev, cache.reset
    (w_r, w_z, w_n), (u_r, u_z, u_n), (b_r, b_z, b_n), (d_r, d_z, d_n) = blocks_of(params)
    r = sigmoid(x @ w_r.T + h_prev @ u_r.T + b_r + d_r)
    z = sigmoid(x @ w_z.T + h_prev @ u_z.T + b_z + d_z)
    q = h_prev @ u_n.T + d_n
    past = r * q if reset == "after" else (r * h_prev) @ u_n.T + d_n
    a_n = x @ w_n.T + b_n + past
    read = q if reset == "after" else r * h_prev
    again = type(cache)(x, h_prev, r, z, np.tanh(a_n), read, reset)
    dx, dh_prev, grads = backward_block_by_block(dh, again, params)
    return {"dparams": dict(grads._asdict()), "dh_prev": dh_prev, "dx": dx}


def backward_sequence_by_sequence(dh, cache, params):
    dx, dh_prev = np.zeros_like(cache.x), np.zeros_like(cache.h_prev)
    total = [np.zeros_like(p) for p in params]
    for m in range(len(dh)):
        row = slice(m, m + 1)
        one = type(cache)(*(part[row] for part in cache[:6]), cache.reset)
        dx[row], dh_prev[row], grads = backward_block_by_block(dh[row], one, params)
        for k in range(4):
            total[k] += grads[k]
    return [dx, dh_prev, total]


def backward_flat(dh, cache, params):
    dx, dh_prev, grads = backward_block_by_block(dh, cache, params)
    return dx, dh_prev, grads[0], grads[1], grads[2][None], grads[3][None]


ACCEPTED = {
    "gru_step": (twelve_arrays, by_einsum, one_matrix_for_the_gates, number_by_number),
    "gru_step_backward": (
        backward_block_by_block,
        backward_from_the_start,
        backward_sequence_by_sequence,
        backward_flat,
    ),
}
