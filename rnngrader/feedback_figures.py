"""The learner's own figures for a feedback page: opened in a sandbox, encoded by us, within caps.

Outputs of a submission decide nothing and no other part of the grader reads them. Here they are
read for one purpose, to show a learner's own pictures to that learner again. Their bytes are
decoded where learner code runs, by `png.py`. What comes back is an array of pixels, and
the only PNG that reaches a page is the one that we make of it.
"""

import base64
import binascii
import hashlib
import json
import struct
import zlib
from collections.abc import Iterator
from importlib import resources
from typing import Any, NamedTuple

import numpy as np

from rnngrader.assignment import Assignment, Role
from rnngrader.course import Course
from rnngrader.errors import SandboxUnavailable, SubmissionUnreadable
from rnngrader.messages import message
from rnngrader.sandbox.program import Cell, Limits
from rnngrader.sandbox.session import LoadFailed, Sandbox
from rnngrader.submission import parse, read_file
from rnngrader.verdict import Status, Verdict

MOST = 8  # figures on a page
MAX_BYTES = 2 << 20  # of a figure as handed in
MAX_PIXELS = 4_000_000
SIDE = 1200  # pixels of the longer side as shown
LIMITS = Limits(
    call_s=20.0, submission_s=60.0, cpu_s=25, output_kb=1, total_output_kb=1, reply_mb=5
)
MODULES = ("numpy",)
_SIGNATURE = b"\x89PNG\r\n\x1a\n"


class Figures(NamedTuple):
    """What a page shows of a submission's figures.

    Attributes:
        addresses: figures by cell, as `data:` addresses.
        note: for the learner, if some are left out; "" if none is.
        refused: for the instructor, why no figure can be opened here; "" if they can.
    """

    addresses: dict[str, list[str]]
    note: str = ""
    refused: str = ""


def figures(
    course: Course, assignment: Assignment, verdict: Verdict, *, unsafe: bool = False
) -> Figures:
    """Figures of a graded submission; none if the file is not the graded one any more."""
    if verdict.status is not Status.GRADED or not course.submitted.is_dir():
        return Figures({})
    try:
        raw = read_file(course.submitted, verdict.student, assignment.unit)
        if hashlib.sha256(raw).hexdigest() != verdict.submission:
            return Figures({})
        cells = list(_own_cells(assignment, raw))
    except SubmissionUnreadable:
        return Figures({})
    pictures = [(name, picture) for name, outputs in cells for picture in _pictures(outputs)]
    return redrawn(pictures, unsafe=unsafe)


def redrawn(pictures: list[tuple[str, bytes]], *, unsafe: bool = False) -> Figures:
    """The figures of one submission, drawn anew; no sandbox is started where there is none.

    Args:
        pictures: name of a cell and bytes that claim to be a PNG, in the order of the notebook.
        unsafe: open them without a sandbox; only ever by an instructor's explicit wish.
    """
    tried = [(n, raw) for n, raw in pictures if raw[:8] == _SIGNATURE and len(raw) <= MAX_BYTES]
    addresses: dict[str, list[str]] = {}
    with Sandbox([Cell("png", reader())], LIMITS, MODULES, unsafe=unsafe) as sandbox:
        try:
            for name, raw in tried[:MOST]:
                pixels = _opened(raw, sandbox)
                if pixels is not None:
                    address = f"data:image/png;base64,{base64.b64encode(encoded(pixels)).decode()}"
                    addresses.setdefault(name, []).append(address)
        except SandboxUnavailable as error:
            note = message("feedback.figures-closed", count=str(len(pictures)))
            return Figures({}, note, str(error))
    lost = len(pictures) - sum(map(len, addresses.values()))
    limits = {"most": str(MOST), "pixels": f"{MAX_PIXELS:,}", "size": str(MAX_BYTES >> 20)}
    note = message("feedback.figures-left-out", count=str(lost), **limits) if lost else ""
    return Figures(addresses, note)


def reader() -> str:
    """The program that opens figures, to be run in a sandbox."""
    return resources.files("rnngrader").joinpath("png.py").read_text("utf-8")


def _own_cells(assignment: Assignment, raw: bytes) -> Iterator[tuple[str, Any]]:
    """The learner's code cells, named as `rebuild` names them, with their outputs."""
    known = {cell.id: cell.role for cell in assignment.cells}
    submitted = parse(raw)
    book = json.loads(raw.decode("utf-8-sig"))
    if book["nbformat"] != 4:
        return
    seen: set[str] = set()
    extra_count = 0
    for cell, data in zip(submitted, book["cells"], strict=True):
        role = known.get(cell.grade_id or "")
        if role is not None and role not in (Role.SOLUTION, Role.MANUAL):
            continue
        name = cell.grade_id or ""
        if role is None or name in seen:
            if cell.kind != "code" or not cell.source.strip():
                continue
            extra_count += 1
            name = f"extra-{extra_count}"
        seen.add(name)
        if cell.kind == "code":
            yield name, data.get("outputs")


def _pictures(outputs: Any) -> Iterator[bytes]:
    for output in outputs if isinstance(outputs, list) else []:
        data = output.get("data") if isinstance(output, dict) else None
        text = data.get("image/png") if isinstance(data, dict) else None
        if isinstance(text, list) and all(isinstance(part, str) for part in text):
            text = "".join(text)
        if isinstance(text, str):
            try:
                yield base64.b64decode(text.encode("ascii", "replace"))
            except binascii.Error:
                yield b""


def _opened(raw: bytes, sandbox: Sandbox) -> np.ndarray[Any, Any] | None:
    """Pixels that a child of its own found in a figure; None if they are no picture, or too many.

    Raises:
        SandboxUnavailable: if no sandbox can be started.
    """
    try:
        session = sandbox.open()
    except LoadFailed:
        return None
    try:
        given = (np.frombuffer(raw, np.uint8), MAX_PIXELS, SIDE)
        found = session.call("shown", given, {}, {}, returns_args=False).value
    finally:
        session.close()
    if not isinstance(found, np.ndarray) or found.dtype != np.uint8 or found.ndim != 3:
        return None
    height, width, colours = found.shape
    return found if 0 < height <= SIDE and 0 < width <= SIDE and colours == 3 else None


def encoded(pixels: np.ndarray[Any, Any]) -> bytes:
    """A PNG of red, green and blue as `uint8`, shape (height, width, 3).

    Source: "Portable Network Graphics (PNG) Specification (Third Edition)", W3C, chapter 5.
    """
    height, width, _ = pixels.shape
    rows = np.zeros((height, 1 + 3 * width), np.uint8)  # before each row: it is as it is
    rows[:, 1:] = pixels.reshape(height, -1)
    parts = [_SIGNATURE]
    for name, body in (
        (b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)),
        (b"IDAT", zlib.compress(rows.tobytes(), 9)),
        (b"IEND", b""),
    ):
        parts += [len(body).to_bytes(4), name, body, zlib.crc32(name + body).to_bytes(4)]
    return b"".join(parts)
