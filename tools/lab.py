"""JupyterLab on the exercises, as a child process that never outlives the launcher."""

import os
import secrets
import signal
import subprocess
import time
import urllib.error
import urllib.request
from pathlib import Path

from tools import environment
from tools.machine import BUILD, ROOT

LOG = BUILD / "jupyter.log"
CONFIG = Path(__file__).resolve().parent / "jupyter"


class Lab:
    """A JupyterLab server on loopback; `close` ends it together with its kernels."""

    def __init__(self, directory: Path, port: int) -> None:
        self.port = port
        self._token = os.environ.get("JUPYTER_TOKEN") or secrets.token_hex(16)
        LOG.parent.mkdir(parents=True, exist_ok=True)
        with LOG.open("wb") as log:
            # A session of its own: Ctrl-C reaches the launcher, which ends Jupyter in good order
            # instead of leaving it to ask a question on the terminal.
            self._process = subprocess.Popen(
                _command(directory, port),
                cwd=ROOT,
                env=self._environment(),
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )

    def _environment(self) -> dict[str, str]:
        # The token travels in the environment: a command line can be read by other users.
        # The project's root is on the path because nbgrader_config.py is there.
        extra = [str(CONFIG), str(ROOT)]
        if os.environ.get("JUPYTER_CONFIG_PATH"):
            extra.append(os.environ["JUPYTER_CONFIG_PATH"])
        return environment.clean_environment() | {
            "JUPYTER_CONFIG_PATH": os.pathsep.join(extra),
            "JUPYTER_TOKEN": self._token,
        }

    @property
    def address(self) -> str:
        """The address to open, with the token that lets the user in."""
        return f"http://127.0.0.1:{self.port}/lab?token={self._token}"

    def is_running(self) -> bool:
        """Tell whether the server process is alive."""
        return self._process.poll() is None

    def wait_until_ready(self, timeout_s: float = 90.0) -> bool:
        """Wait for the first answer; false if the server ended or kept silent."""
        deadline = time.monotonic() + timeout_s
        url = f"http://127.0.0.1:{self.port}/api"
        while self.is_running() and time.monotonic() < deadline:
            try:
                with urllib.request.urlopen(url, timeout=2) as answer:
                    if answer.status == 200:
                        return True
            except (urllib.error.URLError, OSError):
                time.sleep(0.1)
        return False

    def close(self, patience_s: float = 10.0) -> None:
        """End the server: politely, so that it stops its kernels, then by force."""
        if self.is_running():
            self._process.send_signal(signal.SIGTERM)
            try:
                self._process.wait(patience_s)
            except subprocess.TimeoutExpired:
                os.killpg(self._process.pid, signal.SIGKILL)
                self._process.wait()


def _command(directory: Path, port: int) -> list[str]:
    command = [
        str(environment.PYTHON),
        "-m",
        "jupyterlab",
        "--no-browser",
        "--ServerApp.ip=127.0.0.1",
        f"--ServerApp.port={port}",
        "--ServerApp.port_retries=0",
        f"--ServerApp.root_dir={directory}",
    ]
    if os.geteuid() == 0:
        command.append("--allow-root")
    return command
