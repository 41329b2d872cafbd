"""Late work: what it costs, and when it came, in any time zone."""

import os
from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from nbgrader.api import Gradebook

from rnngrader.batch import Options, grade_unit
from rnngrader.errors import GradingRefused
from rnngrader.late import LatePolicy, late_policy, parse_stamp, read_stamp
from rnngrader.loading import load_assignment
from rnngrader.marks import MarkState, read_marks

at = datetime.fromisoformat
DUE = at("2026-03-01 23:00:00")
HOUR = timedelta(hours=1)
POLICY = LatePolicy(grace_minutes=15, percent_per_day=10, cap_percent=35, closed_after_days=7)


@pytest.mark.parametrize(
    ("after", "days", "lost", "closed"),
    [
        (-HOUR, 0, 0, False),
        (timedelta(minutes=15), 0, 0, False),
        (timedelta(minutes=16), 1, 2, False),
        (timedelta(days=1, minutes=15), 1, 2, False),
        (timedelta(days=1, minutes=16), 2, 4, False),
        (timedelta(days=6), 6, 7, False),
        (timedelta(days=7), 7, 7, False),
        (timedelta(days=7, seconds=1), 7, 11, True),
    ],
)
def test_grace_days_cap_and_the_last_moment(after, days, lost, closed):
    """Of 20 points, 11 reached: 2 for each started day after the grace, 7 at most, then all."""
    late = POLICY.lateness(DUE + after, DUE, 11, 20)
    assert (late.days, late.deduction, late.closed) == (days, lost, closed)


def test_a_share_of_the_score_and_never_below_zero():
    """`of = "score"` takes from what was reached; nobody gets less than nothing."""
    by_score = LatePolicy(percent_per_day=10, of="score")
    assert by_score.lateness(DUE + HOUR, DUE, 11, 20).deduction == 1.1
    assert LatePolicy(percent_per_day=10).lateness(DUE + HOUR, DUE, 1.5, 20).deduction == 1.5


def test_without_a_due_date_or_a_stamp_nothing_is_taken_off():
    """What is not known costs nothing, and is known to be unknown."""
    for stamp, due in ((None, DUE), (DUE, None)):
        late = POLICY.lateness(stamp, due, 11, 20)
        assert (late.seconds, late.deduction) == (None, 0)


@pytest.mark.parametrize(
    ("text", "zone", "expected"),
    [
        ("2026-03-01 23:30:00.25 UTC", "Asia/Seoul", at("2026-03-01 23:30:00.250000")),
        ("2026-03-01 23:30:00 +0900", "UTC", at("2026-03-01 14:30:00")),
        ("2026-03-01T23:30:00-05:00", "UTC", at("2026-03-02 04:30:00")),
        ("2026-07-01 23:30:00 Europe/Berlin", "UTC", at("2026-07-01 21:30:00")),
        ("2026-10-25 02:30:00 CEST", "Europe/Berlin", at("2026-10-25 00:30:00")),
        ("2026-10-25 02:30:00 CET", "Europe/Berlin", at("2026-10-25 01:30:00")),
        ("2026-03-01 23:30:00", "Asia/Seoul", at("2026-03-01 14:30:00")),
        ("2026-03-01 23:30:00 KST", "Europe/Berlin", None),
        ("2026-03-01 23:30:00 ../etc/passwd", "UTC", None),
        ("2026-13-01 23:30:00 UTC", "UTC", None),
        ("9999-12-31 23:30:00 -0900", "UTC", None),
        ("yesterday", "UTC", None),
        ("", "UTC", None),
    ],
)
def test_stamps_of_every_zone_become_utc(text, zone, expected):
    """The hour that a clock shows twice is told by its zone's short name; guesses are refused."""
    assert parse_stamp(text, zone) == expected


@given(st.text(max_size=60))
def test_no_text_breaks_the_reader(text):
    """Whatever stands in the file, the answer is a plain time or none."""
    found = parse_stamp(text)
    assert found is None or found.tzinfo is None


def test_a_link_in_place_of_the_stamp_is_not_followed(tiny, tmp_path):
    """A learner cannot point the grader at another file or a pipe."""
    folder = tiny.hand_in("ada").parent
    (tmp_path / "other").write_text("2026-03-01 10:00:00 UTC")
    (folder / "timestamp.txt").symlink_to(tmp_path / "other")
    assert read_stamp(tiny.course, "ada", "tiny") is None
    (folder / "timestamp.txt").unlink()
    os.mkfifo(folder / "timestamp.txt")
    assert read_stamp(tiny.course, "ada", "tiny") is None
    assert read_stamp(tiny.course, "../ada", "tiny") is None


def test_settings_of_a_unit_stand_over_those_of_the_course(tiny):
    """Both are read, a mistake is named, and no submission is judged again because of them."""
    before = load_assignment(tiny.course.source, "tiny").version
    with (tiny.root / "nbgrader_config.py").open("a") as file:
        file.write('c.RNNGrader.late = {"grace_minutes": 15, "cap_percent": 50}\n')
    manifest = tiny.course.source / "tiny" / "unit.toml"
    text = manifest.read_text()
    manifest.write_text("[late]\npercent_per_day = 20\ncap_percent = 40\n" + text)
    assert late_policy(tiny.course, "tiny") == LatePolicy(15, 20, 40)
    assert load_assignment(tiny.course.source, "tiny").version == before
    for wrong in ("percent_per_day = 101", "percent = 3", 'of = "all"', "grace_minutes = true"):
        manifest.write_text(f"{text}[late]\n{wrong}\n")
        with pytest.raises(GradingRefused, match=wrong.split()[0]):
            late_policy(tiny.course, "tiny")


def test_marks_keep_the_score_and_know_extensions(tiny):
    """The gradebook has stamp and full score; an extension of nbgrader's is honoured."""
    with (tiny.course.source / "tiny" / "unit.toml").open("a") as manifest:
        manifest.write("[late]\npercent_per_day = 25\n")
    for name in ("ada", "bob", "cyd"):
        path = tiny.hand_in(name).parent / "timestamp.txt"
        path.write_text("2026-03-03 01:00:00 Europe/Berlin\n")
    tiny.hand_in("cyd", raw=b"{")
    grade_unit(tiny.course, "tiny", Options(quiet=True))
    with Gradebook(tiny.course.db_url) as book:
        book.update_or_create_assignment("tiny", duedate="2026-03-01 23:00:00 UTC")
        book.find_submission("tiny", "bob").extension = timedelta(days=2)
        book.add_student("dan", last_name="D")
        book.db.commit()
        assert book.find_submission("tiny", "ada").timestamp == at("2026-03-03 00:00:00")
    unit = load_assignment(tiny.course.source, "tiny")
    marks = {mark.student: mark for mark in read_marks(tiny.course, unit)}
    assert (marks["ada"].score, marks["ada"].late.days, marks["ada"].final) == (2, 2, 1)
    assert (marks["bob"].score, marks["bob"].final) == (2, 2)
    assert [marks[name].state for name in ("ada", "cyd", "dan")] == [
        MarkState.DONE, MarkState.UNREADABLE, MarkState.MISSING,
    ]  # fmt: skip
    assert tiny.grades()["ada", "check_double"][0] == 2
