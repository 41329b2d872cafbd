"""Display notebooks: a person can read them, and nothing in them can act."""

import json
from html.parser import HTMLParser

import nbformat
import pytest
from hypothesis import given
from hypothesis import strategies as st
from nbconvert import HTMLExporter

from rnngrader.batch import Options, grade_unit
from rnngrader.display import harmless_markdown, plain_text
from tests.rnngrader.courses import cell, notebook, solution

HOSTILE = [
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "[a](javascript:alert(1))",
    "[a](JaVaScRiPt :alert(1))",
    "[a](&#106;avascript:alert(1))",
    "[a](data:text/html,<script>1</script>)",
    "![a](http://127.0.0.1:9/p.png)",
    "[a]: javascript:alert(1)\n\n[a]",
    "<javascript:alert(1)>",
    "$$\\href{javascript:alert(1)}{x}$$",
    "<svg onload=alert(1)>",
    "`<b>`{=html}",
    "[a](  javascript:alert(1))",
    "[a](&#x6A;avascript&colon;alert(1))",
    "[a]\n(javascript:alert(1))",
    "[a][b]\n\n   [b]:\n   javascript:alert(1)",
]


class Collector(HTMLParser):
    """Collects the tags and attributes of a page."""

    def __init__(self):
        super().__init__()
        self.tags = set()
        self.attributes = []

    def handle_starttag(self, tag, attrs):
        """Note one tag."""
        self.tags.add(tag)
        self.attributes += attrs


@pytest.mark.parametrize("text", HOSTILE)
def test_prose_becomes_text_that_cannot_act(text):
    """Rendered by nbconvert with its own filter off, no tag, handler or foreign link is left."""
    book = nbformat.v4.new_notebook(cells=[nbformat.v4.new_markdown_cell(harmless_markdown(text))])
    html, _ = HTMLExporter(template_name="basic", sanitize_html=False).from_notebook_node(book)
    page = Collector()
    page.feed(html)
    assert page.tags <= {"div", "p", "a", "code"}
    for name, value in page.attributes:
        assert not name.startswith("on")
        assert name not in {"src", "srcdoc", "style"}
        assert name != "href" or value.startswith(("http://", "https://"))
    assert "\\href" not in html


@given(st.text())
def test_no_markup_survives_in_prose(text):
    """Whatever is written, no angle bracket and no image is left."""
    shown = harmless_markdown(text)
    assert "<" not in shown
    assert ">" not in shown
    assert "![" not in shown


@given(st.text())
def test_control_characters_do_not_reach_a_page(text):
    """Terminal escapes, NULs and direction changes are replaced, line ends stay."""
    bad = {*map(chr, range(32)), "\x7f", "\u202e", "\u2066"} - {"\t", "\n"}
    assert not bad & set(plain_text(text + "\x1b[2J\u202e"))


def test_formatting_and_mathematics_stay_readable():
    """Ordinary prose is what it was."""
    text = "**bold** and $f_t \\odot c_{t-1}$, see [the book](https://example.org/a?b=1)"
    assert harmless_markdown(text) == text


def test_the_notebook_holds_the_public_test_and_our_words_only(tiny):
    """Learner metadata, outputs and attachments are gone; cells are valid; hidden parts too."""
    loud = solution("print('hello')\ndef double(x): return x")
    loud["metadata"]["tags"] = ["evil-tag"]
    loud["outputs"] = [{"output_type": "stream", "name": "stdout", "text": "evil-output"}]
    loud["attachments"] = {"a.png": {"image/png": "evil"}}
    tiny.hand_in("ada", raw=notebook(loud, cell("extra = 1")))
    grade_unit(tiny.course, "tiny", Options(quiet=True))
    path = tiny.course.autograded / "ada" / "tiny" / "tiny.ipynb"
    text = path.read_text()
    assert "evil" not in text
    assert "canary" not in text
    assert "hello" in text
    book = nbformat.reads(text, as_version=4)
    nbformat.validate(book)
    ids = [c.metadata.get("nbgrader", {}).get("grade_id") for c in book.cells]
    assert ids == ["setup", "double", None, "check_double"]
    outputs = book.cells[-1].outputs
    assert outputs[0].output_type == "error"
    assert json.loads(text)["nbformat"] == 4
