"""A class is graded whole: stopped anywhere and run again, it ends as if nothing had happened."""

import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from nbgrader.api import Gradebook

from rnngrader.batch import Options, grade_unit
from rnngrader.errors import GradingRefused
from rnngrader.verdict import Status
from tests.rnngrader.courses import SETUP, TinyCourse, cell, graded, notebook, solution

QUIET = Options(quiet=True)
STUDENTS = [f"s{n}" for n in range(8)]


def class_of_eight(root):
    """Right, wrong, broken and slow submissions."""
    tiny = TinyCourse(root)
    for n, student in enumerate(STUDENTS):
        wrong = n % 3 == 0
        tiny.hand_in(student, f"def double(x):\n    return x * {1 if wrong else 2}")
    tiny.hand_in("s7", raw=b"{")
    return tiny


def state(tiny):
    """Everything that must not depend on how a run was interrupted."""
    notebooks = {p.parts[-3]: p.read_bytes() for p in tiny.course.autograded.rglob("*.ipynb")}
    latest = tiny.course.state / "verdicts" / "tiny" / "latest"
    verdicts = {p.stem: p.read_bytes() for p in latest.glob("*.json")}
    return tiny.grades(), notebooks, verdicts


def test_killed_again_and_again_it_ends_as_if_nothing_had_happened(tmp_path):
    """SIGKILL at random moments, then a run to the end: the same scores, notebooks and verdicts."""
    straight = class_of_eight(tmp_path / "straight")
    straight.course.key()
    grade_unit(straight.course, "tiny", QUIET)
    killed = class_of_eight(tmp_path / "killed")
    killed.course.state.mkdir(mode=0o700)
    (killed.course.state / "key").write_text(straight.course.key().hex())
    command = [sys.executable, "-m", "rnngrader", "grade", "tiny", "--workers", "2"]
    rng = random.Random(5)
    for _ in range(4):
        process = subprocess.Popen(
            command, cwd=killed.root, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
        time.sleep(rng.uniform(1.2, 4.0))
        process.kill()
        process.wait()
    done = subprocess.run(command, cwd=killed.root, capture_output=True, text=True, check=False)
    assert done.returncode == 2, done.stderr  # s7 is unreadable, as it should be
    assert state(killed) == state(straight)


@pytest.mark.parametrize("moment", ["early", "while judging"])
def test_killing_the_coordinator_leaves_no_process_behind(tmp_path, moment):
    """Judges and sandboxes end with the coordinator, whatever the learner's code is doing."""
    tiny = TinyCourse(tmp_path)
    manifest = tiny.course.source / "tiny" / "unit.toml"
    manifest.write_text("[limits]\ncall_s = 60\nquestion_s = 60\n")
    tiny.hand_in("ada", "def double(x):\n    while True: pass")
    marker = f"RNN_TEST={tmp_path}"
    process = subprocess.Popen(
        [sys.executable, "-m", "rnngrader", "grade", "tiny"],
        cwd=tiny.root,
        stderr=subprocess.DEVNULL,
        env={**os.environ, "RNN_TEST": str(tmp_path)},
    )
    try:
        if moment == "early":
            _wait_for(lambda: len(_marked(marker)) >= 2)  # the coordinator and a judge
        else:
            _wait_for(lambda: (tiny.root / "gradebook.db").exists() and _sandboxes(marker))
    finally:
        process.kill()
        process.wait()
    _wait_for(lambda: not _marked(marker) and not _sandboxes(marker))


def test_a_judge_whose_coordinator_is_already_dead_ends_at_once():
    """The death of a parent is only told to those who asked before it."""
    source = "import sys; from rnngrader.judging import prepare; prepare(int(sys.argv[1]))"
    for parent, code in ((os.getpid(), 0), (1 if os.getpid() != 1 else 2, 1)):
        command = [sys.executable, "-c", source, str(parent)]
        assert subprocess.run(command, check=False).returncode == code


def _sandboxes(marker):
    """Sandboxes whose parent is one of the marked processes."""
    parents = {path.parent.name for path in _marked(marker)}
    found = []
    for path in Path("/proc").glob("[0-9]*/status"):
        try:
            fields = dict(line.split(":", 1) for line in path.read_text().splitlines())
        except OSError:
            continue
        if fields["Name"].strip() == "bwrap" and fields["PPid"].strip() in parents:
            found.append(path)
    return found


def _marked(marker):
    found = []
    for path in Path("/proc").glob("[0-9]*/environ"):
        try:
            if marker.encode() in path.read_bytes() and int(path.parent.name) != os.getpid():
                found.append(path)
        except OSError:
            continue
    return found


def _wait_for(condition, seconds=60):
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "waited too long"
        time.sleep(0.1)


def test_a_judge_that_dies_costs_only_its_own_submission(tmp_path):
    """One poisoned judge, twice: a grader error for that learner, full marks for the others."""
    poison = "if double(3) != 6:\n    import os\n    os._exit(9)"
    tiny = TinyCourse(tmp_path, SETUP, solution(), graded(poison))
    for student in ("ada", "bob", "cyd", "dan"):
        tiny.hand_in(student)
    tiny.hand_in("eve", "def double(x):\n    return 0")
    run = grade_unit(tiny.course, "tiny", Options(quiet=True, workers=2))
    assert run.verdicts["eve"].status is Status.ERROR
    assert [line.student for line in run.problems] == ["eve"]
    assert {v.score for s, v in run.verdicts.items() if s != "eve"} == {2}
    assert tiny.grades()["eve", "check_double"] == (None, None, 1)


def test_a_fault_of_ours_is_graded_again_next_time(tmp_path):
    """A grader error is never kept: once the unit is mended, the run repairs the grade."""
    tiny = TinyCourse(tmp_path, SETUP, solution(), graded("double(3); 1 / 0"))
    tiny.hand_in("ada")
    assert grade_unit(tiny.course, "tiny", QUIET).problems
    path = tiny.course.source / "tiny" / "tiny.ipynb"
    path.write_bytes(notebook(SETUP, solution(), graded()))
    assert not grade_unit(tiny.course, "tiny", QUIET).problems
    assert tiny.grades()["ada", "check_double"] == (2.0, None, 0)


def test_a_new_submission_replaces_the_old_score(tiny):
    """Handing in again is graded again; no stale score survives."""
    tiny.hand_in("ada", "def double(x):\n    return 0")
    grade_unit(tiny.course, "tiny", QUIET)
    assert tiny.grades()["ada", "check_double"][0] == 0.0
    tiny.hand_in("ada")
    assert grade_unit(tiny.course, "tiny", QUIET).reused == 0
    assert tiny.grades()["ada", "check_double"][0] == 2.0


def test_what_a_person_gave_is_kept(tiny):
    """A manual score and a comment survive regrading, and a changed file asks for a look."""
    manual = cell("Why?", kind="markdown", grade_id="why", grade=True, solution=True, points=3)
    path = tiny.course.source / "tiny" / "tiny.ipynb"
    path.write_bytes(notebook(SETUP, solution(), graded(), manual))
    answer = cell("Because.", kind="markdown", grade_id="why")
    good = solution("def double(x): return x + x")
    tiny.hand_in("ada", raw=notebook(good, answer))
    grade_unit(tiny.course, "tiny", QUIET)
    assert tiny.grades()["ada", "why"] == (None, None, 1)
    with Gradebook(tiny.course.db_url) as book:
        grade = book.find_grade("why", "tiny", "tiny", "ada")
        grade.manual_score, grade.needs_manual_grade = 2.5, False
        book.db.commit()
    grade_unit(tiny.course, "tiny", Options(quiet=True, force=True))
    assert tiny.grades()["ada", "why"] == (None, 2.5, 0)
    tiny.hand_in("ada", raw=notebook(good, cell("Otherwise.", kind="markdown", grade_id="why")))
    grade_unit(tiny.course, "tiny", QUIET)
    assert tiny.grades()["ada", "why"] == (None, 2.5, 1)


def test_a_second_run_at_the_same_time_is_refused(tiny):
    """Two writers never meet; the sentence names the other process."""
    tiny.hand_in("ada")
    with tiny.course.lock(), pytest.raises(GradingRefused, match=str(os.getpid())):
        grade_unit(tiny.course, "tiny", QUIET)
    assert not (tiny.root / "gradebook.db").exists()


def test_ctrl_c_keeps_what_is_done_and_says_how_to_go_on(tmp_path):
    """An interrupt has its own exit code, enters what was judged, and repeats the command."""
    tiny = class_of_eight(tmp_path)
    manifest = tiny.course.source / "tiny" / "unit.toml"
    manifest.write_text("[limits]\ncall_s = 90\nquestion_s = 90\n")
    tiny.hand_in("s6", "def double(x):\n    while True: pass")
    process = subprocess.Popen(
        [sys.executable, "-m", "rnngrader", "grade", "tiny", "--workers", "1"],
        cwd=tiny.root,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
    )
    verdicts = tiny.course.state / "verdicts" / "tiny"
    _wait_for(lambda: len(list(verdicts.glob("[0-9a-f][0-9a-f]/*.json"))) >= 5)
    process.send_signal(signal.SIGINT)
    _, said = process.communicate(timeout=60)
    assert process.returncode == 130
    assert "rnngrader grade tiny --workers 1" in said
    assert "Traceback" not in said
    assert len(tiny.grades()) >= 5
    tiny.hand_in("s6", "def double(x):\n    return 2 * x")
    grade_unit(tiny.course, "tiny", QUIET)
    assert len(tiny.grades()) == len(STUDENTS)
