"""JupyterLab starts for the course, is told nothing it could tell others, and ends with it."""

import os
import signal
import socket
import subprocess
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest

from tools import book, course, lab
from tools.lab import Lab


def free_port() -> int:
    """Find a port nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture
def running(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Lab]:
    """A JupyterLab on an empty directory."""
    monkeypatch.setattr(lab, "LOG", tmp_path / "jupyter.log")
    monkeypatch.setenv("JUPYTER_TOKEN", "known")
    (tmp_path / "exercises").mkdir()
    started = Lab(tmp_path / "exercises", free_port())
    yield started
    started.close()


def ask(running: Lab, path: str, data: bytes | None = None) -> bytes:
    """Ask the server something, with the token."""
    address = f"http://127.0.0.1:{running.port}/{path}"
    request = urllib.request.Request(address, data, headers={"Authorization": "token known"})
    with urllib.request.urlopen(request) as answer:
        return answer.read()


def children(pid: int) -> set[int]:
    """List the processes a process has started, and those they have."""
    found: set[int] = set()
    for entry in Path("/proc").glob("[0-9]*/stat"):
        try:
            parent = int(entry.read_text().rsplit(")", 1)[1].split()[1])
        except OSError:
            continue
        if parent == pid:
            child = int(entry.parent.name)
            found |= {child} | children(child)
    return found


def test_lab_starts_quietly_and_leaves_nothing(running: Lab) -> None:
    """It serves, asks no news, cannot install, and takes its kernels along when it ends."""
    assert running.wait_until_ready()
    page = ask(running, "lab").decode()
    assert "@jupyterlab/apputils-extension:announcements" in page
    assert "known" not in " ".join(lab._command(Path("x"), 1))
    ask(running, "api/kernels", b"{}")
    processes = children(running._process.pid) | {running._process.pid}
    assert len(processes) >= 2
    running.close()
    deadline = time.monotonic() + 10
    while time.monotonic() < deadline and any(Path(f"/proc/{pid}").exists() for pid in processes):
        time.sleep(0.1)
    assert [pid for pid in processes if Path(f"/proc/{pid}").exists()] == []


def test_lab_that_cannot_start_is_noticed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A server that ends because its port is taken is told apart from one that is slow."""
    monkeypatch.setattr(lab, "LOG", tmp_path / "jupyter.log")
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        hopeless = Lab(tmp_path, other.getsockname()[1])
        deadline = time.monotonic() + 60
        while hopeless.is_running() and time.monotonic() < deadline:
            time.sleep(0.1)
    assert not hopeless.is_running()
    assert hopeless.wait_until_ready() is False
    hopeless.close()


def test_equal_ports_are_told(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """The book and JupyterLab cannot share a port."""
    monkeypatch.setenv("BOOK_PORT", "8123")
    monkeypatch.setenv("LAB_PORT", "8123")
    handlers = {n: signal.getsignal(n) for n in (signal.SIGTERM, signal.SIGHUP)}
    with pytest.raises(SystemExit, match="2"):
        course.main()
    for number, handler in handlers.items():
        signal.signal(number, handler)
    assert "must differ" in capsys.readouterr().err


LAUNCHER = """
import sys
from pathlib import Path
from tools import book, course, environment, lab
environment.ensure = lambda profile: None
book.build = lambda: None
book.HTML = Path(sys.argv[1])
course.ROOT = Path(sys.argv[1])
lab.LOG = Path(sys.argv[1]) / "jupyter.log"
raise SystemExit(course.interruptible(course.main, "make course"))
"""


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_course_ends_without_orphans(number: int, root: Path, tmp_path: Path) -> None:
    """Ctrl-C and a termination each end both servers and free the ports."""
    (tmp_path / "exercises").mkdir()
    ports = free_port(), free_port()
    variables = os.environ | {"BOOK_PORT": str(ports[0]), "LAB_PORT": str(ports[1])}
    launcher = subprocess.Popen(
        [str(lab.environment.PYTHON), "-c", LAUNCHER, str(tmp_path)],
        cwd=root,
        env=variables,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert launcher.stdout is not None
    said = []
    for line in launcher.stdout:
        said.append(line)
        if "Press Ctrl-C" in line:
            break
    processes = children(launcher.pid)
    assert f"http://127.0.0.1:{ports[0]}/" in "".join(said)
    assert f"http://127.0.0.1:{ports[1]}/lab?token=" in "".join(said)
    launcher.send_signal(number)
    rest = launcher.stdout.read()
    assert launcher.wait(30) == 130
    launcher.stdout.close()
    assert "Traceback" not in rest
    assert "To go on: make course" in rest
    assert [pid for pid in processes if Path(f"/proc/{pid}").exists()] == []
    for port in ports:
        with socket.socket() as probe:
            assert probe.connect_ex(("127.0.0.1", port)) != 0


def test_the_book_is_rebuilt_only_for_a_reason(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A changed page or module counts; what building leaves behind does not."""
    monkeypatch.setattr(book, "ROOT", tmp_path)
    for name in ("book/page.md", "rnncore/lstm.py", "requirements.txt", "constraints.txt"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text("one", encoding="utf-8")
    before = book.fingerprint()
    for name in ("book/_build/index.html", "rnncore/__pycache__/lstm.pyc"):
        (tmp_path / name).parent.mkdir(parents=True)
        (tmp_path / name).write_text("left behind", encoding="utf-8")
    assert book.fingerprint() == before
    (tmp_path / "rnncore" / "lstm.py").write_text("two", encoding="utf-8")
    assert book.fingerprint() != before
