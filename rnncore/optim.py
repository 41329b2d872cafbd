"""Optimisers as pure functions: parameters and gradients in, new parameters out.

Parameters are a NamedTuple of arrays, such as `LSTMParams`, or a tuple of such tuples.
"""

from typing import Any, NamedTuple, TypeVar

import numpy as np

from rnncore._checks import check_number, check_positive
from rnncore._typing import Array
from rnncore.params import map_params, named_arrays

Tree = TypeVar("Tree", bound=tuple[Any, ...])


class AdamState(NamedTuple):
    """Steps taken, and the running means, of the parameters' type, of gradient and its square."""

    steps: int
    mean: Any
    mean_square: Any


def sgd_step(params: Tree, grads: Tree, learning_rate: float) -> Tree:
    """Take one step of gradient descent.

    Equation: w_new = w - learning_rate * dw.

    Args:
        params: parameters; they are not changed.
        grads: gradients, of the same type.
        learning_rate: step size, > 0.

    Returns: new parameters.

    Raises:
        TypeError: if `params` and `grads` differ in type, or a number is none.
        ValueError: if arrays differ in shape, or `learning_rate` is not positive.

    Example:
        >>> sgd_step((np.array([1.0]),), (np.array([2.0]),), learning_rate=0.25)
        (array([0.5]),)
    """
    check_positive("learning_rate", learning_rate)
    return map_params(lambda w, dw: w - float(learning_rate) * dw, params, grads)


def adam_init(params: Tree) -> AdamState:
    """Return the state before the first step: means of 0."""
    return AdamState(0, map_params(np.zeros_like, params), map_params(np.zeros_like, params))


def adam_step(
    params: Tree,
    grads: Tree,
    state: AdamState,
    learning_rate: float = 1e-3,
    betas: tuple[float, float] = (0.9, 0.999),
    eps: float = 1e-8,
) -> tuple[Tree, AdamState]:
    """Take one step of Adam.

    Equation: m = b1 m + (1 - b1) dw; v = b2 v + (1 - b2) dw^2;
        w_new = w - learning_rate * m / (1 - b1^t) / (sqrt(v / (1 - b2^t)) + eps).

    Args:
        params: parameters; they are not changed.
        grads: gradients, of the same type.
        state: from `adam_init` or the step before.
        learning_rate: size of the first step of each weight, > 0.
        betas: (b1, b2), how much of the old means is kept, each in [0, 1).
        eps: keeps the denominator from 0, > 0.

    Returns: `(params, state)`, both new.

    Raises:
        TypeError: if `params` and `grads` differ in type, or a number is none.
        ValueError: if arrays differ in shape, or a number is out of its range.

    Source: Kingma & Ba (2015), algorithm 1.

    Example: the first step is as long as the learning rate, whatever the gradient.
        >>> params, grads = (np.array([1.0]),), (np.array([50.0]),)
        >>> (weight,), _ = adam_step(params, grads, adam_init(params), learning_rate=0.25)
        >>> print(f"{weight.item():.4f}")
        0.7500
    """
    check_positive("learning_rate", learning_rate)
    check_positive("eps", eps)
    for beta in betas:
        check_number("betas", beta)
    beta_1, beta_2 = map(float, betas)
    if not (0 <= beta_1 < 1 and 0 <= beta_2 < 1):
        raise ValueError(f"expected betas in [0, 1), got {betas}")

    steps = state.steps + 1
    mean = map_params(lambda m, dw: beta_1 * m + (1 - beta_1) * dw, state.mean, grads)
    square = map_params(lambda v, dw: beta_2 * v + (1 - beta_2) * dw**2, state.mean_square, grads)
    # Means that start at 0 are too small at first; this undoes it.
    rate, spread = float(learning_rate) / (1 - beta_1**steps), 1 - beta_2**steps

    def update(w: Array, m: Array, v: Array) -> Array:
        return w - rate * m / (np.sqrt(v / spread) + float(eps))

    return map_params(update, params, mean, square), AdamState(steps, mean, square)


def clip_by_global_norm(grads: Tree, max_norm: float) -> tuple[Tree, float]:
    """Shorten the gradient, taken as one long vector, to `max_norm`; its direction stays.

    Equation: dw_new = dw * min(1, max_norm / norm), norm = sqrt(sum of all dw^2).

    Args:
        grads: gradients; they are not changed.
        max_norm: longest length allowed, > 0.

    Returns: `(clipped, norm)`; `norm` is the length before. If it is inf or NaN, no direction is
        left and the gradients come back as they are: look at `norm` before you use them.

    Raises:
        TypeError: if `max_norm` is no number.
        ValueError: if it is not positive.

    Source: Pascanu et al. (2013), algorithm 1.

    Example:
        >>> clip_by_global_norm((np.array([3.0]), np.array([4.0])), max_norm=1.0)
        ((array([0.6]), array([0.8])), 5.0)
    """
    check_positive("max_norm", max_norm)
    norm = _global_norm(grads)
    scale = float(max_norm) / norm if max_norm < norm < np.inf else 1.0
    return map_params(lambda dw: dw * scale, grads), norm


def _global_norm(grads: tuple[Any, ...]) -> float:
    arrays = [np.abs(array).astype(np.float64) for _, array in named_arrays(grads)]
    largest = float(max((array.max(initial=0.0) for array in arrays), default=0.0))
    if largest == 0 or not np.isfinite(largest):
        return largest
    # Divided by the largest, no square can overflow, even of a gradient that has exploded.
    return float(largest * np.sqrt(sum(np.sum((array / largest) ** 2) for array in arrays)))
