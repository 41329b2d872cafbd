"""A gradebook on a real PostgreSQL server: the same rows, one writer, a server that goes away."""

import threading

import pytest
from nbgrader.api import Gradebook
from sqlalchemy import text

from rnngrader import entries
from rnngrader.batch import Options, grade_unit
from rnngrader.course import Course
from rnngrader.entries import Entry, Ledger
from rnngrader.errors import GradingRefused
from rnngrader.gradebook import ensure_assignment, look_at_gradebook, open_gradebook, sole_writer
from rnngrader.loading import load_assignment
from rnngrader.verdict import Outcome, Question, Status, Verdict
from tests.rnngrader.courses import TinyCourse
from tests.rnngrader.postgres import server

QUIET = Options(quiet=True, workers=1)


@pytest.fixture(scope="module")
def postgres():
    """One server for all tests here."""
    with server() as running:
        yield running


@pytest.fixture
def course(tmp_path, postgres):
    """A tiny course whose gradebook is a new database of the server."""
    url, _, _ = postgres
    name = f"t{abs(hash(str(tmp_path)))}"
    with Gradebook(url) as book:
        engine = book.engine.execution_options(isolation_level="AUTOCOMMIT")
        with engine.connect() as connection:
            connection.execute(text(f"CREATE DATABASE {name}"))
    tiny = TinyCourse(tmp_path)
    tiny.hand_in("ada")
    tiny.hand_in("bob", "def double(x):\n    return x")
    return Course.load(tiny.root, db_url=url.replace("/postgres", f"/{name}"))


def scores(course):
    """What nbgrader itself reads: points and whether a person is needed, by student."""
    with Gradebook(course.db_url, course.course_id) as book:
        return {
            row["student"]: (row["score"], row["needs_manual_grade"])
            for row in book.submission_dicts("tiny")
        }


def verdict(student):
    """A verdict of the tiny unit."""
    questions = (Question("check_double", Outcome.PASS, 2.0, 2.0),)
    return Verdict("tiny", student, "ab", "cd", Status.GRADED, questions=questions)


def test_a_class_is_graded_into_it_and_again(course):
    """Scores are where nbgrader looks for them; a second run changes nothing; no file is made."""
    run = grade_unit(course, "tiny", QUIET)
    assert not run.problems
    assert scores(course) == {"ada": (2.0, False), "bob": (0.0, False)}
    assert grade_unit(course, "tiny", QUIET).reused == 2
    assert scores(course) == {"ada": (2.0, False), "bob": (0.0, False)}
    assert not list(course.root.rglob("*.db"))


def test_two_coordinators_on_different_machines_never_meet(course):
    """The server itself keeps the second writer out, since it has no file lock in common."""
    with (
        open_gradebook(course) as book,
        sole_writer(course, book),
        open_gradebook(course) as other,
        pytest.raises(GradingRefused, match="Another grading run"),
        sole_writer(course, other),
    ):
        pass


def test_a_server_that_goes_away_is_waited_for(course, postgres, monkeypatch):
    """A crash of the server between two batches costs a pause; both batches are there."""
    _, stop, start = postgres
    monkeypatch.setattr(entries, "PAUSES_S", (0.3,) * 60)
    assignment = load_assignment(course.source, "tiny", course.config)
    with open_gradebook(course) as book:
        ensure_assignment(book, assignment)
        ledger = Ledger(book, "tiny")
        ledger.enter([Entry(verdict("ada"))])
        stop()
        later = threading.Timer(0.7, start)
        later.start()
        ledger.enter([Entry(verdict("bob"))])
        later.join()
    assert scores(course) == {"ada": (2.0, False), "bob": (2.0, False)}


def test_no_server_is_told_in_a_sentence(tmp_path):
    """Nobody listens there: refused, with the address and without the password."""
    TinyCourse(tmp_path).hand_in("ada")
    url = "postgresql+psycopg://grader:secret@127.0.0.1:1/none"
    course = Course.load(tmp_path, db_url=url)
    for look in (look_at_gradebook, lambda course: grade_unit(course, "tiny", QUIET)):
        with pytest.raises(GradingRefused, match=r"127\.0\.0\.1:1/none") as caught:
            look(course)
        assert "secret" not in str(caught.value)
