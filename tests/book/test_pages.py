"""Every page of the book: self-contained, free of errors, accessible, narrow enough."""

import gzip
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

pytestmark = pytest.mark.browser

WALK = """async () => {
  for (const box of document.querySelectorAll("details")) box.open = true;
  for (let y = 0; y < document.body.scrollHeight; y += 400) {
    scrollTo(0, y);
    await new Promise((done) => setTimeout(done, 40));
  }
}"""
#: Findings that may stay, by rule: markup of the theme, of low impact.
ALLOWED_IMPACTS = {"minor", "moderate"}
#: Most bytes (after gzip) of scripts, styles and fonts on a page.
WEIGHT_WITHOUT_MATH = 350_000
WEIGHT_WITH_MATH = 700_000


def pages(html: Path) -> list[str]:
    """The addresses of all pages, relative to the book."""
    found = sorted(
        path.relative_to(html).as_posix()
        for path in html.rglob("*.html")
        if "_static" not in path.parts and "_sources" not in path.parts
    )
    assert {"index.html", "lstm.html", "search.html"} <= set(found)
    return found


def open_fully(seen: Any, address: str) -> None:
    """Open a page, unfold everything, scroll through it and wait until it is quiet."""
    seen.page.goto(address)
    seen.page.wait_for_load_state("networkidle")
    seen.page.evaluate(WALK)
    for place in seen.page.query_selector_all(".afm-widget, .afm-output"):
        place.scroll_into_view_if_needed()
    seen.page.wait_for_function(
        "[...document.querySelectorAll('[data-afm-state]')].every("
        "(place) => ['ready', 'static'].includes(place.dataset.afmState))"
    )
    seen.page.wait_for_load_state("networkidle")


def test_no_page_needs_another_host(book: str, book_html: Path, visit: Callable[..., Any]) -> None:
    """Unfolded, scrolled to the end and below a base path, no page asks elsewhere or fails."""
    for name in pages(book_html):
        seen = visit(viewport={"width": 1200, "height": 900})
        open_fully(seen, book + name)
        seen.check()


def test_the_guard_catches_a_planted_script(
    book_html: Path, serve: Callable[[Path], str], tmp_path: Path, visit: Callable[..., Any]
) -> None:
    """The test above would notice one script from a content network."""
    page = (book_html / "search.html").read_text(encoding="utf-8")
    planted = '<script src="https://cdn.example.org/library.js"></script></head>'
    (tmp_path / "index.html").write_text(page.replace("</head>", planted, 1), encoding="utf-8")
    (tmp_path / "_static").symlink_to(book_html.resolve() / "_static")
    seen = visit()
    seen.page.goto(serve(tmp_path))
    with pytest.raises(AssertionError, match=r"cdn\.example\.org"):
        seen.check()


def test_text_of_pages_names_no_foreign_resource(book_html: Path) -> None:
    """No page loads a script, style or picture by absolute address."""
    found = []
    for name in pages(book_html):
        text = (book_html / name).read_text(encoding="utf-8")
        found += [
            (name, mark)
            for mark in ('src="http', "cdn.jsdelivr", "unpkg.com", "cdnjs", "mybinder")
            if mark in text
        ]
        found += [
            (name, line) for line in text.splitlines() if "<link" in line and 'href="http' in line
        ]
    assert not found


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_accessibility(
    book: str, book_html: Path, visit: Callable[..., Any], axe: str, scheme: str
) -> None:
    """axe-core finds nothing inside widgets and nothing serious on any page."""
    for name in pages(book_html):
        seen = visit(viewport={"width": 1200, "height": 900}, color_scheme=scheme)
        open_fully(seen, book + name)
        assert seen.page.evaluate("document.documentElement.dataset.theme") == scheme
        seen.page.evaluate(axe)
        answer = seen.page.evaluate("axe.run(document, {resultTypes: ['violations']})")
        found = [
            (name, rule["id"], rule["impact"], node["target"])
            for rule in answer["violations"]
            for node in rule["nodes"]
            if rule["impact"] not in ALLOWED_IMPACTS or isinstance(node["target"][0], list)
        ]
        assert not found


def test_narrow_screens(book: str, book_html: Path, visit: Callable[..., Any]) -> None:
    """At 320 pixels no page scrolls sideways, and touch targets in widgets are large enough."""
    for name in pages(book_html):
        seen = visit(viewport={"width": 320, "height": 640})
        open_fully(seen, book + name)
        assert seen.page.evaluate("document.documentElement.scrollWidth") <= 320, name
        small = seen.page.evaluate(
            """[...document.querySelectorAll('.afm-widget')].flatMap((place) =>
              [...place.shadowRoot.querySelectorAll('button, input, summary')]
                .map((part) => part.getBoundingClientRect())
                .filter((box) => box.height < 24 || box.width < 24).map((box) => box.toJSON()))"""
        )
        assert not small, name


def test_pages_work_from_disk(book_html: Path, visit: Callable[..., Any]) -> None:
    """Opened as a file, without any server, every widget starts."""
    for name in pages(book_html):
        seen = visit()
        open_fully(seen, (book_html / name).resolve().as_uri())
        assert not seen.foreign
        assert not [text for text in seen.problems if "afm" in text or "import" in text]


def test_pages_are_light(book: str, book_html: Path, visit: Callable[..., Any]) -> None:
    """Scripts, styles and fonts of a page stay within the budget; no script for formulas."""
    for name in pages(book_html):
        seen = visit()
        asked: set[str] = set()
        seen.page.on("request", lambda request, asked=asked: asked.add(request.url))
        open_fully(seen, book + name)
        parts = {address.removeprefix(book).split("?")[0] for address in asked}
        files = [book_html / part for part in parts if part.startswith("_static/")]
        weight = sum(len(gzip.compress(path.read_bytes(), 9)) for path in files)
        formulas = seen.page.locator(".math").count()
        assert any("formulas.css" in part for part in parts) == bool(formulas), name
        assert not any("mathjax" in part and part.endswith(".js") for part in parts), name
        assert weight <= (WEIGHT_WITH_MATH if formulas else WEIGHT_WITHOUT_MATH), name


def test_formulas_have_colour_and_speech(book: str, visit: Callable[..., Any]) -> None:
    """Gate symbols carry their colour, and each formula its hidden MathML."""
    seen = visit()
    open_fully(seen, book + "lstm.html")
    colours = seen.page.evaluate(
        "['i', 'f', 'g', 'o', 'c', 'h'].map((gate) =>"
        " getComputedStyle(document.querySelector(`mjx-container .gate-${gate}`)).color)"
    )
    assert len(set(colours)) == 6
    counts = seen.page.evaluate(
        "['mjx-container', 'mjx-assistive-mml'].map((tag) => document.querySelectorAll(tag).length)"
    )
    assert counts[0] == counts[1] > 0
    assert not seen.page.locator("mjx-merror").count()
