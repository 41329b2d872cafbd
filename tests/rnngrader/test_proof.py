"""Which known mistakes `verify` tries, and when it says that one is told apart."""

from dataclasses import replace
from pathlib import Path

import pytest

from rnngrader import proof
from rnngrader.checks import UNITS, exercises_of
from rnngrader.loading import load_assignment

SOLUTIONS = Path(__file__).parents[2] / "solutions"


def unit_named(module):
    """The unit of the course whose checks are in a module."""
    return load_assignment(SOLUTIONS, module.replace("_", "-"))


@pytest.mark.parametrize("module", UNITS)
def test_a_unit_is_proved_with_the_mistakes_of_its_own_exercises(module):
    """Each exercise of a module is checked by the unit of that name, and by no other."""
    assert proof.asked(unit_named(module)) == list(exercises_of(module))


def bank(monkeypatch, *mistakes):
    """What is claimed of the exercise `attention_weights`, were these its mistakes."""
    exercise = next(e for e in exercises_of("attention") if e.name == "attention_weights")
    chosen = tuple(one for one in exercise.mistakes if one.id in mistakes)
    assert len(chosen) == len(mistakes)
    monkeypatch.setattr(proof, "asked", lambda _: [replace(exercise, mistakes=chosen)])
    return [claim.holds for claim in proof._bank(unit_named("attention"))]


def test_mistakes_of_one_sentence_need_no_telling_apart(monkeypatch):
    """One may be taken for the other: the learner reads the same."""
    assert bank(monkeypatch, "over-batch-shifted", "over-batch-guarded") == [True, True]


def test_a_mistake_told_as_another_is_refuted(monkeypatch):
    """What the check calls by the name of another mistake does not hold."""
    told = proof.check

    def misled(name, function, *, level):
        try:
            return told(name, function, level=level)
        except proof.CheckFailed as failed:
            report = replace(failed.report, cause="over-steps")
            raise proof.CheckFailed(report) from None

    monkeypatch.setattr(proof, "check", misled)
    assert bank(monkeypatch, "over-batch", "over-steps") == [False, True]
