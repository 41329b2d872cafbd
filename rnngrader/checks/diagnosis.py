"""Find out which known mistake explains what a learner's function does."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from rnngrader.checks.arguments import is_double
from rnngrader.checks.calling import Candidate
from rnngrader.checks.choices import shown_by_its_like
from rnngrader.checks.closeness import same
from rnngrader.checks.describing import narrowed, only_with_words, problem_sentence
from rnngrader.checks.examination import Examination, Observation, observe
from rnngrader.checks.mixtures import Mixture, mixtures
from rnngrader.checks.prepared import prepared_probes
from rnngrader.checks.results import Results
from rnngrader.checks.spec import PROBE, Exercise, Mistake
from rnngrader.messages import has_message, message, unit_message

Outcome = Callable[[Observation], Results | None]
# Two agreeing results could be luck on inputs that are mostly zero; more than one is asked for.
ENOUGH = 2
# What each mistake alone gives for so many isolating inputs shows which pairs of them are likely.
MOST_COMPARED = 3


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
        return _plain(exercise, problem_sentence(exercise, seen.fatal))
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
        if seen.case.kind == PROBE and not (_finite(seen.got) and _finite(would_give)):
            # An isolating input can be too small for a loop; that is not what it asks about.
            continue
        if not _same_outcome(seen.got, would_give):
            return False
        telling += _tells(seen, would_give)
    return telling >= enough


def _tells(seen: Observation, would_give: Results | None) -> bool:
    """Tell whether a variant is seen to be wrong here; an exception alone is no such sign."""
    if would_give is None:
        return seen.case.edge and not (seen.case.must_refuse or seen.case.may_refuse)
    return seen.case.must_refuse or not _same_outcome(seen.expected, would_give)


def _finite(results: Results | None) -> bool:
    return results is not None and all(
        np.isfinite(array.astype(float)).all() for array in results.values()
    )


def _same_outcome(one: Results | None, other: Results | None) -> bool:
    if one is None or other is None:
        return one is other
    return all(same(one[name], other[name]) for name in other)


def _right_but(exercise: Exercise, seen: Examination) -> Finding:
    """Explain a function that is right on ordinary input and fails elsewhere."""
    edges = [one for one in seen.observations if one.case.edge]
    failing = [one for one in edges if not one.right]
    if failing:
        double = [one for one in seen.ordinary if is_double(one.case.args)]
        coarse = any("imprecise" in one.verdicts.values() for one in double)
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
        sentences.append(problem_sentence(exercise, first))
    return _plain(exercise, *sentences)


def _unnamed(exercise: Exercise, ordinary: list[Observation], probes: list[Observation]) -> Finding:
    """Say where to look when no known mistake explains what was seen."""
    wrong = min((one for one in ordinary if not one.right), key=lambda one: one.size)
    if wrong.got is None:
        sentences = [problem_sentence(exercise, wrong)]
    else:
        sentences = [message("unnamed.values"), *narrowed(exercise, ordinary, wrong)]
    sentences += only_with_words(exercise, ordinary)
    healed = {
        unit_message(exercise.unit, f"hint.{one.case.name}", **one.case.fields): None
        for one in probes
        if one.right and shown_by_its_like(exercise.arguments, one, ordinary)
    }
    if len(sentences) + len(healed) == 1 and wrong.got is not None:
        sentences = [message("unnamed.nothing")]
    return _plain(exercise, *sentences, *healed)


def _case_words(exercise: Exercise, seen: Observation) -> str:
    return unit_message(exercise.unit, f"case.{seen.case.name}", **seen.case.fields)


def _behaviour(exercise: Exercise, cause: str, **fields: str) -> Finding:
    """Name what ordinary values do not show, in the unit's words if it has some."""
    see = next((m.see for m in exercise.mistakes if m.id == cause), "") or exercise.see
    words = unit_message(exercise.unit, f"mistake.{cause}", **fields)
    return Finding(cause, (words,), see)


def _named(exercise: Exercise, mistake: Mistake) -> Finding:
    key = f"mistake.{mistake.key}"
    words = unit_message(exercise.unit, key, **mistake.fields)
    return Finding(mistake.id, (words,), mistake.see or exercise.see)


def _plain(exercise: Exercise, *sentences: str) -> Finding:
    return Finding(None, sentences, exercise.see)
