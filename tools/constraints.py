"""Write constraints.txt from the environment the tests have just passed in."""

import re
import subprocess

from tools import environment
from tools.console import say
from tools.machine import ROOT

HEADER = """\
# Every version the course was tested with, the indirect ones included. Used with pip's -c.
# Renewed with: .venv/bin/python -m tools.constraints
"""
# The environment's own tools are not part of what the course is tested with.
LEFT_OUT = {"pip", "setuptools", "wheel", "rnn-course"}


def pins(freeze: str) -> list[str]:
    """Turn what `pip freeze` prints into lines every machine can use."""
    found = []
    for line in freeze.splitlines():
        match = re.fullmatch(r"([A-Za-z0-9._-]+)==([^+\s]+)(\+\S+)?", line)
        # A local label, such as +cpu, says where a wheel came from, not what it is.
        if match and match[1].lower() not in LEFT_OUT:
            found.append(f"{match[1]}=={match[2]}")
    return sorted(found, key=str.lower)


def main() -> int:
    """Write the file."""
    command = [str(environment.PYTHON), "-m", "pip", "freeze", "--exclude-editable"]
    freeze = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    lines = pins(freeze)
    (ROOT / "constraints.txt").write_text(HEADER + "\n".join(lines) + "\n", encoding="utf-8")
    say(f"constraints.txt: {len(lines)} versions")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
