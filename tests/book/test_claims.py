"""The statements of the notes: all there, most of them measured, and chosen by keyboard."""

import re
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

Build = Callable[..., tuple[str, str, Path]]
PAGE = Path(__file__).parents[2] / "book" / "claims.md"
#: How many statements each note has; one of note 004 has a second part.
COUNTS = {"A": 28, "B": 20, "C": 23, "D": 16, "E": 13}
WANTED = {f"{note}{number}" for note, count in COUNTS.items() for number in range(1, count + 1)}
EXPECTED = WANTED | {"E5b"}
CARD = re.compile(r"^:::\{claim\} (\w+) (\w+)\n(.*?)^:::$", re.MULTILINE | re.DOTALL)
SMALL = ":::{claim} A1 gates\nA *gate*.\n+++\n%s\n:::\n"


def cards() -> list[tuple[str, str, str]]:
    """Number, topic and text of every card of the chapter."""
    return [(found[1], found[2], found[3]) for found in CARD.finditer(PAGE.read_text("utf-8"))]


def test_every_statement_has_one_card() -> None:
    """No statement of the list is missing, none is there twice, and none is new."""
    assert Counter(number for number, _, _ in cards()) == Counter(EXPECTED)


def test_most_statements_are_tested_where_they_stand() -> None:
    """At least 45 cards hold a number that a cell of this page handed over, and none is typed."""
    text = PAGE.read_text("utf-8")
    code = "".join(re.findall(r"^```\{code-cell\}.*?^```$", text, re.MULTILINE | re.DOTALL))
    measured = 0
    for number, _, body in cards():
        names = re.findall(r"\{glue:text\}`(\w+)`", body)
        measured += bool(names)
        for name in names:
            stem, _, _ = name.partition("_")
            assert re.search(rf'put\(\s*f?"{stem}_', code), f"{number}: {name}"
    assert measured >= 45


def test_every_experiment_would_notice() -> None:
    """Each cell with experiments asserts what its cards say."""
    text = PAGE.read_text("utf-8")
    cells = re.findall(r"^```\{code-cell\}.*?\n(.*?)^```$", text, re.MULTILINE | re.DOTALL)
    experiments = [cell for cell in cells if ":tags: [hide-input]" in cell]
    assert len(experiments) >= 8
    for cell in experiments:
        assert re.search(r"^assert ", cell, re.MULTILINE), cell[:80]


def test_a_card_shows_note_topic_and_what_it_has(build: Build) -> None:
    """The head names note and topic; the mark stands there if the text holds a number of a run."""
    plain, warnings, target = build(
        SMALL % "No." + "\n[back](#claim-a1)\n\n```{claim-filter}\n```\n"
    )
    assert not warnings
    assert '<article class="rnn-claim" id="claim-a1" data-note="000" data-topic="gates">' in plain
    assert "<span>Note 000</span><span>Gates</span></p>" in plain
    assert "<p>A <em>gate</em>.</p>" in plain
    assert 'href="#claim-a1"' in plain
    assert "1 statements; 0 of them" in plain
    for name in ("claims.css", "claims.js"):
        assert (target / "_static" / name).is_file()
        assert f"_static/{name}" in plain


def test_a_card_with_a_number_of_a_recorded_run_says_so(build: Build, tmp_path: Path) -> None:
    """The mark tells what ran with the page from what ran before."""
    results = tmp_path / "experiments" / "results"
    results.mkdir(parents=True)
    (results / "race.json").write_text('{"share": 0.5}', encoding="utf-8")
    text, warnings, _ = build(SMALL % "It is {measured}`race share .0%`.")
    assert not warnings
    assert 'data-topic="gates" data-measured="recorded">' in text
    assert "<span>from recorded runs</span></p>" in text


def test_cards_are_read_without_html(build: Build) -> None:
    """In plain text a card has its head as a line, and nothing asks the reader to choose."""
    text, warnings, _ = build(SMALL % "No." + "\n```{claim-filter}\n```\n", "text")
    assert not warnings
    assert "**A1, Note 000, Gates**" in text
    assert "shown" not in text


@pytest.mark.parametrize(
    ("page", "complaint"),
    [
        (SMALL % "B\n+++\nC", "expected one line +++, got 2"),
        ((SMALL % "B").replace("A1", "X1"), "expected one of A, B, C, D, E, got 'X1'"),
        ((SMALL % "B").replace("gates", "doors"), "expected a topic of words, gradients"),
        (SMALL % "B" + "\n" + SMALL % "C", "expected A1 once on a page, got it twice"),
    ],
)
def test_mistakes_in_cards_are_named(build: Build, page: str, complaint: str) -> None:
    """A card that cannot be understood is a warning, so the build of the book fails."""
    assert complaint in build(page)[1]


@pytest.mark.browser
def test_cards_are_chosen_by_keyboard(book_html: Path, visit: Callable[..., Any]) -> None:
    """From disk: Tab and keys choose note and topic, headings above nothing go, links come back."""
    seen = visit(viewport={"width": 1200, "height": 900})
    page = seen.page
    page.goto((book_html / "claims.html").resolve().as_uri())
    shown = page.locator(".rnn-claim:visible")
    output = page.locator(".rnn-claim-filter output")
    assert shown.count() == len(EXPECTED)
    note, topic = page.get_by_label("Note"), page.get_by_label("Topic")
    note.focus()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    assert note.input_value() == "001"
    assert shown.count() == COUNTS["B"]
    assert output.inner_text() == f"{COUNTS['B']} of {len(EXPECTED)} shown"
    page.keyboard.press("Tab")
    page.keyboard.type("GRU")
    assert topic.input_value() == "gru"
    wanted = [name for name, about, _ in cards() if name[0] == "B" and about == "gru"]
    assert shown.locator(".rnn-claim-head a").all_inner_texts() == wanted
    assert not page.get_by_role("heading", name="Cell and output").is_visible()
    page.keyboard.press("Tab")
    page.keyboard.press("Space")
    assert page.get_by_label("only with numbers").is_checked()
    assert shown.count() == page.locator(".rnn-claim[data-measured]:visible").count()
    page.evaluate("location.hash = '#claim-a1'")
    page.locator("#claim-a1").wait_for(state="visible")
    assert shown.count() == len(EXPECTED)
    seen.check()


@pytest.mark.browser
def test_without_the_script_all_cards_are_there(book_html: Path, visit: Callable[..., Any]) -> None:
    """Without JavaScript every card is shown and the form is not."""
    seen = visit(java_script_enabled=False)
    seen.page.goto((book_html / "claims.html").resolve().as_uri())
    assert seen.page.locator(".rnn-claim:visible").count() == len(EXPECTED)
    assert not seen.page.locator(".rnn-claim-filter").is_visible()
