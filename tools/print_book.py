"""Print the built book to one PDF with Chromium: called by `tools.pdf` inside `.venv`."""

import os
import shutil
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

from playwright.sync_api import sync_playwright
from pypdf import PdfReader, PdfWriter
from pypdf.generic import DictionaryObject, NameObject, TextStringObject

from tools.machine import SYSTEM_PACKAGES
from tools.print_pages import document, headings

#: The page is written beside the others, where its styles, fonts and pictures are.
NAME: Final = "print.html"
CONTENTS: Final = "Contents"
FOOTER: Final = (
    '<div style="font: 8px sans-serif; color: #57606a; width: 100%; text-align: center">'
    '<span class="pageNumber"></span></div>'
)
#: Nothing a page asks for may leave the machine.
SWITCHES: Final = ("--disable-gpu", "--host-resolver-rules=MAP * ~NOTFOUND")


def print_page(page: Path, target: Path) -> None:
    """Print one HTML file to PDF, with bookmarks from its headings.

    Raises:
        FileNotFoundError: There is no Chromium.
    """
    program = next(filter(None, map(shutil.which, SYSTEM_PACKAGES["chromium"])), None)
    if program is None:
        raise FileNotFoundError("expected Chromium on PATH, got none")
    switches = [*SWITCHES, *(["--no-sandbox"] if os.geteuid() == 0 else [])]
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=switches)
        sheet = browser.new_page(color_scheme="light")
        sheet.goto(page.resolve().as_uri())
        sheet.evaluate("document.fonts.ready")
        sheet.pdf(
            path=target,
            prefer_css_page_size=True,
            print_background=True,
            outline=True,
            tagged=True,
            display_header_footer=True,
            header_template="<span></span>",
            footer_template=FOOTER,
        )
        browser.close()


def page_numbers(pdf: Path) -> dict[str, int]:
    """Return the page, counted from 1, of everything in the PDF that is linked to."""
    reader = PdfReader(pdf)
    found = {}
    for name, destination in reader.named_destinations.items():
        number = reader.get_destination_page_number(destination)
        if number is not None:
            found[name.removeprefix("/")] = number + 1
    return found


def _bookmarks(first: Any) -> Iterator[DictionaryObject]:
    """Yield bookmarks in the order of the document."""
    while first is not None:
        mark = first.get_object()
        yield mark
        yield from _bookmarks(mark.get("/First"))
        first = mark.get("/Next")


def name_bookmarks(pdf: Path, titles: list[str]) -> None:
    """Give bookmarks the text of their headings.

    Chromium repeats words of a heading that it laid out twice, as before a page break.

    Raises:
        ValueError: The document has another number of bookmarks than headings.
    """
    writer = PdfWriter(clone_from=pdf)
    outlines: Any = writer.root_object["/Outlines"].get_object()
    marks = list(_bookmarks(outlines.get("/First")))
    if len(marks) != len(titles):
        raise ValueError(f"expected {len(titles)} bookmarks, got {len(marks)}")
    for mark, title in zip(marks, titles, strict=True):
        mark[NameObject("/Title")] = TextStringObject(title)
    writer.write(pdf)


def print_book(folder: Path, toc: Path, target: Path, runs: int = 2) -> None:
    """Print a built book.

    Args:
        folder: The built book.
        toc: The file with the order of pages.
        target: The PDF to write.
        runs: The first run tells the second the page numbers for the table of contents.
    """
    page = folder / NAME
    target.parent.mkdir(parents=True, exist_ok=True)
    numbers: dict[str, int] = {}
    try:
        for _ in range(runs):
            page.write_text(document(folder, toc, CONTENTS, numbers), encoding="utf-8")
            print_page(page, target)
            numbers = page_numbers(target)
        name_bookmarks(target, headings(page.read_text(encoding="utf-8")))
    finally:
        page.unlink(missing_ok=True)


def main() -> int:
    """Print the book named on the command line: folder, table of contents, target."""
    folder, toc, target = map(Path, sys.argv[1:4])
    print_book(folder, toc, target)
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
