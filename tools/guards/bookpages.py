"""Pages include code by marks that are unambiguous; docstrings cite equations that exist."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

from tools.guards.tree import Finding, line_of, modules, texts

_INCLUDE = re.compile(
    r"^(?P<fence>[`:]{3,})\{literalinclude\}\s*(?P<path>\S+)\n(?P<options>.*?)^(?P=fence)\s*$",
    flags=re.MULTILINE | re.DOTALL,
)
_OPTION = re.compile(
    r"^:?(start-at|start-after|end-at|end-before|pyobject):\s*(.+?)\s*$", re.MULTILINE
)
_CITED = re.compile(r"\{eq\}`+([^`]+)`+")
_LABELS = [
    re.compile(r"^:?label:\s*(\S+)\s*$", flags=re.MULTILINE),
    re.compile(r"\$\$\s*\(([\w-]+)\)"),
    re.compile(r"^\(([\w-]+)\)=", flags=re.MULTILINE),
]


def find_bad_includes(root: Path) -> list[Finding]:
    """Find included code whose file or marks are missing or ambiguous."""
    findings = []
    for name, text in texts(root, ".md", below="book/"):
        for match in _INCLUDE.finditer(text):
            line = line_of(text, match.start())
            path = (root / name).parent / match["path"].strip("\"'")
            if match["path"].startswith("/"):
                path = root / "book" / match["path"].lstrip("/")
            problems = _problems(path, dict(_OPTION.findall(match["options"])))
            findings += [Finding(name, line, problem) for problem in problems]
    return findings


def find_unknown_labels(root: Path) -> list[Finding]:
    """Find equations cited in docstrings that no page of the book has."""
    labels = {
        label
        for _, text in texts(root, ".md", below="book/")
        for pattern in _LABELS
        for label in pattern.findall(text)
    }
    return [
        Finding(name, getattr(node, "lineno", 1), f"the book has no equation {label!r}")
        for name, tree in modules(root, below="rnn")
        for node in ast.walk(tree)
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef)
        for label in _CITED.findall(ast.get_docstring(node) or "")
        if label not in labels
    ]


def _problems(path: Path, options: dict[str, str]) -> Iterator[str]:
    if not path.is_file():
        yield f"{path.name} does not exist"
        return
    lines = path.read_text(encoding="utf-8").splitlines()
    first = 0
    for key, value in options.items():
        mark = value.strip("\"'")
        if key.startswith("start"):
            hits = [number for number, line in enumerate(lines) if mark in line]
            first = hits[0] if hits else 0
            if len(hits) != 1:
                yield f"{mark!r} must occur once in {path.name}, and occurs {len(hits)} times"
        elif key.startswith("end"):
            # Sphinx looks for the end only after the start.
            if not any(mark in line for line in lines[first + 1 :]):
                yield f"{mark!r} does not follow in {path.name}"
        elif not _defines("\n".join(lines), mark):
            yield f"{path.name} does not define {mark}"


def _defines(source: str, name: str) -> bool:
    body: list[ast.stmt] = ast.parse(source).body
    for part in name.split("."):
        found = [
            node
            for node in body
            if isinstance(node, ast.ClassDef | ast.FunctionDef) and node.name == part
        ]
        if len(found) != 1:
            return False
        body = found[0].body
    return True
