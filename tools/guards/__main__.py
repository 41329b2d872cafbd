"""Run all guards on the repository one stands in: python -m tools.guards."""

from pathlib import Path

from tools.console import say
from tools.guards import GUARDS


def main() -> int:
    """Print what was found; exit code 1 if it was anything."""
    findings = [finding for guard in GUARDS.values() for finding in guard(Path.cwd())]
    for finding in findings:
        say(str(finding))
    return 1 if findings else 0


if __name__ == "__main__":
    raise SystemExit(main())
