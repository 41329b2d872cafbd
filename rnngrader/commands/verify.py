"""`rnngrader verify UNIT`."""

import argparse
import json
from collections import Counter
from typing import Any

from rnngrader.commands import command, course_options, the_course
from rnngrader.console import DONE, NEEDS_PERSON, toned
from rnngrader.messages import message


def add(commands: Any) -> None:
    """Add the command."""
    parser = command(commands, "verify", verify)
    parser.add_argument("unit", help=message("option.unit"))
    course_options(parser)
    parser.add_argument("--quick", action="store_true", help=message("command.verify.quick"))
    parser.add_argument("--unsafe", action="store_true", help=message("option.unsafe"))


def verify(arguments: argparse.Namespace) -> int:
    """Try every claim, show it, and say whether all hold."""
    from rnngrader.judging import Task
    from rnngrader.loading import load_assignment
    from rnngrader.proof import prove

    course = the_course(arguments)
    assignment = load_assignment(course.source, arguments.unit, course.config)
    task = Task(assignment, b"verify", arguments.unsafe)
    claims = []
    for claim in prove(course, task, quick=arguments.quick):
        claims.append(claim)
        if not arguments.json:
            sign = toned("✓", "good") if claim.holds else toned("✗", "bad")
            print(f"{sign} {claim.text}", flush=True)
    failed = sum(not claim.holds for claim in claims)
    if arguments.json:
        kinds = Counter(claim.kind for claim in claims)
        print(json.dumps({"unit": arguments.unit, "failed": failed, "kinds": kinds,
                          "claims": [vars(claim) for claim in claims]}))  # fmt: skip
        return NEEDS_PERSON if failed else DONE
    numbers = {"count": str(len(claims)), "failed": str(failed), "unit": arguments.unit}
    key = "command.verify.refuted" if failed else "command.verify.proved"
    print(toned(message(key, **numbers), "bad" if failed else "good"))
    return NEEDS_PERSON if failed else DONE
