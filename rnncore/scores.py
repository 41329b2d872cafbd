"""Scores of attention: how well each key answers each query. One query per decoder step."""

from typing import NamedTuple

import numpy as np

from rnncore._checks import Unchecked, check_array
from rnncore._typing import Array, Inexact


class BilinearParams(NamedTuple):
    """Weight of `bilinear_scores`; gradients have the same type."""

    weight: Inexact[Array, "query_size key_size"]


class AdditiveParams(NamedTuple):
    """Weights of `additive_scores`; gradients have the same type."""

    weight_query: Inexact[Array, "attention_size query_size"]
    weight_key: Inexact[Array, "attention_size key_size"]
    weight_score: Inexact[Array, " attention_size"]


class ScoresCache(NamedTuple):
    """What the backward of the dot, scaled dot and bilinear scores needs."""

    query: Inexact[Array, "batch steps query_size"]
    keys: Inexact[Array, "batch source key_size"]


class AdditiveCache(NamedTuple):
    """What `additive_scores_backward` needs; `hidden` is what tanh gave."""

    query: Inexact[Array, "batch steps query_size"]
    keys: Inexact[Array, "batch source key_size"]
    hidden: Inexact[Array, "batch steps source attention_size"]


def dot_scores(
    query: Inexact[Array, "batch steps size"], keys: Inexact[Array, "batch source size"]
) -> tuple[Inexact[Array, "batch steps source"], ScoresCache]:
    """Score by the dot product.

    Equation: scores_tj = query_t . keys_j.

    Args:
        query: one vector per decoder step.
        keys: one vector per source position, of the same size.

    Returns: `(scores, cache)`.

    Raises:
        TypeError: if an array is no floating-point NumPy array.
        ValueError: if shapes disagree.

    Source: Luong et al. (2015), section 3.1.
    """
    _check_pair(query, keys)
    if query.shape[-1] != keys.shape[-1]:
        sizes = f"size {query.shape[-1]} and {keys.shape[-1]}"
        raise ValueError(f"expected query and keys of one size (or bilinear scores), got {sizes}")
    return query @ keys.mT, ScoresCache(query, keys)


def dot_scores_backward(
    dscores: Inexact[Array, "batch steps source"], cache: ScoresCache
) -> tuple[Inexact[Array, "batch steps size"], Inexact[Array, "batch source size"]]:
    """Carry the gradient back: dquery_t = sum_j dscores_tj keys_j, dkeys_j = sum_t dscores_tj q_t.

    Args:
        dscores: gradient by `scores`.
        cache: from `dot_scores`.

    Returns: `(dquery, dkeys)`.

    Raises:
        TypeError: if `dscores` is no floating-point NumPy array.
        ValueError: if its shape is not that of `scores`.
    """
    query, keys = cache
    _check_scores(dscores, query, keys)
    return dscores @ keys, dscores.mT @ query


def scaled_dot_scores(
    query: Inexact[Array, "batch steps size"], keys: Inexact[Array, "batch source size"]
) -> tuple[Inexact[Array, "batch steps source"], ScoresCache]:
    """Score by the dot product, divided by the root of the size.

    Equation: scores_tj = query_t . keys_j / sqrt(size).

    The dot product of random vectors spreads like sqrt(size); undivided, softmax of wide vectors
    is all on one position.

    Args:
        query: one vector per decoder step.
        keys: one vector per source position, of the same size.

    Returns: `(scores, cache)`.

    Raises:
        TypeError: if an array is no floating-point NumPy array.
        ValueError: if shapes disagree.

    Source: Vaswani et al. (2017), section 3.2.1.
    """
    scores, cache = dot_scores(query, keys)
    return scores / _root(query), cache


def scaled_dot_scores_backward(
    dscores: Inexact[Array, "batch steps source"], cache: ScoresCache
) -> tuple[Inexact[Array, "batch steps size"], Inexact[Array, "batch source size"]]:
    """Carry the gradient back: `dot_scores_backward` of dscores / sqrt(size).

    Args:
        dscores: gradient by `scores`.
        cache: from `scaled_dot_scores`.

    Returns: `(dquery, dkeys)`.

    Raises:
        TypeError: if `dscores` is no floating-point NumPy array.
        ValueError: if its shape is not that of `scores`.
    """
    _check_scores(dscores, *cache)
    return dot_scores_backward(dscores / _root(cache.query), cache)


def bilinear_scores(
    query: Inexact[Array, "batch steps query_size"],
    keys: Inexact[Array, "batch source key_size"],
    params: BilinearParams,
) -> tuple[Inexact[Array, "batch steps source"], ScoresCache]:
    """Score by a learned product, which joins vectors of different sizes.

    Equation: scores_tj = query_t^T W keys_j.

    Args:
        query: one vector per decoder step.
        keys: one vector per source position.
        params: W.

    Returns: `(scores, cache)`.

    Raises:
        TypeError: if an array is no floating-point NumPy array, or `params` is of another type.
        ValueError: if shapes disagree.

    Source: Luong et al. (2015), section 3.1, there "general".
    """
    _check_type(params, BilinearParams)
    check_array("weight", params.weight, query_size=None, key_size=None)
    _check_pair(query, keys, *params.weight.shape)
    return query @ params.weight @ keys.mT, ScoresCache(query, keys)


def bilinear_scores_backward(
    dscores: Inexact[Array, "batch steps source"], cache: ScoresCache, params: BilinearParams
) -> tuple[
    Inexact[Array, "batch steps query_size"],
    Inexact[Array, "batch source key_size"],
    BilinearParams,
]:
    """Carry the gradient back through the learned product.

    Equation: dquery_t = sum_j dscores_tj W keys_j, dkeys_j = sum_t dscores_tj W^T query_t,
        dW = sum_tj dscores_tj query_t keys_j^T.

    Args:
        dscores: gradient by `scores`.
        cache: from `bilinear_scores`.
        params: as given to it.

    Returns: `(dquery, dkeys, dparams)`, parameter gradients summed over batch and steps.

    Raises:
        TypeError: if `dscores` is no floating-point NumPy array.
        ValueError: if its shape is not that of `scores`.
    """
    query, keys = cache
    _check_scores(dscores, query, keys)

    found = dscores @ keys
    dweight = np.tensordot(query, found, axes=((0, 1), (0, 1)))
    return (
        found @ params.weight.T,
        dscores.mT @ (query @ params.weight),
        BilinearParams(dweight),
    )


def additive_scores(
    query: Inexact[Array, "batch steps query_size"],
    keys: Inexact[Array, "batch source key_size"],
    params: AdditiveParams,
) -> tuple[Inexact[Array, "batch steps source"], AdditiveCache]:
    """Score by a small network with one hidden layer.

    Equation: scores_tj = v^T tanh(W query_t + U keys_j).

    Args:
        query: one vector per decoder step.
        keys: one vector per source position.
        params: W, U, v.

    Returns: `(scores, cache)`.

    Raises:
        TypeError: if an array is no floating-point NumPy array, or `params` is of another type.
        ValueError: if shapes disagree.

    Source: Bahdanau et al. (2015), appendix A.1.2.
    """
    _check_type(params, AdditiveParams)
    weight_query, weight_key, weight_score = params
    check_array("weight_query", weight_query, attention_size=None, query_size=None)
    size = len(weight_query)
    check_array("weight_key", weight_key, attention_size=size, key_size=None)
    check_array("weight_score", weight_score, attention_size=size)
    _check_pair(query, keys, weight_query.shape[1], weight_key.shape[1])

    # Every step meets every position: the axes are batch, steps, source, attention_size.
    hidden = np.tanh((query @ weight_query.T)[:, :, None] + (keys @ weight_key.T)[:, None])
    return hidden @ weight_score, AdditiveCache(query, keys, hidden)


def additive_scores_backward(
    dscores: Inexact[Array, "batch steps source"], cache: AdditiveCache, params: AdditiveParams
) -> tuple[
    Inexact[Array, "batch steps query_size"],
    Inexact[Array, "batch source key_size"],
    AdditiveParams,
]:
    """Carry the gradient back through the small network.

    Equation: da_tj = dscores_tj v * (1 - hidden_tj^2); dquery_t = W^T sum_j da_tj,
        dkeys_j = U^T sum_t da_tj, dv = sum_tj dscores_tj hidden_tj.

    Args:
        dscores: gradient by `scores`.
        cache: from `additive_scores`.
        params: as given to it.

    Returns: `(dquery, dkeys, dparams)`, parameter gradients summed over batch and steps.

    Raises:
        TypeError: if `dscores` is no floating-point NumPy array.
        ValueError: if its shape is not that of `scores`.
    """
    query, keys, hidden = cache
    _check_scores(dscores, query, keys)

    da = dscores[..., None] * params.weight_score * (1 - hidden**2)
    da_query, da_keys = da.sum(axis=2), da.sum(axis=1)

    dparams = AdditiveParams(
        np.tensordot(da_query, query, axes=((0, 1), (0, 1))),
        np.tensordot(da_keys, keys, axes=((0, 1), (0, 1))),
        np.tensordot(dscores, hidden, axes=3),
    )
    return da_query @ params.weight_query, da_keys @ params.weight_key, dparams


def _root(query: Array) -> float:
    # A Python float: a NumPy one would turn float32 scores into float64.
    return float(query.shape[-1] ** 0.5)


def _check_type(params: Unchecked, params_type: type) -> None:
    if not isinstance(params, params_type):
        raise TypeError(f"expected {params_type.__name__}, got {type(params).__name__}")


def _check_pair(
    query: Unchecked, keys: Unchecked, query_size: int | None = None, key_size: int | None = None
) -> None:
    check_array("query", query, batch=None, steps=None, query_size=query_size)
    check_array("keys", keys, batch=len(query), source=None, key_size=key_size)


def _check_scores(dscores: Unchecked, query: Array, keys: Array) -> None:
    batch, steps, _ = query.shape
    check_array("dscores", dscores, batch=batch, steps=steps, source=keys.shape[1])
