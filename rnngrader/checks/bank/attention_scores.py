"""Known mistakes in the score, and in the context."""

from collections.abc import Callable, Iterator
from functools import partial

import numpy as np

from rnncore.scores import BilinearParams
from rnngrader.checks.arguments import NumericArray as Array
from rnngrader.checks.spec import Mistake

SCORES = "attention.html#four-scores"
WEIGH = "attention.html#score-normalise-weigh"

Pair = Callable[[Array, Array], Array]
Weighing = Callable[[Array, Array], Array]


def _as_it_is(array: Array) -> Array:
    return array


def _through(query: Array, weight: Array) -> Array:
    projected: Array = query @ weight
    return projected


def _compared(projected: Array, keys: Array) -> Array:
    scores: Array = projected @ keys.mT
    return scores


def bilinear_scores(
    query: Array,
    keys: Array,
    params: BilinearParams,
    *,
    asked: Callable[[Array], Array] = _as_it_is,
    known: Callable[[Array], Array] = _as_it_is,
    through: Pair = _through,
    compare: Pair = _compared,
    scale: Callable[[Array, Array], float] = lambda _query, _keys: 1.0,
    after: Callable[[Array], Array] = _as_it_is,
) -> Array:
    """Compute scores with parts of which some may be wrong."""
    (weight,) = params
    return after(scale(query, keys) * compare(through(asked(query), weight), known(keys)))


def right_scores(query: Array, keys: Array, params: BilinearParams) -> Array:
    """Compute scores rightly, for variants that are wrong elsewhere."""
    return bilinear_scores(query, keys, params)


def softmaxed(scores: Array, axis: int = -1) -> Array:
    """Turn scores into weights, without a mask."""
    exps = np.exp(scores - scores.max(axis=axis, keepdims=True))
    weights: Array = exps / exps.sum(axis=axis, keepdims=True)
    return weights


def _lengths(array: Array) -> Array:
    norms: Array = np.linalg.norm(array, axis=-1, keepdims=True)
    return norms


def scores_mistakes() -> Iterator[Mistake]:
    """List mistakes in the bilinear score."""
    throughs: dict[str, Pair] = {
        "weight-missing": lambda q, _w: q,
        "weight-transposed": lambda q, w: q @ w.T,
        "weight-reshaped": lambda q, w: q @ w.T.reshape(w.shape),
        "weight-square": lambda q, w: (q @ w) @ w.T @ w,
        "weight-added": lambda q, w: q @ w + w.sum(axis=0),
        "tanh-inside": lambda q, w: np.tanh(q @ w),
        "query-ignored": lambda q, w: np.ones_like(q) @ w,
    }
    for name, through in throughs.items():
        yield Mistake(name, partial(bilinear_scores, through=through), see=SCORES)
    compares: dict[str, Pair] = {
        "keys-reshaped": lambda p, k: p @ k.reshape(k.shape[0], k.shape[2], k.shape[1]),
        "axes-exchanged": lambda p, k: k @ p.mT,
        "cosine": lambda p, k: (p @ k.mT) / (_lengths(p) * _lengths(k).mT),
        "distance": lambda p, k: -((p[:, :, None] - k[:, None]) ** 2).sum(axis=-1),
        "not-added-up": lambda p, k: p[:, :, None] * k[:, None],
        "sum-for-product": lambda p, k: (p[:, :, None] + k[:, None]).sum(axis=-1),
        "batch-added-up": lambda p, k: np.einsum("btk,bsk->ts", p, k),
        "batch-mixed": lambda p, k: np.einsum("btk,csk->bts", p, k),
        "mean-for-sum": lambda p, k: (p @ k.mT) / k.shape[-1],
        "keys-squared": lambda p, k: p @ (k**2).mT,
    }
    for name, compare in compares.items():
        yield Mistake(name, partial(bilinear_scores, compare=compare), see=SCORES)
    yield from _around()


def _around() -> Iterator[Mistake]:
    afters: dict[str, Callable[[Array], Array]] = {
        "scores-negated": np.negative,
        "scores-softmaxed": softmaxed,
        "scores-exponential": np.exp,
        "scores-squashed": np.tanh,
        "scores-through-sigmoid": lambda s: 0.5 * (1 + np.tanh(0.5 * s)),
        "scores-absolute": np.abs,
        "scores-centred": lambda s: s - s.mean(axis=-1, keepdims=True),
        "scores-shifted": lambda s: s - s.max(axis=-1, keepdims=True),
    }
    for name, after in afters.items():
        yield Mistake(name, partial(bilinear_scores, after=after), see=SCORES)
    scales: dict[str, Callable[[Array, Array], float]] = {
        "scores-scaled": lambda _q, k: float(k.shape[-1] ** -0.5),
        "scores-scaled-by-query": lambda q, _k: float(q.shape[-1] ** -0.5),
    }
    for name, scale in scales.items():
        yield Mistake(name, partial(bilinear_scores, scale=scale), "scores-scaled", SCORES)
    askeds: dict[str, Callable[[Array], Array]] = {
        "first-query": lambda q: np.repeat(q[:, :1], q.shape[1], axis=1),
        "last-query": lambda q: np.repeat(q[:, -1:], q.shape[1], axis=1),
        "query-one-late": lambda q: np.roll(q, 1, axis=1),
        "query-one-early": lambda q: np.roll(q, -1, axis=1),
        "mean-query": lambda q: np.repeat(q.mean(axis=1, keepdims=True), q.shape[1], axis=1),
    }
    for name, asked in askeds.items():
        yield Mistake(name, partial(bilinear_scores, asked=asked), see=SCORES)
    knowns: dict[str, Callable[[Array], Array]] = {
        "keys-reversed": lambda k: k[:, ::-1],
        "keys-of-first-sequence": lambda k: np.repeat(k[:1], len(k), axis=0),
        "last-key-only": lambda k: np.repeat(k[:, -1:], k.shape[1], axis=1),
    }
    for name, known in knowns.items():
        yield Mistake(name, partial(bilinear_scores, known=known), see=SCORES)


def context(
    weights: Array,
    values: Array,
    *,
    seen: Callable[[Array], Array] = _as_it_is,
    weighing: Callable[[Array], Array] = _as_it_is,
    mix: Weighing = lambda w, v: w @ v,
) -> Array:
    """Weigh the values with parts of which some may be wrong."""
    return mix(weighing(weights), seen(values))


def right_context(weights: Array, values: Array) -> Array:
    """Weigh rightly, for variants that are wrong elsewhere."""
    return context(weights, values)


def _picked(weights: Array, values: Array) -> Array:
    best = weights.argmax(axis=-1)
    picked: Array = np.take_along_axis(values, best[..., None], axis=1)
    return picked


def _turned(weights: Array) -> Array:
    batch, steps, source = weights.shape
    turned: Array = weights.mT.reshape(batch, steps, source)
    return turned


def context_mistakes() -> Iterator[Mistake]:
    """List mistakes in the weighted sum."""
    mixes: dict[str, Weighing] = {
        "mean-of-values": lambda w, v: np.ones_like(w) @ v / v.shape[1],
        "sum-of-values": lambda w, v: np.ones_like(w) @ v,
        "best-value-only": _picked,
        "largest-weight-only": lambda w, v: w.max(axis=-1, keepdims=True) * _picked(w, v),
        "last-value": lambda w, v: np.repeat(v[:, -1:], w.shape[1], axis=1),
        "values-not-added-up": lambda w, v: w[..., None] * v[:, None],
        "averaged-instead": lambda w, v: w @ v / v.shape[1],
        "added-over-steps": lambda w, v: (w @ v).sum(axis=1),
        "added-over-batch": lambda w, v: np.einsum("bts,bsv->tv", w, v),
        "sequences-mixed": lambda w, v: np.einsum("bts,csv->btv", w, v),
        "context-turned": lambda w, v: (w @ v).mT,
        "context-reshaped": lambda w, v: (w @ v).mT.reshape(len(w), w.shape[1], -1),
        "values-reshaped": lambda w, v: w @ v.mT.reshape(v.shape),
        "largest-product": lambda w, v: (w[..., None] * v[:, None]).max(axis=2),
        "value-length-lost": lambda w, v: w @ (v / _lengths(v)),
        "residual-added": lambda w, v: w @ v + v.mean(axis=1, keepdims=True),
    }
    for name, mix in mixes.items():
        yield Mistake(name, partial(context, mix=mix), see=WEIGH)
    yield from _weighing_mistakes()


def _weighing_mistakes() -> Iterator[Mistake]:
    weighings: dict[str, Callable[[Array], Array]] = {
        "weights-softmaxed-again": softmaxed,
        "weights-squared": np.square,
        "weights-reversed": lambda w: w[..., ::-1],
        "weights-of-first-step": lambda w: np.repeat(w[:, :1], w.shape[1], axis=1),
        "weights-turned": lambda w: w.mT,
        "weights-reshaped": _turned,
        "one-minus-weights": lambda w: 1 - w,
        "weights-root": np.sqrt,
        "weights-over-steps": lambda w: w / w.sum(axis=1, keepdims=True),
    }
    for name, weighing in weighings.items():
        yield Mistake(name, partial(context, weighing=weighing), see=WEIGH)
    seens: dict[str, Callable[[Array], Array]] = {
        "values-one-late": lambda v: np.roll(v, 1, axis=1),
        "values-one-early": lambda v: np.roll(v, -1, axis=1),
        "values-of-first-sequence": lambda v: np.repeat(v[:1], len(v), axis=0),
    }
    for name, seen in seens.items():
        yield Mistake(name, partial(context, seen=seen), see=WEIGH)
