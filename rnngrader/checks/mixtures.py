"""Put two known mistakes together, for learners who made both."""

from collections.abc import Iterator, Sequence
from functools import partial
from itertools import combinations
from typing import NamedTuple

import numpy as np

from rnngrader.checks.closeness import fitted
from rnngrader.checks.examination import Observation
from rnngrader.checks.results import NumericArray, Results
from rnngrader.checks.spec import Function, Mistake

# Each pair costs one call or two; a learner should not wait longer than a second for all of them.
MOST_PAIRS = 3200


class Mixture(NamedTuple):
    """Two mistakes and a function that makes both."""

    mistakes: tuple[Mistake, Mistake]
    variant: Function


class Spoiled(NamedTuple):
    """Which numbers of a result are wrong; what lies between two tolerances is so only perhaps."""

    surely: NumericArray
    perhaps: NumericArray


def mixtures(mistakes: Sequence[Mistake], seen: Sequence[Observation] = ()) -> Iterator[Mixture]:
    """Combine mistakes in pairs, where they change different parts of the same function.

    Args:
        mistakes: of one exercise.
        seen: some calls of the learner's function; pairs that spoil the same numbers come first.

    Returns:
        At most `MOST_PAIRS` pairs, likely ones first, otherwise in the order of the bank.
    """
    ordinary = [m for m in mistakes if m.shown_by == "values" and not m.fresh]
    made = 0
    for one, other in _likely_first(ordinary, seen) if seen else combinations(ordinary, 2):
        both = combined(one.variant, other.variant)
        if both is not None:
            yield Mixture((one, other), both)
            made += 1
        if made >= MOST_PAIRS:
            return


def _likely_first(
    mistakes: Sequence[Mistake], seen: Sequence[Observation]
) -> Iterator[tuple[Mistake, Mistake]]:
    """Begin with pairs that spoil what the learner's function got wrong, and nothing else."""
    seen = [one for one in seen if one.got is not None]
    whole = _spoiled(seen, [one.got for one in seen])
    alone = [_spoiled(seen, [one.source.outcome(m, one.index) for one in seen]) for m in mistakes]
    fits = [not (effect.surely & ~whole.perhaps).any() for effect in alone]
    later = []
    for one, other in combinations(range(len(mistakes)), 2):
        pair = mistakes[one], mistakes[other]
        missed = ~(alone[one].perhaps | alone[other].perhaps)
        if fits[one] and fits[other] and not (whole.surely & missed).any():
            yield pair
        else:
            later.append(pair)
    # Two mistakes can also repair each other's numbers.
    yield from later


def _spoiled(seen: Sequence[Observation], results: Sequence[Results | None]) -> Spoiled:
    """Tell number by number what is wrong; all that cannot be compared may be."""
    surely, perhaps = [np.zeros(0, bool)], [np.zeros(0, bool)]
    for one, result in zip(seen, results, strict=True):
        for name, expected in one.expected.items():
            array = None if result is None else fitted(result[name], expected.shape)
            if array is None or array.shape != expected.shape:
                surely.append(np.zeros(expected.size, bool))
                perhaps.append(np.ones(expected.size, bool))
            else:
                surely.append(~np.isclose(array, expected, rtol=1e-3, atol=1e-5).ravel())
                perhaps.append(~np.isclose(array, expected, rtol=1e-6, atol=1e-9).ravel())
    return Spoiled(np.concatenate(surely), np.concatenate(perhaps))


def combined(one: Function, other: Function) -> Function | None:
    """Make a function with the parts of two partial ones.

    Args:
        one: a wrong function.
        other: another one.

    Returns:
        None unless both are `functools.partial` of one function, without positional arguments
        and with different keywords.

    Example:
        >>> combined(partial(max, key=abs), partial(max, default=0))((-3, 2))
        -3
        >>> combined(partial(max, key=abs), partial(max, key=len)) is None
        True
    """
    if not isinstance(one, partial) or not isinstance(other, partial):
        return None
    if one.func is not other.func or one.args or other.args:
        return None
    if one.keywords.keys() & other.keywords.keys():
        return None
    both: Function = partial(one.func, **one.keywords, **other.keywords)
    return both
