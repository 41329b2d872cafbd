"""Dropout: how much is dropped, what the mean stays, and that one seed gives one mask."""

import claims
import numpy as np
import pytest
from claims import close

from rnncore import dropout, dropout_backward

X = claims.rng().standard_normal((3, 5, 4))


@pytest.mark.parametrize("p", [0.1, 0.5, 0.8])
def test_the_mean_stays(p) -> None:
    """Of a million ones, a share p is 0, the others are 1 / (1 - p), and the mean is 1."""
    y, _ = dropout(np.ones((1000, 1000)), p, claims.rng())
    assert set(np.unique(y)) == {0.0, 1 / (1 - p)}
    # Five standard deviations of a mean of a million.
    assert abs((y == 0).mean() - p) < 5 * np.sqrt(p * (1 - p)) / 1000
    assert abs(y.mean() - 1) < 5 * np.sqrt(p / (1 - p)) / 1000


def test_one_seed_gives_one_mask() -> None:
    """The same generator state gives the same result; the next call gives another."""
    draw = claims.rng()
    first, second = dropout(X, 0.5, draw)[0], dropout(X, 0.5, draw)[0]
    close(dropout(X, 0.5, claims.rng())[0], first, 0, 0)
    assert not np.array_equal(first, second)


def test_the_reverse_drops_the_same_numbers() -> None:
    """The gradient is 0 exactly where the forward pass dropped, and scaled elsewhere."""
    y, cache = dropout(X, 0.4, claims.rng())
    dx = dropout_backward(np.ones_like(X), cache)
    close(dx * X, y)
    assert np.array_equal(dx == 0, y == 0)
    assert 0 < (dx == 0).sum() < X.size


@pytest.mark.parametrize("axis", [1, -2])
def test_a_shared_axis_drops_whole_features(axis) -> None:
    """With the axis of time shared, each feature is kept or dropped for a whole sequence."""
    y, cache = dropout(np.ones_like(X), 0.5, claims.rng(), shared_axis=axis)
    close(y, np.repeat(y[:, :1], 5, axis=1), 0, 0)
    assert 0 < (y[:, 0] == 0).sum() < 12
    close(dropout_backward(np.ones_like(X), cache), y, 0, 0)


@pytest.mark.parametrize("options", [{"p": 0.0}, {"p": 0.9, "training": False}], ids=str)
def test_without_dropping_nothing_changes(options) -> None:
    """With p = 0, and outside training, y is a copy of x, and no generator is needed."""
    y, cache = dropout(X, **options)
    close(y, X, 0, 0)
    assert not np.shares_memory(y, X)
    close(dropout_backward(X, cache), X, 0, 0)


@pytest.mark.parametrize("training", [True, False])
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_the_dtype_is_kept(dtype, training) -> None:
    """What comes in as float32 goes out and back as float32."""
    x = X.astype(dtype)
    y, cache = dropout(x, 0.5, claims.rng(), training=training)
    assert y.dtype == dropout_backward(x, cache).dtype == dtype


def test_nothing_wrong_is_hidden() -> None:
    """NaN and infinity come out as NaN where they are dropped, without a warning."""
    x = np.array([np.nan, np.inf, -np.inf, 1e4, -1e4])
    y, cache = dropout(np.tile(x, (50, 1)), 0.5, claims.rng())
    assert not np.isfinite(y[:, :3]).any()
    assert np.isfinite(y[:, 3:]).all()
    assert not np.isfinite(dropout_backward(np.tile(x, (50, 1)), cache)[:, :3]).any()


def test_nothing_to_drop() -> None:
    """An array without numbers comes out as it went in."""
    y, cache = dropout(X[:, :0], 0.5, claims.rng(), shared_axis=1)
    assert y.shape == (3, 0, 4)
    assert dropout_backward(y, cache).shape == (3, 0, 4)


CACHE = dropout(X, 0.5, claims.rng())[1]
REFUSED = [
    (dropout, (X.astype(int), 0.5), TypeError, "x with a floating-point dtype, got int64"),
    (dropout, (X, "0.5"), TypeError, "p to be a number, got str"),
    (dropout, (X, 0.5), TypeError, "rng to be a NumPy Generator, got NoneType"),
    (dropout, (X, 0.5, 7), TypeError, "rng to be a NumPy Generator, got int"),
    (dropout, (X, 1.0), ValueError, r"p in \[0, 1\), got 1.0"),
    (dropout, (X, -0.1), ValueError, r"p in \[0, 1\), got -0.1"),
    (dropout, (X, float("nan")), ValueError, r"p in \[0, 1\), got nan"),
    (dropout_backward, (None, CACHE), TypeError, "dy to be .*, got NoneType"),
    (dropout_backward, (X[1:], CACHE), ValueError, r"dy with shape \(3, 5, 4\), got \(2, 5, 4\)"),
]


@pytest.mark.parametrize(("function", "arguments", "error", "message"), REFUSED)
def test_wrong_arguments_are_named(function, arguments, error, message) -> None:
    """A wrong argument is refused by one sentence that says what was expected and what came."""
    with pytest.raises(error, match="^expected .*" + message):
        function(*arguments)


def test_an_axis_that_is_not_there_is_named() -> None:
    """Sharing an axis that x does not have is refused."""
    with pytest.raises(IndexError, match="expected shared_axis below 3 axes, got 3"):
        dropout(X, 0.5, claims.rng(), shared_axis=3)
    with pytest.raises(TypeError, match="expected shared_axis to be an integer, got str"):
        dropout(X, 0.5, claims.rng(), shared_axis="time")
