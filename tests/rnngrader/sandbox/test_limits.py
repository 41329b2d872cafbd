"""Each limit of a unit's manifest is read, checked and enforced."""

import time

import pytest

from rnngrader.errors import GradingRefused
from rnngrader.judge import grade
from rnngrader.loading import load_assignment
from rnngrader.sandbox.program import Cell, Limits
from rnngrader.sandbox.session import LoadFailed, Sandbox
from tests.rnngrader.courses import TinyCourse, notebook, solution

ATTEMPT = "import os\ndef attempt(source):\n    return eval(source, {'os': os})"
QUICK = {"call_s": 3, "load_s": 4, "question_s": 10, "memory_mb": 512}


def sandbox(*sources, **limits):
    """A sandbox with these cells and limits."""
    cells = [Cell(f"c{n}", source) for n, source in enumerate(sources)]
    return Sandbox(cells, Limits(**{**QUICK, **limits}), ("numpy",), unsafe=False)


def ask(session, source):
    """Evaluate an expression in there."""
    return session.call("attempt", (source,), {}, {}, returns_args=False)


@pytest.mark.parametrize(
    ("limits", "source", "kind"),
    [
        ({"call_s": 0.5}, "[0 for _ in iter(int, 1)]", "timeout"),
        ({"submission_s": 1.5}, "__import__('time').sleep(60)", "timeout"),
        ({"cpu_s": 1}, "[0 for _ in iter(int, 1)]", "died"),
        ({"memory_mb": 250}, "len(bytearray(200 << 20))", "exception"),
        ({"open_files": 20}, "[os.open('/dev/null', 0) for _ in range(20)]", "exception"),
        ({"reply_mb": 1}, "[1.5] * 150_000", "protocol"),
        ({}, "os.fork()", "exception"),
        ({}, "open('/desk/file', 'w')", "exception"),
        ({"disk_mb": 1}, "open('/desk/file', 'wb').write(b'x' * (2 << 20))", "exception"),
    ],
)
def test_what_goes_beyond_a_limit_ends_as_said(limits, source, kind):
    """Wall clock, processor, memory, files, reply, processes and disk: each has an end."""
    limits = {"call_s": 6, **limits}
    with sandbox(ATTEMPT, **limits) as box:
        result = ask(box.open(), source)
    assert result.error is not None
    assert result.error.kind == kind


@pytest.mark.parametrize(
    ("limits", "source", "value"),
    [
        ({"memory_mb": 512}, "len(bytearray(200 << 20))", 200 << 20),
        ({"open_files": 64}, "len([os.open('/dev/null', 0) for _ in range(20)])", 20),
        ({"disk_mb": 2}, "open('/desk/file', 'wb').write(b'x' * (1 << 20))", 1 << 20),
    ],
)
def test_what_stays_within_works(limits, source, value):
    """The same with more room is no fault: it is the limit that decided above."""
    with sandbox(ATTEMPT, **limits) as box:
        assert ask(box.open(), source).value == value


def test_a_file_lasts_for_one_question():
    """What a cell writes, a call can read; the next question finds an empty desk."""
    with sandbox(ATTEMPT, disk_mb=1) as box:
        first = box.open()
        assert ask(first, "open('/desk/a', 'w').write('kept')").value == 4
        assert ask(first, "open('/desk/a').read()").value == "kept"
        first.close()
        assert ask(box.open(), "os.listdir('/desk')").value == []


def test_prints_are_capped_for_each_cell_and_for_all():
    """The first cells are shown, the last one finds no room; nothing is an error."""
    shout = "print('x' * 5000)"
    with sandbox(*[shout] * 4, output_kb=4, total_output_kb=10) as box:
        outputs = [run.output for run in box.open().cells]
    assert [text.count("x") for text in outputs] == [4096, 4096, 2048, 0]
    assert "5001 more characters were cut" in outputs[3]


def test_cells_that_take_too_long_are_named_when_the_submission_has_no_time_left():
    """The limit of a submission holds while cells load as well."""
    with sandbox("x = 1", "while True: pass", submission_s=1.5, load_s=30) as box:
        begin = time.monotonic()
        with pytest.raises(LoadFailed) as caught:
            box.open()
    assert (caught.value.kind, caught.value.cell) == ("timeout", "c1")
    assert time.monotonic() - begin < 15


def test_the_manifest_decides(tmp_path):
    """A number in unit.toml is the number that ends a call."""
    tiny = TinyCourse(tmp_path)
    manifest = tmp_path / "solutions" / "tiny" / "unit.toml"
    raw = notebook(solution("def double(x):\n    import time\n    time.sleep(1)\n    return 2 * x"))
    causes = []
    for seconds in (0.3, 5):
        manifest.write_text(f"[limits]\ncall_s = {seconds}\nload_s = 6\n")
        assignment = load_assignment(tiny.course.source, "tiny")
        causes.append(grade(raw, "ada", assignment, b"k").questions[0].cause)
    assert causes == ["timeout", ""]


@pytest.mark.parametrize(
    "line",
    [
        "call_s = 0",
        "call_s = -1",
        'call_s = "5"',
        "call_s = true",
        "call_s = nan",
        "memory_mb = 1.5",
        "processes = 1",
        "disk_mb = -1",
        "reply_mb = 65",
        "coffee = 1",
    ],
)
def test_a_limit_that_makes_no_sense_is_refused(tmp_path, line):
    """Grading refuses before it starts, and names the limit."""
    tiny = TinyCourse(tmp_path)
    (tmp_path / "solutions" / "tiny" / "unit.toml").write_text(f"[limits]\n{line}\n")
    with pytest.raises(GradingRefused, match=line.split()[0]):
        load_assignment(tiny.course.source, "tiny")
