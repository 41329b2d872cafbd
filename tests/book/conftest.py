"""The built book, and a server for it under a base path."""

import contextlib
import io
import json
import os
import shutil
import subprocess
import sys
import warnings
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from sphinx.cmd.build import build_main

ROOT = Path(__file__).parents[2]
BASE = "course/v1"  # the book must work below any path
#: What a small book needs to try one directive.
CONFIG = f"""
import sys
sys.path[:0] = [{str(ROOT)!r}, {str(ROOT / "book" / "_ext")!r}]
extensions = ["myst_parser", "rnnbook"]
myst_enable_extensions = ["colon_fence", "deflist", "dollarmath"]
"""

WALK = """async () => {
  for (const box of document.querySelectorAll("details")) box.open = true;
  for (let y = 0; y < document.body.scrollHeight; y += 1500) {
    scrollTo(0, y);
    await new Promise(requestAnimationFrame);
  }
  for (const place of document.querySelectorAll(".afm-widget, .afm-output")) {
    place.scrollIntoView();
    await new Promise(requestAnimationFrame);
  }
}"""
READY = """[...document.querySelectorAll('[data-afm-state]')].every(
  (place) => ['ready', 'static'].includes(place.dataset.afmState))"""
FACTS = """() => ({
  formulas: document.querySelectorAll("mjx-container").length,
  spoken: document.querySelectorAll("mjx-container > mjx-assistive-mml > math").length,
  nameless: [...document.images].filter((image) => !image.alt).map((image) => image.src),
  widgets: document.querySelectorAll("[data-afm-state=ready]").length,
  meta: Object.fromEntries([...document.querySelectorAll("meta[content]")].map(
    (tag) => [tag.getAttribute("property") ?? tag.name, tag.content])),
})"""
SMALL = """[...document.querySelectorAll('.afm-widget')].flatMap((place) =>
  [...place.shadowRoot.querySelectorAll('button, input, summary, select')]
    .map((part) => part.getBoundingClientRect())
    .filter((box) => box.width && Math.min(box.height, box.width) < 24)
    .map((box) => box.toJSON()))"""


@dataclass
class Survey:
    """What was seen on one page."""

    asked: set[str]
    formulas: int
    spoken: int
    nameless: list[str]
    widgets: int
    meta: dict[str, str]
    theme: str = ""
    foreign: list[str] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)
    disk: list[str] = field(default_factory=list)
    small: list[Any] = field(default_factory=list)
    widths: dict[int, int] = field(default_factory=dict)
    violations: dict[str, list[tuple[str, str, Any]]] = field(default_factory=dict)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Leave time for the build of the book, which the first test waits for."""
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.timeout(900))


@pytest.fixture(scope="session")
def book_html(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The built book: RNN_BOOK_HTML where set, else built here with warnings as errors."""
    given = os.environ.get("RNN_BOOK_HTML")
    if given:
        html = Path(given)
        assert (html / "index.html").is_file(), (
            f"expected a built book in RNN_BOOK_HTML, got {html}"
        )
        return html
    target = tmp_path_factory.mktemp("book")
    program = Path(sys.executable).parent / "jupyter-book"
    command = [program, "build", "book", "--path-output", target, "-W", "-n", "--keep-going"]
    answer = subprocess.run(
        [str(part) for part in command], cwd=ROOT, capture_output=True, text=True, check=False
    )
    if answer.returncode:
        pytest.fail(f"the book does not build:\n{answer.stdout[-4000:]}\n{answer.stderr[-4000:]}")
    return target / "_build" / "html"


@pytest.fixture(scope="session")
def book(
    book_html: Path, serve: Callable[[Path], str], tmp_path_factory: pytest.TempPathFactory
) -> str:
    """The address of the served book, some folders below the root of its host."""
    top = tmp_path_factory.mktemp("site")
    (top / BASE).parent.mkdir(parents=True)
    (top / BASE).symlink_to(book_html.resolve(), target_is_directory=True)
    return f"{serve(top)}{BASE}/"


@pytest.fixture
def build(tmp_path: Path) -> Callable[..., tuple[str, str, Path]]:
    """A function that builds one page and returns its text, the warnings and the folder."""
    source, target = tmp_path / "source", tmp_path / "target"
    source.mkdir()
    (source / "conf.py").write_text(CONFIG, encoding="utf-8")
    shutil.copy(ROOT / "rnnwidgets" / "static" / "lstm_gates.mjs", source)

    def run(page: str, builder: str = "html", **drawings: str) -> tuple[str, str, Path]:
        (source / "index.md").write_text(f"# Title\n\n{page}", encoding="utf-8")
        for name, text in drawings.items():
            (source / f"{name}.svg").write_text(text, encoding="utf-8")
        complaints = io.StringIO()
        # In this process: starting another and importing Sphinx takes longer than building.
        with contextlib.redirect_stderr(complaints), warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of docutils and Sphinx about each other
            build_main(["-q", "-E", "-b", builder, str(source), str(target)])
        suffix = {"html": "html", "text": "txt", "latex": "tex"}[builder]
        pages = list(target.glob(f"*.{suffix}"))
        if builder == "html":
            pages = [target / "index.html"]
        text = "".join(path.read_text("utf-8") for path in pages if path.exists())
        return text, complaints.getvalue(), target

    return run


@pytest.fixture(scope="session")
def surveys(
    book: str, book_html: Path, chromium: Any, watched: Callable[[Any], Any], axe: str
) -> dict[str, Survey]:
    """What was seen on every page of the built book: one load from a server, one from disk."""
    found = {}
    for name in sorted(path.relative_to(book_html).as_posix() for path in _pages(book_html)):
        context = chromium.new_context(viewport={"width": 1200, "height": 900})
        found[name] = _survey(watched(context), book + name, axe)
        context.close()
        context = chromium.new_context(viewport={"width": 1200, "height": 900})
        disk = watched(context)
        _open_fully(disk, (book_html / name).resolve().as_uri())
        found[name].disk = [*disk.foreign, *disk.problems]
        context.close()
    return found


def _pages(html: Path) -> list[Path]:
    found = [path for path in html.rglob("*.html") if "_static" not in path.parts]
    assert {"index.html", "lstm.html", "search.html", "404.html"} <= {path.name for path in found}
    return found


def _open_fully(seen: Any, address: str) -> None:
    """Open a page, unfold everything, scroll through it and wait until every widget is there."""
    seen.page.goto(address)
    seen.page.evaluate(WALK)
    seen.page.wait_for_function(READY)
    # What a page logs or asks for late still arrives.
    seen.page.wait_for_timeout(100)


def _survey(seen: Any, address: str, axe: str) -> Survey:
    asked: set[str] = set()
    seen.page.on("request", lambda request: asked.add(request.url.split("?")[0].split("#")[0]))
    seen.page.emulate_media(color_scheme="light")
    _open_fully(seen, address)
    survey = Survey(asked=asked, **seen.page.evaluate(FACTS))
    seen.page.evaluate(axe)
    # All formulas have the same few colours and roles: those of one page stand for all.
    part = "document" if address.endswith("/lstm.html") else "{exclude: [['mjx-container']]}"
    survey.violations["light"] = _violations(seen, part)
    survey.widths[1200] = seen.page.evaluate("document.documentElement.scrollWidth")
    seen.page.emulate_media(color_scheme="dark")
    survey.violations["dark"] = _violations(seen, part, runOnly=["color-contrast"])
    survey.theme = seen.page.evaluate("document.documentElement.dataset.theme")
    seen.page.set_viewport_size({"width": 320, "height": 640})
    survey.widths[320] = seen.page.evaluate("document.documentElement.scrollWidth")
    # The theme makes what scrolls reachable by keyboard a moment after a change of size.
    seen.page.wait_for_timeout(400)
    survey.violations["narrow"] = _violations(
        seen, "document", runOnly=["scrollable-region-focusable", "aria-hidden-focus"]
    )
    survey.small = seen.page.evaluate(SMALL)
    survey.foreign, survey.problems = seen.foreign, seen.problems
    return survey


def _violations(seen: Any, where: str, **options: Any) -> list[tuple[str, str, Any]]:
    """Return what axe-core found: the rule, how bad it is, and where."""
    # Left to itself, axe-core also writes down whatever is in order.
    asked = {"resultTypes": ["violations"], **options}
    answer = seen.page.evaluate(f"axe.run({where}, {json.dumps(asked)})")
    return [
        (rule["id"], rule["impact"], node["target"])
        for rule in answer["violations"]
        for node in rule["nodes"]
    ]
