"""Recognise how a wrong array relates to the right one, whatever function made it.

These are the observations for mistakes that are in no bank: a sign, a factor, a shift in time, two
axes exchanged, one step right and the others not.
"""

from collections.abc import Callable, Iterator
from itertools import combinations

import numpy as np

from rnngrader.checks.arguments import arrays_of
from rnngrader.checks.closeness import fitted, same
from rnngrader.checks.examination import Observation
from rnngrader.checks.results import NumericArray, Output

# A message key below `pattern`, and names that fill it.
Pattern = tuple[str, tuple[tuple[str, str], ...]]
ENOUGH_TO_RANK = 6
FACTORS = {"negated": -1.0, "doubled": 2.0, "halved": 0.5}


def patterns(
    output: Output, arguments: tuple[str, ...], seen: list[Observation]
) -> list[tuple[str, dict[str, str]]]:
    """Describe one wrong array by what holds in every call in which it was wrong.

    Args:
        output: which array.
        arguments: names of the function's arguments.
        seen: calls in which that array came back and is wrong.

    Returns:
        The message key and fields of the most telling pattern, if one holds everywhere; the name
        of the array is not among the fields.
    """
    common: list[Pattern] | None = None
    for one in seen:
        holding = list(_patterns_of(output, arguments, one))
        common = holding if common is None else [p for p in common if p in holding]
        if not common:
            return []
    return [(f"pattern.{key}", dict(fields)) for key, fields in (common or [])[:1]]


def misshapen(output: Output, seen: Observation) -> tuple[str, dict[str, str]]:
    """Describe an array of another shape than asked for.

    Args:
        output: which array.
        seen: a call in which it came back so.

    Returns:
        The message key and fields.
    """
    axes = output.axes.split()
    got, wanted = (seen.got or {})[output.name].shape, seen.expected[output.name].shape
    apart = [axis for axis, one, other in zip(axes, got, wanted, strict=False) if one != other]
    if len(got) == len(wanted) and len(apart) == 1:
        return "hint.axis-length", {"output": output.name, "axis": apart[0]}
    return "hint.shape", {"output": output.name, "axes": ", ".join(axes)}


def _patterns_of(
    output: Output, arguments: tuple[str, ...], seen: Observation
) -> Iterator[Pattern]:
    """List all that holds for one array of one call, the most telling first."""
    if seen.got is None:
        return
    expected = seen.expected[output.name]
    got = fitted(seen.got[output.name], expected.shape)
    # Where several numbers of axes are allowed, such as a bias for a weight, the last are missing.
    axes = output.axes.split()[: expected.ndim]
    if got.shape == expected.shape:
        yield from _whole(got, expected, seen)
        yield from _along_axes(got, expected, axes)
    yield from _exchanged(got, expected, axes)
    yield from _another(output, arguments, got, seen)
    if got.shape == expected.shape and np.isfinite(got.astype(float)).all():
        yield from _alike(got, expected, axes)
    if got.shape != expected.shape:
        yield from _missing_axis(got, expected, axes)


def _whole(got: NumericArray, expected: NumericArray, seen: Observation) -> Iterator[Pattern]:
    if not np.isfinite(got.astype(float)).all():
        yield "not-finite", ()
        return
    if not got.any():
        yield "all-zero", ()
        return
    yield from _scaled(got, expected, seen)
    difference = got.astype(float) - expected
    if got.size > 1 and same(difference, np.full_like(difference, difference.flat[0])):
        yield "offset", ()


def _scaled(got: NumericArray, expected: NumericArray, seen: Observation) -> Iterator[Pattern]:
    for key, factor in FACTORS.items():
        if same(got, factor * expected):
            yield key, ()
    for axis, size in seen.case.sizes.items():
        if size > 1 and same(got, size * expected):
            yield "times-size", (("axis", axis),)
        if size > 1 and same(got, expected / size):
            yield "over-size", (("axis", axis),)
    largest = np.abs(expected).argmax() if expected.size else 0
    if expected.size > 1 and expected.flat[largest]:
        ratio = got.flat[largest] / expected.flat[largest]
        if same(got, ratio * expected):
            yield "proportional", ()


def _alike(got: NumericArray, expected: NumericArray, axes: list[str]) -> Iterator[Pattern]:
    """Describe a relation that is looser than the others, so it comes after them."""
    for number, axis in enumerate(axes):
        ours, theirs = np.moveaxis(expected, number, 0), np.moveaxis(got, number, 0)
        if len(ours) > 1 and ours[0].size > 1 and _factors_agree(ours, theirs):
            yield "factor-each", (("axis", axis),)
    ours, theirs = expected.ravel(), got.ravel()
    if ours.size >= ENOUGH_TO_RANK and (np.argsort(ours) == np.argsort(theirs)).all():
        yield "rises-alike", ()


def _factors_agree(ours: NumericArray, theirs: NumericArray) -> bool:
    """Tell whether each place along the first axis has one factor of its own."""
    flat, other = ours.reshape(len(ours), -1), theirs.reshape(len(theirs), -1)
    largest = np.abs(flat).argmax(axis=1)[:, None]
    divisor = np.take_along_axis(flat, largest, axis=1)
    if not divisor.all():
        return False
    factors = np.take_along_axis(other, largest, axis=1) / divisor
    return bool(factors.all()) and same(other, factors * flat)


def _along_axes(got: NumericArray, expected: NumericArray, axes: list[str]) -> Iterator[Pattern]:
    """Describe what happens along one axis, such as a step late or only the last one right."""
    for number, axis in enumerate(axes):
        size = expected.shape[number]
        if size < 2:
            continue
        ours, theirs = np.moveaxis(expected, number, 0), np.moveaxis(got, number, 0)
        name = (("axis", axis),)
        if same(theirs[::-1], ours):
            yield "flipped", name
        if same(theirs[1:], ours[:-1]):
            yield "late", name
        if same(theirs[:-1], ours[1:]):
            yield "early", name
        if same(theirs, np.cumsum(ours, axis=0)):
            yield "summed", name
        right = [same(theirs[n], ours[n]) for n in range(size)]
        for key, wanted in (
            ("first-right", [True] + [False] * (size - 1)),
            ("last-right", [False] * (size - 1) + [True]),
            ("first-wrong", [False] + [True] * (size - 1)),
            ("last-wrong", [True] * (size - 1) + [False]),
        ):
            if right == wanted:
                yield key, name


def _exchanged(got: NumericArray, expected: NumericArray, axes: list[str]) -> Iterator[Pattern]:
    for a, b in combinations(range(expected.ndim), 2):
        swapped = expected.swapaxes(a, b)
        names = (("first", axes[a]), ("second", axes[b]))
        if got.shape == swapped.shape and same(got, swapped):
            yield "exchanged", names
        elif got.size == expected.size and same(got.ravel(), swapped.ravel()):
            yield "reshaped", names


def _another(
    output: Output, arguments: tuple[str, ...], got: NumericArray, seen: Observation
) -> Iterator[Pattern]:
    for name, array in seen.expected.items():
        if name != output.name and array.size > 1 and same(got, array):
            yield "another-output", (("other", name),)
    for name, argument in zip(arguments, seen.case.args, strict=False):
        arrays = arrays_of(argument)
        if len(arrays) == 1 and arrays[0].size > 1 and arrays[0].any() and same(got, arrays[0]):
            yield "is-argument", (("argument", name),)


def _missing_axis(got: NumericArray, expected: NumericArray, axes: list[str]) -> Iterator[Pattern]:
    reductions: tuple[tuple[str, Callable[[NumericArray, int], NumericArray]], ...] = (
        ("axis-summed", lambda array, number: array.sum(axis=number)),
        ("axis-averaged", lambda array, number: array.mean(axis=number)),
        ("axis-last", lambda array, number: array.take(-1, axis=number)),
        ("axis-first", lambda array, number: array.take(0, axis=number)),
    )
    for number in range(expected.ndim - 1):
        joined = expected.reshape(*expected.shape[:number], -1, *expected.shape[number + 2 :])
        if expected.size and same(got, joined):
            yield "axes-joined", (("first", axes[number]), ("second", axes[number + 1]))
    for number, axis in enumerate(axes):
        if expected.shape[number] == 0:
            continue
        for key, reduce in reductions:
            if same(got, reduce(expected, number)):
                yield key, (("axis", axis),)
        if got.shape == (*expected.shape[:number], *expected.shape[number + 1 :]):
            yield "axis-missing", (("axis", axis),)
