"""Check a learner's function, and say which mistake it looks like.

Example:
    >>> from rnncore.lstm import lstm_step
    >>> check("lstm_step", lstm_step).score
    1.0
"""

from importlib import import_module

from rnngrader.checks.engine import report_on
from rnngrader.checks.report import AspectResult, CheckFailed, Report
from rnngrader.checks.seeding import LEVEL
from rnngrader.checks.spec import Exercise, Level

__all__ = ["UNITS", "AspectResult", "CheckFailed", "Report", "check", "exercises_of"]

UNITS = (
    "rnn",
    "bptt",
    "lstm",
    "lstm_backward",
    "gru",
    "frameworks",
    "tasks",
    "seq2seq",
    "attention",
)
"""Units of the course, in order; each is a module of this package that lists its `EXERCISES`."""


def exercises_of(unit: str) -> tuple[Exercise, ...]:
    """Return the exercises of one unit.

    Args:
        unit: one of `UNITS`.
    """
    exercises: tuple[Exercise, ...] = import_module(f"{__name__}.{unit}").EXERCISES
    return exercises


_EXERCISES = {exercise.name: exercise for unit in UNITS for exercise in exercises_of(unit)}


def check(exercise: str, candidate: object, *, level: Level = "visible") -> Report:
    """Check one function against the reference on random inputs.

    Args:
        exercise: its name in the course, such as "lstm_step".
        candidate: the function itself, or a `Candidate` that calls it elsewhere.
        level: "visible" for the short check, "full" for the one that is graded.

    Returns:
        The report of a function that is right in every aspect looked at.

    Raises:
        CheckFailed: if an aspect is not right; carries the report.
        TypeError: if the candidate cannot be called.
        ValueError: if the exercise or the level is unknown.
    """
    if exercise not in _EXERCISES:
        known = ", ".join(sorted(_EXERCISES))
        raise ValueError(f"expected one of the exercises {known}, got {exercise!r}")
    if level not in {"visible", "full"}:
        raise ValueError(f'expected level "visible" or "full", got {level!r}')
    report = report_on(_EXERCISES[exercise], candidate, LEVEL.get() or level)
    if not report.passed:
        raise CheckFailed(report)
    return report
