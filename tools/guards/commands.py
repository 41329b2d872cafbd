"""What the documents tell people to type exists, and CI runs the same."""

import re
from pathlib import Path

from tools.guards.tree import Finding, line_of, texts

_TARGET = re.compile(r"^([a-z][a-z-]*):[^=\n]*##", flags=re.MULTILINE)
# In a code block at the start of a line, or in `inline code`.
_MAKE = re.compile(r"(?:^[ \t]*(?:\$ )?|`)make ([a-z][a-z-]*)", flags=re.MULTILINE)
_FENCE = re.compile(r"^(```+|~~~+)[^\n]*\n(.*?)^\1", flags=re.MULTILINE | re.DOTALL)
_INLINE = re.compile(r"`[^`\n]+`")
_SOFTENER = re.compile(r"\|\||continue-on-error|--reruns|\bset \+e\b|^\t-", flags=re.MULTILINE)
CONTRIBUTING = "CONTRIBUTING.md"
CI = ".ci/run"


def targets(root: Path) -> set[str]:
    """Read the documented targets of the Makefile."""
    return set(_TARGET.findall((root / "Makefile").read_text(encoding="utf-8")))


def find_unknown(root: Path) -> list[Finding]:
    """Find `make` commands in documents that the Makefile does not have."""
    known = targets(root)
    return [
        Finding(name, line, f"the Makefile has no target {target!r}")
        for name, text in texts(root, ".md")
        for line, target in _quoted(text)
        if target not in known
    ]


def find_undocumented(root: Path) -> list[Finding]:
    """Find targets that CONTRIBUTING does not tell of."""
    text = (root / CONTRIBUTING).read_text(encoding="utf-8")
    told = {target for _, target in _quoted(text)}
    return [
        Finding(CONTRIBUTING, 1, f"make {target} is missing")
        for target in sorted(targets(root) - told)
    ]


def find_softeners(root: Path) -> list[Finding]:
    """Find what lets a failed gate pass, and a CI that runs something else than `make test`."""
    findings = [
        Finding(name, line_of(text, match.start()), f"{match[0]!r} hides a failure")
        for name in ("Makefile", CI)
        for text in [(root / name).read_text(encoding="utf-8")]
        for match in _SOFTENER.finditer(text)
    ]
    script = (root / CI).read_text(encoding="utf-8").splitlines()
    allowed = ("#", "set -euo pipefail", "cd ", "exec make test")
    for number, line in enumerate(script, start=1):
        if line.strip() and not line.startswith(allowed):
            findings.append(Finding(CI, number, "CI may call `make test` and nothing else"))
    return findings


def _quoted(text: str) -> list[tuple[int, str]]:
    """List the `make` commands in code, with their lines; prose may say "make sure"."""
    pieces = [(match.start(2), match[2]) for match in _FENCE.finditer(text)]
    outside = _FENCE.sub(lambda match: re.sub(r"[^\n]", " ", match[0]), text)
    pieces += [(match.start(), match[0]) for match in _INLINE.finditer(outside)]
    return [
        (line_of(text, start + match.start()), match[1])
        for start, piece in pieces
        for match in _MAKE.finditer(piece)
    ]
