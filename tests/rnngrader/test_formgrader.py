"""The instructor's view: nbgrader's formgrader in a browser, on a course that rnngrader graded."""

import pytest

from rnngrader.demo.classroom import ESSAY
from tests.jupyter import PATIENCE, TOKEN, serving, without
from tests.rnngrader.formgrading import (
    DEED,
    ESSAY_CELL,
    Class,
    enter,
    filled,
    press,
    shown,
    table,
)

pytestmark = [pytest.mark.browser, pytest.mark.slow]

# Extensions that a server would load too; they make its start slower and show nothing here.
OTHERS = (
    *("jupyterlab", "notebook", "notebook_shim", "jupyter_lsp", "jupyter_server_terminals"),
    *(f"nbgrader.server_extensions.{name}_list" for name in ("assignment", "course")),
    "nbgrader.server_extensions.validate_assignment",
)
CAUSE = "The old cell stays in full."
COMMENT = "Good. Say what <b>near 1</b> means for 100 steps."


@pytest.fixture(scope="module")
def classroom(tmp_path_factory):
    """A released unit and submissions of all kinds, graded by `rnngrader grade`."""
    made = Class(tmp_path_factory.mktemp("formgrader") / "course")
    right = made.like("right-plain")
    # nbgrader itself would lose the list of the class to the first, and never settle the other.
    made.hand_in("hostile", made.hostile(), stamp="<script>yesterday</script>")
    made.hand_in("right", right, stamp="2026-03-01 23:30:00 KST")
    made.hand_in("wrong", made.like("wrong-no-forget"))
    made.hand_in("broken", b"")
    made.hand_in("byhand", right)
    made.hand_in("again", right)
    assert made.run("grade") == 2
    return made


@pytest.fixture(scope="module")
def server(classroom, tmp_path_factory):
    """The address of formgrader in a real Jupyter server, started in the course directory."""
    home = tmp_path_factory.mktemp("home")
    alone = without(*OTHERS)
    with serving("jupyter_server", classroom.course.root, home, alone) as address:
        yield address


@pytest.fixture
def browse(server, visit):
    """Open one of formgrader's pages, logged in, wait for its table or cells; check it later."""
    seen = visit(viewport={"width": 1300, "height": 1000})
    seen.page.set_default_timeout(PATIENCE * 1000)
    seen.page.on("dialog", lambda box: seen.problems.append(f"a dialog: {box.message}"))

    def start(path, wait):
        seen.page.goto(f"{server}/login?token={TOKEN}&next=/formgrader/{path}")
        seen.page.locator(wait).first.wait_for()
        return seen.page

    yield start
    seen.check()


def submission(browse, classroom, student):
    """The grading page of a student, when its fields have their values."""
    page = browse(f"submissions/{classroom.number(student)}/", ".nbgrader_cell")
    return filled(page)


def test_the_lists_show_states_and_scores(browse, classroom):
    """Assignment, submissions and grading list agree with what was graded, waits or is unreadable.

    A time of hand-in that is none, or that nobody can place, changes nothing of that.
    """
    page = browse("manage_assignments", "td.name a")
    count = len(list(classroom.course.submitted.iterdir()))
    assert table(page, "name", "num-submissions") == {"lstm": (str(count),)}
    page.locator("td.num-submissions a").click()
    page.locator("td.student-id").first.wait_for()
    seen = table(page, "student-id", "status", "score")
    assert {name: seen[name] for name in ("right", "wrong", "broken", "hostile")} == {
        "right": ("needs manual grading", "12 / 15"),
        "wrong": ("graded", "10 / 15"),
        "broken": ("needs manual grading", "0 / 15"),
        "hostile": ("needs manual grading", "12 / 15"),
    }
    page = browse("gradebook/lstm/lstm", "td.name a")
    page.locator("#toggle_names").click()
    seen = table(page, "name", "score", "code-score", "written-score")
    assert seen["wrong"] == ("10 / 15", "10 / 12", "0 / 3")
    assert seen["right"] == ("12 / 15", "12 / 12", "0 / 3")
    for student, waits, failed in (("right", 1, 0), ("wrong", 0, 1), ("broken", 1, 0)):
        row = page.locator("tr", has=page.get_by_role("link", name=student, exact=True))
        assert row.locator(".needs-manual-grade .glyphicon-ok").count() == waits
        assert row.locator(".tests-failed .glyphicon-ok").count() == failed


def test_a_submission_shows_scores_cause_code_and_formulas(browse, classroom):
    """On the grading page: points of each question, the named cause, the code, set formulas."""
    page = submission(browse, classroom, "wrong")
    points = {
        box.get_attribute("id"): box.get_attribute("placeholder")
        for box in page.locator("input.score").all()
    }
    assert points == {"check_lstm_gates": "3", "check_lstm_step": "2",
                      "check_lstm_forward": "5", ESSAY_CELL: "0"}  # fmt: skip
    text = shown(page)
    assert CAUSE in text
    assert "c = c_prev + i * g" in text
    assert "$" not in text
    assert page.locator("mjx-container").count() > 10
    assert page.locator("mjx-merror").count() == 0


def test_an_unreadable_submission_says_why(browse, classroom):
    """The reason stands on top, and each question takes points by hand."""
    page = submission(browse, classroom, "broken")
    assert "The file is empty." in shown(page)
    assert page.locator("input.score.needs_manual_grade").count() == 4


def test_a_hostile_submission_is_text(browse, classroom):
    """Scripts, handlers, links and formulas that act are shown as text, and none of them acts."""
    page = submission(browse, classroom, "hostile")
    text = shown(page)
    assert text.count(f"<script>{DEED}</script>") >= 2
    answer = page.locator(".nbgrader_cell", has=page.locator(f"#{ESSAY_CELL}"))
    inside = answer.locator(".text_cell_render")
    assert inside.locator("a, img, script, b, .btn, [data-toggle], [href]").count() == 0
    assert page.locator("#notebook script, #notebook img, #notebook iframe").count() == 0
    browse("manage_submissions/lstm", "td.student-id")
    browse("manage_students/hostile/lstm", "#main-table td")
    assert page.locator("[data-harmed]").count() == 0


def test_what_an_instructor_enters_counts_and_stays(browse, classroom):
    """Points, extra credit and comment reach gradebook and feedback, and survive grading again."""
    page = browse("gradebook/lstm/lstm", "td.name a")
    page.locator("#toggle_names").click()
    page.get_by_role("link", name="byhand", exact=True).click()
    filled(page)
    enter(page, ESSAY_CELL, "2.5")
    enter(page, f"{ESSAY_CELL}_extra_credit", "0.5")
    enter(page, f"{ESSAY_CELL}-comment", COMMENT)
    entered = (2.5, 0.5, False, COMMENT, 15.0)
    assert classroom.essay("byhand") == entered
    classroom.run("regrade")
    assert classroom.essay("byhand") == entered
    classroom.run("grade", "--force", "--student", "byhand")
    assert classroom.essay("byhand") == entered
    page.reload()
    filled(page)
    assert page.locator(f"#{ESSAY_CELL}").input_value() == "2.5"
    page = browse("manage_submissions/lstm", "td.student-id")
    assert table(page, "student-id", "status", "score")["byhand"] == ("graded", "15 / 15")
    assert "Successfully" in press(page, "byhand", "generate-feedback", "success-modal")
    text = (classroom.course.feedback / "byhand" / "lstm" / "lstm.html").read_text()
    assert "15 of 15 points" in text
    assert "3 of 3" in text
    assert "Good. Say what &lt;b&gt;near 1&lt;/b&gt; means" in text


def test_a_changed_file_asks_the_instructor_for_a_look(browse, classroom):
    """Points given by hand stay when other work is graded, until the instructor resolves them."""
    page = submission(browse, classroom, "again")
    enter(page, ESSAY_CELL, "3")
    enter(page, "check_lstm_gates", "1")
    classroom.hand_in("again", classroom.like("right-plain", explain_forget_gate="It depends."))
    page = browse("manage_submissions/lstm", "td.student-id")
    assert table(page, "student-id", "status")["again"] == ("needs autograding",)
    press(page, "again", "autograde", "success-modal")
    assert table(page, "student-id", "status", "score")["again"] == (
        "needs manual grading", "13 / 15")  # fmt: skip
    page = submission(browse, classroom, "again")
    assert "It depends." in shown(page)
    for name in ("check_lstm_gates", ESSAY_CELL):
        cell = page.locator(".nbgrader_cell", has=page.locator(f"#{name}"))
        with page.expect_response(lambda answer: answer.request.method == "PUT"):
            cell.locator(".mark-graded").click()
    page = browse("manage_submissions/lstm", "td.student-id")
    assert table(page, "student-id", "status")["again"] == ("graded",)


def test_the_button_grades_on_our_path(browse, classroom):
    """Autograde judges in the sandbox, keeps a verdict, and names what it could not read."""
    work = classroom.like("wrong-no-forget", explain_forget_gate=ESSAY)
    classroom.hand_in("later", work)
    page = browse("manage_submissions/lstm", "td.student-id")
    assert table(page, "student-id", "status", "score")["later"] == ("needs autograding", "")
    press(page, "later", "autograde", "success-modal")
    assert table(page, "student-id", "status", "score")["later"] == (
        "needs manual grading", "10 / 15")  # fmt: skip
    verdict = classroom.course.state / "verdicts" / "lstm" / "latest" / "later.json"
    assert CAUSE in verdict.read_text()
    said = press(page, "broken", "autograde", "error-modal")
    assert "broken: The file is empty." in said
    assert "Traceback" not in said
    assert CAUSE in shown(submission(browse, classroom, "later"))
