"""Masks from lengths, and sequences turned around within them."""

import numpy as np
import pytest

from rnncore import length_mask
from rnncore.sequence import reverse_steps


def test_mask_is_true_at_real_steps() -> None:
    """True = real token, for lists and for every integer dtype, down to no step and no sequence."""
    want = [[True, True, False], [False, False, False], [True, True, True]]
    assert length_mask([2, 0, 3], 3).tolist() == want
    assert length_mask(np.array([2, 0, 3], np.uint8), 3).tolist() == want
    assert length_mask([0, 0], 0).shape == (2, 0)
    assert length_mask([], 3).shape == (0, 3)


@pytest.mark.parametrize("dtype", [int, np.uint8])
def test_sequences_turn_around_within_their_length(dtype) -> None:
    """Real steps come in the other order, padding stays, and a second turn undoes the first."""
    x = np.arange(1.0, 13).reshape(3, 4, 1)
    lengths = np.array([4, 0, 3], dtype)
    turned = reverse_steps(x, lengths)
    assert turned[..., 0].tolist() == [[4, 3, 2, 1], [5, 6, 7, 8], [11, 10, 9, 12]]
    assert np.array_equal(reverse_steps(turned, lengths), x)
    assert np.array_equal(reverse_steps(x, None), x[:, ::-1])


REFUSED = [
    (([1, 2], 3.0), TypeError, "seq to be an integer, got float"),
    (([1, 2], -1), ValueError, "seq >= 0, got -1"),
    (([1.0, 2.0], 3), TypeError, "lengths with an integer dtype, got float64"),
    (([[1, 2]], 3), ValueError, r"lengths with shape \(batch,\), got \(1, 2\)"),
    (([1, 4], 3), ValueError, "lengths between 0 and 3, got 4"),
    (([-1, 2], 3), ValueError, "lengths between 0 and 3, got -1"),
]


@pytest.mark.parametrize(("arguments", "error", "message"), REFUSED)
def test_wrong_arguments_are_named(arguments, error, message) -> None:
    """A wrong argument is refused by one sentence that says what was expected and what came."""
    with pytest.raises(error, match="^expected " + message):
        length_mask(*arguments)
