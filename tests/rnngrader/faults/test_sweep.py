"""Whatever is killed, and whenever: the class ends as if nothing had happened."""

import random

import pytest

from tests.rnngrader.faults.sweep import interrupted, uninterrupted

pytestmark = pytest.mark.xdist_group("faults")
KEY = "7b" * 32
KILLS, SUBMISSIONS = 5, 12


def test_kills_at_random_moments_change_nothing(tmp_path):
    """F1 to F4: coordinator, judge or sandbox; gradebook, notebooks, verdicts and feedback."""
    expected = uninterrupted(tmp_path / "peace", SUBMISSIONS, KEY)
    found, killed, runs = interrupted(tmp_path / "war", SUBMISSIONS, KEY, KILLS, random.Random(11))
    assert killed.total() == KILLS
    assert runs >= 2
    assert found == expected
    assert len(found["grades"]) == SUBMISSIONS
