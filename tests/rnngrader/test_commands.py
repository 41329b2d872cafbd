"""The commands beside `grade`: what they say, what they leave alone, and their exit codes."""

import json
import shutil
import stat
from pathlib import Path

import pytest

from rnngrader.cli import COMMANDS, main
from rnngrader.console import toned
from rnngrader.sandbox import container
from tests.rnngrader.courses import TinyCourse, graded, notebook, solution


@pytest.fixture
def run(capsys, monkeypatch):
    """Run a command; gives exit code, output and error text."""
    monkeypatch.setenv("NO_COLOR", "1")

    def run_command(*arguments):
        try:
            code = main([str(argument) for argument in arguments])
        except SystemExit as stop:
            code = stop.code
        said = capsys.readouterr()
        return code, said.out, said.err

    return run_command


@pytest.fixture(scope="module")
def once(tmp_path_factory):
    """A course with a right and a wrong submission and one that cannot be read, graded once."""
    tiny = TinyCourse(tmp_path_factory.mktemp("once") / "course")
    tiny.hand_in("ada")
    tiny.hand_in("bob", "def double(x): return x")
    tiny.hand_in("cyd", raw=b"{")
    assert main(["grade", "tiny", "--course", str(tiny.root), "--workers", "1"]) == 2
    return tiny


def stamps(root):
    """Which files were written when."""
    return {path: path.stat().st_mtime_ns for path in root.rglob("*") if path.is_file()}


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_has_help_with_examples(run, name):
    """Help names the options and shows calls that start with the command's own name."""
    code, out, _ = run(name, "--help")
    assert code == 0
    assert f"rnngrader {name}" in out.split("examples:")[1]


def test_status_counts_by_state_and_says_what_to_do(run, once):
    """Right, wrong and unreadable are told apart; nothing is outdated, so no remedy is named."""
    code, out, _ = run("status", "tiny", "--course", once.root)
    assert code == 0
    assert "tiny: 3 submissions" in out
    assert "2  graded" in out
    assert "1  cannot be read" in out
    assert "mean 1.0 of 2, from 0 to 2" in out
    assert "regrade" not in out
    code, out, _ = run("status", "tiny", "--course", once.root, "--json")
    rows = {row["student"]: row for row in json.loads(out)["submissions"]}
    assert (rows["bob"]["state"], rows["bob"]["score"]) == ("current", 0.0)
    assert (rows["cyd"]["state"], rows["cyd"]["score"]) == ("unreadable", None)


def test_explain_tells_the_cause_and_json_tells_all(run, once):
    """Score, cause and sentence of one student; a stranger is refused."""
    code, out, _ = run("explain", "bob", "--course", once.root)
    assert code == 0
    assert "bob, tiny: 0 of 2 points" in out
    assert "cause: assertion" in out
    code, out, _ = run("explain", "ada", "tiny", "--course", once.root, "--json")
    assert json.loads(out)[0]["questions"][0]["outcome"] == "pass"
    for stranger in ("zoe", "../bob", "*"):
        code, _, err = run("explain", stranger, "--course", once.root)
        assert code == 1
        assert "found none" in err


def test_nothing_changed_means_nothing_written(run, once):
    """Regrade leaves every file of a course as it is."""
    before = stamps(once.root)
    code, out, _ = run("regrade", "tiny", "--course", once.root)
    assert code == 0
    assert "Nothing has changed" in out
    assert stamps(once.root) == before


def test_regrade_touches_only_what_changed(run, tmp_path, monkeypatch):
    """A new submission, then the unit, then the grader: each is named, and only that is graded."""
    tiny = TinyCourse(tmp_path / "course")
    for name in ("ada", "bob"):
        tiny.hand_in(name)
    place = ("--course", tiny.root)
    assert run("grade", "tiny", *place, "--workers", 1)[0] == 0
    tiny.hand_in("bob", "def double(x): return x")
    tiny.hand_in("cyd")
    before = stamps(tiny.course.autograded)
    code, out, _ = run("regrade", "tiny", *place, "--dry-run", "--json")
    assert json.loads(out)["regrade"] == {"bob": "changed", "cyd": "new"}
    assert stamps(tiny.course.autograded) == before
    code, out, _ = run("regrade", "tiny", *place, "--workers", 1)
    assert code == 0
    assert "2 of 3 are graded again" in out
    after = stamps(tiny.course.autograded)
    assert [p.parts[-3] for p in before if before[p] == after[p]] == ["ada"]
    assert tiny.grades()["bob", "check_double"][0] == 0.0
    path = tiny.course.source / "tiny" / "tiny.ipynb"
    path.write_bytes(notebook(solution(), graded(points=7)))
    _, out, _ = run("regrade", "tiny", *place, "--dry-run")
    assert "3  graded, then the unit changed" in out
    assert run("regrade", "tiny", *place, "--student", "ada", "--workers", 1)[0] == 0
    assert tiny.grades()["ada", "check_double"][0] == 7.0
    monkeypatch.setattr("rnngrader.loading.grader_version", lambda: "newer")
    _, out, _ = run("regrade", "tiny", *place, "--dry-run", "--json")
    found = json.loads(out)["regrade"]
    assert (found["ada"], found["bob"]) == ("grader-changed", "unit-changed")


def test_a_version_names_unit_and_grader_and_not_what_only_shows(monkeypatch, tmp_path):
    """A new report regrades nobody; a change of the judge regrades everybody."""
    from rnngrader import loading

    package = tmp_path / "rnngrader"
    shutil.copytree(Path(loading.__file__).parent, package)
    monkeypatch.setattr(loading, "__file__", str(package / "loading.py"))
    versions = []
    for name in ("", "feedback.py", "commands/grade.py", "judge.py", "sandbox/runner.py"):
        if name:
            (package / name).write_text("changed")
        versions.append(loading.grader_version.__wrapped__())
    assert versions[0] == versions[1] == versions[2]
    assert len(set(versions[2:])) == 3


def test_doctor_finds_this_machine_and_course_fit(run, once):
    """Every line is good where the tests run; the JSON says the same."""
    code, out, _ = run("doctor", "--course", once.root)
    assert code == 0, out
    assert "Everything that grading needs is here." in out
    assert "✗" not in out
    code, out, _ = run("doctor", "--course", once.root, "--json")
    assert json.loads(out)["healthy"]


def test_doctor_names_what_is_missing_and_how_to_get_it(run, once, monkeypatch, tmp_path):
    """No bubblewrap, a damaged gradebook, an open secret: each with its remedy, exit code 1."""
    monkeypatch.setattr("rnngrader.sandbox.container.shutil.which", lambda _name: None)
    container.bwrap_path.cache_clear()
    course = tmp_path / "course"
    shutil.copytree(once.root, course)
    (course / "gradebook.db").write_bytes(b"no database" * 100)
    (course / ".rnngrader" / "key").chmod(0o644)
    code, out, _ = run("doctor", "--course", course)
    assert code == 1
    for text in ("apt-get install bubblewrap", "backup", "chmod 600"):
        assert text in out
    assert stat.S_IMODE((course / ".rnngrader" / "key").stat().st_mode) == 0o644
    code, out, _ = run("doctor", "--course", tmp_path / "nowhere", "--json")
    assert not json.loads(out)["healthy"]


def test_verify_proves_a_good_unit(run, once):
    """Reference, stub, variants, mutants and leaks: all claims hold."""
    code, out, _ = run("verify", "tiny", "--course", once.root)
    assert code == 0, out
    for text in (
        "the reference gets full points",
        "the released notebook gets no point",
        "called through wrappers",
        "caught: double: 2 * x: * as +",
        "nothing of a hidden test is in feedback",
        "is proved",
    ):
        assert text in out


@pytest.mark.parametrize(
    ("test", "text"),
    [
        ("assert double(3) == 7", "the reference loses points in check_double"),
        ("pass", "the released notebook gets points in check_double"),
        ("assert double(2) == 4", "2 * x: * as + is wrong and gets full points"),
        ("assert double.__name__ and double(3) == 6 and not _n()", "loses points"),
    ],
)
def test_verify_refutes_a_bad_unit(run, tmp_path, test, text):
    """A test that is wrong, empty, blind or picky is found before any learner meets it."""
    tiny = TinyCourse(tmp_path, solution(), graded(test))
    code, out, _ = run("verify", "tiny", "--course", tiny.root)
    assert code == 2
    assert text in out
    assert "not fit for release" in out


def test_verify_finds_a_leak_in_what_was_released(run, tmp_path):
    """A hidden line in exercises/ is a leak, and a solution line is one as well."""
    tiny = TinyCourse(tmp_path)
    released = tmp_path / "exercises" / "tiny" / "tiny.ipynb"
    released.parent.mkdir(parents=True)
    released.write_text(json.dumps({"x": "assert double(-7919) == -15838  # canary-7919"}))
    code, out, _ = run("verify", "tiny", "--course", tiny.root, "--quick", "--json")
    assert code == 2
    bad = [claim for claim in json.loads(out)["claims"] if not claim["holds"]]
    assert [claim["kind"] for claim in bad] == ["leak"]
    assert "exercises/tiny/tiny.ipynb" in bad[0]["text"]


@pytest.mark.parametrize(
    ("variables", "coloured"),
    [({"NO_COLOR": "1", "FORCE_COLOR": "1"}, False), ({"FORCE_COLOR": "1"}, True), ({}, False)],
)
def test_colours_follow_the_terminals_wishes(monkeypatch, variables, coloured):
    """NO_COLOR wins, FORCE_COLOR works in a pipe, and a pipe alone gets none."""
    for name in ("NO_COLOR", "FORCE_COLOR"):
        monkeypatch.delenv(name, raising=False)
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    assert ("\033" in toned("word", "good")) is coloured
