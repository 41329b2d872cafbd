"""Font files of the book, cut to what its pages can need.

The text faces come from PyPI (Source Sans and Source Serif, SIL Open Font License, whose text is
copied beside them). The theme's icon font is cut to the icons that pages, scripts and style sheets
name: it holds two thousand, and pages show a dozen.
"""

from __future__ import annotations

import functools
import importlib.resources
import re
import shutil
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, Final

from fontTools.subset import Options, Subsetter
from fontTools.ttLib import TTFont

if TYPE_CHECKING:
    from collections.abc import Iterable

    from sphinx.application import Sphinx

FOLDER: Final = "_static/fonts"
#: Published name, package and file of each face.
FACES: Final = (
    ("sans-400", "font_source_sans_pro", "SourceSansPro-Regular.ttf"),
    ("sans-400-italic", "font_source_sans_pro", "SourceSansPro-It.ttf"),
    ("sans-600", "font_source_sans_pro", "SourceSansPro-Semibold.ttf"),
    ("serif-600", "font_source_serif_pro", "SourceSerifPro-Semibold.ttf"),
)
#: Latin with its extensions, Greek, punctuation, raised digits, arrows and a few signs.
LETTERS: Final = frozenset(
    {
        *range(0x20, 0x180),
        *range(0x391, 0x3CA),
        *range(0x2010, 0x2040),
        *range(0x2070, 0x20A0),
        *range(0x2190, 0x2194),
        *(0x20AC, 0x2122, 0x2212, 0x2248, 0x2260, 0x2264, 0x2265),
    }
)
ICONS: Final = "_static/vendor/fontawesome/webfonts/fa-solid-900"
RULE: Final = re.compile(r"([^{}]*)\{([^{}]*\"\\f[0-9a-f]{2,3}\"[^{}]*)\}")
CODE: Final = re.compile(r"\"\\(f[0-9a-f]{2,3})\"")
ICON_SELECTOR: Final = re.compile(r"\s*\.(fa-[\w-]+)::?before\s*")
ICON_NAME: Final = re.compile(r"\bfa-[a-z][\w-]*")


@functools.cache
def cut(font: bytes, letters: frozenset[int]) -> bytes:
    """Return a WOFF2 font that holds these letters and what they need, and nothing else."""
    options = Options()
    options.layout_features = ["kern", "liga", "lnum", "tnum", "locl", "mark", "mkmk", "ccmp"]
    options.notdef_outline = True
    subsetter = Subsetter(options)
    subsetter.populate(unicodes=letters)
    with TTFont(BytesIO(font), recalcTimestamp=False) as face:
        subsetter.subset(face)
        face.flavor = "woff2"
        target = BytesIO()
        face.save(target)
    return target.getvalue()


def icons_used(styles: Iterable[str], texts: Iterable[str]) -> frozenset[int]:
    """Return the code points of the icons that style sheets show and that pages name.

    A rule such as ``.fa-moon:before`` counts only where a page or script names ``fa-moon``.
    """
    named = {name for text in texts for name in ICON_NAME.findall(text)}
    codes: set[int] = set()
    for style in styles:
        for selectors, body in RULE.findall(style):
            classes = [ICON_SELECTOR.fullmatch(one) for one in selectors.split(",")]
            if all(classes) and named.isdisjoint(one[1] for one in classes if one):
                continue
            codes.update(int(code, 16) for code in CODE.findall(body))
    return frozenset(codes)


def _texts(out: Path, *patterns: str) -> Iterable[str]:
    for pattern in patterns:
        for path in sorted(out.glob(pattern)):
            if path.name != "fontawesome.js":
                yield path.read_text(encoding="utf-8")


def _finish(app: Sphinx, error: Exception | None) -> None:
    if error is not None or app.builder.format != "html":
        return
    out = Path(app.outdir)
    (out / FOLDER).mkdir(parents=True, exist_ok=True)
    for name, package, file in FACES:
        source = importlib.resources.files(package) / "files"
        target = out / FOLDER / f"{name}.woff2"
        if not target.exists():
            target.write_bytes(cut((source / file).read_bytes(), LETTERS))
        with importlib.resources.as_file(source / "LICENSE.txt") as licence:
            shutil.copy(licence, out / FOLDER / f"LICENSE-{package}.txt")
    _cut_icons(out)


def _cut_icons(out: Path) -> None:
    # The larger file stays as it came, so that the next build can cut it again.
    whole = out / f"{ICONS}.ttf"
    if whole.exists():
        styles = _texts(out, "_static/**/*.css")
        codes = icons_used(styles, _texts(out, "*.html", "_static/**/*.js"))
        (out / f"{ICONS}.woff2").write_bytes(cut(whole.read_bytes(), codes))


def register(app: Sphinx) -> None:
    """Write the fonts after everything that could name an icon."""
    app.connect("build-finished", _finish, priority=900)
