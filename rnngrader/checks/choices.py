"""Tell which choice of an argument goes wrong: a word, or whether something is given at all."""

from collections.abc import Iterable, Iterator, Sequence

from rnngrader.checks.examination import Observation

# A choice is the name of an argument and what stands there.
Choice = tuple[str, str]
GIVEN, NOT_GIVEN = "given", "not given"
TWO = 2


def choices(names: Sequence[str], args: Iterable[object]) -> frozenset[Choice]:
    """List the choices that a call makes.

    Args:
        names: names of the arguments.
        args: the arguments; one that is left out counts as not given.

    Returns:
        Words and truth values by the name of the argument, or of the field if they stand in a named
        tuple; for all other arguments, whether they are None.

    Example:
        >>> sorted(choices(("x", "reset", "mask"), (1.0, "after")))
        [('mask', 'not given'), ('reset', 'after'), ('x', 'given')]
    """
    given = list(args)
    return frozenset(_listed(names, given + [None] * (len(names) - len(given))))


def _listed(names: Sequence[str], args: Sequence[object]) -> Iterator[Choice]:
    for name, arg in zip(names, args, strict=False):
        fields = getattr(arg, "_fields", ())
        if isinstance(arg, str | bool):
            yield name, str(arg)
        elif isinstance(arg, tuple) and fields and any(isinstance(word, str) for word in arg):
            yield from _listed(fields, arg)
        else:
            yield name, NOT_GIVEN if arg is None else GIVEN


def only_with(names: Sequence[str], ordinary: Sequence[Observation]) -> Choice | None:
    """Find the one choice that all wrong calls share and no right call needs.

    Args:
        names: names of the arguments.
        ordinary: calls of a function, some of them wrong.

    Returns:
        The choice, or None if none tells right from wrong.
    """
    wrong = [choices(names, one.case.args) for one in ordinary if not one.right]
    right = [choices(names, one.case.args) for one in ordinary if one.right]
    if not wrong:
        return None
    shared = frozenset.intersection(*wrong)
    seen = frozenset.union(*wrong, *right)
    real = (one for one in shared if _is_choice({value for name, value in seen if name == one[0]}))
    enough = (one for one in real if 2 * len(wrong) >= sum(one in it for it in (*wrong, *right)))
    return min(enough, default=None)


def _is_choice(values: set[str]) -> bool:
    """Tell a choice from data, such as an order of blocks: it has two words, or is left out."""
    return len(values) > 1 and len(values - {NOT_GIVEN}) <= TWO


def shown_by_its_like(
    names: Sequence[str], probe: Observation, ordinary: Sequence[Observation]
) -> bool:
    """Tell whether a probe that is right says anything.

    It does not if all calls with the same choices are right already: then it is the choice that
    makes the difference, and not what is special about the probe.

    Args:
        names: names of the arguments.
        probe: a call on an input that isolates something.
        ordinary: the ordinary calls.

    Returns:
        True also if no ordinary call makes the same choices.
    """
    mine = choices(names, probe.case.args)
    like = [one for one in ordinary if choices(names, one.case.args) == mine]
    return not like or any(not one.right for one in like)
