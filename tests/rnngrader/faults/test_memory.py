"""The kernel ends a process when memory is short: nobody loses a point by that."""

import os
import signal

import pytest

from rnngrader.batch import Options, grade_unit
from rnngrader.judge import grade
from rnngrader.loading import load_assignment
from rnngrader.sandbox import session
from rnngrader.verdict import Outcome, Status
from tests.rnngrader.courses import SETUP, TinyCourse, graded, notebook, solution
from tests.rnngrader.processes import below

pytestmark = pytest.mark.xdist_group("faults")
RIGHT = notebook(SETUP, solution("def double(x):\n    return x + x"))
LEAVES = notebook(SETUP, solution("def double(x):\n    import os\n    os._exit(0)"))


def kill(sandbox, what):
    """End what the kernel might choose: the whole sandbox, or the process a question runs in."""
    bwrap = sandbox._process.pid
    os.kill(below(bwrap)[-1] if what == "child" else bwrap, signal.SIGKILL)


def kill_at(monkeypatch, what, where, times):
    """Have the first processes killed while cells are loaded, or while a function is called."""
    killed = []
    send, load, run_of = session.wire.send, session.Session.load, session.run_of
    here = []

    def kill_now():
        if len(killed) < times:
            killed.append(what)
            kill(here[-1].sandbox, what)

    def loading(self):
        here.append(self)
        load(self)

    def report(*arguments):
        found = run_of(*arguments)
        if where == "load":
            kill_now()
        return found

    def sending(sock, value, deadline=None):
        if where == "call" and isinstance(value, dict) and value.get("name") == "double":
            kill_now()
        send(sock, value, deadline)

    monkeypatch.setattr(session.Session, "load", loading)
    monkeypatch.setattr(session, "run_of", report)
    monkeypatch.setattr(session.wire, "send", sending)
    return killed


@pytest.fixture(scope="module")
def assignment(tmp_path_factory):
    """The tiny unit."""
    tiny = TinyCourse(tmp_path_factory.mktemp("memory") / "course")
    return load_assignment(tiny.course.source, "tiny", tiny.course.config)


@pytest.mark.parametrize("where", ["load", "call"])
@pytest.mark.parametrize("what", ["child", "sandbox"])
def test_a_sandbox_that_the_kernel_ended_is_asked_again(monkeypatch, assignment, what, where):
    """F6: killed once, wherever it was: the verdict is that of a run in peace, byte for byte."""
    peace = grade(RIGHT, "ada", assignment, b"key")
    assert peace.score == 2.0
    killed = kill_at(monkeypatch, what, where, 1)
    found = grade(RIGHT, "ada", assignment, b"key")
    assert killed == [what]
    assert found.to_json() == peace.to_json()


def test_code_that_ends_its_process_gains_no_more_than_a_second_try(monkeypatch, assignment):
    """Whoever ends the process in every try has failed, and is told so."""
    (question,) = grade(LEAVES, "eve", assignment, b"key").questions
    assert (question.outcome, question.cause, question.score) == (Outcome.FAIL, "died", 0.0)
    killed = kill_at(monkeypatch, "child", "call", 99)
    assert grade(LEAVES, "eve", assignment, b"key").questions == (question,)
    assert len(killed) == 2


def test_a_judge_without_memory_is_our_fault(tmp_path):
    """F6: a test that needs more than a judge may have is no zero; the others have their points."""
    greedy = "if double(3) != 6:\n    np.zeros(5 << 30, np.uint8)\nassert double(3) == 6"
    tiny = TinyCourse(tmp_path, SETUP, solution(), graded(greedy))
    tiny.hand_in("ada")
    tiny.hand_in("eve", "def double(x):\n    return 0")
    run = grade_unit(tiny.course, "tiny", Options(quiet=True, workers=1))
    assert run.verdicts["eve"].status is Status.GRADED
    assert run.verdicts["eve"].questions[0].outcome is Outcome.ERROR
    assert "MemoryError" in run.verdicts["eve"].questions[0].message
    assert tiny.grades()["eve", "check_double"] == (None, None, 1)
    assert tiny.grades()["ada", "check_double"] == (2.0, None, 0)
