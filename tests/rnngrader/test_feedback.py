"""Feedback pages: score, cause, where to read on, own figures drawn anew, and nothing that acts."""

import base64
import io
import re
import zlib
from html.parser import HTMLParser

import pytest
from nbgrader.api import Gradebook
from PIL import Image

from rnngrader.cli import main
from rnngrader.feedback_figures import MOST
from tests.rnngrader.courses import SETUP, TinyCourse, cell, notebook, solution

SECRET = b"written by an attacker"


def png(size=(5, 3), colour=(200, 30, 7), **options):
    """A PNG of one colour."""
    out = io.BytesIO()
    Image.new("RGB", size, colour).save(out, "PNG", **options)
    return out.getvalue()


def chunk(kind, body):
    """One part of a PNG, with its sum."""
    return len(body).to_bytes(4) + kind + body + zlib.crc32(kind + body).to_bytes(4)


def with_text(raw):
    """The same PNG with words in it, and bytes after its end."""
    return raw[:33] + chunk(b"tEXt", b"Comment\0" + SECRET) + raw[33:] + SECRET


def output(**data):
    """A display output of a cell."""
    return {"output_type": "display_data", "metadata": {}, "data": data}


def picture(raw):
    """An output with a PNG, as Jupyter keeps it."""
    return output(**{"image/png": base64.b64encode(raw).decode()})


def answered(source, *outputs):
    """The solution cell with outputs."""
    return {**solution(source), "outputs": list(outputs)}


EVIL = [
    output(**{"text/html": "<script>alert(1)</script>"}),
    output(**{"image/svg+xml": "<svg onload='alert(1)'/>"}),
    output(**{"image/png": "data:text/html,<script>"}),
    output(**{"image/png": 7}),
    output(**{"image/png": ["a", 3]}),
    {"output_type": "display_data", "data": ["image/png"]},
    "no output",
    picture(b"\x89PNG\r\n\x1a\n<script>alert(1)</script>"),
    picture(b"GIF89a<script>"),
]


@pytest.fixture(scope="module")
def course(tmp_path_factory):
    """Four, graded: with figures, wrong and late, changed since, and unreadable."""
    tiny = TinyCourse(tmp_path_factory.mktemp("pages") / "course")
    wrong, right = "def double(x): return x", "def double(x): return x + x"
    extra = {**cell("extra = 1"), "outputs": [picture(png((4, 6)))]}
    locked = {**SETUP, "outputs": [picture(png((9, 9)))]}
    tiny.hand_in(
        "ada", raw=notebook(locked, answered(right, *EVIL, picture(with_text(png()))), extra)
    )
    tiny.hand_in("bob", raw=notebook(SETUP, answered(wrong, *[picture(png())] * (MOST + 3))))
    tiny.hand_in("cyd", raw=notebook(SETUP, answered(right, picture(png()))))
    tiny.hand_in("dan", raw=b"{")
    manifest = tiny.course.source / "tiny" / "unit.toml"
    late = "[late]\npercent_per_day = 25\nclosed_after_days = 9\ngrace_minutes = 30\n"
    manifest.write_text(f'page = "lstm.html"\n{manifest.read_text()}{late}')
    for name, stamp in (("ada", "01 23:10"), ("bob", "03 01:30"), ("cyd", "11 00:00")):
        path = tiny.root / "submitted" / name / "tiny" / "timestamp.txt"
        path.write_text(f"2026-03-{stamp}:00 UTC\n")
    with (tiny.root / "nbgrader_config.py").open("a") as file:
        file.write('c.RNNGrader.book = "https://book.example.org/v1/"\n')
    assert main(["grade", "tiny", "--course", str(tiny.root), "--workers", "1"]) == 2
    tiny.hand_in("cyd", raw=notebook(SETUP, answered(right, picture(png((7, 7))))))
    with Gradebook(tiny.course.db_url) as book:
        book.update_or_create_assignment("tiny", duedate="2026-03-01 23:00:00 UTC")
        book.find_grade("check_double", "tiny", "tiny", "bob").manual_score = 1.5
        comment = book.find_comment("double", "tiny", "tiny", "bob")
        comment.manual_comment = "Nearly. <b>See</b> me \u202etomorrow"
        comment = book.find_comment("double", "tiny", "tiny", "dan")
        comment.manual_comment = "Half a file: hand in <again>."
        book.db.commit()
    return tiny


@pytest.fixture(scope="module")
def pages(course):
    """The four feedback pages."""
    assert main(["feedback", "tiny", "--course", str(course.root)]) == 0
    return {name: (course.course.feedback / name / "tiny" / "tiny.html").read_text()
            for name in ("ada", "bob", "cyd", "dan")}  # fmt: skip


class Page(HTMLParser):
    """Collects tags and addresses."""

    def __init__(self, text):
        super().__init__()
        self.tags, self.images, self.links, self.attributes = set(), [], [], set()
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        """Note one tag."""
        self.tags.add(tag)
        self.attributes |= {name for name, _ in attrs}
        self.images += [value for name, value in attrs if name == "src"]
        self.links += [value for name, value in attrs if name == "href"]


def drawn(text):
    """The pictures of a page."""
    raws = [base64.b64decode(address.split(",")[1]) for address in Page(text).images]
    return [Image.open(io.BytesIO(raw), formats=["PNG"]) for raw in raws]


def test_own_figures_are_there_with_their_pixels_and_nothing_else(pages):
    """Those of the solution and of an extra cell; not of a locked one, and no word with them."""
    text = pages["ada"]
    images = drawn(text)
    assert [image.size for image in images] == [(5, 3), (4, 6)]
    assert images[0].getpixel((0, 0)) == (200, 30, 7)
    for address in Page(text).images:
        assert address.startswith("data:image/png;base64,")
        assert SECRET not in base64.b64decode(address.split(",")[1])
    assert 'alt="Figure 1 of your cell extra-1' in text


def test_there_is_a_most_of_figures(pages):
    """A page stays small whatever a notebook holds, and says how many figures it left out."""
    assert len(drawn(pages["bob"])) == MOST
    assert "not shown here: 3." in pages["bob"]
    assert "not shown here" not in pages["cyd"]


def test_figures_of_another_file_than_the_graded_one_are_not_shown(pages):
    """Handed in again since: the page is about the old file, so no figure is shown."""
    assert drawn(pages["cyd"]) == []


def test_nothing_acts_and_nothing_hidden_is_told(pages):
    """No script, no handler, no foreign address; no line of a hidden test."""
    for text in pages.values():
        page = Page(text)
        assert page.tags.isdisjoint({"script", "svg", "iframe", "link", "form", "object", "b"})
        assert not [name for name in page.attributes if name.startswith("on")]
        assert all(link.startswith("https://book.example.org/v1/") for link in page.links)
        assert "canary" not in text
        assert "7919" not in text
        assert "\u202e" not in text
        assert re.search(r'Security-Policy" content="default-src \'none\'', text)


def test_a_lost_question_leads_into_the_book(pages):
    """The chapter where the book is served; who has nothing wrong gets no link."""
    assert Page(pages["bob"]).links == ["https://book.example.org/v1/lstm.html"]
    assert Page(pages["ada"]).links == []


def test_points_and_words_of_a_person_count(pages):
    """1.5 by hand over 0 by the grader, and the comment as plain text."""
    assert "1.5 of 2 points" in pages["bob"]
    assert "Nearly. &lt;b&gt;See&lt;/b&gt; me" in pages["bob"]


def test_lateness_is_told_in_full_and_the_score_is_kept(pages):
    """Within the grace, two started days, after the last moment, and unknown."""
    assert "0 d 0 h 10 min after the due date. This costs no points." in pages["ada"]
    assert "1 d 2 h 30 min" in pages["bob"]
    assert (
        "Taken off in the course&#x27;s mark: 1 points. What counts there: 0.5 of 2."
        in pages["bob"]
    )
    assert "after the last moment" in pages["cyd"]
    assert "2 of 2 points" in pages["cyd"]
    assert "due date" not in pages["dan"]


def test_a_comment_reaches_a_learner_whose_file_could_not_be_read(pages):
    """What was written below a cell that the page cannot show is on the page, once, as text."""
    assert pages["dan"].count("Half a file: hand in &lt;again&gt;.") == 1
    assert pages["bob"].count("Nearly. &lt;b&gt;See&lt;/b&gt; me") == 1


def test_pages_can_be_written_when_submissions_are_archived(course, pages):
    """Without the submitted files the page is the same but for the figures and the note on them."""
    path = course.course.feedback / "ada" / "tiny" / "tiny.html"
    hidden = course.course.submitted.rename(course.root / "archive")
    assert main(["feedback", "tiny", "--course", str(course.root), "--student", "ada"]) == 0
    hidden.rename(course.course.submitted)
    without = re.sub(r"<figure>.*?</figure>", "", pages["ada"])
    assert path.read_text() == re.sub(r"<ul><li>Figures of yours.*?</li></ul>", "", without)


@pytest.mark.browser
def test_a_browser_shows_it_without_a_complaint(pages, visit, tmp_path, axe):
    """No error, no request, no finding of axe, and the figure is shown under the page's policy."""
    (tmp_path / "page.html").write_text(pages["ada"])
    seen = visit()
    seen.page.goto((tmp_path / "page.html").as_uri())
    widths = seen.page.evaluate("[...document.images].map((image) => image.naturalWidth)")
    assert widths == [5, 4]
    seen.check()
    free = visit(bypass_csp=True, color_scheme="dark")
    (tmp_path / "bob.html").write_text(pages["bob"])
    free.page.goto((tmp_path / "bob.html").as_uri())
    free.page.evaluate(axe)
    found = free.page.evaluate("axe.run()")["violations"]
    assert [(v["id"], [n["html"] for n in v["nodes"]]) for v in found] == []
