"""A class for formgrader to show, and what an instructor does on its pages."""

import json
import shutil

from nbgrader.api import Gradebook

from rnngrader.cli import main
from rnngrader.demo.classroom import build_class, notebooks
from tests.jupyter import ROOT

ESSAY_CELL = "explain-forget-gate"
DEED = "document.documentElement.dataset.harmed = 1"
PROSE = (
    f"<script>{DEED}</script> <img src=x onerror='{DEED}'> [click](javascript:{DEED}) "
    f"$\\href{{javascript:{DEED}}}{{y}}$ $\\class{{btn}}{{z}}$ <b data-toggle=tooltip>bold</b>"
)
CODE = f'print("<script>{DEED}</script><img src=x onerror={DEED!r}>")'
OUTPUT = {
    "output_type": "display_data",
    "data": {"text/html": f"<script>{DEED}</script>", "application/javascript": DEED},
    "metadata": {},
}


class Class:
    """The course directory, what is handed in, and what the gradebook has."""

    def __init__(self, folder):
        self.course = build_class(ROOT, folder)
        release = self.course.release / "lstm" / "lstm.ipynb"
        self.made = notebooks(self.course, json.loads(release.read_text()))
        shutil.rmtree(self.course.submitted)

    def hand_in(self, student, raw, stamp=""):
        """Put a submission in place, and when it came."""
        folder = self.course.submitted / student / "lstm"
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "lstm.ipynb").write_bytes(raw)
        if stamp:
            (folder / "timestamp.txt").write_text(stamp)

    def like(self, name, **answers):
        """The bytes of one of the demo's notebooks, with other answers in some cells."""
        book = json.loads(json.dumps(self.made[name]))
        for cell in book["cells"]:
            grade_id = cell["metadata"].get("nbgrader", {}).get("grade_id", "").replace("-", "_")
            cell["source"] = answers.get(grade_id, cell["source"])
        return json.dumps(book).encode()

    def hostile(self):
        """A notebook whose prose, prints and stored outputs all try to act on a page."""
        book = json.loads(self.like("right-plain", explain_forget_gate=PROSE))
        book["cells"].append(
            {"cell_type": "code", "id": "x", "metadata": {}, "source": CODE,
             "execution_count": 1, "outputs": [OUTPUT]}
        )  # fmt: skip
        return json.dumps(book).encode()

    def run(self, *command):
        """One of rnngrader's own commands."""
        return main([*command, "lstm", "--course", str(self.course.root), "--workers", "2"])

    def number(self, student):
        """The id of a submission in formgrader's addresses."""
        with Gradebook(self.course.db_url) as book:
            return book.find_submission_notebook("lstm", "lstm", student).id

    def essay(self, student):
        """Manual score, extra credit, needs a person, comment, and the whole score."""
        with Gradebook(self.course.db_url) as book:
            grade = book.find_grade(ESSAY_CELL, "lstm", "lstm", student)
            comment = book.find_comment(ESSAY_CELL, "lstm", "lstm", student).manual_comment
            total = book.find_submission("lstm", student).score
            needs = grade.needs_manual_grade
            return grade.manual_score, grade.extra_credit, needs, comment, total


def table(page, *columns):
    """The rows of formgrader's table: texts of some columns by the first of them."""
    rows = page.locator("#main-table tr").all()
    texts = [[row.locator(f"td.{name}").inner_text() for name in columns] for row in rows]
    return {first: tuple(rest) for first, *rest in texts}


def filled(page):
    """The same page, when scores and comments have come, and formulas that move what is below."""
    page.wait_for_function(
        "window.formgrader?.grades?.loaded && formgrader.comments?.loaded && MathJax.loaded"
    )
    return page


def shown(page):
    """The text of the notebook on the grading page."""
    return page.locator("#notebook").first.inner_text()


def press(page, student, button, modal):
    """Press a button in a student's line and close what comes up; gives its text."""
    page.locator("tr", has_text=student).locator(f".{button} a").click()
    box = page.locator(f"#{modal}")
    box.locator("pre, p").first.wait_for()
    text = box.inner_text()
    box.locator(".modal-footer button").click()
    box.wait_for(state="detached")
    return text


def enter(page, field, value):
    """Type into a field and leave it; the server has it when this returns."""
    with page.expect_response(lambda answer: answer.request.method == "PUT") as answer:
        page.locator(f"[id='{field}']").fill(value)
        page.locator(f"[id='{field}']").blur()
    assert answer.value.ok
