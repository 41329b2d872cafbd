"""The one writer: verdicts into nbgrader's gradebook, many in one transaction.

nbgrader's own API commits several times for each submission. These are the rows it would write,
in a few statements for a whole batch. Scores are written, never read from notebooks. What a
person entered (manual scores, comments, extra credit) is never touched.
"""

import time
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from typing import Any
from uuid import uuid4

from nbgrader.api import (
    Comment,
    Grade,
    Gradebook,
    Student,
    SubmittedAssignment,
    SubmittedNotebook,
)
from sqlalchemy import bindparam, insert, select, update
from sqlalchemy.exc import IntegrityError, OperationalError

from rnngrader.errors import GradingRefused
from rnngrader.messages import message
from rnngrader.verdict import Question, Status, Verdict

PAUSES_S = (0.5, 2.0, 8.0)  # before another try, when the database is locked or away
_PARAMETERS = 500  # values of one `IN (...)`; databases limit them


@dataclass(frozen=True)
class Entry:
    """One verdict on its way into the gradebook.

    Attributes:
        changed: another file than last time, so what a person graded needs a look.
        timestamp: when it was handed in, UTC without a time zone, if the collector knows.
    """

    verdict: Verdict
    changed: bool = False
    timestamp: datetime | None = None


class Ledger:
    """Writes verdicts of one unit; its cells are looked up once.

    Args:
        book: the open gradebook, with the unit's cells in it (`ensure_assignment`).
        unit: its name.
    """

    def __init__(self, book: Gradebook, unit: str) -> None:
        self.db = book.db
        notebook = book.find_notebook(unit, unit)
        self.assignment_id, self.notebook_id = notebook.assignment_id, notebook.id
        tasks = {cell.id: cell.name for cell in notebook.task_cells}
        self.graded = {cell.id: cell.name for cell in notebook.grade_cells} | tasks
        self.commented = [cell.id for cell in notebook.solution_cells] + list(tasks)
        self.db.commit()

    def enter(self, entries: Sequence[Entry]) -> None:
        """Enter verdicts in one transaction; entering them again changes nothing.

        Raises:
            GradingRefused: if the database stays locked or away; nothing of these was entered.
        """
        for pause in (*PAUSES_S, None):
            try:
                self._enter(entries)
                self.db.commit()
            except (OperationalError, IntegrityError) as error:
                self.db.rollback()
                if pause is None:
                    reason = str(error.orig).splitlines()[0]
                    raise GradingRefused(message("grading.not-entered", reason=reason)) from None
                time.sleep(pause)
            except BaseException:
                self.db.rollback()
                raise
            else:
                return

    def _enter(self, entries: Sequence[Entry]) -> None:
        by_student = {entry.verdict.student: entry for entry in entries}
        notebooks = self._notebooks(by_student)
        changes = []
        for grade in self._grades(notebooks):
            entry = by_student[notebooks[grade.notebook_id]]
            questions = {q.grade_id: q for q in entry.verdict.questions}
            name = self.graded.get(grade.cell_id)
            if name is not None:
                change = _score(grade, questions.get(name), entry)
                if (grade.auto_score, grade.needs_manual_grade) != change:
                    auto, needs = change
                    changes.append({"of": grade.id, "auto": auto, "needs": needs})
        self._stamp(notebooks, by_student)
        if changes:
            statement = update(Grade.__table__).where(Grade.__table__.c.id == bindparam("of"))
            values: dict[str, Any] = {
                "auto_score": bindparam("auto"),
                "needs_manual_grade": bindparam("needs"),
            }
            self.db.connection().execute(statement.values(**values), changes)

    def _stamp(self, notebooks: dict[str, str], by_student: dict[str, Entry]) -> None:
        """Enter when submissions came, where that is known."""
        known = [
            {"of": name, "at": by_student[name].timestamp}
            for name in notebooks.values()
            if by_student[name].timestamp is not None
        ]
        if known:
            table = SubmittedAssignment.__table__
            mine = table.c.assignment_id == self.assignment_id
            statement = update(table).where(mine, table.c.student_id == bindparam("of"))
            self.db.connection().execute(statement.values(timestamp=bindparam("at")), known)

    def _notebooks(self, by_student: dict[str, Entry]) -> dict[str, str]:
        """Student by id of the submitted notebook; what is missing is made."""
        self._add_students(set(by_student))
        submitted = SubmittedAssignment.__table__.c
        found = {
            row.student_id: row.id
            for names in _chunks(by_student)
            for row in self.db.execute(
                select(submitted.id, submitted.student_id).where(
                    submitted.assignment_id == self.assignment_id,
                    submitted.student_id.in_(names),
                )
            )
        }
        rows = []
        for student in sorted(set(by_student) - set(found)):
            found[student] = uuid4().hex
            rows.append({"id": found[student], "student_id": student,
                         "assignment_id": self.assignment_id})  # fmt: skip
        self._insert(SubmittedAssignment, rows)
        return self._add_notebooks({submission: name for name, submission in found.items()})

    def _add_students(self, names: set[str]) -> None:
        column = Student.__table__.c.id
        for chunk in _chunks(names):
            names = names - set(self.db.execute(select(column).where(column.in_(chunk))).scalars())
        self._insert(Student, [{"id": name} for name in sorted(names)])

    def _add_notebooks(self, students: dict[str, str]) -> dict[str, str]:
        table = SubmittedNotebook.__table__.c
        found = {
            row.assignment_id: row.id
            for chunk in _chunks(students)
            for row in self.db.execute(
                select(table.id, table.assignment_id).where(
                    table.notebook_id == self.notebook_id, table.assignment_id.in_(chunk)
                )
            )
        }
        new = {submission: uuid4().hex for submission in students if submission not in found}
        self._insert(
            SubmittedNotebook,
            [
                {"id": made, "notebook_id": self.notebook_id, "assignment_id": submission}
                for submission, made in new.items()
            ],
        )
        for kind, cells in ((Grade, self.graded), (Comment, self.commented)):
            self._insert(
                kind,
                [{"notebook_id": nb, "cell_id": cell} for nb in new.values() for cell in cells],
            )
        return {made: students[submission] for submission, made in (found | new).items()}

    def _grades(self, notebooks: Iterable[str]) -> Iterator[Any]:
        table = Grade.__table__.c
        wanted = (table.id, table.notebook_id, table.cell_id, table.auto_score,
                  table.manual_score, table.needs_manual_grade)  # fmt: skip
        for chunk in _chunks(notebooks):
            yield from self.db.execute(select(*wanted).where(table.notebook_id.in_(chunk)))

    def _insert(self, kind: Any, rows: list[dict[str, Any]]) -> None:
        if rows:
            self.db.connection().execute(insert(kind.__table__), rows)


def _chunks(values: Iterable[str]) -> Iterator[tuple[str, ...]]:
    rest = iter(values)
    return iter(lambda: tuple(islice(rest, _PARAMETERS)), ())


def _score(grade: Any, question: Question | None, entry: Entry) -> tuple[float | None, bool]:
    """What belongs in `auto_score` and `needs_manual_grade`.

    Points that a person gave count whatever is found later, also for a question that tests decide.
    So another file asks for a look, and the next runs do not withdraw that until somebody looked.
    """
    found = question.score if question and entry.verdict.status is Status.GRADED else None
    if grade.manual_score is None:
        return found, found is None
    return found, entry.changed or grade.needs_manual_grade
