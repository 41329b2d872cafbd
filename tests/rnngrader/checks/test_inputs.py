"""The inputs of the checks: no axis hides another, and the same seed gives the same numbers."""

import numpy as np
import pytest

from rnncore.params import LSTMParams
from rnngrader.checks import UNITS, exercises_of
from rnngrader.checks.arguments import arrays_of, in_precision, is_double, strided
from rnngrader.checks.inputs import LARGE, Draw, Inputs
from rnngrader.checks.prepared import prepared
from rnngrader.checks.seeding import SEED


def draw(**fixed):
    return Draw(np.random.default_rng(3), fixed)


def lstm_args(drawn):
    x, h = drawn.signal("batch", "seq", "input_size"), drawn.state("batch", "hidden_size")
    return x, h, drawn.params(LSTMParams)


INPUTS = Inputs("some_exercise", lstm_args, ascending=("batch", "seq"))


def test_sizes_are_larger_than_one_and_all_different():
    """Every name has one size in a case, and no two names share one."""
    for stream in "abcdefgh":
        sizes = list(INPUTS.full(stream).sizes.values())
        assert len(set(sizes)) == len(sizes) == 4
        assert min(sizes) > 1


def test_a_given_size_is_not_drawn_again():
    """What is fixed for one name is not taken by another."""
    drawn = draw(batch=3)
    others = [drawn.size(name) for name in ("a", "b", "c", "d")]
    assert drawn.size("batch") == 3
    assert 3 not in others


def test_the_order_of_two_sizes_can_be_asked_for():
    """A loop over the wrong axis must fail both ways, so both orders are drawn."""
    for stream in "abcd":
        case, swapped = INPUTS.full(stream), INPUTS.full(stream, swap=True)
        assert case.sizes["batch"] < case.sizes["seq"]
        assert swapped.sizes["batch"] > swapped.sizes["seq"]


def test_states_are_zero_at_a_start_and_only_there():
    """A start case differs in the state alone."""
    assert not INPUTS.start("a").args[1].any()
    assert INPUTS.full("a").args[1].all()
    assert INPUTS.start("a").args[0].all()


def test_large_inputs_have_both_signs():
    """Both ends of an exponential are reached."""
    (x, *_) = INPUTS.large().args
    assert set(np.unique(x)) == {-LARGE, LARGE}


def test_ids_repeat_and_reach_the_end_of_the_vocabulary():
    """Lost repeats and a range that is one too short can be seen."""
    for number in range(20):
        drawn = Draw(np.random.default_rng(number), {})
        ids = drawn.ids("batch", "seq")
        assert ids.min() >= 0
        assert ids.max() == drawn.size("vocab_size") - 1
        assert len(np.unique(ids)) < ids.size


def test_lengths_are_ragged_with_the_shortest_and_the_longest():
    """A mask is True at real steps, of which one sequence has a single one."""
    drawn = draw()
    lengths = drawn.lengths()
    assert {1, drawn.size("seq")} <= set(lengths.tolist())
    assert drawn.mask(lengths).sum(axis=1).tolist() == lengths.tolist()


def test_precision_and_layout_change_nothing_else():
    """Single precision and gaps in memory leave the numbers, integers and structure alone."""
    args = (np.ones((3, 2)), [np.arange(4)], LSTMParams(*(np.ones(2) for _ in range(4))), None)
    small, spread = in_precision(args, np.float32), strided(args)
    assert is_double(args)
    assert not is_double(small)
    assert small[1][0].dtype == args[1][0].dtype
    assert isinstance(small[2], LSTMParams)
    assert not spread[0].flags["C_CONTIGUOUS"]
    assert not spread[1][0].flags["C_CONTIGUOUS"]
    for one, other in zip(arrays_of(args), arrays_of(spread), strict=True):
        assert np.array_equal(one, other)


@pytest.mark.parametrize("unit", UNITS)
def test_cases_are_prepared_once_and_cannot_be_changed(unit):
    """A second check of the same seed asks the same, and nobody can write into it."""
    for exercise in exercises_of(unit):
        source = prepared(exercise, "visible")
        assert prepared(exercise, "visible") is source
        for case in source.cases:
            assert not any(array.flags.writeable for array in arrays_of(case.args))
        token = SEED.set(11)
        assert prepared(exercise, "visible") is not source
        SEED.reset(token)
