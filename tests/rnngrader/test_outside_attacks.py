"""Attacks by somebody who had not read the list: what they found stays mended."""

import json

import numpy as np
import pytest

from rnngrader import wire
from rnngrader.errors import SubmissionUnreadable
from rnngrader.sandbox.answers import MAX_NUMBERS, result_of
from rnngrader.sandbox.program import Cell, Limits
from rnngrader.sandbox.session import Sandbox
from rnngrader.submission import parse, read_file

ASKS = """
def curious():
    try:
        return 0, vast(7)
    except ValueError as error:
        return 1, str(error)
"""
LIMITS = Limits(call_s=5, load_s=10, question_s=20, memory_mb=512)


@pytest.mark.parametrize("pieces", [1, 5])
def test_bytes_that_fill_the_judge_as_doubles_are_no_answer(pieces):
    """Small integers cross cheaply; compared as doubles they would exhaust the judge: a fault."""
    one = np.zeros((MAX_NUMBERS // pieces + 1, 1), np.int8)
    result = result_of(["value", [one] * pieces, None])
    assert result.error is not None
    assert result.error.kind == "unsendable"


def test_changed_arguments_count_as_well():
    """What a call left in its arguments is compared too, and is the learner's to choose."""
    huge = np.zeros(MAX_NUMBERS + 1, np.bool_)
    assert result_of(["value", 1.5, [{"a": (huge,)}]]).error.kind == "unsendable"


def test_the_largest_answer_of_doubles_is_one():
    """No reply that could cross as doubles is refused for holding too many numbers."""
    assert MAX_NUMBERS * 8 >= wire.MAX_FRAME
    assert result_of(["value", np.zeros(MAX_NUMBERS, np.int8), None]).error is None


@pytest.mark.parametrize("shape", [(1 << 46,), (1 << 33, 0), (1 << 20, 1 << 20)])
def test_an_array_too_large_to_cross_is_told_before_it_is_copied(shape):
    """A view with strides of zero costs nothing to make; its copy would fill the memory."""
    with pytest.raises(wire.WireError, match="expected at most"):
        wire.encode([np.broadcast_to(np.zeros((), np.bool_), shape)])


def vast(_size):
    """A stand-in whose answer to a learner's argument fits into no memory."""
    return np.broadcast_to(np.zeros(1, np.bool_), (1 << 46,))


def doubtful(_size):
    """A stand-in that looks at its arguments with `assert`."""
    raise AssertionError("expected a step")


@pytest.mark.parametrize("stand_in", [vast, doubtful])
def test_a_stand_in_that_fails_at_a_learners_argument_is_no_fault(stand_in):
    """Whatever a learner makes the judge's own function do is told to the learner's code."""
    with Sandbox([Cell("curious", ASKS)], LIMITS, ("numpy",), unsafe=False) as sandbox:
        session = sandbox.open()
        result = session.call("curious", (), {}, {"vast": stand_in}, returns_args=False)
        session.close()
    assert result.error is None
    assert result.value[0] == 1


@pytest.mark.parametrize(
    ("nbformat", "said"), [(int("9" * 4000), "a number of 4000 digits"), (5, "got 5")]
)
def test_a_format_is_told_in_a_line(nbformat, said):
    """Thousands of digits chosen by a learner do not fill an instructor's terminal."""
    raw = f'{{"nbformat": {nbformat}, "cells": []}}'.encode()
    with pytest.raises(SubmissionUnreadable, match=said) as caught:
        parse(raw)
    assert len(str(caught.value)) < 200


def test_true_is_no_format():
    """JSON's `true` counts as a whole number in Python, and is none."""
    with pytest.raises(SubmissionUnreadable, match="no nbformat"):
        parse(b'{"nbformat": true, "cells": []}')


def test_too_many_cells_are_counted():
    """The sentence says how many there are, or that there is no list at all."""
    many = {"nbformat": 4, "cells": [{"cell_type": "code", "source": ""}] * 501}
    with pytest.raises(SubmissionUnreadable, match="at most 500 cells, got 501"):
        parse(json.dumps(many).encode())
    with pytest.raises(SubmissionUnreadable, match="no list of cells"):
        parse(b'{"nbformat": 4, "cells": {"a": 1}}')


def test_a_broken_cell_is_counted_from_one():
    """People count cells from 1."""
    cells = [{"cell_type": "code", "source": "x = 1"}, {"cell_type": "code", "source": [1]}]
    with pytest.raises(SubmissionUnreadable, match="Cell 2, counted from 1, has no source"):
        parse(json.dumps({"nbformat": 4, "cells": cells}).encode())


@pytest.mark.parametrize("linked", ["ada", "ada/lstm"])
def test_a_linked_folder_is_called_one(tmp_path, linked):
    """An instructor whose folders are links reads so, and not that a folder is a file."""
    target = tmp_path / "elsewhere" / "lstm"
    target.mkdir(parents=True)
    (target / "lstm.ipynb").write_bytes(b"{}")
    link = tmp_path / "submitted" / linked
    link.parent.mkdir(parents=True)
    link.symlink_to(target if linked.endswith("lstm") else target.parent)
    with pytest.raises(SubmissionUnreadable, match="a file or a symbolic link"):
        read_file(tmp_path / "submitted", "ada", "lstm")
