"""Verdict files: one per submission and version, written whole, found again by their content."""

import hashlib
import re
from pathlib import Path

from rnngrader.assignment import Assignment
from rnngrader.course import Course, write_atomically
from rnngrader.submission import STUDENT_ID
from rnngrader.verdict import Verdict


class VerdictStore:
    """Verdicts of one unit, under `.rnngrader/verdicts/<unit>/`.

    A verdict is named by what it depends on: submission bytes, unit and grader version (both in
    the assignment's version) and the course's secret. The same input finds the same file, so an
    interrupted run goes on where it stopped. A file that a power cut tore is no JSON; it counts
    as missing and is made again, byte for byte, so nothing here waits for the disk.
    """

    def __init__(self, course: Course, assignment: Assignment) -> None:
        self.assignment = assignment
        self.folder = course.state / "verdicts" / assignment.unit
        self.latest_folder = self.folder / "latest"
        self._seconds = course.state / "seconds" / f"{assignment.unit}.csv"
        self._key = course.key()

    def path(self, student: str, raw: bytes) -> Path:
        """Where the verdict for these bytes of this student is or will be."""
        parts = (self._key, student.encode(), self.assignment.version.encode(), raw)
        name = hashlib.sha256(b"".join(len(p).to_bytes(8) + p for p in parts)).hexdigest()
        return self.folder / name[:2] / f"{name}.json"

    def find(self, student: str, raw: bytes) -> Verdict | None:
        """The stored verdict, or None; a torn or foreign file counts as none."""
        return _read(self.path(student, raw))

    def save(self, verdict: Verdict, raw: bytes) -> None:
        """Keep a verdict; one with a fault of ours is not kept, so it is graded again."""
        if not verdict.faulty:
            path = self.path(verdict.student, raw)
            write_atomically(path, verdict.to_json(), durable=False)

    def latest(self, student: str) -> Verdict | None:
        """The verdict that was last entered in the gradebook for a student."""
        return _read(self.latest_folder / f"{student}.json")

    def mark_latest(self, verdict: Verdict) -> None:
        """Remember that this verdict is the one in the gradebook."""
        path = self.latest_folder / f"{verdict.student}.json"
        write_atomically(path, verdict.to_json(), durable=False)

    def note_seconds(self, verdict: Verdict, seconds: float | None) -> None:
        """Write down how long a submission took; an aid for people, so nothing depends on it."""
        if seconds is not None:
            self._seconds.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            with self._seconds.open("a", encoding="utf-8") as file:
                file.write(f"{verdict.student},{verdict.submission},{seconds:.3f}\n")

    def seconds(self) -> dict[tuple[str, str], float]:
        """Seconds that judging took last, by student and submission; a torn line is left out."""
        try:
            lines = self._seconds.read_text(encoding="utf-8").splitlines()
        except FileNotFoundError:
            return {}
        found = {}
        for line in lines:
            match line.split(","):
                case [student, submission, text] if re.fullmatch(r"\d+\.\d{3}", text):
                    found[student, submission] = float(text)
        return found


def latest_verdicts(course: Course, student: str, unit: str = "") -> list[Verdict]:
    """The verdicts that the gradebook has of a student, by unit; of one unit if it is named."""
    if not STUDENT_ID.fullmatch(student):
        return []
    folders = sorted((course.state / "verdicts").glob("*/latest"))
    found = [_read(folder / f"{student}.json") for folder in folders]
    return [v for v in found if v is not None and unit in ("", v.unit)]


def _read(path: Path) -> Verdict | None:
    try:
        return Verdict.from_json(path.read_text(encoding="utf-8"))
    except (FileNotFoundError, ValueError, KeyError, TypeError):
        return None
