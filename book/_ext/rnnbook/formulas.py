"""Write formulas as finished HTML instead of text for a script in the reader's browser."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from docutils import nodes
from sphinx.util import logging
from sphinx.util.math import get_node_equation_number

from rnnbook.typeset import FONTS, formula, mathjax_folder, style_sheet

if TYPE_CHECKING:
    from sphinx.application import Sphinx
    from sphinx.writers.html5 import HTML5Translator

logger = logging.getLogger(__name__)
NAME: Final = "rnnbook"
#: The version is in the name, so that no browser keeps another one's rules.
FOLDER: Final = "mathjax-3.2.2"
MARK: Final = "<mjx-container"


def _typeset(node: nodes.Element, source: str, *, display: bool) -> str:
    try:
        return formula(source, display=display)
    except ValueError as error:
        logger.warning("formula: %s in %r", error, source, location=node)
        return ""


def visit_inline(self: HTML5Translator, node: nodes.math) -> None:
    """Write a formula in a line of text."""
    self.body.append(self.starttag(node, "span", "", CLASS="math notranslate nohighlight"))
    self.body.append(_typeset(node, node.astext(), display=False) + "</span>")
    raise nodes.SkipNode


def visit_display(self: HTML5Translator, node: nodes.math_block) -> None:
    """Write a formula on lines of its own, with its number where it has one."""
    self.body.append(self.starttag(node, "div", CLASS="math notranslate nohighlight"))
    if node["number"]:
        self.body.append(f'<span class="eqno">({get_node_equation_number(self, node)})')
        self.add_permalink_ref(node, "Link to this equation")
        self.body.append("</span>")
    source = node.astext()
    if not node["nowrap"] and r"\\" in source:
        source = rf"\begin{{split}}{source}\end{{split}}"
    html = _typeset(node, source, display=True)
    # On a telephone a long line scrolls inside its box; arrow keys reach only what has the focus.
    self.body.append(html.replace(MARK, f'{MARK} tabindex="0"', 1) + "</div>\n")
    raise nodes.SkipNode


def _add_style(
    app: Sphinx, _page: str, _template: str, context: dict[str, Any], _doctree: nodes.document
) -> None:
    if MARK in context.get("body", ""):
        app.add_css_file(f"{FOLDER}/formulas.css")


def _finish(app: Sphinx, error: Exception | None) -> None:
    if error is not None or app.builder.format != "html":
        return
    out = Path(app.outdir)
    pages = (path.read_text(encoding="utf-8") for path in sorted(out.rglob("*.html")))
    target = out / "_static" / FOLDER
    shutil.copytree(mathjax_folder() / FONTS, target / "fonts", dirs_exist_ok=True)
    (target / "formulas.css").write_text(style_sheet(pages), encoding="utf-8")


def register(app: Sphinx) -> None:
    """Make this the way formulas are written."""
    app.add_html_math_renderer(NAME, (visit_inline, None), (visit_display, None))
    app.config["html_math_renderer"] = NAME
    app.connect("html-page-context", _add_style)
    app.connect("build-finished", _finish)
