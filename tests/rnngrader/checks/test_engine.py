"""The engine: aspects by result, alternatives, refused inputs, numbers that do not matter."""

from dataclasses import replace

import numpy as np
import pytest

from rnngrader.checks import exercises_of
from rnngrader.checks.aspects import aspects
from rnngrader.checks.engine import report_on
from rnngrader.checks.inputs import Inputs
from rnngrader.checks.results import Layout, Output
from rnngrader.checks.spec import PROBE, Aspect, Exercise, Mistake

OUTSIDE = Aspect("outside", 1, levels=("full",), earned=True)


def half(x):
    if (x > 50).any():
        raise ValueError("expected small numbers")
    return x / 2, x + 1


def draw(drawn):
    return (drawn.normal("batch", "units"),)


INPUTS = Inputs("half", draw, kind="values", free=lambda args: {"more": args[0] > 1})
EXERCISE = Exercise(
    unit="rnn",
    name="half",
    reference=half,
    layout=Layout((Output("half", "batch units"), Output("more", "batch units"))),
    arguments=("x",),
    cases=lambda _level: [
        *(INPUTS.full(stream) for stream in "ab"),
        INPUTS.case(
            "id-too-large", "outside", edge=True, must_refuse=True, change=lambda a: (a[0] + 99,)
        ),
    ],
    probes=lambda: [INPUTS.case("one-step", PROBE)],
    aspects=aspects(
        Aspect("dx", 4, outputs=("half",)),
        Aspect("dparams", 2, outputs=("more",)),
        edges=(OUTSIDE,),
    ),
    mistakes=(
        Mistake("ids-clipped", lambda x: (np.minimum(x, 50) / 2, x + 1), shown_by="outside"),
    ),
    see="sequences.html#shapes",
)


def passed(report):
    return {aspect.name for aspect in report.aspects if aspect.passed}


def test_results_can_be_aspects_of_their_own():
    """With one of two results right, its share of the points is given."""
    report = report_on(EXERCISE, lambda x: (half(x)[0], 0 * x), "full")
    assert "dx" in passed(report)
    assert "dparams" not in passed(report)
    assert report.score == pytest.approx(0.8)


def test_what_counts_later_is_not_called_wrong():
    """Without a right value, arguments that stay as they are are neither right nor wrong."""

    def result(function):
        aspects = report_on(EXERCISE, function, "full").aspects
        return {aspect.name: aspect.passed for aspect in aspects}["arguments"]

    assert result(half) is True
    assert result(lambda x: (0 * x, 0 * x)) is None
    assert result(lambda x: (half(x)[0], np.multiply(x, 0, out=x))) is False
    text = report_on(EXERCISE, lambda x: (0 * x, 0 * x), "full").to_text()
    assert "later" in next(line for line in text.splitlines() if "Arguments stay" in line)


def test_what_does_not_matter_is_not_looked_at():
    """Where any number will do, any number does, nan too."""

    def filled(x, border, number):
        return half(x)[0], np.where(x > border, number, x + 1)

    assert report_on(EXERCISE, lambda x: filled(x, 1, np.nan), "full").passed
    assert not report_on(EXERCISE, lambda x: filled(x, 0, 9), "full").passed


def test_an_input_without_an_answer_has_to_be_refused():
    """Accepting it costs its aspect, and a known way of accepting it is named."""

    def careless(x):
        return x / 2, x + 1

    report = report_on(EXERCISE, careless, "full")
    assert not report.passed
    assert "outside" not in passed(report)
    assert "exception of the fitting kind" in report.message
    clipped = report_on(EXERCISE, EXERCISE.mistakes[0].build(), "full")
    assert clipped.cause == "ids-clipped"


def test_another_right_result_is_right_everywhere_or_not_at_all():
    """A function may agree with either of two references, but not with each now and then."""

    def third(x):
        return x / 3, half(x)[1]

    def now_and_then(x):
        return third(x) if next(calls) % 2 else half(x)

    calls = iter(range(100))
    exercise = replace(EXERCISE, alternatives=(third,))
    assert report_on(exercise, third, "full").passed
    assert report_on(exercise, half, "full").passed
    assert not report_on(exercise, now_and_then, "full").passed


@pytest.mark.parametrize("unit", ["rnn", "bptt", "lstm"])
def test_right_shapes_alone_earn_next_to_nothing(unit):
    """Zeros of the right shape, arguments left alone, the same again: not worth much."""

    def zeros_of(value):
        if isinstance(value, np.ndarray | np.number | float):
            return 0 * value
        return tuple(zeros_of(item) for item in value) if isinstance(value, tuple | list) else value

    for exercise in exercises_of(unit):
        report = report_on(exercise, lambda *args, e=exercise: zeros_of(e.reference(*args)), "full")
        assert report.score <= 0.12, exercise.name


def test_a_known_mistake_is_named_whatever_stands_where_numbers_do_not_matter():
    """Numbers that are not looked at, here another in every call, do not hide a mistake."""

    def doubled(x):
        return 2 * x, x + 1

    def also_doubled(x):
        return 2 * x, np.where(x > 1, 100 * x, x + 1)

    exercise = replace(EXERCISE, mistakes=(Mistake("padding-counted", doubled),))
    assert report_on(exercise, also_doubled, "visible").cause == "padding-counted"
