"""`rnngrader feedback UNIT`."""

import argparse
import json
from typing import Any

from rnngrader.commands import chosen, command, the_course, unit_options
from rnngrader.console import DONE
from rnngrader.messages import message


def add(commands: Any) -> None:
    """Add the command."""
    parser = command(commands, "feedback", feedback)
    unit_options(parser)
    parser.add_argument("--unsafe", action="store_true", help=message("command.feedback.unsafe"))


def feedback(arguments: argparse.Namespace) -> int:
    """Write the pages, and say where."""
    from rnngrader.feedback import write_feedback

    course = the_course(arguments)
    written = write_feedback(course, arguments.unit, chosen(arguments), unsafe=arguments.unsafe)
    if arguments.json:
        print(json.dumps({"pages": [str(path) for path in written]}))
        return DONE
    folder, count = str(course.feedback), str(len(written))
    print(message("command.feedback.done", count=count, folder=folder, unit=arguments.unit))
    return DONE
