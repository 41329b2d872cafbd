"""Compare results in the precision of whoever computed them."""

from collections.abc import Mapping
from typing import Literal

import numpy as np

from rnngrader.checks.results import NumericArray, Results

Verdict = Literal["right", "imprecise", "shape", "value", "not-finite"]
"""`imprecise`: a float64 result that is right to single precision only."""

FINE = (1e-9, 1e-10)
COARSE = (1e-4, 1e-5)
# A sigmoid clipped within 1e-7 is accepted, and saturated gates show it.
SATURATED_FINE = (1e-6, 1e-6)
SATURATED_COARSE = (1e-3, 1e-3)


def compare(
    got: Results,
    expected: Results,
    *,
    saturated: bool = False,
    free: Mapping[str, NumericArray] | None = None,
) -> dict[str, Verdict]:
    """Judge each array.

    Args:
        got: what the learner's function returned.
        expected: what the reference returned.
        saturated: whether the inputs are so large that gates sit at their limits.
        free: by name, True where any number will do.

    Returns:
        A verdict by name of the array.
    """
    looked_at = without_free(got, expected, free or {})
    return {name: _verdict(looked_at[name], expected[name], saturated) for name in expected}


def without_free(got: Results, expected: Results, free: Mapping[str, NumericArray]) -> Results:
    """Put the expected number wherever any number will do.

    Args:
        got: what a function returned.
        expected: what the reference returned.
        free: by name, True where any number will do.

    Returns:
        The results; an array of another shape stays as it is.
    """
    changed = dict(got)
    for name in free.keys() & expected.keys():
        any_will_do = free[name]
        array = fitted(got[name], expected[name].shape)
        if array.shape == expected[name].shape:
            changed[name] = np.where(any_will_do, expected[name].astype(array.dtype), array)
    return changed


def same(one: NumericArray, other: NumericArray, tolerance: tuple[float, float] = COARSE) -> bool:
    """Tell whether two arrays agree, where nan agrees with nan.

    Args:
        one: an array.
        other: another one.
        tolerance: relative and absolute.

    Returns:
        False if the shapes differ.
    """
    one = fitted(one, other.shape)
    if one.shape != other.shape:
        return False
    rtol, atol = tolerance
    a, b = _double(one), _double(other)
    with np.errstate(all="ignore"):
        close = np.abs(a - b) <= atol + rtol * np.abs(b)
    # Infinite numbers are equal only to themselves, and nan is to itself here.
    apart = ~(close & np.isfinite(b)) & (a != b)
    return not apart.any() or bool((np.isnan(a) & np.isnan(b))[apart].all())


def fitted(array: NumericArray, shape: tuple[int, ...]) -> NumericArray:
    """Drop axes of length one that the expected shape does not have.

    Args:
        array: any array.
        shape: the shape it should have.

    Returns:
        The array in that shape if dropping such axes is enough, else the array as it is.
    """
    longer = array.ndim > len(shape)
    without_ones = tuple(n for n in array.shape if n != 1) == tuple(n for n in shape if n != 1)
    return array.reshape(shape) if longer and without_ones else array


def is_double(array: NumericArray) -> bool:
    """Tell whether a result claims double precision.

    Args:
        array: any array.

    Returns:
        False for floats of 32 bits or less.
    """
    return array.dtype.kind != "f" or array.dtype.itemsize >= np.dtype(np.float64).itemsize


def _verdict(got: NumericArray, expected: NumericArray, saturated: bool) -> Verdict:  # noqa: FBT001
    got = fitted(got, expected.shape)
    if got.shape != expected.shape:
        return "shape"
    if not np.isfinite(_double(got)).all():
        return "not-finite"
    fine, coarse = (SATURATED_FINE, SATURATED_COARSE) if saturated else (FINE, COARSE)
    if is_double(got) and same(got, expected, fine):
        return "right"
    if same(got, expected, coarse):
        return "imprecise" if is_double(got) else "right"
    return "value"


def _double(array: NumericArray) -> NumericArray:
    return array.astype(np.float64, copy=False)
