"""What an export would do to a file: line by line, before anything is written."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from rnngrader.assignment import Assignment
from rnngrader.errors import GradingRefused
from rnngrader.export.forms import FORMS, Layout, Wishes
from rnngrader.export.matching import match
from rnngrader.export.sheet import Sheet
from rnngrader.formulas import runs_in_a_spreadsheet
from rnngrader.marks import Mark, MarkState
from rnngrader.messages import message

EMPTY = ("", "-")


class Step(StrEnum):
    """What happens to one line; keys of the catalogue below `export.step`."""

    FILL = "fill"  # there was no mark
    CHANGE = "change"  # another one replaces it
    SAME = "same"  # it is there already
    KEEP_HIGHER = "keep-higher"  # the file's own is higher
    KEEP_FOREIGN = "keep-foreign"  # somebody set it in the system, or it is no number
    LOCKED = "locked"  # the system would refuse it
    HELD = "held"  # a fault of the grader, missing work: nothing is written unless asked


@dataclass(frozen=True)
class Line:
    """One student's line in the file, and what happens to it."""

    row: int
    student: str
    step: Step
    old: str
    new: str
    state: MarkState
    late: bool = False


@dataclass
class Plan:
    """What an export would do.

    Attributes:
        lines: one for each line that belongs to a student of the gradebook.
        strangers: names in the file that no student of the gradebook has.
        unmatched: students of the gradebook with work, who are not in the file.
        ambiguous: students whom two lines could mean, or lines that could mean two students.
        formulas: cells of the file that a spreadsheet would run; they are left as they are.
    """

    lines: list[Line] = field(default_factory=list)
    strangers: list[str] = field(default_factory=list)
    unmatched: list[str] = field(default_factory=list)
    ambiguous: list[str] = field(default_factory=list)
    formulas: int = 0

    @property
    def written(self) -> list[Line]:
        """The lines that change."""
        return [line for line in self.lines if line.step in (Step.FILL, Step.CHANGE)]

    @property
    def kept(self) -> list[Line]:
        """The lines whose mark is not ours and stays."""
        steps = (Step.KEEP_HIGHER, Step.KEEP_FOREIGN, Step.LOCKED)
        return [line for line in self.lines if line.step in steps]


@dataclass(frozen=True)
class Options:
    """How marks go into a file.

    Attributes:
        form: a key of `FORMS`.
        also: states besides `DONE` that are written: missing work as 0, others with points so far.
        overwrite: replace marks that are higher, or that somebody set in the system.
        out_of: what the system takes as full marks; 0 for the unit's points.
        comma: write the decimal comma; None to follow the file.
        students: only these; all if None.
    """

    form: str
    wishes: Wishes = field(default_factory=Wishes)
    also: frozenset[MarkState] = frozenset()
    overwrite: bool = False
    out_of: float = 0.0
    comma: bool | None = None
    students: frozenset[str] | None = None


def make_plan(
    sheet: Sheet,
    assignment: Assignment,
    marks: Iterable[Mark],
    options: Options,
    before: Mapping[str, str],
) -> Plan:
    """Decide for every line, and put the new marks into the sheet.

    Args:
        sheet: the downloaded file; gets the changes, which nothing writes yet.
        assignment: the unit.
        marks: of all students.
        options: which marks, and how.
        before: what earlier exports wrote, by student.

    Raises:
        GradingRefused: if the file is another one than `options.form` says, or its full mark is
            not the unit's.
    """
    layout = FORMS[options.form](sheet, assignment, options.wishes)
    scale = _scale(layout, assignment, options)
    comma = _comma(sheet, layout) if options.comma is None else options.comma
    plan = Plan(formulas=_formulas(sheet))
    found = match(sheet, layout, list(marks))
    plan.strangers, plan.unmatched, plan.ambiguous = (
        found.strangers, found.unmatched, found.ambiguous
    )  # fmt: skip
    for row, mark in found.pairs:
        if options.students is not None and mark.student not in options.students:
            continue
        line = _line(sheet, layout, row, mark, options, scale, before.get(mark.student))
        plan.lines.append(line)
        if line.step in (Step.FILL, Step.CHANGE):
            sheet.set(row, layout.grade, line.new.replace(".", ",") if comma else line.new)
    return plan


def _line(
    sheet: Sheet,
    layout: Layout,
    row: int,
    mark: Mark,
    options: Options,
    scale: float,
    before: str | None,
) -> Line:
    old = sheet.value(row, layout.grade).strip()
    new = _shown(mark.final * scale)
    step = _step(old, new, before, overwrite=options.overwrite)
    if mark.state is not MarkState.DONE and mark.state not in options.also:
        step, new = Step.HELD, ""
    elif step is not Step.SAME and layout.locked(row):
        step = Step.LOCKED
    return Line(row, mark.student, step, old, new, mark.state, mark.late.deduction > 0)


def _step(old: str, new: str, before: str | None, *, overwrite: bool) -> Step:
    if old in EMPTY:
        return Step.FILL
    there = number(old)
    if there is not None and abs(there - float(new)) < 0.005:
        return Step.SAME
    if overwrite:
        return Step.CHANGE
    mine = number(before or "")
    if there is None or (mine is not None and abs(there - mine) >= 0.005):
        return Step.KEEP_FOREIGN
    return Step.KEEP_HIGHER if there > float(new) else Step.CHANGE


def number(text: str) -> float | None:
    """A number as systems write it, with a point or a comma; None for anything else.

    >>> number("7,50"), number("EX"), number("1e9")
    (7.5, None, None)
    """
    plain = text.strip().replace(",", ".", 1)
    digits = plain.removeprefix("-").replace(".", "", 1)
    return float(plain) if digits.isascii() and digits.isdigit() else None


def _shown(value: float) -> str:
    return f"{value:.2f}".rstrip("0").rstrip(".") or "0"


def _scale(layout: Layout, assignment: Assignment, options: Options) -> float:
    """Points of the system for one point of the unit.

    Raises:
        GradingRefused: if the file's full mark is another than asked for.
    """
    if assignment.max_score <= 0:
        raise GradingRefused(message("export.no-points", unit=assignment.unit))
    full = options.out_of or assignment.max_score
    said = Counter(number(layout.out_of(row)) for row in layout.students)
    others = [value for value in said if value is not None and abs(value - full) > 1e-6]
    if others:
        raise GradingRefused(
            message("export.other-maximum", file=f"{others[0]:g}", unit=f"{full:g}")
        )
    return full / assignment.max_score


def _comma(sheet: Sheet, layout: Layout) -> bool:
    """Whether numbers of this file have a decimal comma."""
    texts = [sheet.value(row, layout.grade) for row in layout.students]
    texts += [layout.out_of(row) for row in layout.students]
    found = {"," in text for text in texts if number(text) is not None and set(text) & {",", "."}}
    return found == {True}


def _formulas(sheet: Sheet) -> int:
    return sum(
        runs_in_a_spreadsheet(cell.value)
        for row in sheet.rows
        for cell in row
        if cell.value.strip() not in EMPTY
    )
