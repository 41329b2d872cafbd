"""Known mistakes that every exercise can have, made from its reference.

They give right values on a first ordinary call, so only an aspect of its own shows them.
"""

from collections.abc import Callable
from typing import Any

import numpy as np

from rnngrader.checks.arguments import arrays_of, in_precision, map_arrays
from rnngrader.checks.spec import Function, Mistake

SCALARS = (np.number, float, int)


def behaviours(
    reference: Function, *, writes: int = 0, keeps_precision: bool = True
) -> tuple[Mistake, ...]:
    """List the mistakes that ordinary values do not show, and the aspect that shows each.

    Args:
        reference: the right function.
        writes: position of the argument that the first of them writes into.
        keeps_precision: whether the exercise has the aspect "precision".

    Returns:
        The entries of the bank, with the general messages.
    """
    found = [
        Mistake("argument-changed", _writing(reference, writes), shown_by="arguments"),
        Mistake("state-kept", lambda: _Kept(reference), shown_by="repeat", fresh=True),
    ]
    if keeps_precision:
        found.append(Mistake("precision-lost", _rounding(reference), shown_by="precision"))
    return tuple(found)


def _writing(reference: Function, position: int) -> Function:
    """Use an argument as working memory, after the result is known."""

    def variant(*args: object) -> object:
        # Without the copy, a result that is a view of the argument would change too.
        result = map_arrays(reference(*args), np.copy)
        for array in arrays_of(args[position])[:1]:
            array[...] = array // 2 if array.dtype.kind in "iub" else 0.5 * array
        return result

    return variant


class _Kept:
    """Adds something to the result with every call."""

    def __init__(self, reference: Function) -> None:
        self._reference = reference
        self._calls = 0

    def __call__(self, *args: object) -> object:
        result = _added(self._reference(*args), self._calls)
        self._calls += 1
        return result


def _added(value: Any, amount: int) -> Any:
    if isinstance(value, SCALARS):
        return value + amount
    change: Callable[[Any], Any] = lambda array: array + amount  # noqa: E731 - one expression
    if isinstance(value, list):
        return [_added(item, amount) for item in value]
    if isinstance(value, tuple) and value and isinstance(value[0], SCALARS):
        return (_added(value[0], amount), *value[1:])
    return map_arrays(value, change)


def _rounding(reference: Function) -> Function:
    """Compute in single precision without saying so."""

    def variant(*args: object) -> object:
        small = (in_precision(argument, np.float32) for argument in args)
        result = reference(*small)
        if isinstance(result, np.floating):
            return np.float64(result)
        if isinstance(result, tuple) and isinstance(result[0], np.floating):
            return (np.float64(result[0]), *result[1:])
        return in_precision(result, np.float64)

    return variant
