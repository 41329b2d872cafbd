"""Kill the coordinator, its judges and their sandboxes at random moments, again and again.

`python -m tests.rnngrader.faults.sweep --kills 100 --submissions 60` says what it killed and
whether each class ended as one that was graded without interruption; exit code 1 if one did not.
"""

import argparse
import os
import random
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path

from rnngrader.batch import Options, grade_unit
from rnngrader.feedback import write_feedback
from tests.rnngrader.courses import TinyCourse
from tests.rnngrader.processes import parents

COORDINATOR, JUDGE, SANDBOX = "coordinator", "judge", "sandbox"
# A judge and a sandbox may only be killed; a coordinator may also be told to stop.
SIGNALS = {COORDINATOR: (signal.SIGKILL, signal.SIGTERM, signal.SIGHUP)}
ANSWERS = (
    "def double(x):\n    return x + x",
    "def double(x):\n    return x",
    "def double(x):\n    return 1 / 0",
    "print('loading')\ndef double(x):\n    return 2 * x",
    "def double(x):\n    import os; os._exit(0)",
)
QUIET = Options(quiet=True)
LONGEST_S = 300.0


def class_of(root, count, key):
    """A class with right, wrong, fatal and unreadable work, and a given secret."""
    tiny = TinyCourse(root)
    tiny.course.state.mkdir(mode=0o700)
    (tiny.course.state / "key").write_text(key)
    for number in range(count - 1):
        answer = ANSWERS[number % len(ANSWERS)]
        tiny.hand_in(f"s{number:03}", f"# {number}\n{answer}")
    tiny.hand_in(f"s{count - 1:03}", raw=b'{"nbformat": 4, "cells": [')
    return tiny


def state(tiny):
    """All that must not depend on how a run was interrupted."""
    course = tiny.course
    found = {"grades": tiny.grades()}
    latest = course.state / "verdicts" / "tiny" / "latest"
    for folder in (course.autograded, course.feedback, latest):
        files = [path for path in folder.rglob("*") if path.is_file()]
        found[folder.name] = {str(p.relative_to(folder)): p.read_bytes() for p in files}
    return found


def uninterrupted(root, count, key):
    """The state of a class that was graded in peace."""
    tiny = class_of(root, count, key)
    grade_unit(tiny.course, "tiny", QUIET)
    write_feedback(tiny.course, "tiny")
    return state(tiny)


def interrupted(root, count, key, kills, rng):
    """The state of a class whose run was killed; what was killed, and how many runs it took."""
    tiny = class_of(root, count, key)
    killed = Counter()
    runs = 0
    done = None
    while done is None:
        runs += 1
        # A small class is soon graded: it is hit more quickly.
        done = _one_run(tiny, rng, killed, kills, longest_pause_s=0.04 * count)
    write_feedback(tiny.course, "tiny")
    return state(tiny), killed, runs


def _one_run(tiny, rng, killed, kills, longest_pause_s):
    """Run once; the exit code if it came to an end of its own with nothing left to be killed."""
    mark = {"RNN_SWEEP": str(tiny.root)}
    process = subprocess.Popen(
        [sys.executable, "-m", "rnngrader", "grade", "tiny", "--workers", "2"],
        cwd=tiny.root,
        env={**os.environ, **mark},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    end = time.monotonic() + LONGEST_S
    disturbed = False
    while process.poll() is None and killed.total() < kills:
        time.sleep(rng.uniform(0.05, longest_pause_s))
        what = rng.choices((COORDINATOR, JUDGE, SANDBOX), (2, 2, 1))[0]
        pid = _victim(process, what, rng)
        if pid and _kill(pid, rng.choice(SIGNALS.get(what, (signal.SIGKILL,)))):
            killed[what] += 1
            disturbed = True
        if what == COORDINATOR and disturbed and process.poll() is not None:
            return None
    code = process.wait(timeout=max(1.0, end - time.monotonic()))
    return None if disturbed else code


def _victim(process, what, rng):
    if process.poll() is not None:
        return None
    if what == COORDINATOR:
        return process.pid
    known = parents()
    judges = [pid for pid, (_, parent) in known.items() if parent == process.pid]
    if what == SANDBOX:
        found = [pid for pid, (_, parent) in known.items() if parent in judges]
    else:
        found = judges
    return rng.choice(found) if found else None


def _kill(pid, number):
    try:
        os.kill(pid, number)
    except ProcessLookupError:
        return False
    return True


def main():
    """Sweep as the command line says."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--kills", type=int, default=100)
    parser.add_argument("--submissions", type=int, default=60)
    parser.add_argument("--in-a-class", type=int, default=20, help="kills before a new class")
    parser.add_argument("--seed", type=int, default=0)
    options = parser.parse_args()
    rng, killed, wrong, number = random.Random(options.seed), Counter(), 0, 0
    key = "5a" * 32
    with tempfile.TemporaryDirectory() as folder:
        expected = uninterrupted(Path(folder) / "peace", options.submissions, key)
        while killed.total() < options.kills:
            number += 1
            most = min(options.in_a_class, options.kills - killed.total())
            root = Path(folder) / f"class-{number}"
            found, these, runs = interrupted(root, options.submissions, key, most, rng)
            killed += these
            same = found == expected
            wrong += not same
            print(f"class {number}: {dict(these)} killed in {runs} runs;",
                  "the same as in peace" if same else "DIFFERENT", flush=True)  # fmt: skip
    print(f"{killed.total()} kills {dict(killed)}, {number} classes of {options.submissions}: "
          f"{number - wrong} ended as in peace, {wrong} did not")  # fmt: skip
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
