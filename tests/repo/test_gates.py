"""Each gate of `make test` holds on clean sources and fails on a planted violation."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tools.environment import clean_environment
from tools.gates import gates

CLEAN = """\
\"\"\"A module.\"\"\"


def double(x: int) -> int:
    \"\"\"Double a number.\"\"\"
    return 2 * x
"""
UNTOLD = "\n\ndef triple(x: int) -> int:\n    return 3 * x\n"

# gate -> (arguments instead of the whole tree, source that breaks it)
PLANTS = {
    "docstrings": (["--quiet", "planted.py"], CLEAN + UNTOLD),
    "format": (["format", "--check", "planted.py"], CLEAN.replace("2 * x", "2*x")),
    "lint": (["check", "planted.py"], CLEAN.replace("(x: int)", "(x: int, y: list[int] = [])")),
    "types": (["--no-incremental", "planted.py"], CLEAN.replace("-> int", "-> str")),
}
# gate -> the test that proves it elsewhere
PROVEN_ELSEWHERE = {
    "imports": "test_a_new_module_must_be_placed",
    "tests": "test_pytest_fails_on_what_it_should",
    "widget tests": "test_node_tests_can_fail",
    "widget types": "test_widget_types_can_fail",
    "book": "test_a_warning_fails_the_book",
}


def run(command: list[str], where: Path) -> subprocess.CompletedProcess[str]:
    """Run a program of `.venv` and keep what it says."""
    return subprocess.run(
        command, cwd=where, env=clean_environment(), capture_output=True, text=True, check=False
    )


def program(name: str) -> str:
    """Give the program a gate runs."""
    return next(gate.command[0] for gate in gates() if gate.name == name)


@pytest.fixture
def place(root: Path, tmp_path: Path) -> Path:
    """A directory with the project's settings and nothing else."""
    shutil.copy2(root / "pyproject.toml", tmp_path)
    return tmp_path


def test_every_gate_is_proven(root: Path) -> None:
    """No gate is without a proof that it can fail, and each named proof exists."""
    assert PLANTS.keys() | PROVEN_ELSEWHERE.keys() == {gate.name for gate in gates()}
    here = Path(__file__).read_text(encoding="utf-8")
    for proof in PROVEN_ELSEWHERE.values():
        assert f"def {proof}(" in here


@pytest.mark.parametrize("name", sorted(PLANTS))
def test_gate_fails_on_a_planted_violation(name: str, place: Path) -> None:
    """The gate passes a clean file and refuses the planted one."""
    arguments, planted = PLANTS[name]
    (place / "planted.py").write_text(CLEAN, encoding="utf-8")
    clean = run([program(name), *arguments], place)
    assert clean.returncode == 0, clean.stdout + clean.stderr
    (place / "planted.py").write_text(planted, encoding="utf-8")
    assert run([program(name), *arguments], place).returncode == 1


IMPORT_PLANTS = [
    ("rnncore/extra.py", "", "rnncore.extra"),
    ("rnncore/lstm.py", "import torch\n", "torch"),
    ("rnncore/activations.py", "import rnncore.lstm\n", "rnncore.lstm"),
    ("rnncore/losses.py", "import rnngrader\n", "rnngrader"),
    ("rnnwidgets/lstm_gates.py", "import numpy\n", "numpy"),
    ("rnnwidgets/lstm_gates.py", "import rnncore\n", "numpy"),
    ("rnngrader/extra.py", "", "rnngrader.extra"),
    ("rnngrader/judge.py", "import rnngrader.batch\n", "rnngrader.batch"),
    ("rnngrader/sandbox/runner.py", "import rnncore.lstm\n", "rnncore.lstm"),
    ("rnngrader/checks/engine.py", "import subprocess\n", "subprocess"),
    ("rnngrader/checks/engine.py", "import rnncore.torch\n", "torch"),
]


@pytest.fixture(scope="session")
def packages(root: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the three packages with their contracts."""
    copy = tmp_path_factory.mktemp("imports")
    shutil.copy2(root / "pyproject.toml", copy)
    for name in ("rnncore", "rnnwidgets", "rnngrader"):
        shutil.copytree(root / name, copy / name, ignore=shutil.ignore_patterns("__pycache__"))
    return copy


def test_the_contracts_hold(packages: Path) -> None:
    """The unchanged copy keeps all contracts, so what breaks them below is the plant."""
    done = run([program("imports"), "--no-cache"], packages)
    assert done.returncode == 0, done.stdout


@pytest.mark.parametrize(("file", "line", "named"), IMPORT_PLANTS)
def test_a_new_module_must_be_placed(file: str, line: str, named: str, packages: Path) -> None:
    """An unplaced module, and each import against the direction, is named and refused."""
    path = packages / file
    before = path.read_text(encoding="utf-8") if path.exists() else None
    path.write_text((before or "") + line, encoding="utf-8")
    try:
        done = run([program("imports"), "--no-cache"], packages)
    finally:
        path.unlink() if before is None else path.write_text(before, encoding="utf-8")
    assert done.returncode == 1
    assert named in done.stdout


PYTEST_PLANTS = {
    "a warning": "import warnings\n\ndef test_a():\n    warnings.warn('x')\n",
    "a wrong doctest": 'def f():\n    """\n    >>> 1 + 1\n    3\n    """\n',
    "an unknown marker": "import pytest\n\n@pytest.mark.unknown\ndef test_a():\n    pass\n",
    "an unexpected pass": "import pytest\n\n@pytest.mark.xfail\ndef test_a():\n    pass\n",
}


@pytest.mark.parametrize("name", sorted(PYTEST_PLANTS))
def test_pytest_fails_on_what_it_should(name: str, place: Path) -> None:
    """Warnings, wrong doctests, unknown markers and unexpected passes are failures."""
    (place / "test_planted.py").write_text("def test_a():\n    pass\n", encoding="utf-8")
    pytest_here = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "."]
    assert run(pytest_here, place).returncode == 0
    (place / "test_planted.py").write_text(PYTEST_PLANTS[name], encoding="utf-8")
    assert run(pytest_here, place).returncode in {1, 2}


def test_node_tests_can_fail(tmp_path: Path) -> None:
    """A failing test file gives an exit code other than 0."""
    head = "import assert from 'node:assert/strict';\nimport { test } from 'node:test';\n"
    file = tmp_path / "planted.test.mjs"
    for value, code in (("2", 0), ("3", 1)):
        file.write_text(f"{head}test('sum', () => assert.equal(1 + 1, {value}));\n")
        assert run(["node", "--test", str(file)], tmp_path).returncode == code


def test_widget_types_can_fail(root: Path, tmp_path: Path) -> None:
    """A type error in a widget's JSDoc gives an exit code other than 0."""
    settings = root / "rnnwidgets" / "jsconfig.json"
    config = f'{{"extends": "{settings}", "include": ["planted.mjs"]}}'
    (tmp_path / "jsconfig.json").write_text(config, encoding="utf-8")
    checker = ["node", str(root / "node_modules" / "typescript" / "bin" / "tsc")]
    for value, code in (("1", 0), ("'one'", 2)):
        text = f"/** @type {{number}} */\nexport const one = {value};\n"
        (tmp_path / "planted.mjs").write_text(text, encoding="utf-8")
        done = run([*checker, "--noEmit", "-p", "jsconfig.json"], tmp_path)
        assert done.returncode == code, done.stdout


def test_a_warning_fails_the_book(tmp_path: Path) -> None:
    """A page with a broken reference ends the build with an error."""
    builder = [str(Path(sys.executable).with_name("jupyter-book")), "build", ".", "-W", "-n"]
    (tmp_path / "_config.yml").write_text("title: Trial\nexecute:\n  execute_notebooks: 'off'\n")
    (tmp_path / "_toc.yml").write_text("format: jb-book\nroot: index\n")
    for text, code in (("# Page\n", 0), ("# Page\n\nSee {ref}`nowhere`.\n", 1)):
        (tmp_path / "index.md").write_text(text)
        assert run(builder, tmp_path).returncode == code


def test_the_book_is_built_with_warnings_as_errors(root: Path) -> None:
    """The book gate asks for what the proof above relies on."""
    source = (root / "tools" / "book.py").read_text(encoding="utf-8")
    assert '"-W", "-n", "--keep-going"' in source


def test_one_failure_fails_the_whole(monkeypatch: pytest.MonkeyPatch) -> None:
    """`make test` ends with 1 if any gate failed, and still runs those after it."""
    from tools import gates as module

    seen = []

    def pretend(gate: module.Gate) -> bool:
        seen.append(gate.name)
        return gate.name != "lint"

    monkeypatch.setattr(module, "prepare", lambda: None)
    monkeypatch.setattr(module, "run", pretend)
    assert module.main() == 1
    assert seen == [gate.name for gate in gates()]
