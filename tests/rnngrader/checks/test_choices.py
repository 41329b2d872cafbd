"""Which choice of an argument goes wrong is said, and probes of another choice keep silent."""

from typing import NamedTuple

import numpy as np
import pytest

from rnncore.gru import gru_step
from rnngrader.checks import exercises_of
from rnngrader.checks.choices import choices
from rnngrader.checks.engine import report_on


class Design(NamedTuple):
    context: str
    size: int


def exercise(unit, name):
    return next(one for one in exercises_of(unit) if one.name == name)


def test_words_truth_values_and_missing_arguments_are_choices():
    """Words are found inside named tuples as well; plain numbers are only given or not."""
    args = (np.ones(3), "after", Design("initial", 4), True)
    assert choices(("x", "reset", "design", "flag", "mask"), args) == {
        ("x", "given"),
        ("reset", "after"),
        ("context", "initial"),
        ("size", "given"),
        ("flag", "True"),
        ("mask", "not given"),
    }


def wrong_before(x, h_prev, params, reset="after"):
    h, _ = gru_step(x, h_prev, params, reset)[:2]
    return h + 0.1 * x.sum() * h_prev if reset == "before" else h


def test_the_word_that_goes_wrong_is_named_and_probes_without_it_say_nothing():
    """All probes have the other reset gate, so that they are right tells nothing about terms."""
    report = report_on(exercise("gru", "gru_step"), wrong_before, "full")
    assert "Only calls with reset before go wrong" in report.message
    assert "With x zero" not in report.message
    assert "all sizes are equal" not in report.message


@pytest.mark.parametrize(
    ("wrong_if_given", "said"),
    [(True, "in which mask is given"), (False, "in which mask is not given")],
)
def test_an_optional_argument_is_a_choice(wrong_if_given, said):
    """A mask is given or not, and only one of the two may go wrong."""
    asked = exercise("attention", "attention_weights")

    def wrong(scores, mask=None):
        weights = asked.reference(scores, mask)
        weights = weights[0] if isinstance(weights, tuple) else weights
        return weights + 0.01 * np.sin(scores) * (wrong_if_given == (mask is not None))

    assert said in report_on(asked, wrong, "full").message


def test_data_that_are_words_are_no_choice():
    """An order of blocks is an input, and inputs are not repeated in a message."""
    asked = exercise("frameworks", "reorder_blocks")

    def wrong(array, order, wanted):
        return asked.reference(array, order, wanted) * (1.5 if order[0] in "zn" else 1.0)

    report = report_on(asked, wrong, "full")
    assert not report.passed
    assert "Only calls" not in report.message
