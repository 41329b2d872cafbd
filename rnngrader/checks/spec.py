"""What an exercise consists of: reference, inputs, aspects, known mistakes."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal, Protocol

from rnngrader.checks.results import Layout, NumericArray, Results

Level = Literal["visible", "full"]
Function = Callable[..., object]
PROBE = "probe"


@dataclass(frozen=True)
class Case:
    """One call of the learner's function.

    Args:
        name: key of the message catalogue below `case`, the same for the same kind of input.
        kind: name of the aspect it belongs to; a probe, which only helps to explain, has the kind
            "probe".
        args: the arguments; plain data, since they cross a process border.
        edge: whether the input is unusual, so that an ordinary mistake should be found without it.
        saturated: whether gates sit at their limits.
        may_refuse: whether raising an exception is an acceptable answer.
        must_refuse: whether it is the only right one; the reference is not called then.
        fields: names that fill the messages about it.
        free: for a result by name, True where any number will do, such as at padding.
        sizes: lengths of the axes by name, for explanations.
    """

    name: str
    kind: str
    args: tuple[object, ...]
    edge: bool = False
    saturated: bool = False
    may_refuse: bool = False
    must_refuse: bool = False
    fields: Mapping[str, str] = field(default_factory=dict)
    free: Mapping[str, NumericArray] = field(default_factory=dict)
    sizes: Mapping[str, int] = field(default_factory=dict)

    @property
    def ordinary(self) -> bool:
        """Whether known mistakes are recognised by it first."""
        return not self.edge and self.kind != PROBE


@dataclass(frozen=True)
class Aspect:
    """One line of the report.

    Args:
        name: key of the message catalogue below `aspect`. "runs", "shapes", "precision",
            "arguments" and "repeat" have a meaning of their own; any other name is a kind of case,
            and is right when all its cases are, or stands for some of the results.
        weight: relative weight.
        levels: the levels at which it is looked at.
        earned: whether it counts only together with a right value somewhere, because a function
            that does nothing would have it too.
        outputs: names of results; if there are any, they must be right in all ordinary cases.
    """

    name: str
    weight: float
    levels: tuple[Level, ...] = ("visible", "full")
    earned: bool = False
    outputs: tuple[str, ...] = ()


@dataclass(frozen=True)
class Mistake:
    """A known wrong way to write an exercise.

    Two mistakes that are written as `functools.partial` of the same function, with different
    keywords, are also recognised together.

    Args:
        id: what the report calls it.
        variant: a wrong function with the exercise's signature; with `fresh`, what makes one.
        message: key of the catalogue below `mistake`; the id, if empty.
        see: page and anchor of the book; the exercise's own, if empty.
        fields: names that fill the message.
        shown_by: "values" if its results differ from the reference on ordinary input, else the
            aspect that shows it.
        fresh: whether each use needs a new function, since it keeps something between calls.
    """

    id: str
    variant: Function
    message: str = ""
    see: str = ""
    fields: Mapping[str, str] = field(default_factory=dict)
    shown_by: str = "values"
    fresh: bool = False

    @property
    def key(self) -> str:
        """Where its sentence stands in the catalogue, below `mistake`."""
        return self.message or self.id

    def build(self) -> Function:
        """Return the wrong function, ready to be called."""
        made = self.variant() if self.fresh else self.variant
        assert callable(made)  # noqa: S101 - a bank is written by us
        return made


class Hints(Protocol):
    """Extra sentences when no known mistake matches."""

    def __call__(self, got: Results, expected: Results) -> list[tuple[str, dict[str, str]]]:
        """Return message keys and fields for one wrong result."""


@dataclass(frozen=True)
class Exercise:
    """Everything a check of one function needs.

    Args:
        unit: name of the module, which is also that of its message file.
        name: the function's name.
        reference: the right function.
        layout: what it returns.
        arguments: names of its arguments, in order.
        cases: inputs that decide, by level.
        probes: more inputs that help to explain, each with one term zeroed or sizes made equal.
        aspects: lines of the report.
        mistakes: the bank.
        see: page and anchor of the book.
        alternatives: other right functions, where the course accepts several results; a learner's
            function must agree with one of them everywhere.
        stand_ins: sets of right functions that may replace the learner's own earlier functions,
            in the styles of return value the course accepts.
        earlier: name of the function they replace, for the message.
        hints: extra sentences.
    """

    unit: str
    name: str
    reference: Function
    layout: Layout
    arguments: tuple[str, ...]
    cases: Callable[[Level], Sequence[Case]]
    probes: Callable[[], Sequence[Case]]
    aspects: tuple[Aspect, ...]
    mistakes: tuple[Mistake, ...]
    see: str
    alternatives: tuple[Function, ...] = ()
    stand_ins: tuple[Mapping[str, Function], ...] = ()
    earlier: str = ""
    hints: Hints | None = None
