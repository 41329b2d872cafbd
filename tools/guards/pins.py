"""Every requirement has one exact version, the same in all lists."""

import re
from pathlib import Path

from tools.guards.tree import Finding

LISTS = ("requirements.txt", "requirements-dev.txt")
CONSTRAINTS = "constraints.txt"
_PIN = re.compile(r"([A-Za-z0-9._-]+)==([0-9][^\s+*;]*)")


def find(root: Path) -> list[Finding]:
    """Find requirements that are not pinned, or pinned differently in the constraints."""
    tested = dict(_pins(root / CONSTRAINTS))
    findings = []
    for name in LISTS:
        for number, line in enumerate(_lines(root / name), start=1):
            if not line or line.startswith("-r "):
                continue
            match = _PIN.fullmatch(line)
            if match is None:
                findings.append(Finding(name, number, f"{line!r} is not an exact version"))
            elif tested.get(_canonical(match[1])) != match[2]:
                findings.append(
                    Finding(name, number, f"{line} was not tested: {CONSTRAINTS} differs")
                )
    return findings


def _lines(path: Path) -> list[str]:
    text = path.read_text(encoding="utf-8")
    return [line.split("#")[0].strip() for line in text.splitlines()]


def _pins(path: Path) -> list[tuple[str, str]]:
    found = (_PIN.fullmatch(line) for line in _lines(path))
    return [(_canonical(match[1]), match[2]) for match in found if match]


def _canonical(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()
