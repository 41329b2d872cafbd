"""What a learner gets back: one self-contained page, no script, nothing of a hidden test."""

from html import escape
from pathlib import Path

from nbgrader.api import Gradebook, MissingEntry

from rnngrader.assignment import Assignment, Role
from rnngrader.course import Course, write_atomically
from rnngrader.display import plain_text
from rnngrader.errors import GradingRefused
from rnngrader.gradebook import open_gradebook
from rnngrader.loading import load_assignment
from rnngrader.messages import message
from rnngrader.store import VerdictStore
from rnngrader.verdict import Question, Verdict

POLICY = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'"
STYLE = """
:root{color-scheme:light dark;--line:#8884;--good:#0b6e4f;--bad:#b3261e}
@media(prefers-color-scheme:dark){:root{--good:#5fd0a5;--bad:#ff9b92}}
body{font:1rem/1.55 system-ui,sans-serif;max-width:46rem;margin:2rem auto;padding:0 1rem}
h1{font-size:1.5rem}h2{font-size:1.1rem;margin-top:2rem}
.score{font-size:1.15rem}table{border-collapse:collapse;width:100%}
td,th{text-align:left;padding:.3rem .6rem;border-bottom:1px solid var(--line)}
pre{overflow:auto;padding:.7rem;border:1px solid var(--line);border-radius:.4rem}
.pass{color:var(--good)}.fail{color:var(--bad)}section{border-top:2px solid var(--line)}
"""


def write_feedback(course: Course, unit: str, students: frozenset[str] | None = None) -> list[Path]:
    """Write a page for every graded submission of a unit; returns their paths.

    Raises:
        GradingRefused: if nothing of the unit has been graded yet.
    """
    assignment = load_assignment(course.source, unit, course.config)
    store = VerdictStore(course, assignment)
    names = sorted(p.stem for p in store.latest_folder.glob("*.json"))
    chosen = [n for n in names if students is None or n in students]
    if not chosen:
        raise GradingRefused(f"Expected graded submissions of {unit}, found none. Grade first.")
    written = []
    with open_gradebook(course) as book:
        for name in chosen:
            verdict = store.latest(name)
            if verdict is None:
                raise GradingRefused(f"The verdict of {name} cannot be read. Grade {unit} again.")
            path = course.feedback / name / unit / f"{unit}.html"
            write_atomically(path, page(assignment, verdict, _person(book, verdict)))
            written.append(path)
    return written


def _person(book: Gradebook, verdict: Verdict) -> dict[str, tuple[float | None, str]]:
    """Scores and comments that a person gave, by cell."""
    unit, given = verdict.unit, {}
    try:
        notebook = book.find_submission_notebook(unit, unit, verdict.student)
    except MissingEntry:
        return {}
    comments = {c.name: c.manual_comment or "" for c in notebook.comments}
    for grade in notebook.grades:
        given[grade.name] = (grade.manual_score, comments.pop(grade.name, ""))
    given.update({name: (None, text) for name, text in comments.items()})
    return given


def page(
    assignment: Assignment, verdict: Verdict, person: dict[str, tuple[float | None, str]]
) -> str:
    """The page as HTML; every text in it is escaped."""
    title = message("feedback.title", unit=assignment.title)
    scores = [_score(q, person) for q in verdict.questions]
    total = sum(s for s in scores if s is not None)
    pending = any(s is None for s in scores)
    head = message(
        "feedback.pending" if pending else "feedback.score",
        score=f"{total:g}",
        points=f"{assignment.max_score:g}",
    )
    notes = "".join(f"<li>{escape(note)}</li>" for note in verdict.notes)
    body = [f"<h1>{escape(title)}</h1>", f'<p class="score">{escape(head)}</p>']
    if verdict.reason:
        body.append(f'<p class="fail">{escape(verdict.reason)}</p>')
    body.append(f"<ul>{notes}</ul>" if notes else "")
    body += [_question(q, s, person) for q, s in zip(verdict.questions, scores, strict=True)]
    body += _own_code(assignment, verdict, person)
    return (
        '<!doctype html>\n<html lang="en"><head><meta charset="utf-8">'
        f'<meta http-equiv="Content-Security-Policy" content="{POLICY}">'
        '<meta name="viewport" content="width=device-width,initial-scale=1">'
        f"<title>{escape(title)}</title><style>{STYLE}</style></head>"
        f"<body><main>{''.join(body)}</main></body></html>\n"
    )


def _score(question: Question, person: dict[str, tuple[float | None, str]]) -> float | None:
    manual = person.get(question.grade_id, (None, ""))[0]
    return question.score if manual is None else manual


def _question(
    question: Question,
    score: float | None,
    person: dict[str, tuple[float | None, str]],
) -> str:
    full = score is not None and score >= question.max_score
    points = message(
        "feedback.points",
        score="?" if score is None else f"{score:g}",
        points=f"{question.max_score:g}",
    )
    rows = "".join(
        f"<tr><td>{escape(message(f'aspect.{name}.title'))}</td>"
        f'<td class="{"pass" if ok else "fail"}">'
        f"{escape(message('report.passed' if ok else 'report.failed'))}</td>"
        f"<td>{share:.0%}</td></tr>"
        for name, ok, share in question.aspects
    )
    paragraphs = [
        f"<p>{escape(line)}</p>" for line in question.message.splitlines() if line.strip()
    ]
    if question.see:
        paragraphs.append(f"<p>{escape(message('report.see', see=question.see))}</p>")
    comment = person.get(question.grade_id, (None, ""))[1]
    if comment:
        paragraphs.append(f"<p>{escape(message('feedback.comment', text=plain_text(comment)))}</p>")
    table = f"<table><tbody>{rows}</tbody></table>" if rows else ""
    return (
        f"<section><h2>{escape(question.grade_id.removeprefix('check_'))} "
        f'<span class="{"pass" if full else "fail"}">{escape(points)}</span></h2>'
        f"{''.join(paragraphs)}{table}</section>"
    )


def _own_code(
    assignment: Assignment, verdict: Verdict, person: dict[str, tuple[float | None, str]]
) -> list[str]:
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
        comment = person.get(cell.id, (None, ""))[1]
        if comment:
            text = message("feedback.comment", text=plain_text(comment))
            parts.append(f"<p>{escape(text)}</p>")
    return [*parts, "</section>"]
