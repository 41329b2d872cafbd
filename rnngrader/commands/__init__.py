"""The commands, one module each, and what their options have in common.

A module here has `add(commands)`, which calls `command` and adds options of its own, and a
function that runs it. It imports what is heavy only when it runs. To plug in another command,
write such a module, its help in the message catalogue, and its name in `rnngrader.cli`.
"""

import argparse
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import TYPE_CHECKING

from rnngrader.console import warn
from rnngrader.messages import message

if TYPE_CHECKING:
    from rnngrader.course import Course

Commands = "argparse._SubParsersAction[argparse.ArgumentParser]"
Run = Callable[[argparse.Namespace], int]


def command(
    commands: "argparse._SubParsersAction[argparse.ArgumentParser]", name: str, run: Run
) -> argparse.ArgumentParser:
    """Add a command, with help and examples from the catalogue."""
    parser = commands.add_parser(
        name,
        help=message(f"command.{name}.help"),
        description=message(f"command.{name}.help"),
        epilog=message(
            "console.examples", lines="  " + message(f"command.{name}.examples").strip()
        ),
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.set_defaults(run=run)
    return parser


def course_options(parser: argparse.ArgumentParser) -> None:
    """`--course`, `--db` and `--json`."""
    parser.add_argument("--course", type=Path, default=Path(), help=message("option.course"))
    parser.add_argument("--db", default="", metavar="URL", help=message("option.db"))
    parser.add_argument("--json", action="store_true", help=message("option.json"))


def unit_options(parser: argparse.ArgumentParser) -> None:
    """A unit, `--student`, and the options of a course."""
    parser.add_argument("unit", help=message("option.unit"))
    parser.add_argument("--student", action="append", metavar="ID", help=message("option.student"))
    course_options(parser)


def judging_options(parser: argparse.ArgumentParser) -> None:
    """Who judges, and how."""
    parser.add_argument("--workers", type=positive, metavar="N", help=message("option.workers"))
    parser.add_argument(
        "--scheduler", default="", metavar="ADDRESS", help=message("option.scheduler")
    )
    parser.add_argument("--unsafe", action="store_true", help=message("option.unsafe"))


def the_course(arguments: argparse.Namespace) -> "Course":
    """The course that the options name.

    Raises:
        GradingRefused: if there is none.
    """
    from rnngrader.course import Course

    return Course.load(arguments.course, db_url=arguments.db)


def chosen(arguments: argparse.Namespace) -> frozenset[str] | None:
    """The students that were named; None for everybody."""
    return frozenset(arguments.student) if arguments.student else None


def name_missing(arguments: argparse.Namespace, found: Iterable[str]) -> list[str]:
    """Warn about students who were named and are not there; a slip of the pen looks like success.

    Args:
        arguments: the options, with those named by `--student`.
        found: who is there.

    Returns:
        Their names.
    """
    missing = sorted((chosen(arguments) or frozenset()) - set(found))
    for name in missing:
        warn(message("console.not-found", student=name))
    return missing


def positive(text: str) -> int:
    """A whole number above 0.

    Raises:
        ArgumentTypeError: for any other text.
    """
    if not text.isdigit() or int(text) < 1:
        raise argparse.ArgumentTypeError(f"expected a whole number above 0, got {text!r}")
    return int(text)
