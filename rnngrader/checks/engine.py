"""Turn what was noted about a function into a report."""

from dataclasses import replace

import numpy as np

from rnngrader.checks.arguments import is_double
from rnngrader.checks.calling import CallError, Candidate, as_candidate
from rnngrader.checks.closeness import fitted
from rnngrader.checks.diagnosis import diagnose
from rnngrader.checks.examination import Examination, Observation, examine, makes_a_difference
from rnngrader.checks.report import AspectResult, Report
from rnngrader.checks.results import Unreadable
from rnngrader.checks.spec import Aspect, Exercise, Level
from rnngrader.messages import message, unit_message


def report_on(exercise: Exercise, function: object, level: Level) -> Report:
    """Check one function.

    Args:
        exercise: what to ask for.
        function: a candidate or a callable.
        level: how much to ask.

    Returns:
        The report, passed or not.

    Raises:
        TypeError: if the function cannot be called.
    """
    candidate = as_candidate(function)
    seen = examine(exercise, candidate, level)
    report = _scored(exercise, seen, level)
    if report.passed or (seen.fatal is None and _passes_another(exercise, candidate, level)):
        words = message("report.all-right", exercise=exercise.name)
        return replace(_all_passed(report), message=words)
    views = [seen]
    for given in () if _undefined(seen) else exercise.stand_ins:
        if not makes_a_difference(exercise, candidate, seen, given):
            continue
        views.append(examine(exercise, candidate, level, given))
        with_ours = _scored(exercise, views[-1], level)
        if with_ours.passed:
            note = message("report.earlier", exercise=exercise.name, earlier=exercise.earlier)
            return replace(with_ours, message=note, see=exercise.see)
        if with_ours.score > report.score:
            report = with_ours
            views.insert(0, views.pop())
    return _explained(exercise, candidate, report, views)


def _explained(
    exercise: Exercise, candidate: Candidate, report: Report, views: list[Examination]
) -> Report:
    """Add the first known cause that any view of the function shows, else what the first shows."""
    seen = views[0]
    finding = diagnose(exercise, candidate, seen)
    for other in views[1:]:
        if finding.cause is None:
            found = diagnose(exercise, candidate, other)
            finding, seen = (found, other) if found.cause is not None else (finding, seen)
    return replace(
        report,
        cause=finding.cause,
        message="\n".join(finding.sentences),
        detail=_detail(exercise, seen),
        see=finding.see,
    )


def _passes_another(exercise: Exercise, candidate: Candidate, level: Level) -> bool:
    """Tell whether the function is right by another reference that the course accepts."""
    others = (replace(exercise, reference=other) for other in exercise.alternatives)
    return any(_scored(other, examine(other, candidate, level), level).passed for other in others)


def _all_passed(report: Report) -> Report:
    aspects = (
        replace(aspect, passed=True, message=message(f"aspect.{aspect.name}.passed"))
        for aspect in report.aspects
    )
    return replace(report, aspects=tuple(aspects))


def _undefined(seen: Examination) -> bool:
    problem = seen.fatal.problem if seen.fatal is not None else None
    return isinstance(problem, CallError) and problem.kind == "undefined"


def _scored(exercise: Exercise, seen: Examination, level: Level) -> Report:
    aspects = [aspect for aspect in exercise.aspects if level in aspect.levels]
    total = sum(aspect.weight for aspect in aspects)
    kinds = {one.case.kind for one in seen.ordinary}
    by_value = (aspect for aspect in aspects if aspect.name in kinds or aspect.outputs)
    any_right = any(_passed(aspect, seen) for aspect in by_value)
    results = []
    for aspect in aspects:
        waiting = aspect.earned and not any_right
        passed = None if waiting else _passed(aspect, seen)
        key = f"aspect.{aspect.name}.{'passed' if passed else 'failed'}"
        words = message("aspect.waiting" if waiting else key)
        results.append(AspectResult(aspect.name, passed, aspect.weight / total, words))
    return Report(exercise.name, tuple(results))


def _passed(aspect: Aspect, seen: Examination) -> bool:
    ordinary = seen.ordinary
    if aspect.outputs:
        return all(_right_in(one, aspect.outputs) for one in ordinary)
    if aspect.name == "runs":
        return all(one.got is not None for one in ordinary)
    if aspect.name == "shapes":
        shaped = [one for one in ordinary if one.got is not None]
        return bool(shaped) and all("shape" not in one.verdicts.values() for one in shaped)
    if aspect.name == "precision":
        return all("imprecise" not in one.verdicts.values() for one in ordinary if _double(one))
    if aspect.name == "arguments":
        return not seen.changed
    if aspect.name == "repeat":
        return seen.repeats is True
    return _all_right(seen, aspect.name)


def _right_in(seen: Observation, outputs: tuple[str, ...]) -> bool:
    return seen.got is not None and all(
        seen.verdicts[name] in {"right", "imprecise"} for name in outputs
    )


def _all_right(seen: Examination, kind: str) -> bool:
    observations = seen.of(kind)
    return bool(observations) and all(one.right for one in observations)


def _double(seen: Observation) -> bool:
    return is_double(seen.case.args)


def _detail(exercise: Exercise, seen: Examination) -> str:
    """Show the smallest failing call with its numbers."""
    wrong = [one for one in seen.observations if not one.right]
    if not wrong or seen.fatal is not None:
        return ""
    one = min(wrong, key=lambda it: it.size)
    case = unit_message(exercise.unit, f"case.{one.case.name}", **one.case.fields)
    lines = [message("detail.case", case=case), *_sizes(exercise, one)]
    if isinstance(one.problem, CallError):
        return "\n".join([*lines, *_error_lines(one.problem)])
    if isinstance(one.problem, Unreadable):
        return "\n".join(lines)
    return "\n".join([*lines, *_differences(one)])


def _sizes(exercise: Exercise, seen: Observation) -> list[str]:
    return [
        message("detail.argument", name=name, value=_short(argument))
        for name, argument in zip(exercise.arguments, seen.case.args, strict=False)
        if isinstance(argument, np.ndarray | int | float)
    ]


def _error_lines(problem: CallError) -> list[str]:
    lines = [message("detail.exception", type=problem.type_name, text=problem.text)]
    if problem.line is not None:
        lines.append(message("detail.line", line=str(problem.line)))
    return lines


def _differences(seen: Observation) -> list[str]:
    lines = []
    for name, verdict in seen.verdicts.items():
        if verdict in {"right", "imprecise"} or seen.got is None:
            continue
        got, expected = seen.got[name], seen.expected[name]
        lines.append(message("detail.expected", name=name, value=_short(expected)))
        lines.append(message("detail.got", name=name, value=_short(fitted(got, expected.shape))))
    return lines


def _short(array: object) -> str:
    values = np.asarray(array)
    text = np.array2string(values, precision=4, suppress_small=True, threshold=24, edgeitems=2)
    if not values.ndim:
        return text
    return f"{values.shape}\n{text}"
