"""What authors of chapters use: boxes, measured numbers, formulas, the reference of the code."""

import json
import re
from collections.abc import Callable
from pathlib import Path

import pytest

import rnncore
import rnnwidgets

Build = Callable[..., tuple[str, str, Path]]
BOX = ":::{%s} %s\nIs $a$ *left*?\n%s\n:::\n"


def test_questions_unfold_and_titles_can_be_chosen(build: Build) -> None:
    """Question and answer are parsed apart, the answer is folded away, and titles are ours."""
    page = BOX % ("predict", "", "\n+++\nThe **answer**.") + BOX % ("quiz", "Now *you*", "+++\nNo.")
    text, warnings, _ = build(page + BOX % ("breaks", "", ""))
    assert not warnings
    folded = re.findall(
        r'<details class="rnn-answer"><summary>(.*?)</summary>\s*(.*?)\s*</de', text
    )
    assert folded == [
        ("The answer", "<p>The <strong>answer</strong>.</p>"),
        ("The answer", "<p>No.</p>"),
    ]
    titles = re.findall(r'<p class="admonition-title">(.*?)</p>', text)
    assert titles == ["Predict first", "Now <em>you</em>", "Where this breaks"]
    for name in ("predict", "quiz", "breaks"):
        assert re.search(rf'<div class="[^"]*\brnn-box rnn-{name}\b[^"]*"', text)


@pytest.mark.parametrize(
    ("page", "complaint"),
    [
        (BOX % ("predict", "", ""), "expected one line +++ before the answer, got 0"),
        (BOX % ("quiz", "", "+++\nA\n+++\nB"), "expected one line +++ before the answer, got 2"),
        (BOX % ("breaks", "", "+++\nA"), "expected no answer, got 1"),
        (r"$\unknown$", r"formula: Undefined control sequence \unknown"),
        ("$a_b_c$", "formula: Double subscripts"),
        ("```{api} absent_package\n```", "expected a package to import, got 'absent_package'"),
        ("```{api} rnnbook\n```", "expected rnnbook to have __all__"),
    ],
)
def test_mistakes_of_authors_are_named(build: Build, page: str, complaint: str) -> None:
    """What a directive cannot understand is a warning, so the build of the book fails."""
    assert complaint in build(page)[1]


@pytest.fixture
def record(tmp_path: Path) -> None:
    """Two recorded runs beside the small book."""
    for folder, name in (("experiments", "race"), ("benchmarks", "cells")):
        results = tmp_path / folder / "results"
        results.mkdir(parents=True)
        run = {"lstm": {"loss": [1234.5, -3.2e-8], "share": 0.423, "cell": "lstm"}}
        rows = [({"lag": 20, "bias": 0.5}, 0.25), ({"lag": 20, "bias": 1.0}, 0.75)]
        run["rows"] = [{"condition": condition, "mean": mean} for condition, mean in rows]
        (results / f"{name}.json").write_text(json.dumps(run), encoding="utf-8")


def test_measured_numbers_come_from_the_record(build: Build, record: None) -> None:
    """A number is read from the file, formatted, and written with real signs."""
    wanted = {
        "race rows.lag=20,bias=1.mean": "0.75",
        "race lstm.loss.1 .1e": "\N{MINUS SIGN}3.2\u2009×\u200910⁻⁸",
        "race lstm.loss.0 ,.1f": "1,234.5",
        "race lstm.share .0%": "42%",
        "benchmarks/cells lstm.cell": "lstm",
    }
    text, warnings, _ = build("\n\n".join(f"{{measured}}`{name}`" for name in wanted))
    assert not warnings
    assert re.findall(r'<span class="measured">(.*?)</span>', text) == list(wanted.values())


@pytest.mark.parametrize(
    ("name", "complaint"),
    [
        ("race lstm.accuracy .2f", "expected 'accuracy' of 'lstm.accuracy', got loss, share, cell"),
        ("race lstm.loss.7 .2f", "expected '7' of 'lstm.loss.7', got list"),
        ("race rows.lag=20.mean .2f", "expected one row with lag=20, got 2"),
        ("race rows.lag=20,bias=2.mean .2f", "expected one row with lag=20,bias=2, got 0"),
        ("race lstm .2f", "expected a number or a text"),
        ("race lstm.cell .2f", "Unknown format code"),
        ("absent a .2f", "expected the record experiments/results/absent.json, got none"),
        ("race", "expected RUN PATH FORMAT, got 'race'"),
    ],
)
def test_missing_numbers_fail_the_build(
    build: Build, record: None, name: str, complaint: str
) -> None:
    """A number that is not in the record is a warning, never a gap in a sentence."""
    text, warnings, _ = build(f"{{measured}}`{name}`")
    assert complaint in warnings
    assert 'class="measured"' not in text


def test_every_public_name_is_in_the_reference(build: Build) -> None:
    """Each public function and class has an entry with its arguments, and examples are shown."""
    labels = {
        label
        for path in Path(rnncore.__file__).parent.rglob("*.py")
        for label in re.findall(r"\{eq\}`+([\w-]+)", path.read_text(encoding="utf-8"))
    }
    equations = "".join(f"```{{math}}\n:label: {label}\nx\n```\n\n" for label in labels)
    page = equations + "```{api} rnncore\n```\n\n```{api} rnnwidgets\n```\n"
    text, warnings, _ = build(page)
    assert not warnings
    for package in (rnncore, rnnwidgets):
        for name in package.__all__:
            assert f'id="{package.__name__}.{name}"' in text
    entry = text.split('id="rnncore.lstm_step"')[1].split("<dt class")[0]
    for words in ("h_prev", "TypeError", "0.6032", 'href="#equation-eq-'):
        assert words in entry
    assert "batch, input_size" in re.sub("<.*?>", "", entry)


def test_formulas_are_drawn_coloured_and_readable(build: Build) -> None:
    """The page holds the drawing, the MathML, the number and the class of the gate; no script."""
    page = (
        "So $\\gf{f}$. See {eq}`eq-a`.\n\n```{math}\n:label: eq-a\n\\gc{c} = \\{k\\} \\\\ + j\n```"
    )
    text, warnings, target = build(page)
    assert not warnings
    assert text.count("<mjx-container") == text.count("<mjx-assistive-mml><math") == 2
    assert 'class="mjx-i gate-f"' in text
    assert '<mi class="gate-c">c</mi>' in text
    assert '<span class="eqno">(1)' in text
    assert "script" not in text.split("<mjx-container", 1)[1].split("</mjx-container>")[0]
    rules = (target / "_static" / "mathjax-3.2.2" / "formulas.css").read_text(encoding="utf-8")
    assert "mjx-c.mjx-c1D453" in rules
    assert "mjx-c.mjx-c7D::before" in rules
    assert "mjx-c.mjx-c1D44B" not in rules
    for font in re.findall(r'url\("(fonts/[^"]+)"\)', rules):
        assert (target / "_static" / "mathjax-3.2.2" / font).is_file()


def test_pages_without_formulas_ask_for_no_formula_style(build: Build) -> None:
    """The style sheet of formulas is on no page that does not need it."""
    assert "formulas.css" not in build("Nothing here.")[0]
