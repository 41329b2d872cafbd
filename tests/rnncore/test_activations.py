"""Activations: values against torch, and the ends of the number line."""

import numpy as np
import pytest
import torch
from claims import close, rng

import rnncore
from rnncore import log_softmax, relu, sigmoid, softmax, tanh

ALL = [sigmoid, tanh, relu, softmax, log_softmax]


@pytest.mark.parity
@pytest.mark.parametrize("function", ALL)
@pytest.mark.parametrize(("dtype", "rtol"), [(np.float64, 1e-12), (np.float32, 1e-5)])
def test_values_are_those_of_torch(function, dtype, rtol) -> None:
    """Each activation equals torch's, and keeps the dtype that came in."""
    x = (3 * rng().standard_normal((3, 5))).astype(dtype)
    options = {"dim": -1} if "softmax" in function.__name__ else {}
    y = function(x)
    close(y, getattr(torch, function.__name__)(torch.tensor(x), **options), rtol, rtol / 100)
    assert y.dtype == dtype


@pytest.mark.parametrize("function", ALL)
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_huge_numbers_stay_finite(function, dtype) -> None:
    """Rows that differ by 20000 give no warning, infinity or NaN, forward or backward."""
    x = np.array([[1e4, -1e4, 0.0], [-1e4, -1e4, -1e4]], dtype)
    y = function(x)
    dx = getattr(rnncore, function.__name__ + "_backward")(np.ones_like(x), y)
    assert np.isfinite(y).all()
    assert np.isfinite(dx).all()
    assert y.dtype == dx.dtype == dtype


@pytest.mark.parametrize("function", ALL)
def test_nan_is_not_swallowed(function) -> None:
    """NaN in gives NaN out, in its own row only."""
    y = function(np.array([[np.nan, 1.0], [2.0, 3.0]]))
    assert np.isnan(y[0, 0])
    assert np.isfinite(y[1]).all()


def test_softmax_is_shifted_row_by_row() -> None:
    """A row 900 lower than its neighbour does not underflow, and -inf means probability 0."""
    y = softmax(np.array([[0.0, 0.0, 0.0], [-900.0, -900.0, -np.inf]]))
    close(y, np.array([[1 / 3, 1 / 3, 1 / 3], [0.5, 0.5, 0.0]]))


def test_relu_has_slope_zero_at_zero() -> None:
    """At 0, where relu has no derivative, the gradient is 0, as in torch."""
    x = torch.zeros(3, dtype=torch.float64, requires_grad=True)
    torch.relu(x).sum().backward()
    close(rnncore.relu_backward(np.ones(3), relu(np.zeros(3))), x.grad)
