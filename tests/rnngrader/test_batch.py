"""A class is graded whole: stopped anywhere and run again, it ends as if nothing had happened."""

import os
import subprocess
import sys

import pytest
from nbgrader.api import Gradebook

from rnngrader.batch import Options, grade_unit
from rnngrader.errors import GradingRefused
from rnngrader.verdict import Status
from tests.rnngrader.courses import SETUP, TinyCourse, cell, graded, notebook, solution
from tests.rnngrader.processes import marked, sandboxes, wait_for

QUIET = Options(quiet=True)


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
            wait_for(lambda: len(marked(marker)) >= 2)  # the coordinator and a judge
        else:
            wait_for(lambda: (tiny.root / "gradebook.db").exists() and sandboxes(marker))
    finally:
        process.kill()
        process.wait()
    wait_for(lambda: not marked(marker) and not sandboxes(marker))


def test_a_judge_whose_coordinator_is_already_dead_ends_at_once():
    """The death of a parent is only told to those who asked before it."""
    source = "import sys; from rnngrader.judging import prepare; prepare(int(sys.argv[1]))"
    for parent, code in ((os.getpid(), 0), (1 if os.getpid() != 1 else 2, 1)):
        command = [sys.executable, "-c", source, str(parent)]
        assert subprocess.run(command, check=False).returncode == code


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
