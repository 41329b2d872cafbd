"""Links that set a widget: ``[close the gate](#w-gates=f:0)``.

Such a link names no section, so the usual check would call it broken. It is checked here
instead: the widget must be on the page, and it must know each value.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar
from urllib.parse import unquote

from docutils import nodes
from sphinx.transforms import SphinxTransform
from sphinx.util import logging

from rnnbook.fallbacks import check_text, inputs_of
from rnnbook.widgets import DIGEST_LENGTH, anywidget

if TYPE_CHECKING:
    from sphinx.application import Sphinx

logger = logging.getLogger(__name__)
LINK = re.compile(r"#w-([A-Za-z][\w-]*)=(.*)")


def _complaint(values: str, module: str) -> str | None:
    """Return what is wrong with ``f:.9,i:.5``, or None."""
    for pair in values.split(",") if values else []:
        name, colon, text = pair.partition(":")
        if not (colon and text):
            return f"expected NAME:VALUE, got {pair!r}"
        try:
            check_text(module, name, text)
        except ValueError as error:
            return str(error)
    return None


class HashLinks(SphinxTransform):
    """Resolve links to widget states before the general resolver sees them."""

    default_priority: ClassVar[int] = 878  # MyST resolves the other ``#`` links at 879

    def apply(self) -> None:
        """Check each link and mark it as resolved."""
        modules = {
            node["model"].get("id"): Path(node["esm"]).stem[: -DIGEST_LENGTH - 1]
            for node in self.document.findall(anywidget)
        }
        for link in self.document.findall(nodes.reference):
            match = LINK.fullmatch(unquote(link.get("refuri", "")))
            if not match or not link.get("id_link"):
                continue
            identity, values = match.groups()
            del link["id_link"]
            link["internal"] = True
            if identity not in modules:
                logger.warning("expected a widget with id %r on this page", identity, location=link)
            elif inputs_of(modules[identity]):
                complaint = _complaint(values, modules[identity])
                if complaint:
                    logger.warning("link to widget %r: %s", identity, complaint, location=link)


def register(app: Sphinx) -> None:
    """Add the transform."""
    app.add_transform(HashLinks)
