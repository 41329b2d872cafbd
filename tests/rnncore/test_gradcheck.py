"""The complex step itself, and that the check built on it notices what it should."""

import claims
import numpy as np
import pytest
from claims import close

from rnncore import check_gradients, complex_step_gradient

X = claims.rng().standard_normal((3, 2))


def test_gradient_is_exact_to_rounding() -> None:
    """The gradient of sum(exp(x) * sin(x)) is exp(x) * (sin(x) + cos(x))."""
    got = complex_step_gradient(lambda x: np.sum(np.exp(x) * np.sin(x)), X)
    close(got, np.exp(X) * (np.sin(X) + np.cos(X)), 1e-14)
    assert got.dtype == np.float64


def test_the_point_is_not_moved() -> None:
    """Neither `x` nor the arguments of a check are written into."""
    before = X.copy()
    complex_step_gradient(lambda x: x.sum(), X)
    check_gradients(_square, _square_backward, {"x": X}, claims.rng())
    close(X, before, 0, 0)


def _square(x):
    return x**2, x


def _square_backward(dy, x):
    return 2 * x * dy


def _product(x, params):
    return (x @ params[0], x.sum()), (x, params)


def _product_backward(dresults, cache):
    (dy, dsum), (x, params) = dresults, cache
    return dy @ params[0].T + dsum, (x.T @ dy,)


def test_nested_results_and_parameters_are_covered() -> None:
    """Results and parameters in tuples are checked too; the message gives the path."""
    arguments = {"x": X, "params": (np.ones((2, 4)),)}
    check_gradients(_product, _product_backward, arguments, claims.rng())
    with pytest.raises(AssertionError, match=r"expected dparams\[0\]\[0, 3\] = .*got .* backward"):
        check_gradients(_product, _broken, arguments, claims.rng())


def _broken(dresults, cache):
    dx, (dweight,) = _product_backward(dresults, cache)
    dweight[0, 3] += 1
    dweight[1, 2] += 1e-6
    return dx, (dweight,)


@pytest.mark.parametrize(
    ("backward", "message"),
    [
        (lambda dy, x: 2 * x * dy * (1 + 1e-9), r"expected dx\[\d, \d\] = .* got"),
        (lambda dy, x: 2 * x * dy.mean(), r"expected dx\[\d, \d\] = .* got"),
        (
            lambda dy, x: np.where(X[2, 1] == X, np.nan, 2 * x * dy),
            r"expected dx\[2, 1\] .* got nan",
        ),
        (lambda dy, x: (2 * x * dy)[0], r"expected dx with shape \(3, 2\), got \(2,\)"),
    ],
)
def test_wrong_gradients_are_noticed(backward, message) -> None:
    """An error of a billionth, a lost weight, a NaN and a wrong shape are all noticed."""
    with pytest.raises(AssertionError, match=message):
        check_gradients(_square, backward, {"x": X}, claims.rng())


def test_one_array_given_twice_is_two_arguments() -> None:
    """Two parameters that are the same object are still moved one at a time."""
    shared = np.ones(2)

    def forward(pair):
        return 2 * pair[0] + 3 * pair[1], None

    check_gradients(
        forward, lambda dy, _: (2 * dy, 3 * dy), {"pair": (shared, shared)}, claims.rng()
    )


def test_a_buffer_of_real_dtype_is_named_as_the_cause() -> None:
    """A function that drops the imaginary part is refused: its gradient would read 0."""
    with pytest.raises(TypeError, match="expected a complex number from f, got float64: "):
        complex_step_gradient(lambda x: np.abs(x).sum(), X)


def test_wrong_arguments_are_named() -> None:
    """Integers, and a backward with a gradient too few, are refused by one sentence."""
    with pytest.raises(TypeError, match="expected x with a floating-point dtype, got int64"):
        complex_step_gradient(np.sum, np.arange(3))
    arguments = {"x": X, "params": (np.ones((2, 4)),)}
    with pytest.raises(ValueError, match="expected 2 gradients, got 1"):
        check_gradients(_product, lambda *_: (X,), arguments, claims.rng())
