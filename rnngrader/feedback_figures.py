"""The learner's own figures for a feedback page: PNG only, decoded and drawn anew, within caps.

Outputs of a submission decide nothing and no other part of the grader reads them. Here they are
read for one purpose, to show a learner's own pictures to that learner again. What goes on the page
are pixels that we encoded, never bytes or text that came with them.
"""

import base64
import binascii
import hashlib
import io
import json
import struct
import warnings
import zlib
from collections.abc import Iterator
from typing import Any

from PIL import Image

from rnngrader.assignment import Assignment, Role
from rnngrader.course import Course
from rnngrader.errors import SubmissionUnreadable
from rnngrader.submission import parse, read_file
from rnngrader.verdict import Status, Verdict

MOST = 8  # figures on a page
MAX_BYTES = 2 << 20  # of a figure as handed in
MAX_PIXELS = 4_000_000
SIDE = 1200  # pixels of the longer side as shown
_SIGNATURE = b"\x89PNG\r\n\x1a\n"
_NEEDED = (b"IHDR", b"PLTE", b"tRNS", b"IDAT")


def figures(course: Course, assignment: Assignment, verdict: Verdict) -> dict[str, list[str]]:
    """Figures by cell, as `data:` addresses; none if the file is not the graded one any more."""
    if verdict.status is not Status.GRADED or not course.submitted.is_dir():
        return {}
    try:
        raw = read_file(course.submitted, verdict.student, assignment.unit)
        if hashlib.sha256(raw).hexdigest() != verdict.submission:
            return {}
        cells = list(_own_cells(assignment, raw))
    except SubmissionUnreadable:
        return {}
    found: dict[str, list[str]] = {}
    count = 0
    for name, outputs in cells:
        for picture in _pictures(outputs):
            drawn = redrawn(picture) if count < MOST else None
            if drawn is not None:
                count += 1
                address = f"data:image/png;base64,{base64.b64encode(drawn).decode()}"
                found.setdefault(name, []).append(address)
    return found


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
        if isinstance(text, str) and len(text) <= 2 * MAX_BYTES:
            try:
                yield base64.b64decode(text.encode("ascii", "replace"))
            except binascii.Error:
                continue


def redrawn(raw: bytes) -> bytes | None:
    """A PNG of ours with the pixels of a PNG of somebody's; None if that is none, or too large."""
    plain = _bare(raw)
    if plain is None:
        return None
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            with Image.open(io.BytesIO(plain), formats=["PNG"]) as image:
                image.load()
                pixels = image.convert("RGBA")
    except (
        OSError,
        SyntaxError,
        ValueError,
        EOFError,
        struct.error,
        Image.DecompressionBombWarning,
    ):
        return None
    pixels.thumbnail((SIDE, SIDE))
    page = Image.new("RGB", pixels.size, "white")
    page.paste(pixels, mask=pixels.getchannel("A"))
    out = io.BytesIO()
    page.save(out, "PNG")
    return out.getvalue()


def _bare(raw: bytes) -> bytes | None:
    """Only the parts of a PNG that are pixels, if it is one and not too large."""
    if len(raw) > MAX_BYTES or not raw.startswith(_SIGNATURE):
        return None
    at, parts, size = len(_SIGNATURE), [_SIGNATURE], 0
    while at + 12 <= len(raw):
        length, kind = struct.unpack_from(">I4s", raw, at)
        chunk = raw[at : at + 12 + length]
        if len(chunk) < 12 + length or zlib.crc32(chunk[4:-4]) != int.from_bytes(chunk[-4:]):
            return None
        if kind == b"IHDR" and length == 13:
            width, height = struct.unpack_from(">II", chunk, 8)
            size = width * height
        if kind in _NEEDED:
            parts.append(chunk)
        at += 12 + length
        if kind == b"IEND":
            return b"".join([*parts, chunk]) if 0 < size <= MAX_PIXELS else None
    return None
