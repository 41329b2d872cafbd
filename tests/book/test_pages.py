"""Every page of the book: self-contained, free of errors, accessible, narrow and light enough."""

import gzip
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

pytestmark = pytest.mark.browser

#: Findings that may stay: markup of the theme, of low impact.
ALLOWED_IMPACTS = {"minor", "moderate"}
#: Most bytes after gzip.
PAGE_WITHOUT_FORMULAS = 350_000
PAGE_WITH_FORMULAS = 700_000
HOST = 3 * 1024
WIDGET = 12 * 1024
WIDGETS_OF_A_PAGE = 40 * 1024


def weights(asked: set[str], book: str, html: Path) -> dict[str, int]:
    """Return the size after gzip of every file that a page asked for, the page included."""
    files = {address.removeprefix(book) for address in asked if address.startswith(book)}
    return {name: len(gzip.compress((html / name).read_bytes(), 9)) for name in files}


def test_no_page_needs_another_host_or_fails(surveys: dict[str, Any]) -> None:
    """Unfolded, scrolled to the end and below a base path, no page asks elsewhere or fails."""
    assert {name: seen.foreign for name, seen in surveys.items() if seen.foreign} == {}
    assert {name: seen.problems for name, seen in surveys.items() if seen.problems} == {}


def test_pages_work_from_disk(surveys: dict[str, Any]) -> None:
    """Opened as a file, without any server, every widget starts and nothing fails."""
    assert {name: seen.disk for name, seen in surveys.items() if seen.disk} == {}


def test_the_guard_catches_a_planted_script(
    book_html: Path, serve: Callable[[Path], str], tmp_path: Path, visit: Callable[..., Any]
) -> None:
    """The tests above would notice one script from a content network."""
    page = (book_html / "search.html").read_text(encoding="utf-8")
    planted = '<script src="https://cdn.example.org/library.js"></script></head>'
    (tmp_path / "index.html").write_text(page.replace("</head>", planted, 1), encoding="utf-8")
    (tmp_path / "_static").symlink_to(book_html.resolve() / "_static")
    seen = visit()
    seen.page.goto(serve(tmp_path))
    with pytest.raises(AssertionError, match=r"cdn\.example\.org"):
        seen.check()


def test_text_of_files_names_no_foreign_resource(book_html: Path) -> None:
    """No page or style sheet loads a script, style, font or picture by absolute address."""
    loads = re.compile(
        r"""<(?:script|img|source|iframe)[^>]*\ssrc=["']https?:[^"']*|<link[^>]*href=["']https?:[^"']*"""
        r"""|url\(["']?https?:[^)]*|@import\s+["']https?:[^"']*|unpkg\.com|mybinder\.org/v2"""
    )
    found = [
        (path.name, match[0])
        for path in book_html.rglob("*")
        if path.suffix in {".html", ".css"}
        for match in loads.finditer(path.read_text(encoding="utf-8"))
    ]
    assert not found
    assert loads.search('<script src="https://cdn.example.org/x.js">')


def test_pages_carry_no_script_of_formulas_or_kernels(surveys: dict[str, Any]) -> None:
    """Scripts that Jupyter Book would add to every page stay away."""
    unwanted = re.compile(r"mathjax.*\.js|thebe|require\.js|html-manager|embed-amd", re.IGNORECASE)
    found = {
        (name, address)
        for name, seen in surveys.items()
        for address in seen.asked
        if unwanted.search(address)
    }
    assert not found
    formulas = {name: seen.formulas for name, seen in surveys.items() if seen.formulas}
    styled = {
        name
        for name, seen in surveys.items()
        if any(address.endswith("formulas.css") for address in seen.asked)
    }
    assert styled == set(formulas)


@pytest.mark.parametrize("state", ["light", "dark", "narrow"])
def test_accessibility(surveys: dict[str, Any], state: str) -> None:
    """axe-core finds nothing inside widgets and nothing serious on any page."""
    found = [
        (name, *finding)
        for name, seen in surveys.items()
        for finding in seen.violations[state]
        if finding[1] not in ALLOWED_IMPACTS or isinstance(finding[2][0], list)
    ]
    assert not found


def test_pages_follow_the_system_to_dark(surveys: dict[str, Any]) -> None:
    """The dark pass above saw dark pages; only the page for lost readers has no switch."""
    assert {name for name, seen in surveys.items() if seen.theme != "dark"} == {"404.html"}


@pytest.mark.parametrize("width", [320, 1200])
def test_no_page_scrolls_sideways(surveys: dict[str, Any], width: int) -> None:
    """On a small telephone and on a desk, the page is as wide as the screen."""
    assert {name: seen.widths[width] for name, seen in surveys.items()} == dict.fromkeys(
        surveys, width
    )


def test_touch_targets_of_widgets_are_large_enough(surveys: dict[str, Any]) -> None:
    """At 320 pixels everything to press in a widget is at least 24 pixels wide and high."""
    assert {name: seen.small for name, seen in surveys.items() if seen.small} == {}


def test_pictures_have_a_text(surveys: dict[str, Any]) -> None:
    """Every picture says what it shows."""
    assert {name: seen.nameless for name, seen in surveys.items() if seen.nameless} == {}


def test_formulas_can_be_read_aloud(surveys: dict[str, Any]) -> None:
    """Each formula has its MathML beside the drawing."""
    assert sum(seen.formulas for seen in surveys.values())
    assert {name for name, seen in surveys.items() if seen.formulas != seen.spoken} == set()


def test_every_page_introduces_itself(surveys: dict[str, Any], book_html: Path) -> None:
    """Each page has a description, and a card for previews with a picture that exists."""
    descriptions = {}
    for name, seen in surveys.items():
        if name == "404.html":
            continue
        descriptions[name] = seen.meta["description"]
        assert seen.meta["og:title"]
        assert seen.meta["twitter:card"] == "summary_large_image"
        assert 20 < len(seen.meta["description"]) <= 160, name
        assert (book_html / name).parent.joinpath(seen.meta["og:image"]).is_file()
    assert len(set(descriptions.values())) >= len(descriptions) - 1  # search and index of names


def test_pages_are_light(surveys: dict[str, Any], book: str, book_html: Path) -> None:
    """Everything that a page loads, its own text included, stays within its budget."""
    heavy = {}
    for name, seen in surveys.items():
        weight = sum(weights(seen.asked, book, book_html).values())
        if weight > (PAGE_WITH_FORMULAS if seen.formulas else PAGE_WITHOUT_FORMULAS):
            heavy[name] = weight
    assert heavy == {}


def test_widgets_are_light(surveys: dict[str, Any], book: str, book_html: Path) -> None:
    """The host, each widget, and all widget code of a page stay within their budgets."""
    seen_any = False
    for name, seen in surveys.items():
        files = {
            file: weight
            for file, weight in weights(seen.asked, book, book_html).items()
            if file.startswith("_static/afm/")
        }
        for file, weight in files.items():
            assert weight <= (HOST if "/host-" in file else WIDGET), file
        assert sum(files.values()) <= WIDGETS_OF_A_PAGE, name
        assert bool(files) == bool(seen.widgets), name
        seen_any = seen_any or bool(files)
    assert seen_any


def test_gates_have_their_colours_in_formulas(book: str, visit: Callable[..., Any]) -> None:
    """Gate symbols differ in colour from each other, on light and on dark."""
    for scheme in ("light", "dark"):
        seen = visit(color_scheme=scheme)
        seen.page.goto(book + "lstm.html")
        colours = seen.page.evaluate(
            "['i', 'f', 'g', 'o', 'c', 'h'].map((gate) =>"
            " getComputedStyle(document.querySelector(`mjx-container .gate-${gate}`)).color)"
        )
        assert len(set(colours)) == 6
