"""Whatever comes back, there is a report: explaining a result never fails itself."""

import re
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

import rnngrader.checks
from rnngrader.checks import UNITS, exercises_of
from rnngrader.checks.engine import report_on
from rnngrader.checks.mixtures import combined
from rnngrader.messages import catalogue

SOURCES = Path(rnngrader.checks.__file__).parent
# Without a bank, so that what was seen has to be described.
EXERCISES = [replace(e, mistakes=()) for unit in UNITS for e in exercises_of(unit)]
GIVEN_HINT = re.compile(r'\(\s*"([a-z0-9-]+)",\s*\{')


def spoiled(value, spoil):
    """Change every array of a result, however deep it lies; caches stay as they are."""
    if isinstance(value, np.ndarray):
        return spoil(value)
    if isinstance(value, float | np.floating):
        return spoil(np.array([value]))
    if isinstance(value, tuple) and hasattr(value, "_make"):
        return value._make(spoiled(item, spoil) for item in value)
    if isinstance(value, tuple | list):
        return type(value)(spoiled(item, spoil) for item in value)
    return value


def after_first(array):
    """Keep the first place and one place behind it, and change the rest."""
    changed = array.astype(float)
    changed[2:] *= 1.5
    return changed


SPOILS = {
    "not finite": lambda a: np.where(np.arange(a.size).reshape(a.shape) % 2, a, np.nan),
    "first places alone": after_first,
    "first steps alone": lambda a: after_first(a.swapaxes(0, -1)).swapaxes(0, -1),
    "turned": lambda a: a.T,
    "an axis less": lambda a: a.sum(axis=-1),
    "an axis more": lambda a: np.stack([a, a]),
    "rows shifted": lambda a: np.roll(a, 1, axis=0),
    "one place short": lambda a: a[:-1],
    "nothing at all": lambda a: a[:0],
    "by a factor for each row": lambda a: (a.T * np.arange(2, len(a) + 2)).T,
}


@pytest.mark.parametrize("how", SPOILS)
def test_a_spoiled_result_is_reported(how):
    """Each exercise says something about each way in which its result can be spoiled."""
    for exercise in EXERCISES:

        def wrong(*args, exercise=exercise):
            return spoiled(exercise.reference(*args), SPOILS[how])

        report = report_on(exercise, wrong, "visible")
        assert report.message, exercise.name


def of(unit, name):
    return next(exercise for exercise in exercises_of(unit) if exercise.name == name)


def test_writing_at_padding_alone_is_seen():
    """Only calls with a mask write into the scores, and that is enough to lose points."""
    asked = of("attention", "attention_weights")

    def writing(scores, mask=None):
        if mask is not None:
            scores[~np.broadcast_to(mask[:, None], scores.shape)] = -1e9
        return asked.reference(scores, mask)

    report = report_on(asked, writing, "visible")
    assert report.cause == "argument-changed"
    assert report.score < 1


def test_single_inputs_do_not_make_a_mistake_at_the_edge_one_of_precision():
    """A loss of single inputs that comes back as a plain number is right to single precision."""
    asked = of("rnn", "cross_entropy")

    def bounded(logits, targets, mask=None):
        loss = asked.reference(logits, targets, mask)
        loss = loss[0] if isinstance(loss, tuple) else loss
        return float(np.float32(loss)) if logits.dtype == np.float32 else min(float(loss), 9.0)

    report = report_on(asked, bounded, "full")
    assert report.score < 1
    assert report.cause != "precision-lost"


@pytest.mark.parametrize(
    ("name", "pair"),
    [
        ("lstm_gates", ("order-figo", "bias-ih-missing")),
        ("lstm_gates", ("weight-hh-untransposed", "g-sigmoid")),
        ("lstm_step", ("c-coupled-to-forget", "h-tanh-missing")),
        ("lstm_step", ("order-ifog", "h-from-c-prev")),
        ("lstm_forward", ("time-reversed", "c0-ignored")),
        ("lstm_forward", ("c-gates-swapped", "h-not-carried")),
    ],
)
def test_two_mistakes_in_the_same_part_of_an_lstm_are_both_named(name, pair):
    """Two gates, cell and output, or loop and cell: each has its own sentence."""
    asked = of("lstm", name)
    one, other = (next(m.variant for m in asked.mistakes if m.id == want) for want in pair)
    report = report_on(asked, combined(one, other), "full")
    assert set(report.cause.split("+")) == set(pair)


@pytest.mark.parametrize("unit", UNITS)
def test_every_hint_that_a_unit_may_give_is_written(unit):
    """A key without a sentence would break the check when it is needed."""
    keys = GIVEN_HINT.findall((SOURCES / f"{unit}.py").read_text(encoding="utf-8"))
    known = catalogue("en")
    missing = [key for key in keys if not {f"hint.{key}", f"{unit}.hint.{key}"} & known.keys()]
    assert missing == []
