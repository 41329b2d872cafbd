"""Marks into the file of a learning management system.

The instructor downloads the file, we fill the unit's column and change nothing else. What would be
written is always shown first.
"""

import json
import os
import shutil
import tempfile
from pathlib import Path

from rnngrader.course import Course, write_atomically
from rnngrader.errors import GradingRefused
from rnngrader.export.plan import Options, Plan, Step, make_plan
from rnngrader.export.sheet import Sheet
from rnngrader.loading import load_assignment
from rnngrader.marks import read_marks
from rnngrader.messages import message

__all__ = ["Options", "Plan", "Step", "export_unit"]


def export_unit(
    course: Course, unit: str, path: Path, options: Options, *, write: bool = False
) -> tuple[Plan, Path | None]:
    """Fill a downloaded file with the marks of a unit, or only say what would be filled.

    Args:
        course: the course with the gradebook.
        unit: its name.
        path: the file that the system gave; with `write` it is replaced as a whole, by a file of
            the same encoding, order and line ends.
        options: which marks, and how.
        write: write it, if anything changes, after a copy was made beside it.

    Returns:
        What was or would be done, and where the copy is, if one was made.

    Raises:
        GradingRefused: if nothing can be written safely; the file is then as it was.
    """
    assignment = load_assignment(course.source, unit, course.config)
    marks = read_marks(course, assignment)
    sheet = Sheet.read(path)
    with course.lock():
        memory = course.state / "exports" / f"{unit}.json"
        before = _remembered(memory)
        mine = before.setdefault(options.form, {})
        plan = make_plan(sheet, assignment, marks, options, mine)
        if not write:
            return plan, None
        copy = _replace(path, sheet) if plan.written else None
        mine.update({line.student: line.new for line in plan.lines if line.step in _OURS})
        write_atomically(memory, json.dumps(before, sort_keys=True, indent=1), mode=0o600)
    return plan, copy


_OURS = (Step.FILL, Step.CHANGE, Step.SAME)


def _remembered(path: Path) -> dict[str, dict[str, str]]:
    try:
        data: dict[str, dict[str, str]] = json.loads(path.read_text("utf-8"))
    except FileNotFoundError:
        return {}
    except ValueError:
        raise GradingRefused(message("export.torn-memory", path=str(path))) from None
    return data


def _replace(path: Path, sheet: Sheet) -> Path:
    """Put the filled file in place of the old one, of which a copy is kept under a free name."""
    target = path.resolve()
    try:
        copy = _copy(target)
        fd, temporary = tempfile.mkstemp(dir=target.parent, prefix=".writing-")
        try:
            with os.fdopen(fd, "wb") as file:
                file.write(sheet.to_bytes())
                file.flush()
                os.fsync(fd)
            shutil.copymode(target, temporary)
            Path(temporary).replace(target)
        except BaseException:
            Path(temporary).unlink(missing_ok=True)
            raise
    except OSError as error:
        why = str(error.strerror)
        raise GradingRefused(message("export.not-written", path=str(path), why=why)) from None
    return copy


def _copy(path: Path) -> Path:
    """Copy a file to the first free name beside it."""
    number = 0
    while True:
        number += 1
        copy = path.with_name(f"{path.name}.before-{number}")
        try:
            with copy.open("xb") as file:
                file.write(path.read_bytes())
                file.flush()
                os.fsync(file.fileno())
        except FileExistsError:
            continue
        return copy
