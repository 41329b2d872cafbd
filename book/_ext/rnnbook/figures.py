"""The ``{svg-figure}`` directive: a figure whose drawing is part of the page.

Inside the page a drawing follows the theme's colours, its text can be searched, selected and
translated, and it needs no second request.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar
from xml.etree import ElementTree as ET

from docutils import nodes
from docutils.parsers.rst import directives
from sphinx.util.docutils import SphinxDirective

if TYPE_CHECKING:
    from collections.abc import Callable

    from sphinx.application import Sphinx
    from sphinx.writers.html5 import HTML5Translator

SVG = "http://www.w3.org/2000/svg"
XLINK = "http://www.w3.org/1999/xlink"
#: Attributes whose value is a list of ids, and those that may hold url(#id) or #id.
ID_LISTS = frozenset({"aria-labelledby", "aria-describedby"})
LINKS = frozenset({"href", f"{{{XLINK}}}href"})
URL_REFERENCE = re.compile(r"url\(\s*['\"]?#([^'\")]+)['\"]?\s*\)")


class svg_drawing(nodes.General, nodes.Element):  # type: ignore[misc, unused-ignore]  # noqa: N801
    """SVG markup (attribute ``svg``) with a text for formats that cannot show it (``alt``)."""


def inline_svg(svg: str, alt: str) -> nodes.Node:
    """Return a drawing that screen readers announce as one picture with this text."""
    root = ET.fromstring(svg)  # noqa: S314 - a file of this project
    root.set("role", "img")
    if not {"aria-label", "aria-labelledby"}.intersection(root.attrib):
        root.set("aria-label", alt)
    ET.register_namespace("", SVG)
    return svg_drawing(svg=ET.tostring(root, encoding="unicode"), alt=alt)


def _renamed(value: str, name: str, prefix: str) -> str:
    if name == "id":
        return prefix + value
    if name in ID_LISTS:
        return " ".join(prefix + one for one in value.split())
    if name in LINKS and value.startswith("#"):
        return f"#{prefix}{value[1:]}"
    return URL_REFERENCE.sub(rf"url(#{prefix}\1)", value)


def prefix_ids(svg: str, prefix: str) -> str:
    """Give every id, and every reference to one, a prefix; keep styles inside the drawing.

    Two drawings on one page may then use the same ids and class names.
    """
    root = ET.fromstring(svg)  # noqa: S314 - a file of this project
    for element in root.iter():
        for name, value in element.attrib.items():
            element.set(name, _renamed(value, name, prefix))
        if element.tag == f"{{{SVG}}}style":
            rules = URL_REFERENCE.sub(rf"url(#{prefix}\1)", element.text or "")
            element.text = f".{prefix}drawing {{ {rules} }}"
    root.set("class", f"{root.get('class', '')} {prefix}drawing".strip())
    ET.register_namespace("", SVG)
    return ET.tostring(root, encoding="unicode")


class SvgFigureDirective(SphinxDirective):
    """A figure from an SVG file; the body is the caption."""

    required_arguments = 1
    final_argument_whitespace = True
    has_content = True
    option_spec: ClassVar[dict[str, Callable[[str], Any]] | None] = {
        "alt": directives.unchanged_required,
        "name": directives.unchanged,
        "class": directives.class_option,
    }

    def run(self) -> list[nodes.Node]:
        """Return a figure node, so that numbering and references work as for pictures."""
        _, absolute = self.env.relfn2path(self.arguments[0])
        path = Path(absolute)
        if not path.is_file():
            raise self.error(f"svg-figure: expected an SVG file, got {self.arguments[0]!r}")
        if not self.options.get("alt"):
            raise self.error("svg-figure: expected :alt: to say what the figure shows")
        self.env.note_dependency(str(path))
        number = self.env.new_serialno("svg-figure")
        try:
            svg = prefix_ids(path.read_text(encoding="utf-8"), f"{path.stem}-{number}-")
        except ET.ParseError as error:
            raise self.error(f"svg-figure: expected well-formed SVG, got {error}") from error
        figure = nodes.figure("", inline_svg(svg, self.options["alt"]), align="default")
        figure["classes"] += ["svg-figure", *self.options.get("class", [])]
        self.set_source_info(figure)
        self.add_name(figure)
        self._add_caption(figure)
        return [figure]

    def _add_caption(self, figure: nodes.figure) -> None:
        if not self.content:
            return
        parsed = nodes.Element()
        self.state.nested_parse(self.content, self.content_offset, parsed)
        first, *rest = parsed.children
        if not isinstance(first, nodes.paragraph):
            raise self.error("svg-figure: expected a caption that starts with a paragraph")
        figure += nodes.caption(first.rawsource, "", *first.children)
        if rest:
            figure += nodes.legend("", *rest)


def visit_html(self: HTML5Translator, node: svg_drawing) -> None:
    """Write the drawing itself."""
    self.body.append(node["svg"])
    raise nodes.SkipNode


def visit_text(self: Any, node: svg_drawing) -> None:
    """Write the text in place of the drawing."""
    self.add_text(node["alt"])
    raise nodes.SkipNode


def visit_latex(self: Any, node: svg_drawing) -> None:
    """Write the text in place of the drawing."""
    self.body.append(self.encode(node["alt"]))
    raise nodes.SkipNode


def register(app: Sphinx) -> None:
    """Add the directive and its node."""
    app.add_node(
        svg_drawing, html=(visit_html, None), text=(visit_text, None), latex=(visit_latex, None)
    )
    app.add_directive("svg-figure", SvgFigureDirective)
