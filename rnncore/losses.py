"""Losses, each a mean, and their gradients."""

from typing import NamedTuple, TypeAlias, cast

import numpy as np

from rnncore._checks import Unchecked, check_floating
from rnncore._typing import Array, Bool, Inexact, Integer
from rnncore.activations import log_softmax

# A NumPy scalar; complex only during a complex-step check.
Scalar: TypeAlias = np.inexact


class CrossEntropyCache(NamedTuple):
    """What `cross_entropy_backward` needs; `targets` is 0 where `mask` is False."""

    log_probs: Inexact[Array, "*tokens vocab_size"]
    targets: Integer[Array, "*tokens"]
    mask: Bool[Array, "*tokens"]


class SquaredErrorCache(NamedTuple):
    """What `mean_squared_error_backward` needs."""

    error: Inexact[Array, "*axes"]


def cross_entropy(
    logits: Inexact[Array, "*tokens vocab_size"],
    targets: Integer[Array, "*tokens"],
    mask: Bool[Array, "*tokens"] | None = None,
) -> tuple[Scalar, CrossEntropyCache]:
    """Return the mean surprise, in nats, at the right token.

    Equation: loss = -sum over real tokens of log_softmax(logits)[target] / number of real tokens.

    Args:
        logits: scores before softmax; what stands at padding is never used.
        targets: right token ids, 0 to vocab_size - 1; at padding any integer.
        mask: True = real token; None: all are real.

    Returns: `(loss_nats, cache)`, the loss in nats per real token.

    Raises:
        TypeError: if `logits` is no floating-point array, `targets` no integer array or `mask` no
            boolean array.
        ValueError: if shapes disagree, or no token is real.
        IndexError: if the target of a real token is outside the vocabulary.

    Example: four equal scores, so the surprise is ln 4.
        >>> loss_nats, _ = cross_entropy(np.zeros((1, 2, 4)), np.array([[3, 0]]))
        >>> print(f"{loss_nats:.4f}")
        1.3863
    """
    mask = np.ones(np.shape(targets), dtype=bool) if mask is None else mask
    _check_tokens(logits, targets, mask)

    targets = np.where(mask, targets, 0)
    log_probs = log_softmax(np.where(mask[..., None], logits, 0))
    picked = np.take_along_axis(log_probs, targets[..., None], axis=-1)[..., 0]

    # The mean of per-sequence means would be another number: it weighs short sequences more.
    loss_nats = -np.where(mask, picked, 0).sum() / int(mask.sum())
    return loss_nats, CrossEntropyCache(log_probs, targets, mask)


def cross_entropy_backward(
    dloss: float | Scalar, cache: CrossEntropyCache
) -> Inexact[Array, "*tokens vocab_size"]:
    """Return the gradient by `logits`; it is 0 at padding.

    Equation: dlogits = dloss * (softmax(logits) - onehot(target)) / number of real tokens.

    Args:
        dloss: gradient by the loss; 1 if the loss is all there is.
        cache: from `cross_entropy`.

    Returns: dlogits.
    """
    log_probs, targets, mask = cache
    probs = np.exp(log_probs)
    onehot = np.arange(probs.shape[-1]) == targets[..., None]
    dlogits: Array = _scalar(dloss, probs) * np.where(mask[..., None], probs - onehot, 0)
    return dlogits / int(mask.sum())


def mean_squared_error(
    prediction: Inexact[Array, "*axes"], target: Inexact[Array, "*axes"]
) -> tuple[Scalar, SquaredErrorCache]:
    """Return the mean of squared differences.

    Equation: loss = mean((prediction - target)^2).

    Args:
        prediction: what the model says.
        target: what is right; a constant, no gradient is taken by it.

    Returns: `(loss, cache)`, the loss in the square of the target's unit.

    Raises:
        TypeError: if an array is no floating-point array.
        ValueError: if shapes differ, or there are no numbers.

    Example:
        >>> loss, _ = mean_squared_error(np.array([1.0, 5.0]), np.array([0.0, 2.0]))
        >>> float(loss)
        5.0
    """
    check_floating("prediction", prediction)
    check_floating("target", target)
    if prediction.shape != target.shape:
        raise ValueError(f"expected target with shape {prediction.shape}, got {target.shape}")
    if prediction.size == 0:
        raise ValueError(f"expected at least one number, got shape {prediction.shape}")
    error = prediction - target
    return np.mean(error**2), SquaredErrorCache(error)


def mean_squared_error_backward(
    dloss: float | Scalar, cache: SquaredErrorCache
) -> Inexact[Array, "*axes"]:
    """Return the gradient by `prediction`: dloss * 2 * (prediction - target) / count."""
    dprediction: Array = _scalar(dloss, cache.error) * 2 * cache.error / cache.error.size
    return dprediction


def perplexity(loss_nats: float | Scalar) -> float:
    """Return exp(loss): among how many equally likely tokens the model is in doubt.

    Args:
        loss_nats: mean cross-entropy in nats per token, over all tokens of the data.

    Raises:
        ValueError: if the loss is negative, which no cross-entropy is.

    Example:
        >>> round(perplexity(np.log(4)), 12)
        4.0
    """
    if loss_nats < 0:
        raise ValueError(f"expected loss_nats >= 0, got {loss_nats}")
    with np.errstate(over="ignore"):
        return float(np.exp(loss_nats))


def _check_tokens(logits: Unchecked, targets: Unchecked, mask: Unchecked) -> None:
    check_floating("logits", logits)
    for name, value in (("targets", targets), ("mask", mask)):
        if not isinstance(value, np.ndarray):
            raise TypeError(f"expected {name} to be a NumPy array, got {type(value).__name__}")
    if not np.issubdtype(targets.dtype, np.integer):
        raise TypeError(f"expected targets with an integer dtype, got {targets.dtype}")
    if mask.dtype != bool:
        raise TypeError(f"expected a mask of bool, True = real, got {mask.dtype}")
    for name, array in (("targets", targets), ("mask", mask)):
        if array.shape != logits.shape[:-1]:
            raise ValueError(f"expected {name} with shape {logits.shape[:-1]}, got {array.shape}")
    if not mask.any():
        raise ValueError("expected at least one real token, got a mask with none")
    outside = mask & ((targets < 0) | (targets >= logits.shape[-1]))
    if outside.any():
        raise IndexError(
            f"expected targets between 0 and {logits.shape[-1] - 1}, got {targets[outside][0]}"
        )


def _scalar(dloss: float | Scalar, like: Array) -> Scalar:
    # A float64 scalar would turn a float32 gradient into float64.
    return cast("Scalar", like.dtype.type(dloss))
