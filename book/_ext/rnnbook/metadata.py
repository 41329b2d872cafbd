"""What search engines and previews of links read: a description, and a card with a picture.

No address of a site is known when the book is built; addresses are relative to the page, or
absolute where ``html_baseurl`` is set.
"""

from __future__ import annotations

import html
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from docutils import nodes
from sphinx.util.osutil import relative_uri

from rnnbook.social_card import card

if TYPE_CHECKING:
    from sphinx.application import Sphinx

CARD: Final = "_static/card.png"
LONGEST: Final = 160


def shortened(text: str, longest: int = LONGEST) -> str:
    """Return a text on one line, cut between words."""
    line = " ".join(text.split())
    if len(line) <= longest:
        return line
    return line[: longest - 1].rsplit(" ", 1)[0].rstrip(",;:.") + "…"


def description(doctree: nodes.document | None, otherwise: str) -> str:
    """Return the first paragraph of a page that has no formula, or else a text for all pages."""
    for paragraph in doctree.findall(nodes.paragraph) if doctree else ():
        text = shortened(paragraph.astext())
        if text and next(iter(paragraph.findall(nodes.math)), None) is None:
            return text
    return otherwise


def _tags(values: dict[str, str]) -> str:
    lines = []
    for name, value in values.items():
        key = "property" if name.startswith("og:") else "name"
        lines.append(f'<meta {key}="{name}" content="{html.escape(value)}" />')
    return "\n".join(lines)


def _given(metatags: str) -> str | None:
    """Return the description that the page's author wrote, as it stands in the page."""
    _, found, rest = metatags.partition('<meta content="')
    return html.unescape(rest.partition('"')[0]) if found and 'name="description"' in rest else None


def _name(app: Sphinx) -> str:
    return str(app.config.html_title or app.config.project)


def _add(
    app: Sphinx, page: str, _template: str, context: dict[str, Any], doctree: nodes.document | None
) -> None:
    book = _name(app)
    title = html.unescape(without_tags(context.get("title", "")) or book)
    before = context.get("metatags", "")
    given = _given(before)
    text = given or description(doctree, book)
    address = app.builder.get_target_uri(page)
    picture = relative_uri(address, CARD)
    if app.config.html_baseurl:
        picture = app.config.html_baseurl.rstrip("/") + "/" + CARD
    values = {
        "og:title": title,
        "og:description": text,
        "og:type": "website" if page == app.config.root_doc else "article",
        "og:site_name": book,
        "og:image": picture,
        "og:image:width": "1200",
        "og:image:height": "630",
        "og:image:alt": book,
        "twitter:card": "summary_large_image",
    }
    if not given:
        values = {"description": text} | values
    context["metatags"] = f"{before}\n{_tags(values)}\n"


def without_tags(markup: str) -> str:
    """Return a title without the tags a formula or code in it has."""
    text, depth = "", 0
    for letter in markup:
        depth += (letter == "<") - (letter == ">")
        text += letter if depth == 0 and letter != ">" else ""
    return text


def _finish(app: Sphinx, error: Exception | None) -> None:
    if error is None and app.builder.format == "html":
        target = Path(app.outdir) / CARD
        target.parent.mkdir(exist_ok=True)
        target.write_bytes(card(_name(app)))


def register(app: Sphinx) -> None:
    """Connect both parts."""
    app.connect("html-page-context", _add)
    app.connect("build-finished", _finish)
