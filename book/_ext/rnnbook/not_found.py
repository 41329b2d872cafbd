"""The page for addresses that lead nowhere.

A server shows it at any depth, so nothing in it is relative: its style is inside, and it looks for
the book's first page itself.
"""

from __future__ import annotations

import string
from pathlib import Path
from typing import TYPE_CHECKING, Final

from rnnbook.messages import messages

if TYPE_CHECKING:
    from sphinx.application import Sphinx

TEMPLATE: Final = Path(__file__).with_name("not_found.html")


def _finish(app: Sphinx, error: Exception | None) -> None:
    if error is not None or app.builder.name != "html":
        return
    template = string.Template(TEMPLATE.read_text(encoding="utf-8"))
    page = template.substitute(messages("not_found"), language=app.config.language)
    (Path(app.outdir) / "404.html").write_text(page, encoding="utf-8")


def register(app: Sphinx) -> None:
    """Write the page at the end of the build."""
    app.connect("build-finished", _finish)
