"""The repository keeps its own rules, and each guard finds what it is there to find."""

import json
from pathlib import Path

import pytest

from tools.guards import GUARDS

NOTEBOOK = {"cells": [], "metadata": {}, "nbformat": 4, "nbformat_minor": 5}
CODE = {"cell_type": "code", "id": "a", "metadata": {}, "outputs": [], "execution_count": None}
OUTSIDE = "https" + "://cdn.somewhere.io/x.js"
HERE = "/home" + "/ada/rnn"
LOCKED = '"reso' + 'lved": "x"'
MERGE = "<" * 7 + " ours\n"

# guard -> (file, content) of one violation. A content is added to a file that exists.
PLANTS: dict[str, tuple[str, str]] = {
    "banned names": ("rnncore/utils.py", '"""A drawer."""\n'),
    "budgets": ("rnncore/long.py", "x = 1\n" * 301),
    "commands in CONTRIBUTING": ("Makefile", "\nextra: ## does more\n"),
    "commands in the documents": ("README.md", "Type `make everything`.\n"),
    "conflict markers": ("README.md", MERGE),
    "copies of the reference": (
        "book/page.md",
        "```{code-cell} ipython3\n:tags: [x]\ndef double(x):\n    return x + x\n```\n",
    ),
    "discarded comparisons": ("tests/test_a.py", "def f():\n    np.allclose(1, 2)\n"),
    "equation labels": ("rnncore/cell.py", 'def f():\n    """See {eq}`nowhere`."""\n'),
    "gates that cannot fail": ("Makefile", "\nlint:\n\truff check . || true\n"),
    "included code": (
        "book/page.md",
        '```{literalinclude} ../rnncore/lstm.py\n:start-at: "def triple("\n```\n',
    ),
    "large files": ("book/big.txt", "x" * 200_001),
    "notebook outputs": (
        "solutions/a/a.ipynb",
        json.dumps(NOTEBOOK | {"cells": [CODE | {"execution_count": 3, "source": []}]}),
    ),
    "outside hosts": ("book/page.md", f"<script src={OUTSIDE}>\n"),
    "paths of one machine": ("README.md", f"cd {HERE}/course\n"),
    "pinned versions": ("requirements.txt", "\nnumpy>=2\n"),
    "placed packages": ("rnnextra/__init__.py", '"""New."""\n'),
    "skipped tests": ("tests/test_a.py", "import pytest\n\n@pytest.mark.skip\ndef f(): ...\n"),
    "tests without a claim": ("tests/test_a.py", "def test_f():\n    assert True\n"),
}


@pytest.mark.parametrize("name", sorted(GUARDS))
def test_repository_keeps_the_rule(name: str, root: Path) -> None:
    """The guard finds nothing in the repository as it is."""
    assert [str(finding) for finding in GUARDS[name](root)] == []


@pytest.mark.parametrize("name", sorted(GUARDS))
def test_guard_finds_what_is_planted(name: str, project: Path) -> None:
    """The guard is silent on a clean project, and names the file of a planted violation."""
    assert GUARDS[name](project) == []
    file, content = PLANTS[name]
    path = project / file
    path.parent.mkdir(parents=True, exist_ok=True)
    before = path.read_text(encoding="utf-8") if path.exists() else ""
    path.write_text(before + content, encoding="utf-8")
    findings = GUARDS[name](project)
    assert findings
    expected = {"placed packages": "pyproject.toml", "commands in CONTRIBUTING": "CONTRIBUTING.md"}
    assert {finding.path for finding in findings} == {expected.get(name, file)}


def test_every_guard_is_planted() -> None:
    """No guard is without a proof that it can fail."""
    assert set(PLANTS) == set(GUARDS)


MORE_PLANTS = [
    ("budgets", "rnncore/deep.py", "def f():\n" + "    x = 1\n" * 41),
    ("budgets", "rnnwidgets/src/w.mjs", "function f() {\n" + "  g();\n" * 40 + "}\n"),
    ("discarded comparisons", "tests/test_a.py", "def f():\n    check_shapes(1)\n"),
    ("gates that cannot fail", ".ci/run", "pytest\n"),
    ("notebook outputs", "exercises/a.ipynb", json.dumps(NOTEBOOK | {"metadata": {"widgets": 1}})),
    ("notebook outputs", "exercises/a.ipynb", "not a notebook"),
    ("outside hosts", "package-lock.json", "{" + LOCKED + "}"),
    ("pinned versions", "requirements.txt", "\nnumpy==1.0.0\n"),
    ("included code", "book/page.md", "```{literalinclude} missing.py\n```\n"),
    (
        "included code",
        "book/page.md",
        "```{literalinclude} ../rnncore/lstm.py\n:pyobject: nothing\n```\n",
    ),
    (
        "copies of the reference",
        "solutions/a/a.ipynb",
        json.dumps(
            NOTEBOOK | {"cells": [CODE | {"source": ["def double(x):\n", "    return x + x"]}]}
        ),
    ),
]


@pytest.mark.parametrize(("name", "file", "content"), MORE_PLANTS)
def test_guard_finds_the_other_forms(name: str, file: str, content: str, project: Path) -> None:
    """A guard with several rules finds a violation of each."""
    path = project / file
    path.parent.mkdir(parents=True, exist_ok=True)
    before = path.read_text(encoding="utf-8") if path.exists() else ""
    path.write_text(before + content, encoding="utf-8")
    assert {finding.path for finding in GUARDS[name](project)} == {file}


def test_an_equal_copy_is_allowed(project: Path) -> None:
    """A page may define a function of the reference in the same words, with another docstring."""
    cell = "```{code-cell} ipython3\ndef double(x):\n    '''Two x.'''\n    return 2 * x\n```\n"
    (project / "book").mkdir()
    (project / "book" / "page.md").write_text(cell, encoding="utf-8")
    assert GUARDS["copies of the reference"](project) == []


def test_prose_may_make_sure(project: Path) -> None:
    """Only code counts as a command."""
    (project / "README.md").write_text("Please make sure of it.\n", encoding="utf-8")
    assert GUARDS["commands in the documents"](project) == []


@pytest.mark.parametrize(
    ("source", "said"),
    [
        ("def double(y):\n    return 2 * y", "takes other arguments"),
        ("def double(x):\n    return 2 * x", "is listed as different"),
        ("def double(x):\n    return x + x", None),
    ],
)
def test_a_listed_variant_is_still_held_to_its_arguments(
    source: str, said: str | None, project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A deliberate variant has the reference's arguments, and its entry is not out of date."""
    place = ("solutions/a/a.ipynb", "double")
    monkeypatch.setattr("tools.guards.copies.DELIBERATE", {place: "a reason"})
    path = project / place[0]
    path.parent.mkdir(parents=True)
    cells = [CODE | {"source": source.splitlines(keepends=True)}]
    path.write_text(json.dumps(NOTEBOOK | {"cells": cells}), encoding="utf-8")
    texts = [finding.text for finding in GUARDS["copies of the reference"](project)]
    assert len(texts) == (said is not None)
    assert all(said in text for text in texts)
