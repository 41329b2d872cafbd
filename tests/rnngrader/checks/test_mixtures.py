"""Two mistakes at once: combined where that is possible, and told apart from one."""

import random

import pytest

from rnngrader.checks import UNITS, exercises_of
from rnngrader.checks.engine import report_on
from rnngrader.checks.mixtures import MOST_PAIRS, mixtures

SAMPLE = 6


@pytest.mark.parametrize("unit", UNITS)
def test_two_mistakes_at_once_lose_points_and_are_mostly_told(unit):
    """Of pairs drawn at random, none passes and most are told as both mistakes or as one."""
    draw = random.Random(5)
    told, asked = 0, 0
    for exercise in exercises_of(unit):
        pairs = list(mixtures(exercise.mistakes))
        for pair in draw.sample(pairs, min(SAMPLE, len(pairs))):
            report = report_on(exercise, pair.variant, "full")
            assert not report.passed, pair.mistakes
            asked += 1
            told += report.cause is not None
    assert told >= 0.7 * asked


@pytest.mark.parametrize("unit", UNITS)
def test_a_bank_has_no_more_pairs_than_a_check_has_time_for(unit):
    """The number of combinations is bounded."""
    for exercise in exercises_of(unit):
        assert sum(1 for _ in mixtures(exercise.mistakes)) <= MOST_PAIRS
