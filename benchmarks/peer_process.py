"""A peer's process, seen from the one that measures."""

import hashlib
import json
import os
import subprocess
import sys
import venv
from pathlib import Path
from types import TracebackType
from typing import Any, Self

ROOT = Path(__file__).resolve().parents[1]
REQUIREMENTS = ROOT / "benchmarks" / "requirements.txt"
#: JAX and Equinox live apart: nothing else of the course needs them.
PEER_VENV = ROOT / "build" / "benchmarks" / "venv"
APART = {"equinox_scan"}
THREAD_SETTINGS = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS")


class PeerProcess:
    """Start `benchmarks.worker` for a peer on some processors; ask it; stop it."""

    def __init__(self, peer: str, cpus: list[int]) -> None:
        self.peer = peer
        python = PEER_VENV / "bin" / "python" if peer in APART else Path(sys.executable)
        settings = {name: str(len(cpus)) for name in THREAD_SETTINGS}
        self._process = subprocess.Popen(
            [str(python), "-m", "benchmarks.worker", peer, json.dumps(cpus)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            cwd=ROOT,
            env={**os.environ, **settings, "JAX_PLATFORMS": "cpu", "TF_CPP_MIN_LOG_LEVEL": "3"},
        )
        self.versions: dict[str, str] = self._answer()

    def ask(self, do: str, **arguments: Any) -> Any:
        """Have one method of the worker called, and return what it returns."""
        if self._process.stdin is None:
            raise RuntimeError(f"expected a pipe to {self.peer}, got none")
        self._process.stdin.write(json.dumps({"do": do, **arguments}) + "\n")
        self._process.stdin.flush()
        return self._answer()

    def _answer(self) -> Any:
        line = self._process.stdout.readline() if self._process.stdout else ""
        if not line:
            code = self._process.wait()
            raise RuntimeError(f"expected an answer from {self.peer}, got its end (code {code})")
        return json.loads(line)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._process.kill()
        self._process.communicate()


def install_peers() -> None:
    """Install what is measured and not part of the course; do nothing if it is there."""
    wanted = hashlib.sha256(REQUIREMENTS.read_bytes()).hexdigest()
    stamp = PEER_VENV / "stamp"
    if stamp.exists() and stamp.read_text(encoding="ascii") == wanted:
        return
    venv.create(PEER_VENV, with_pip=True, clear=True)
    install = [str(PEER_VENV / "bin" / "python"), "-m", "pip", "install", "--quiet"]
    subprocess.run(
        [*install, "--disable-pip-version-check", "-r", str(REQUIREMENTS)], check=True, cwd=ROOT
    )
    stamp.write_text(wanted, encoding="ascii")
