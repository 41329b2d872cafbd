"""The one writer enters what nbgrader's own API would, in one transaction for many."""

import contextlib
import sqlite3
import threading
import time
from datetime import datetime

import pytest
from nbgrader.api import Gradebook
from sqlalchemy import event

from rnngrader import entries
from rnngrader.entries import Entry, Ledger
from rnngrader.errors import GradingRefused
from rnngrader.gradebook import ensure_assignment, open_gradebook
from rnngrader.loading import load_assignment
from rnngrader.verdict import Outcome, Question, Status, Verdict
from tests.rnngrader.courses import SETUP, TinyCourse, cell, graded, solution

MANUAL = cell("Why?", kind="markdown", grade_id="why", grade=True, solution=True, points=3)
TABLES = {
    "student": "select id, first_name, last_name, email, lms_user_id from student",
    "submission": "select student_id, timestamp, extension from submitted_assignment",
    "notebook": """select a.student_id, n.flagged, n.late_submission_penalty
        from submitted_notebook n join submitted_assignment a on n.assignment_id = a.id""",
    "grade": """select a.student_id, c.name, g.auto_score, g.manual_score, g.extra_credit,
        g.needs_manual_grade from grade g join base_cell c on g.cell_id = c.id
        join submitted_notebook n on g.notebook_id = n.id
        join submitted_assignment a on n.assignment_id = a.id""",
    "comment": """select a.student_id, c.name, m.auto_comment, m.manual_comment from comment m
        join base_cell c on m.cell_id = c.id join submitted_notebook n on m.notebook_id = n.id
        join submitted_assignment a on n.assignment_id = a.id""",
}


def course_with_manual(root):
    """The tiny unit with a question for a person."""
    return TinyCourse(root, SETUP, solution(), graded(), MANUAL).course


def verdict(student, score=2.0, status=Status.GRADED):
    """A verdict on both questions."""
    questions = (
        Question("check_double", Outcome.PASS, score, 2.0),
        Question("why", Outcome.MANUAL, None, 3.0),
    )
    return Verdict("tiny", student, "ab", "cd", status, questions=questions)


@contextlib.contextmanager
def opened(course):
    """An open gradebook with the unit in it, and what writes to it."""
    assignment = load_assignment(course.source, "tiny", course.config)
    with open_gradebook(course) as book:
        ensure_assignment(book, assignment)
        yield book, Ledger(book, "tiny")


def rows(course):
    """Every table, without the ids that are drawn at random."""
    connection = sqlite3.connect(course.db_url.removeprefix("sqlite:///"))
    try:
        return {name: sorted(connection.execute(query)) for name, query in TABLES.items()}
    finally:
        connection.close()


def test_the_rows_are_those_that_nbgraders_own_api_writes(tmp_path):
    """Students, submissions, notebooks, grades and comments are the same, table by table."""
    ours, theirs = course_with_manual(tmp_path / "a"), course_with_manual(tmp_path / "b")
    moment = datetime(2026, 3, 4, 5, 6, 7)  # noqa: DTZ001 - as nbgrader stores it
    with opened(ours) as (_, ledger):
        ledger.enter([Entry(verdict("ada")), Entry(verdict("bob", 0.5), timestamp=moment)])
    with opened(theirs) as (book, _):
        for name, score, times in (("ada", 2.0, {}), ("bob", 0.5, {"timestamp": moment})):
            book.update_or_create_student(name)
            with book.db.no_autoflush:
                book.update_or_create_submission("tiny", name, **times)
            for grade in book.find_submission_notebook("tiny", "tiny", name).grades:
                if grade.name == "check_double":
                    grade.auto_score, grade.needs_manual_grade = score, False
            book.db.commit()
    assert rows(ours) == rows(theirs)
    assert len(rows(ours)["comment"]) == 4
    assert rows(ours)["submission"][1][1].startswith("2026-03-04 05:06:07")


def test_a_batch_is_one_commit_and_entering_it_again_changes_nothing(tmp_path):
    """Thirty new students cost one commit; the same thirty again write no row."""
    course = course_with_manual(tmp_path)
    batch = [Entry(verdict(f"s{n:02}")) for n in range(30)]
    commits, statements = [], []
    with opened(course) as (book, ledger):
        event.listen(book.engine, "commit", lambda _connection: commits.append(1))
        event.listen(book.engine, "before_cursor_execute", lambda *seen: statements.append(seen[2]))
        ledger.enter(batch)
        assert len(commits) == 1
        first = rows(course)
        statements.clear()
        ledger.enter(batch)
    assert not [s for s in statements if not s.startswith("SELECT")]
    assert rows(course) == first
    assert len(first["grade"]) == 60


def test_more_students_than_a_statement_takes(tmp_path):
    """Lists longer than a database accepts in one statement are cut."""
    course = course_with_manual(tmp_path)
    with opened(course) as (_, ledger):
        ledger.enter([Entry(verdict(f"s{n:04}")) for n in range(entries._PARAMETERS + 7)])
    assert len(rows(course)["student"]) == entries._PARAMETERS + 7


def test_what_a_person_entered_is_not_touched(tmp_path):
    """Manual score and comment stay; another file than before asks for a look."""
    course = course_with_manual(tmp_path)
    with opened(course) as (book, ledger):
        ledger.enter([Entry(verdict("ada"))])
        grade = book.find_grade("why", "tiny", "tiny", "ada")
        grade.manual_score, grade.needs_manual_grade = 2.5, False
        book.find_comment("why", "tiny", "tiny", "ada").manual_comment = "good"
        book.db.commit()
        ledger.enter([Entry(verdict("ada"), changed=False)])
        assert ("ada", "why", None, 2.5, None, 0) in rows(course)["grade"]
        ledger.enter([Entry(verdict("ada"), changed=True)])
    assert ("ada", "why", None, 2.5, None, 1) in rows(course)["grade"]
    assert ("ada", "why", None, "good") in rows(course)["comment"]


@pytest.mark.parametrize("name", ["check_double", "why"])
def test_points_of_a_person_ask_for_a_look_until_somebody_looked(tmp_path, name):
    """Another file flags them, an overruled test too; later runs keep the flag, a look ends it."""
    course = course_with_manual(tmp_path)
    with opened(course) as (book, ledger):
        ledger.enter([Entry(verdict("ada", 0.5))])
        grade = book.find_grade(name, "tiny", "tiny", "ada")
        grade.manual_score, grade.needs_manual_grade = 1.5, False
        book.db.commit()
        for changed, looked, asks in ((False, False, 0), (True, False, 1), (False, False, 1),
                                      (False, True, 0)):  # fmt: skip
            if looked:
                book.db.refresh(grade)
                grade.needs_manual_grade = False
                book.db.commit()
            ledger.enter([Entry(verdict("ada"), changed=changed)])
            auto = 2.0 if name == "check_double" else None
            assert ("ada", name, auto, 1.5, None, asks) in rows(course)["grade"]


def test_a_fault_of_ours_takes_the_old_score_away(tmp_path):
    """No stale score survives; a person is asked."""
    course = course_with_manual(tmp_path)
    with opened(course) as (_, ledger):
        ledger.enter([Entry(verdict("ada"))])
        ledger.enter([Entry(Verdict("tiny", "ada", "ab", "cd", Status.ERROR))])
    assert ("ada", "check_double", None, None, None, 1) in rows(course)["grade"]


def test_a_locked_gradebook_is_waited_for(tmp_path, monkeypatch):
    """Another program's lock for a second costs a second, and no verdict."""
    monkeypatch.setattr(entries, "PAUSES_S", (0.2,) * 40)
    monkeypatch.setattr("rnngrader.gradebook.BUSY_MS", 50)
    course = course_with_manual(tmp_path)
    with opened(course) as (_, ledger):
        other = sqlite3.connect(course.db_url.removeprefix("sqlite:///"), check_same_thread=False)
        other.execute("begin exclusive")
        threading.Timer(0.7, lambda: (other.rollback(), other.close())).start()
        begin = time.monotonic()
        ledger.enter([Entry(verdict("ada"))])
        assert time.monotonic() - begin > 0.5
    assert len(rows(course)["grade"]) == 2


def test_a_gradebook_that_stays_locked_is_told(tmp_path, monkeypatch):
    """After the last try a sentence says that the verdicts are kept; nothing is half entered."""
    monkeypatch.setattr(entries, "PAUSES_S", (0.01,))
    monkeypatch.setattr("rnngrader.gradebook.BUSY_MS", 10)
    course = course_with_manual(tmp_path)
    with opened(course) as (_, ledger):
        other = sqlite3.connect(course.db_url.removeprefix("sqlite:///"))
        other.execute("begin exclusive")
        with pytest.raises(GradingRefused, match=r"locked.*verdicts are kept"):
            ledger.enter([Entry(verdict("ada"))])
        other.close()
    assert rows(course)["student"] == []


def test_nbgraders_sums_are_those_of_what_was_entered(tmp_path):
    """Formgrader's own queries see score, maximum and what waits for a person."""
    course = course_with_manual(tmp_path)
    with opened(course) as (_, ledger):
        ledger.enter([Entry(verdict("ada", 1.5))])
    with Gradebook(course.db_url) as book:
        (seen,) = book.submission_dicts("tiny")
    assert (seen["score"], seen["max_score"], seen["needs_manual_grade"]) == (1.5, 5.0, True)
