"""Let the search work from disk.

Its index is a script, which pages opened from disk may load. The excerpts below the results are
not: Sphinx fetches the pages, which browsers refuse on disk, and logs an error for each.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Final

from sphinx.errors import ExtensionError

if TYPE_CHECKING:
    from sphinx.application import Sphinx

SCRIPT: Final = "_static/searchtools.js"
ALWAYS: Final = "else if (showSearchSummary)"
ON_SERVERS: Final = 'else if (showSearchSummary && location.protocol !== "file:")'


def _finish(app: Sphinx, error: Exception | None) -> None:
    path = Path(app.outdir) / SCRIPT
    if error is not None or not path.is_file():
        return
    text = path.read_text(encoding="utf-8")
    if ON_SERVERS in text:
        return
    if text.count(ALWAYS) != 1:
        raise ExtensionError(f"expected {ALWAYS!r} once in {SCRIPT}, got {text.count(ALWAYS)}")
    path.write_text(text.replace(ALWAYS, ON_SERVERS), encoding="utf-8")


def register(app: Sphinx) -> None:
    """Change the script at the end of the build."""
    app.connect("build-finished", _finish)
