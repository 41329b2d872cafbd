"""What a report tells: counted from marks and verdicts, one submission after the other."""

from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from statistics import median

import numpy as np

from rnngrader.assignment import Assignment, Role
from rnngrader.course import Course
from rnngrader.marks import Mark, MarkState, read_marks
from rnngrader.messages import message
from rnngrader.report.similarity import Pair, fingerprints, runs, similar
from rnngrader.store import VerdictStore
from rnngrader.verdict import Verdict

BINS = 10
GRADED = (MarkState.DONE, MarkState.WAITING)
NO_MISTAKE = frozenset({"", "not-answered", "unreadable", "grader-error"})
SLOW_S, SLOW_TIMES = 1.0, 5  # slow: over a second, and over five times what half of them take
LIMITS = {"timeout": "slow", "died": "ended"}  # causes of a question, and what they say of the code


@dataclass
class QuestionFacts:
    """How a question went for those whose work could be graded.

    Attributes:
        shares: points reached as a share of the question's points, one for each who has a score.
        empty: who left it as it was handed out.
        waiting: for whom a person has yet to decide.
    """

    name: str
    points: float
    shares: list[float] = field(default_factory=list)
    empty: int = 0
    waiting: int = 0

    @property
    def full(self) -> int:
        """How many have all points."""
        return sum(share >= 1 for share in self.shares)

    @property
    def none(self) -> int:
        """How many have no point."""
        return sum(share <= 0 for share in self.shares)

    @property
    def part(self) -> int:
        """How many have some points, and not all."""
        return len(self.shares) - self.full - self.none

    @property
    def mean(self) -> float | None:
        """The mean share; None if nobody has a score yet."""
        return sum(self.shares) / len(self.shares) if self.shares else None


@dataclass(frozen=True)
class Mistake:
    """A cause that the checks named, in one question."""

    question: str
    cause: str
    text: str
    students: tuple[str, ...]


@dataclass(frozen=True)
class Trouble:
    """Something about a submission that a person should look at; kinds are in the catalogue."""

    student: str
    kind: str
    text: str


@dataclass
class Facts:
    """Everything that a report shows."""

    assignment: Assignment
    marks: list[Mark]
    questions: list[QuestionFacts] = field(default_factory=list)
    mistakes: list[Mistake] = field(default_factory=list)
    troubles: list[Trouble] = field(default_factory=list)
    pairs: list[Pair] = field(default_factory=list)
    compared: int = 0
    seconds: dict[str, float] = field(default_factory=dict)

    @property
    def slow(self) -> dict[str, float]:
        """Who took much longer to judge than the others, with the seconds, the slowest first."""
        if not self.seconds:
            return {}
        least = max(SLOW_S, SLOW_TIMES * median(self.seconds.values()))
        found = {student: s for student, s in self.seconds.items() if s > least}
        return dict(sorted(found.items(), key=lambda item: -item[1]))

    @property
    def graded(self) -> list[Mark]:
        """Marks that are final, or wait for a person only."""
        return [mark for mark in self.marks if mark.state in GRADED]

    @property
    def distribution(self) -> list[int]:
        """How many reached each tenth of the points; full points are in the last one."""
        counts = [0] * BINS
        for mark in self.graded:
            share = mark.score / mark.max_score if mark.max_score else 0.0
            counts[min(BINS - 1, max(0, int(share * BINS + 1e-9)))] += 1
        return counts

    @property
    def late(self) -> list[Mark]:
        """Work that came after its due date."""
        return [mark for mark in self.marks if mark.late.seconds]


def collect(course: Course, assignment: Assignment) -> Facts:
    """Count everything about a unit.

    Raises:
        GradingRefused: if the gradebook cannot be used.
    """
    facts = Facts(assignment, read_marks(course, assignment))
    store = VerdictStore(course, assignment)
    graded = [cell for cell in assignment.cells if cell.role in (Role.TEST, Role.MANUAL)]
    questions = {cell.id: QuestionFacts(_short(cell.id), cell.points) for cell in graded}
    mistakes: dict[tuple[str, str], list[str]] = defaultdict(list)
    texts: dict[tuple[str, str], Counter[str]] = defaultdict(Counter)
    given = np.unique(np.concatenate([runs(c.public) for c in assignment.cells if c.kind == "code"]
                                     or [np.empty(0, np.uint64)]))  # fmt: skip
    prints = {}
    took = store.seconds()
    for mark in facts.marks:
        verdict = store.latest(mark.student)
        if verdict is None or mark.state in (MarkState.MISSING, MarkState.UNGRADED):
            continue
        if (seconds := took.get((mark.student, verdict.submission))) is not None:
            facts.seconds[mark.student] = seconds
        facts.troubles += _troubles(mark, verdict)
        if mark.state in GRADED:
            _count(mark, verdict, questions)
        for question in verdict.questions:
            if question.cause not in NO_MISTAKE:
                key = (question.grade_id, question.cause)
                mistakes[key].append(mark.student)
                texts[key][question.message] += 1
        prints[mark.student] = fingerprints(_code(assignment, verdict), given)
    facts.questions = list(questions.values())
    facts.mistakes = sorted(
        (Mistake(_short(name), cause, texts[name, cause].most_common(1)[0][0], tuple(students))
         for (name, cause), students in mistakes.items()),
        key=lambda mistake: (-len(mistake.students), mistake.question, mistake.cause),
    )  # fmt: skip
    facts.troubles += [
        Trouble(student, "slow", message("insight.took", seconds=f"{seconds:.1f}"))
        for student, seconds in facts.slow.items()
    ]
    facts.pairs, facts.compared = similar(prints), len(prints)
    return facts


def _short(name: str) -> str:
    return name.removeprefix("check_")


def _count(mark: Mark, verdict: Verdict, questions: dict[str, QuestionFacts]) -> None:
    for name, score in mark.scores.items():
        question = questions.get(name)
        if question is not None and question.points > 0:
            if score is None:
                question.waiting += 1
            else:
                question.shares.append(min(1.0, max(0.0, score / question.points)))
    for asked in verdict.questions:
        if asked.cause == "not-answered" and asked.grade_id in questions:
            questions[asked.grade_id].empty += 1


def _troubles(mark: Mark, verdict: Verdict) -> Iterator[Trouble]:
    """What happened to a submission besides right and wrong."""
    if mark.state in (MarkState.FAULT, MarkState.UNREADABLE):
        reasons = [verdict.reason, *(q.message for q in verdict.questions if q.score is None)]
        yield Trouble(mark.student, mark.state.value, next(filter(None, reasons), ""))
    for question in verdict.questions:
        if question.cause in LIMITS:
            name = _short(question.grade_id)
            yield Trouble(mark.student, LIMITS[question.cause], f"{name}: {question.message}")
    slow, ended = message("grading.cell-timeout"), message("grading.cell-died")
    for cell in verdict.cells:
        if cell.problem in (slow, ended):
            kind = "slow" if cell.problem == slow else "ended"
            yield Trouble(mark.student, kind, f"{cell.id}: {cell.problem}")
    for note in verdict.notes:
        yield Trouble(mark.student, "note", note)


def _code(assignment: Assignment, verdict: Verdict) -> Iterator[str]:
    """The learner's own code: answers in the instructor's order, then cells of their own."""
    for cell in assignment.cells:
        if cell.kind == "code" and cell.id in verdict.answers:
            yield verdict.answers[cell.id]
    extras = {name for names in verdict.extras.values() for name in names}
    yield from (cell.source for cell in verdict.cells if cell.id in extras)
