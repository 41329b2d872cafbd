"""Known mistakes on the way back through context, weights and scores."""

from collections.abc import Callable, Iterator
from functools import partial
from typing import Any, NamedTuple

import numpy as np

from rnncore.scores import BilinearParams
from rnngrader.checks.arguments import NumericArray as Array
from rnngrader.checks.spec import Mistake

BACK = "attention.html#the-backward-pass"


class AttentionCache(NamedTuple):
    """What the forward pass of the notebook keeps; weights are 0 at padding."""

    query: Array
    keys: Array
    values: Array
    weights: Array


class Upstream(NamedTuple):
    """What arrives: gradients by the context, by the weights handed on, and by the scores."""

    dcontext: Array
    dweights: Array
    dscores: Array


Gradients = tuple[Array, Array, Array, BilinearParams]
Part = Callable[[Upstream, AttentionCache, Array], Array]


def _both(dcontext: Array, dweights: Array, cache: AttentionCache) -> Array:
    total: Array = dweights + dcontext @ cache.values.mT
    return total


def _softmax_back(dweights: Array, weights: Array) -> Array:
    dscores: Array = weights * (dweights - (dweights * weights).sum(axis=-1, keepdims=True))
    return dscores


def _to_query(d: Upstream, cache: AttentionCache, weight: Array) -> Array:
    dquery: Array = d.dscores @ (cache.keys @ weight.T)
    return dquery


def _to_keys(d: Upstream, cache: AttentionCache, weight: Array) -> Array:
    dkeys: Array = d.dscores.mT @ (cache.query @ weight)
    return dkeys


def _to_values(d: Upstream, cache: AttentionCache, weight: Array) -> Array:
    del weight
    dvalues: Array = cache.weights.mT @ d.dcontext
    return dvalues


def _to_weight(d: Upstream, cache: AttentionCache, weight: Array) -> Array:
    del weight
    dweight: Array = np.einsum("bts,btq,bsk->qk", d.dscores, cache.query, cache.keys)
    return dweight


def backward(
    dcontext: Array,
    dweights: Array,
    cache: AttentionCache,
    params: BilinearParams,
    *,
    arriving: Callable[[Array, Array, AttentionCache], Array] = _both,
    softmax: Callable[[Array, Array], Array] = _softmax_back,
    to_query: Part = _to_query,
    to_keys: Part = _to_keys,
    to_values: Part = _to_values,
    to_weight: Part = _to_weight,
    result: Callable[[Gradients], Any] = lambda gradients: gradients,
) -> Any:
    """Carry gradients back with parts of which some may be wrong."""
    cache, (weight,) = AttentionCache(*cache), params
    total = arriving(dcontext, dweights, cache)
    d = Upstream(dcontext, total, softmax(total, cache.weights))
    dparams = BilinearParams(to_weight(d, cache, weight))
    dquery, dkeys = to_query(d, cache, weight), to_keys(d, cache, weight)
    return result((dquery, dkeys, to_values(d, cache, weight), dparams))


def softmax_mistakes() -> Iterator[Mistake]:
    """List mistakes between the context and the scores."""
    arrivings: dict[str, Callable[[Array, Array, AttentionCache], Array]] = {
        "dweights-ignored": lambda dc, _dw, c: dc @ c.values.mT,
        "context-path-missing": lambda _dc, dw, _c: dw,
        "dweights-averaged": lambda dc, dw, c: 0.5 * (dw + dc @ c.values.mT),
        "dweights-subtracted": lambda dc, dw, c: dc @ c.values.mT - dw,
    }
    for name, arriving in arrivings.items():
        yield Mistake(name, partial(backward, arriving=arriving), see=BACK)
    softmaxes: dict[str, Callable[[Array, Array], Array]] = {
        "softmax-as-sigmoids": lambda d, w: d * w * (1 - w),
        "score-path-missing": lambda d, _w: 0 * d,
        "softmax-skipped": lambda d, _w: d,
        "softmax-sum-missing": lambda d, w: d * w,
        "softmax-weights-missing": lambda d, w: d - (d * w).sum(axis=-1, keepdims=True),
        "softmax-sum-unweighted": lambda d, w: w * (d - d.sum(axis=-1, keepdims=True)),
        "softmax-mean-unweighted": lambda d, w: w * (d - d.mean(axis=-1, keepdims=True)),
        "softmax-sum-over-steps": lambda d, w: w * (d - (d * w).sum(axis=1, keepdims=True)),
        "softmax-sum-over-batch": lambda d, w: w * (d - (d * w).sum(axis=0, keepdims=True)),
        "softmax-sum-of-everything": lambda d, w: w * (d - (d * w).sum()),
        "softmax-mean-for-sum": lambda d, w: w * (d - (d * w).mean(axis=-1, keepdims=True)),
        "softmax-negated": lambda d, w: -_softmax_back(d, w),
        "softmax-sum-added": lambda d, w: w * (d + (d * w).sum(axis=-1, keepdims=True)),
        "softmax-twice": lambda d, w: _softmax_back(_softmax_back(d, w), w),
        "softmax-sum-of-weights": lambda d, w: w * (d - w),
    }
    for name, softmax in softmaxes.items():
        yield Mistake(name, partial(backward, softmax=softmax), see=BACK)


def path_mistakes() -> Iterator[Mistake]:
    """List mistakes on the ways to the query and to the encoder states."""
    queries: dict[str, Part] = {
        "dquery-zero": lambda _d, c, _w: 0 * c.query,
        "dquery-without-weight": lambda d, c, _w: d.dscores @ c.keys,
        "dquery-untransposed": lambda d, c, w: d.dscores @ c.keys @ w,
        "dquery-through-values": lambda d, c, w: d.dscores @ c.values @ w.T,
        "dquery-from-dweights": lambda d, c, w: d.dweights @ c.keys @ w.T,
        "dquery-from-weights": lambda _d, c, w: c.weights @ c.keys @ w.T,
        "dquery-averaged": lambda d, c, w: d.dscores @ c.keys @ w.T / c.keys.shape[1],
        "dquery-negated": lambda d, c, w: -d.dscores @ c.keys @ w.T,
    }
    for name, to_query in queries.items():
        yield Mistake(name, partial(backward, to_query=to_query), see=BACK)
    keys: dict[str, Part] = {
        "dkeys-zero": lambda _d, c, _w: 0 * c.keys,
        "dkeys-with-dvalues": lambda d, c, w: _to_keys(d, c, w) + _to_values(d, c, w),
        "dkeys-without-weight": lambda d, c, _w: d.dscores.mT @ c.query,
        "dkeys-untransposed": lambda d, c, w: d.dscores.mT @ c.query @ w.T,
        "dkeys-from-dweights": lambda d, c, w: d.dweights.mT @ c.query @ w,
        "dkeys-from-weights": lambda _d, c, w: c.weights.mT @ c.query @ w,
        "dkeys-averaged": lambda d, c, w: d.dscores.mT @ c.query @ w / c.query.shape[1],
        "dkeys-last-step": lambda d, c, w: d.dscores[:, -1:].mT @ c.query[:, -1:] @ w,
    }
    for name, to_keys in keys.items():
        yield Mistake(name, partial(backward, to_keys=to_keys), see=BACK)
    values: dict[str, Part] = {
        "dvalues-zero": lambda _d, c, _w: 0 * c.values,
        "dvalues-with-dkeys": lambda d, c, w: _to_values(d, c, w) + _to_keys(d, c, w),
        "dvalues-from-dscores": lambda d, _c, _w: d.dscores.mT @ d.dcontext,
        "dvalues-from-dweights": lambda d, _c, _w: d.dweights.mT @ d.dcontext,
        "dvalues-averaged": lambda d, c, _w: c.weights.mT @ d.dcontext / c.query.shape[1],
        "dvalues-unweighted": lambda d, c, _w: np.ones_like(c.weights).mT @ d.dcontext,
        "dvalues-times-values": lambda d, c, _w: (c.weights.mT @ d.dcontext) * c.values,
        "dvalues-last-step": lambda d, c, _w: c.weights[:, -1:].mT @ d.dcontext[:, -1:],
    }
    for name, to_values in values.items():
        yield Mistake(name, partial(backward, to_values=to_values), see=BACK)


def weight_mistakes() -> Iterator[Mistake]:
    """List mistakes in the gradient of the matrix, and in what is returned."""
    by_step = "bts,btq,bsk->qk"
    weights: dict[str, Part] = {
        "dweight-zero": lambda _d, _c, w: 0 * w,
        "dweight-transposed": lambda d, c, w: _to_weight(d, c, w).T,
        "dweight-averaged": lambda d, c, w: _to_weight(d, c, w) / len(c.query),
        "dweight-first-sequence": lambda d, c, _w: c.query[0].T @ d.dscores[0] @ c.keys[0],
        "dweight-from-dweights": lambda d, c, _w: np.einsum(by_step, d.dweights, c.query, c.keys),
        "dweight-from-weights": lambda _d, c, _w: np.einsum(by_step, c.weights, c.query, c.keys),
        "dweight-not-summed": lambda d, c, _w: c.query.mT @ d.dscores @ c.keys,
        "dweight-from-values": lambda d, c, _w: np.einsum(by_step, d.dscores, c.query, c.values),
        "dweight-is-weight": lambda _d, _c, w: w,
        "dweight-negated": lambda d, c, w: -_to_weight(d, c, w),
        "dweight-last-step": lambda d, c, w: _to_weight(
            d._replace(dscores=d.dscores[:, -1:]), c._replace(query=c.query[:, -1:]), w
        ),
        "dweight-times-weight": lambda d, c, w: _to_weight(d, c, w) * w,
    }
    for name, to_weight in weights.items():
        yield Mistake(name, partial(backward, to_weight=to_weight), see=BACK)
    results: dict[str, Callable[[Gradients], Any]] = {
        "keys-values-exchanged": lambda g: (g[0], g[2], g[1], g[3]),
        "query-keys-exchanged": lambda g: (g[1], g[0], *g[2:]),
        "everything-averaged": lambda g: _each(g, lambda part: part / len(g[0])),
        "everything-negated": lambda g: _each(g, np.negative),
    }
    for name, result in results.items():
        yield Mistake(name, partial(backward, result=result), see=BACK)


def _each(gradients: Gradients, change: Callable[[Array], Array]) -> Gradients:
    dquery, dkeys, dvalues, (dweight,) = gradients
    return change(dquery), change(dkeys), change(dvalues), BilinearParams(change(dweight))


def backward_mistakes() -> tuple[Mistake, ...]:
    """Return the bank of `attention_backward`."""
    return (*softmax_mistakes(), *path_mistakes(), *weight_mistakes())
