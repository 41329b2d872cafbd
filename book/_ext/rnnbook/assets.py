"""Files the built book needs, all from its own origin: widgets, host script, MathJax."""

from __future__ import annotations

import importlib.metadata
import json
import shutil
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from sphinx.errors import ExtensionError

import rnnwidgets
from rnnbook.widgets import FOLDER, module_files, published_name

if TYPE_CHECKING:
    from docutils import nodes
    from sphinx.application import Sphinx

HOST: Final = Path(rnnwidgets.__file__).parent / "static" / "host.js"
#: What a page contains when it needs the host script.
WIDGET_MARKS: Final = ('class="afm-widget', "application/vnd.jupyter.widget-view+json")

MATHJAX_PACKAGE: Final = "sphinx-mathjax-offline"
MATHJAX_FOLDER: Final = "mathjax-3.2.2"
#: The combined component, its fonts, what it may load later, and the speech of its menu.
MATHJAX_PARTS: Final = ("tex-chtml.js", "output/chtml/fonts", "input/tex/extensions", "a11y", "sre")

#: 1.5 MB of icons drawn by script; the same icons are in the theme's own web font.
ICON_SCRIPT: Final = "_static/scripts/fontawesome.js"


def mathjax_source() -> Path:
    """Return the folder of MathJax files that the PyPI package brought.

    Raises:
        ExtensionError: The package is missing.
    """
    try:
        files = importlib.metadata.files(MATHJAX_PACKAGE) or []
    except importlib.metadata.PackageNotFoundError as error:
        raise ExtensionError(f"expected the package {MATHJAX_PACKAGE}, got none") from error
    for file in files:
        if file.name == "tex-chtml.js":
            return Path(str(file.locate())).parent
    raise ExtensionError(f"expected tex-chtml.js in the package {MATHJAX_PACKAGE}, got none")


def _copy_mathjax(target: Path) -> None:
    source = mathjax_source()
    for part in MATHJAX_PARTS:
        if (source / part).is_dir():
            shutil.copytree(source / part, target / part, dirs_exist_ok=True)
        elif (source / part).is_file():
            target.mkdir(parents=True, exist_ok=True)
            shutil.copy(source / part, target / part)


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
    _copy_mathjax(Path(app.outdir) / "_static" / MATHJAX_FOLDER)
    icons = Path(app.outdir) / ICON_SCRIPT
    if icons.exists():
        icons.write_text("/* The icons come from the theme's web font. */\n", encoding="utf-8")


def _add_host(
    app: Sphinx, _page: str, _template: str, context: dict[str, Any], _doctree: nodes.document
) -> None:
    body = context.get("body", "")
    if any(mark in body for mark in WIDGET_MARKS):
        app.add_js_file(f"afm/{published_name(HOST)}", loading_method="defer")


def _drop_idle_mathjax(
    _app: Sphinx, _page: str, _template: str, context: dict[str, Any], _doctree: nodes.document
) -> None:
    """Take MathJax off pages that only link to pages with formulas."""
    if 'class="math' in context.get("body", ""):
        return
    scripts = context["script_files"]
    scripts[:] = [
        script
        for script in scripts
        if "mathjax" not in str(script.filename)
        and not script.attributes.get("body", "").startswith("window.MathJax")
    ]


def register(app: Sphinx) -> None:
    """Point MathJax to the local copy and connect the copying."""
    app.config["mathjax_path"] = f"{MATHJAX_FOLDER}/tex-chtml.js"
    app.connect("html-page-context", _add_host)
    app.connect("html-page-context", _drop_idle_mathjax, priority=900)
    app.connect("build-finished", _finish)
