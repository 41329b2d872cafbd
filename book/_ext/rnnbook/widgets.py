"""The ``{anywidget}`` directive, with the syntax that mystmd uses.

One argument (the ES module, relative to the page or, with a leading ``/``, to the book), the
options ``class`` and ``css``, and a JSON object as body: the start values of the widget and,
where wanted, ``id`` (for links like ``#w-ID=f:.5``) and ``alt`` (one sentence).
"""

from __future__ import annotations

import hashlib
import json
import re
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar

from docutils import nodes
from docutils.parsers.rst import directives
from sphinx.util.docutils import SphinxDirective
from sphinx.util.osutil import relative_uri

from rnnbook.fallbacks import fallback_for

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from sphinx.application import Sphinx
    from sphinx.environment import BuildEnvironment
    from sphinx.writers.html5 import HTML5Translator

FOLDER = "_static/afm"
DIGEST_LENGTH = 12
ID = re.compile(r"[A-Za-z][\w-]*")


class anywidget(nodes.General, nodes.Element):  # type: ignore[misc, unused-ignore]  # noqa: N801
    """A widget; its children are the fallback that shows where the widget cannot run."""


def published_name(path: Path) -> str:
    """Return the file name in the built book: the stem, a digest of the content, the suffix.

    A module ends in ``.js``, not ``.mjs``: some servers refuse to serve the latter as script.
    """
    digest = hashlib.sha256(path.read_bytes()).hexdigest()[:DIGEST_LENGTH]
    suffix = ".js" if path.suffix in {".js", ".mjs"} else path.suffix
    return f"{path.stem}-{digest}{suffix}"


def module_files(env: BuildEnvironment) -> dict[str, dict[str, str]]:
    """Return, for each page, the files its widgets need: published name to path."""
    files: dict[str, dict[str, str]] = vars(env).setdefault("rnnbook_files", {})
    return files


class AnyWidgetDirective(SphinxDirective):
    """Place a widget on the page."""

    required_arguments = 1
    final_argument_whitespace = True
    has_content = True
    option_spec: ClassVar[dict[str, Callable[[str], Any]] | None] = {
        "class": directives.class_option,
        "css": directives.unchanged_required,
    }

    def run(self) -> list[nodes.Node]:
        """Return the widget node with its fallback inside."""
        model = self._model()
        try:
            children = fallback_for(Path(self.arguments[0]).stem, model)
        except ValueError as error:
            raise self.error(f"anywidget: {error}") from error
        node = anywidget("", *children, esm=self._publish(self.arguments[0]), model=model)
        if "css" in self.options:
            node["css"] = self._publish(self.options["css"])
        node["classes"] += self.options.get("class", [])
        self.set_source_info(node)
        return [node]

    def _model(self) -> dict[str, Any]:
        try:
            model = json.loads("\n".join(self.content) or "{}")
        except json.JSONDecodeError as error:
            raise self.error(f"anywidget: expected a JSON object as body, got {error}") from error
        if not isinstance(model, dict):
            raise self.error(f"anywidget: expected a JSON object as body, got {model!r}")
        identity = model.get("id")
        if identity is not None and not (isinstance(identity, str) and ID.fullmatch(identity)):
            raise self.error(f"anywidget: expected an id of letters and hyphens, got {identity!r}")
        return model

    def _publish(self, argument: str) -> str:
        _, absolute = self.env.relfn2path(argument)
        path = Path(absolute)
        if not path.is_file():
            raise self.error(f"anywidget: expected a file of the project, got {argument!r}")
        self.env.note_dependency(str(path))
        name = published_name(path)
        module_files(self.env).setdefault(self.env.docname, {})[name] = str(path)
        return f"{FOLDER}/{name}"


def _attributes(self: HTML5Translator, node: anywidget) -> dict[str, str]:
    page = self.builder.get_target_uri(self.builder.current_docname)
    attributes = {
        f"data-{kind}": relative_uri(page, node[kind]) for kind in ("esm", "css") if kind in node
    }
    if "id" in node["model"]:
        attributes["ids"] = [f"w-{node['model']['id']}"]  # type: ignore[assignment]
    return attributes


def visit_html(self: HTML5Translator, node: anywidget) -> None:
    """Open the place of the widget; the host script reads the model from the JSON in it."""
    model = json.dumps(node["model"], ensure_ascii=False).replace("</", "<\\/")
    self.body.append(self.starttag(node, "div", "", CLASS="afm-widget", **_attributes(self, node)))
    self.body.append(f'<script type="application/json">{model}</script>\n')


def depart_html(self: HTML5Translator, _node: anywidget) -> None:
    """Close the place of the widget."""
    self.body.append("</div>\n")


def _pass(_self: object, _node: anywidget) -> None:
    """Let other formats show the fallback alone."""


def _purge(_app: Sphinx, env: BuildEnvironment, docname: str) -> None:
    module_files(env).pop(docname, None)


def _merge(
    _app: Sphinx, env: BuildEnvironment, docnames: Iterable[str], other: BuildEnvironment
) -> None:
    for docname in docnames:
        if docname in module_files(other):
            module_files(env)[docname] = module_files(other)[docname]


def register(app: Sphinx) -> None:
    """Add the directive and its node."""
    fallback = (_pass, _pass)
    app.add_node(anywidget, html=(visit_html, depart_html), latex=fallback, text=fallback)
    app.add_directive("anywidget", AnyWidgetDirective)
    app.connect("env-purge-doc", _purge)
    app.connect("env-merge-info", _merge)
