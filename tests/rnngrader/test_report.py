"""The instructor's report: counted right, alike found, nothing in it runs."""

import csv
import json
from html.parser import HTMLParser

import numpy as np
import pytest
from nbgrader.api import Gradebook

from rnngrader.cli import main
from rnngrader.loading import load_assignment
from rnngrader.report.facts import QuestionFacts
from rnngrader.report.pictures import difficulty
from rnngrader.report.similarity import Pair, fingerprints, runs, similar, tokens
from rnngrader.store import VerdictStore
from tests.rnngrader.courses import SETUP, TinyCourse, cell, graded, notebook, solution

OWN = '''
def smooth(values, rate):
    """Running mean, most recent first."""
    state, kept = 0.0, []
    for value in values:
        state = rate * state + (1.0 - rate) * value  # the new state
        kept.append(float(np.round(state, 7)))
    return kept[::-1] if len(kept) > 1 else list(kept)
'''
COPY = """
def smooth(xs, alpha):
    '''I wrote this myself.'''
    s, out = 0.0, []
    for x in xs:

        s = alpha*s + (1.0 - alpha)*x
        out.append( float(np.round(s, 7)) )
    return out[::-1] if len(out) > 1 else list( out )
"""
OTHER = """
def smooth(values, rate):
    weights = rate ** np.arange(len(values))[::-1]
    total = [((1 - rate) * np.sum(weights[-n - 1:] * np.asarray(values[:n + 1]))).item()
             for n in range(len(values))]
    total.reverse()
    return [round(t, 7) for t in total]
"""
TEST = (
    "assert smooth([1.0, 3.0], 0.5) == [1.75, 0.5]\n### BEGIN HIDDEN TESTS\n"
    "assert smooth([2.0, 0.0, 4.0], 0.5) == [2.25, 0.5, 1.0]  # canary-7919\n### END HIDDEN TESTS"
)
STUDENTS = {
    "ada": OWN,
    "bob": COPY,
    "cyd": OTHER,
    "dan": "def smooth(values, rate):\n    return values",
    "eve": "def smooth(values, rate):\n    while True: pass",
}


@pytest.fixture(scope="module")
def course(tmp_path_factory):
    """Two alike, one right in another way, one wrong, one that hangs, one unreadable, one late."""
    essay = cell("Why?", "markdown", grade_id="why", grade=True, solution=True, points=3)
    unit = (SETUP, solution(f"### BEGIN SOLUTION{OWN}### END SOLUTION"), graded(TEST), essay)
    tiny = TinyCourse(tmp_path_factory.mktemp("report") / "course", *unit)
    manifest = tiny.course.source / "tiny" / "unit.toml"
    manifest.write_text("[limits]\ncall_s = 0.3\nload_s = 6\n[late]\npercent_per_day = 10\n")
    for name, source in STUDENTS.items():
        answer = cell(f"Because {name}.", "markdown", **essay["metadata"]["nbgrader"])
        tiny.hand_in(name, raw=notebook(SETUP, solution(source), answer))
    tiny.hand_in("gus", raw=b"{")
    (tiny.root / "submitted" / "cyd" / "tiny" / "timestamp.txt").write_text(
        "2026-03-03 12:00:00 UTC\n"
    )
    assert main(["grade", "tiny", "--course", str(tiny.root), "--workers", "1"]) == 2
    with Gradebook(tiny.course.db_url) as book:
        book.update_or_create_assignment("tiny", duedate="2026-03-01 23:00:00 UTC")
        book.add_student("=1+1", last_name="<script>alert(1)</script>", first_name="@x")
        book.find_grade("why", "tiny", "tiny", "ada").manual_score = 3
        book.db.commit()
    return tiny


@pytest.fixture(scope="module")
def told(course, tmp_path_factory):
    """The folder with the report, and what the command says as JSON."""
    folder = tmp_path_factory.mktemp("told")
    assert main(["report", "tiny", "--course", str(course.root), "--to", str(folder)]) == 0
    return folder


def rows(folder, name):
    """A CSV file of the report."""
    with (folder / name).open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def test_questions_are_counted_by_outcome(told):
    """Three right, two without points, one essay graded and four waiting; unreadable is no zero."""
    first, essay = rows(told, "questions.csv")
    assert [first[k] for k in ("Question", "All points", "No points", "Mean")] == [
        "double", "3", "2", "0.6",
    ]  # fmt: skip
    assert (essay["All points"], essay["To be decided"], essay["Mean"]) == ("1", "4", "1.0")


def test_mistakes_and_trouble_name_the_students_work(told):
    """The hanging one is slow, the file that is none cannot be read."""
    causes = {row["Cause"]: row["Submissions"] for row in rows(told, "mistakes.csv")}
    assert causes == {"assertion": "1", "timeout": "1"}
    assert {(r["Student"], r["Why"]) for r in rows(told, "troubles.csv")} == {
        ("eve", "Slow"), ("gus", "Cannot be read"),
    }  # fmt: skip


def test_the_copy_is_found_and_the_other_way_is_not(told):
    """New names, spaces, comments and docstring hide nothing; another program is another one."""
    pairs = rows(told, "similar.csv")
    assert [(p["One"], p["Other"], p["Alike"]) for p in pairs] == [("ada", "bob", "1.0")]


def test_marks_hold_full_score_and_what_lateness_costs(told):
    """Two started days late: a fifth of the five points is taken off, the score stays."""
    marks = {row["Student"]: row for row in rows(told, "marks.csv")}
    assert [marks["cyd"][k] for k in ("Score", "Taken off", "Mark", "why")] == [
        "2.0", "1.0", "1.0", "",
    ]  # fmt: skip
    assert marks["ada"]["Mark"] == "5.0"
    assert marks["'=1+1"]["State"] == "missing"
    assert marks["'=1+1"]["First name"] == "'@x"


def test_slow_is_who_took_far_longer_than_the_others(course, told, tmp_path):
    """The one that ran into a limit, and one over a second where half take a tenth; not the rest.

    Only the time of the work that was graded counts, and a torn line is nobody's.
    """
    seconds = {row["Student"]: row["Seconds to judge"] for row in rows(told, "marks.csv")}
    assert float(seconds["eve"]) > 0.3
    assert 0 < float(seconds["ada"]) < 60
    assert seconds["'=1+1"] == ""
    store = VerdictStore(course.course, load_assignment(course.course.source, "tiny"))
    log = course.course.state / "seconds" / "tiny.csv"
    before = log.read_text()
    for name in ("ada", "bob", "cyd", "eve", "gus"):
        store.note_seconds(store.latest(name), 0.1)
    store.note_seconds(store.latest("dan"), 2.25)
    with log.open("a") as file:
        file.write("ada,other-bytes,99.000\nbob,torn")
    try:
        assert main(["report", "tiny", "--course", str(course.root), "--to", str(tmp_path)]) == 0
    finally:
        log.write_text(before)
    slow = [
        row["What was said"] for row in rows(tmp_path, "troubles.csv") if row["Student"] == "dan"
    ]
    assert slow == ["Judging it took 2.2 s."]
    assert "ada" not in {row["Student"] for row in rows(tmp_path, "troubles.csv")}


def test_files_are_for_the_instructor_only(told):
    """Names and marks: readable by their owner; no hidden line, no secret."""
    for path in told.iterdir():
        assert path.stat().st_mode & 0o077 == 0
        assert "canary" not in path.read_text()


def test_the_command_tells_the_most_important(course, capsys):
    """Also as JSON, into the course's own folder."""
    assert main(["report", "tiny", "--course", str(course.root), "--json"]) == 0
    said = json.loads(capsys.readouterr().out)
    assert said["similar"][0]["similarity"] == 1.0
    assert (course.root / "reports" / "tiny" / "report.html").is_file()
    assert main(["report", "nothing", "--course", str(course.root)]) == 1


class Tags(HTMLParser):
    """Collects the tags of a page."""

    def __init__(self):
        super().__init__()
        self.found = set()

    def handle_starttag(self, tag, attrs):
        """Note one tag, and that it loads nothing."""
        self.found.add(tag)
        assert not {name for name, _ in attrs} & {"src", "href", "onload", "srcdoc"}


def test_the_page_has_no_script_and_loads_nothing(told):
    """Whatever names and messages hold, they are text."""
    page = Tags()
    page.feed((told / "report.html").read_text())
    assert page.found.isdisjoint({"script", "link", "iframe", "img", "object", "form"})


@pytest.mark.browser
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_browser_shows_it_without_a_complaint(told, chromium, axe, scheme):
    """No console message, no request but the page, no finding of axe, and both schemes differ."""
    context = chromium.new_context(color_scheme=scheme, bypass_csp=True)
    page, said, asked = context.new_page(), [], []
    page.on("console", lambda line: said.append(line.text))
    page.on("pageerror", lambda error: said.append(str(error)))
    page.on("request", lambda request: asked.append(request.url))
    page.goto((told / "report.html").as_uri())
    page.evaluate(axe)
    found = page.evaluate("axe.run()")
    ground = page.evaluate("getComputedStyle(document.body).backgroundColor")
    wide = page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    context.close()
    assert [(v["id"], [n["html"] for n in v["nodes"]]) for v in found["violations"]] == []
    assert said == []
    assert asked == [(told / "report.html").as_uri()]
    assert ground == {"light": "rgb(255, 255, 255)", "dark": "rgb(20, 24, 29)"}[scheme]
    assert wide


def test_code_that_was_handed_out_makes_nobody_alike():
    """Two notebooks that have only the given code in common are not compared."""
    given = np.unique(runs(OWN))
    prints = {name: fingerprints([OWN], given) for name in ("ada", "bob")}
    assert similar(prints) == []
    assert similar({name: fingerprints([OWN]) for name in ("ada", "bob")})[0].similarity == 1


def test_a_part_is_found_in_other_surroundings():
    """A shared passage of K + WINDOW - 1 tokens is seen wherever it stands, in broken code too."""
    passage = " + ".join(f"np.f{n}(a)" for n in range(4))
    ours = fingerprints([f"def f(a):\n    b = a[0]\n    return {passage}"])
    theirs = fingerprints([f"class C:\n  def g(self, z) ->:  # broken\n     q = ({passage}"])
    assert ours & theirs
    assert not ours & fingerprints([OTHER])


def test_what_everybody_writes_counts_less_than_what_two_share():
    """The same number of shared passages: the rare ones rank first."""
    everybody, ours = frozenset(range(100, 112)), frozenset(range(200, 212))
    prints = {f"s{n}": everybody | {1000 + n, 2000 + n} for n in range(30)}
    prints |= {"ada": ours | {1, 2, 3}, "bob": ours | {4, 5, 6}}
    best = similar(prints, least=0.3)[0]
    assert best == Pair("ada", "bob", best.similarity, 12, 12)
    assert best.similarity == pytest.approx(0.8, abs=0.1)


def test_tokens_do_not_depend_on_what_a_learner_may_choose():
    """Names, spaces, comments, quotes and docstrings; attributes, numbers and signs do count."""
    assert list(tokens(OWN)) == list(tokens(COPY))
    assert list(tokens("a.tanh(1)")) != list(tokens("a.exp(1)"))
    assert list(tokens("x = 'it''s' # '''")) == ["v", "=", "s", "s"]
    assert list(tokens('"""never closed')) == []


def test_a_picture_holds_no_name_that_acts():
    """A question's name is text in the picture too."""
    question = QuestionFacts("<a onload=x>", 1.0, [1.0, 0.0, 0.5])
    assert "<a onload" not in difficulty([question])
