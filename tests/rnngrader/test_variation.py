"""Variants keep the meaning, mutants change it."""

import warnings

import pytest

from rnngrader.variation import VARIANTS, mutants

SOURCE = '''
def scale(x: float, by: float = 2.0) -> float:
    """Scale and shift."""
    # a comment
    if by == 0:
        raise ValueError(f"expected more than {by - 1}")
    scaled = x * by
    return scaled - 1


def twice(x):
    first = scale(x)
    second = [scale(first) for _ in range(1)]
    return first + second[0]
'''


def run(source):
    """What the functions give."""
    space = {}
    exec(source, space)  # noqa: S102 - the text above
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return [space["scale"](3.0), space["scale"](3.0, by=5.0), space["twice"](4.0)]


@pytest.mark.parametrize("name", VARIANTS)
def test_a_variant_is_another_text_with_the_same_results(name):
    """All of them can be called as before, by keyword too."""
    changed = VARIANTS[name](SOURCE)
    assert changed != SOURCE
    assert run(changed) == run(SOURCE)


def test_what_variants_take_away_or_rename_is_gone():
    """Annotations, docstrings and comments; names that functions assign, not their arguments."""
    bare, renamed = VARIANTS["bare"](SOURCE), VARIANTS["renamed"](SOURCE)
    assert not any(text in bare for text in ("float", "Scale", "comment"))
    assert "own_scaled" in renamed
    assert "own_x" not in renamed


def test_each_mutant_changes_one_operator_and_some_result():
    """Every exchange is made once, named, and noticed."""
    made = dict(mutants(SOURCE))
    assert set(made) == {"scaled - 1: - as +", "x * by: * as +", "first + second[0]: + as -"}
    for text in made.values():
        assert run(text) != run(SOURCE)
