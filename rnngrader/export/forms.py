"""The files of Canvas and Moodle: where students and marks are in them.

Three forms are known, all as their systems write them: Canvas' gradebook, Moodle's worksheet for
grading an assignment offline, and Moodle's export of its gradebook. Titles that a Moodle in
another language gives are named with options.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from rnngrader.assignment import Assignment
from rnngrader.errors import GradingRefused
from rnngrader.export.sheet import Sheet
from rnngrader.messages import message

_CANVAS_ID = re.compile(r"\s*\((\d+)\)\s*$")
_MOODLE_REAL = re.compile(r"^(?:[^:]+:\s*)?(.*?)\s*(?:\([^()]*\))?\s*$")
_OTHER_KINDS = ("(Feedback)", "(Percentage)", "(Letter)")
_READ_ONLY = re.compile(
    r"\b(current|unposted|final|override|points|status|grade|score)\b.*$", re.IGNORECASE
)


@dataclass(frozen=True)
class Wishes:
    """What an instructor says about the file.

    Attributes:
        column: title of the column that gets the marks; found by the unit's name if "".
        match: titles of further columns that hold student ids.
        email: title of the column with e-mail addresses; found by its title or "@" if "".
    """

    column: str = ""
    match: tuple[str, ...] = ()
    email: str = ""


@dataclass(frozen=True)
class Layout:
    """Where things are in a file.

    Attributes:
        students: numbers of the rows that are students.
        ids: columns that may hold a student's id, the surest first.
        emails: columns that may hold an e-mail address.
        names: columns that show a person who it is.
        grade: the column of the marks.
        out_of: for a row, the mark that the system takes as full, if the file says so.
        locked: for a row, whether the system refuses a new mark.
    """

    students: range
    ids: tuple[int, ...]
    emails: tuple[int, ...]
    names: tuple[int, ...]
    grade: int
    out_of: Callable[[int], str] = field(default=lambda _row: "")
    locked: Callable[[int], bool] = field(default=lambda _row: False)


def canvas(sheet: Sheet, assignment: Assignment, wishes: Wishes) -> Layout:
    """Canvas: header, perhaps a row about posting, "Points Possible", then students.

    Raises:
        GradingRefused: if the file is another one, or has no column for the unit.
    """
    titles = [cell.value.strip() for cell in sheet.rows[0]]
    section = sheet.column("Section")
    named = titles[0] in ("Student", "LastName")
    if not named or section is None or "ID" not in titles[:3]:
        raise _foreign("canvas", titles)
    full = next((n for n in range(1, min(4, len(sheet.rows)))
                 if sheet.value(n, 0).strip() == "Points Possible"), 0)  # fmt: skip
    candidates = {
        n: _CANVAS_ID.sub("", title) if _CANVAS_ID.search(title) else title
        for n, title in enumerate(titles)
        if n > section
        and "(read only)" not in sheet.value(full, n)
        and (_CANVAS_ID.search(title) or not _READ_ONLY.search(title))
    }
    grade = _grade_column(sheet, candidates, assignment, wishes)
    ids = _columns(sheet, ("ID", "SIS User ID", "SIS Login ID", "Integration ID", *wishes.match))
    return Layout(
        range(_first_student(sheet, full), len(sheet.rows)),
        ids,
        _columns(sheet, (wishes.email, "SIS Login ID")),
        _columns(sheet, ("Student", "LastName", "FirstName")),
        grade,
        lambda _row: sheet.value(full, grade) if full else "",
    )


def _first_student(sheet: Sheet, full: int) -> int:
    """The first row after those that Canvas puts below the header; they have no ID."""
    column = sheet.column("ID")
    first = max(full + 1, 1)
    while first < len(sheet.rows) and column and not sheet.value(first, column).strip():
        first += 1
    return first


def worksheet(sheet: Sheet, _assignment: Assignment, wishes: Wishes) -> Layout:
    """Moodle's worksheet of one assignment: one line for each participant.

    Raises:
        GradingRefused: if the file is another one.
    """
    titles = [cell.value.strip() for cell in sheet.rows[0]]
    maximum, changeable = sheet.column("Maximum Grade"), sheet.column("Grade can be changed")
    grade = sheet.column(wishes.column or "Grade")
    if grade is None or (not wishes.column and sheet.column("Identifier") is None):
        raise _foreign("moodle-worksheet", titles)
    return Layout(
        range(1, len(sheet.rows)),
        _columns(sheet, (*wishes.match, "ID number", "Username")),
        _emails(sheet, wishes, grade),
        _columns(sheet, ("Full name", "Identifier")) or (0,),
        grade,
        lambda row: sheet.value(row, maximum) if maximum is not None else "",
        lambda row: changeable is not None and sheet.value(row, changeable).strip() == "No",
    )


def moodle(sheet: Sheet, assignment: Assignment, wishes: Wishes) -> Layout:
    """Moodle's export of the whole gradebook.

    Raises:
        GradingRefused: if the file has no column for the unit.
    """
    titles = [cell.value.strip() for cell in sheet.rows[0]]
    if sheet.column("Identifier") is not None and sheet.column("Grade") is not None:
        raise _foreign("moodle", titles)
    people = ("First name", "Last name", "Surname", "ID number", "Username", "Institution",
              "Department", "Email address", "Last downloaded from this course")  # fmt: skip
    known = set(_columns(sheet, (*people, wishes.email)))
    candidates = {}
    for n, title in enumerate(titles):
        found = _MOODLE_REAL.match(title)
        if n not in known and found and not title.endswith(_OTHER_KINDS):
            candidates[n] = found[1]
    grade = _grade_column(sheet, candidates, assignment, wishes)
    return Layout(
        range(1, len(sheet.rows)),
        _columns(sheet, (*wishes.match, "ID number", "Username")),
        _emails(sheet, wishes, grade),
        _columns(sheet, ("First name", "Last name", "Surname")) or (0,),
        grade,
    )


FORMS: dict[str, Callable[[Sheet, Assignment, Wishes], Layout]] = {
    "canvas": canvas,
    "moodle": moodle,
    "moodle-worksheet": worksheet,
}


def _grade_column(
    sheet: Sheet, candidates: dict[int, str], assignment: Assignment, wishes: Wishes
) -> int:
    titles = [cell.value.strip() for cell in sheet.rows[0]]
    if wishes.column:
        found = [n for n in candidates if titles[n] == wishes.column.strip()]
    else:
        wanted = {assignment.unit.casefold(), assignment.title.casefold()}
        found = [n for n, title in candidates.items() if title.casefold() in wanted]
    if len(found) == 1:
        return found[0]
    shown = "\n".join(f"  {titles[n]}" for n in candidates)
    wanted_title = wishes.column or assignment.unit
    key = "export.no-column" if not found else "export.many-columns"
    raise GradingRefused(message(key, column=wanted_title, titles=shown))


def _columns(sheet: Sheet, names: tuple[str, ...]) -> tuple[int, ...]:
    found = (sheet.column(name) for name in names if name)
    return tuple(dict.fromkeys(n for n in found if n is not None))


def _emails(sheet: Sheet, wishes: Wishes, grade: int) -> tuple[int, ...]:
    """The column with addresses: by its title, or the first where most cells are one."""
    named = _columns(sheet, (wishes.email, "Email address", "Email"))
    return named or tuple(_with_addresses(sheet, grade))[:1]


def _with_addresses(sheet: Sheet, grade: int) -> Iterator[int]:
    rows = range(1, len(sheet.rows))
    for column in range(len(sheet.rows[0])):
        count = sum("@" in sheet.value(row, column)[1:] for row in rows)
        if column != grade and 2 * count > len(rows):
            yield column


def _foreign(form: str, titles: list[str]) -> GradingRefused:
    expected = message(f"export.expected-{form}")
    return GradingRefused(
        message("export.foreign", expected=expected, titles="\n".join(f"  {t}" for t in titles))
    )
