"""Losses: values against torch and by hand, masks, and what is refused."""

import claims
import numpy as np
import pytest
import torch
from claims import close

from rnncore import (
    cross_entropy,
    cross_entropy_backward,
    length_mask,
    mean_squared_error,
    mean_squared_error_backward,
    perplexity,
)

LOGITS = claims.rng().standard_normal((3, 4, 5))
TARGETS = claims.rng().integers(0, 5, (3, 4))
MASK = length_mask([4, 0, 1], 4)


def test_worked_example() -> None:
    """Probabilities 1/4 and 1/2 of the right token: the loss is (ln 4 + ln 2) / 2 = 1.5 ln 2."""
    logits = np.log(np.array([[[1.0, 3.0], [2.0, 2.0]]]))
    targets = np.array([[0, 1]])
    loss_nats, cache = cross_entropy(logits, targets)
    close(loss_nats, 1.5 * np.log(2))
    close(cross_entropy_backward(1.0, cache), np.array([[[-0.375, 0.375], [0.25, -0.25]]]))
    only_first, _ = cross_entropy(logits, targets, np.array([[True, False]]))
    close(only_first, np.log(4))


@pytest.mark.parity
@pytest.mark.parametrize(("dtype", "rtol"), [(np.float64, 1e-12), (np.float32, 1e-5)])
def test_values_are_those_of_torch(dtype, rtol) -> None:
    """Both losses equal torch's (a mask is its `ignore_index`), and keep the dtype that came in."""
    logits = torch.tensor(LOGITS.astype(dtype), requires_grad=True)
    targets = torch.tensor(np.where(MASK, TARGETS, -100))
    want = torch.nn.functional.cross_entropy(logits.reshape(-1, 5), targets.reshape(-1))
    want.backward()
    loss_nats, cache = cross_entropy(LOGITS.astype(dtype), TARGETS, MASK)
    dlogits = cross_entropy_backward(1.0, cache)
    close((loss_nats, dlogits), (want, logits.grad), rtol, rtol / 100)
    assert loss_nats.dtype == dlogits.dtype == dtype

    prediction, target = LOGITS.astype(dtype), LOGITS[::-1].astype(dtype)
    loss, error = mean_squared_error(prediction, target)
    want = torch.nn.functional.mse_loss(torch.tensor(prediction), torch.tensor(target.copy()))
    close(loss, want, rtol)
    assert loss.dtype == mean_squared_error_backward(1.0, error).dtype == dtype


def test_padding_is_never_used() -> None:
    """NaN logits and impossible targets at padding change nothing, and get no gradient."""
    loss_nats, cache = cross_entropy(LOGITS, TARGETS, MASK)
    logits = np.where(MASK[..., None], LOGITS, np.nan)
    same, spoilt = cross_entropy(logits, np.where(MASK, TARGETS, -1), MASK)
    dlogits = cross_entropy_backward(1.0, spoilt)
    close((same, dlogits), (loss_nats, cross_entropy_backward(1.0, cache)))
    assert not dlogits[~MASK].any()


def test_the_mean_is_over_real_tokens() -> None:
    """The loss is the sum over real tokens by their number, not a mean of means of sequences."""
    one, _ = cross_entropy(LOGITS[[0]], TARGETS[[0]])
    other, _ = cross_entropy(LOGITS[2, :1], TARGETS[2, :1])
    both, _ = cross_entropy(LOGITS, TARGETS, MASK)
    close(both, (4 * one + other) / 5)
    assert not np.isclose(both, (one + other) / 2)


def test_labels_of_whole_sequences_work_too() -> None:
    """Logits without a seq axis, one label per sequence, give the same numbers."""
    want, _ = cross_entropy(LOGITS[:, :1], TARGETS[:, :1])
    close(cross_entropy(LOGITS[:, 0], TARGETS[:, 0])[0], want)


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_huge_logits_stay_finite(dtype) -> None:
    """A right token 20000 below the best costs 20000 nats, not infinity."""
    loss_nats, cache = cross_entropy(np.array([[1e4, -1e4]], dtype), np.array([1]))
    close(loss_nats, 2e4)
    close(cross_entropy_backward(1.0, cache), np.array([[1.0, -1.0]]))


def test_nan_is_not_swallowed() -> None:
    """A NaN at a real token makes the loss NaN."""
    logits = LOGITS.copy()
    logits[0, 1, 2] = np.nan
    assert np.isnan(cross_entropy(logits, TARGETS, MASK)[0])
    assert np.isnan(mean_squared_error(logits, LOGITS)[0])


def test_backward_leaves_its_cache_alone() -> None:
    """A second call gives the same gradient."""
    _, cache = cross_entropy(LOGITS, TARGETS, MASK)
    close(cross_entropy_backward(1.0, cache), cross_entropy_backward(1.0, cache), 0, 0)


def test_perplexity_counts_equal_choices() -> None:
    """Eight equal choices are a perplexity of 8; overflow is infinity; NaN stays NaN."""
    close(perplexity(3 * np.log(2)), 8.0)
    assert perplexity(1e4) == np.inf
    assert np.isnan(perplexity(np.nan))


REFUSED = [
    (cross_entropy, (LOGITS.astype(int), TARGETS), TypeError, "logits .* dtype, got int64"),
    (cross_entropy, (LOGITS, TARGETS.astype(float)), TypeError, "targets .* integer .*float64"),
    (cross_entropy, (LOGITS, TARGETS, MASK.astype(int)), TypeError, "mask of bool.*, got int64"),
    (cross_entropy, (LOGITS, 3), TypeError, "targets to be a NumPy array, got int"),
    (cross_entropy, (LOGITS, TARGETS, True), TypeError, "mask to be a NumPy array, got bool"),
    (cross_entropy, (LOGITS, TARGETS.T), ValueError, r"targets .*\(3, 4\), got \(4, 3\)"),
    (cross_entropy, (LOGITS, TARGETS, MASK[:, :3]), ValueError, r"mask .*\(3, 4\), got \(3, 3\)"),
    (cross_entropy, (LOGITS, TARGETS, MASK & False), ValueError, "one real token, got a mask with"),
    (cross_entropy, (LOGITS, TARGETS + 5), IndexError, "targets between 0 and 4, got "),
    (cross_entropy, (LOGITS, TARGETS * 0 - 1), IndexError, "targets between 0 and 4, got -1"),
    (mean_squared_error, (TARGETS, TARGETS), TypeError, "prediction .* dtype, got int64"),
    (mean_squared_error, (LOGITS, [1.0]), TypeError, "target to be a NumPy array, got list"),
    (mean_squared_error, (LOGITS, LOGITS[0]), ValueError, r"\(3, 4, 5\), got \(4, 5\)"),
    (mean_squared_error, (np.ones(0), np.ones(0)), ValueError, r"one number, got shape \(0,\)"),
    (perplexity, (-0.5,), ValueError, "loss_nats >= 0, got -0.5"),
]


@pytest.mark.parametrize(("function", "arguments", "error", "message"), REFUSED)
def test_wrong_arguments_are_named(function, arguments, error, message) -> None:
    """A wrong argument is refused by one sentence that says what was expected and what came."""
    with pytest.raises(error, match="^expected .*" + message):
        function(*arguments)
