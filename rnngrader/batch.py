"""Grade a class: read, judge in worker processes, keep each verdict, enter it in the gradebook.

Workers hold no gradebook and no files of the course; they get bytes and give verdicts. The
coordinator is the only writer. Whatever happens to one submission or worker, the others go on,
and a run that was stopped anywhere is finished by running it again.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from tqdm import tqdm

from rnngrader import judge
from rnngrader.assignment import Assignment
from rnngrader.course import Course, write_atomically
from rnngrader.display import display_notebook
from rnngrader.errors import SubmissionUnreadable
from rnngrader.gradebook import commit, ensure_assignment, open_gradebook
from rnngrader.judges import Job, Judges
from rnngrader.loading import load_assignment
from rnngrader.sandbox.session import probe
from rnngrader.store import VerdictStore
from rnngrader.submission import read_file
from rnngrader.verdict import Identity, Status, Verdict


@dataclass(frozen=True)
class Options:
    """How a run is done.

    Attributes:
        students: only these; all if None.
        workers: judge processes; one per processor if None.
        unsafe: run learner code without a sandbox; only ever typed by an instructor.
        force: judge again even where a verdict for the same bytes is kept.
        quiet: no progress bar.
    """

    students: frozenset[str] | None = None
    workers: int | None = None
    unsafe: bool = False
    force: bool = False
    quiet: bool = False


@dataclass
class Run:
    """What a run did: all verdicts by student, and what a person should look at."""

    verdicts: dict[str, Verdict] = field(default_factory=dict)
    reused: int = 0
    refused_names: list[str] = field(default_factory=list)

    @property
    def problems(self) -> list[Verdict]:
        """Submissions that were not graded in full through no decision of a person."""
        return [v for v in self.verdicts.values() if v.status is not Status.GRADED or v.faulty]


def grade_unit(course: Course, unit: str, options: Options | None = None) -> Run:
    """Grade every submission of a unit.

    Raises:
        GradingRefused: before anything is graded or changed, with the reason and the remedy.
    """
    options = options or Options()
    assignment = load_assignment(course.source, unit, course.config)
    found, refused = course.students(unit)
    chosen = [s for s in found if options.students is None or s in options.students]
    probe(assignment.modules, unsafe=options.unsafe)
    run = Run(refused_names=refused)
    with course.lock(), open_gradebook(course) as book:
        ensure_assignment(book, assignment)
        store = VerdictStore(course, assignment)
        bar = tqdm(total=len(chosen), desc=unit, unit="submission", disable=options.quiet or None)
        with bar:
            for verdict in _verdicts(course, assignment, store, chosen, options, run):
                before = store.latest(verdict.student)
                changed = before is not None and before.submission != verdict.submission
                _write_display(course, assignment, verdict)
                commit(book, verdict, changed=changed)
                store.mark_latest(verdict)
                run.verdicts[verdict.student] = verdict
                bar.update()
    return run


def _verdicts(
    course: Course,
    assignment: Assignment,
    store: VerdictStore,
    students: list[str],
    options: Options,
    run: Run,
) -> Iterator[Verdict]:
    """Verdicts as they come: first what needs no judge, then the others as judges end."""
    todo = []
    for student in students:
        try:
            raw = read_file(course.submitted, student, assignment.unit)
        except SubmissionUnreadable as error:
            yield _unreadable(student, assignment, error)
            continue
        kept = None if options.force else store.find(student, raw)
        if kept is None:
            todo.append(student)
        else:
            run.reused += 1
            yield kept
    unreadable: list[Verdict] = []
    jobs = _jobs(course, assignment, todo, unreadable)
    judges = Judges(assignment, course.key(), options.workers, options.unsafe)
    for job, verdict in judges.run(jobs) if todo else ():
        store.save(verdict, job.raw)
        yield verdict
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
    write_atomically(folder / name, display_notebook(assignment, verdict))
    for stale in folder.iterdir():
        if stale.name != name and not stale.is_dir():
            stale.unlink()
