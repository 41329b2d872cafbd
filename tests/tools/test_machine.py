"""What is missing on a machine is told in one sentence with the remedy."""

import socket
import subprocess
import sys
from pathlib import Path

import pytest

from tools import machine


@pytest.fixture
def taken() -> int:
    """A loopback port somebody listens on."""
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        yield other.getsockname()[1]


def test_a_taken_port_names_another(taken: int, capsys: pytest.CaptureFixture[str]) -> None:
    """The sentence says which port is taken and what to type."""
    with pytest.raises(SystemExit, match="2"):
        machine.require_port(taken, "BOOK_PORT")
    said = capsys.readouterr().err
    assert f"Port {taken} is in use" in said
    assert f"make course BOOK_PORT={taken + 1}" in said
    assert said.count("\n") == 1


def test_a_free_port_is_accepted(taken: int) -> None:
    """A port nobody listens on passes without a word."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        free = probe.getsockname()[1]
    assert free != taken
    machine.require_port(free, "BOOK_PORT")


@pytest.mark.parametrize("text", ["eighty", "0", "65536", "-1", "8000.5", "²"])
def test_a_bad_port_is_told(
    text: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """A port that is none is named, with what was expected."""
    monkeypatch.setenv("BOOK_PORT", text)
    with pytest.raises(SystemExit, match="2"):
        machine.port_from_environment("BOOK_PORT", 8000)
    assert f"from 1 to 65535, and is {text!r}" in capsys.readouterr().err


def test_an_empty_port_is_the_default(monkeypatch: pytest.MonkeyPatch) -> None:
    """An empty variable counts as not given."""
    monkeypatch.setenv("BOOK_PORT", "")
    assert machine.port_from_environment("BOOK_PORT", 8000) == 8000


def test_missing_venv_names_the_package(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """On Debian the sentence is the command that installs the split-off package."""
    monkeypatch.setattr(machine, "has_venv", lambda: False)
    monkeypatch.setattr(machine, "VENV", tmp_path / ".venv")
    with pytest.raises(SystemExit, match="2"):
        machine.require_venv()
    assert "sudo apt-get install python3-venv" in capsys.readouterr().err


def test_missing_packages_are_listed(monkeypatch: pytest.MonkeyPatch) -> None:
    """Only what no known program provides is missing."""
    monkeypatch.setattr(machine.shutil, "which", lambda name: name == "google-chrome")
    monkeypatch.setattr(machine, "has_venv", lambda: True)
    assert machine.missing_packages() == ["bubblewrap", "postgresql"]


@pytest.mark.parametrize("programs", [set(), {"apt-get"}])
def test_what_cannot_be_installed_is_told(
    programs: set[str], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Without apt-get, or without the right to use it, the user is told what to install."""
    monkeypatch.setattr(machine.shutil, "which", lambda name: name in programs)
    monkeypatch.setattr(machine.os, "geteuid", lambda: 1000)
    with pytest.raises(SystemExit, match="2"):
        machine.install_packages(["bubblewrap", "chromium"])
    assert "sudo apt-get install bubblewrap chromium" in capsys.readouterr().err


def test_an_old_python_is_told(root: Path) -> None:
    """A Python before 3.11 ends with one sentence, not with a syntax error."""
    program = "import sys; sys.version_info = (3, 9, 2); import tools"
    done = subprocess.run(
        [sys.executable, "-c", program], cwd=root, capture_output=True, text=True, check=False
    )
    assert done.returncode == 1
    assert done.stderr.startswith("The course needs Python 3.11 or newer, and this is Python 3.9.")
    assert done.stderr.count("\n") == 1


def test_a_missing_python_is_told(root: Path) -> None:
    """Where there is no Python of that name, make says what to install."""
    done = subprocess.run(
        ["make", "course", "PYTHON=no-such-python"],
        cwd=root,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 2
    assert done.stderr.startswith("Python was not found as 'no-such-python'. Install Python 3.11")
