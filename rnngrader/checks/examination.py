"""Call a learner's function on the cases of an exercise and note what came back."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from rnngrader.checks.arguments import arrays_of
from rnngrader.checks.calling import CallError, CallResult, Candidate
from rnngrader.checks.closeness import Verdict, compare, same, without_free
from rnngrader.checks.prepared import Prepared, prepared
from rnngrader.checks.results import Layout, NumericArray, Results, Unreadable, read
from rnngrader.checks.spec import Case, Exercise, Level

StandIns = Mapping[str, Callable[..., object]]
FATAL = {"timeout", "died", "protocol", "undefined", "unsendable"}


@dataclass(frozen=True)
class Observation:
    """What one call gave.

    Args:
        source: where the case comes from.
        index: its place there.
        case: the inputs.
        expected: what the reference gives.
        got: what the learner's function gave, if it could be read.
        problem: why there is no result.
    """

    source: Prepared
    index: int
    case: Case
    expected: Results
    got: Results | None
    problem: CallError | Unreadable | None

    @cached_property
    def verdicts(self) -> dict[str, Verdict]:
        """A verdict by name of the array; empty without a result."""
        if self.got is None:
            return {}
        case = self.case
        return compare(self.got, self.expected, saturated=case.saturated, free=case.free)

    @property
    def size(self) -> int:
        """How many numbers were asked for."""
        return sum(array.size for array in self.expected.values())

    @property
    def right(self) -> bool:
        """Whether the result is right, at least to single precision."""
        if self.got is None:
            refused = isinstance(self.problem, CallError) and self.problem.kind == "exception"
            return refused and (self.case.may_refuse or self.case.must_refuse)
        if self.case.must_refuse:
            return False
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
    def ordinary(self) -> list[Observation]:
        """The observations by which known mistakes are recognised first."""
        return [seen for seen in self.observations if seen.case.ordinary]

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
    source = prepared(exercise, level)
    ordinary = [case for case in source.cases if case.ordinary]
    watched = next((case for case in ordinary if case.kind != "start"), ordinary[0])
    observations: list[Observation] = []
    changed: dict[str, None] = {}
    repeats: bool | None = None
    for index, case in enumerate(source.cases):
        result = candidate.call(*case.args, given=given, returns_args=case.ordinary)
        observations.append(_observation(exercise, source, index, result))
        if observations[-1].fatal:
            break
        if result.args_after is not None:
            # Only some calls may change something, such as those with padding.
            changed |= dict.fromkeys(_changed(exercise.arguments, case.args, result.args_after))
        if case is watched:
            # At once, because a state kept between calls is often dropped when sizes change.
            again = _called(exercise, candidate, source, index, given)
            repeats = _agree(observations[-1].got, again.got)
    return Examination(tuple(observations), tuple(changed), repeats, given)


def observe(
    exercise: Exercise, candidate: Candidate, source: Prepared, given: StandIns | None
) -> list[Observation]:
    """Call a function on some cases, until calling again is pointless.

    Args:
        exercise: what to ask for.
        candidate: the function.
        source: the inputs.
        given: right functions that stand in for the learner's earlier ones.

    Returns:
        One observation per call.
    """
    seen: list[Observation] = []
    for index in range(len(source.cases)):
        seen.append(_called(exercise, candidate, source, index, given))
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
    before = min(wrong, key=lambda one: one.size)
    after = _called(exercise, candidate, before.source, before.index, given)
    if before.got is None or after.got is None:
        return before.got is not after.got or _named(before) != _named(after)
    return not _agree(before.got, after.got)


def _named(seen: Observation) -> str:
    problem = seen.problem
    return f"{problem.kind} {problem.type_name}" if isinstance(problem, CallError) else ""


def _called(
    exercise: Exercise,
    candidate: Candidate,
    source: Prepared,
    index: int,
    given: StandIns | None,
) -> Observation:
    result = candidate.call(*source.cases[index].args, given=given)
    return _observation(exercise, source, index, result)


def _observation(
    exercise: Exercise, source: Prepared, index: int, result: CallResult
) -> Observation:
    got: Results | Unreadable | None = None
    if result.error is None:
        got = _read_or_problem(result.value, exercise.layout)
    problem = got if isinstance(got, Unreadable) else result.error
    case, expected = source.cases[index], source.expected[index]
    if isinstance(got, dict):
        # What is not looked at must not keep a known mistake from being recognised either.
        got = without_free(got, expected, case.free)
    return Observation(
        source=source,
        index=index,
        case=case,
        expected=expected,
        got=None if isinstance(got, Unreadable) else got,
        problem=problem,
    )


def _read_or_problem(value: object, layout: Layout) -> Results | Unreadable:
    try:
        return read(value, layout)
    except Unreadable as problem:
        return problem


def _changed(
    names: tuple[str, ...], before: tuple[object, ...], after: tuple[object, ...]
) -> tuple[str, ...]:
    return tuple(
        name
        for name, sent, back in zip(names, before, after, strict=False)
        if not _unchanged(arrays_of(sent), arrays_of(back))
    )


def _unchanged(sent: list[NumericArray], back: list[NumericArray]) -> bool:
    return len(sent) == len(back) and all(
        np.array_equal(one, other, equal_nan=True) for one, other in zip(sent, back, strict=True)
    )


def _agree(first: Results | None, again: Results | None) -> bool | None:
    if first is None or again is None:
        return None
    return all(same(again[name], first[name], (1e-6, 1e-9)) for name in first)
