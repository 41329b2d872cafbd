"""Keep what is the same for every function that is checked with the same seed.

Drawing inputs, asking the reference and running a bank of a hundred variants costs more than
calling the learner's function. A judge, a second press of the check button and the bank's tests
ask for the same again.
"""

from collections.abc import Callable, Sequence

import numpy as np

from rnngrader.checks.arguments import arrays_of, in_precision
from rnngrader.checks.closeness import without_free
from rnngrader.checks.results import Results, Unreadable, read
from rnngrader.checks.seeding import SEED
from rnngrader.checks.spec import Case, Exercise, Function, Level, Mistake

MOST_KEPT = 64


class Prepared:
    """The cases of an exercise with what the reference gives, and what its mistakes would give.

    Args:
        exercise: what to ask for.
        cases: the inputs; their arrays can be read only from now on.
    """

    def __init__(self, exercise: Exercise, cases: Sequence[Case]) -> None:
        for case in cases:
            for array in arrays_of(case.args):
                array.flags.writeable = False
        self.cases = tuple(cases)
        self.expected = tuple(_expected(exercise, case) for case in cases)
        self._exercise = exercise
        self._outcomes: dict[tuple[str, int], Results | None] = {}

    def outcome(self, mistake: Mistake, index: int) -> Results | None:
        """Return what a known mistake gives for one case; None if it gives nothing readable."""
        key = (mistake.id, index)
        if key not in self._outcomes:
            self._outcomes[key] = self.outcome_of(mistake.build(), index)
        return self._outcomes[key]

    def outcome_of(self, variant: Function, index: int) -> Results | None:
        """Return what a wrong function gives for one case; None if it gives nothing readable."""
        case = self.cases[index]
        try:
            with np.errstate(all="ignore"):
                results = read(variant(*case.args), self._exercise.layout)
        except (ArithmeticError, LookupError, TypeError, ValueError, Unreadable):
            return None
        return without_free(results, self.expected[index], case.free)


_KEPT: dict[tuple[int, str, str, int, int], Prepared] = {}


def prepared(exercise: Exercise, level: Level) -> Prepared:
    """Return the deciding cases of a level, for the current seed."""
    return _kept(exercise, level, lambda: exercise.cases(level))


def prepared_probes(exercise: Exercise) -> Prepared:
    """Return the explaining cases, for the current seed."""
    return _kept(exercise, "probes", exercise.probes)


def _kept(exercise: Exercise, what: str, cases: Callable[[], Sequence[Case]]) -> Prepared:
    key = (SEED.get(), exercise.name, what, id(exercise.reference), id(exercise.cases))
    if key not in _KEPT:
        while len(_KEPT) >= MOST_KEPT:
            del _KEPT[next(iter(_KEPT))]
        _KEPT[key] = Prepared(exercise, cases())
    return _KEPT[key]


def _expected(exercise: Exercise, case: Case) -> Results:
    """Compute what the reference gives, in double precision; nothing where it would refuse."""
    if case.must_refuse:
        return {}
    args = (in_precision(argument, np.float64) for argument in case.args)
    return read(exercise.reference(*args), exercise.layout)
