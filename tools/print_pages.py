"""Put the pages of the built book into one, for printing.

Ids get the name of their page in front, so that links between pages become links inside the
document. Scripts stay away: widgets then show their fallback figures, and folded parts are open.
"""

import html
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

ARTICLE = re.compile(r'<article class="bd-article">(.*?)</article>', re.DOTALL)
TITLE = re.compile(r"<h1>(.*?)<a class=\"headerlink\"", re.DOTALL)
SECTION = re.compile(
    r'<section id="([^"]+)">(?:\s*<span[^>]*></span>)*\s*<h2>(.*?)<a class="headerlink"'
)
STYLES = re.compile(r'<link rel="stylesheet"[^>]*>')
SCRIPT = re.compile(r"<script\b.*?</script>", re.DOTALL)
TAG = re.compile(r"<[^>]+>")
ID = re.compile(r'\bid="([^"]+)"')
ID_LIST = re.compile(r'\b(aria-labelledby|aria-describedby)="([^"]+)"')
URL = re.compile(r"url\(#([^)]+)\)")
LINK = re.compile(r'\bhref="([^"]*)"')
# Captions of a list of chapters are paragraphs that say they are headings; Chromium believes them.
HEADING = re.compile(r'<(?:h[1-6]|p(?=[^>]*role="heading"))\b[^>]*>(.*?)</(?:h[1-6]|p)>', re.DOTALL)
HEADER_LINK = re.compile(r'<a class="headerlink".*?</a>', re.DOTALL)
MATHML = re.compile(r"<mjx-math.*?</mjx-math>", re.DOTALL)
DETAILS = re.compile(r"<details(?![^>]*\bopen\b)")

FRAME = """<!DOCTYPE html>
<html lang="{language}" data-theme="light"><head><meta charset="utf-8"><title>{title}</title>
{styles}
<style>
body {{ background: none; }}
.bd-article {{ padding: 0 !important; }}
.rnn-page, .rnn-contents {{ break-before: page; }}
.rnn-cover {{ height: 225mm; display: flex; flex-direction: column; justify-content: center; }}
.rnn-cover .rnn-title {{ font: 600 34pt/1.12 var(--rnn-serif); margin: 0 0 8mm; }}
.rnn-cover .rnn-bar {{ height: 3mm; background: var(--rnn-stripe); print-color-adjust: exact; }}
.rnn-contents ol {{ list-style: none; padding: 0; }}
.rnn-contents > ol > li {{ margin: 0 0 3mm; font-weight: 600; break-inside: avoid; }}
.rnn-contents > ol > li:last-child {{ break-before: avoid; }}
.rnn-contents li li {{ font-weight: 400; margin: 0; }}
.rnn-contents li ol {{ padding-left: 6mm; }}
.rnn-contents a {{ display: flex; justify-content: space-between; text-decoration: none; }}
</style></head><body>
<div class="rnn-cover"><p class="rnn-title">{title}</p><div class="rnn-bar"></div></div>
<article class="bd-article rnn-contents"><h1>{contents_title}</h1>
<ol>{contents}</ol></article>
{pages}
</body></html>
"""


@dataclass(frozen=True)
class Chapter:
    """A page of the book, ready to stand beside the others."""

    name: str
    title: str
    sections: list[tuple[str, str]]
    body: str


def order(toc: Any) -> list[str]:
    """Return the names of pages in the order of ``_toc.yml``."""
    if isinstance(toc, list):
        return [name for one in toc for name in order(one)]
    names = [str(toc[key]) for key in ("root", "file") if key in toc]
    for key in ("parts", "chapters", "sections"):
        names += order(toc.get(key, []))
    return names


def anchor(name: str, identity: str = "") -> str:
    """Return the id that an id of a page has in the whole document."""
    return f"{name}--{identity}"


def joined(name: str, body: str, names: set[str]) -> str:
    """Return the body of a page with its ids and links fitting the whole document."""

    def link(match: re.Match[str]) -> str:
        path, _, fragment = match[1].partition("#")
        # A link that sets a widget leads, on paper, to the widget's figure.
        fragment = fragment.partition("=")[0]
        target = path.removesuffix(".html") if path else name
        if target in names and (path.endswith(".html") or not path):
            return f'href="#{anchor(target, fragment)}"'
        # What lies beside the pages, such as a download, is not on paper.
        return match[0] if match[1].startswith(("http:", "https:", "mailto:")) else ""

    body = SCRIPT.sub("", body)
    body = ID.sub(lambda match: f'id="{anchor(name, match[1])}"', body)
    body = ID_LIST.sub(
        lambda match: f'{match[1]}="{" ".join(anchor(name, one) for one in match[2].split())}"',
        body,
    )
    body = URL.sub(lambda match: f"url(#{anchor(name, match[1])})", body)
    return DETAILS.sub("<details open", LINK.sub(link, body))


def chapter(folder: Path, name: str, names: set[str]) -> Chapter:
    """Read a page.

    Raises:
        ValueError: The page has no article or no title.
    """
    text = (folder / f"{name}.html").read_text(encoding="utf-8")
    article = ARTICLE.search(text)
    title = TITLE.search(article[1]) if article else None
    if not article or not title:
        raise ValueError(f"expected an article with a title in {name}.html, got none")
    sections = [(anchor(name, one[0]), TAG.sub("", one[1])) for one in SECTION.findall(article[1])]
    return Chapter(name, TAG.sub("", title[1]), sections, joined(name, article[1], names))


def headings(page: str) -> list[str]:
    """Return the text of every heading of a page, in order."""
    found = []
    for match in HEADING.findall(page):
        text = TAG.sub("", MATHML.sub("", HEADER_LINK.sub("", match)))
        found.append(" ".join(html.unescape(text).split()))
    return found


def document(folder: Path, toc: Path, contents_title: str, numbers: dict[str, int]) -> str:
    """Return the whole book as one HTML page.

    Args:
        folder: The built book.
        toc: The file with the order of pages.
        contents_title: Heading of the table of contents.
        numbers: Page numbers by the id that is linked to, as far as they are known.
    """
    names = order(yaml.safe_load(toc.read_text(encoding="utf-8")))
    chapters = [chapter(folder, name, set(names)) for name in names]
    first = (folder / f"{names[0]}.html").read_text(encoding="utf-8")
    styles = dict.fromkeys(
        style
        for name in names
        for style in STYLES.findall((folder / f"{name}.html").read_text(encoding="utf-8"))
    )
    language = re.search(r'<html lang="([^"]+)"', first)
    return FRAME.format(
        language=language[1] if language else "en",
        title=chapters[0].title,
        styles="\n".join(styles),
        contents_title=html.escape(contents_title),
        contents="".join(_entry(one, numbers) for one in chapters),
        pages="".join(
            f'<article class="bd-article rnn-page" id="{anchor(one.name)}">{one.body}</article>\n'
            for one in chapters
        ),
    )


def _entry(one: Chapter, numbers: dict[str, int]) -> str:
    def line(target: str, title: str) -> str:
        number = numbers.get(target, "")
        return f'<a href="#{target}"><span>{title}</span><span>{number}</span></a>'

    inner = "".join(f"<li>{line(target, title)}</li>" for target, title in one.sections)
    return f"<li>{line(anchor(one.name), one.title)}<ol>{inner}</ol></li>"
