"""The environment is made once, made again when its inputs change, and repaired when broken."""

import subprocess
from pathlib import Path

import pytest

from tools import constraints, environment


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A project without an environment; installing is replaced by noting what was asked for."""
    for name in environment.INPUTS:
        (tmp_path / name).write_text(name, encoding="utf-8")
    monkeypatch.setattr(environment, "ROOT", tmp_path)
    monkeypatch.setattr(environment, "VENV", tmp_path / ".venv")
    monkeypatch.setattr(environment, "PYTHON", tmp_path / ".venv" / "bin" / "python")
    return tmp_path


@pytest.fixture
def calls(place: Path, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The commands given instead of run; making the environment puts a Python there."""
    given: list[str] = []

    def pretend(command: list[object], **_: object) -> subprocess.CompletedProcess[str]:
        given.append(" ".join(map(str, command[1:])))
        environment.PYTHON.parent.mkdir(parents=True, exist_ok=True)
        environment.PYTHON.touch()
        return subprocess.CompletedProcess(command, 0)

    monkeypatch.setattr(environment.subprocess, "run", pretend)
    return given


def test_second_time_nothing_is_done(calls: list[str]) -> None:
    """After an installation the same profile needs no command at all."""
    environment.ensure("course")
    assert any("-r requirements.txt -c constraints.txt" in call for call in calls)
    calls.clear()
    environment.ensure("course")
    assert calls == []


def test_tests_bring_the_course_along(calls: list[str]) -> None:
    """With what the tests need, the course is installed as well, and not the other way round."""
    environment.ensure("course")
    assert not environment.is_ready("test")
    environment.ensure("test")
    calls.clear()
    environment.ensure("course")
    assert calls == []


@pytest.mark.parametrize("name", environment.INPUTS)
def test_a_changed_input_installs_again(name: str, place: Path, calls: list[str]) -> None:
    """Every file that decides what is installed makes the environment outdated."""
    environment.ensure("course")
    (place / name).write_text("changed", encoding="utf-8")
    assert not environment.is_ready("course")


def test_half_an_environment_is_made_anew(place: Path) -> None:
    """An environment whose pip does not run is not built upon."""
    assert not environment._works()
    environment.PYTHON.parent.mkdir(parents=True)
    environment.PYTHON.write_text("#!/bin/sh\nexit 1\n")
    environment.PYTHON.chmod(0o755)
    assert not environment._works()


def test_foreign_packages_stay_outside(monkeypatch: pytest.MonkeyPatch) -> None:
    """PYTHONPATH of the user does not reach the course's programs."""
    monkeypatch.setenv("PYTHONPATH", "/somewhere")
    variables = environment.clean_environment()
    assert "PYTHONPATH" not in variables
    assert variables["PATH"].startswith(str(environment.VENV / "bin"))


def test_pins_hold_on_every_machine() -> None:
    """Labels of one machine's wheels, local paths and the environment's own tools are left out."""
    freeze = "torch==2.13.0+cpu\npip==23.2.1\nrnn-course @ file:///x\nNumpy==2.4.6\n-e .\n"
    assert constraints.pins(freeze) == ["Numpy==2.4.6", "torch==2.13.0"]
