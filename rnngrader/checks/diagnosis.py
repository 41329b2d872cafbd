"""Find out which known mistake explains what a learner's function does."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from rnngrader.checks.calling import CallError, Candidate
from rnngrader.checks.closeness import same
from rnngrader.checks.examination import Examination, Observation, observe
from rnngrader.checks.results import Layout, Results, Unreadable, read
from rnngrader.checks.spec import Exercise, Mistake
from rnngrader.messages import message

# Two agreeing results could be luck on inputs that are mostly zero; more than one is asked for.
ENOUGH = 2
# A class name is the learner's own text and could carry an input; these are Python's.
KNOWN_EXCEPTIONS = frozenset(
    error.__name__
    for error in (
        ArithmeticError,
        AssertionError,
        AttributeError,
        ImportError,
        IndexError,
        KeyError,
        MemoryError,
        ModuleNotFoundError,
        NameError,
        OverflowError,
        RecursionError,
        RuntimeError,
        SystemExit,
        TypeError,
        UnboundLocalError,
        ValueError,
        ZeroDivisionError,
    )
)


@dataclass(frozen=True)
class Finding:
    """The explanation of a result.

    Args:
        cause: id of the known mistake, or None.
        sentences: what to tell the learner.
        see: page and anchor of the book.
    """

    cause: str | None
    sentences: tuple[str, ...]
    see: str


def diagnose(exercise: Exercise, candidate: Candidate, seen: Examination) -> Finding:
    """Explain why a function is not right yet.

    Args:
        exercise: what was asked for.
        candidate: the function, to be called on inputs that isolate a term.
        seen: what was noted so far; something in it is wrong.

    Returns:
        The cause if it is a known one, else what can be said about where to look.
    """
    if seen.fatal is not None:
        return _plain(exercise, _problem_sentence(exercise, seen.fatal))
    if seen.repeats is False:
        return _behaviour(exercise, "state-kept")
    ordinary = seen.of("start", "state")
    if all(one.right for one in ordinary):
        return _right_but(exercise, seen)
    probes = observe(exercise, candidate, exercise.probes(), seen.given)
    mistake = _matching(exercise, [*reversed(ordinary), *probes])
    if mistake is not None:
        return _named(mistake)
    return _unnamed(exercise, ordinary, probes)


def _matching(exercise: Exercise, observations: list[Observation]) -> Mistake | None:
    candidates = (m for m in exercise.mistakes if m.shown_by == "values")
    return next((m for m in candidates if _explains(m, exercise.layout, observations)), None)


def _explains(mistake: Mistake, layout: Layout, observations: list[Observation]) -> bool:
    """Tell whether a wrong variant does what the learner's function did, everywhere."""
    variant = mistake.build()
    telling = 0
    for seen in observations:
        would_give = _outcome(variant, seen.case.args, layout)
        if not _same_outcome(seen.got, would_give):
            return False
        telling += would_give is not None and not _same_outcome(seen.expected, would_give)
    return telling >= ENOUGH


def _outcome(
    variant: Callable[..., object], args: tuple[object, ...], layout: Layout
) -> Results | None:
    try:
        with np.errstate(all="ignore"):
            return read(variant(*args), layout)
    except (ArithmeticError, IndexError, TypeError, ValueError, Unreadable):
        return None


def _same_outcome(one: Results | None, other: Results | None) -> bool:
    if one is None or other is None:
        return one is other
    return all(same(one[name], other[name]) for name in other)


def _right_but(exercise: Exercise, seen: Examination) -> Finding:
    """Explain a function that is right on ordinary input and fails elsewhere."""
    failing = [one for one in seen.of("edges") if not one.right]
    if any(one.case.saturated and "not-finite" in one.verdicts.values() for one in failing):
        return _behaviour(exercise, "overflow")
    if failing:
        edge = message(f"case.{failing[0].case.name}")
        sentences = [message("edge.wrong", case=edge)]
        if failing[0].got is None:
            sentences.append(_problem_sentence(exercise, failing[0]))
        return _plain(exercise, *sentences)
    if seen.changed:
        return _behaviour(exercise, "argument-changed", argument=", ".join(seen.changed))
    return _behaviour(exercise, "precision-lost")


def _unnamed(exercise: Exercise, ordinary: list[Observation], probes: list[Observation]) -> Finding:
    """Say where to look when no known mistake explains what was seen."""
    wrong = min((one for one in ordinary if not one.right), key=_size)
    if wrong.got is None:
        sentences = [_problem_sentence(exercise, wrong)]
    else:
        sentences = [message("unnamed.values"), *_narrowed(exercise, ordinary, wrong)]
    healed = dict.fromkeys(one.case.name for one in probes if one.right)
    return _plain(exercise, *sentences, *(message(f"hint.{name}") for name in healed))


def _narrowed(exercise: Exercise, ordinary: list[Observation], wrong: Observation) -> list[str]:
    """Say which arrays are wrong, and in what way."""
    names = list(wrong.expected)
    bad = [name for name in names if any(_bad(one, name) for one in ordinary)]
    sentences = []
    if len(bad) < len(names):
        fine = ", ".join(name for name in names if name not in bad)
        sentences.append(message("hint.only-wrong", wrong=", ".join(bad), right=fine))
    shaped = [name for name in names if wrong.verdicts[name] == "shape"]
    if shaped:
        return [*sentences, message("hint.shape", outputs=", ".join(shaped))]
    if exercise.hints is None or wrong.got is None:
        return sentences
    found = exercise.hints(wrong.got, wrong.expected)
    return [*sentences, *(message(key, **fields) for key, fields in found)]


def _problem_sentence(exercise: Exercise, seen: Observation) -> str:
    problem = seen.problem
    if isinstance(problem, Unreadable):
        return message(problem.key, **problem.fields)
    if not isinstance(problem, CallError):
        return message("unnamed.values")
    if problem.type_name == "NotImplementedError":
        return message("error.not-written", exercise=exercise.name)
    if problem.kind != "exception":
        return message(f"error.{problem.kind}", exercise=exercise.name)
    if problem.type_name in KNOWN_EXCEPTIONS:
        return message("error.exception", type=problem.type_name)
    return message("error.exception-other")


def _behaviour(exercise: Exercise, cause: str, **fields: str) -> Finding:
    mistake = next(m for m in exercise.mistakes if m.id == cause)
    return Finding(cause, (message(mistake.message, **{**mistake.fields, **fields}),), mistake.see)


def _named(mistake: Mistake) -> Finding:
    return Finding(mistake.id, (message(mistake.message, **mistake.fields),), mistake.see)


def _plain(exercise: Exercise, *sentences: str) -> Finding:
    return Finding(None, sentences, exercise.see)


def _bad(seen: Observation, name: str) -> bool:
    return seen.verdicts.get(name, "value") not in {"right", "imprecise"}


def _size(seen: Observation) -> int:
    return sum(np.size(array) for array in seen.expected.values())
