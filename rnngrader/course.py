"""Where a course keeps things, and who may change them: paths, lock, secret, atomic writes."""

import contextlib
import fcntl
import os
import re
import secrets
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from nbgrader.apps import NbGrader
from nbgrader.coursedir import CourseDirectory
from sqlalchemy import make_url
from traitlets.config import Config

from rnngrader.errors import GradingRefused
from rnngrader.submission import IGNORED, STUDENT_ID


@dataclass(frozen=True)
class Course:
    """A course directory with nbgrader's layout; `state` is the grader's own folder in it."""

    root: Path
    course_id: str
    db_url: str
    source: Path
    release: Path
    submitted: Path
    autograded: Path
    feedback: Path
    config: Config

    @property
    def state(self) -> Path:
        """Verdicts, the lock and the course's secret."""
        return self.root / ".rnngrader"

    @property
    def db_shown(self) -> str:
        """The gradebook's address without its password, for people."""
        return make_url(self.db_url).render_as_string(hide_password=True)

    @classmethod
    def load(cls, root: Path, *, db_url: str = "") -> "Course":
        """Read `nbgrader_config.py` of a course directory, as nbgrader itself does.

        Args:
            root: the directory.
            db_url: where the gradebook is, if not where nbgrader's settings say.

        Raises:
            GradingRefused: if the folder is not there or has no unit in it.
        """
        root = root.resolve()
        if not root.is_dir():
            raise GradingRefused(f"Expected a course directory, got {root}, which is no folder.")
        with contextlib.chdir(root):
            app = NbGrader()
            app.load_config_file()
            config = app.config
        config.CourseDirectory.setdefault("root", str(root))
        if db_url:
            config.CourseDirectory.db_url = db_url
        return cls.from_coursedir(CourseDirectory(config=config), config)

    @classmethod
    def from_coursedir(cls, coursedir: CourseDirectory, config: Config) -> "Course":
        """The same from nbgrader's own object, as a running nbgrader hands it over."""
        root = Path(coursedir.root).resolve()
        return cls(
            root=root,
            course_id=coursedir.course_id,
            db_url=coursedir.db_url,
            source=root / coursedir.source_directory,
            release=root / coursedir.release_directory,
            submitted=root / coursedir.submitted_directory,
            autograded=root / coursedir.autograded_directory,
            feedback=root / coursedir.feedback_directory,
            config=config,
        )

    def students(self, unit: str) -> tuple[list[str], list[str]]:
        """Ids with a folder for this unit, and names of folders that are no student id.

        Raises:
            GradingRefused: if there is nothing to grade.
        """
        if not self.submitted.is_dir():
            raise GradingRefused(
                f"Expected submissions in {self.submitted}/<student>/{unit}/, but the folder "
                f"{self.submitted.name} is not there. Collect first."
            )
        names = [p.name for p in self.submitted.iterdir() if os.path.lexists(p / unit)]
        names = [n for n in names if n not in IGNORED and not n.startswith(".")]
        students = sorted(n for n in names if STUDENT_ID.fullmatch(n))
        if not students:
            raise GradingRefused(
                f"Expected submissions in {self.submitted}/<student>/{unit}/, found none."
            )
        return students, sorted(set(names) - set(students))

    def key(self) -> bytes:
        """The secret that fresh inputs are drawn from; made once, readable by the owner only.

        Raises:
            GradingRefused: if it was cut or changed, so that inputs could be foreseen.
        """
        path = self.state / "key"
        self.state.mkdir(mode=0o700, exist_ok=True)
        if not path.exists():
            write_atomically(path, secrets.token_hex(32), mode=0o600)
        text = path.read_text("ascii", "replace").strip()
        if not re.fullmatch("[0-9a-f]{64}", text):
            raise GradingRefused(
                f"The course's secret, {path}, is damaged. Put a backup in its place, or remove "
                "it: a new one is then drawn, and everything is judged again on other inputs."
            )
        return bytes.fromhex(text)

    @contextlib.contextmanager
    def lock(self) -> Iterator[None]:
        """Only one run at a time changes a course; the lock ends with the process that holds it.

        Raises:
            GradingRefused: if another run holds it.
        """
        self.state.mkdir(mode=0o700, exist_ok=True)
        with (self.state / "lock").open("a+") as file:
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                file.seek(0)
                raise GradingRefused(
                    f"Another grading run (process {file.read().strip() or 'unknown'}) is at "
                    "work on this course. Wait for it, or stop it first."
                ) from None
            file.seek(0)
            file.truncate()
            file.write(str(os.getpid()))
            file.flush()
            yield


def write_atomically(path: Path, text: str, *, mode: int = 0o644, durable: bool = True) -> None:
    """Write a file whole or not at all, also when the machine stops in the middle.

    With `durable=False` only the death of a process is provided for. It is for files that the
    next run makes again if a power cut took them.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    fd, temporary = tempfile.mkstemp(dir=path.parent, prefix=".writing-")
    try:
        with os.fdopen(fd, "w", encoding="utf-8") as file:
            file.write(text)
            file.flush()
            if durable:
                os.fsync(fd)
            os.fchmod(fd, mode)
        Path(temporary).replace(path)
    except BaseException:
        Path(temporary).unlink(missing_ok=True)
        raise
    if not durable:
        return
    folder = os.open(path.parent, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)
