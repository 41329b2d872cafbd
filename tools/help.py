"""`make` without a target: list the commands, from the Makefile itself."""

import re

from tools.console import say
from tools.machine import ROOT


def targets() -> dict[str, str]:
    """Read the Makefile's targets and what each does."""
    text = (ROOT / "Makefile").read_text(encoding="utf-8")
    return dict(re.findall(r"^([a-z-]+):[^#\n]*## (.+)$", text, flags=re.MULTILINE))


if __name__ == "__main__":
    for name, purpose in targets().items():
        say(f"make {name:<12} {purpose}")
