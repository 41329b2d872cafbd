"""Modules have telling names, and every package has its place in the import contracts."""

import tomllib
from pathlib import Path

from tools.guards.tree import Finding, files

BANNED = {"common", "helper", "helpers", "manager", "misc", "util", "utils"}
SOURCES = {".css", ".js", ".mjs", ".py", ".ts"}
# Packages the contracts need not know: nothing imports them.
OUTSIDE = {"benchmarks", "experiments", "tools", "tests"}


def find_banned_names(root: Path) -> list[Finding]:
    """Find modules and directories named after nothing in particular."""
    findings = []
    for path in files(root):
        inside = path.relative_to(root)
        words = {*inside.parts[:-1], path.stem} if path.suffix in SOURCES else set()
        findings += [
            Finding(inside.as_posix(), 1, f"{word!r} says nothing; name it after what it does")
            for word in sorted(words & BANNED)
        ]
    return findings


def find_unplaced(root: Path) -> list[Finding]:
    """Find top-level packages that import-linter does not look at."""
    settings = tomllib.loads((root / "pyproject.toml").read_text(encoding="utf-8"))
    placed = set(settings["tool"]["importlinter"]["root_packages"]) | OUTSIDE
    present = {
        path.parent.name
        for path in files(root)
        if path.name == "__init__.py" and path.parent.parent == root
    }
    return [
        Finding("pyproject.toml", 1, f"package {name!r} is in no import contract")
        for name in sorted(present - placed)
    ]
