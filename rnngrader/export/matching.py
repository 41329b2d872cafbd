"""Which line of a file is which student: by id if one fits, else by e-mail, never by name."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field

from rnngrader.export.forms import Layout
from rnngrader.export.sheet import Sheet
from rnngrader.marks import Mark, MarkState


@dataclass
class Matching:
    """What was found; the fields below `pairs` are for people to look at.

    Attributes:
        pairs: row of the file and mark, where there is no doubt.
        strangers: names in the file that no student of the gradebook has.
        unmatched: students of the gradebook with work, who are not in the file.
        ambiguous: students whom two lines could mean, or lines that could mean two students.
    """

    pairs: list[tuple[int, Mark]] = field(default_factory=list)
    strangers: list[str] = field(default_factory=list)
    unmatched: list[str] = field(default_factory=list)
    ambiguous: list[str] = field(default_factory=list)


class _Students:
    """Students by what a file may know of them."""

    def __init__(self, marks: list[Mark]) -> None:
        self.by_id: dict[str, set[int]] = defaultdict(set)
        self.by_email: dict[str, set[int]] = defaultdict(set)
        for index, mark in enumerate(marks):
            for key in {mark.person.student, mark.person.lms_id} - {""}:
                self.by_id[key].add(index)
            for key in {mark.person.student, mark.person.email}:
                if "@" in key:
                    self.by_email[key.casefold()].add(index)

    def meant(self, sheet: Sheet, row: int, layout: Layout) -> set[int]:
        """All students that the ids of a line name; only without any, those of its addresses."""
        ids = [sheet.value(row, column).strip() for column in layout.ids]
        emails = [sheet.value(row, column).strip().casefold() for column in layout.emails]
        return _union(self.by_id, ids) or _union(self.by_email, emails)


def match(sheet: Sheet, layout: Layout, marks: list[Mark]) -> Matching:
    """Find the line of every student."""
    students, result = _Students(marks), Matching()
    rows: dict[int, list[int]] = defaultdict(list)
    for row in layout.students:
        meant = students.meant(sheet, row, layout)
        shown = ", ".join(sheet.value(row, column) for column in layout.names)
        if len(meant) == 1:
            rows[meant.pop()].append(row)
        else:
            (result.ambiguous if meant else result.strangers).append(shown)
    for index, mark in enumerate(marks):
        if len(rows[index]) == 1:
            result.pairs.append((rows[index][0], mark))
        elif rows[index]:
            result.ambiguous.append(mark.student)
        elif mark.state is not MarkState.MISSING:
            result.unmatched.append(mark.student)
    result.pairs.sort(key=lambda pair: pair[0])
    return result


def _union(known: Mapping[str, set[int]], keys: list[str]) -> set[int]:
    return {index for key in keys for index in known.get(key, ())}
