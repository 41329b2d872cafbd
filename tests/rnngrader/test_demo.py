"""The whole demo class through the real pipeline: nothing forged, nothing lost, nothing leaked."""

import re
from pathlib import Path

import pytest

from rnngrader.batch import Options, grade_unit
from rnngrader.demo.attacks import CODE, FILE
from rnngrader.demo.mistakes import MISTAKES
from rnngrader.demo.styles import STYLES
from rnngrader.feedback import write_feedback
from rnngrader.verdict import Outcome, Status
from tests.rnngrader.courses import ROOT, grades

pytestmark = pytest.mark.xdist_group("demo")
AUTOMATIC = 12
ASPECTS = {"runs", "shapes", "start", "state", "edges", "precision", "arguments", "repeat"}


@pytest.fixture(scope="module")
def graded(demo_course):
    """The class graded once, with feedback written."""
    run = grade_unit(demo_course, "lstm", Options(quiet=True))
    write_feedback(demo_course, "lstm")
    return demo_course, run


def test_the_class_is_large_enough(graded):
    """At least 30 submissions, ten styles, twelve mistakes, ten attacks."""
    assert len(graded[1].verdicts) >= 30
    assert len(STYLES) >= 10
    assert len(MISTAKES) >= 12
    assert len(CODE) + len(FILE) >= 10


def test_nobody_is_missing(graded):
    """Every folder in `submitted/` ends in a verdict and in the gradebook."""
    course, run = graded
    folders = {path.name for path in course.submitted.iterdir()}
    assert set(run.verdicts) == folders
    assert {student for student, _ in grades(course.root)} == folders


@pytest.mark.parametrize("style", [*STYLES, "from-windows"])
def test_correct_work_in_any_style_gets_every_automatic_point(graded, style):
    """Another way to write it is no mistake."""
    verdict = graded[1].verdicts[f"right-{style}"]
    assert verdict.score == AUTOMATIC, [q.message for q in verdict.questions]


@pytest.mark.parametrize("name", [name for name, *_ in MISTAKES])
def test_a_known_mistake_loses_points_in_its_own_question_only_and_is_named(graded, name):
    """One mistake: one question loses points, and the cause is a name, not just an aspect."""
    verdict = graded[1].verdicts[f"wrong-{name}"]
    wrong = [q for q in verdict.questions if q.outcome is Outcome.FAIL]
    assert len(wrong) == 1, [(q.grade_id, q.cause) for q in wrong]
    assert wrong[0].score < wrong[0].max_score
    assert wrong[0].cause not in ASPECTS
    assert len(wrong[0].message) > 40


def test_no_attack_gains_a_point(graded):
    """Unsolved is zero, whatever else the notebook does."""
    scores = {s: v.score for s, v in graded[1].verdicts.items() if s.startswith("attack-")}
    assert len(scores) >= 10
    assert set(scores.values()) == {0}


def test_an_unreadable_file_is_no_zero(graded):
    """It has a reason, no score, and waits for a person in the gradebook."""
    course, run = graded
    broken = [v for s, v in run.verdicts.items() if s.startswith("broken-")]
    assert len(broken) >= 8
    rows = grades(course.root)
    for verdict in broken:
        assert verdict.status is Status.UNREADABLE
        assert verdict.reason
        assert rows[verdict.student, "check_lstm_step"] == (None, None, 1)


def test_the_gradebook_says_what_the_verdicts_say(graded):
    """Every automatic score in the gradebook is the verdict's, and no other row changed."""
    course, run = graded
    rows = grades(course.root)
    for student, verdict in run.verdicts.items():
        for question in verdict.questions:
            assert rows[student, question.grade_id][0] == question.score
            assert rows[student, question.grade_id][1] is None


def _learner_visible(course):
    return [p for p in course.feedback.rglob("*") if p.is_file()] + [
        p for p in course.autograded.rglob("*") if p.is_file()
    ]


def _hidden_lines():
    source = (ROOT / "solutions" / "lstm" / "lstm.ipynb").read_text(encoding="utf-8")
    region = re.compile(r"### BEGIN HIDDEN TESTS(.*?)### END HIDDEN TESTS", re.DOTALL)
    lines = {
        line.strip(' ",').removesuffix("\\n")
        for found in region.findall(source)
        for line in found.split("\n")
    }
    return {line for line in lines if len(line) > 12 or "canary" in line}


def test_nothing_hidden_is_in_anything_a_learner_can_get(graded):
    """No canary, no hidden line, no model answer, in feedback or display notebooks."""
    secrets = _hidden_lines() | {"canary", "A model answer", "BEGIN HIDDEN"}
    assert len(secrets) >= 4
    files = _learner_visible(graded[0])
    assert len(files) >= 100
    for path in files:
        text = path.read_text(encoding="utf-8").replace('\\"', '"')
        for secret in secrets:
            assert secret.replace('\\"', '"') not in text, f"{secret!r} in {path}"


def test_feedback_holds_no_markup_of_a_learner(graded):
    """Tags that a learner printed or wrote arrive as text; the page forbids scripts anyway."""
    course, _ = graded
    for path in course.feedback.rglob("*.html"):
        text = path.read_text(encoding="utf-8")
        assert "Content-Security-Policy" in text
        assert not re.search(r"<(script|img|iframe|svg|object|a)\b", text, re.IGNORECASE), path


def test_only_our_own_files_are_in_the_output_folders(graded):
    """No file, link or pipe of a submission is carried on."""
    for path in _learner_visible(graded[0]):
        slips = ("timestamp.txt", "submission_secret.txt")  # written anew, for nbgrader's exchange
        assert path.name in ("lstm.ipynb", "lstm.html", *slips)
        assert not path.is_symlink()


def test_a_second_run_judges_nothing_again_and_changes_nothing(graded):
    """The kept verdicts are found; the gradebook stays as it is."""
    course, first = graded
    before = grades(course.root)
    again = grade_unit(course, "lstm", Options(quiet=True))
    readable = [v for v in first.verdicts.values() if v.submission]
    parsed = [v for v in readable if not v.faulty]
    assert again.reused == len(parsed)
    assert grades(course.root) == before
    assert {s: v.to_json() for s, v in again.verdicts.items()} == {
        s: v.to_json() for s, v in first.verdicts.items()
    }


def test_the_state_of_the_grader_is_private(graded):
    """The secret that inputs are drawn from is readable by its owner only."""
    state: Path = graded[0].state
    assert state.stat().st_mode & 0o077 == 0
    assert (state / "key").stat().st_mode & 0o077 == 0
