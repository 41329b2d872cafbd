"""Activations and their reverse; each `*_backward(dy, y)` needs only the forward result `y`."""

import numpy as np

from rnncore._typing import Array, Inexact


def sigmoid(x: Inexact[Array, "*axes"]) -> Inexact[Array, "*axes"]:
    """Squash each number into (0, 1).

    Equation: sigma(x) = 1 / (1 + exp(-x)) = (1 + tanh(x / 2)) / 2.

    The second form has no exp that could overflow and no branch, so it also takes complex numbers.
    Below about -37 in float64 it gives exactly 0; a log-probability needs `log_softmax`.

    Args:
        x: any numbers.

    Returns: the squashed numbers.

    Example:
        >>> sigmoid(np.log(np.array([1.0, 9.0]))).round(12)
        array([0.5, 0.9])
    """
    y: Array = 0.5 * (1 + np.tanh(0.5 * x))
    return y


def sigmoid_backward(
    dy: Inexact[Array, "*axes"], y: Inexact[Array, "*axes"]
) -> Inexact[Array, "*axes"]:
    """Return the gradient by `x`: dx = dy * y * (1 - y), where y = sigma(x)."""
    dx: Array = dy * y * (1 - y)
    return dx


def tanh(x: Inexact[Array, "*axes"]) -> Inexact[Array, "*axes"]:
    """Squash each number into (-1, 1)."""
    y: Array = np.tanh(x)
    return y


def tanh_backward(
    dy: Inexact[Array, "*axes"], y: Inexact[Array, "*axes"]
) -> Inexact[Array, "*axes"]:
    """Return the gradient by `x`: dx = dy * (1 - y^2), where y = tanh(x)."""
    dx: Array = dy * (1 - y**2)
    return dx


def relu(x: Inexact[Array, "*axes"]) -> Inexact[Array, "*axes"]:
    """Replace each number that is not positive by 0; NaN stays NaN.

    Example:
        >>> relu(np.array([-2.0, 3.0]))
        array([0., 3.])
    """
    # "<= 0" is false for NaN; ".real" leaves the complex step's imaginary part out of the choice.
    return np.where(x.real <= 0, 0, x)


def relu_backward(
    dy: Inexact[Array, "*axes"], y: Inexact[Array, "*axes"]
) -> Inexact[Array, "*axes"]:
    """Return the gradient by `x`: dx = dy where y > 0, else 0 (also at x = 0), y = relu(x)."""
    return np.where(y.real <= 0, 0, dy)


def softmax(x: Inexact[Array, "*axes classes"]) -> Inexact[Array, "*axes classes"]:
    """Turn scores into probabilities along the last axis.

    Equation: y_k = exp(x_k) / sum_j exp(x_j).

    Args:
        x: scores in nats; -inf gives probability 0, but a row of nothing else gives NaN.

    Returns: probabilities; each row sums to 1.

    Example:
        >>> softmax(np.log(np.array([[1.0, 3.0]]))).round(12)
        array([[0.25, 0.75]])
    """
    # Each row is shifted by its own maximum: a common one would let a much lower row underflow.
    exp = np.exp(x - x.real.max(axis=-1, keepdims=True))
    y: Array = exp / exp.sum(axis=-1, keepdims=True)
    return y


def softmax_backward(
    dy: Inexact[Array, "*axes classes"], y: Inexact[Array, "*axes classes"]
) -> Inexact[Array, "*axes classes"]:
    """Return the gradient by `x`: dx = y * (dy - sum_k dy_k * y_k), where y = softmax(x)."""
    dx: Array = y * (dy - (dy * y).sum(axis=-1, keepdims=True))
    return dx


def log_softmax(x: Inexact[Array, "*axes classes"]) -> Inexact[Array, "*axes classes"]:
    """Turn scores into log-probabilities (nats) along the last axis.

    Equation: y_k = x_k - log sum_j exp(x_j).

    It stays finite where log(softmax(x)) is already -inf.

    Args:
        x: scores in nats.

    Returns: log-probabilities in nats, at most 0.

    Example:
        >>> log_softmax(np.array([[0.0, 800.0]]))
        array([[-800.,    0.]])
    """
    shifted = x - x.real.max(axis=-1, keepdims=True)
    y: Array = shifted - np.log(np.exp(shifted).sum(axis=-1, keepdims=True))
    return y


def log_softmax_backward(
    dy: Inexact[Array, "*axes classes"], y: Inexact[Array, "*axes classes"]
) -> Inexact[Array, "*axes classes"]:
    """Return the gradient by `x`: dx = dy - exp(y) * sum_k dy_k, where y = log_softmax(x)."""
    dx: Array = dy - np.exp(y) * dy.sum(axis=-1, keepdims=True)
    return dx
