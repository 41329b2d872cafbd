"""Dropout: numbers set to 0 at random while training, so that none is relied upon alone."""

from typing import NamedTuple, cast

import numpy as np

from rnncore._checks import Unchecked, check_floating, check_integer, check_number, check_rng
from rnncore._typing import Array, Inexact


class DropoutCache(NamedTuple):
    """What `dropout_backward` needs: 0 where a number was dropped, 1 / (1 - p) where it was kept.

    An axis along which the choice is the same has size 1.
    """

    scale: Inexact[Array, "..."]
    shape: tuple[int, ...]


def dropout(
    x: Inexact[Array, "*axes"],
    p: float,
    rng: np.random.Generator | None = None,
    *,
    training: bool = True,
    shared_axis: int | None = None,
) -> tuple[Inexact[Array, "*axes"], DropoutCache]:
    """Drop each number with probability `p`, and scale up what is kept.

    Equation: y = x * m / (1 - p), where each m is 0 with probability p and 1 otherwise. The mean
        of y is x, so nothing has to be scaled afterwards ("inverted" dropout).

    Args:
        x: any numbers; NaN and infinity are not hidden by being dropped: they give NaN.
        p: probability of being dropped, in [0, 1).
        rng: source of randomness; needed if `training` and p > 0.
        training: False: y = x.
        shared_axis: axis along which the choice is the same; 1 (time) drops the same features at
            every step of a sequence (variational dropout). None: each number has its own.

    Returns: `(y, cache)`; without dropping, y equals x and is a copy.

    Raises:
        TypeError: if `x` is no floating-point array, `p` no number, `rng` no generator, or
            `shared_axis` no integer.
        ValueError: if `p` is outside [0, 1).
        IndexError: if `x` has no axis `shared_axis`.

    Source: Srivastava et al. (2014); one mask per sequence: Gal & Ghahramani (2016).

    Example:
        >>> dropout(np.ones(6), 0.5, np.random.default_rng(0))[0]
        array([2., 0., 0., 0., 2., 2.])
    """
    check_floating("x", x)
    check_probability("p", p)
    if not training or p == 0:
        scale = np.ones((1,) * x.ndim, x.real.dtype)
        return x.copy(), DropoutCache(scale, x.shape)
    check_rng(rng)
    keep = cast("np.random.Generator", rng).random(_mask_shape(x.shape, shared_axis)) >= p
    # In the dtype of x: a mask of float64 would make float32 results float64.
    scale = (keep / (1 - p)).astype(x.real.dtype)
    return _drop(x, scale), DropoutCache(scale, x.shape)


def dropout_backward(dy: Inexact[Array, "*axes"], cache: DropoutCache) -> Inexact[Array, "*axes"]:
    """Return the gradient by `x`: dx = dy * m / (1 - p), with the mask of the forward pass.

    Args:
        dy: gradient by the y that `dropout` returned.
        cache: from the same call.

    Raises:
        TypeError: if `dy` is no floating-point array.
        ValueError: if its shape is not that of `x`.
    """
    check_floating("dy", dy)
    if dy.shape != cache.shape:
        raise ValueError(f"expected dy with shape {cache.shape}, got {dy.shape}")
    return _drop(dy, cache.scale)


def check_probability(name: str, p: Unchecked) -> None:
    """Check a probability of being dropped.

    Raises:
        TypeError: if it is no number.
        ValueError: if it is outside [0, 1): with 1, nothing would be left to scale up.
    """
    check_number(name, p)
    if not 0 <= p < 1:
        raise ValueError(f"expected {name} in [0, 1), got {p}")


def _mask_shape(shape: tuple[int, ...], shared_axis: int | None) -> tuple[int, ...]:
    if shared_axis is None:
        return shape
    check_integer("shared_axis", shared_axis)
    if not -len(shape) <= shared_axis < len(shape):
        raise IndexError(f"expected shared_axis below {len(shape)} axes, got {shared_axis}")
    return tuple(1 if axis == shared_axis % len(shape) else size for axis, size in enumerate(shape))


def _drop(x: Array, scale: Array) -> Array:
    # Infinity times 0 is NaN, and meant; the warning would only say so again.
    with np.errstate(invalid="ignore"):
        y: Array = x * scale
    return y
