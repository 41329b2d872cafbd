"""Attention: where to look (scores, weights), and what is seen there (the context)."""

from typing import Literal, NamedTuple, TypeAlias, cast

import numpy as np
from numpy.typing import DTypeLike

from rnncore._checks import Unchecked, check_array, check_rng, check_size
from rnncore._typing import Array, Bool, Inexact
from rnncore.activations import softmax_backward
from rnncore.scores import (
    AdditiveCache,
    AdditiveParams,
    BilinearParams,
    ScoresCache,
    additive_scores,
    additive_scores_backward,
    bilinear_scores,
    bilinear_scores_backward,
    dot_scores,
    dot_scores_backward,
    scaled_dot_scores,
    scaled_dot_scores_backward,
)

Score: TypeAlias = Literal["dot", "scaled_dot", "bilinear", "additive"]
# The dot products have nothing to learn: an empty tuple.
AttentionParams: TypeAlias = tuple[()] | BilinearParams | AdditiveParams

PLAIN = {
    "dot": (dot_scores, dot_scores_backward),
    "scaled_dot": (scaled_dot_scores, scaled_dot_scores_backward),
}
SCORES = (*PLAIN, "bilinear", "additive")


class AttentionCache(NamedTuple):
    """What `attention_backward` needs; `values` is 0 where `mask` is False."""

    values: Inexact[Array, "batch source value_size"]
    weights: Inexact[Array, "batch steps source"]
    mask: Bool[Array, "batch source 1"]
    scores: ScoresCache | AdditiveCache
    score: Score


def init_attention(
    query_size: int,
    key_size: int,
    rng: np.random.Generator,
    score: Score = "dot",
    attention_size: int | None = None,
    dtype: DTypeLike = np.float64,
) -> AttentionParams:
    """Draw the parameters of a score from U(-1/sqrt(n), 1/sqrt(n)), n the size that is summed over.

    Args:
        query_size: size of a decoder state.
        key_size: size of an encoder state.
        rng: source of randomness.
        score: "dot", "scaled_dot" (these have no parameters), "bilinear" or "additive".
        attention_size: hidden units of the additive score; `query_size` if None.
        dtype: of every array.

    Raises:
        TypeError: if a size is not an integer, or `rng` no NumPy Generator.
        ValueError: if a size is less than 1, `score` is another word, or the sizes differ where a
            dot product needs them equal.

    Example:
        >>> init_attention(3, 4, np.random.default_rng(0), "bilinear").weight.shape
        (3, 4)
    """
    size = query_size if attention_size is None else attention_size
    for name, value in (
        ("query_size", query_size),
        ("key_size", key_size),
        ("attention_size", size),
    ):
        check_size(name, value)
    check_rng(rng)
    _check_score(score)

    def uniform(*shape: int) -> Array:
        bound = shape[-1] ** -0.5
        return rng.uniform(-bound, bound, shape).astype(dtype)

    if score == "bilinear":
        return BilinearParams(uniform(query_size, key_size))
    if score == "additive":
        return AdditiveParams(uniform(size, query_size), uniform(size, key_size), uniform(size))
    if query_size != key_size:
        raise ValueError(f"expected query_size == key_size, got {query_size} and {key_size}")
    return ()


def attention_weights(
    scores: Inexact[Array, "batch steps source"],
    mask: Bool[Array, "batch source"] | None = None,
) -> Inexact[Array, "batch steps source"]:
    """Turn scores into weights: a softmax over the real source positions.

    Equation: weights_tj = exp(scores_tj) / sum over real k of exp(scores_tk); 0 at padding.

    Args:
        scores: in nats; what stands at padding is never used.
        mask: True = real position; None: all are real.

    Returns: weights; each row sums to 1, or is 0 where the source has no real position.

    Raises:
        TypeError: if `scores` is no floating-point array or `mask` no boolean array.
        ValueError: if shapes disagree.

    Source: Bahdanau et al. (2015), equation 6; the mask is ours.

    Example: the third position is padding.
        >>> scores = np.log(np.array([[[1.0, 3.0, 5.0]]]))
        >>> attention_weights(scores, np.array([[True, True, False]])).round(12)
        array([[[0.25, 0.75, 0.  ]]])
    """
    check_array("scores", scores, batch=None, steps=None, source=None)
    real = _real_positions(mask, scores.shape[0], scores.shape[2]).mT

    # The largest real score: one at padding could be so high that all real ones underflow.
    peak = np.max(scores.real, axis=-1, keepdims=True, where=real, initial=-np.inf)
    # A score times the mask would be 0, and exp(0) is not 0; exp(-inf) is.
    exp = np.exp(np.where(real, scores - np.where(peak == -np.inf, 0, peak), -np.inf))
    total = exp.sum(axis=-1, keepdims=True)
    return cast("Array", exp / np.where(real.any(axis=-1, keepdims=True), total, 1))


def attention_weights_backward(
    dweights: Inexact[Array, "batch steps source"], weights: Inexact[Array, "batch steps source"]
) -> Inexact[Array, "batch steps source"]:
    """Return the gradient by `scores`; it is 0 at padding, where the weight is 0.

    Equation: dscores_tj = weights_tj * (dweights_tj - sum_k dweights_tk weights_tk).

    Args:
        dweights: gradient by the weights.
        weights: what `attention_weights` returned.

    Returns: dscores.

    Raises:
        TypeError: if an array is no floating-point NumPy array.
        ValueError: if shapes disagree.
    """
    check_array("weights", weights, batch=None, steps=None, source=None)
    batch, steps, source = weights.shape
    check_array("dweights", dweights, batch=batch, steps=steps, source=source)
    return softmax_backward(dweights, weights)


def attention(
    query: Inexact[Array, "batch steps query_size"],
    keys: Inexact[Array, "batch source key_size"],
    values: Inexact[Array, "batch source value_size"],
    params: AttentionParams = (),
    mask: Bool[Array, "batch source"] | None = None,
    score: Score = "dot",
) -> tuple[
    Inexact[Array, "batch steps value_size"], Inexact[Array, "batch steps source"], AttentionCache
]:
    """Look at the source from every decoder step.

    Equation: weights_t = attention_weights(scores_t); context_t = sum_j weights_tj values_j.

    Args:
        query: one vector per decoder step; a single step has `steps` = 1.
        keys: what the query is compared with; encoder states.
        values: what is averaged; the same encoder states, as a rule.
        params: of the score; empty for the dot products.
        mask: True = real source position; None: all are real. What stands at padding is never used.
        score: "dot", "scaled_dot", "bilinear" or "additive".

    Returns: `(context, weights, cache)`; both results are 0 where the source has no real position.

    Raises:
        TypeError: if an array is no floating-point NumPy array, `mask` is not boolean, or `params`
            are not those of the score.
        ValueError: if shapes disagree, or `score` is another word.

    Source: Bahdanau et al. (2015), equations 5 and 6.

    Example:
        >>> keys = np.array([[[1, 0], [0.7, 0.7], [0, 1], [-1, 0]]])
        >>> context, weights, _ = attention(np.array([[[1.0, 0.0]]]), keys, keys)
        >>> print(weights.round(4), context.round(4))
        [[[0.4456 0.3301 0.1639 0.0603]]] [[[0.6164 0.395 ]]]
    """
    _check_score(score)
    check_array("keys", keys, batch=None, source=None, key_size=None)
    batch, source, _ = keys.shape
    check_array("values", values, batch=batch, source=source, value_size=None)
    real = _real_positions(mask, batch, source)
    # A weight of 0 does not help against NaN or infinity at padding.
    keys, values = np.where(real, keys, 0), np.where(real, values, 0)

    scores, cache = _score(query, keys, params, score)
    weights = attention_weights(scores, real[..., 0])
    return weights @ values, weights, AttentionCache(values, weights, real, cache, score)


def attention_backward(
    dcontext: Inexact[Array, "batch steps value_size"],
    dweights: Inexact[Array, "batch steps source"],
    cache: AttentionCache,
    params: AttentionParams = (),
) -> tuple[
    Inexact[Array, "batch steps query_size"],
    Inexact[Array, "batch source key_size"],
    Inexact[Array, "batch source value_size"],
    AttentionParams,
]:
    """Carry the gradient of the loss back through the context, the weights and the scores.

    Equation: dvalues_j = sum_t weights_tj dcontext_t; dweights_tj += dcontext_t . values_j; then
        `attention_weights_backward` and the backward of the score.

    Encoder states that are keys and values at once get the sum of both gradients.

    Args:
        dcontext: gradient by `context`.
        dweights: gradient by `weights`; zeros if the loss sees the context only.
        cache: from `attention`.
        params: as given to it.

    Returns: `(dquery, dkeys, dvalues, dparams)`, parameter gradients summed over batch and steps.

    Raises:
        TypeError: if a gradient is no floating-point NumPy array.
        ValueError: if its shape is not that of the result it belongs to.
    """
    values, weights, real, scores_cache, score = cache
    batch, steps, source = weights.shape
    check_array("dcontext", dcontext, batch=batch, steps=steps, value_size=values.shape[2])
    check_array("dweights", dweights, batch=batch, steps=steps, source=source)

    # At padding the weight is a constant, so what the loss says of it is never used.
    dweights = np.where(real.mT, dweights, 0) + dcontext @ values.mT
    dscores = attention_weights_backward(dweights, weights)
    dquery, dkeys, dparams = _score_backward(dscores, scores_cache, params, score)
    return dquery, dkeys, weights.mT @ dcontext, dparams


def _score(
    query: Array, keys: Array, params: AttentionParams, score: Score
) -> tuple[Array, ScoresCache | AdditiveCache]:
    if score == "bilinear":
        return bilinear_scores(query, keys, cast("BilinearParams", params))
    if score == "additive":
        return additive_scores(query, keys, cast("AdditiveParams", params))
    if type(params) is not tuple or params:
        raise TypeError(f"expected no params for score {score!r}, got {type(params).__name__}")
    return PLAIN[score][0](query, keys)


def _score_backward(
    dscores: Array, cache: ScoresCache | AdditiveCache, params: AttentionParams, score: Score
) -> tuple[Array, Array, AttentionParams]:
    if score == "additive":
        additive = cast("AdditiveCache", cache), cast("AdditiveParams", params)
        return additive_scores_backward(dscores, *additive)
    cache = cast("ScoresCache", cache)
    if score == "bilinear":
        return bilinear_scores_backward(dscores, cache, cast("BilinearParams", params))
    return *PLAIN[score][1](dscores, cache), ()


def _check_score(score: Unchecked) -> None:
    if score not in SCORES:
        words = ", ".join(repr(word) for word in SCORES)
        raise ValueError(f"expected score to be one of {words}, got {score!r}")


def _real_positions(mask: Unchecked, batch: int, source: int) -> Bool[Array, "batch source 1"]:
    """Check the mask; without one, all positions are real."""
    if mask is None:
        return np.ones((batch, source, 1), dtype=bool)
    if not isinstance(mask, np.ndarray) or mask.dtype != bool:
        got = mask.dtype if isinstance(mask, np.ndarray) else type(mask).__name__
        raise TypeError(f"expected a mask of bool, True = real, got {got}")
    if mask.shape != (batch, source):
        raise ValueError(f"expected mask with shape ({batch}, {source}), got {mask.shape}")
    return mask[:, :, None]
