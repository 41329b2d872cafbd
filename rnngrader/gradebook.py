"""nbgrader's gradebook: opening it with care, and the unit's cells in it."""

import contextlib
import logging
import os
import sqlite3
import zlib
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

from alembic.config import Config
from alembic.script import ScriptDirectory
from nbgrader.api import Assignment as Assignments
from nbgrader.api import Base, Gradebook, InvalidEntry, app_log
from nbgrader.dbutil import _temp_alembic_ini
from sqlalchemy import create_engine, func, inspect, select, text
from sqlalchemy.exc import SQLAlchemyError

from rnngrader.assignment import Assignment, Role
from rnngrader.course import Course
from rnngrader.errors import GradingRefused
from rnngrader.messages import message

BUSY_MS = 30_000
# nbgrader prints a trace before it raises. Where nobody asked for its log, our sentence will do.
_QUIET = logging.NullHandler()
FAILURES = (SQLAlchemyError, InvalidEntry)  # nbgrader gives its own name to what a database says


def _check_sqlite(db_url: str) -> None:
    """Refuse before grading if an SQLite gradebook is there but cannot be used."""
    if not db_url.startswith("sqlite:///"):
        return
    path = Path(db_url.removeprefix("sqlite:///"))
    if not path.exists():
        return
    # A run that was killed in a commit leaves a journal, and only a writer may roll it back.
    killed = Path(f"{path}-journal").exists() and os.access(path, os.W_OK)
    address = f"file:{quote(str(path))}?mode={'rw' if killed else 'ro'}"
    try:
        with contextlib.closing(sqlite3.connect(address, uri=True)) as connection:
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
        GradingRefused: if it is damaged, read-only, locked, away, or of another nbgrader's version.
    """
    _check_sqlite(course.db_url)
    app_log.addHandler(_QUIET)
    try:
        _make_if_new(course.db_url)
        book = Gradebook(course.db_url, course.course_id)
    except (*FAILURES, OSError, ImportError) as error:
        raise _refused(course, error) from None
    with book:
        try:
            if course.db_url.startswith("sqlite"):
                book.db.execute(text(f"PRAGMA busy_timeout = {BUSY_MS}"))
            yield book
        except FAILURES as error:
            raise _refused(course, error, "grading.gradebook-failed") from None


def _make_if_new(db_url: str) -> None:
    """Make the tables of a new gradebook with the mark of their version.

    nbgrader does the same in two steps with a program between them. If that program is not found,
    or the process ends there, it leaves tables without the mark, which it later refuses.
    """
    engine = create_engine(db_url)
    tables = set(inspect(engine).get_table_names())
    with engine.begin() as connection:
        used = "assignment" in tables and connection.execute(select(Assignments.id)).first()
        if "alembic_version" not in tables and not used:
            with _temp_alembic_ini(db_url) as settings:
                head = ScriptDirectory.from_config(Config(settings)).get_current_head()
            Base.metadata.create_all(connection)
            connection.execute(
                text("CREATE TABLE alembic_version (version_num VARCHAR(32) NOT NULL)")
            )
            mark = text("INSERT INTO alembic_version (version_num) VALUES (:head)")
            connection.execute(mark, {"head": head})
    engine.dispose()


@contextlib.contextmanager
def sole_writer(course: Course, book: Gradebook) -> Iterator[None]:
    """Keep other coordinators, also on other machines, from writing to a shared server.

    An SQLite file belongs to one course directory, whose lock is enough.

    Raises:
        GradingRefused: if another one is at work.
    """
    if not course.db_url.startswith("postgresql"):
        yield
        return
    number = zlib.crc32(f"rnngrader {course.course_id}".encode())
    with book.engine.connect() as connection:
        mine = connection.execute(select(func.pg_try_advisory_lock(number))).scalar()
        connection.commit()
        if not mine:
            raise GradingRefused(message("grading.other-writer", where=course.db_shown))
        yield
        connection.execute(select(func.pg_advisory_unlock(number)))


def look_at_gradebook(course: Course) -> None:
    """See whether the gradebook can be used; nothing is made or changed.

    Raises:
        GradingRefused: if it is there and damaged, or its server does not answer.
    """
    _check_sqlite(course.db_url)
    if course.db_url.startswith("sqlite"):
        return
    try:
        create_engine(course.db_url).connect().close()
    except (SQLAlchemyError, OSError, ImportError) as error:
        raise _refused(course, error) from None


def _refused(course: Course, error: Exception, key: str = "grading.no-gradebook") -> GradingRefused:
    if isinstance(error, ImportError):
        remedy = message("doctor.postgresql-remedy")
        return GradingRefused(message("grading.no-driver", name=str(error.name), remedy=remedy))
    reason = str(getattr(error, "orig", None) or error).splitlines()[0]
    return GradingRefused(message(key, where=course.db_shown, reason=reason))


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
    if before != set(graded) and notebook.submissions:
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
