"""Look for what learners must not receive: solution lines, hidden tests, markers."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

# A shorter line, such as `return h, c`, says nothing about where it came from.
MIN_LENGTH = 20
# nbgrader's pairs of markers. What stands between them is for the instructor.
SECTIONS = ("SOLUTION", "HIDDEN TESTS", "MARK SCHEME")
OPENING = tuple(f"BEGIN {section}" for section in SECTIONS)
CLOSING = tuple(f"END {section}" for section in SECTIONS)


class Leak(NamedTuple):
    """One line that must not be there."""

    path: Path
    line: str


def normalised(line: str) -> str:
    """Drop the differences that do not make a line another line."""
    return " ".join(line.split())


def secret_lines(notebook: dict[str, Any]) -> set[str]:
    """Collect the lines of a source notebook that a release must not contain."""
    secrets: set[str] = set()
    for cell in notebook["cells"]:
        lines = _text(cell["source"]).splitlines()
        marked = list(_between_markers(lines))
        is_solution = cell["metadata"].get("nbgrader", {}).get("solution", False)
        # Without markers nbgrader replaces a solution cell as a whole.
        secrets.update(lines if is_solution and not marked else marked)
    return {text for line in secrets if len(text := normalised(line)) >= MIN_LENGTH}


def find_leaks(source: Path, release: Path) -> list[Leak]:
    """Compare every text of a released unit with the secrets of its sources."""
    secrets: set[str] = set()
    for path in sorted(source.rglob("*.ipynb")):
        secrets |= secret_lines(json.loads(path.read_text(encoding="utf-8")))
    return [
        Leak(path, line)
        for path in sorted(release.rglob("*"))
        if path.is_file()
        for line in _lines_of(path)
        if _is_marker(line) or any(secret in line for secret in secrets)
    ]


def _between_markers(lines: list[str]) -> Iterator[str]:
    inside = False
    for line in lines:
        if any(marker in line for marker in OPENING):
            inside = True
        elif any(marker in line for marker in CLOSING):
            inside = False
        elif inside:
            yield line


def _is_marker(line: str) -> bool:
    return line.startswith("###") and any(marker in line for marker in OPENING + CLOSING)


def _lines_of(path: Path) -> Iterator[str]:
    """Yield the normalised lines of every text in a file, wherever a notebook holds it."""
    text = path.read_text(encoding="utf-8", errors="replace")
    texts = _strings(json.loads(text)) if path.suffix in {".ipynb", ".json"} else iter([text])
    for one in texts:
        yield from map(normalised, one.splitlines())


def _strings(value: object) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, list):
        if all(isinstance(item, str) for item in value):
            yield _text(value)
        else:
            for item in value:
                yield from _strings(item)
    elif isinstance(value, dict):
        for key, item in value.items():
            yield key
            yield from _strings(item)


def _text(source: str | list[str]) -> str:
    return source if isinstance(source, str) else "".join(source)
