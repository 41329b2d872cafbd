"""The one writer: verdicts into nbgrader's gradebook.

Scores are written, never read from notebooks. What a person entered (manual scores, comments,
extra credit) is never touched.
"""

import contextlib
import os
import sqlite3
import sys
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from urllib.parse import quote

from nbgrader.api import Grade, Gradebook
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError

from rnngrader.assignment import Assignment, Role
from rnngrader.course import Course
from rnngrader.errors import GradingRefused
from rnngrader.verdict import Outcome, Question, Status, Verdict

BUSY_MS = 30_000


def _check_sqlite(db_url: str) -> None:
    """Refuse before grading if an SQLite gradebook is there but cannot be used."""
    if not db_url.startswith("sqlite:///"):
        return
    path = Path(db_url.removeprefix("sqlite:///"))
    if not path.exists():
        return
    try:
        with contextlib.closing(
            sqlite3.connect(f"file:{quote(str(path))}?mode=ro", uri=True)
        ) as connection:
            answer = connection.execute("PRAGMA quick_check").fetchone()[0]
    except sqlite3.Error as error:
        answer = str(error)
    if answer == "ok" and not os.access(path, os.W_OK):
        answer = "it may not be written"
    if answer != "ok":
        raise GradingRefused(
            f"The gradebook {path} cannot be used: {answer}. Nothing was graded or changed. "
            "Put a backup in its place, or move it away to start a new one."
        )


@contextlib.contextmanager
def open_gradebook(course: Course) -> Iterator[Gradebook]:
    """Open the course's gradebook for writing.

    Raises:
        GradingRefused: if it is damaged, read-only, locked, or of another nbgrader's version.
    """
    _check_sqlite(course.db_url)
    scripts = str(Path(sys.executable).parent)  # a new gradebook calls `alembic` by name
    if scripts not in os.environ.get("PATH", "").split(os.pathsep):
        os.environ["PATH"] = os.pathsep.join((scripts, os.environ.get("PATH", "")))
    try:
        book = Gradebook(course.db_url, course.course_id)
    except (SQLAlchemyError, OSError) as error:
        raise GradingRefused(
            f"The gradebook cannot be opened: {str(error).splitlines()[0]}. Nothing was graded."
        ) from None
    with book:
        if course.db_url.startswith("sqlite"):
            book.db.execute(text(f"PRAGMA busy_timeout = {BUSY_MS}"))
        yield book


def ensure_assignment(book: Gradebook, assignment: Assignment) -> None:
    """Enter a unit's cells as `nbgrader generate_assignment` would.

    Raises:
        GradingRefused: if submissions exist and the unit has other graded cells than before.
    """
    unit = assignment.unit
    book.update_or_create_assignment(unit)
    book.update_or_create_notebook(unit, unit)
    notebook = book.find_notebook(unit, unit)
    graded = {c.id: c for c in assignment.cells if c.role in (Role.TEST, Role.MANUAL)}
    before = {cell.name for cell in notebook.grade_cells}
    if notebook.submissions and before != set(graded):
        changed = sorted(before ^ set(graded))
        raise GradingRefused(
            f"The graded cells of {unit} changed after submissions were graded: {changed}. "
            "Give the changed unit a new name, or remove its submissions first."
        )
    for name in before - set(graded):
        book.db.delete(book.find_grade_cell(name, unit, unit))
    for cell in graded.values():
        book.update_or_create_grade_cell(
            cell.id, unit, unit, max_score=cell.points, cell_type=cell.kind
        )
    for cell in assignment.cells:
        if cell.role in (Role.SOLUTION, Role.MANUAL):
            book.update_or_create_solution_cell(cell.id, unit, unit)
        if cell.named:
            locked = cell.role not in (Role.SOLUTION, Role.MANUAL)
            book.update_or_create_source_cell(
                cell.id, unit, unit, cell_type=cell.kind, locked=locked, source=cell.public
            )


def commit(
    book: Gradebook, verdict: Verdict, timestamp: datetime | None = None, *, changed: bool = False
) -> None:
    """Enter one verdict in one transaction; entering it again changes nothing.

    Args:
        book: the open gradebook.
        verdict: what was decided.
        timestamp: when it was handed in, in UTC, if the collector knows.
        changed: another file than last time, so what a person graded needs a look.
    """
    unit = verdict.unit
    book.update_or_create_student(verdict.student)
    times = {} if timestamp is None else {"timestamp": timestamp}
    with book.db.no_autoflush:  # nbgrader builds the submission before it adds it
        book.update_or_create_submission(unit, verdict.student, **times)
    notebook = book.find_submission_notebook(unit, unit, verdict.student)
    questions = {question.grade_id: question for question in verdict.questions}
    try:
        for grade in notebook.grades:
            _enter(grade, questions.get(grade.cell.name), verdict.status, changed=changed)
        book.db.commit()
    except SQLAlchemyError:
        book.db.rollback()
        raise


def _enter(grade: Grade, question: Question | None, status: Status, *, changed: bool) -> None:
    decided = question is not None and question.score is not None
    if status is not Status.GRADED or not decided:
        grade.auto_score = None
        grade.needs_manual_grade = grade.manual_score is None or changed
        return
    assert question is not None  # noqa: S101 - implied by `decided`, said for the type checker
    grade.auto_score = question.score
    person = question.outcome is Outcome.MANUAL and grade.manual_score is not None
    grade.needs_manual_grade = person and changed
