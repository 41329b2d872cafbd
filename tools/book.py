"""Build the book, if something it is made of has changed."""

import hashlib
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

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
    "requirements.txt",
    "constraints.txt",
]
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
    program = str(VENV / "bin" / "jupyter-book")
    command = [program, "build", "book", "--path-output", "build/book", "-W", "-n", "--keep-going"]
    done = subprocess.run(
        command,
        cwd=ROOT,
        stdin=subprocess.DEVNULL,
        env=environment.clean_environment(),
        check=False,
    )
    if done.returncode:
        stop("The book could not be built; the lines above say where.")
    STAMP.write_text(before)
    say(f"Book built in {time.monotonic() - started:.0f} s")


def main() -> int:
    """Install what the book needs, then build it."""
    environment.ensure("course")
    build()
    say(f"The book is in {HTML.relative_to(ROOT)}")
    return 0


if __name__ == "__main__":
    raise SystemExit(interruptible(main, "make book"))
