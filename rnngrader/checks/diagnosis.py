"""Find out which known mistake explains what a learner's function does."""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from rnngrader.checks.calling import CallError, Candidate
from rnngrader.checks.closeness import same
from rnngrader.checks.examination import Examination, Observation, observe
from rnngrader.checks.mixtures import Mixture, mixtures
from rnngrader.checks.patterns import misshapen, patterns
from rnngrader.checks.prepared import prepared_probes
from rnngrader.checks.results import Output, Results, Unreadable
from rnngrader.checks.spec import Exercise, Mistake
from rnngrader.messages import has_message, message, unit_message

Outcome = Callable[[Observation], Results | None]
# Two agreeing results could be luck on inputs that are mostly zero; more than one is asked for.
ENOUGH = 2
# What each mistake alone gives for so many isolating inputs shows which pairs of them are likely.
MOST_COMPARED = 3
# More relations than these would not narrow anything down.
MOST_DESCRIBED = 2
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
        cause: id of the known mistake, two ids with a plus sign, or None.
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
    ordinary = seen.ordinary
    if all(one.right for one in ordinary):
        return _right_but(exercise, seen)
    probes = observe(exercise, candidate, prepared_probes(exercise), seen.given)
    finding = _known(exercise, [*reversed(ordinary), *probes])
    if finding is None:
        return _unnamed(exercise, ordinary, probes)
    if seen.changed and "argument-changed" not in (finding.cause or ""):
        also = _behaviour(exercise, "argument-changed", argument=", ".join(seen.changed))
        sentences = (*finding.sentences, message("mixture.also"), *also.sentences)
        return Finding(finding.cause, sentences, finding.see)
    return finding


def _known(exercise: Exercise, seen: list[Observation]) -> Finding | None:
    """Find the mistake, or the two mistakes, that do what was seen everywhere."""
    for mistake in exercise.mistakes:
        if mistake.shown_by == "values" and _explains(_alone(mistake), seen, ENOUGH):
            return _named(exercise, mistake)
    if not _worth_mixing(exercise, seen[0]):
        return None
    # There are many pairs, and nearly all of them fail at the first call: let that be a small one.
    cheap_first = sorted(seen, key=lambda one: (not one.case.ordinary, one.size))
    isolating = [one for one in seen if not one.case.ordinary][:MOST_COMPARED]
    for pair in mixtures(exercise.mistakes, [cheap_first[0], *isolating]):
        if _explains(_together(pair), cheap_first, ENOUGH):
            one, other = (_named(exercise, mistake) for mistake in pair.mistakes)
            sentences = (message("mixture.two"), *one.sentences, *other.sentences)
            return Finding(f"{one.cause}+{other.cause}", sentences, one.see)
    return None


def _alone(mistake: Mistake) -> Outcome:
    return lambda seen: seen.source.outcome(mistake, seen.index)


def _together(pair: Mixture) -> Outcome:
    both = Mistake("+".join(mistake.id for mistake in pair.mistakes), pair.variant)
    return _alone(both)


def _worth_mixing(exercise: Exercise, seen: Observation) -> bool:
    """Tell whether a result is near enough to a right one for two mistakes to explain it."""
    arrays = seen.got or {}
    return all(
        output.name in arrays
        and arrays[output.name].ndim == output.ndim
        and np.isfinite(arrays[output.name].astype(float)).all()
        for output in exercise.layout.outputs
    )


def _explains(outcome: Outcome, observations: Sequence[Observation], enough: int) -> bool:
    """Tell whether a wrong variant does what the learner's function did, everywhere."""
    telling = 0
    for seen in observations:
        would_give = outcome(seen)
        if not _same_outcome(seen.got, would_give):
            return False
        telling += _tells(seen, would_give)
    return telling >= enough


def _tells(seen: Observation, would_give: Results | None) -> bool:
    """Tell whether a variant is seen to be wrong here; an exception alone is no such sign."""
    if would_give is None:
        return seen.case.edge and not (seen.case.must_refuse or seen.case.may_refuse)
    return seen.case.must_refuse or not _same_outcome(seen.expected, would_give)


def _same_outcome(one: Results | None, other: Results | None) -> bool:
    if one is None or other is None:
        return one is other
    return all(same(one[name], other[name]) for name in other)


def _right_but(exercise: Exercise, seen: Examination) -> Finding:
    """Explain a function that is right on ordinary input and fails elsewhere."""
    edges = [one for one in seen.observations if one.case.edge]
    failing = [one for one in edges if not one.right]
    if failing:
        coarse = any("imprecise" in one.verdicts.values() for one in seen.ordinary)
        return _at_the_edge(exercise, edges, failing, precision_lost=coarse)
    if seen.changed:
        return _behaviour(exercise, "argument-changed", argument=", ".join(seen.changed))
    return _behaviour(exercise, "precision-lost")


def _at_the_edge(
    exercise: Exercise,
    edges: list[Observation],
    failing: list[Observation],
    *,
    precision_lost: bool,
) -> Finding:
    kinds = {one.case.kind for one in failing}
    for mistake in exercise.mistakes:
        if mistake.shown_by in kinds and _explains(_alone(mistake), edges, 1):
            return _named(exercise, mistake)
    if any(one.case.saturated and "not-finite" in one.verdicts.values() for one in failing):
        return _behaviour(exercise, "overflow")
    if precision_lost:
        return _behaviour(exercise, "precision-lost")
    first = failing[0]
    edge = _case_words(exercise, first)
    if first.case.must_refuse:
        return _plain(exercise, message("edge.accepted", case=edge))
    own = f"edge.{first.case.name}"
    sentences = [message("edge.wrong", case=edge)]
    if has_message(exercise.unit, own):
        return _plain(exercise, sentences[0], unit_message(exercise.unit, own))
    if first.got is None:
        sentences.append(_problem_sentence(exercise, first))
    return _plain(exercise, *sentences)


def _unnamed(exercise: Exercise, ordinary: list[Observation], probes: list[Observation]) -> Finding:
    """Say where to look when no known mistake explains what was seen."""
    wrong = min((one for one in ordinary if not one.right), key=lambda one: one.size)
    if wrong.got is None:
        sentences = [_problem_sentence(exercise, wrong)]
    else:
        sentences = [message("unnamed.values"), *_narrowed(exercise, ordinary, wrong)]
    healed = {
        unit_message(exercise.unit, f"hint.{one.case.name}", **one.case.fields): None
        for one in probes
        if one.right
    }
    if len(sentences) + len(healed) == 1 and wrong.got is not None:
        sentences = [message("unnamed.nothing")]
    return _plain(exercise, *sentences, *healed)


def _narrowed(exercise: Exercise, ordinary: list[Observation], wrong: Observation) -> list[str]:
    """Say which arrays are wrong, and in what way."""
    outputs = exercise.layout.outputs
    bad = [output for output in outputs if any(_bad(one, output.name) for one in ordinary)]
    sentences = []
    if len(bad) < len(outputs):
        fine = ", ".join(output.name for output in outputs if output not in bad)
        names = ", ".join(output.name for output in bad)
        sentences.append(message("hint.only-wrong", wrong=names, right=fine))
    shaped = [output for output in outputs if wrong.verdicts[output.name] == "shape"]
    for output in shaped[:MOST_DESCRIBED]:
        key, fields = misshapen(output, wrong)
        sentences.append(message(key, **fields))
    sentences.extend(_described(exercise, bad, ordinary))
    return sentences if shaped else [*sentences, *_own_hints(exercise, ordinary)]


def _described(exercise: Exercise, outputs: list[Output], ordinary: list[Observation]) -> list[str]:
    """Say how wrong arrays relate to the right ones, once for all that do so in the same way."""
    alike: dict[tuple[str, tuple[tuple[str, str], ...]], list[str]] = {}
    for output in outputs:
        seen = [one for one in ordinary if one.got is not None and _bad(one, output.name)]
        for key, fields in patterns(output, exercise.arguments, seen):
            alike.setdefault((key, tuple(fields.items())), []).append(output.name)
    return [
        message(key, output=", ".join(names), **dict(fields))
        for (key, fields), names in list(alike.items())[:MOST_DESCRIBED]
    ]


def _own_hints(exercise: Exercise, ordinary: list[Observation]) -> list[str]:
    """Collect what the exercise itself has to say about its wrong results."""
    if exercise.hints is None:
        return []
    wrong = [one for one in ordinary if one.got is not None and not one.right]
    shaped = [one for one in wrong if "shape" not in one.verdicts.values()]
    votes: Counter[str] = Counter()
    for one in shaped:
        for key, fields in exercise.hints(one.got or {}, one.expected):
            votes[unit_message(exercise.unit, f"hint.{key}", **fields)] += 1
    # What one call shows and another does not would contradict itself.
    return [words for words, count in votes.items() if 2 * count > len(shaped)]


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


def _case_words(exercise: Exercise, seen: Observation) -> str:
    return unit_message(exercise.unit, f"case.{seen.case.name}", **seen.case.fields)


def _behaviour(exercise: Exercise, cause: str, **fields: str) -> Finding:
    """Name what ordinary values do not show, in the unit's words if it has some."""
    see = next((m.see for m in exercise.mistakes if m.id == cause), "") or exercise.see
    words = unit_message(exercise.unit, f"mistake.{cause}", **fields)
    return Finding(cause, (words,), see)


def _named(exercise: Exercise, mistake: Mistake) -> Finding:
    key = f"mistake.{mistake.message or mistake.id}"
    words = unit_message(exercise.unit, key, **mistake.fields)
    return Finding(mistake.id, (words,), mistake.see or exercise.see)


def _plain(exercise: Exercise, *sentences: str) -> Finding:
    return Finding(None, sentences, exercise.see)


def _bad(seen: Observation, name: str) -> bool:
    return seen.verdicts.get(name, "value") not in {"right", "imprecise"}
