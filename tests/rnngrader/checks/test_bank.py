"""Every known mistake costs points and is called by its name: the bank is the checks' own test."""

import re
from pathlib import Path

import numpy as np
import pytest

from rnngrader.checks.engine import report_on
from rnngrader.checks.lstm import EXERCISES
from rnngrader.checks.seeding import SEED
from rnngrader.messages import message

BY_NAME = {exercise.name: exercise for exercise in EXERCISES}
ALL = [(exercise, mistake) for exercise in EXERCISES for mistake in exercise.mistakes]


@pytest.fixture(scope="module", params=[0, 7])
def reports(request):
    token = SEED.set(request.param)
    yield [(m, report_on(exercise, m.build(), "full")) for exercise, m in ALL]
    SEED.reset(token)


def test_every_mistake_loses_points(reports):
    """No wrong variant of the bank gets full marks."""
    assert [mistake.id for mistake, report in reports if report.score == 1.0] == []


def test_every_mistake_is_named(reports):
    """At least 99 of 100 mistakes are recognised; the confused ones are listed."""
    confused = [(m.exercise, m.id, r.cause) for m, r in reports if r.cause != m.id]
    assert len(confused) <= len(reports) / 100, confused


def test_a_mistake_in_ordinary_values_costs_half_the_points(reports):
    """Wrong values with a state are never cheap."""
    cheap = [
        (mistake.id, report.score)
        for mistake, report in reports
        if mistake.shown_by == "values" and report.score > 0.6
    ]
    assert cheap == []


def test_messages_are_closed(reports):
    """A message is its template filled from the bank, so it cannot carry an input."""
    for mistake, report in reports:
        if mistake.id != "argument-changed":
            assert report.message == message(mistake.message, **mistake.fields)
        assert not re.search(r"\d\.\d", report.message)


def test_the_visible_check_names_most_mistakes_too():
    """A learner's own quick check explains what the graded one would."""
    shown = [
        (exercise, m) for exercise, m in ALL if m.shown_by in {"values", "repeat", "arguments"}
    ]
    causes = [(m.id, report_on(exercise, m.build(), "visible").cause) for exercise, m in shown]
    assert [pair for pair in causes if pair[0] != pair[1]] == []


@pytest.mark.parametrize("name", BY_NAME)
def test_ids_are_unique_and_name_their_exercise(name):
    """One id means one mistake within an exercise."""
    mistakes = BY_NAME[name].mistakes
    assert len({mistake.id for mistake in mistakes}) == len(mistakes) >= 18
    assert {mistake.exercise for mistake in mistakes} == {name}


def test_every_place_to_read_exists_in_the_book():
    """A report never sends a learner to a section that is not there."""
    places = {m.see for _, m in ALL} | {exercise.see for exercise in EXERCISES}
    root = Path(__file__).parents[3] / "book"
    for place in places:
        page, anchor = place.split("#")
        headings = re.findall(
            r"^#+ (.+)$", (root / page.replace(".html", ".md")).read_text(), re.MULTILINE
        )
        assert anchor in {re.sub(r"[^a-z0-9]+", "-", h.lower()).strip("-") for h in headings}


def test_two_mistakes_at_once_are_not_called_by_a_wrong_name():
    """A mixture of mistakes is described, not pinned on one of them."""
    step = BY_NAME["lstm_step"]
    order = next(m for m in step.mistakes if m.id == "order-ogif").build()

    def two(x, h_prev, c_prev, params):
        h, c = order(x, h_prev, c_prev, params)
        return 0.5 * h, np.tanh(c)

    report = report_on(step, two, "full")
    assert report.cause is None
    assert report.score < 0.2
