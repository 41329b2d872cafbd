"""Calling a learner's function: copies, errors, stand-ins."""

from types import FunctionType
from typing import NamedTuple

import numpy as np
import pytest

from rnngrader.checks.calling import LocalCandidate, as_candidate


class Pair(NamedTuple):
    a: np.ndarray
    b: np.ndarray


def test_arguments_are_copies_also_inside_named_tuples():
    """What the function writes into its arguments never reaches the caller's arrays."""

    def writes(x, pair):
        x += 1
        pair.a[...] = 9
        return pair

    x, pair = np.zeros(3), Pair(np.zeros(2), np.ones(2))
    result = LocalCandidate(writes).call(x, pair, returns_args=True)
    assert not x.any()
    assert not pair.a.any()
    after_x, after_pair = result.args_after
    assert after_x.tolist() == [1, 1, 1]
    assert after_pair.a.tolist() == [9, 9]


def test_a_returned_buffer_does_not_change_with_the_next_call():
    """Results are copied as they would be on their way from another process."""
    buffer = np.zeros(2)

    def reuses():
        buffer[...] += 1
        return [buffer]

    candidate = LocalCandidate(reuses)
    first = candidate.call().value
    candidate.call()
    assert first[0].tolist() == [1, 1]


def test_arguments_come_back_only_when_asked_for():
    """Without returns_args there is nothing to compare."""
    assert LocalCandidate(lambda x: x).call(1).args_after is None


def test_an_exception_becomes_an_error_with_the_learners_line():
    """The line is the learner's own, also when NumPy raises further down."""

    def fails(x):
        first = x
        return np.concatenate([first, np.zeros((2, 2))])

    error = LocalCandidate(fails).call(np.zeros(3)).error
    assert (error.kind, error.type_name) == ("exception", "ValueError")
    assert error.line == fails.__code__.co_firstlineno + 2


def test_leaving_python_is_an_error_like_others():
    """A call of exit() in a function does not end the notebook."""

    def leaves():
        raise SystemExit(3)

    assert LocalCandidate(leaves).call().error.type_name == "SystemExit"


def test_numpy_warnings_are_no_fault():
    """An overflow that NumPy only warns of raises nothing."""
    result = LocalCandidate(lambda: np.exp(np.array([1e4]))).call()
    assert result.error is None
    assert np.isinf(result.value).all()


def test_stand_ins_are_put_back_also_after_an_exception():
    """The learner's names are the learner's again after every call."""

    def outer(fail):
        if fail:
            raise ValueError
        return inner(), other()  # noqa: F821 - of the namespace below

    namespace = {"inner": lambda: "own", "ValueError": ValueError}
    candidate = LocalCandidate(FunctionType(outer.__code__, namespace))
    given = {"inner": lambda: "given", "other": lambda: "new"}
    assert candidate.call(False, given=given).value == ("given", "new")
    assert candidate.call(True, given=given).error.type_name == "ValueError"
    assert namespace["inner"]() == "own"
    assert "other" not in namespace


def test_as_candidate_passes_candidates_through():
    """The judge's own candidates are not wrapped again."""
    candidate = LocalCandidate(len)
    assert as_candidate(candidate) is candidate
    assert as_candidate(len).name == "len"


def test_as_candidate_refuses_what_cannot_be_called():
    """The sentence says what to pass."""
    with pytest.raises(TypeError, match=r"expected the function itself.*got tuple"):
        as_candidate((1, 2))
