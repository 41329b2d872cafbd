"""A small, correct project in a temporary place, to plant violations in."""

import shutil
import subprocess
from pathlib import Path

import pytest

COPIED = [
    ".ci",
    ".pre-commit-config.yaml",
    "CONTRIBUTING.md",
    "Makefile",
    "constraints.txt",
    "pyproject.toml",
    "requirements-dev.txt",
    "requirements.txt",
]


@pytest.fixture
def project(root: Path, tmp_path: Path) -> Path:
    """A git repository with the project's own settings and one harmless package."""
    for name in COPIED:
        source = root / name
        if source.is_dir():
            shutil.copytree(source, tmp_path / name)
        else:
            shutil.copy2(source, tmp_path / name)
    write(tmp_path / "rnncore" / "__init__.py", '"""A package."""\n')
    write(
        tmp_path / "rnncore" / "lstm.py",
        '"""A module."""\n\n\ndef double(x: int) -> int:\n    """Double a number."""\n'
        "    return 2 * x\n",
    )
    subprocess.run(["git", "init", "-q"], cwd=tmp_path, check=True)
    return tmp_path


def write(path: Path, text: str) -> None:
    """Write a file, with the directories above it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
