"""The attack corpus against the real pipeline: no forged point, no leak, no harm, no stop."""

import base64
import json
import re
from dataclasses import replace
from pathlib import Path

import pytest

from rnngrader.judge import grade
from rnngrader.loading import load_assignment
from rnngrader.verdict import Outcome, Status
from tests.rnngrader.attacks.attack import LOOT, RAN, World
from tests.rnngrader.attacks.conftest import PROGRAMS, WITNESSES
from tests.rnngrader.attacks.files import NOTEBOOKS, ODD_NAMES, files
from tests.rnngrader.attacks.unit import DOUBLE_POINTS, SCALE_POINTS, SECRETS

pytestmark = pytest.mark.xdist_group("attacks")
MISSING = ("not-answered", "exception")
FILES = files(World("", "", 0))
MAX_VERDICT = 400_000  # characters; the largest honest notebook is far below


def rows(table):
    """One parameter for each row of the corpus that an attack of a table belongs to."""
    return [
        pytest.param(name, id=f"{number}-{name}")
        for name, entry in table.items()
        for number in (entry.numbers if hasattr(entry, "numbers") else entry[0])
    ]


@pytest.mark.parametrize("name", rows(PROGRAMS))
def test_a_program_gets_what_its_honest_part_deserves(battle, name):
    """The attacked question fails with a cause and a sentence; the honest one is paid in full."""
    attack, questions = PROGRAMS[name], battle.questions(name)
    double, scale = questions["check_double"], questions["check_scale"]
    assert (double.outcome, double.score) == (Outcome.FAIL, 0.0)
    assert double.cause in (attack.causes or MISSING)
    assert double.message
    assert scale.score == attack.scale, (scale.cause, scale.message)


@pytest.mark.parametrize("name", rows(PROGRAMS))
def test_a_program_was_really_tried_and_found_nothing(battle, name):
    """Its cell ran to its end, or a note names the cell; what it looked for was not there."""
    verdict = battle.verdict(name)
    if PROGRAMS[name].runs:
        (cell,) = [cell for cell in verdict.cells if cell.id == "extra-1"]
        assert RAN in cell.output, cell.problem
    said = [text for cell in verdict.cells for text in (cell.output, cell.problem)]
    assert not [text for text in said if LOOT in text]


@pytest.mark.parametrize("name", ["exits-while-loading", "loops-while-loading"])
def test_a_cell_that_stops_everything_is_named(battle, name):
    """The note says which cell was left out, and why."""
    assert any("extra-1" in note for note in battle.verdict(name).notes)


@pytest.mark.parametrize("name", rows(NOTEBOOKS))
def test_a_changed_notebook_gains_nothing_and_loses_nothing(battle, name):
    """Metadata, outputs and missing tests change no score; the manual cell is never automatic."""
    questions = battle.questions(name)
    assert questions["check_double"].score == 0.0
    assert questions["check_scale"].score == SCALE_POINTS
    assert questions["plot"].outcome is Outcome.MANUAL
    assert not questions["plot"].score


@pytest.mark.parametrize("name", rows(FILES))
def test_a_file_that_is_no_notebook_is_told_and_one_that_is_gets_its_points(battle, name):
    """Links, pipes, bombs and wrong names have a reason; files beside a notebook do nothing."""
    verdict = battle.verdict(name)
    if name.startswith("right-"):
        assert verdict.score == DOUBLE_POINTS + SCALE_POINTS
    else:
        assert verdict.status is Status.UNREADABLE
        assert verdict.reason
        assert {q.score for q in verdict.questions} == {None}


def test_all_cells_run_before_any_test(battle):
    """Row 19: a function that is right at its test and wrong afterwards is wrong."""
    assert battle.questions("redefined")["check_double"].score == 0.0


def test_folders_that_are_no_student_are_named(battle):
    """Row 24: names that could act in a path, a pattern or a table are refused, and told."""
    assert sorted(json.loads(battle.process.stdout)["refused"]) == sorted(ODD_NAMES)


def test_the_batch_ends_with_everybody_in_it(battle):
    """I4: exit code 2, as files need a person; one line for each folder; no trace of ours."""
    assert battle.process.returncode == 2, battle.process.stderr
    assert "Traceback" not in battle.process.stderr
    folders = {path.name for path in battle.tiny.course.submitted.iterdir()}
    graded = {row["student"] for row in json.loads(battle.process.stdout)["graded"]}
    assert graded == folders - set(ODD_NAMES)
    assert {student for student, _ in battle.tiny.grades()} == graded


def test_no_attack_is_a_fault_of_ours(battle):
    """Nobody can call a person by making the grader fail."""
    rows = json.loads(battle.process.stdout)["graded"]
    faulty = [row["student"] for row in rows if "grader-error" in json.dumps(row)]
    assert faulty == []


@pytest.mark.parametrize("student", WITNESSES)
def test_the_others_are_graded_as_if_alone(battle, student):
    """I2: an honest verdict is, byte for byte, that of grading nobody else."""
    course = battle.tiny.course
    assignment = load_assignment(course.source, "tiny", course.config)
    raw = (course.submitted / student / "tiny" / "tiny.ipynb").read_bytes()
    alone = grade(raw, student, assignment, course.key())
    among = battle.verdict(student)
    assert among.to_json() == replace(alone, assignment=among.assignment).to_json()
    assert alone.score == DOUBLE_POINTS + SCALE_POINTS


def test_a_copied_file_is_graded_and_can_be_found(battle):
    """Row 87: the same bytes twice have the same hash in both verdicts."""
    mine, theirs = battle.verdict("copycat"), battle.verdict("witness-a")
    assert mine.submission == theirs.submission
    assert (mine.student, mine.score) == ("copycat", theirs.score)


def test_nothing_outside_has_changed(battle):
    """I2: units, submissions and the home folder hold the same bytes; nobody was called."""
    assert battle.after == battle.before
    assert battle.callers == []


def test_no_process_is_left(battle):
    """Nothing that the run started is alive."""
    mark = f"BATTLE={Path(battle.world.home).parent}".encode()
    left = []
    for path in Path("/proc").glob("[0-9]*/environ"):
        try:
            left += [path] if mark in path.read_bytes() else []
        except OSError:
            continue
    assert left == []


def test_nothing_hidden_is_in_anything_a_learner_can_get(battle):
    """I3: no hidden input, expected value or answer in feedback, display notebooks or verdicts."""
    course = battle.tiny.course
    latest = course.state / "verdicts" / "tiny" / "latest"
    files = [p for f in (course.feedback, course.autograded, latest) for p in f.rglob("*.*")]
    texts = {path: path.read_text() for path in files if path.is_file()}
    assert len(texts) > 3 * len(PROGRAMS)
    leaks = {(p, s) for p, text in texts.items() for s in (*SECRETS, "hunter2") if s in text}
    assert leaks == set()


def test_what_is_kept_is_small(battle):
    """Rows 15, 60, 61: floods and forged reports end at the limits of the unit."""
    course = battle.tiny.course
    latest = (course.state / "verdicts" / "tiny" / "latest").glob("*.json")
    assert {p.stem: p.stat().st_size for p in latest if p.stat().st_size > MAX_VERDICT} == {}


def test_figures_that_attack_their_reader_are_left_out(battle):
    """Row 84: bombs and broken files are not on the page, a figure among them is, and no word."""
    page = (battle.tiny.course.feedback / "hostile-figures" / "tiny" / "tiny.html").read_bytes()
    shown = [base64.b64decode(text) for text in re.findall(rb'base64,([^"]+)"', page)]
    assert [raw[16:24] for raw in shown] == [bytes((0, 0, 0, 3, 0, 0, 0, 2))] * len(shown)
    assert shown
    assert b"not shown here" in page
    assert not [raw for raw in (page, *shown) if b"LOOT" in raw]


def test_no_markup_of_a_learner_reaches_a_page(battle):
    """Row 79: tags arrive as text, terminal codes and direction changes not at all."""
    page = (battle.tiny.course.feedback / "markup" / "tiny" / "tiny.html").read_text()
    assert "&lt;script&gt;fetch" in page
    assert "<script" not in page
    assert "\x1b" not in page
    assert "\u202e" not in page
