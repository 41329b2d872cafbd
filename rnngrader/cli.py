"""The command line: `rnngrader COMMAND`. What each command does is in `rnngrader.commands`."""

import argparse
import importlib
import io
import shlex
import sys
from collections.abc import Callable, Sequence
from typing import NoReturn

from rnngrader.console import INTERRUPTED, REFUSED, warn
from rnngrader.errors import GradingRefused
from rnngrader.messages import message

COMMANDS = (
    "grade", "status", "explain", "regrade", "feedback", "report", "export", "verify", "doctor",
    "demo",
)  # fmt: skip


class _Parser(argparse.ArgumentParser):
    def error(self, message: str) -> NoReturn:
        self.print_usage(sys.stderr)
        self.exit(REFUSED, f"{self.prog}: {message}\n")


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command; returns the exit code."""
    # A grammar of web addresses that jsonschema compiles for a whole second if it is there, and
    # does without if it is not. No notebook's schema asks for it.
    sys.modules.setdefault("rfc3987_syntax", None)  # type: ignore[arg-type]
    words = list(sys.argv[1:] if argv is None else argv)
    arguments = _parser().parse_args(words)
    run: Callable[[argparse.Namespace], int] = arguments.run
    try:
        return run(arguments)
    except GradingRefused as error:
        warn(str(error))
        return REFUSED
    except KeyboardInterrupt:
        print(file=sys.stderr)
        warn(message("console.resume", command=shlex.join(["rnngrader", *words])))
        return INTERRUPTED
    except BrokenPipeError:  # `rnngrader status lstm | head`
        sys.stdout = io.StringIO()  # nothing more can be written, also at exit
        return REFUSED
    except OSError as error:  # a full disk, a folder that may not be written
        reason = " ".join(str(part) for part in (error.strerror, error.filename) if part)
        command = shlex.join(["rnngrader", *words])
        warn(message("console.no-room", reason=reason or str(error), command=command))
        return REFUSED


def _parser() -> argparse.ArgumentParser:
    parser = _Parser(
        prog="rnngrader",
        description=message("console.title"),
        epilog=message("console.footer"),
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    for name in COMMANDS:
        importlib.import_module(f"rnngrader.commands.{name}").add(commands)
    return parser
