"""Nothing in the tree names an outside host, a path of one machine, or an unfinished merge."""

import re
from collections.abc import Iterator
from pathlib import Path

from tools.guards.tree import Finding, line_of, texts

_ADDRESS = re.compile(r"\b(?:https?|wss?)://((?:[A-Za-z0-9-]+\.)+[A-Za-z0-9-]+)")
# Package registries, also without "https://" before them.
_REGISTRY = re.compile(
    r"pypi\.org|pythonhosted\.org|npmjs\.(?:org|com)|yarnpkg\.com|jsdelivr\.net|unpkg\.com"
    r"|download\.pytorch\.org|deb\.debian\.org|\"resolved\":"
)
# This machine, and names that no machine has (RFC 2606).
_LOCAL = re.compile(r"(?:127\.\d+\.\d+\.\d+|localhost)$")
_RESERVED = re.compile(r"(?:.*\.)?(?:example|invalid|test|localhost)(?:\.(?:com|net|org))?$")
# Names of formats that look like addresses and are never opened.
NAMESPACES = {"www.w3.org", "git-lfs.github.com"}
# Sources a reader may follow. Only in text: a page must never load anything from them.
REFERENCES = {"arxiv.org", "doi.org", "aclanthology.org", "proceedings.mlr.press"}
REFERENCE_FILES = (".bib", ".md")
LICENCES = {"www.apache.org", "creativecommons.org"}

_MACHINE_PATH = re.compile(
    r"(?<![\w.])/(?:work/(?:main|shared)|opt/(?:pypi|wheels)|Users/\w+/|home/(?!learner\b)\w+/)"
    r"|[A-Z]:\\\\?Users\\"
)
_CONFLICT = re.compile(r"^(?:<{7} |>{7} |\|{7} )", flags=re.MULTILINE)


def find_hosts(root: Path) -> list[Finding]:
    """Find addresses outside the site."""
    return [
        Finding(name, line, f"{host}: the course must not depend on other hosts")
        for name, text in texts(root)
        for line, host in _hosts(name, text)
        if not _is_allowed(name, host)
    ]


def find_machine_paths(root: Path) -> list[Finding]:
    """Find absolute paths that exist on one machine only."""
    return _matches(root, _MACHINE_PATH, "is a path of one machine")


def find_conflicts(root: Path) -> list[Finding]:
    """Find the marks git leaves where a merge was not finished."""
    return _matches(root, _CONFLICT, "marks an unfinished merge")


def _matches(root: Path, pattern: re.Pattern[str], what: str) -> list[Finding]:
    return [
        Finding(name, line_of(text, match.start()), f"{match[0].strip()!r} {what}")
        for name, text in texts(root)
        for match in pattern.finditer(text)
    ]


def _hosts(name: str, text: str) -> Iterator[tuple[int, str]]:
    for match in _ADDRESS.finditer(text):
        yield line_of(text, match.start()), match[1]
    # A test may name what it looks for, as long as it is no address.
    if name.startswith("tests/"):
        return
    for match in _REGISTRY.finditer(text):
        yield line_of(text, match.start()), match[0]


def _is_allowed(name: str, host: str) -> bool:
    if host in NAMESPACES or _LOCAL.fullmatch(host) or _RESERVED.fullmatch(host):
        return True
    if name == "LICENSE":
        return host in LICENCES
    return host in REFERENCES and name.endswith(REFERENCE_FILES)
