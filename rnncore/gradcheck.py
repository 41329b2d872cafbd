"""Gradients without calculus, exact to rounding: the complex step.

For an analytic f: f(x + ih) = f(x) + ih f'(x) + O(h^2), so f'(x) = Im f(x + ih) / h. Nothing is
subtracted, so h can be so small that the error term vanishes. Source: Squire & Trapp (1998).
"""

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

import numpy as np

from rnncore._checks import check_floating
from rnncore._typing import Array, Inexact
from rnncore.params import map_params, named_arrays

STEP = 1e-30


def complex_step_gradient(
    f: Callable[[Array], Any], x: Inexact[Array, "*axes"]
) -> Inexact[Array, "*axes"]:
    """Return the gradient of a number by every entry of `x`.

    Equation: df/dx_k = Im f(x + i h e_k) / h, with h = 1e-30.

    Args:
        f: takes an array like `x` but complex, returns one number; built from analytic functions
            (no abs, no conjugate, no buffer of a real dtype).
        x: where the gradient is taken.

    Returns: the gradient, real.

    Raises:
        TypeError: if `x` is no floating-point array, or `f` returns a real number: then it does not
            use `x`, or drops the imaginary part, and a gradient through it would read 0.

    Example: the derivative of x^3 at 2 is 12.
        >>> complex_step_gradient(lambda x: (x**3).sum(), np.array([2.0]))
        array([12.])
    """
    check_floating("x", x)
    moved = x.astype(np.complex128)
    gradient = np.empty(x.shape)
    for index in np.ndindex(x.shape):
        moved[index] += 1j * STEP
        value = f(moved)
        if not np.iscomplexobj(value):
            raise TypeError(
                f"expected a complex number from f, got {type(value).__name__}: "
                "x is unused, or a part of f drops the imaginary part"
            )
        gradient[index] = np.imag(value) / STEP
        moved[index] = x[index]
    return gradient


def check_gradients(
    forward: Callable[..., Any],
    backward: Callable[..., Any],
    arguments: Mapping[str, Any],
    rng: np.random.Generator,
    rtol: float = 1e-10,
    atol: float = 1e-13,
) -> None:
    """Compare a backward function with the complex step, by every argument.

    The loss is the sum of all results of `forward`, each number weighted at random: ones in place
    of random weights would hide errors.

    Args:
        forward: takes the arguments in order, returns `(*results, cache)`.
        backward: takes `(*gradients by the results, cache)`, returns one gradient per argument.
        arguments: name to array or (nested) tuple of arrays; the names serve the message.
        rng: source of the weights.
        rtol: largest error allowed, relative to the complex step.
        atol: absolute error allowed on top, for sums that cancel.

    Raises:
        AssertionError: if a gradient is wrong; it names the array and the index of the worst entry.
        TypeError: if an argument is no floating-point array, or a result does not depend on it.
        ValueError: if `backward` does not return one gradient per argument.

    Example:
        >>> def square(x):
        ...     return x**2, x
        >>> rng = np.random.default_rng(0)
        >>> check_gradients(square, lambda dy, x: 2 * x * dy, {"x": np.array([3.0])}, rng)
        >>> check_gradients(square, lambda dy, x: x * dy, {"x": np.array([3.0])}, rng)
        Traceback (most recent call last):
        AssertionError: expected dx[0] = -0.792629 by complex step, got -0.396315 from backward
    """
    inputs = tuple(map_params(np.array, argument) for argument in arguments.values())
    *results, cache = forward(*inputs)
    weights = map_params(lambda y: rng.standard_normal(np.shape(y)), tuple(results))
    gradients = backward(*weights, cache)
    gradients = (gradients,) if len(inputs) == 1 else tuple(gradients)
    if len(gradients) != len(inputs):
        raise ValueError(f"expected {len(inputs)} gradients, got {len(gradients)}")

    def loss(original: Array, moved: Array) -> object:
        swapped = map_params(lambda array: moved if array is original else array, inputs)
        *results, _ = forward(*swapped)
        products = map_params(lambda weight, y: np.sum(weight * y), weights, tuple(results))
        return sum(product for _, product in named_arrays(products))

    for name, argument, gradient in zip(arguments, inputs, gradients, strict=True):
        pairs = zip(named_arrays(argument, f"d{name}"), named_arrays(gradient), strict=True)
        for (path, array), (_, got) in pairs:
            want = complex_step_gradient(partial(loss, array), array)
            _compare(path, got, want, rtol, atol)


def _compare(path: str, got: Array, want: Array, rtol: float, atol: float) -> None:
    if np.shape(got) != want.shape:
        raise AssertionError(f"expected {path} with shape {want.shape}, got {np.shape(got)}")
    excess = np.abs(got - want) - (atol + rtol * np.abs(want))
    # Written so that NaN counts as an error.
    if np.all(excess <= 0):
        return
    worst = np.unravel_index(np.argmax(excess), want.shape)
    index = ", ".join(str(k) for k in worst)
    raise AssertionError(
        f"expected {path}[{index}] = {want[worst]:.6g} by complex step, "
        f"got {got[worst]:.6g} from backward"
    )
