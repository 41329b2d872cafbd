"""Repairs of markup that the theme and other extensions write and axe-core rejects."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from sphinx.application import Sphinx

#: Pattern, replacement and reason. Each can go when the package named has a release without it.
REPAIRS: Final[tuple[tuple[re.Pattern[str], str, str], ...]] = (
    (
        re.compile(r'(<button class="[^"]*search-button-field[^"]*"[^>]*?)\s+aria-label="Search"'),
        r"\1",
        "pydata-sphinx-theme: the visible text 'Search Ctrl+K' is the button's name",
    ),
    (
        re.compile(r'(<summary) aria-label="Toggle hidden content"'),
        r"\1",
        "myst-nb: the visible text is the name of the toggle",
    ),
    (
        re.compile(r'<div role="list" class="citation-list">'),
        '<div class="citation-list">',
        "docutils: the entries are not list items",
    ),
    (
        re.compile(r'(<div class="citation" id="[^"]*") role="doc-biblioentry"'),
        r"\1",
        "docutils: the role is deprecated and not allowed here",
    ),
)


def repaired(page: str) -> str:
    """Return the HTML of a page with the known faults removed."""
    for pattern, replacement, _reason in REPAIRS:
        page = pattern.sub(replacement, page)
    return page


def _finish(app: Sphinx, error: Exception | None) -> None:
    if error is not None or app.builder.format != "html":
        return
    for path in Path(app.outdir).rglob("*.html"):
        before = path.read_text(encoding="utf-8")
        after = repaired(before)
        if after != before:
            path.write_text(after, encoding="utf-8")


def register(app: Sphinx) -> None:
    """Connect the repairs to the end of the build."""
    app.connect("build-finished", _finish)
