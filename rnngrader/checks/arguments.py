"""Walk through arguments: arrays alone, or inside named tuples, lists and dictionaries."""

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

NumericArray = NDArray[Any]


def map_arrays(value: Any, change: Callable[[NumericArray], NumericArray]) -> Any:
    """Change every array of a value, and leave the rest as it is.

    Args:
        value: an array, or containers of arrays and of anything else.
        change: what to do with one array.

    Returns:
        The same structure with other arrays.

    Example:
        >>> map_arrays((np.ones(2), None, [3]), lambda array: array + 1)
        (array([2., 2.]), None, [3])
    """
    if isinstance(value, np.ndarray):
        return change(value)
    if isinstance(value, tuple) and hasattr(value, "_make"):
        return value._make(map_arrays(item, change) for item in value)
    if type(value) in {tuple, list}:
        return type(value)(map_arrays(item, change) for item in value)
    if type(value) is dict:
        return {key: map_arrays(item, change) for key, item in value.items()}
    return value


def arrays_of(value: object) -> list[NumericArray]:
    """List the arrays of a value, in order.

    Args:
        value: an array, or containers of arrays and of anything else.

    Returns:
        The arrays themselves, not copies.
    """
    found: list[NumericArray] = []

    def note(array: NumericArray) -> NumericArray:
        found.append(array)
        return array

    map_arrays(value, note)
    return found


def in_precision(value: Any, dtype: type[np.floating[Any]]) -> Any:
    """Give every floating-point array of a value another precision; integers stay."""
    return map_arrays(value, lambda a: a.astype(dtype) if a.dtype.kind == "f" else a)


def strided(value: Any) -> Any:
    """Lay every array of a value out with gaps, or in the other memory order."""
    return map_arrays(value, _with_gaps)


def is_double(value: object) -> bool:
    """Tell whether a value holds floating-point arrays, all in double precision."""
    dtypes = {array.dtype for array in arrays_of(value) if array.dtype.kind == "f"}
    return dtypes == {np.dtype(np.float64)}


def _with_gaps(array: NumericArray) -> NumericArray:
    if array.ndim > 1:
        return np.asfortranarray(array)
    return np.repeat(array, 2)[::2] if array.ndim else array
