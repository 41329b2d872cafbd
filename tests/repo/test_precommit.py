"""The hooks before a commit refuse what the gates would refuse, and fetch nothing."""

import subprocess
from pathlib import Path

import pytest

from tools.environment import VENV, clean_environment


def hooks(project: Path) -> subprocess.CompletedProcess[str]:
    """Run all hooks on a project, as `git commit` would."""
    subprocess.run(["git", "add", "-A"], cwd=project, check=True)
    command = [str(VENV / "bin" / "pre-commit"), "run", "--all-files"]
    environment = clean_environment() | {"PRE_COMMIT_HOME": str(project.parent / "hooks")}
    return subprocess.run(
        command, cwd=project, env=environment, capture_output=True, text=True, check=False
    )


@pytest.fixture
def ready(project: Path, root: Path) -> Path:
    """The small project, with the tools its hooks call."""
    (project / ".gitignore").write_text(".venv\ntools\n*_cache\n", encoding="utf-8")
    (project / ".venv").symlink_to(VENV)
    (project / "tools").symlink_to(root / "tools")
    return project


# The contracts need the three real packages; tests/repo/test_gates.py proves them.
SKIPPED = {"SKIP": "imports"}


def test_hooks_pass_and_fail(ready: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A clean tree passes; each planted violation is refused."""
    monkeypatch.setenv("SKIP", SKIPPED["SKIP"])
    clean = hooks(ready)
    assert clean.returncode == 0, clean.stdout + clean.stderr
    plants = {
        "rnncore/untidy.py": '"""Untidy."""\n\nx=1\n',
        "rnncore/star.py": '"""Star."""\n\nfrom math import *\n',
        "README.md": "<" * 7 + " ours\n",
        "book/big.txt": "x" * 200_001,
        "a.ipynb": '{"cells": [{"execution_count": 1}], "metadata": {}}',
    }
    for name, text in plants.items():
        path = ready / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(text, encoding="utf-8")
        refused = hooks(ready)
        path.unlink()
        assert refused.returncode == 1, name
        assert Path(name).name in refused.stdout


def test_hooks_are_all_our_own(root: Path) -> None:
    """No hook comes from another repository."""
    text = (root / ".pre-commit-config.yaml").read_text(encoding="utf-8")
    assert text.count("repo:") == text.count("repo: local") == 1
