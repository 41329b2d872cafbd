"""A sandbox started ahead serves one submission, ever; a dead one is replaced."""

import os
import signal
from select import select

import pytest

from rnngrader.sandbox import container
from rnngrader.sandbox.program import Cell, Limits
from rnngrader.sandbox.session import Sandbox
from rnngrader.sandbox.spare import Spares

LIMITS = Limits(call_s=2, load_s=4, question_s=10, memory_mb=512)
KEEP = "state = []\ndef f():\n    state.append(1)\n    return len(state)"


@pytest.fixture
def started(monkeypatch):
    """Every sandbox process that is started, in order."""
    processes = []
    start = container.start

    def noted(*arguments, **options):
        made = start(*arguments, **options)
        processes.append(made[0])
        return made

    monkeypatch.setattr(container, "start", noted)
    return processes


def ask(sandbox, name="f"):
    """One call of a function in a new child."""
    session = sandbox.open()
    result = session.call(name, (), {}, {}, returns_args=False)
    session.close()
    return result


def test_each_submission_gets_a_sandbox_of_its_own(started):
    """Three submissions, three processes, and a fourth that waits and is ended with the rest."""
    with Spares(("numpy",), ahead=lambda: True) as spares:
        for _ in range(3):
            with Sandbox([Cell("f", KEEP)], LIMITS, (), unsafe=False, spares=spares) as sandbox:
                assert ask(sandbox).value == 1
        assert len(started) == 4
        assert started[3].poll() is None
    assert len({process.pid for process in started}) == 4
    assert all(process.poll() is not None for process in started)


def test_nothing_is_started_ahead_without_need(started):
    """Where no submission waits, no sandbox is loaded for nobody."""
    with (
        Spares(("numpy",)) as spares,
        Sandbox([Cell("f", KEEP)], LIMITS, (), unsafe=False, spares=spares) as sandbox,
    ):
        assert ask(sandbox).value == 1
    assert len(started) == 1


def test_a_spare_that_died_while_it_waited_is_replaced(started):
    """Killed by the kernel for want of memory, say: the submission is none the worse."""
    with Spares(("numpy",)) as spares:
        spares.prepare()
        started[0].kill()
        started[0].wait()
        with Sandbox([Cell("f", KEEP)], LIMITS, (), unsafe=False, spares=spares) as sandbox:
            assert ask(sandbox).value == 1
    assert len(started) == 2


def test_a_sandbox_killed_between_two_questions_is_replaced(started):
    """The next question gets a new one; nothing of it becomes a fault of the grader."""
    with Sandbox([Cell("f", KEEP)], LIMITS, ("numpy",), unsafe=False) as sandbox:
        assert ask(sandbox).value == 1
        os.killpg(started[0].pid, signal.SIGKILL)
        started[0].wait()
        # What is inside dies a moment after its parent, and could still answer until then.
        assert select([sandbox._control], [], [], 30)[0]
        assert ask(sandbox).value == 1
    assert len(started) == 2


def test_a_kept_child_serves_the_first_question_only():
    """The child that showed what the cells print is not asked twice."""
    with Sandbox([Cell("f", KEEP)], LIMITS, ("numpy",), unsafe=False) as sandbox:
        shown = sandbox.open()
        sandbox.keep(shown)
        first = sandbox.open()
        assert first is shown
        assert first.call("f", (), {}, {}, returns_args=False).value == 1
        first.close()
        assert ask(sandbox).value == 1
