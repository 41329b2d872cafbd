"""What a learner handed in: read without following a link, parsed without believing anything.

Two steps on purpose. `read_file` runs in the coordinator and only moves bytes; `parse` runs in
the judge's process, so that a notebook built to break a parser costs its own submission only.
"""

import json
import os
import re
import stat
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from rnngrader.errors import SubmissionUnreadable

MAX_BYTES = 20 << 20
MAX_CELLS = 500
MAX_SOURCE = 200_000
STUDENT_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9._@-]{0,63}", re.ASCII)
IGNORED = {"__MACOSX", "Thumbs.db", "desktop.ini"}
_FLAGS = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC


@dataclass(frozen=True)
class SubmittedCell:
    """A cell of a submission: kind, source, and the nbgrader id it claims (may be None)."""

    kind: str
    source: str
    grade_id: str | None


def read_file(submitted: Path, student: str, unit: str) -> bytes:
    """The bytes of a student's notebook for a unit.

    Raises:
        SubmissionUnreadable: if there is no such file, or it is a link, a pipe or too large.
    """
    folder = os.open(submitted, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    opened = [folder]
    try:
        for name in (student, unit):
            opened.append(os.open(name, _FLAGS | os.O_DIRECTORY, dir_fd=opened[-1]))
        return _read_regular(opened[-1], f"{unit}.ipynb")
    except NotADirectoryError:
        raise SubmissionUnreadable(
            f"Expected a plain folder {student}/{unit}, got a file or a symbolic link."
        ) from None
    except OSError as error:
        reason = "a symbolic link" if error.errno == 40 else error.strerror
        raise SubmissionUnreadable(f"The file {unit}.ipynb cannot be read: {reason}.") from None
    finally:
        for fd in reversed(opened):
            os.close(fd)


def read_beside(submitted: Path, student: str, unit: str, name: str, most: int = 4096) -> bytes:
    """The first bytes of a small file beside a notebook; none if there is no such plain file."""
    opened: list[int] = []
    try:
        opened.append(os.open(submitted, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC))
        for folder in (student, unit):
            opened.append(os.open(folder, _FLAGS | os.O_DIRECTORY, dir_fd=opened[-1]))
        opened.append(os.open(name, _FLAGS, dir_fd=opened[-1]))
        return os.read(opened[-1], most) if stat.S_ISREG(os.fstat(opened[-1]).st_mode) else b""
    except OSError:
        return b""
    finally:
        for fd in reversed(opened):
            os.close(fd)


def _read_regular(folder: int, name: str) -> bytes:
    try:
        fd = os.open(name, _FLAGS, dir_fd=folder)
    except FileNotFoundError:
        found = sorted(ascii(n[:60]) for n in os.listdir(folder) if n.endswith(".ipynb"))[:5]
        raise SubmissionUnreadable(
            f"Expected a notebook named {name}, found {', '.join(found) or 'none'}."
        ) from None
    with os.fdopen(fd, "rb") as file:
        status = os.fstat(fd)
        if not stat.S_ISREG(status.st_mode) or status.st_nlink > 1:
            raise SubmissionUnreadable(f"Expected {name} to be a plain file of its own.")
        if status.st_size > MAX_BYTES:
            raise SubmissionUnreadable(
                f"Expected a notebook of at most {MAX_BYTES >> 20} MB, got "
                f"{status.st_size >> 20} MB. Clear the outputs and hand in again."
            )
        return file.read(MAX_BYTES + 1)


def parse(raw: bytes) -> list[SubmittedCell]:
    """Kind, source and claimed id of every cell; tags, outputs and all else are never read.

    Raises:
        SubmissionUnreadable: in one sentence with the place and the likely cause.
    """
    book = _json(_text(raw))
    if not isinstance(book, dict) or type(book.get("nbformat")) is not int:  # `true` is an int too
        raise SubmissionUnreadable("The file is JSON but not a notebook: it has no nbformat.")
    if book["nbformat"] == 3:
        book = _from_v3(book)
    if book["nbformat"] != 4:
        raise SubmissionUnreadable(f"Expected notebook format 4, got {_short(book['nbformat'])}.")
    cells = book.get("cells")
    if not isinstance(cells, list):
        raise SubmissionUnreadable("The file is JSON but not a notebook: it has no list of cells.")
    if len(cells) > MAX_CELLS:
        raise SubmissionUnreadable(f"Expected at most {MAX_CELLS} cells, got {len(cells)}.")
    return [_cell(cell, number) for number, cell in enumerate(cells, 1)]


def _text(raw: bytes) -> str:
    if not raw.strip():
        raise SubmissionUnreadable("The file is empty.")
    if raw[:2] in (b"\xff\xfe", b"\xfe\xff"):
        raise SubmissionUnreadable("The file is UTF-16; save the notebook as UTF-8.")
    if raw.startswith(b"version https://git-lfs"):
        raise SubmissionUnreadable("The file is a Git LFS pointer, not the notebook itself.")
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise SubmissionUnreadable(f"The file is not UTF-8: {error.reason}.") from None


def _json(text: str) -> Any:
    if re.search(r"^(<{7}|={7}|>{7})", text, re.MULTILINE):
        raise SubmissionUnreadable("The file holds merge-conflict markers (<<<<<<<).")
    try:
        return json.loads(text)
    except json.JSONDecodeError as error:
        raise SubmissionUnreadable(
            f"The file is not a notebook: {error.msg} at line {error.lineno}, "
            f"column {error.colno}. Was it cut off while saving?"
        ) from None
    except RecursionError:
        raise SubmissionUnreadable("The file is nested too deeply to be a notebook.") from None
    except ValueError:
        raise SubmissionUnreadable("The file holds a number that is too long.") from None


def _short(number: int) -> str:
    digits = str(number)
    return digits if len(digits) <= 20 else f"a number of {len(digits)} digits"


def _from_v3(book: Any) -> Any:
    import nbformat  # slow to import, and hardly ever needed

    try:
        return nbformat.convert(nbformat.from_dict(book), 4)
    except Exception as error:  # noqa: BLE001 - an old format, of any shape: whatever fails, the file is at fault
        name = type(error).__name__
        raise SubmissionUnreadable(f"The format-3 notebook does not convert ({name}).") from None


def _cell(cell: Any, number: int) -> SubmittedCell:
    source = cell.get("source", "") if isinstance(cell, dict) else None
    if isinstance(source, list) and all(isinstance(part, str) for part in source):
        source = "".join(source)
    if not isinstance(source, str):
        raise SubmissionUnreadable(f"Cell {number}, counted from 1, has no source text.")
    if len(source) > MAX_SOURCE:
        raise SubmissionUnreadable(
            f"Cell {number}, counted from 1, is longer than {MAX_SOURCE} characters."
        )
    metadata = cell.get("metadata")
    nbgrader = metadata.get("nbgrader") if isinstance(metadata, dict) else None
    grade_id = nbgrader.get("grade_id") if isinstance(nbgrader, dict) else None
    source = source.encode("utf-8", "replace").decode()  # lone surrogates
    return SubmittedCell(
        kind="code" if cell.get("cell_type") == "code" else "markdown",
        source=source.replace("\r\n", "\n"),
        grade_id=grade_id if isinstance(grade_id, str) and len(grade_id) <= 200 else None,
    )
