"""What every chapter has, and that each backward function is derived and checked in the book."""

import json
import re
from pathlib import Path

import pytest

import rnncore
import rnncore.models
import rnncore.seq2seq

ROOT = Path(__file__).parents[2]
BOOK = ROOT / "book"
TOC = (BOOK / "_toc.yml").read_text(encoding="utf-8").partition("Back matter")[0]
CHAPTERS = re.findall(r"- file: ([\w-]+)", TOC)
#: A list of about a hundred statements is longer than a chapter may be.
LONG = {"claims"}
ROW = re.compile(r"^\| \{py:func\}`\w+ <([\w.]+)>` \| (.*) \|$", re.MULTILINE)
FIGURE = re.compile(r"^```\{svg-figure\}|^  figure:$", re.MULTILINE)
EXPERIMENT = re.compile(r"^##+ Experiment", re.MULTILINE)
CELL = re.compile(r"^```\{code-cell\}.*?^```$", re.MULTILINE | re.DOTALL)


def page(name: str) -> str:
    """The text of a page without what Sphinx and Jupyter read at its head."""
    text = (BOOK / f"{name}.md").read_text(encoding="utf-8")
    return re.sub(r"\A---\n.*?\n---\n", "", text, flags=re.DOTALL)


def prose(text: str) -> list[str]:
    """The words outside code, figures and formulas that stand alone."""
    return re.sub(r"```.*?```", "", text, flags=re.DOTALL).split()


def shortcomings(text: str, longest: int = 3500) -> list[str]:
    """What a chapter must have and this text has not."""
    counts = {
        "words": (len(prose(text)), 1500, longest),
        "widgets": (text.count("```{anywidget}"), 1, 5),
        "figures": (len(FIGURE.findall(text)), 2, 9),
        "experiments": (len(EXPERIMENT.findall(text)), 1, 9),
        "questions": (text.count(":::{quiz}"), 3, 3),
        "guesses": (text.count(":::{predict}"), 1, 1),
        "notebooks": (len(re.findall(r"<\.\./exercises/(\S+)\.ipynb>", text)), 1, 9),
    }
    return [
        f"{name}: {number}"
        for name, (number, least, most) in counts.items()
        if not least <= number <= most
    ]


@pytest.mark.parametrize("name", CHAPTERS)
def test_chapter_has_its_parts(name: str) -> None:
    """Length, widget, figures, experiment, questions and a link to a notebook that exists."""
    text = page(name)
    assert shortcomings(text, 9000 if name in LONG else 3500) == []
    for target in re.findall(r"<\.\./(exercises/\S+\.ipynb)>", text):
        assert (ROOT / target).is_file()


@pytest.mark.parametrize(
    ("what", "complaint"),
    [("```{anywidget}", "widgets: 0"), (":::{quiz} Question 2", "questions: 2")],
)
def test_a_missing_part_is_noticed(what: str, complaint: str) -> None:
    """The test above sees a chapter without its widget, or with a question too few."""
    assert shortcomings(page("sequences").replace(what, "")) == [complaint]


def public_backwards() -> set[str]:
    """Full names of all public backward functions."""
    return {
        f"{package.__name__}.{name}"
        for package in (rnncore, rnncore.models, rnncore.seq2seq)
        for name in package.__all__
        if name.endswith("_backward")
    }


def test_every_backward_function_has_a_row() -> None:
    """The table of derivations names all public backward functions, each once, and no other."""
    names = [name for name, _ in ROW.findall(page("api"))]
    assert len(names) == len(set(names))
    assert set(names) == public_backwards()


@pytest.mark.parametrize(("name", "where"), ROW.findall(page("api")))
def test_row_leads_to_a_derivation_that_is_checked(name: str, where: str) -> None:
    """A page of the row holds its equations, and a cell there calls the function in a check."""
    pages = [page(found) for found in re.findall(r"\((\S+?)\.md\)", where)]
    labels = re.findall(r"\{eq\}`([\w-]+)`", where)
    assert pages
    assert labels or "whole model" in where
    for label in labels:
        assert any(f":label: {label}\n" in text for text in pages), label
    function = name.rpartition(".")[2]
    cells = [cell for text in pages for cell in CELL.findall(text)]
    checks = [cell for cell in cells if "check_gradients(" in cell]
    included = {"decoder_step_backward", "encode_backward"}  # inside seq2seq_backward
    called = "seq2seq_backward" if function in included else function
    assert any(re.search(rf"\b{called}\b", cell) for cell in checks), function


def test_what_the_bottleneck_says_of_width_is_in_the_record() -> None:
    """Sentences about the table of widths hold in the recorded run that the table shows."""
    record = json.loads((ROOT / "experiments/results/bottleneck.json").read_text("utf-8"))
    share = {
        (row["condition"]["length"], row["condition"]["hidden_size"], row["condition"]["design"]): (
            row["letter_accuracy"]["mean"]
        )
        for row in record["summary"]
    }
    for length in (8, 12):
        for design in ("none", "attention"):
            assert share[length, 8, design] < share[length, 16, design] < share[length, 32, design]
        assert share[length, 16, "attention"] > share[length, 32, "none"]
    for size in (16, 32):
        lost = {
            design: share[8, size, design] - share[12, size, design]
            for design in ("none", "attention")
        }
        assert lost["none"] > 0.2 > 0.05 > lost["attention"]


def test_glossary_is_in_order_and_each_word_once() -> None:
    """Words stand in the order of the alphabet, so that a reader of the source finds them too."""
    head, _, body = (BOOK / "glossary.md").read_text("utf-8").partition("```{glossary}\n")
    words = re.findall(r"^(\S.*)\n  \S", body, re.MULTILINE)
    assert head.startswith("---\nmyst:\n")
    assert len(words) > 40
    assert words == sorted(set(words), key=str.lower)
