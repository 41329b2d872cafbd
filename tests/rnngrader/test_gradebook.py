"""The gradebook stays nbgrader's own, and refuses what would orphan a grade."""

import sqlite3

import pytest
from nbgrader.api import Gradebook

from rnngrader.batch import Options, grade_unit
from rnngrader.errors import GradingRefused
from rnngrader.gradebook import ensure_assignment, open_gradebook
from rnngrader.loading import load_assignment
from tests.rnngrader.courses import SETUP, graded, notebook, solution

QUIET = Options(quiet=True)


def test_nbgrader_reads_what_we_wrote(tiny):
    """Scores, maxima and flags are there under nbgrader's own names."""
    tiny.hand_in("ada")
    grade_unit(tiny.course, "tiny", QUIET)
    with Gradebook(tiny.course.db_url) as book:
        submission = book.find_submission("tiny", "ada")
        assert (submission.score, submission.max_score) == (2.0, 2.0)
        assert not submission.needs_manual_grade
        assert book.find_assignment("tiny").course_id == tiny.course.course_id


def test_other_graded_cells_after_grading_are_refused(tiny):
    """Removing a question that has grades would lose them; the sentence names it."""
    tiny.hand_in("ada")
    grade_unit(tiny.course, "tiny", QUIET)
    before = tiny.grades()
    other = graded()
    other["metadata"]["nbgrader"]["grade_id"] = "check_other"
    path = tiny.course.source / "tiny" / "tiny.ipynb"
    path.write_bytes(notebook(SETUP, solution(), other))
    with pytest.raises(GradingRefused, match=r"check_double.*check_other"):
        grade_unit(tiny.course, "tiny", QUIET)
    assert tiny.grades() == before


def test_changed_points_are_taken_over(tiny):
    """More points for the same cell: the maximum and the scores follow at the next run."""
    tiny.hand_in("ada")
    grade_unit(tiny.course, "tiny", QUIET)
    path = tiny.course.source / "tiny" / "tiny.ipynb"
    path.write_bytes(notebook(SETUP, solution(), graded(points=5)))
    grade_unit(tiny.course, "tiny", QUIET)
    assert tiny.grades()["ada", "check_double"][0] == 5.0


def test_a_gradebook_that_locks_while_a_unit_is_entered_is_told(tiny, monkeypatch, capsys):
    """F8: nbgrader's own name for it becomes a sentence, and its trace is not printed."""
    monkeypatch.setattr("rnngrader.gradebook.BUSY_MS", 10)
    assignment = load_assignment(tiny.course.source, "tiny")
    with open_gradebook(tiny.course):
        pass
    other = sqlite3.connect(tiny.root / "gradebook.db")

    def enter_while_locked(book):
        other.execute("begin exclusive")
        ensure_assignment(book, assignment)

    with (
        pytest.raises(GradingRefused, match=r"locked.*Verdicts are kept"),
        open_gradebook(tiny.course) as book,
    ):
        enter_while_locked(book)
    other.close()
    assert "Traceback" not in capsys.readouterr().err
    with open_gradebook(tiny.course) as book:
        ensure_assignment(book, assignment)
        assert [one.name for one in book.assignments] == ["tiny"]
