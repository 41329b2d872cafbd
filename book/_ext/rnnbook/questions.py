"""Boxes of a chapter: ``{predict}`` and ``{quiz}`` with an answer that unfolds, ``{breaks}``.

A line ``+++`` stands between question and answer::

    :::{predict}
    What is left of 1 after 100 steps that keep 0.9?
    +++
    Almost nothing.
    :::
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from docutils import nodes
from docutils.parsers.rst import directives
from docutils.statemachine import StringList
from sphinx.util.docutils import SphinxDirective

from rnnbook.messages import messages

if TYPE_CHECKING:
    from collections.abc import Callable

    from sphinx.application import Sphinx
    from sphinx.writers.html5 import HTML5Translator

SEPARATOR = "+++"


class answer(nodes.General, nodes.Element):  # type: ignore[misc, unused-ignore]  # noqa: N801
    """What unfolds below a question; ``summary`` is the line that unfolds it."""


class Box(SphinxDirective):
    """A box with a title of its own; the argument, where given, is the title instead."""

    optional_arguments = 1
    final_argument_whitespace = True
    has_content = True
    option_spec: ClassVar[dict[str, Callable[[str], Any]] | None] = {
        "name": directives.unchanged,
        "class": directives.class_option,
    }
    unfolds: ClassVar[bool] = False

    def run(self) -> list[nodes.Node]:
        """Return an admonition, with the answer inside where there is one."""
        self.assert_has_content()
        box = nodes.admonition("", classes=["rnn-box", f"rnn-{self.name}"])
        box["classes"] += self.options.get("class", [])
        self.set_source_info(box)
        self.add_name(box)
        title = self.arguments[0] if self.arguments else messages("questions")[self.name]
        inline, complaints = self.state.inline_text(title, self.lineno)
        box += [nodes.title(title, "", *inline), *complaints]
        lines = [line.strip() for line in self.content]
        if lines.count(SEPARATOR) != int(self.unfolds):
            wanted = f"one line {SEPARATOR} before the answer" if self.unfolds else "no answer"
            raise self.error(f"{self.name}: expected {wanted}, got {lines.count(SEPARATOR)}")
        at = lines.index(SEPARATOR) if self.unfolds else len(lines)
        self._parse(self.content[:at], 0, box)
        if self.unfolds:
            hidden = answer("", summary=messages("questions")["answer"])
            self._parse(self.content[at + 1 :], at + 1, hidden)
            box += hidden
        return [box]

    def _parse(self, lines: StringList, skipped: int, into: nodes.Element) -> None:
        self.state.nested_parse(lines, self.content_offset + skipped, into)


class Question(Box):
    """A box with a question and an answer that unfolds."""

    unfolds = True


def visit_html(self: HTML5Translator, node: answer) -> None:
    """Open the part that unfolds, by the browser's own means."""
    self.body.append(f'<details class="rnn-answer"><summary>{node["summary"]}</summary>\n')


def depart_html(self: HTML5Translator, _node: answer) -> None:
    """Close the part that unfolds."""
    self.body.append("</details>\n")


def visit_other(self: Any, node: answer) -> None:
    """Show the answer below the question where nothing can unfold."""
    name = nodes.paragraph("", "", nodes.strong(text=node["summary"]))
    name.walkabout(self)


def depart_other(_self: Any, _node: answer) -> None:
    """End the answer."""


def register(app: Sphinx) -> None:
    """Add the directives and the node."""
    other = (visit_other, depart_other)
    app.add_node(answer, html=(visit_html, depart_html), latex=other, text=other)
    app.add_directive("predict", Question)
    app.add_directive("quiz", Question)
    app.add_directive("breaks", Box)
