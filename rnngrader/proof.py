"""Prove a unit before it is released: what is right passes, what is wrong does not, nothing leaks.

Everything goes the way a learner's work goes: as notebook bytes through the sandbox and the judge.
"""

import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from rnngrader import judge
from rnngrader.assignment import Assignment, InstructorCell, Role
from rnngrader.checks import UNITS, CheckFailed, check, exercises_of
from rnngrader.checks.spec import Exercise
from rnngrader.course import Course
from rnngrader.display import display_notebook
from rnngrader.feedback import page
from rnngrader.judging import Task
from rnngrader.messages import message
from rnngrader.sandbox.session import probe
from rnngrader.sandbox.spare import Spares
from rnngrader.variation import VARIANTS, mutants
from rnngrader.verdict import Verdict

MIN_LINE = 20  # a shorter line, such as `return h, c`, says nothing about where it came from


@dataclass(frozen=True)
class Claim:
    """One thing that must be so: of which kind, whether it is, and a sentence about it."""

    kind: str
    holds: bool
    text: str


class Prover:
    """Grades notebooks made of a unit's own cells.

    Args:
        task: the unit, a secret, and whether to do without a sandbox.
        spares: sandboxes started ahead.
    """

    def __init__(self, task: Task, spares: Spares) -> None:
        self.task, self.spares = task, spares
        self.reference = {cell.id: cell.source for cell in task.assignment.cells if _written(cell)}

    def grade(self, answers: dict[str, str], extra: str = "") -> Verdict:
        """Grade a notebook that holds these answers, and another cell at its end."""
        return self.judged(self._notebook(answers, extra))

    def judged(self, raw: bytes) -> Verdict:
        """Grade the bytes of a notebook."""
        task = self.task
        return judge.grade(
            raw, "proof", task.assignment, task.key, unsafe=task.unsafe, spares=self.spares
        )

    def _notebook(self, answers: dict[str, str], extra: str) -> bytes:
        cells = []
        for cell in self.task.assignment.cells:
            source = answers.get(cell.id, cell.public)
            nbgrader = {"grade_id": cell.id} if cell.named else {}
            made = {"cell_type": cell.kind, "source": source, "metadata": {"nbgrader": nbgrader}}
            cells.append(made)
        if extra:
            cells.append({"cell_type": "code", "source": extra, "metadata": {}})
        book = {"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": cells}
        return json.dumps(book).encode()


def prove(course: Course, task: Task, *, quick: bool = False) -> Iterator[Claim]:
    """All claims about a unit, as they are tried.

    Args:
        course: where the released notebook is looked for.
        task: the unit.
        quick: without the mutants and variants of the reference's text.

    Raises:
        SandboxUnavailable: if nothing can be graded here.
    """
    assignment = task.assignment
    probe(assignment.modules, unsafe=task.unsafe)
    disk = assignment.limits.disk_mb
    with Spares(assignment.modules, disk_mb=disk, unsafe=task.unsafe, ahead=lambda: True) as spares:
        prover = Prover(task, spares)
        right, stub = prover.grade(prover.reference), prover.grade({})
        yield _full("reference", right)
        yield _zero(stub)
        again = prover.grade(prover.reference).to_json() == right.to_json()
        yield Claim("repeat", again, message("verify.repeat" if again else "verify.repeat-failed"))
        wrong = [] if quick else list(_broken(prover))
        if not quick:
            yield from _variants(prover)
            yield from (_caught(what, verdict) for what, verdict in wrong)
        yield from _bank(assignment)
        yield from _leaks(course, assignment, [right, stub, *(verdict for _, verdict in wrong)])


def _written(cell: InstructorCell) -> bool:
    return cell.role is Role.SOLUTION and cell.kind == "code"


def _lost(verdict: Verdict) -> list[str]:
    tests = [q for q in verdict.questions if q.outcome.value != "manual"]
    lost = [q.grade_id for q in tests if q.score != q.max_score]
    return lost if tests else [verdict.reason or verdict.status.value]


def _full(kind: str, verdict: Verdict, name: str = "") -> Claim:
    names = ", ".join(_lost(verdict))
    key = f"verify.{kind}-failed" if names else f"verify.{kind}"
    return Claim(kind, not names, message(key, names=names, name=name))


def _zero(verdict: Verdict) -> Claim:
    names = ", ".join(q.grade_id for q in verdict.questions if q.score)
    key = "verify.stub-failed" if names else "verify.stub"
    return Claim("stub", not names, message(key, names=names))


def _variants(prover: Prover) -> Iterator[Claim]:
    for name, change in VARIANTS.items():
        answers = {cell: change(text) for cell, text in prover.reference.items()}
        yield _full("variant", prover.grade(answers), message(f"verify.{name}"))
    elsewhere = "\n\n".join(prover.reference.values())
    yield _full("variant", prover.grade({}, elsewhere), message("verify.elsewhere"))


def _broken(prover: Prover) -> Iterator[tuple[str, Verdict]]:
    for cell, text in prover.reference.items():
        for what, changed in mutants(text):
            yield f"{cell}: {what}", prover.grade({**prover.reference, cell: changed})


def _caught(what: str, verdict: Verdict) -> Claim:
    caught = bool(_lost(verdict))
    key = "verify.mutant" if caught else "verify.mutant-failed"
    return Claim("mutant", caught, message(key, name=what))


def asked(assignment: Assignment) -> list[Exercise]:
    """The exercises that the tests of a unit check."""
    tests = "\n".join(cell.source for cell in assignment.cells if cell.role is Role.TEST)
    names = set(re.findall(r"""\bcheck\(\s*["'](\w+)""", tests))
    return [exercise for unit in UNITS for exercise in exercises_of(unit) if exercise.name in names]


def _bank(assignment: Assignment) -> Iterator[Claim]:
    """Each known mistake is told by the sentence written for it, which several may share."""
    for exercise in asked(assignment):
        sentences = {one.id: (one.key, one.fields) for one in exercise.mistakes}
        for mistake in exercise.mistakes:
            fields = {"name": mistake.id, "exercise": exercise.name}
            try:
                check(exercise.name, mistake.build(), level="full")
            except CheckFailed as failed:
                cause = failed.report.cause or "?"
                told = cause == mistake.id or sentences.get(cause) == sentences[mistake.id]
                key = "verify.bank" if told else "verify.bank-failed"
                yield Claim("bank", told, message(key, cause=cause, **fields))
            else:
                yield Claim("bank", False, message("verify.bank-passed", **fields))  # noqa: FBT003


def _leaks(course: Course, assignment: Assignment, verdicts: list[Verdict]) -> Iterator[Claim]:
    tests = [cell for cell in assignment.cells if cell.role is Role.TEST]
    hidden = _removed(tests)
    solutions = _removed([cell for cell in assignment.cells if cell.role is not Role.TEST])
    released = {message("verify.release"): "\n".join(cell.public for cell in assignment.cells)}
    for path in sorted((course.release / assignment.unit).rglob("*")):
        if path.is_file():
            name = path.relative_to(course.root).as_posix()
            released[name] = path.read_text(encoding="utf-8", errors="replace")
    shown = {
        message("verify.formgrader"): "\n".join(
            display_notebook(assignment, verdict) for verdict in verdicts
        ),
        message("verify.feedback"): "\n".join(page(assignment, verdict) for verdict in verdicts),
        message("verify.verdicts"): "\n".join(verdict.to_json() for verdict in verdicts),
    }
    for where, text in (released | shown).items():
        yield _without("leak", hidden, where, text)
    for where, text in released.items():
        yield _without("solution", solutions, where, text)


def _removed(cells: Iterable[InstructorCell]) -> set[str]:
    """Lines that the release leaves out, without the spaces around them."""
    found = set()
    for cell in cells:
        kept = {line.strip() for line in cell.public.splitlines()}
        found |= {line.strip() for line in cell.source.splitlines()} - kept
    return {line for line in found if len(line) >= MIN_LINE}


def _without(kind: str, secrets: set[str], where: str, text: str) -> Claim:
    for line in sorted(secrets):
        if line in text or json.dumps(line)[1:-1] in text:
            return Claim(
                kind,
                False,  # noqa: FBT003
                message(f"verify.{kind}-failed", where=where, line=line),
            )
    return Claim(kind, True, message(f"verify.{kind}", where=where))  # noqa: FBT003
