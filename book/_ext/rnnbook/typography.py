"""Keep a formula and the punctuation that touches it on one line.

Each inline formula is a box of its own, and browsers may break the line after it:
the comma of "h, c" would then start the next line.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from docutils import nodes
from sphinx.transforms.post_transforms import SphinxPostTransform

if TYPE_CHECKING:
    from sphinx.application import Sphinx

CLOSING = re.compile(r"[^\s\w(\[{“‘—–]+")
OPENING = re.compile(r"[(\[{“‘]+$")


class UnbrokenMath(SphinxPostTransform):
    """Wrap ``(``, formula and ``),`` into one span that does not break."""

    default_priority = 900
    formats = ("html",)

    def run(self, **_options: object) -> None:
        """Change every inline formula that touches punctuation."""
        for math in list(self.document.findall(nodes.math)):
            self._wrap(math)

    @staticmethod
    def _wrap(math: nodes.math) -> None:
        parent: nodes.Element = math.parent
        siblings: list[nodes.Node] = parent.children
        at = siblings.index(math)
        before = siblings[at - 1] if at else None
        after = siblings[at + 1] if at + 1 < len(siblings) else None
        opening = OPENING.search(before) if isinstance(before, nodes.Text) else None
        closing = CLOSING.match(after) if isinstance(after, nodes.Text) else None
        if not opening and not closing:
            return
        span = nodes.inline("", "", classes=["unbroken"])
        parent.replace(math, span)
        if opening:
            parent.replace(before, nodes.Text(str(before)[: opening.start()]))
            span += nodes.Text(opening.group())
        span += math
        if closing:
            span += nodes.Text(closing.group())
            parent.replace(after, nodes.Text(str(after)[closing.end() :]))


def register(app: Sphinx) -> None:
    """Add the transform."""
    app.add_post_transform(UnbrokenMath)
