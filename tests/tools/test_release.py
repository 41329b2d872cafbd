"""Releasing removes what learners must not see, and writes the same bytes every time."""

import json
from pathlib import Path
from typing import Any

import pytest

from tools import release
from tools.leaks import find_leaks

SOLUTION = "    return sum(value * weight for value in values)"
HIDDEN = "assert weigh([3.0, 4.0], 2.0) == 14.0  # nobody sees this"


def cell(kind: str, name: str, lines: list[str], **flags: Any) -> dict[str, Any]:
    """A cell as nbgrader stores it."""
    nbgrader = {"grade_id": name, "schema_version": 3, "task": False, **flags}
    made = {"cell_type": kind, "id": name, "source": "\n".join(lines)}
    made["metadata"] = {"nbgrader": nbgrader, "editor": {"zoom": 2}}
    if kind == "code":
        made |= {"outputs": [], "execution_count": None}
    return made


def notebook() -> dict[str, Any]:
    """An instructor's notebook: one function, one test with a hidden part, one essay."""
    function = ["def weigh(values, weight):", "    ### BEGIN SOLUTION", SOLUTION]
    function.append("    ### END SOLUTION")
    test = ["assert weigh([1.0], 2.0) == 2.0", "### BEGIN HIDDEN TESTS", HIDDEN]
    test.append("### END HIDDEN TESTS")
    essay = ["The instructor's own answer to the essay question."]
    whole = {"nbformat": 4, "nbformat_minor": 5, "metadata": {"authors": [{"name": "someone"}]}}
    whole["cells"] = [
        cell("code", "weigh", function, solution=True, grade=False, locked=False),
        cell("code", "weigh-test", test, solution=False, grade=True, locked=True, points=2),
        cell("markdown", "essay", essay, solution=True, grade=True, locked=False, points=1),
    ]
    return whole


@pytest.fixture
def course(tmp_path: Path) -> Path:
    """A course with one unit."""
    unit = tmp_path / "course" / "solutions" / "weights"
    unit.mkdir(parents=True)
    (unit / "weights.ipynb").write_text(json.dumps(notebook()), encoding="utf-8")
    return tmp_path / "course"


def released(course: Path, destination: Path) -> str:
    """Release the course and give the text of its notebook."""
    assert release.build(course, destination) == ["weights"]
    return (destination / "weights" / "weights.ipynb").read_text(encoding="utf-8")


def test_solutions_and_hidden_tests_are_removed(course: Path, tmp_path: Path) -> None:
    """Learners get the signature and the visible test, and nothing of the rest."""
    text = released(course, tmp_path / "out")
    assert "def weigh(values, weight):" in text
    assert "assert weigh([1.0], 2.0) == 2.0" in text
    for secret in (SOLUTION.strip(), "nobody sees this", "own answer", "BEGIN", "someone", "zoom"):
        assert secret not in text
    assert find_leaks(course / "solutions", tmp_path / "out") == []


def test_what_an_editor_leaves_changes_nothing(course: Path, tmp_path: Path) -> None:
    """Order of keys, outputs and an editor's metadata do not reach the release."""
    first = json.loads(released(course, tmp_path / "one"))
    source = course / "solutions" / "weights" / "weights.ipynb"
    messy = notebook()
    messy["cells"][0] = dict(reversed(messy["cells"][0].items()))
    messy["cells"][0]["execution_count"] = 7
    messy["metadata"] = {"kernelspec": {"name": "other", "display_name": "X", "language": "python"}}
    source.write_text(json.dumps(messy), encoding="utf-8")
    second = json.loads(released(course, tmp_path / "two"))
    assert second["cells"] == first["cells"]
    digests = [made["metadata"].pop("rnn_course")["sha256"] for made in (first, second)]
    assert digests[0] != digests[1]
    assert second["metadata"] == first["metadata"]


@pytest.fixture(scope="module")
def clean_text(tmp_path_factory: pytest.TempPathFactory) -> str:
    """The released notebook, made once: a release takes seconds."""
    place = tmp_path_factory.mktemp("clean")
    unit = place / "solutions" / "weights"
    unit.mkdir(parents=True)
    (unit / "weights.ipynb").write_text(json.dumps(notebook()), encoding="utf-8")
    return released(place, place / "out")


PLANTED_LEAKS = {
    "a solution line": SOLUTION,
    "the line in other spacing": "return  sum(value*1)" + " ; " + " ".join(SOLUTION.split()),
    "a hidden test": HIDDEN,
    "an answer to an essay": "The instructor's own answer to the essay question.",
    "a marker": "### BEGIN SOLUTION",
}


@pytest.mark.parametrize("name", sorted(PLANTED_LEAKS))
@pytest.mark.parametrize("where", ["source", "output", "metadata", "file"])
def test_a_planted_leak_is_found(
    name: str, where: str, course: Path, clean_text: str, tmp_path: Path
) -> None:
    """A secret is found wherever in the release it stands."""
    made = json.loads(clean_text)
    line = PLANTED_LEAKS[name]
    path = tmp_path / "out" / "weights" / "weights.ipynb"
    path.parent.mkdir(parents=True)
    if where == "source":
        made["cells"][0]["source"] += ["\n", line]
    elif where == "output":
        made["cells"][0]["outputs"] = [{"output_type": "stream", "text": ["x\n", line]}]
    elif where == "metadata":
        made["metadata"]["note"] = line
    else:
        path = path.with_name("notes.txt")
    path.write_text(line if where == "file" else json.dumps(made), encoding="utf-8")
    leaks = find_leaks(course / "solutions", tmp_path / "out")
    assert {leak.path for leak in leaks} == {path}


def test_check_names_what_differs(
    course: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """With --check a drift ends the command with 2 and the file's name, and writes nothing."""
    monkeypatch.setattr(release, "ROOT", course)
    monkeypatch.setattr(release, "BUILD", course / "build")
    with pytest.raises(SystemExit, match="2"):
        release.main(["--check"])
    assert "weights/weights.ipynb" in capsys.readouterr().err
    assert not (course / "exercises").exists()
    assert release.main([]) == 0
    assert release.main(["--check"]) == 0


def test_replaced_work_is_kept(course: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What a release replaces or removes can be found again."""
    monkeypatch.setattr(release, "ROOT", course)
    monkeypatch.setattr(release, "BUILD", course / "build")
    release.main([])
    solved = course / "exercises" / "weights" / "weights.ipynb"
    solved.write_text("my own work", encoding="utf-8")
    old_unit = course / "exercises" / "gone" / "gone.ipynb"
    old_unit.parent.mkdir()
    old_unit.write_text("of an earlier release", encoding="utf-8")
    release.main([])
    kept = {path.name: path.read_text() for path in (course / "build").rglob("*.ipynb")}
    assert kept == {"weights.ipynb": "my own work", "gone.ipynb": "of an earlier release"}
    assert "weigh" in solved.read_text(encoding="utf-8")
    assert not old_unit.exists()


def test_a_release_that_leaks_is_not_written(
    course: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """A secret also standing in a public cell stops the release with its line."""
    source = course / "solutions" / "weights" / "weights.ipynb"
    careless = notebook()
    public = cell("markdown", "intro", [f"Hint: {SOLUTION}"], solution=False, grade=False)
    public["metadata"] = {}
    careless["cells"].insert(0, public)
    source.write_text(json.dumps(careless), encoding="utf-8")
    monkeypatch.setattr(release, "ROOT", course)
    with pytest.raises(SystemExit, match="2"):
        release.main([])
    assert "sum(value * weight" in capsys.readouterr().err
    assert not (course / "exercises").exists()
