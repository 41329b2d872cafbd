"""What a learner gets back: one self-contained page, no script, nothing of a hidden test."""

import os
from collections.abc import Callable
from dataclasses import dataclass, field
from html import escape
from importlib import resources
from pathlib import Path

from rnngrader.assignment import Assignment, Role
from rnngrader.checks.report import BOOK, result_word
from rnngrader.console import warn
from rnngrader.course import Course, write_atomically
from rnngrader.display import plain_text
from rnngrader.errors import GradingRefused
from rnngrader.exchange import write_slips
from rnngrader.feedback_figures import figures
from rnngrader.late import days_and_hours
from rnngrader.loading import load_assignment
from rnngrader.marks import Mark, read_marks
from rnngrader.messages import message
from rnngrader.store import VerdictStore
from rnngrader.verdict import Outcome, Question, Verdict

POLICY = (
    "default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; "
    "form-action 'none'"
)
CLASSES = {True: ' class="pass"', False: ' class="fail"', None: ""}
Given = dict[str, tuple[float | None, str]]


@dataclass(frozen=True)
class Around:
    """What a page holds besides the verdict.

    Attributes:
        given: points that count and a person's comment, by cell.
        late: what lateness means for this submission; "" if it was in time.
        book: where the book is served, without a slash at the end; "" if that is not known.
        figures: the learner's figures by cell, as `data:` addresses.
        note: that some of them are left out, and why; "" if none is.
    """

    given: Given = field(default_factory=dict)
    late: str = ""
    book: str = ""
    figures: dict[str, list[str]] = field(default_factory=dict)
    note: str = ""


def write_feedback(
    course: Course,
    unit: str,
    students: frozenset[str] | None = None,
    *,
    unsafe: bool = False,
    tell: Callable[[str], None] = warn,
) -> list[Path]:
    """Write a page for every graded submission of a unit; returns their paths.

    Args:
        course: where the verdicts are.
        unit: its name.
        students: only these; all if None.
        unsafe: open learners' figures without a sandbox; only ever typed by an instructor.
        tell: is given one sentence if figures had to be left out for want of a sandbox.

    Raises:
        GradingRefused: if nothing of the unit has been graded yet.
    """
    assignment = load_assignment(course.source, unit, course.config)
    store = VerdictStore(course, assignment)
    names = sorted(p.stem for p in store.latest_folder.glob("*.json"))
    chosen = [n for n in names if students is None or n in students]
    if not chosen:
        raise GradingRefused(f"Expected graded submissions of {unit}, found none. Grade first.")
    marks = {mark.student: mark for mark in read_marks(course, assignment)}
    book = book_address(course)
    written = []
    refused = ""
    for name in chosen:
        verdict = store.latest(name)
        if verdict is None:
            raise GradingRefused(message("feedback.no-verdict", student=name, unit=unit))
        mark, shown = marks.get(name), figures(course, assignment, verdict, unsafe=unsafe)
        refused = refused or shown.refused
        given, late = ({}, "") if mark is None else (_given(mark), _late(mark))
        around = Around(given, late, book, shown.addresses, shown.note)
        path = course.feedback / name / unit / f"{unit}.html"
        write_atomically(path, page(assignment, verdict, around), durable=False)
        write_slips(course, name, unit)
        written.append(path)
    if refused:
        tell(message("feedback.no-sandbox", why=refused))
    return written


def book_address(course: Course) -> str:
    """Where the book is served: `c.RNNGrader.book`, or the variable that notebooks follow too."""
    address = str(course.config.RNNGrader.get("book", "") or os.environ.get(BOOK, ""))
    return address.rstrip("/") if address.startswith(("http://", "https://")) else ""


def _given(mark: Mark) -> Given:
    names = mark.scores.keys() | mark.comments.keys()
    return {name: (mark.scores.get(name), mark.comments.get(name, "")) for name in names}


def _late(mark: Mark) -> str:
    if not mark.late.seconds:
        return ""
    key = "closed" if mark.late.closed else "lost" if mark.late.deduction else "free"
    return message(
        f"late.{key}",
        lost=f"{mark.late.deduction:g}",
        final=f"{mark.final:g}",
        points=f"{mark.max_score:g}",
        **days_and_hours(mark.late.seconds),
    )


def page(assignment: Assignment, verdict: Verdict, around: Around | None = None) -> str:
    """The page as HTML; every text in it is escaped."""
    around = around or Around()
    style = resources.files("rnngrader").joinpath("styles/feedback.css").read_text("utf-8")
    title = message("feedback.title", unit=assignment.title)
    scores = [_score(q, around.given) for q in verdict.questions]
    total = sum(s for s in scores if s is not None)
    pending = any(s is None for s in scores)
    head = message(
        "feedback.pending" if pending else "feedback.score",
        score=f"{total:g}",
        points=f"{assignment.max_score:g}",
    )
    told = (*verdict.notes, *([around.note] if around.note else []))
    notes = "".join(f"<li>{escape(note)}</li>" for note in told)
    body = [f"<h1>{escape(title)}</h1>", f'<p class="score">{escape(head)}</p>']
    if around.late:
        body.append(f'<p class="late">{escape(around.late)}</p>')
    if verdict.reason:
        body.append(f'<p class="fail">{escape(verdict.reason)}</p>')
    body.append(f"<ul>{notes}</ul>" if notes else "")
    body += [
        _question(q, s, around, assignment.page)
        for q, s in zip(verdict.questions, scores, strict=True)
    ]
    body += _other_comments(assignment, verdict, around)
    body += _own_code(assignment, verdict, around)
    return (
        '<!doctype html>\n<html lang="en"><head><meta charset="utf-8">'
        f'<meta http-equiv="Content-Security-Policy" content="{POLICY}">'
        '<meta name="viewport" content="width=device-width,initial-scale=1">'
        f"<title>{escape(title)}</title><style>{style}</style></head>"
        f"<body><main>{''.join(body)}</main></body></html>\n"
    )


def _score(question: Question, given: Given) -> float | None:
    counted = given.get(question.grade_id, (None, ""))[0]
    return question.score if counted is None else counted


def _question(
    question: Question,
    score: float | None,
    around: Around,
    chapter: str,
) -> str:
    full = score is not None and score >= question.max_score
    points = message(
        "feedback.points",
        score="?" if score is None else f"{score:g}",
        points=f"{question.max_score:g}",
    )
    rows = "".join(
        f'<tr><th scope="row">{escape(message(f"aspect.{name}.title"))}</th>'
        f"<td{CLASSES[ok]}>{escape(result_word(ok))}</td>"
        f"<td>{share:.0%}</td></tr>"
        for name, ok, share in question.aspects
    )
    paragraphs = [
        f"<p>{escape(line)}</p>" for line in question.message.splitlines() if line.strip()
    ]
    if question.see:
        paragraphs.append(_reading("report.see", question.see, around.book))
    elif question.outcome is Outcome.FAIL and chapter:
        paragraphs.append(_reading("feedback.chapter", chapter, around.book))
    paragraphs += _comment(question.grade_id, around)
    table = f"<table><tbody>{rows}</tbody></table>" if rows else ""
    return (
        f"<section><h2>{escape(question.grade_id.removeprefix('check_'))} "
        f'<span class="{"pass" if full else "fail"}">{escape(points)}</span></h2>'
        f"{''.join(paragraphs)}{table}</section>"
    )


def _reading(key: str, see: str, book: str) -> str:
    words = escape(message(key, see=see))
    if not book:
        return f"<p>{words}</p>"
    return f'<p><a href="{escape(f"{book}/{see}")}" rel="noopener">{words}</a></p>'


def _figures(cell: str, addresses: list[str]) -> list[str]:
    return [
        f'<figure><img src="{address}" alt="'
        f'{escape(message("feedback.figure", number=str(n), cell=plain_text(cell)))}"></figure>'
        for n, address in enumerate(addresses, 1)
    ]


def _own_code(assignment: Assignment, verdict: Verdict, around: Around) -> list[str]:
    """The learner's own code as it was run, with what it printed while it was loaded."""
    setup = {cell.id for cell in assignment.cells if cell.role is Role.SETUP}
    own = [cell for cell in verdict.cells if cell.id not in setup]
    if not own:
        return []
    parts = [f"<section><h2>{escape(message('feedback.own-code'))}</h2>"]
    for cell in own:
        parts.append(f"<h3>{escape(cell.id)}</h3><pre>{escape(plain_text(cell.source))}</pre>")
        shown = [plain_text(text) for text in (cell.output, cell.problem) if text]
        parts += [f"<pre>{escape(text)}</pre>" for text in shown]
        parts += _figures(cell.id, around.figures.get(cell.id, []))
        parts += _comment(cell.id, around)
    return [*parts, "</section>"]


def _other_comments(assignment: Assignment, verdict: Verdict, around: Around) -> list[str]:
    """What a person wrote below a cell that is not on the page, as its file could not be read."""
    shown = {q.grade_id for q in verdict.questions} | {cell.id for cell in verdict.cells}
    return [
        f"<section><h2>{escape(cell.id)}</h2>{text}</section>"
        for cell in assignment.cells
        if cell.id not in shown
        for text in _comment(cell.id, around)
    ]


def _comment(cell: str, around: Around) -> list[str]:
    comment = around.given.get(cell, (None, ""))[1]
    if not comment:
        return []
    return [f"<p>{escape(message('feedback.comment', text=plain_text(comment)))}</p>"]
