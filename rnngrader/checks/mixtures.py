"""Put two known mistakes together, for learners who made both."""

from collections.abc import Iterator, Sequence
from functools import partial
from itertools import combinations
from typing import NamedTuple

from rnngrader.checks.spec import Function, Mistake

# Each pair costs one call or two; a learner should not wait longer than a second for all of them.
MOST_PAIRS = 2500


class Mixture(NamedTuple):
    """Two mistakes and a function that makes both."""

    mistakes: tuple[Mistake, Mistake]
    variant: Function


def mixtures(mistakes: Sequence[Mistake]) -> Iterator[Mixture]:
    """Combine mistakes in pairs, where they change different parts of the same function.

    Args:
        mistakes: of one exercise.

    Returns:
        At most `MOST_PAIRS` pairs, in the order of the bank.
    """
    parts = [(m, m.variant) for m in mistakes if m.shown_by == "values" and not m.fresh]
    made = 0
    for (one, first), (other, second) in combinations(parts, 2):
        both = combined(first, second)
        if both is not None:
            yield Mixture((one, other), both)
            made += 1
        if made >= MOST_PAIRS:
            return


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
