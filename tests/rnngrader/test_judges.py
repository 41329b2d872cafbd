"""Judge processes: they may die or hang, and cost nobody else anything."""

import sys

import pytest

from rnngrader import judges as judges_module
from rnngrader.errors import GradingRefused
from rnngrader.judges import Judges
from rnngrader.judging import Job, Task
from rnngrader.loading import load_assignment
from rnngrader.verdict import Status
from tests.rnngrader.courses import SETUP, TinyCourse, graded, notebook, solution

RIGHT = notebook(solution("def double(x): return 2 * x"))
WRONG = notebook(solution("def double(x): return 0"))


def task_of(root, test=None):
    """The tiny unit, or one with another test."""
    cells = (SETUP, solution(), graded(test)) if test else ()
    return Task(load_assignment(TinyCourse(root, *cells).course.source, "tiny"), b"key")


def jobs_of(*raws):
    """Jobs that know how many of them were taken."""
    for number, raw in enumerate(raws):
        jobs_of.taken = number + 1
        yield Job(f"s{number:02}", raw)


def test_only_a_few_submissions_are_in_memory_at_a_time(tmp_path):
    """A class of thousands is read as it is judged."""
    running = Judges(task_of(tmp_path), workers=2).run(jobs_of(*[RIGHT] * 30))
    next(running)
    assert jobs_of.taken <= 2 * judges_module.IN_HAND + 1
    assert len(list(running)) == 29


def test_no_more_judges_than_submissions(tmp_path, monkeypatch):
    """One submission does not start eight processes."""
    started = []
    judge = judges_module.Judge
    monkeypatch.setattr(judges_module, "Judge", lambda task: started.append(1) or judge(task))
    ((_, verdict, _),) = Judges(task_of(tmp_path), workers=8).run(jobs_of(RIGHT))
    assert verdict.score == 2.0
    assert len(started) == 1


def test_a_judge_that_dies_has_its_submission_tried_once_more(tmp_path):
    """Dead the first time only: a verdict like any other. The one behind it loses nothing."""
    marker = tmp_path / "died"
    poison = (
        "import os, pathlib\n"
        f"marker = pathlib.Path({str(marker)!r})\n"
        "if double(3) != 6 and not marker.exists():\n"
        "    marker.touch()\n    os._exit(9)\n"
        "assert double(3) == 6"
    )
    task = task_of(tmp_path / "course", poison)
    found = list(Judges(task, workers=1).run(jobs_of(WRONG, RIGHT, RIGHT)))
    scores = {one.job.student: (one.verdict.status, one.verdict.score) for one in found}
    assert scores == {
        "s00": (Status.GRADED, 0.0),
        "s01": (Status.GRADED, 2.0),
        "s02": (Status.GRADED, 2.0),
    }
    assert marker.exists()


def test_a_judge_that_hangs_where_no_alarm_reaches_is_ended(tmp_path, monkeypatch):
    """Stuck inside the test itself, deaf to signals: killed, tried again, then a grader error."""
    monkeypatch.setattr(judges_module, "MARGIN_S", -598.0)
    deaf = (
        "import signal, time\n"
        "if double(3) != 6:\n"
        "    signal.pthread_sigmask(signal.SIG_BLOCK, signal.valid_signals())\n"
        "    time.sleep(600)"
    )
    task = task_of(tmp_path, deaf)
    found = {
        one.job.student: one.verdict
        for one in Judges(task, workers=2).run(jobs_of(WRONG, RIGHT, RIGHT))
    }
    assert found["s00"].status is Status.ERROR
    assert (found["s01"].score, found["s02"].score) == (2.0, 2.0)


def test_large_submissions_and_large_verdicts_pass_each_other(tmp_path):
    """Neither side waits for the other to read: jobs and answers larger than any pipe."""
    talk = "print('x' * 30_000)\n"
    source = f"{talk}def double(x):\n    return 2 * x\n" + "#" * 150_000
    raws = [notebook(solution(source)) for _ in range(6)]
    found = list(Judges(task_of(tmp_path), workers=1).run(jobs_of(*raws)))
    assert [verdict.score for _, verdict, _ in found] == [2.0] * 6


def test_judges_that_never_start_are_told_and_nothing_is_a_zero(tmp_path, monkeypatch):
    """A broken installation is no learner's fault and no grader error for a whole class."""
    broken = tmp_path / "python"
    broken.write_text("#!/bin/sh\nexit 3\n")
    broken.chmod(0o755)
    task = task_of(tmp_path / "course")
    Judges(task, workers=1)
    monkeypatch.setattr(sys, "executable", str(broken))
    monkeypatch.setattr("rnngrader.sandbox.container.mounts", lambda _modules: ())
    with pytest.raises(GradingRefused, match="No judge process could be started"):
        list(Judges(task, workers=1).run(jobs_of(RIGHT, RIGHT)))
