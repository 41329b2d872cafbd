"""The marks of a unit as the gradebook has them, for everybody, read in a few queries."""

import os
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any

from nbgrader.api import Assignment as Assignments
from nbgrader.api import (
    BaseCell,
    Comment,
    Grade,
    Gradebook,
    Student,
    SubmittedAssignment,
    SubmittedNotebook,
)
from sqlalchemy import select

from rnngrader.assignment import Assignment
from rnngrader.course import Course
from rnngrader.gradebook import open_gradebook
from rnngrader.late import Lateness, late_policy, read_stamp
from rnngrader.store import VerdictStore
from rnngrader.verdict import Outcome, Status, Verdict


class MarkState(StrEnum):
    """How a mark stands; only `DONE` is final."""

    DONE = "done"
    WAITING = "waiting"
    FAULT = "fault"
    UNREADABLE = "unreadable"
    UNGRADED = "ungraded"  # handed in, and not graded yet
    MISSING = "missing"


@dataclass(frozen=True)
class Person:
    """A student as the gradebook knows them; empty where it does not."""

    student: str
    first_name: str = ""
    last_name: str = ""
    email: str = ""
    lms_id: str = ""


@dataclass(frozen=True)
class Mark:
    """One student's mark for a unit.

    Attributes:
        score: points so far, automatic and given by people, before anything for lateness.
        scores: by graded cell; None where a person has yet to decide.
        comments: what people wrote, by cell.
        manual: cells whose points a person gave.
        handed_in: UTC without a time zone, if it is known.
    """

    person: Person
    state: MarkState
    score: float
    max_score: float
    scores: dict[str, float | None] = field(default_factory=dict)
    comments: dict[str, str] = field(default_factory=dict)
    manual: frozenset[str] = frozenset()
    handed_in: datetime | None = None
    due: datetime | None = None
    late: Lateness = field(default_factory=lambda: Lateness(None))

    @property
    def student(self) -> str:
        """The student's id."""
        return self.person.student

    @property
    def final(self) -> float:
        """The score after what lateness costs."""
        return round(self.score - self.late.deduction, 2)


def read_marks(course: Course, assignment: Assignment) -> list[Mark]:
    """The marks of all students of a course, by id; who handed in nothing is `MISSING`.

    Raises:
        GradingRefused: if the gradebook cannot be used or the late policy makes no sense.
    """
    unit, store = assignment.unit, VerdictStore(course, assignment)
    policy = late_policy(course, unit)
    with open_gradebook(course) as book:
        people = {person.student: person for person in _people(book)}
        due, submissions = _submissions(book, unit)
        grades, comments = _grades(book, unit), _comments(book, unit)
    marks = []
    for name in sorted(people):
        if name not in submissions:
            there = os.path.lexists(course.submitted / name / unit)
            state = MarkState.UNGRADED if there else MarkState.MISSING
            marks.append(Mark(people[name], state, 0.0, assignment.max_score))
            continue
        stamp, extension = submissions[name]
        stamp = stamp or read_stamp(course, name, unit)
        own = due + extension if due and extension else due
        rows = grades[name]
        scores = {cell: score for cell, (score, _) in rows.items()}
        total = round(sum(score or 0.0 for score in scores.values()), 2)
        marks.append(
            Mark(
                people[name],
                _state(scores, store.latest(name)),
                total,
                assignment.max_score,
                scores,
                comments[name],
                frozenset(cell for cell, (_, by_person) in rows.items() if by_person),
                stamp,
                own,
                policy.lateness(stamp, own, total, assignment.max_score),
            )
        )
    return marks


def _people(book: Gradebook) -> Iterator[Person]:
    columns = (Student.id, Student.first_name, Student.last_name, Student.email,
               Student.lms_user_id)  # fmt: skip
    for row in book.db.execute(select(*columns)):
        yield Person(*(value or "" for value in row))


def _submissions(book: Gradebook, unit: str) -> tuple[datetime | None, dict[str, Any]]:
    due = book.db.execute(select(Assignments.duedate).where(Assignments.name == unit)).scalar()
    rows = book.db.execute(
        select(
            SubmittedAssignment.student_id,
            SubmittedAssignment.timestamp,
            SubmittedAssignment.extension,
        )
        .join(Assignments, SubmittedAssignment.assignment_id == Assignments.id)
        .where(Assignments.name == unit)
    )
    return due, {name: (stamp, extension) for name, stamp, extension in rows}


def _of_unit(statement: Any, table: Any, unit: str) -> Any:
    """Join a table of cells' grades or comments with the students of a unit."""
    return (
        statement.join(BaseCell, table.cell_id == BaseCell.id)
        .join(SubmittedNotebook, table.notebook_id == SubmittedNotebook.id)
        .join(SubmittedAssignment, SubmittedNotebook.assignment_id == SubmittedAssignment.id)
        .join(Assignments, SubmittedAssignment.assignment_id == Assignments.id)
        .where(Assignments.name == unit)
    )


def _grades(book: Gradebook, unit: str) -> dict[str, dict[str, tuple[float | None, bool]]]:
    statement = select(
        SubmittedAssignment.student_id,
        BaseCell.name,
        Grade.auto_score,
        Grade.manual_score,
        Grade.extra_credit,
    ).select_from(Grade)
    found: dict[str, dict[str, tuple[float | None, bool]]] = defaultdict(dict)
    for name, cell, auto, manual, extra in book.db.execute(_of_unit(statement, Grade, unit)):
        score = auto if manual is None else manual
        total = None if score is None else score + (extra or 0.0)
        found[name][cell] = (total, manual is not None)
    return found


def _comments(book: Gradebook, unit: str) -> dict[str, dict[str, str]]:
    statement = select(SubmittedAssignment.student_id, BaseCell.name, Comment.manual_comment)
    found: dict[str, dict[str, str]] = defaultdict(dict)
    rows = book.db.execute(_of_unit(statement.select_from(Comment), Comment, unit))
    for name, cell, text in rows:
        if text:
            found[name][cell] = text
    return found


def _state(scores: dict[str, float | None], verdict: Verdict | None) -> MarkState:
    """Points that a person gave settle a question, whatever the grader met there."""
    open_cells = {cell for cell, score in scores.items() if score is None}
    if not open_cells:
        return MarkState.DONE
    if verdict is None:
        return MarkState.WAITING
    if verdict.status is Status.ERROR:
        return MarkState.FAULT
    if verdict.status is Status.UNREADABLE:
        return MarkState.UNREADABLE
    faults = {q.grade_id for q in verdict.questions if q.outcome is Outcome.ERROR}
    return MarkState.FAULT if faults & open_cells else MarkState.WAITING
