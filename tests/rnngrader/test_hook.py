"""nbgrader's own commands take our path, and where they cannot, they refuse."""

import subprocess
import sys
from pathlib import Path

import pytest
from nbgrader.apps import NbGraderAPI
from nbgrader.converters import Autograde
from nbgrader.converters.base import NbGraderException
from nbgrader.coursedir import CourseDirectory
from traitlets.config import Config

from rnngrader import hook

NBGRADER = Path(sys.executable).with_name("nbgrader")
FORGED = """
import sys, gc
frame = sys._getframe()
def double(x):
    raise SystemExit(0)
"""


def run(tiny, *arguments):
    """Run nbgrader's own command line in the course."""
    command = [sys.executable, str(NBGRADER), *arguments]
    return subprocess.run(command, cwd=tiny.root, capture_output=True, text=True, check=False)


def test_nbgrader_autograde_and_feedback_are_ours(tiny):
    """Scores come from verdicts; the page is ours; attacks on nbgrader's kernel find no kernel."""
    tiny.hand_in("ada")
    tiny.hand_in("eve", FORGED)
    graded = run(tiny, "autograde", "tiny")
    assert graded.returncode == 0, graded.stderr
    assert tiny.grades()["ada", "check_double"][0] == 2.0
    assert tiny.grades()["eve", "check_double"][0] == 0.0
    assert list((tiny.course.state / "verdicts" / "tiny" / "latest").glob("*.json"))
    wrote = run(tiny, "generate_feedback", "tiny")
    assert wrote.returncode == 0, wrote.stderr
    text = (tiny.course.feedback / "ada" / "tiny" / "tiny.html").read_text()
    assert "Content-Security-Policy" in text
    assert "canary" not in text


def test_a_broken_notebook_does_not_stop_nbgraders_batch(tiny):
    """Nbgrader reports the failure, as it should, and everybody else has a grade."""
    tiny.hand_in("ada")
    tiny.hand_in("bob", raw=b"")
    tiny.hand_in("cyd")
    graded = run(tiny, "autograde", "tiny")
    assert graded.returncode != 0
    assert "bob: The file is empty." in graded.stderr
    assert tiny.grades()["cyd", "check_double"][0] == 2.0


def test_the_formgraders_button_is_ours(tiny):
    """What formgrader calls goes through the same class and reports success or failure."""
    tiny.hand_in("ada")
    tiny.hand_in("bob", raw=b"[]")
    hook.install()
    course = tiny.course
    api = NbGraderAPI(CourseDirectory(config=course.config), config=course.config)
    assert api.autograde("tiny", "ada")["success"]
    failed = api.autograde("tiny", "bob")
    assert not failed["success"]
    assert "bob: " in failed["log"]
    assert "error" not in failed
    assert tiny.grades()["ada", "check_double"][0] == 2.0
    assert api.generate_feedback("tiny", "ada")["success"]


def test_a_fault_behind_the_button_shows_its_trace(tiny, monkeypatch):
    """What is no refusal but a fault keeps the lines that somebody needs to repair it."""
    tiny.hand_in("ada")
    hook.install()
    course = tiny.course
    api = NbGraderAPI(CourseDirectory(config=course.config), config=course.config)
    monkeypatch.setattr(hook, "grade_unit", lambda *_: {}["nothing"])
    failed = api.autograde("tiny", "ada")
    assert not failed["success"]
    assert "KeyError: 'nothing'" in failed["error"]


def test_formgrader_knows_which_file_was_graded(tiny):
    """Another file, or the same one handed in later, needs grading; a lost or odd time does not."""
    path = tiny.hand_in("ada")
    stamp = path.with_name("timestamp.txt")
    stamp.write_text("2026-03-01 12:00:00 UTC")
    hook.install()
    course = tiny.course
    api = NbGraderAPI(CourseDirectory(config=course.config), config=course.config)
    assert api.get_autograded_students("tiny") == set()
    assert api.autograde("tiny", "ada")["success"]
    assert api.get_autograded_students("tiny") == {"ada"}
    stamp.write_text("2026-03-02 12:00:00 UTC")
    assert api.get_autograded_students("tiny") == set()
    for text in ("<no time>", "2026-03-02 12:00:00 KST"):
        stamp.write_text(text)
        assert api.get_autograded_students("tiny") == {"ada"}
    stamp.unlink()
    tiny.hand_in("ada", "def double(x): return x")
    assert api.get_autograded_students("tiny") == set()
    assert api.autograde("tiny", "ada")["success"]
    assert api.get_autograded_students("tiny") == {"ada"}


def test_nbgraders_own_converter_refuses_to_run_learner_code(tiny):
    """With our settings and without our class, nothing is executed and the reason is told."""
    tiny.hand_in("ada", "open('ran', 'w')")
    config = Config()
    hook.settings(config)
    config.CourseDirectory.root = str(tiny.root)
    config.CourseDirectory.source_directory = "solutions"
    run(tiny, "autograde", "tiny")  # fills the gradebook, so that stock gets as far as it can
    stock = Autograde(coursedir=CourseDirectory(config=config), config=config)
    stock.force = True
    stock.coursedir.assignment_id = "tiny"
    with pytest.raises(NbGraderException):
        stock.start()
    assert not list(tiny.root.rglob("ran"))
