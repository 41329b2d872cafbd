"""What the machine offers: places, system packages, ports."""

import importlib.util
import os
import shutil
import socket
import subprocess
from pathlib import Path
from typing import Never

from tools.console import say, stop

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
BUILD = ROOT / "build"

# Debian package -> what shows that it is there. A tuple holds programs; any one of them will do.
SYSTEM_PACKAGES = {
    "chromium": ("chromium", "chromium-browser", "google-chrome"),
    "bubblewrap": ("bwrap",),
    # Debian keeps the server's own programs off the path; this one comes with them.
    "postgresql": ("pg_ctlcluster", "initdb"),
}


def has_venv() -> bool:
    """Tell whether this Python can make a virtual environment with pip in it."""
    return importlib.util.find_spec("ensurepip") is not None


def require_venv() -> None:
    """Stop with the remedy where Debian has split `venv` off from Python."""
    if not has_venv() and not (VENV / "bin" / "python").exists():
        stop(
            "This Python cannot make a virtual environment, because its venv package is missing. "
            "Install it and run the command again: sudo apt-get install python3-venv"
        )


def missing_packages() -> list[str]:
    """List the system packages the tests need and the machine does not have."""
    missing = [
        package
        for package, programs in SYSTEM_PACKAGES.items()
        if not any(shutil.which(program) for program in programs)
    ]
    if not has_venv():
        missing.append("python3-venv")
    return missing


def install_packages(packages: list[str]) -> None:
    """Install Debian packages; where that is not possible, say what to install."""
    wanted = " ".join(packages)
    as_root = [] if os.geteuid() == 0 else ["sudo", "-n"]
    if not shutil.which("apt-get") or (as_root and not _can_sudo()):
        stop(
            f"The tests need {wanted}, which cannot be installed from here. "
            f"Install it (Debian: sudo apt-get install {wanted}) and run the command again."
        )
    say(f"Installing system packages: {wanted}")
    # sudo drops the environment, so the setting that keeps apt from asking travels as an argument.
    apt = [*as_root, "env", "DEBIAN_FRONTEND=noninteractive", "apt-get", "-q", "-y"]
    fonts = ["fonts-dejavu-core"]
    for command in (
        [*apt, "update"],
        [*apt, "install", "--no-install-recommends", *packages, *fonts],
    ):
        if subprocess.run(command, stdin=subprocess.DEVNULL, check=False).returncode:
            stop(f"Installing {wanted} failed; the lines above say why. Command: {command}")


def _can_sudo() -> bool:
    if not shutil.which("sudo"):
        return False
    trial = subprocess.run(["sudo", "-n", "true"], capture_output=True, check=False)
    return trial.returncode == 0


def require_port(port: int, variable: str) -> None:
    """Stop with the remedy if a loopback port cannot be listened on."""
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            port_taken(port, variable)


def port_taken(port: int, variable: str) -> Never:
    """Stop, saying which port is taken and how to name another."""
    stop(
        f"Port {port} is in use (perhaps by another running course). "
        f"Choose a free one: make course {variable}={port + 1 if port < 65535 else port - 1}"
    )


def port_from_environment(variable: str, default: int) -> int:
    """Read a port number from the environment; stop if it is not one."""
    text = os.environ.get(variable) or str(default)
    if not (text.isascii() and text.isdigit() and 1 <= int(text) <= 65535):
        stop(f"{variable} must be a port number from 1 to 65535, and is {text!r}.")
    return int(text)
