"""Call a learner's function on the cases of an exercise and note what came back."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from rnngrader.checks.calling import CallError, CallResult, Candidate
from rnngrader.checks.closeness import Verdict, compare, same
from rnngrader.checks.results import Layout, NumericArray, Results, Unreadable, read
from rnngrader.checks.spec import Case, Exercise, Level

StandIns = Mapping[str, Callable[..., object]]
FATAL = {"timeout", "died", "protocol", "undefined", "unsendable"}


@dataclass(frozen=True)
class Observation:
    """What one call gave.

    Args:
        case: the inputs.
        expected: what the reference gives.
        got: what the learner's function gave, if it could be read.
        problem: why there is no result.
    """

    case: Case
    expected: Results
    got: Results | None
    problem: CallError | Unreadable | None

    @cached_property
    def verdicts(self) -> dict[str, Verdict]:
        """A verdict by name of the array; empty without a result."""
        if self.got is None:
            return {}
        return compare(self.got, self.expected, saturated=self.case.saturated)

    @property
    def right(self) -> bool:
        """Whether the result is right, at least to single precision."""
        if self.got is None:
            refused = isinstance(self.problem, CallError) and self.problem.kind == "exception"
            return self.case.may_refuse and refused
        return set(self.verdicts.values()) <= {"right", "imprecise"}

    @property
    def fatal(self) -> bool:
        """Whether calling again can only fail the same way."""
        problem = self.problem
        return isinstance(problem, CallError) and (
            problem.kind in FATAL or problem.type_name == "NotImplementedError"
        )


@dataclass(frozen=True)
class Examination:
    """All that was noted about one function.

    Args:
        observations: one per case, in order; fewer if calling again was pointless.
        changed: names of the arguments the function wrote into.
        repeats: whether the same input gave the same output again; None if that was not seen.
        given: the functions that stood in for the learner's earlier ones.
    """

    observations: tuple[Observation, ...]
    changed: tuple[str, ...]
    repeats: bool | None
    given: StandIns | None

    def of(self, *kinds: str) -> list[Observation]:
        """Return the observations of some kinds of case."""
        return [seen for seen in self.observations if seen.case.kind in kinds]

    @property
    def fatal(self) -> Observation | None:
        """The call after which calling again was pointless."""
        return next((seen for seen in self.observations if seen.fatal), None)


def examine(
    exercise: Exercise, candidate: Candidate, level: Level, given: StandIns | None = None
) -> Examination:
    """Call a function on all cases of a level.

    Args:
        exercise: what to ask for.
        candidate: the function.
        level: how much to ask.
        given: right functions that stand in for the learner's earlier ones.

    Returns:
        What was noted.
    """
    cases = exercise.cases(level)
    watched = next(case for case in cases if case.kind == "state")
    observations: list[Observation] = []
    changed: tuple[str, ...] = ()
    repeats: bool | None = None
    for case in cases:
        result = candidate.call(*case.args, given=given, returns_args=case is watched)
        observations.append(_observation(exercise, case, result))
        if observations[-1].fatal:
            break
        if result.args_after is not None:
            changed = _changed(exercise.arguments, case.args, result.args_after)
        if case is watched:
            # At once, because a state kept between calls is often dropped when sizes change.
            again = _observation(exercise, case, candidate.call(*case.args, given=given))
            repeats = _agree(observations[-1].got, again.got)
    return Examination(tuple(observations), changed, repeats, given)


def observe(
    exercise: Exercise, candidate: Candidate, cases: Iterable[Case], given: StandIns | None
) -> list[Observation]:
    """Call a function on some cases, until calling again is pointless.

    Args:
        exercise: what to ask for.
        candidate: the function.
        cases: the inputs.
        given: right functions that stand in for the learner's earlier ones.

    Returns:
        One observation per call.
    """
    seen: list[Observation] = []
    for case in cases:
        seen.append(_observation(exercise, case, candidate.call(*case.args, given=given)))
        if seen[-1].fatal:
            break
    return seen


def makes_a_difference(
    exercise: Exercise, candidate: Candidate, seen: Examination, given: StandIns
) -> bool:
    """Tell by one call whether right earlier functions change a result that is wrong.

    Args:
        exercise: what to ask for.
        candidate: the function.
        seen: what was noted with the learner's own earlier functions.
        given: right functions that stand in for them.

    Returns:
        True also where no single wrong result tells.
    """
    wrong = [one for one in seen.observations if not one.right]
    if not wrong:
        return True
    before = min(wrong, key=lambda one: sum(array.size for array in one.expected.values()))
    after = _observation(exercise, before.case, candidate.call(*before.case.args, given=given))
    if before.got is None or after.got is None:
        return before.got is not after.got or _named(before) != _named(after)
    return not _agree(before.got, after.got)


def _named(seen: Observation) -> str:
    problem = seen.problem
    return f"{problem.kind} {problem.type_name}" if isinstance(problem, CallError) else ""


def expected_results(exercise: Exercise, case: Case) -> Results:
    """Compute what the reference gives, in double precision.

    Args:
        exercise: whose reference.
        case: the inputs.

    Returns:
        Arrays by name.
    """
    return read(exercise.reference(*(_double(argument) for argument in case.args)), exercise.layout)


def _observation(exercise: Exercise, case: Case, result: CallResult) -> Observation:
    expected = expected_results(exercise, case)
    if result.error is not None:
        return Observation(case, expected, None, result.error)
    got = _read_or_problem(result.value, exercise.layout)
    if isinstance(got, Unreadable):
        return Observation(case, expected, None, got)
    return Observation(case, expected, got, None)


def _read_or_problem(value: object, layout: Layout) -> Results | Unreadable:
    try:
        return read(value, layout)
    except Unreadable as problem:
        return problem


def _double(argument: object) -> object:
    if isinstance(argument, tuple) and hasattr(argument, "_make"):
        return argument._make(_double(item) for item in argument)
    return argument.astype(np.float64) if isinstance(argument, np.ndarray) else argument


def _arrays(argument: object) -> list[NumericArray]:
    if isinstance(argument, np.ndarray):
        return [argument]
    if isinstance(argument, tuple | list):
        return [array for item in argument for array in _arrays(item)]
    return []


def _changed(
    names: tuple[str, ...], before: tuple[object, ...], after: tuple[object, ...]
) -> tuple[str, ...]:
    return tuple(
        name
        for name, sent, back in zip(names, before, after, strict=False)
        if not _unchanged(_arrays(sent), _arrays(back))
    )


def _unchanged(sent: list[NumericArray], back: list[NumericArray]) -> bool:
    return len(sent) == len(back) and all(
        np.array_equal(one, other, equal_nan=True) for one, other in zip(sent, back, strict=True)
    )


def _agree(first: Results | None, again: Results | None) -> bool | None:
    if first is None or again is None:
        return None
    return all(same(again[name], first[name], (1e-6, 1e-9)) for name in first)
