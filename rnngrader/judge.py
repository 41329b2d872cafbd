"""Grade one submission: the learner's code in the sandbox, the instructor's tests here.

The judge runs in a process of its own that never executes learner code. What reaches it from the
sandbox is plain data, and comparison happens only here. A question ends as pass, fail or grader
error; whatever the judge itself raises is a grader error, never a learner's zero.
"""

import hashlib
import hmac
import math
import signal
import traceback
from contextvars import copy_context
from types import FrameType
from typing import Any

from rnngrader import remote
from rnngrader.assignment import Assignment, InstructorCell, Role
from rnngrader.checks import CheckFailed, check
from rnngrader.checks.seeding import LEVEL, SEED
from rnngrader.errors import GraderError, SandboxUnavailable, SubmissionUnreadable
from rnngrader.messages import message
from rnngrader.rebuild import Rebuilt, rebuild
from rnngrader.sandbox.program import CellRun
from rnngrader.sandbox.session import LoadFailed, Sandbox
from rnngrader.sandbox.spare import Spares
from rnngrader.submission import parse
from rnngrader.verdict import Identity, Outcome, Question, ShownCell, Status, Verdict

MAX_LEFT_OUT = 3


def fresh_seed(key: bytes, raw: bytes, assignment: Assignment) -> int:
    """The seed of a submission: new inputs for every submission, the same when it is regraded."""
    mac = hmac.new(key, raw + assignment.version.encode(), hashlib.sha256)
    return int.from_bytes(mac.digest()[:7], "big")


def grade(
    raw: bytes,
    student: str,
    assignment: Assignment,
    key: bytes,
    *,
    unsafe: bool = False,
    spares: Spares | None = None,
) -> Verdict:
    """Grade one submission.

    Args:
        raw: the bytes of the notebook as handed in.
        student: whose it is; goes into the verdict, decides nothing.
        assignment: the unit.
        key: the course's secret, from which the random inputs are drawn.
        unsafe: run learner code without a sandbox; only ever by an instructor's explicit wish.
        spares: where a sandbox that was started ahead can be taken from.

    Returns:
        A verdict, whatever the submission does.

    Raises:
        SandboxUnavailable: if no sandbox can be started; nothing was graded then.
    """
    digest = hashlib.sha256(raw).hexdigest()
    head = Identity(assignment.unit, student, digest, assignment.version)
    try:
        submitted = parse(raw)
    except SubmissionUnreadable as error:
        return unreadable(head, assignment, str(error))
    rebuilt = rebuild(assignment, submitted)
    seed = fresh_seed(key, raw, assignment)
    with Sandbox(
        rebuilt.program, assignment.limits, assignment.modules, unsafe=unsafe, spares=spares
    ) as sandbox:
        # A context of its own: seed and level of this submission end with it.
        return copy_context().run(_judged, head, assignment, rebuilt, sandbox, seed)


def _judged(
    head: Identity, assignment: Assignment, rebuilt: Rebuilt, sandbox: Sandbox, seed: int
) -> Verdict:
    SEED.set(seed)
    LEVEL.set("full")
    try:
        runs = _load(sandbox, rebuilt)
        graded = _grade_cells(assignment, rebuilt, sandbox)
    except SandboxUnavailable:
        raise
    except Exception as error:  # noqa: BLE001 - a fault of ours, kept as one
        reason = message("grading.fault", error=type(error).__name__)
        return Verdict(*head, status=Status.ERROR, reason=reason)
    return Verdict(
        *head,
        status=Status.GRADED,
        questions=tuple(graded),
        cells=tuple(runs),
        answers=rebuilt.answers,
        extras={k: [cell.id for cell in v] for k, v in rebuilt.extras.items()},
        notes=tuple(rebuilt.notes),
    )


def unreadable(head: Identity, assignment: Assignment, reason: str) -> Verdict:
    """A verdict for a file that is no notebook: no score is given, a person decides."""
    questions = tuple(
        Question(cell.id, Outcome.MANUAL, None, cell.points, "unreadable", reason)
        for cell in assignment.cells
        if cell.role in (Role.TEST, Role.MANUAL)
    )
    return Verdict(*head, status=Status.UNREADABLE, reason=reason, questions=questions)


def _load(sandbox: Sandbox, rebuilt: Rebuilt) -> list[ShownCell]:
    """Run the learner's cells once, leaving out a cell that hangs or ends the process."""
    sources = {cell.id: cell.source for cell in rebuilt.program}
    left_out: list[CellRun] = []
    runs: list[CellRun] = []
    while len(left_out) <= MAX_LEFT_OUT:
        try:
            session = sandbox.open()
        except LoadFailed as error:
            if error.cell is None:
                break
            why = message(f"grading.cell-{'timeout' if error.kind == 'timeout' else 'died'}")
            left_out.append(CellRun(error.cell, problems=[{"text": why}]))
            rebuilt.notes.append(message("grading.left-out", cell=error.cell, why=why))
            sandbox.cells = [cell for cell in sandbox.cells if cell.id != error.cell]
            continue
        runs = session.cells
        sandbox.keep(session)
        break
    return [_shown(run, sources.get(run.id, "")) for run in (*runs, *left_out)]


def _shown(run: CellRun, source: str) -> ShownCell:
    problems = []
    for problem in run.problems:
        kind, line = str(problem.get("type", ""))[:100], problem.get("line")
        place = message("grading.at-line", line=str(line)) if isinstance(line, int) else ""
        text = str(problem.get("text", ""))[:2000]
        problems.append(f"{kind}: {text} {place}".strip(": "))
    return ShownCell(run.id, source, run.output, "\n".join(problems))


def _grade_cells(assignment: Assignment, rebuilt: Rebuilt, sandbox: Sandbox) -> list[Question]:
    with _Alarm(remote.OWN_WORK_S):
        space = _judge_namespace(assignment)
    graded = []
    for cell in assignment.cells:
        if cell.role is Role.TEST:
            graded.append(_grade_test(cell, assignment, rebuilt, sandbox, space))
        elif cell.role is Role.MANUAL:
            empty = rebuilt.unanswered(cell)
            graded.append(
                Question(
                    cell.id,
                    Outcome.MANUAL,
                    0.0 if empty else None,
                    cell.points,
                    "not-answered" if empty else "",
                    message("grading.not-answered" if empty else "grading.by-person"),
                )
            )
    return graded


def _judge_namespace(assignment: Assignment) -> dict[str, Any]:
    """Run the instructor's locked cells here: the names that test cells may use."""
    space: dict[str, Any] = {"__name__": "__main__"}
    for cell in assignment.cells:
        if cell.role is Role.SETUP:
            exec(compile(cell.source, f"<setup {cell.id}>", "exec"), space)  # noqa: S102
    return space


def _grade_test(
    cell: InstructorCell,
    assignment: Assignment,
    rebuilt: Rebuilt,
    sandbox: Sandbox,
    space: dict[str, Any],
) -> Question:
    question, died = _ask(cell, assignment, sandbox, space)
    if died:
        # Perhaps the kernel ended it, for want of memory. Code that ends itself does so again.
        question, _ = _ask(cell, assignment, sandbox, space)
    if question.outcome is Outcome.FAIL:
        return _unless_unanswered(question, cell, assignment, rebuilt)
    return question


def _ask(
    cell: InstructorCell, assignment: Assignment, sandbox: Sandbox, space: dict[str, Any]
) -> tuple[Question, bool]:
    """Run a test cell once; what came out, and whether a process of the learner's code ended."""
    code = compile(cell.source, f"<test {cell.id}>", "exec")
    names = assignment.learner_names
    with remote.question(sandbox) as asked, _Alarm(remote.longest_question_s(sandbox.limits)):
        proxies = {name: remote.RemoteCandidate(name, asked) for name in names}
        try:
            exec(code, {**space, **_asked_once(space), **proxies})  # noqa: S102 - our own test
        except CheckFailed as failed:
            question = _from_report(cell, failed.report)
        except remote.LearnerFault as fault:
            question = Question(cell.id, Outcome.FAIL, 0.0, cell.points, fault.cause, str(fault))
        except AssertionError:
            text = message("grading.assertion")
            question = Question(cell.id, Outcome.FAIL, 0.0, cell.points, "assertion", text)
        except SandboxUnavailable:
            raise
        except Exception as error:  # noqa: BLE001 - the test itself is at fault
            question = _grader_error(cell, error)
        else:
            text = message("grading.passed")
            question = Question(cell.id, Outcome.PASS, cell.points, cell.points, "", text)
    return question, asked.died


def _asked_once(space: dict[str, Any]) -> dict[str, Any]:
    """The checks in a judge's namespace, asking a function that has passed not a second time.

    A test cell has a visible check and a hidden one. Here both are the full check with the same
    inputs, so the second would only ask again what was answered a moment before.
    """
    passed: dict[tuple[str, int], Any] = {}

    def check_once(exercise: str, candidate: object, **options: Any) -> Any:
        asked = (exercise, id(candidate))
        if asked not in passed:
            passed[asked] = check(exercise, candidate, **options)
        return passed[asked]

    return {name: check_once for name, value in space.items() if value is check}


def _from_report(cell: InstructorCell, report: Any) -> Question:
    share = float(report.score)
    if not math.isfinite(share) or not 0.0 <= share < 1.0:
        return _grader_error(cell, GraderError(f"a failed report with score {share}"))
    return Question(
        cell.id,
        Outcome.FAIL,
        round(share * cell.points, 2),
        cell.points,
        report.cause or next(a.name for a in report.aspects if not a.passed),
        report.message,
        report.see,
        tuple((a.name, a.passed, round(a.weight, 4)) for a in report.aspects),
    )


def _grader_error(cell: InstructorCell, error: Exception) -> Question:
    lines = [
        frame.lineno
        for frame in traceback.extract_tb(error.__traceback__)
        if frame.filename.startswith("<test ")
    ]
    line = str(lines[-1] if lines else "?")
    text = message("grading.test-fault", error=type(error).__name__, line=line)
    return Question(cell.id, Outcome.ERROR, None, cell.points, "grader-error", text)


def _unless_unanswered(
    question: Question, cell: InstructorCell, assignment: Assignment, rebuilt: Rebuilt
) -> Question:
    """A failed question whose functions were left as handed out is not answered."""
    by_id = {c.id: c for c in assignment.cells}
    used = {name: cid for name, cid in assignment.learner_names.items() if name in cell.source}
    elsewhere = "\n".join(extra.source for cells in rebuilt.extras.values() for extra in cells)
    left = all(rebuilt.unanswered(by_id[cid]) for cid in used.values())
    if used and left and not any(name in elsewhere for name in used):
        text = message("grading.not-answered")
        return Question(cell.id, Outcome.FAIL, 0.0, cell.points, "not-answered", text)
    return question


class _Alarm:
    """Ends a question that takes longer than its limits allow: a test of ours that hangs."""

    def __init__(self, seconds: float) -> None:
        self.seconds = seconds

    def __enter__(self) -> None:
        self.before = signal.signal(signal.SIGALRM, self._ring)
        signal.setitimer(signal.ITIMER_REAL, self.seconds)

    def __exit__(self, *_exception: object) -> None:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, self.before)

    @staticmethod
    def _ring(_signal: int, _frame: FrameType | None) -> None:
        raise GraderError("the test did not end in time")
