"""The reference: docstrings of both styles become text, formulas, lists and examples."""

import importlib
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

import pytest

Build = Callable[..., tuple[str, str, Path]]
EXTENSION = Path(__file__).parents[2] / "book" / "_ext"


@pytest.fixture
def docstrings(monkeypatch: pytest.MonkeyPatch) -> Any:
    """The module that reads docstrings; the book's extension is on no path of its own."""
    monkeypatch.syspath_prepend(str(EXTENSION))
    return importlib.import_module("rnnbook.docstrings")


class Pair(NamedTuple):
    """Two things, of which none has a shape."""

    first: int
    second: str


class Documented:
    r"""Say one thing.

    .. math:: a = b = c, \quad
        d = e

    Args:
        q, r: Two numbers,
            explained in two lines.
        s: A third.

    The results are traits: do not set them.

    Raises:
        ValueError: never.

    >>> Documented.total
    8
    """

    total = 8


def test_text_after_a_list_is_text_again(docstrings: Any) -> None:
    """Every argument has its own entry, and the paragraph below the list is no argument."""
    text = docstrings.as_myst(Documented)
    assert "`q, r`\n: Two numbers, explained in two lines.\n" in text
    assert "`s`\n: A third.\n" in text
    before, _, after = text.partition("{rubric} Arguments")
    assert "The results are traits: do not set them." in before
    assert "traits" not in after


def test_formula_of_another_style_is_set_in_lines(docstrings: Any) -> None:
    """Parts of a formula stand below each other, joined at the first sign of equality of each."""
    text = docstrings.as_myst(Documented)
    assert "$$\n\\begin{aligned}\na &= b = c \\\\\nd &= e\n\\end{aligned}\n$$" in text
    assert ".. math" not in text


def test_result_of_an_example_stays_with_it(docstrings: Any) -> None:
    """What an example prints is not taken for text."""
    assert "```pycon\n>>> Documented.total\n8\n```" in docstrings.as_myst(Documented)


def test_all_fields_of_a_tuple_are_listed(docstrings: Any) -> None:
    """A field without a shape is a field as well."""
    assert docstrings.as_myst(Pair).endswith("- `first`\n- `second`\n")


@pytest.mark.parametrize(
    "package", ["rnncore.seq2seq", "rnncore.models", "rnncore.data", "rnncore.training"]
)
def test_docstrings_of_the_larger_parts_can_be_read(build: Build, package: str) -> None:
    """Each function and class of the second page has an entry, and nothing in it is a mistake."""
    text, warnings, _ = build(f"```{{api}} {package}\n```\n")
    assert not warnings
    module = importlib.import_module(package)
    names = [name for name in module.__all__ if callable(getattr(module, name))]
    assert [name for name in names if f'id="{package}.{name}"' not in text] == []
    assert len(names) > 3


def test_private_modules_are_not_shown(build: Build) -> None:
    """A name that nobody imports is not a heading."""
    text, warnings, _ = build("```{api} rnnwidgets\n```\n")
    assert not warnings
    assert "rnnwidgets._" not in text
    assert ".. math" not in text
