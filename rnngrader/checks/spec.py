"""What an exercise consists of: reference, inputs, aspects, known mistakes."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal, Protocol

from rnngrader.checks.results import Layout, Results

Level = Literal["visible", "full"]
CaseKind = Literal["start", "state", "edges"]


@dataclass(frozen=True)
class Case:
    """One call of the learner's function.

    Args:
        name: key of the message catalogue below `case`, the same for the same kind of input.
        kind: the aspect it belongs to; a probe, which only helps to explain, has the kind "probe".
        args: the arguments.
        saturated: whether gates sit at their limits.
        may_refuse: whether raising an exception is an acceptable answer.
    """

    name: str
    kind: CaseKind | Literal["probe"]
    args: tuple[object, ...]
    saturated: bool = False
    may_refuse: bool = False


@dataclass(frozen=True)
class Aspect:
    """One line of the report.

    Args:
        name: key of the message catalogue below `aspect`.
        weight: relative weight.
        levels: the levels at which it is looked at.
        earned: whether it counts only together with a right value somewhere, because a function
            that does nothing would have it too.
    """

    name: str
    weight: float
    levels: tuple[Level, ...] = ("visible", "full")
    earned: bool = False


@dataclass(frozen=True)
class Mistake:
    """A known wrong way to write an exercise.

    Args:
        id: what the report calls it.
        exercise: the function it belongs to.
        build: returns a fresh wrong function with the exercise's signature.
        message: key of the message catalogue.
        see: page and anchor of the book.
        fields: names that fill the message.
        shown_by: "values" if its results differ from the reference on ordinary input, else the
            aspect that shows it.
    """

    id: str
    exercise: str
    build: Callable[[], Callable[..., object]]
    message: str
    see: str
    fields: Mapping[str, str] = field(default_factory=dict)
    shown_by: str = "values"


class Hints(Protocol):
    """Extra sentences when no known mistake matches."""

    def __call__(self, got: Results, expected: Results) -> list[tuple[str, dict[str, str]]]:
        """Return message keys and fields for one wrong result."""


@dataclass(frozen=True)
class Exercise:
    """Everything a check of one function needs.

    Args:
        name: the function's name.
        reference: the right function.
        layout: what it returns.
        arguments: names of its arguments, in order.
        cases: inputs that decide, by level.
        probes: more inputs that help to explain, each with one term zeroed or sizes made equal.
        aspects: lines of the report.
        mistakes: the bank.
        see: page and anchor of the book.
        stand_ins: sets of right functions that may replace the learner's own earlier functions,
            in the styles of return value the course accepts.
        earlier: name of the function they replace, for the message.
        hints: extra sentences.
    """

    name: str
    reference: Callable[..., object]
    layout: Layout
    arguments: tuple[str, ...]
    cases: Callable[[Level], Sequence[Case]]
    probes: Callable[[], Sequence[Case]]
    aspects: tuple[Aspect, ...]
    mistakes: tuple[Mistake, ...]
    see: str
    stand_ins: tuple[Mapping[str, Callable[..., object]], ...] = ()
    earlier: str = ""
    hints: Hints | None = None
