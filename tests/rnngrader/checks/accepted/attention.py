"""Right ways of writing the attention functions that differ from the course's own."""

from types import SimpleNamespace

import numpy as np


def scores_by_einsum(query, keys, params):
    return np.einsum("btq,qk,bsk->bts", query, params.weight, keys, optimize=True)


def scores_by_loops(query, keys, params):
    scores = np.empty((query.shape[0], query.shape[1], keys.shape[1]))
    for n, (asked, places) in enumerate(zip(query, keys, strict=True)):
        for t, q in enumerate(asked):
            for j, k in enumerate(places):
                scores[n, t, j] = q @ params.weight @ k
    return scores


def scores_keys_first(query, keys, params):
    (weight,) = params
    projected = np.swapaxes(weight @ keys.swapaxes(1, 2), 1, 2)
    return (query[:, :, None, :] * projected[:, None]).sum(-1), (query, keys)


def scores_as_lists(query, keys, params):
    return [(q @ params.weight @ k.T).tolist() for q, k in zip(query, keys, strict=True)]


def weights_by_penalty(scores, mask=None):
    if mask is None:
        mask = np.ones((scores.shape[0], scores.shape[2]), bool)
    real = mask[:, None, :].astype(scores.dtype)
    kept = np.where(real > 0, scores, -1e9)
    exps = np.exp(kept - kept.max(-1, keepdims=True)) * real
    return exps / np.maximum(exps.sum(-1, keepdims=True), 1e-300)


def weights_sentence_by_sentence(scores, mask=None):
    weights = np.zeros_like(scores)
    for n in range(len(scores)):
        places = np.arange(scores.shape[2]) if mask is None else np.flatnonzero(mask[n])
        if not places.size:
            continue
        real = scores[n][:, places]
        exps = np.exp(real - real.max(1)[:, None])
        weights[n][:, places] = exps / exps.sum(1)[:, None]
    return weights


def weights_by_logs(scores, mask=None):
    real = np.True_ if mask is None else mask[:, None, :]
    kept = np.where(real, scores, -np.inf)
    peak = kept.max(axis=2, keepdims=True)
    peak[~np.isfinite(peak)] = 0.0
    with np.errstate(divide="ignore"):
        log_total = peak + np.log(np.exp(kept - peak).sum(axis=2, keepdims=True))
    log_total[~np.isfinite(log_total)] = 0.0
    return {"alpha": np.exp(kept - log_total)}


def weights_filled_with_smallest(scores, mask=None):
    mask = np.ones(scores.shape[::2], dtype=bool) if mask is None else mask
    kept = scores.copy()
    kept[~np.broadcast_to(mask[:, None], scores.shape)] = np.finfo(scores.dtype).min
    exps = np.exp(kept - kept.max(axis=-1, keepdims=True))
    weights = exps / exps.sum(axis=-1, keepdims=True)
    return np.where(mask[:, None], weights, 0)


def context_by_einsum(weights, values):
    return np.einsum("bts,bsv->btv", weights, values)


def context_by_loop(weights, values):
    seen = 0
    for j in range(values.shape[1]):
        seen = seen + weights[:, :, j, None] * values[:, None, j]
    return seen


def context_by_product(weights, values):
    return (np.multiply(weights[..., np.newaxis], values[:, np.newaxis]).sum(axis=2), weights)


def context_stacked(weights, values):
    return np.stack([w.dot(v) for w, v in zip(weights, values, strict=True)])


def back_by_jacobian(dcontext, dweights, cache, params):
    query, keys, values, weights = cache
    arriving = dweights + np.einsum("btv,bsv->bts", dcontext, values)
    jacobian = (
        weights[..., None] * np.eye(weights.shape[-1]) - weights[..., None] * weights[:, :, None]
    )
    dscores = np.einsum("bts,btsk->btk", arriving, jacobian)
    return {
        "dparams": {"weight": np.einsum("bts,btq,bsk->qk", dscores, query, keys)},
        "dvalues": np.einsum("bts,btv->bsv", weights, dcontext),
        "dkeys": np.einsum("bts,btq,qk->bsk", dscores, query, params.weight),
        "dquery": np.einsum("bts,bsk,qk->btq", dscores, keys, params.weight),
    }


def back_by_loops(dcontext, dweights, cache, params):
    (w,) = params
    dq, dk, dv = (np.zeros_like(a) for a in cache[:3])
    dw = np.zeros_like(w)
    for n in range(len(dq)):
        for t in range(dq.shape[1]):
            alpha = cache.weights[n, t]
            arriving = dweights[n, t] + cache.values[n] @ dcontext[n, t]
            scores = alpha * (arriving - alpha @ arriving)
            dv[n] += np.outer(alpha, dcontext[n, t])
            dq[n, t] = w @ (cache.keys[n].T @ scores)
            dk[n] += np.outer(scores, cache.query[n, t] @ w)
            dw += np.outer(cache.query[n, t], cache.keys[n].T @ scores)
    return [dq, dk, dv, [dw]]


def back_flat(dcontext, dweights, cache, params):
    query, keys, values, weights = cache
    total = dcontext @ values.mT
    total += dweights
    ds = total * weights
    ds -= weights * ds.sum(-1, keepdims=True)
    through = ds.mT @ query
    dweight = np.tensordot(through, keys, axes=([0, 1], [0, 1]))
    return ds @ (keys @ params.weight.T), through @ params.weight, weights.mT @ dcontext, dweight


def step_in_one_piece(tokens, h_prev, c_prev, memory, params, mask=None):
    alpha = np.einsum("bh,hm,bsm->bs", h_prev, params.attention.weight, memory)
    alpha = np.exp(alpha - alpha.max(axis=1, keepdims=True))
    if mask is not None:
        alpha = alpha * mask
    alpha = alpha / alpha.sum(axis=1, keepdims=True)
    seen = np.einsum("bs,bsm->bm", alpha, memory)
    w, u, b, d = params.lstm
    width = params.embedding.shape[1]
    a = params.embedding.take(tokens, axis=0) @ w[:, :width].T + seen @ w[:, width:].T
    i, f, g, o = np.split(a + h_prev @ u.T + b + d, 4, axis=-1)
    c = c_prev / (1 + np.exp(-f)) + np.tanh(g) / (1 + np.exp(-i))
    h = np.tanh(c) / (1 + np.exp(-o))
    return {"logits": h @ params.weight_out.T + params.bias_out, "h": h, "c": c, "weights": alpha}


def step_with_axis(tokens, h_prev, c_prev, memory, params, mask=None):
    found = step_in_one_piece(tokens, h_prev, c_prev, memory, params, mask)
    return found["logits"], found["h"], found["c"], found["weights"][:, None]


def step_sentence_by_sentence(tokens, h_prev, c_prev, memory, params, mask=None):
    rows = []
    for n in range(len(tokens)):
        one = slice(n, n + 1)
        states = memory[one] if mask is None else memory[one][:, mask[n]]
        found = SimpleNamespace(
            **step_in_one_piece(tokens[one], h_prev[one], c_prev[one], states, params)
        )
        alpha = np.zeros((1, memory.shape[1]))
        alpha[:, slice(None) if mask is None else mask[n]] = found.weights
        rows.append((found.logits, found.h, found.c, alpha))
    return tuple(np.concatenate(column) for column in zip(*rows, strict=True))


ACCEPTED = {
    "bilinear_scores": (scores_by_einsum, scores_by_loops, scores_keys_first, scores_as_lists),
    "attention_weights": (
        weights_by_penalty,
        weights_sentence_by_sentence,
        weights_by_logs,
        weights_filled_with_smallest,
    ),
    "context": (context_by_einsum, context_by_loop, context_by_product, context_stacked),
    "attention_backward": (back_by_jacobian, back_by_loops, back_flat),
    "attended_step": (step_in_one_piece, step_with_axis, step_sentence_by_sentence),
}
