"""The result of grading one submission: plain typed data, the same bytes for the same input."""

import json
from dataclasses import asdict, dataclass, field
from enum import StrEnum
from typing import Any, NamedTuple

FORMAT = 1


class Outcome(StrEnum):
    """How a question ended. A fault of ours is `ERROR` and never a score."""

    PASS = "pass"  # noqa: S105 - an outcome, not a password
    FAIL = "fail"
    MANUAL = "manual"
    ERROR = "grader-error"


class Status(StrEnum):
    """How a submission as a whole ended."""

    GRADED = "graded"
    UNREADABLE = "unreadable"
    ERROR = "grader-error"


class Identity(NamedTuple):
    """Which submission a verdict is about; the first fields of `Verdict`, in order."""

    unit: str
    student: str
    submission: str
    assignment: str


@dataclass(frozen=True)
class Question:
    """One graded cell.

    Attributes:
        score: points given, None where a person must decide (manual, or a fault of ours).
        cause: a short name of what went wrong, for statistics; "" if nothing did.
        message: for the learner; from a closed catalogue, never input or expected values.
        aspects: name, passed (None: not looked at yet), share of the points, for each thing that
            is looked at.
    """

    grade_id: str
    outcome: Outcome
    score: float | None
    max_score: float
    cause: str = ""
    message: str = ""
    see: str = ""
    aspects: tuple[tuple[str, bool | None, float], ...] = ()


@dataclass(frozen=True)
class ShownCell:
    """A code cell of the learner as it ran: for people to read, never to execute again."""

    id: str
    source: str
    output: str = ""
    problem: str = ""


@dataclass(frozen=True)
class Verdict:
    """Everything known about one submission after grading."""

    unit: str
    student: str
    submission: str
    assignment: str
    status: Status
    reason: str = ""
    questions: tuple[Question, ...] = ()
    cells: tuple[ShownCell, ...] = ()
    answers: dict[str, str] = field(default_factory=dict)
    extras: dict[str, list[str]] = field(default_factory=dict)
    notes: tuple[str, ...] = ()

    @property
    def score(self) -> float:
        """Points given so far; questions without a score count as nothing yet."""
        return sum(q.score or 0.0 for q in self.questions)

    @property
    def max_score(self) -> float:
        """Points of the unit."""
        return sum(q.max_score for q in self.questions)

    @property
    def faulty(self) -> bool:
        """Whether a fault of ours kept any question from being graded."""
        return self.status is Status.ERROR or any(
            q.outcome is Outcome.ERROR for q in self.questions
        )

    def to_json(self) -> str:
        """Stable JSON: sorted keys, no times, no machine names."""
        return json.dumps(
            {"format": FORMAT, **asdict(self)}, sort_keys=True, indent=1, ensure_ascii=False
        )

    @classmethod
    def from_json(cls, text: str) -> "Verdict":
        """Read what `to_json` wrote.

        Raises:
            ValueError: if the text is not a verdict of this format.
        """
        data: dict[str, Any] = json.loads(text)
        if data.pop("format", None) != FORMAT:
            raise ValueError(f"expected a verdict of format {FORMAT}")
        data["status"] = Status(data["status"])
        data["questions"] = tuple(_question(q) for q in data["questions"])
        data["cells"] = tuple(ShownCell(**cell) for cell in data["cells"])
        data["notes"] = tuple(data["notes"])
        return cls(**data)


def _question(data: dict[str, Any]) -> Question:
    data["outcome"] = Outcome(data["outcome"])
    data["aspects"] = tuple((name, ok, share) for name, ok, share in data["aspects"])
    return Question(**data)
