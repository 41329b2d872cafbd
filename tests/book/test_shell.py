"""What surrounds the chapters: first page, search, lost readers, printing."""

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

pytestmark = pytest.mark.browser

LOST = "a/b/absent/"
#: Everything a reader needs without scrolling: the title, and sliders that already work.
ABOVE = """(height) => {
  const inputs = [...document.querySelector(".afm-widget").shadowRoot.querySelectorAll("input")];
  const bottom = (part) => part.getBoundingClientRect().bottom;
  return bottom(document.querySelector("h1")) < height
    && inputs.filter((input) => bottom(input) < height).length;
}"""


@pytest.mark.parametrize(("width", "height"), [(1200, 800), (390, 844)])
def test_the_first_page_starts_with_a_live_widget(
    book: str, visit: Callable[..., Any], width: int, height: int
) -> None:
    """On a desk and on a telephone, title and working sliders are there without scrolling."""
    seen = visit(viewport={"width": width, "height": height})
    seen.page.goto(book)
    seen.page.wait_for_selector("[data-afm-state=ready]")
    assert seen.page.evaluate(ABOVE, height) >= 4
    for target in ("how-to-read", "how-to-solve", "how-to-grade"):
        assert seen.page.locator(f'.rnn-ways a[href="#{target}"]').count() == 1
        assert seen.page.locator(f"[id={target}]").count() == 1
    seen.check()


@pytest.mark.parametrize("place", ["server", "disk"])
def test_search_finds_a_chapter(
    book: str, book_html: Path, visit: Callable[..., Any], place: str
) -> None:
    """The search field of a page leads to results, with a server and without one."""
    seen = visit(viewport={"width": 1200, "height": 800})
    seen.page.goto(book if place == "server" else (book_html / "index.html").resolve().as_uri())
    seen.page.locator(".search-button-field").first.click()
    seen.page.locator("#pst-search-dialog input, .search-button__search-container input").fill(
        "candidate gate"
    )
    seen.page.keyboard.press("Enter")
    seen.page.wait_for_url("**/search.html?q=candidate+gate*")
    results = seen.page.locator("#search-results ul.search li a")
    results.first.wait_for()
    assert any("lstm.html" in link.get_attribute("href") for link in results.all())
    seen.page.wait_for_timeout(300)
    if place == "server":
        assert seen.page.locator("#search-results p.context").count()
    seen.check()


def test_a_lost_reader_is_led_home(
    book_html: Path, serve: Callable[[Path], str], tmp_path: Path, visit: Callable[..., Any]
) -> None:
    """Shown at any depth below any base, the page for lost readers leads to the first page."""
    top = tmp_path / "some" / "base" / "book"
    page = (book_html / "404.html").read_text(encoding="utf-8")
    assert 'href="_static' not in page
    deep = top / LOST
    deep.mkdir(parents=True)
    (deep / "index.html").write_text(page, encoding="utf-8")
    shutil.copy(book_html / "objects.inv", top)
    seen = visit()
    seen.page.goto(f"{serve(tmp_path)}some/base/book/{LOST}")
    seen.page.wait_for_selector('#home[href="/some/base/book/index.html"]')
    assert not seen.foreign


def test_print_unfolds_and_is_light(book: str, visit: Callable[..., Any]) -> None:
    """On paper answers are visible, and what belongs to a screen is not."""
    seen = visit(viewport={"width": 1200, "height": 800}, color_scheme="dark")
    seen.page.goto(book + "lstm.html")
    seen.page.emulate_media(media="print")
    state = seen.page.evaluate(
        """() => ({
          answers: [...document.querySelectorAll(".rnn-answer, details")].map(
            (box) => box.lastElementChild.getBoundingClientRect().height),
          bars: [...document.querySelectorAll(".bd-sidebar-primary, .bd-header-article")].filter(
            (part) => part.getBoundingClientRect().height).length,
        })"""
    )
    assert state["answers"]
    assert min(state["answers"]) > 0
    assert state["bars"] == 0
