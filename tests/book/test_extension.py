"""The Sphinx extension: what it accepts, what it refuses, and what other formats get."""

from collections.abc import Callable
from pathlib import Path

import pytest

WIDGET = "```{anywidget} /lstm_gates.mjs\n%s\n```\n"
DRAWING = """<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9" aria-labelledby="t">
<title id="t">A dot</title><style>.dot {{ fill: {colour}; }}</style>
<defs><clipPath id="c"><path d="M0 0h9v9z"/></clipPath></defs>
<circle class="dot" r="4" clip-path="url(#c)"/></svg>"""


def test_page_carries_model_module_and_host(build: Callable[..., tuple[str, str, Path]]) -> None:
    """The page holds the start values; module, its text twin and the host lie beside it."""
    text, warnings, target = build(WIDGET % '{"id": "x", "f": 0.25, "alt": "</script> & co"}')
    assert not warnings
    assert 'id="w-x"' in text
    assert '"f": 0.25' in text
    assert r"<\/script> & co" in text
    names = sorted(path.name for path in (target / "_static" / "afm").iterdir())
    assert [name.split("-")[0] for name in names] == ["host", "lstm_gates", "lstm_gates"]
    assert names[1].removesuffix(".js") + ".txt.js" == names[2]
    assert f"_static/afm/{names[0]}" in text
    assert f'data-esm="_static/afm/{names[1]}"' in text
    assert "0.25" in text.split("<table")[1]


def test_pages_without_widgets_stay_without_host(
    build: Callable[..., tuple[str, str, Path]],
) -> None:
    """The host script is on no page that does not need it."""
    text, warnings, _ = build("Nothing here.")
    assert not warnings
    assert "host-" not in text


@pytest.mark.parametrize(
    ("body", "complaint"),
    [
        ('{"f": 2}', "expected f from 0 to 1, got 2"),
        ('{"f": true}', "expected f from 0 to 1, got True"),
        ('{"forget": 1}', "expected one of c_prev, f, i, g, o, got 'forget'"),
        ("{f: 1}", "expected a JSON object as body"),
        ("[1]", "expected a JSON object as body, got [1]"),
        ('{"id": "two words"}', "expected an id of letters and hyphens, got 'two words'"),
    ],
)
def test_wrong_bodies_are_named(
    build: Callable[..., tuple[str, str, Path]], body: str, complaint: str
) -> None:
    """A body the widget would not take is refused with what was expected."""
    assert complaint in build(WIDGET % body)[1]


def test_missing_module_is_named(build: Callable[..., tuple[str, str, Path]]) -> None:
    """A path that leads nowhere is refused."""
    _, warnings, _ = build('```{anywidget} /absent.mjs\n{"alt": "x"}\n```\n')
    assert "expected a file of the project, got '/absent.mjs'" in warnings


@pytest.mark.parametrize(
    ("link", "complaint"),
    [
        ("#w-x=f:.5,g:-1", ""),
        ("#w-y=f:.5", "expected a widget with id 'y' on this page"),
        ("#w-x=f:5", "expected f from 0 to 1, got 5.0"),
        ("#w-x=q:1", "expected one of c_prev, f, i, g, o, got 'q'"),
        ("#w-x=f", "expected NAME:VALUE, got 'f'"),
    ],
)
def test_links_to_widget_states_are_checked(
    build: Callable[..., tuple[str, str, Path]], link: str, complaint: str
) -> None:
    """A good link passes untouched; a bad one is a warning, so the build fails."""
    text, warnings, _ = build(f"[go]({link})\n\n" + WIDGET % '{"id": "x"}')
    assert f'href="{link}"' in text
    assert (complaint in warnings) if complaint else not warnings


def test_drawings_do_not_disturb_each_other(build: Callable[..., tuple[str, str, Path]]) -> None:
    """Two drawings with the same ids and classes keep their own; both have a name."""
    figure = "```{svg-figure} %s.svg\n:alt: A dot.\n:name: fig-%s\n\nCaption of %s.\n```\n"
    page = "".join(figure % (name, name, name) for name in ("one", "two"))
    red, blue = DRAWING.format(colour="red"), DRAWING.format(colour="blue")
    text, warnings, _ = build(page, one=red, two=blue)
    assert not warnings
    for name in ("one", "two"):
        prefix = f"{name}-{0 if name == 'one' else 1}-"
        assert text.count(f'id="{prefix}c"') == 1
        assert f'clip-path="url(#{prefix}c)"' in text
        assert f'aria-labelledby="{prefix}t"' in text
        assert f".{prefix}drawing {{" in text
        assert f'id="fig-{name}"' in text
        assert f"Caption of {name}." in text


@pytest.mark.parametrize(
    ("options", "drawing", "complaint"),
    [("", DRAWING.format(colour="red"), "expected :alt:"), (":alt: x\n", "<svg>", "well-formed")],
)
def test_wrong_figures_are_named(
    build: Callable[..., tuple[str, str, Path]], options: str, drawing: str, complaint: str
) -> None:
    """A figure without a text, or with a broken file, is refused."""
    page = f"```{{svg-figure}} one.svg\n{options}\nCaption.\n```\n"
    assert complaint in build(page, one=drawing)[1]


@pytest.mark.parametrize("builder", ["text", "latex"])
def test_other_formats_get_words(build: Callable[..., tuple[str, str, Path]], builder: str) -> None:
    """Where nothing can be drawn or run, the sentence, the values and the caption remain."""
    figure = "```{svg-figure} one.svg\n:alt: A red dot.\n\nThe caption.\n```\n"
    text, warnings, _ = build(
        figure + WIDGET % '{"f": 0.5}', builder, one=DRAWING.format(colour="red")
    )
    assert not warnings
    for words in ("A red dot.", "The caption.", "keeps 0.50", "0.9000"):
        assert words in text


def test_formulas_keep_their_punctuation(build: Callable[..., tuple[str, str, Path]]) -> None:
    """A comma or bracket that touches a formula stays on its line."""
    text, warnings, _ = build("Both ($a$), $b$; or $c$ alone.")
    assert not warnings
    assert text.count('class="unbroken"') == 2
    assert '<span class="unbroken">(<span class="math' in text
    assert "</span>),</span>" in text
