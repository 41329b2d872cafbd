"""Every unit: mistakes lose points and are named, right work passes, the notebook fits."""

import json
import re
import time
from collections import namedtuple

import pytest

from rnngrader import wire
from rnngrader.checks import UNITS, exercises_of
from rnngrader.checks.calling import LocalCandidate
from rnngrader.checks.engine import report_on
from rnngrader.checks.seeding import SEED
from rnngrader.course import Course
from rnngrader.judge import grade
from rnngrader.loading import load_assignment
from rnngrader.messages import unit_message
from rnngrader.sandbox.answers import result_of
from rnngrader.verdict import Outcome
from tests.rnngrader.checks import proof
from tools.leaks import find_leaks

SLUGS = {unit: unit.replace("_", "-") for unit in UNITS}
# The chapters of the book. A page that is still being written is known by its name only.
CHAPTERS = {
    *("sequences", "bptt", "lstm", "lstm-gradients", "gru", "frameworks", "tasks"),
    *("seq2seq", "bottleneck", "attention", "claims"),
}
KEY = b"a secret of this test"
EVERY = pytest.mark.parametrize("unit", UNITS)


def folder(root, unit, place="solutions"):
    return root / place / SLUGS[unit]


def notebook(root, unit, place="solutions"):
    return folder(root, unit, place) / f"{SLUGS[unit]}.ipynb"


def cells(root, unit):
    return json.loads(notebook(root, unit).read_text(encoding="utf-8"))["cells"]


def source(cell):
    return "".join(cell["source"])


@EVERY
def test_every_mistake_loses_points(unit):
    """No wrong variant of the bank gets full marks."""
    assert [v.mistake.id for v in proof.verdicts(unit) if v.report.score == 1.0] == []


@EVERY
def test_nine_of_ten_mistakes_are_named(unit):
    """In every exercise, the report shows the sentence that was written for the mistake."""
    for exercise in exercises_of(unit):
        found = [v for v in proof.verdicts(unit) if v.exercise is exercise]
        confused = [(v.mistake.id, v.report.cause) for v in found if not v.named]
        assert len(confused) <= len(found) / 10, (exercise.name, confused)


@EVERY
def test_a_learners_own_check_names_what_the_graded_one_names(unit):
    """The short check of the notebook explains ordinary mistakes as well; every third is tried."""
    for exercise in exercises_of(unit):
        tried = [m for m in exercise.mistakes if m.shown_by in {"values", "repeat", "arguments"}]
        causes = [(m.id, report_on(exercise, m.build(), "visible").cause) for m in tried[::3]]
        confused = [(wanted, found) for wanted, found in causes if wanted != found]
        assert len(confused) <= len(causes) / 10, (exercise.name, confused)


@EVERY
def test_wrong_values_are_never_cheap(unit):
    """A mistake that ordinary values show costs a quarter, or one result of several."""
    found = [v for v in proof.verdicts(unit) if v.mistake.shown_by == "values"]
    for v in found:
        apart = any(aspect.outputs for aspect in v.exercise.aspects)
        assert v.report.score <= (0.9 if apart else 0.75), (v.mistake.id, v.report.score)


@EVERY
def test_a_check_answers_within_two_seconds(unit):
    """Comparing with the whole bank does not keep a learner waiting."""
    slow = [(v.mistake.id, v.seconds) for v in proof.verdicts(unit) if v.seconds > 2]
    assert slow == []


@EVERY
def test_a_message_holds_no_number_of_an_input(unit):
    """Messages are made of closed lists, so nothing of a hidden test gets out."""
    for v in proof.verdicts(unit):
        assert not re.search(r"\d\.\d", v.report.message)


def test_the_page_of_mistakes_is_current():
    """docs/mistakes.md holds what the checks say today."""
    assert proof.TABLE.read_text(encoding="utf-8") == proof.table()


def rebuilt(name, fields, values):
    """A named tuple as the sandbox makes it: of the same names, not of the same class."""
    return namedtuple(name, fields)(*values)


class AcrossTheBorder(LocalCandidate):
    """A function whose arguments and results are encoded, as on their way to another process."""

    def call(self, *args, given=None, returns_args=False, kwargs=None):
        """Call the function on what arrives, and return what comes back."""
        arrived = [wire.decode(wire.encode(argument), named=rebuilt) for argument in args]
        result = super().call(*arrived, given=given, returns_args=returns_args, kwargs=kwargs)
        if result.error is not None:
            return result
        after = list(result.args_after) if returns_args else None
        return result_of(wire.decode(wire.encode(["value", result.value, after])))


@EVERY
def test_right_work_survives_the_border_between_two_processes(unit):
    """What a learner's check accepts, the judge can read too, whatever it is packed in."""
    failed = [
        (exercise.name, getattr(function, "__name__", function), report.message)
        for exercise, function in proof.accepted(unit)
        if not (report := report_on(exercise, AcrossTheBorder(function), "full")).passed
    ]
    assert failed == []


@EVERY
@pytest.mark.parametrize("seed", [0, 7])
def test_right_work_gets_full_marks_whatever_its_style(unit, seed):
    """References and all accepted styles pass, at both levels."""
    token = SEED.set(seed)
    failed = [
        (exercise.name, getattr(function, "__name__", function), level, report.message)
        for exercise, function in proof.accepted(unit)
        for level in ("visible", "full")
        if not (report := report_on(exercise, function, level)).passed
    ]
    SEED.reset(token)
    assert failed == []


@EVERY
def test_every_exercise_has_a_bank_and_other_styles(unit):
    """One id means one mistake, and right work comes in at least three styles."""
    for exercise in exercises_of(unit):
        ids = [mistake.id for mistake in exercise.mistakes]
        assert len(set(ids)) == len(ids) >= 8
        styles = [f for e, f in proof.accepted(unit) if e is exercise]
        assert len(styles) >= 4


@EVERY
def test_an_unwritten_function_is_called_so(unit):
    """A stub gets nothing, at once."""

    def stub(*_args):
        raise NotImplementedError

    for exercise in exercises_of(unit):
        start = time.process_time()
        report = report_on(exercise, stub, "full")
        assert report.score == 0.0
        assert report.message == unit_message(unit, "error.not-written", exercise=exercise.name)
        assert time.process_time() - start < 2


@EVERY
def test_every_place_to_read_is_in_the_book(unit, root):
    """A report sends a learner to a chapter of the course, and to a section that it has."""
    exercises = exercises_of(unit)
    places = {m.see for e in exercises for m in e.mistakes if m.see} | {e.see for e in exercises}
    for place in places:
        page, anchor = place.split("#")
        assert page.removesuffix(".html") in CHAPTERS
        chapter = root / "book" / page.replace(".html", ".md")
        if chapter.exists():
            text = chapter.read_text(encoding="utf-8")
            headings = re.findall(r"^#+ (.+)$", text, re.MULTILINE)
            anchors = {re.sub(r"[^a-z0-9]+", "-", h.lower()).strip("-") for h in headings}
            anchors |= set(re.findall(r"^\(([\w-]+)\)=$", text, re.MULTILINE))
            assert anchor in anchors, place


@EVERY
def test_the_notebook_fits_its_checks(unit, root):
    """Cells are complete for nbgrader, and every graded function is checked openly and in full."""
    all_cells = cells(root, unit)
    ids = [cell["metadata"]["nbgrader"]["grade_id"] for cell in all_cells]
    assert len(set(ids)) == len(ids) == len({cell["id"] for cell in all_cells})
    checked = []
    for cell in (cell for cell in all_cells if cell["cell_type"] == "code"):
        meta = cell["metadata"]["nbgrader"]
        assert meta["locked"] or meta["solution"]
        assert cell["outputs"] == []
        assert cell["execution_count"] is None
        if meta["grade"] and not meta["solution"]:
            visible, hidden = source(cell).split("### BEGIN HIDDEN TESTS")
            name = re.fullmatch(r'check\("(\w+)", \1\)\n', visible)[1]
            assert re.search(rf'check\("{name}", {name}, level="full"\)  # canary-\w+', hidden)
            checked.append(name)
    assert checked == [exercise.name for exercise in exercises_of(unit)]


@EVERY
def test_a_unit_asks_for_words_and_leaves_room(unit, root):
    """There is a question for a person to grade, with a rubric, and an open end."""
    graded_by_hand = [
        cell
        for cell in cells(root, unit)
        if cell["metadata"]["nbgrader"]["grade"] and cell["metadata"]["nbgrader"]["solution"]
    ]
    assert graded_by_hand
    assert all("**Rubric.**" in source(cell) for cell in graded_by_hand)
    assert any(
        cell["metadata"]["nbgrader"]["grade_id"] == "extension" for cell in cells(root, unit)
    )


@EVERY
def test_the_solution_passes_its_own_cells(unit, root):
    """The notebook runs from top to bottom in one process, hidden tests included."""
    space = {"__name__": "__main__"}
    for cell in cells(root, unit):
        if cell["cell_type"] == "code":
            exec(source(cell), space)  # noqa: S102 - as a kernel runs it


@EVERY
def test_both_processes_agree_with_the_solution_and_the_stub(unit, root):
    """Through the judge, the solution gets all points and the exercise counts as not answered."""
    course = Course.load(root)
    assignment = load_assignment(course.source, SLUGS[unit], course.config)
    right = grade(notebook(root, unit).read_bytes(), "ada", assignment, KEY)
    automatic = [q for q in right.questions if q.outcome is not Outcome.MANUAL]
    assert [(q.grade_id, q.message) for q in automatic if q.outcome is not Outcome.PASS] == []
    assert len(automatic) == len(exercises_of(unit))
    left = grade(notebook(root, unit, "exercises").read_bytes(), "ada", assignment, KEY)
    assert {q.cause for q in left.questions} == {"not-answered"}
    assert {q.score for q in left.questions} == {0.0}


@EVERY
def test_a_leak_that_is_planted_is_found(unit, root, tmp_path):
    """The release gives nothing away, and a solution line in it would be noticed."""
    assert find_leaks(folder(root, unit), folder(root, unit, "exercises")) == []
    book = json.loads(notebook(root, unit, "exercises").read_text(encoding="utf-8"))
    line = next(
        line
        for cell in cells(root, unit)
        if cell["cell_type"] == "code" and cell["metadata"]["nbgrader"]["solution"]
        for line in source(cell).split("### BEGIN SOLUTION\n")[1].splitlines()
        if len(line.strip()) > 20
    )
    book["cells"][0]["source"].append(f"\n{line}")
    (tmp_path / "planted.ipynb").write_text(json.dumps(book), encoding="utf-8")
    assert find_leaks(folder(root, unit), tmp_path)
