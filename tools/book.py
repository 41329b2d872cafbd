"""Build the book, if something it is made of has changed."""

import hashlib
import re
import subprocess
import time
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TextIO

from tools import environment
from tools.console import interruptible, say, stop
from tools.machine import BUILD, ROOT, VENV

HTML = BUILD / "book" / "_build" / "html"
STAMP = BUILD / "book" / ".inputs"
# What a page is made of: its text, the code it includes and runs, the tools that build it.
# Pages offer the exercises for download; solutions stand for them, as learners write in exercises.
SOURCES = [
    "book",
    "rnncore",
    "rnnwidgets",
    "rnngrader",
    "solutions",
    "experiments",
    "benchmarks",
    "requirements.txt",
    "constraints.txt",
]
LOG = BUILD / "book.log"
_COLOUR = re.compile(r"\x1b\[[0-9;]*m")
_PROGRESS = re.compile(r"(?:reading sources|writing output)\.\.\. \[|\S+: Executing notebook")
# Kernels log warnings of their own, in brackets; those are not about the book.
_TROUBLE = re.compile(r"^(?!\[).*(?:WARNING|ERROR|CRITICAL|Traceback)")
PASSED_OVER = {"__pycache__", "_build", "_generated", ".ipynb_checkpoints", ".jupyter_cache"}


def inputs() -> Iterator[Path]:
    """Yield every file the book is built from, in a fixed order."""
    for name in SOURCES:
        top = ROOT / name
        for path in sorted(top.rglob("*")) if top.is_dir() else [top]:
            if path.is_file() and PASSED_OVER.isdisjoint(path.relative_to(ROOT).parts):
                yield path


def fingerprint() -> str:
    """Hash the names and contents of all inputs."""
    digest = hashlib.sha256()
    for path in inputs():
        content = hashlib.sha256(path.read_bytes()).hexdigest()
        digest.update(f"{path.relative_to(ROOT).as_posix()} {content}\n".encode())
    return digest.hexdigest()


def is_current() -> bool:
    """Tell whether the built book matches its sources."""
    return (HTML / "index.html").exists() and STAMP.exists() and STAMP.read_text() == fingerprint()


def build() -> None:
    """Build the book; warnings and failing cells are errors."""
    if is_current():
        return
    started = time.monotonic()
    before = fingerprint()
    # A build that is interrupted leaves pages of two states.
    STAMP.unlink(missing_ok=True)
    program = str(VENV / "bin" / "jupyter-book")
    command = [program, "build", "book", "--path-output", "build/book", "-W", "-n", "--keep-going"]
    if _follow(command):
        stop(f"The book could not be built; its whole log is {LOG.relative_to(ROOT)}.")
    STAMP.write_text(before)
    say(f"Book built in {time.monotonic() - started:.0f} s")


def _follow(command: list[str]) -> int:
    """Run the build; show which page it is at, and all that is wrong; log the rest."""
    LOG.parent.mkdir(parents=True, exist_ok=True)
    with (
        LOG.open("w", encoding="utf-8") as log,
        subprocess.Popen(
            command,
            cwd=ROOT,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            env=environment.clean_environment(),
            encoding="utf-8",
            errors="replace",
        ) as build_process,
    ):
        try:
            _show(build_process.stdout or (), log)
        except KeyboardInterrupt:
            build_process.terminate()
            raise
    return build_process.returncode


def _show(lines: Iterable[str], log: TextIO) -> None:
    trouble = False
    for coloured in lines:
        line = _COLOUR.sub("", coloured)
        log.write(line)
        # What follows a first complaint, such as a traceback, belongs to it.
        trouble = trouble or _TROUBLE.search(line) is not None
        if trouble or _PROGRESS.match(line):
            say(f"  {line.rstrip()}")


def main() -> int:
    """Install what the book needs, then build it."""
    environment.ensure("course")
    build()
    say(f"The book is in {HTML.relative_to(ROOT)}")
    return 0


if __name__ == "__main__":
    raise SystemExit(interruptible(main, "make book"))
