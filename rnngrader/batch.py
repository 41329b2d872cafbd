"""Grade a class: read, judge in other processes, keep each verdict, enter it in the gradebook.

Judges hold no gradebook and no files of the course; they get bytes and give verdicts. The
coordinator is the only writer. Whatever happens to one submission or judge, the others go on,
and a run that was stopped anywhere is finished by running it again.
"""

import time
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from tqdm import tqdm

from rnngrader import judge
from rnngrader.assignment import Assignment
from rnngrader.course import Course, write_atomically
from rnngrader.display import display_notebook
from rnngrader.drivers import judged
from rnngrader.entries import Entry, Ledger
from rnngrader.errors import SubmissionUnreadable
from rnngrader.gradebook import ensure_assignment, open_gradebook, sole_writer
from rnngrader.judging import Job, Task
from rnngrader.late import read_stamp
from rnngrader.loading import load_assignment
from rnngrader.sandbox.session import probe
from rnngrader.store import VerdictStore
from rnngrader.submission import read_file
from rnngrader.verdict import Identity, Outcome, Status, Verdict

BATCH = 64  # verdicts in one transaction
BATCH_S = 2.0  # and the longest that one waits for it


@dataclass(frozen=True)
class Options:
    """How a run is done.

    Attributes:
        students: only these; all if None.
        workers: judge processes; one per processor if None.
        unsafe: run learner code without a sandbox; only ever typed by an instructor.
        force: judge again even where a verdict for the same bytes is kept.
        changed_only: leave alone whom the gradebook already has with the verdict that is kept.
        scheduler: address of a Dask scheduler; this machine's own processes if "".
        quiet: no progress bar.
    """

    students: frozenset[str] | None = None
    workers: int | None = None
    unsafe: bool = False
    force: bool = False
    changed_only: bool = False
    scheduler: str = ""
    quiet: bool = False


@dataclass(frozen=True)
class Line:
    """What a run remembers of a verdict: enough for its table, small for a class of thousands."""

    student: str
    status: Status
    score: float
    max_score: float
    waiting: tuple[str, ...]
    causes: dict[str, str]
    reason: str
    faulty: bool

    @classmethod
    def of(cls, verdict: Verdict) -> "Line":
        """The line of a verdict."""
        faults = (q.message for q in verdict.questions if q.outcome is Outcome.ERROR)
        return cls(
            student=verdict.student,
            status=verdict.status,
            score=verdict.score,
            max_score=verdict.max_score,
            waiting=tuple(q.grade_id for q in verdict.questions if q.score is None),
            causes={q.grade_id: q.cause for q in verdict.questions if q.cause},
            reason=verdict.reason or next(faults, ""),
            faulty=verdict.faulty,
        )


@dataclass
class Run:
    """What a run did.

    Attributes:
        lines: a line for each student whose verdict was entered.
        verdicts: all of them in full, each read from its file when it is asked for.
        reused: how many verdicts were there from an earlier run.
        untouched: how many students were left alone, because nothing had changed.
        refused_names: folders that are no student id.
    """

    lines: dict[str, Line] = field(default_factory=dict)
    verdicts: Mapping[str, Verdict] = field(default_factory=dict)
    reused: int = 0
    untouched: int = 0
    refused_names: list[str] = field(default_factory=list)

    @property
    def problems(self) -> list[Line]:
        """Submissions that were not graded in full through no decision of a person."""
        return [v for v in self.lines.values() if v.status is not Status.GRADED or v.faulty]


def grade_unit(course: Course, unit: str, options: Options | None = None) -> Run:
    """Grade every submission of a unit.

    Raises:
        GradingRefused: before anything is graded or changed, with the reason and the remedy.
    """
    options = options or Options()
    assignment = load_assignment(course.source, unit, course.config)
    found, refused = course.students(unit)
    chosen = [s for s in found if options.students is None or s in options.students]
    if not options.scheduler:
        probe(assignment.modules, unsafe=options.unsafe)
    run = Run(refused_names=refused)
    with course.lock(), open_gradebook(course) as book, sole_writer(course, book):
        ensure_assignment(book, assignment)
        writer = _Writer(course, assignment, Ledger(book, unit), run)
        run.verdicts = _Latest(writer.store, run.lines)
        bar = tqdm(total=len(chosen), desc=unit, unit="submission", disable=options.quiet or None)
        with bar, writer:
            for verdict in _verdicts(course, assignment, chosen, options, run):
                if verdict is not None:
                    writer.add(verdict)
                bar.update()
    return run


class _Latest(Mapping[str, Verdict]):
    """The verdicts of a run by student, read when asked for: a class does not fit in memory."""

    def __init__(self, store: VerdictStore, students: Mapping[str, Line]) -> None:
        self._store, self._students = store, students

    def __getitem__(self, student: str) -> Verdict:
        if student not in self._students:
            raise KeyError(student)
        verdict = self._store.latest(student)
        if verdict is None:
            raise KeyError(student)
        return verdict

    def __iter__(self) -> Iterator[str]:
        return iter(self._students)

    def __len__(self) -> int:
        return len(self._students)


class _Writer:
    """Collects verdicts and enters them together: display notebook, gradebook, latest verdict."""

    def __init__(self, course: Course, assignment: Assignment, ledger: Ledger, run: Run) -> None:
        self.course, self.assignment, self.ledger, self.run = course, assignment, ledger, run
        self.store = VerdictStore(course, assignment)
        self.waiting: list[Verdict] = []
        self.since = 0.0

    def __enter__(self) -> None:
        self.since = time.monotonic()

    def __exit__(self, kind: type[BaseException] | None, *_rest: object) -> None:
        # Ctrl-C keeps what was judged; after a failure of ours nothing more is tried.
        if kind is None or issubclass(kind, KeyboardInterrupt | GeneratorExit):
            self.flush()

    def add(self, verdict: Verdict) -> None:
        """Take one; those that waited long enough are entered."""
        self.waiting.append(verdict)
        if len(self.waiting) >= BATCH or time.monotonic() - self.since > BATCH_S:
            self.flush()

    def flush(self) -> None:
        """Enter what waits, in one transaction."""
        entries = []
        for verdict in self.waiting:
            before = self.store.latest(verdict.student)
            changed = before is not None and before.submission != verdict.submission
            _write_display(self.course, self.assignment, verdict)
            stamp = read_stamp(self.course, verdict.student, verdict.unit)
            entries.append(Entry(verdict, changed, stamp))
        if entries:
            self.ledger.enter(entries)
        for verdict in self.waiting:
            self.store.mark_latest(verdict)
            self.run.lines[verdict.student] = Line.of(verdict)
        self.waiting, self.since = [], time.monotonic()


def _verdicts(
    course: Course, assignment: Assignment, students: list[str], options: Options, run: Run
) -> Iterator[Verdict | None]:
    """Verdicts as they come; None for a student who is left alone as nothing has changed."""
    store = VerdictStore(course, assignment)
    todo: list[str] = []
    unreadable: list[Verdict] = []
    for student in students:
        try:
            raw = read_file(course.submitted, student, assignment.unit)
        except SubmissionUnreadable as error:
            unreadable.append(_unreadable(student, assignment, error))
            continue
        kept = None if options.force else store.find(student, raw)
        if kept is None:
            todo.append(student)
        elif options.changed_only and store.latest(student) == kept:
            run.untouched += 1
            yield None
        else:
            run.reused += 1
            yield kept
    task = Task(assignment, course.key(), options.unsafe)
    jobs = _jobs(course, assignment, todo, unreadable)
    for done in judged(task, jobs, options.workers, options.scheduler) if todo else ():
        store.save(done.verdict, done.job.raw)
        store.note_seconds(done.verdict, done.seconds)
        yield done.verdict
    yield from unreadable


def _jobs(
    course: Course, assignment: Assignment, students: Iterable[str], unreadable: list[Verdict]
) -> Iterator[Job]:
    """Read each file again when its turn comes, so that a class never sits in memory."""
    for student in students:
        try:
            yield Job(student, read_file(course.submitted, student, assignment.unit))
        except SubmissionUnreadable as error:
            unreadable.append(_unreadable(student, assignment, error))


def _unreadable(student: str, assignment: Assignment, error: Exception) -> Verdict:
    head = Identity(assignment.unit, student, "", assignment.version)
    return judge.unreadable(head, assignment, str(error))


def _write_display(course: Course, assignment: Assignment, verdict: Verdict) -> None:
    """Put the notebook for formgrader in place; nothing else of the submission goes there."""
    folder = course.autograded / verdict.student / assignment.unit
    name = f"{assignment.unit}.ipynb"
    write_atomically(folder / name, display_notebook(assignment, verdict), durable=False)
    for stale in folder.iterdir():
        if stale.name != name and not stale.is_dir():
            stale.unlink()
