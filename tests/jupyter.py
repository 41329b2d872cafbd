"""A real Jupyter server in a process of its own, on this machine only, with its own settings."""

import contextlib
import os
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
TOKEN = "test"  # noqa: S105  (opens a server that lives for a test, on this machine only)
PATIENCE = 60
_HOMES = ("JUPYTER_CONFIG_DIR", "JUPYTER_RUNTIME_DIR", "JUPYTER_DATA_DIR", "IPYTHONDIR", "HOME")


@contextlib.contextmanager
def serving(application: str, work: Path, home: Path, *settings: str) -> Iterator[str]:
    """Start a server below `work`; gives its address. What it keeps goes into `home`."""
    port = _free_port()
    home.mkdir(parents=True, exist_ok=True)
    places = {name: str(home / name.lower()) for name in _HOMES}
    common = [
        f"--ServerApp.port={port}",
        "--ServerApp.ip=127.0.0.1",
        "--ServerApp.port_retries=0",
        f"--IdentityProvider.token={TOKEN}",
        f"--ServerApp.root_dir={work}",
        "--ServerApp.open_browser=False",
        *(["--allow-root"] if os.geteuid() == 0 else []),
    ]
    address = f"http://127.0.0.1:{port}"
    with (home / "server.log").open("w", encoding="utf-8") as log:
        server = subprocess.Popen(
            [sys.executable, "-m", application, *common, *settings],
            cwd=work,
            env=os.environ | places | {"PYTHONPATH": str(ROOT)},
            stdout=log,
            stderr=subprocess.STDOUT,
        )
        try:
            _wait_for(f"{address}/api?token={TOKEN}", server, home / "server.log")
            yield address
        finally:
            server.terminate()
            server.wait(20)


def without(*extensions: str) -> str:
    """The setting of a server that leaves these extensions out."""
    return f"--ServerApp.jpserver_extensions={dict.fromkeys(extensions, False)!r}"


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _wait_for(address: str, server: subprocess.Popen[bytes], log: Path) -> None:
    for _ in range(PATIENCE * 10):
        if server.poll() is not None:
            break
        try:
            with urllib.request.urlopen(address, timeout=5):
                return
        except OSError:
            time.sleep(0.1)
    pytest.fail(f"the server did not start:\n{log.read_text(encoding='utf-8')[-3000:]}")
