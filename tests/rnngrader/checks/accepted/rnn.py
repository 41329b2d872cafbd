"""Right ways of writing the RNN functions that differ from the course's own."""

from dataclasses import dataclass
from typing import Any

import numpy as np


def embed_by_loop(ids, weight, padding_id=None):
    vectors = np.zeros((*ids.shape, weight.shape[1]), weight.dtype)
    for n, row in enumerate(ids):
        for t, token in enumerate(row):
            if not 0 <= token < len(weight):
                raise IndexError(token)
            vectors[n, t] = weight[token]
    return vectors


def embed_by_onehot(ids, weight, padding_id=None):
    onehot = ids[..., None] == np.arange(len(weight))
    if not onehot.any(axis=-1).all():
        raise ValueError("no such token")
    return onehot.astype(weight.dtype) @ weight, {"ids": ids}


def embed_by_take(ids, weight, padding_id=None):
    assert (ids >= 0).all()
    return np.take(weight, ids, axis=0), None


def embed_as_lists(ids, weight, padding_id=None):
    if min(ids.ravel()) < 0:
        raise IndexError
    return [[list(weight[token]) for token in row] for row in ids]


def embed_by_name(ids, weight, padding_id=None):
    return {"cache": ids, "vectors": embed_by_take(ids, weight)[0]}


def step_separate(x, h_prev, params, nonlinearity="tanh"):
    h = x @ params.weight_ih.T
    h = h + h_prev @ params.weight_hh.T
    h += params.bias_ih
    h += params.bias_hh
    return np.tanh(h), (x, h_prev)


def step_column_by_column(x, h_prev, params):
    columns = [
        np.tanh(params[0] @ x[n] + params[2] + params[1] @ h_prev[n] + params[3])
        for n in range(len(x))
    ]
    return np.array(columns)


def step_einsum(x, h_prev, params, nonlinearity="tanh"):
    w, u, b, d = params
    a = np.einsum("hd,nd->nh", w, x) + np.einsum("hk,nk->nh", u, h_prev) + (b + d)
    return 2 / (1 + np.exp(-2 * a)) - 1, None


def step_joined(x, h_prev, params, nonlinearity="tanh", verbose=False):
    joined = np.concatenate([h_prev, x], axis=1)
    weight = np.hstack([params.weight_hh, params.weight_ih])
    return {"h": np.tanh(np.dot(joined, weight.T) + params.bias_hh + params.bias_ih)}


def step_loops(x, h_prev, params, nonlinearity="tanh"):
    h = []
    for n in range(len(x)):
        row = []
        for j in range(len(params.bias_ih)):
            a = params.bias_ih[j] + params.bias_hh[j]
            a += sum(w * v for w, v in zip(params.weight_ih[j], x[n], strict=True))
            a += sum(w * v for w, v in zip(params.weight_hh[j], h_prev[n], strict=True))
            row.append(np.tanh(a))
        h.append(row)
    return h


def step_single_precision(x, h_prev, params, nonlinearity="tanh"):
    small = [a.astype(np.float32) for a in (x, h_prev, *params)]
    return step_separate(small[0], small[1], type(params)(*small[2:]))


@dataclass
class Result:
    cache: Any
    h_n: Any
    output: Any


def states(x, h_0, params):
    h, all_states = h_0, []
    for t in range(x.shape[1]):
        h, _ = step_separate(x[:, t], h, params)
        all_states.append(h)
    return all_states


def forward_stacked(x, h_0, params, lengths=None, nonlinearity="tanh"):
    all_states = states(x, h_0, params)
    return np.array(all_states).transpose(1, 0, 2), all_states[-1]


def forward_preallocated(x, h_0, params, lengths=None, nonlinearity="tanh"):
    output = np.zeros((*x.shape[:2], h_0.shape[1]))
    for t in range(x.shape[1]):
        before = h_0 if t == 0 else output[:, t - 1]
        output[:, t] = step_einsum(x[:, t], before, params)[0]
    return output, output[:, -1] if x.shape[1] else h_0, None


def forward_projected_once(x, h_0, params, lengths=None, nonlinearity="tanh"):
    a = np.tensordot(x, params.weight_ih, axes=(2, 1)) + params.bias_ih + params.bias_hh
    h, output = h_0, []
    for projected in a.swapaxes(0, 1):
        h = np.tanh(projected + (params.weight_hh @ h.T).T)
        output.append(h[:, None])
    return [np.concatenate(output, axis=1), h[None], {"anything": 1}]


def forward_by_recursion(x, h_0, params, lengths=None, nonlinearity="tanh"):
    if x.shape[1] == 0:
        return np.zeros((len(x), 0, h_0.shape[1])), h_0
    h = step_joined(x[:, 0], h_0, params)["h"]
    rest, h_n = forward_by_recursion(x[:, 1:], h, params)
    return np.concatenate([h[:, None], rest], axis=1), h_n


def forward_sequence_by_sequence(x, h_0, params, lengths=None, nonlinearity="tanh"):
    runs = [states(x[n : n + 1], h_0[n : n + 1], params) for n in range(len(x))]
    output = np.array([[h[0] for h in run] for run in runs])
    return Result(cache=None, h_n=output[:, -1].copy(), output=output)


def softmax_by_loop(x):
    flat = x.reshape(-1, x.shape[-1])
    rows = []
    for row in flat:
        e = np.exp(row - max(row))
        rows.append(e / sum(e))
    return np.array(rows).reshape(x.shape)


def softmax_from_logarithm(x):
    largest = np.max(x, axis=-1, keepdims=True)
    return np.exp(x - largest - np.log(np.sum(np.exp(x - largest), axis=-1, keepdims=True)))


def softmax_shifted_further(x):
    e = np.exp(x - np.max(x, axis=-1)[..., None] + 5)
    return e / np.expand_dims(e.sum(-1), -1)


def softmax_in_own_buffer(x):
    y = x.copy()
    y -= y.max(axis=-1, keepdims=True)
    np.exp(y, out=y)
    y /= y.sum(axis=-1, keepdims=True)
    return y, "cache"


def loss_by_loop(logits, targets, mask=None):
    total, count = 0.0, 0
    for n in range(targets.shape[0]):
        for t in range(targets.shape[1]):
            if mask is None or mask[n, t]:
                row = logits[n, t] - logits[n, t].max()
                total += np.log(np.exp(row).sum()) - row[targets[n, t]]
                count += 1
    return total / count


def loss_by_selection(logits, targets, mask=None):
    real = np.ones(targets.shape, bool) if mask is None else np.asarray(mask, bool)
    rows, wanted = logits[real], targets[real]
    largest = rows.max(axis=1)
    log_sum = largest + np.log(np.exp(rows - largest[:, None]).sum(axis=1))
    return np.mean(log_sum - rows[np.arange(len(rows)), wanted]), (rows, wanted)


def loss_weighted(logits, targets, mask=None):
    weights = np.ones(targets.shape) if mask is None else mask.astype(float)
    n, t = np.indices(targets.shape)
    safe = targets * weights.astype(int)
    shifted = logits - logits.max(-1, keepdims=True)
    logp = shifted - np.log(np.exp(shifted).sum(-1, keepdims=True))
    return {"loss": np.average(-logp[n, t, safe], weights=weights)}


def loss_as_python_number(logits, targets, mask=None):
    return float(loss_by_loop(logits, targets, mask)), None


def loss_by_onehot(logits, targets, mask=None):
    onehot = targets[..., None] == np.arange(logits.shape[-1])
    shifted = logits - logits.max(axis=-1, keepdims=True)
    logp = shifted - np.log(np.exp(shifted).sum(axis=-1, keepdims=True))
    each = -np.where(onehot, logp, 0).sum(axis=-1)
    if mask is None:
        return np.array([each.mean()])
    return (each * mask).sum() / np.count_nonzero(mask)


ACCEPTED = {
    "embed": (embed_by_loop, embed_by_onehot, embed_by_take, embed_as_lists, embed_by_name),
    "rnn_step": (
        step_separate,
        step_column_by_column,
        step_einsum,
        step_joined,
        step_loops,
        step_single_precision,
    ),
    "rnn_forward": (
        forward_stacked,
        forward_preallocated,
        forward_projected_once,
        forward_by_recursion,
        forward_sequence_by_sequence,
    ),
    "softmax": (
        softmax_by_loop,
        softmax_from_logarithm,
        softmax_shifted_further,
        softmax_in_own_buffer,
    ),
    "cross_entropy": (
        loss_by_loop,
        loss_by_selection,
        loss_weighted,
        loss_as_python_number,
        loss_by_onehot,
    ),
}
