"""The notebook a person reads in formgrader: rebuilt, with what ran and what was decided.

Nothing in it runs. Test cells hold their public part only, so that feedback made from it by any
tool cannot leak a hidden test; the learner's prose is kept as text, so that it cannot act on the
grader's page.
"""

import json
import re
from typing import Any

from rnngrader.assignment import Assignment, InstructorCell, Role
from rnngrader.checks.report import result_word
from rnngrader.messages import message
from rnngrader.verdict import Outcome, Question, ShownCell, Status, Verdict

MAX_SHOWN = 40_000
_FOREIGN_LINK = re.compile(r"\]\((?!https?://)|\](?=:)")
_ACTIVE_MATHS = re.compile(r"\\(?=(href|url|style|class|cssId|require|html|unicode)(?![a-z]))")
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")


def harmless_markdown(text: str) -> str:
    """Markdown whose HTML, images, and links to anything but the web are plain text.

    Formatting, mathematics and web links stay; nothing in the result can run or load by itself.
    """
    text = text[:MAX_SHOWN].replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    text = _ACTIVE_MATHS.sub("", text).replace("![", "[")
    return _FOREIGN_LINK.sub(lambda found: "] (" if found[0] == "](" else "] ", text)


def plain_text(text: str) -> str:
    """Text without control and direction-changing characters, cut to what a person reads."""
    return _CONTROL.sub("\ufffd", text)[:MAX_SHOWN]


def display_notebook(assignment: Assignment, verdict: Verdict) -> str:
    """The notebook as JSON: instructor's cells, learner's answers, messages as outputs."""
    shown = {cell.id: cell for cell in verdict.cells}
    questions = {question.grade_id: question for question in verdict.questions}
    cells = [_banner(verdict)] if verdict.status is not Status.GRADED or verdict.notes else []
    cells += _extras("", verdict, shown)
    for cell in assignment.cells:
        cells.append(_cell(cell, verdict, shown, questions.get(cell.id)))
        cells += _extras(cell.id, verdict, shown)
    kernel = {"name": "python3", "display_name": "Python 3", "language": "python"}
    for index, cell in enumerate(cells):
        cell["id"] = f"cell-{index}"
    book = {"cells": cells, "metadata": {"kernelspec": kernel}, "nbformat": 4, "nbformat_minor": 5}
    return json.dumps(book, ensure_ascii=False, indent=1, sort_keys=True)


def _banner(verdict: Verdict) -> Any:
    lines = [harmless_markdown(line) for line in (verdict.reason, *verdict.notes) if line]
    title = message(f"display.{verdict.status.value}")
    return _text_cell("\n\n".join([f"**{title}**", *lines]))


def _extras(after: str, verdict: Verdict, shown: dict[str, ShownCell]) -> list[Any]:
    return [_code(shown[i]) for i in verdict.extras.get(after, []) if i in shown]


def _cell(
    cell: InstructorCell, verdict: Verdict, shown: dict[str, ShownCell], question: Question | None
) -> Any:
    meta = {"nbgrader": _metadata(cell)} if cell.named else {}
    answer = verdict.answers.get(cell.id, "")
    if cell.role is Role.TEST:
        return _code_cell(cell.public, metadata=meta, outputs=_outputs(question))
    if cell.kind == "code" and cell.id in shown:
        return _code(shown[cell.id], meta)
    if cell.role in (Role.SOLUTION, Role.MANUAL):
        if cell.kind == "code":
            return _code_cell(plain_text(answer), metadata=meta)
        return _text_cell(harmless_markdown(answer), metadata=meta)
    if cell.kind == "code":
        return _code_cell(cell.public, metadata=meta)
    return _text_cell(cell.public, metadata=meta)


def _code(run: ShownCell, meta: dict[str, Any] | None = None) -> Any:
    outputs = []
    if run.output:
        outputs.append(_stream("stdout", plain_text(run.output)))
    if run.problem:
        outputs.append(_stream("stderr", plain_text(run.problem)))
    return _code_cell(plain_text(run.source), metadata=meta or {}, outputs=outputs)


def _code_cell(
    source: str, metadata: dict[str, Any] | None = None, outputs: list[Any] | None = None
) -> dict[str, Any]:
    cell = _text_cell(source, metadata)
    return {**cell, "cell_type": "code", "execution_count": None, "outputs": outputs or []}


def _text_cell(source: str, metadata: dict[str, Any] | None = None) -> dict[str, Any]:
    return {"cell_type": "markdown", "source": source, "metadata": metadata or {}}


def _stream(name: str, text: str) -> dict[str, Any]:
    return {"output_type": "stream", "name": name, "text": text}


def _outputs(question: Question | None) -> list[Any]:
    if question is None:
        return []
    if question.outcome is Outcome.PASS:
        return [_stream("stdout", question.message)]
    lines = [question.message, *_aspect_lines(question)]
    if question.see:
        lines.append(message("report.see", see=question.see))
    return [
        {
            "output_type": "error",
            "ename": question.outcome.value,
            "evalue": question.cause,
            "traceback": [line for line in lines if line],
        }
    ]


def _aspect_lines(question: Question) -> list[str]:
    return [
        message(
            "report.row",
            result=result_word(passed),
            aspect=message(f"aspect.{name}.title"),
            share=f"{share:.0%}",
        )
        for name, passed, share in question.aspects
    ]


def _metadata(cell: InstructorCell) -> dict[str, Any]:
    graded = cell.role in (Role.TEST, Role.MANUAL)
    meta = {
        "schema_version": 3,
        "grade_id": cell.id,
        "grade": graded,
        "solution": cell.role in (Role.SOLUTION, Role.MANUAL),
        "locked": cell.role not in (Role.SOLUTION, Role.MANUAL),
        "task": False,
        "cell_type": cell.kind,
    }
    return {**meta, "points": cell.points} if graded else meta
