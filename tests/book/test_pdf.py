"""The book on paper: every chapter with text and figures, bookmarks, links, no empty page."""

import re
import subprocess
import sys
from pathlib import Path

import pytest
import yaml
from pypdf import PdfReader
from pypdf.generic import IndirectObject

from tools.print_book import page_numbers
from tools.print_pages import anchor, chapter, document, joined, order

pytestmark = pytest.mark.browser

ROOT = Path(__file__).parents[2]
TOC = ROOT / "book" / "_toc.yml"


@pytest.fixture(scope="session")
def pdf(book_html: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The whole book, printed once: page numbers in its contents are not needed here."""
    target = tmp_path_factory.mktemp("pdf") / "book.pdf"
    # In a process of its own: the browser of the other tests holds this one's event loop.
    code = "import sys; from pathlib import Path; from tools.print_book import print_book; "
    code += "print_book(*map(Path, sys.argv[1:4]), runs=1)"
    command = [sys.executable, "-c", code, book_html, TOC, target]
    subprocess.run(command, cwd=ROOT, check=True)
    assert not (book_html / "print.html").exists()
    return target


@pytest.fixture(scope="session")
def sheets(pdf: Path) -> list[str]:
    """The text of each sheet."""
    return [page.extract_text() for page in PdfReader(pdf).pages]


def flat(text: str) -> str:
    """Return a text without white space, since line breaks differ on paper."""
    return re.sub(r"\s+", "", text)


def test_every_chapter_is_there(book_html: Path, pdf: Path, sheets: list[str]) -> None:
    """Each page of the contents starts a sheet, with its title, its sections and its bookmark."""
    names = order(yaml.safe_load(TOC.read_text(encoding="utf-8")))
    numbers = page_numbers(pdf)
    reader = PdfReader(pdf)
    bookmarks = {flat(str(mark.title)) for mark in _marks(reader.outline)}
    starts = []
    for name in names:
        one = chapter(book_html, name, set(names))
        starts.append(numbers[anchor(name)])
        text = flat("".join(sheets[starts[-1] - 1 :]))
        # Numbers of equations stand at the edge, and may be read first.
        text_of_sheet = re.sub(r"^(\(\d+\))+", "", flat(sheets[starts[-1] - 1]))
        assert text_of_sheet.startswith(flat(one.title)), name
        assert flat(one.title) in bookmarks
        for _, section in one.sections:
            if "&" not in section:
                assert flat(section) in text, section
    assert starts == sorted(set(starts))


def _marks(outline: list[object]) -> list[object]:
    return [one for mark in outline for one in (_marks(mark) if isinstance(mark, list) else [mark])]


def test_no_sheet_is_empty(pdf: Path, sheets: list[str]) -> None:
    """Every sheet holds words beside its number, or a drawing that fills it."""
    assert len(sheets) > 10
    pages = PdfReader(pdf).pages
    for number, (text, page) in enumerate(zip(sheets, pages, strict=True), 1):
        words = text.strip().removesuffix(str(number)).strip()
        drawn = len(page.get_contents().get_data()) > 4000
        assert len(words) > 20 or drawn, number


def test_figures_and_fallbacks_are_there(book_html: Path, sheets: list[str]) -> None:
    """Words of drawings are on paper, and a widget's table stands where its sliders were."""
    text = flat("".join(sheets))
    page = (book_html / "lstm.html").read_text(encoding="utf-8")
    drawings = re.findall(r"<svg.*?</svg>", page, re.DOTALL)
    assert drawings
    for drawing in drawings:
        for label in re.findall(r"<text[^>]*>([A-Za-z ,]{6,})</text>", drawing):
            assert flat(label) in text, label
    assert "0.6032" in text


def test_links_stay_inside(pdf: Path) -> None:
    """Links between pages became links between sheets; none leads to a file of this machine."""
    inside = 0
    for page in PdfReader(pdf).pages:
        for note in page.get("/Annots") or []:
            link = note.get_object() if isinstance(note, IndirectObject) else note
            address = str((link.get("/A") or {}).get("/URI", ""))
            assert not address.startswith("file:"), address
            inside += "/Dest" in link or not address
    assert inside > 10


def test_ids_and_links_of_a_page_get_its_name() -> None:
    """Ids of two pages cannot meet, and a link to a state of a widget leads to the widget."""
    body = (
        '<p id="a"><a href="#a">x</a><a href="two.html#b">x</a><a href="#w-g=f:1">x</a>'
        '<a href="https://example.org/#a">x</a><a href="_downloads/a.ipynb">x</a>'
        '<use fill="url(#a)"/></p><script>x</script><details>'
    )
    assert joined("one", body, {"one", "two"}) == (
        '<p id="one--a"><a href="#one--a">x</a><a href="#two--b">x</a><a href="#one--w-g">x</a>'
        '<a href="https://example.org/#a">x</a><a >x</a>'
        '<use fill="url(#one--a)"/></p><details open>'
    )


def test_contents_name_sheets(book_html: Path) -> None:
    """Where a number is known, the contents show it beside the title."""
    page = document(book_html, TOC, "Contents", {anchor("lstm"): 4711})
    assert re.search(r'href="#lstm--"><span>[^<]+</span><span>4711</span>', page)
