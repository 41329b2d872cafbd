"""Fuzzing of the two borders: frames from a sandbox, and notebooks from a learner."""

import json
import socket
import struct
import time

import numpy as np
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from rnngrader import wire
from rnngrader.assignment import Role
from rnngrader.checks.calling import CallResult
from rnngrader.display import display_notebook
from rnngrader.errors import SubmissionUnreadable
from rnngrader.judge import unreadable
from rnngrader.loading import load_assignment
from rnngrader.rebuild import rebuild
from rnngrader.sandbox.program import Cell, Limits
from rnngrader.sandbox.session import LoadFailed, Sandbox, Session
from rnngrader.submission import MAX_CELLS, parse
from rnngrader.verdict import Identity
from tests.rnngrader.courses import TinyCourse, notebook, solution

QUICK = settings(
    max_examples=60, deadline=None, suppress_health_check=list(HealthCheck), database=None
)
LIMITS = Limits(call_s=0.5, load_s=0.5, question_s=5, output_kb=1, total_output_kb=1)

words = st.sampled_from(
    ["value", "exception", "undefined", "unsendable", "callback", "given", "cell", "start",
     "ready", "f", "line", "text", "type", "", "x" * 3000]
)  # fmt: skip
plain = (
    words | st.none() | st.booleans() | st.integers() | st.floats()
    | st.sampled_from([np.zeros((2, 3)), np.array(1.5), np.zeros((0, 4)), wire.Opaque("X")])
)  # fmt: skip
values = st.recursive(
    plain,
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.lists(inner, max_size=3).map(tuple)
        | st.dictionaries(words, inner, max_size=4)
    ),
    max_leaves=10,
)
answers = values | st.builds(lambda kind, rest: [kind, *rest], words, st.lists(values, max_size=3))
sizes = st.integers(0, 2**32 - 1) | st.integers(0, 9)
headers = st.builds(
    lambda code, shape, body: (
        b"A" + code.ljust(3) + bytes([len(shape)])
        + b"".join(struct.pack(">I", n) for n in shape)
        + struct.pack(">I", len(body)) + body
    ),
    st.sampled_from([b"f8", b"i4", b"b1", b"c16", b"O8", b"V0", b"f2"]),
    st.lists(sizes, max_size=9),
    st.binary(max_size=40),
)  # fmt: skip
encoded = (
    headers
    | st.binary(max_size=60)
    | st.builds(lambda t, n, b: t + struct.pack(">I", n) + b,
                st.sampled_from([b"L", b"U", b"M", b"P", b"S", b"I", b"O"]), sizes,
                st.binary(max_size=40) | headers)
)  # fmt: skip


class _Deaf(Sandbox):
    """A sandbox without a process: a test is at the other end of the connection."""

    def end_question(self):
        """Nothing runs."""


def conversation(frames):
    """A session whose child sends these frames and hangs up."""
    ours, theirs = socket.socketpair()
    with theirs:
        for frame in frames:
            theirs.sendall(struct.pack(">I", len(frame)) + frame)
    cells = [Cell("f", ""), Cell("start", "")]
    return ours, Session(_Deaf(cells, LIMITS, ("numpy",), unsafe=False), ours)


@QUICK
@given(encoded)
def test_any_bytes_decode_or_are_refused_by_name(data):
    """Lengths, shapes and types that lie raise WireError, and nothing else."""
    begin = time.monotonic()
    try:
        wire.decode(data)
    except wire.WireError:
        assert time.monotonic() - begin < 1


@QUICK
@given(st.lists(answers.map(wire.encode) | encoded, min_size=1, max_size=4))
def test_a_call_ends_in_a_result_whatever_comes_back(frames):
    """No answer makes the judge raise, and no given function gets what is not an argument."""
    ours, session = conversation(frames)
    with ours:
        result = session.call("f", (1,), {}, {"f": lambda *_a, **_k: 1 / 0}, returns_args=True)
    assert isinstance(result, CallResult)


reports = st.builds(
    lambda kind, name, output, problems: [kind, name, output, problems],
    st.sampled_from(["cell", "start"]), st.sampled_from(["f", "start"]), values,
    st.lists(st.dictionaries(words, values, max_size=3) | values, max_size=25) | values,
)  # fmt: skip


@QUICK
@given(values, reports, reports)
def test_loading_ends_in_a_program_or_a_failure(first, second, third):
    """Reports of cells that lie end the child; what is kept is within the limits."""
    script = [["start", "f"], second, ["start", "start"], third, ["ready"], first]
    ours, session = conversation([wire.encode(message) for message in script])
    with ours:
        try:
            session.load()
        except LoadFailed:
            return
    assert sum(len(run.output) for run in session.cells) <= (1 << 10) + 200
    assert all(len(run.problems) <= 20 for run in session.cells)


json_values = st.recursive(
    st.none() | st.booleans() | st.floats() | st.text(max_size=8) | st.integers(),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3)
    ),
    max_leaves=6,
)
ids = st.sampled_from(["setup", "double", "check_double", "nobody", "", "DOUBLE"]) | json_values
sources = (
    st.text(max_size=40)
    | st.sampled_from(["def double(x):\n    return 6", "%%bash\nx", "<script>x</script>", "\ud800"])
    | st.lists(st.text(max_size=5), max_size=3)
)
cells = st.fixed_dictionaries(
    {"cell_type": st.sampled_from(["code", "markdown", "raw"]) | json_values, "source": sources},
    optional={
        "metadata": st.fixed_dictionaries(
            {}, optional={"nbgrader": st.fixed_dictionaries({"grade_id": ids}) | json_values}
        )
        | json_values,
        "outputs": json_values,
    },
)


def test_any_notebook_is_rebuilt_from_the_instructors(tmp_path):
    """Whatever its cells are: locked cells and tests stay ours, and only known text is added."""
    unit = load_assignment(TinyCourse(tmp_path).course.source, "tiny")
    ours = {cell.id: cell for cell in unit.cells}

    @QUICK
    @given(st.lists(cells, max_size=6))
    def rebuilt_or_refused(submitted):
        raw = json.dumps({"nbformat": 4, "cells": submitted}).encode()
        try:
            parsed = parse(raw)
        except SubmissionUnreadable:
            return
        made = rebuild(unit, parsed)
        run = [cell.id for cell in made.program]
        assert len(run) == len(set(run)) <= MAX_CELLS
        theirs = {cell.source for cell in parsed}
        for cell in made.program:
            mine = ours.get(cell.id)
            locked = mine is not None and mine.role is Role.SETUP
            assert cell.source == mine.public if locked else cell.source in theirs
        assert "check_double" not in run

    rebuilt_or_refused()


def test_a_damaged_file_is_read_or_told_and_can_be_shown(tmp_path):
    """One byte changed, cut or doubled anywhere in a real notebook: a verdict and a display."""
    unit = load_assignment(TinyCourse(tmp_path).course.source, "tiny")
    good = notebook(solution("def double(x):\n    return x + x"))

    @QUICK
    @given(st.integers(0, len(good) - 1), st.binary(max_size=3), st.integers(0, 5))
    def damaged(at, put, cut):
        raw = good[:at] + put + good[at + cut :]
        try:
            parse(raw)
        except SubmissionUnreadable as error:
            reason = str(error)
        else:
            return
        verdict = unreadable(Identity("tiny", "ada", "", unit.version), unit, reason)
        json.loads(display_notebook(unit, verdict))
        assert 0 < len(reason) < 400

    damaged()
