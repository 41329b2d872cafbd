"""How the submissions of a unit stand: what is graded, what has changed since, and what changed.

Nothing is graded or written here. A verdict says which submission, unit and grader it is of, so
comparing it with what is there now tells what to do again.
"""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from rnngrader.assignment import Assignment
from rnngrader.course import Course
from rnngrader.errors import SubmissionUnreadable
from rnngrader.store import VerdictStore
from rnngrader.submission import read_file
from rnngrader.verdict import Status, Verdict


class State(StrEnum):
    """How one submission stands; keys of the message catalogue below `state`."""

    CURRENT = "current"
    WAITING = "waiting"
    NEW = "new"
    CHANGED = "changed"
    UNIT = "unit-changed"
    GRADER = "grader-changed"
    FAULT = "fault"
    UNREADABLE = "unreadable"


OUTDATED = {State.NEW, State.CHANGED, State.UNIT, State.GRADER, State.FAULT}


@dataclass(frozen=True)
class Standing:
    """One submission: its state, and its points so far if it has been graded."""

    student: str
    state: State
    score: float | None


def survey(
    course: Course, assignment: Assignment, students: frozenset[str] | None = None
) -> Iterator[Standing]:
    """How each submission of a unit stands.

    Raises:
        GradingRefused: if there are no submissions at all.
    """
    store = VerdictStore(course, assignment)
    for student in course.students(assignment.unit)[0]:
        if students is None or student in students:
            verdict = store.latest(student)
            state = _state(course, assignment, student, verdict)
            known = verdict is not None and verdict.status is Status.GRADED
            yield Standing(student, state, verdict.score if known and verdict else None)


def _state(course: Course, assignment: Assignment, student: str, verdict: Verdict | None) -> State:
    try:
        digest = hashlib.sha256(read_file(course.submitted, student, assignment.unit)).hexdigest()
    except SubmissionUnreadable:
        digest = ""
    if verdict is None:
        return State.NEW
    if verdict.submission != digest:
        return State.CHANGED
    if verdict.faulty:
        return State.FAULT
    unit, _, grader = verdict.assignment.partition(".")
    now_unit, _, now_grader = assignment.version.partition(".")
    if unit != now_unit:
        return State.UNIT
    if grader != now_grader:
        return State.GRADER
    if verdict.status is Status.UNREADABLE:
        return State.UNREADABLE
    return State.WAITING if any(q.score is None for q in verdict.questions) else State.CURRENT
