"""Which steps of a padded batch are real."""

from collections.abc import Sequence

import numpy as np

from rnncore._checks import check_lengths, check_size
from rnncore._typing import Array, Bool, Inexact, Integer


def length_mask(
    lengths: Integer[Array, " batch"] | Sequence[int], seq: int
) -> Bool[Array, "batch seq"]:
    """Mark the real steps of each padded sequence.

    Equation: mask[n, t] = (t < lengths[n]).

    Args:
        lengths: number of real steps of each sequence, 0 to `seq`.
        seq: number of steps after padding.

    Returns: the mask; True = real token.

    Raises:
        TypeError: if `lengths` or `seq` is not made of integers.
        ValueError: if `lengths` has not exactly one axis, or a length lies outside 0..seq.

    Example:
        >>> length_mask([2, 0], seq=3)
        array([[ True,  True, False],
               [False, False, False]])
    """
    check_size("seq", seq, least=0)
    check_lengths(lengths, seq)
    return np.arange(seq) < np.asarray(lengths)[:, None]


def real_steps(
    x: Inexact[Array, "batch seq input_size"],
    lengths: Integer[Array, " batch"] | Sequence[int] | None,
) -> Bool[Array, "batch seq 1"]:
    """Mark the real steps of `x`, ready to broadcast over features; no lengths: all are real."""
    batch, seq, _ = x.shape
    if lengths is None:
        return np.ones((batch, seq, 1), dtype=bool)
    check_lengths(lengths, seq, batch)
    return length_mask(lengths, seq)[:, :, None]


def reverse_steps(
    x: Inexact[Array, "batch seq features"],
    lengths: Integer[Array, " batch"] | Sequence[int] | None,
) -> Inexact[Array, "batch seq features"]:
    """Turn each sequence around within its real steps; padding stays. Twice gives `x` again.

    Example:
        >>> reverse_steps(np.array([[[1.0], [2.0], [0.0]]]), [2])[0, :, 0]
        array([2., 1., 0.])
    """
    if lengths is None:
        return x[:, ::-1]
    # Of unsigned integers, 0 - 1 would be a large number.
    t, last = np.arange(x.shape[1]), np.asarray(lengths, dtype=int)[:, None] - 1
    source = np.where(t <= last, last - t, t)
    return np.take_along_axis(x, source[:, :, None], axis=1)


def mask_steps(
    x: Inexact[Array, "seq batch features"], real: Bool[Array, "seq batch 1"]
) -> Inexact[Array, "seq batch features"]:
    """Copy `x` with 0 at padding; without padding a plain copy is several times faster."""
    return np.where(real, x, 0) if not real.all() else np.array(x, order="C")


def split_rows(
    weight: Inexact[Array, "rows columns"], gates: int
) -> Inexact[Array, "gates columns hidden_size"]:
    """Give each gate its own transposed weight in one piece of memory, ready for x @ weight."""
    blocks = weight.reshape(gates, -1, weight.shape[1])
    return np.ascontiguousarray(blocks.swapaxes(1, 2))


def sum_steps(
    da: Inexact[Array, "seq batch rows"],
    x: Inexact[Array, "seq batch input_size"],
    h_prev: Inexact[Array, "seq batch hidden_size"],
) -> tuple[Array, Array, Array, Array]:
    """Sum the gradients by both weights and both biases over time and batch.

    The steps are put below each other: one large product is faster than one for each step.
    """
    da, x, h_prev = (part.reshape(-1, part.shape[-1]) for part in (da, x, h_prev))
    db = da.sum(axis=0)
    return da.T @ x, da.T @ h_prev, db, db.copy()
