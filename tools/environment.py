"""Make `.venv` with the pinned requirements; do nothing if it is already right."""

import hashlib
import os
import subprocess
import sys
import time

from tools.console import interruptible, say, stop
from tools.machine import ROOT, VENV, require_venv

PYTHON = VENV / "bin" / "python"
REQUIREMENTS = {"course": "requirements.txt", "test": "requirements-dev.txt"}
# A profile brings the ones after it along.
PROFILES = {"test": ["test", "course"], "course": ["course"]}
# Everything that decides what gets installed.
INPUTS = ["requirements.txt", "requirements-dev.txt", "constraints.txt", "pyproject.toml"]


def fingerprint() -> str:
    """Hash what decides the content of the environment, and where it stands."""
    digest = hashlib.sha256(f"{sys.version}\n{ROOT}\n".encode())
    for name in INPUTS:
        digest.update((ROOT / name).read_bytes())
    return digest.hexdigest()


def is_ready(profile: str) -> bool:
    """Tell whether `.venv` holds a profile, complete and up to date."""
    stamp = VENV / f".{profile}-stamp"
    return PYTHON.exists() and stamp.exists() and stamp.read_text() == fingerprint()


def ensure(profile: str) -> None:
    """Bring `.venv` to a profile; the first time this takes some minutes."""
    if is_ready(profile):
        return
    require_venv()
    started = time.monotonic()
    if not _works():
        say("Making the virtual environment .venv")
        subprocess.run([sys.executable, "-m", "venv", "--clear", str(VENV)], check=True)
    requirements = REQUIREMENTS[profile]
    say(f"Installing {requirements}; the first time this takes some minutes")
    _pip("-r", requirements, "-c", "constraints.txt")
    _pip("--no-deps", "-e", ".")
    for done in PROFILES[profile]:
        (VENV / f".{done}-stamp").write_text(fingerprint())
    say(f"Installed in {time.monotonic() - started:.0f} s")


def clean_environment() -> dict[str, str]:
    """Give the environment for programs of `.venv`: its own packages, and no others."""
    kept = {k: v for k, v in os.environ.items() if k not in {"PYTHONPATH", "PYTHONHOME"}}
    kept["PATH"] = os.pathsep.join([str(VENV / "bin"), kept.get("PATH", os.defpath)])
    kept["VIRTUAL_ENV"] = str(VENV)
    return kept


def _works() -> bool:
    """Tell whether `.venv` is usable; an interrupted first run leaves half of one."""
    if not PYTHON.exists():
        return False
    trial = subprocess.run([PYTHON, "-m", "pip", "--version"], capture_output=True, check=False)
    return trial.returncode == 0


def _pip(*arguments: str) -> None:
    command = [str(PYTHON), "-m", "pip", "install", "--disable-pip-version-check", *arguments]
    done = subprocess.run(
        command, cwd=ROOT, stdin=subprocess.DEVNULL, env=clean_environment(), check=False
    )
    if done.returncode:
        stop(
            "Installing failed; the lines above say why. If the network was the reason, "
            "run the same command again: what was downloaded is kept."
        )


def main() -> int:
    """Bring the environment to the profile named on the command line."""
    profile = sys.argv[1] if len(sys.argv) == 2 else ""
    if profile not in PROFILES:
        stop(f"expected one of {', '.join(PROFILES)}, got {profile!r}")
    ensure(profile)
    return 0


if __name__ == "__main__":
    raise SystemExit(interruptible(main, "make setup"))
