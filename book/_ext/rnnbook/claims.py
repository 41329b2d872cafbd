"""Statements of the study notes, each as a card: ``{claim}``; and ``{claim-filter}`` to choose.

The arguments are the number of the statement, whose letter stands for the note, and its topic.
A line ``+++`` stands between what the note says and what is right. A card whose text holds a
number of a run, of this page or a recorded one, is marked by itself; the mark cannot be wrong::

    :::{claim} A10 gates
    The forget gate decides how much is forgotten.
    +++
    It is the fraction that is kept: $f = 1$ leaves {glue:text}`a10_kept` of 3.
    :::
"""

from __future__ import annotations

import re
import shutil
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar, Final

from docutils import nodes
from sphinx.util.docutils import SphinxDirective

from rnnbook.messages import messages
from rnnbook.questions import SEPARATOR

if TYPE_CHECKING:
    from docutils.statemachine import StringList
    from sphinx.application import Sphinx
    from sphinx.writers.html5 import HTML5Translator

HERE: Final = Path(__file__).parent
FILES: Final = ("claims.css", "claims.js")
#: What the text of a card holds, and the word for it in its head; the first that is there counts.
NUMBERS: Final = (("measured", re.compile(r"\{glue:")), ("recorded", re.compile(r"\{measured\}")))
PART: Final = "rnn-claim-part"


class claim(nodes.General, nodes.Element):  # type: ignore[misc, unused-ignore]  # noqa: N801
    """A card; ``number``, ``note``, ``topic`` and ``numbers`` say what its head shows."""


class claim_filter(nodes.General, nodes.Element):  # type: ignore[misc, unused-ignore]  # noqa: N801
    """The form that chooses among the cards of a page."""


class Claim(SphinxDirective):
    """A card with what a note says and what is right."""

    required_arguments = 2
    has_content = True
    part_names: ClassVar[tuple[str, str]] = ("said", "right")

    def run(self) -> list[nodes.Node]:
        """Return the card, or name what is wrong with it."""
        number, topic = self.arguments
        notes, topics = messages("claims_notes"), messages("claims_topics")
        if number[0] not in notes:
            raise self.error(f"claim: expected one of {', '.join(notes)}, got {number!r}")
        if topic not in topics:
            raise self.error(f"claim: expected a topic of {', '.join(topics)}, got {topic!r}")
        name = f"claim-{number.lower()}"
        if name in self.state.document.ids:
            raise self.error(f"claim: expected {number} once on a page, got it twice")
        lines = [line.strip() for line in self.content]
        if lines.count(SEPARATOR) != 1:
            raise self.error(f"claim: expected one line {SEPARATOR}, got {lines.count(SEPARATOR)}")
        at = lines.index(SEPARATOR)
        card = claim("", number=number, note=notes[number[0]], topic=topic)
        text = "\n".join(lines)
        card["numbers"] = next((kind for kind, mark in NUMBERS if mark.search(text)), "")
        card["names"].append(name)
        self.state.document.note_explicit_target(card)
        self.set_source_info(card)
        card += self._part(0, self.content[:at], 0)
        card += self._part(1, self.content[at + 1 :], at + 1)
        return [card]

    def _part(self, which: int, lines: StringList, skipped: int) -> nodes.Element:
        name = self.part_names[which]
        part = nodes.container("", classes=[PART, f"rnn-claim-{name}"])
        label = nodes.paragraph("", messages("claims")[name], classes=["rnn-claim-label"])
        part += label
        self.state.nested_parse(lines, self.content_offset + skipped, part)
        return part


class ClaimFilter(SphinxDirective):
    """The form; its numbers are counted on the page."""

    def run(self) -> list[nodes.Node]:
        """Return a place for the form."""
        return [claim_filter("")]


def _head(node: claim) -> list[str]:
    texts = [
        messages("claims")["note"].format(note=node["note"]),
        messages("claims_topics")[node["topic"]],
    ]
    return [*texts, messages("claims")[node["numbers"]]] if node["numbers"] else texts


def visit_html(self: HTML5Translator, node: claim) -> None:
    """Open a card and write its head."""
    name = node["ids"][0]
    measured = f' data-measured="{node["numbers"]}"' if node["numbers"] else ""
    parts = "".join(f"<span>{escape(text)}</span>" for text in _head(node))
    self.body.append(
        f'<article class="rnn-claim" id="{name}" data-note="{node["note"]}"'
        f' data-topic="{node["topic"]}"{measured}>\n'
        f'<p class="rnn-claim-head"><a href="#{name}">{node["number"]}</a>{parts}</p>\n'
    )


def depart_html(self: HTML5Translator, _node: claim) -> None:
    """Close a card."""
    self.body.append("</article>\n")


def _choice(name: str, choices: dict[str, str]) -> str:
    options = {"": messages("claims")[f"every_{name}"], **choices}
    inner = "".join(
        f'<option value="{key}">{escape(text)}</option>' for key, text in options.items()
    )
    label = escape(messages("claims")[f"choose_{name}"])
    return f'<label>{label} <select name="{name}">{inner}</select></label>\n'


def visit_filter_html(self: HTML5Translator, _node: claim_filter) -> None:
    """Write how many cards there are, and the form; without the script it stays hidden."""
    cards = list(self.document.findall(claim))
    texts = messages("claims")
    notes = {note: texts["note"].format(note=note) for note in messages("claims_notes").values()}
    measured = sum(bool(card["numbers"]) for card in cards)
    only = escape(texts["only_measured"])
    self.body.append(
        f'<p class="rnn-claim-count">{texts["count"].format(cards=len(cards), measured=measured)}'
        f'</p>\n<form class="rnn-claim-filter" data-shown="{escape(texts["shown"])}" hidden>\n'
        + _choice("note", notes)
        + _choice("topic", messages("claims_topics"))
        + f'<label><input type="checkbox" name="measured"> {only}</label>\n'
        '<output aria-live="polite"></output>\n</form>\n'
    )
    raise nodes.SkipNode


def visit_other(self: Any, node: claim) -> None:
    """Write the head of a card as a line of text."""
    line = ", ".join([node["number"], *_head(node)])
    nodes.paragraph("", "", nodes.strong(text=line)).walkabout(self)


def depart_other(_self: Any, _node: claim) -> None:
    """End a card."""


def visit_filter_other(_self: Any, _node: claim_filter) -> None:
    """Leave out the form where nothing can be chosen."""
    raise nodes.SkipNode


def _add_files(
    app: Sphinx, _page: str, _template: str, context: dict[str, Any], _doctree: nodes.document
) -> None:
    if 'class="rnn-claim"' in context.get("body", ""):
        style, script = FILES
        app.add_css_file(style)
        app.add_js_file(script, loading_method="defer")


def _copy_files(app: Sphinx) -> None:
    if app.builder.format == "html":
        target = Path(app.outdir) / "_static"
        target.mkdir(parents=True, exist_ok=True)
        for name in FILES:
            shutil.copy(HERE / name, target / name)


def register(app: Sphinx) -> None:
    """Add the directives, the nodes and their files."""
    other = (visit_other, depart_other)
    nothing = (visit_filter_other, None)
    app.add_node(claim, html=(visit_html, depart_html), latex=other, text=other)
    app.add_node(claim_filter, html=(visit_filter_html, None), latex=nothing, text=nothing)
    app.add_directive("claim", Claim)
    app.add_directive("claim-filter", ClaimFilter)
    app.connect("builder-inited", _copy_files)
    app.connect("html-page-context", _add_files)
