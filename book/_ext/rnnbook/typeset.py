"""Set formulas while the book is built, so that pages carry no formula script.

MathJax comes from PyPI as files, and runs in a V8 that comes from PyPI too. What it gives is
HTML that needs one style sheet and some fonts, and MathML for people who do not see it.
"""

from __future__ import annotations

import functools
import importlib.metadata
import json
import re
from pathlib import Path
from typing import TYPE_CHECKING, Final

from sphinx.errors import ExtensionError

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from py_mini_racer import MiniRacer

MATHJAX_PACKAGE: Final = "sphinx-mathjax-offline"
#: Parts of MathJax in the order they need each other.
COMPONENTS: Final = (
    "loader.js",
    "core.js",
    "adaptors/liteDOM.js",
    "input/tex-base.js",
    "input/tex/extensions/ams.js",
    "input/tex/extensions/html.js",
    "input/tex/extensions/newcommand.js",
    "input/tex/extensions/configmacros.js",
    "input/tex/extensions/boldsymbol.js",
    "output/chtml.js",
    "output/chtml/fonts/tex.js",
)
FONTS: Final = "output/chtml/fonts/woff-v2"
#: A symbol of a gate takes the gate's colour; the style sheet of the book knows the classes.
MACROS: Final[Mapping[str, tuple[str, int]]] = {
    "gi": (r"\class{gate-i}{#1}", 1),
    "gf": (r"\class{gate-f}{#1}", 1),
    "gcand": (r"\class{gate-g}{#1}", 1),
    "go": (r"\class{gate-o}{#1}", 1),
    "gc": (r"\class{gate-c}{#1}", 1),
    "gh": (r"\class{gate-h}{#1}", 1),
}
# V8 alone has none of a browser's names; MathJax asks for these two.
GLOBALS: Final = "var window = globalThis; var console = {log() {}, warn() {}, error() {}};"
START: Final = """
const {mathjax} = MathJax._.mathjax, {TeX} = MathJax._.input.tex_ts;
const {CHTML} = MathJax._.output.chtml_ts, {TeXFont} = MathJax._.output.chtml.fonts.tex_ts;
const {liteAdaptor} = MathJax._.adaptors.liteAdaptor;
const {SerializedMmlVisitor} = MathJax._.core.MmlTree.SerializedMmlVisitor;
const adaptor = liteAdaptor();
MathJax._.handlers.html_ts.RegisterHTMLHandler(adaptor);
const packages = ["base", "ams", "html", "newcommand", "configmacros", "boldsymbol"];
const wrong = [];
const tex = new TeX({packages, macros: %s, formatError(jax, error) {
  wrong.push(error.message);
  return jax.formatError(error);
}});
const chtml = new CHTML({font: new TeXFont({fontURL: "fonts"}), fontURL: "fonts",
  adaptiveCSS: false, matchFontHeight: false});
const page = mathjax.document("", {InputJax: tex, OutputJax: chtml});
const visitor = new SerializedMmlVisitor();
globalThis.typeset = (source, display) => {
  wrong.length = 0;
  const html = adaptor.outerHTML(page.convert(source, {display}));
  const mathml = visitor.visitTree(page.convert(source, {display, end: 20}));
  return JSON.stringify({html, mathml, wrong});
};
globalThis.rules = () => adaptor.textContent(chtml.styleSheet(page));
"""
SPACE_BETWEEN_TAGS: Final = re.compile(r">\s+<")
#: The rule of one glyph: ``mjx-c.mjx-c7D::before { content: "}"; }``.
GLYPH_RULE: Final = re.compile(
    r"""mjx-c\.mjx-c([0-9A-F]+)[^{}]*\{(?:"(?:\\.|[^"\\])*"|[^{}"])*\}\s*"""
)
GLYPH_USE: Final = re.compile(r"mjx-c([0-9A-F]+)")
#: For the eyes the drawing, for screen readers the MathML.
HIDDEN: Final = (
    "mjx-container { position: relative; }\n"
    "mjx-assistive-mml { position: absolute; top: 0; left: 0; width: 1px; height: 1px; "
    "overflow: hidden; clip-path: inset(50%); white-space: nowrap; user-select: none; }\n"
)


def mathjax_folder() -> Path:
    """Return the folder of MathJax files that the PyPI package brought.

    Raises:
        ExtensionError: The package is missing.
    """
    try:
        files = importlib.metadata.files(MATHJAX_PACKAGE) or []
    except importlib.metadata.PackageNotFoundError as error:
        raise ExtensionError(f"expected the package {MATHJAX_PACKAGE}, got none") from error
    for file in files:
        if file.name == "loader.js":
            return Path(str(file.locate())).parent
    raise ExtensionError(f"expected loader.js in the package {MATHJAX_PACKAGE}, got none")


@functools.cache
def _engine() -> MiniRacer:
    from py_mini_racer import MiniRacer

    engine = MiniRacer()
    engine.eval(GLOBALS)
    for name in COMPONENTS:
        engine.eval((mathjax_folder() / name).read_text(encoding="utf-8"))
    engine.eval(START % json.dumps(dict(MACROS)))
    return engine


@functools.cache
def formula(source: str, *, display: bool) -> str:
    r"""Return the HTML of a formula, with its MathML inside.

    Args:
        source: TeX without delimiters.
        display: True for a formula on a line of its own.

    Raises:
        ValueError: TeX that cannot be read: "Undefined control sequence \\foo".
    """
    answer = json.loads(
        str(_engine().eval(f"typeset({json.dumps(source)}, {json.dumps(display)})"))
    )
    if answer["wrong"]:
        raise ValueError(answer["wrong"][0])
    mathml = SPACE_BETWEEN_TAGS.sub("><", answer["mathml"])
    html: str = answer["html"].replace("<mjx-math", '<mjx-math aria-hidden="true"', 1)
    spoken = f"<mjx-assistive-mml>{mathml}</mjx-assistive-mml></mjx-container>"
    return html.removesuffix("</mjx-container>") + spoken


def style_sheet(pages: Iterable[str]) -> str:
    """Return the rules that the formulas of these pages need; unused glyphs are left out."""
    used = {code for page in pages for code in GLYPH_USE.findall(page)}
    rules = str(_engine().eval("rules()"))
    return GLYPH_RULE.sub(lambda rule: rule[0] if rule[1] in used else "", rules) + HIDDEN
