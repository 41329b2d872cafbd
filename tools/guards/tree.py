"""The files a guard looks at, and the form of what it finds."""

import ast
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NamedTuple

TEXT_SUFFIXES = {
    "", ".bib", ".cfg", ".css", ".html", ".ini", ".ipynb", ".js", ".json", ".md", ".mjs", ".py",
    ".sh", ".svg", ".toml", ".ts", ".txt", ".yaml", ".yml",
}  # fmt: skip
# Built by a program from sources that are looked at themselves.
GENERATED = ("exercises/", "rnnwidgets/static/", "package-lock.json")


class Finding(NamedTuple):
    """One place that breaks a rule, and what to do about it."""

    path: str
    line: int
    text: str

    def __str__(self) -> str:
        """Write it as compilers do, so that editors can jump to it."""
        return f"{self.path}:{self.line}: {self.text}"


Guard = Callable[[Path], list[Finding]]


def files(root: Path) -> list[Path]:
    """List the files git tracks or would track, without those that were just deleted."""
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=root,
        check=True,
        capture_output=True,
        text=True,
    ).stdout
    found = (root / name for name in sorted(set(listed.split("\0"))) if name)
    return [path for path in found if path.is_file()]


def texts(root: Path, *suffixes: str, below: str = "") -> Iterator[tuple[str, str]]:
    """Yield the name and content of text files, all of them or those with given suffixes."""
    wanted = set(suffixes) or TEXT_SUFFIXES
    for path in files(root):
        name = path.relative_to(root).as_posix()
        if name.startswith(below) and path.suffix in wanted:
            yield name, path.read_text(encoding="utf-8", errors="replace")


def modules(root: Path, below: str = "") -> Iterator[tuple[str, ast.Module]]:
    """Yield the name and syntax tree of Python sources; a broken one is ruff's to report."""
    for name, text in texts(root, ".py", below=below):
        try:
            yield name, ast.parse(text)
        except SyntaxError:
            continue


def is_generated(name: str) -> bool:
    """Tell whether a program writes this file."""
    return name.startswith(GENERATED)


def line_of(text: str, position: int) -> int:
    """Convert an offset into a line number."""
    return text.count("\n", 0, position) + 1
