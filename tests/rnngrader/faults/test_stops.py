"""However a run is told to stop, what was judged is entered, and running again completes it."""

import os
import signal
import subprocess
import sys

import pytest

from rnngrader.batch import Options, grade_unit
from rnngrader.feedback import write_feedback
from tests.rnngrader.faults.sweep import class_of, state
from tests.rnngrader.processes import marked, sandboxes, wait_for

pytestmark = pytest.mark.xdist_group("faults")
KEY = "3d" * 32
COUNT = 6
QUIET = Options(quiet=True, workers=1)
COMMAND = [sys.executable, "-m", "rnngrader", "grade", "tiny", "--workers", "1"]
TERMINAL = "closed terminal"
CODES = {"SIGINT": 130, "SIGTERM": 143, TERMINAL: 129}
ENDLESS, MENDED = "def double(x):\n    while True: pass", "def double(x):\n    return 2 * x"
# What a shell does for a program: the terminal on its input becomes the one that controls it.
TAKE_TERMINAL = (
    "import fcntl, os, sys, termios\n"
    "fcntl.ioctl(0, termios.TIOCSCTTY)\n"
    "os.execv(sys.executable, [sys.executable, *sys.argv[1:]])"
)


def a_class(root, last):
    """Six submissions, and a last one."""
    tiny = class_of(root, COUNT, KEY)
    manifest = tiny.course.source / "tiny" / "unit.toml"
    manifest.write_text("[limits]\ncall_s = 90\nquestion_s = 90\nmemory_mb = 512\n")
    tiny.hand_in("z", last)
    return tiny


@pytest.fixture(scope="module")
def peace(tmp_path_factory):
    """The state of the class when nobody stopped it."""
    tiny = a_class(tmp_path_factory.mktemp("peace") / "course", MENDED)
    grade_unit(tiny.course, "tiny", QUIET)
    write_feedback(tiny.course, "tiny")
    return state(tiny)


def started(tiny, how, command=COMMAND):
    """The run, and the other end of its terminal if it has one."""
    around = {"cwd": tiny.root, "env": {**os.environ, "RNN_STOP": str(tiny.root)}, "text": True}
    if how != TERMINAL:
        quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.PIPE}
        return subprocess.Popen(command, **quiet, **around), None
    ours, theirs = os.openpty()
    process = subprocess.Popen(
        [sys.executable, "-c", TAKE_TERMINAL, *command[1:]],
        stdin=theirs, stdout=theirs, stderr=theirs, start_new_session=True, **around,
    )  # fmt: skip
    os.close(theirs)
    return process, ours


@pytest.mark.parametrize("how", CODES)
def test_a_run_that_is_stopped_keeps_what_it_has_and_is_completed_later(peace, tmp_path, how):
    """F5: judged work is in the gradebook, nothing runs on, and the next run ends as in peace."""
    tiny = a_class(tmp_path / "course", ENDLESS)
    verdicts = tiny.course.state / "verdicts" / "tiny"
    process, terminal = started(tiny, how)
    wait_for(lambda: len(list(verdicts.glob("[0-9a-f][0-9a-f]/*.json"))) >= COUNT)
    if terminal is None:
        process.send_signal(getattr(signal, how))
        said = process.communicate(timeout=60)[1]
        assert "rnngrader grade tiny --workers 1" in said
        assert "Traceback" not in said
    else:
        os.close(terminal)
    assert process.wait(timeout=60) == CODES[how]
    wait_for(lambda: not marked(f"RNN_STOP={tiny.root}"))
    wait_for(lambda: not sandboxes(f"RNN_STOP={tiny.root}"))
    entered = {student for student, _ in tiny.grades()}
    assert entered >= {f"s{number:03}" for number in range(COUNT)}
    assert "z" not in entered
    tiny.hand_in("z", MENDED)
    run = grade_unit(tiny.course, "tiny", QUIET)
    assert run.reused == COUNT
    write_feedback(tiny.course, "tiny")
    assert state(tiny) == peace


def test_after_nohup_a_closed_terminal_is_nothing(tmp_path):
    """Who asked that a run goes on without a terminal gets it; every other word still stops it."""
    tiny = a_class(tmp_path / "course", ENDLESS)
    verdicts = tiny.course.state / "verdicts" / "tiny"
    process, _ = started(tiny, "", ["nohup", *COMMAND])
    wait_for(lambda: len(list(verdicts.glob("[0-9a-f][0-9a-f]/*.json"))) >= 1)
    process.send_signal(signal.SIGHUP)
    wait_for(lambda: len(list(verdicts.glob("[0-9a-f][0-9a-f]/*.json"))) >= COUNT)
    process.send_signal(signal.SIGTERM)
    process.communicate(timeout=60)
    assert process.returncode == CODES["SIGTERM"]
