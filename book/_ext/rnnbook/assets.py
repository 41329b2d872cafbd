"""Files the built book needs, all from its own origin: widgets and their host script."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import rnnwidgets
from rnnbook.widgets import FOLDER, module_files, published_name

if TYPE_CHECKING:
    from docutils import nodes
    from sphinx.application import Sphinx

HOST: Final = Path(rnnwidgets.__file__).parent / "static" / "host.js"
#: What a page contains when it needs the host script.
WIDGET_MARKS: Final = ('class="afm-widget', "application/vnd.jupyter.widget-view+json")

#: 1.5 MB of icons drawn by script; the same icons are in the theme's own web font.
ICON_SCRIPT: Final = "_static/scripts/fontawesome.js"


def _copy_modules(app: Sphinx) -> None:
    target = Path(app.outdir) / FOLDER
    target.mkdir(parents=True, exist_ok=True)
    shutil.copy(HOST, target / published_name(HOST))
    for files in module_files(app.env).values():
        for name, path in files.items():
            shutil.copy(path, target / name)
            if name.endswith(".js"):
                text = json.dumps(Path(path).read_text(encoding="utf-8"))
                # Pages opened from disk cannot import a module, but can run a classic script.
                (target / name).with_suffix(".txt.js").write_text(
                    f'(globalThis.rnnModuleTexts??={{}})["{name}"]={text};\n', encoding="utf-8"
                )


def _finish(app: Sphinx, error: Exception | None) -> None:
    if error is not None or app.builder.format != "html":
        return
    _copy_modules(app)
    icons = Path(app.outdir) / ICON_SCRIPT
    if icons.exists():
        icons.write_text("/* The icons come from the theme's web font. */\n", encoding="utf-8")


def _add_host(
    app: Sphinx, _page: str, _template: str, context: dict[str, Any], _doctree: nodes.document
) -> None:
    body = context.get("body", "")
    if any(mark in body for mark in WIDGET_MARKS):
        app.add_js_file(f"afm/{published_name(HOST)}", loading_method="defer")


def register(app: Sphinx) -> None:
    """Connect the copying."""
    app.connect("html-page-context", _add_host)
    app.connect("build-finished", _finish)
