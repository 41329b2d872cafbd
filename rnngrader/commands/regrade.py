"""`rnngrader regrade UNIT`."""

import argparse
import json
from collections import Counter
from typing import Any

from rnngrader.commands import (
    chosen,
    command,
    judging_options,
    name_missing,
    the_course,
    unit_options,
)
from rnngrader.commands.grade import report
from rnngrader.console import DONE, NEEDS_PERSON, warn
from rnngrader.messages import message


def add(commands: Any) -> None:
    """Add the command."""
    parser = command(commands, "regrade", regrade)
    unit_options(parser)
    judging_options(parser)
    parser.add_argument("--dry-run", action="store_true", help=message("command.regrade.dry-run"))
    parser.add_argument("--all", action="store_true", help=message("command.regrade.all"))


def regrade(arguments: argparse.Namespace) -> int:
    """Grade what has changed; touch nothing else."""
    from rnngrader.batch import Options, grade_unit
    from rnngrader.loading import load_assignment
    from rnngrader.survey import OUTDATED, survey

    course = the_course(arguments)
    if arguments.unsafe:
        warn(message("console.unsafe"))
    assignment = load_assignment(course.source, arguments.unit, course.config)
    standing = list(survey(course, assignment, chosen(arguments)))
    missing = name_missing(arguments, (row.student for row in standing))
    todo = {row.student: row.state for row in standing if arguments.all or row.state in OUTDATED}
    if arguments.dry_run and arguments.json:
        print(json.dumps({"regrade": todo}))
    elif not arguments.json:
        _tell(arguments.unit, todo, len(standing))
    if arguments.dry_run or (not todo and not arguments.json):
        return NEEDS_PERSON if missing else DONE
    options = Options(
        students=frozenset(todo),
        workers=arguments.workers,
        unsafe=arguments.unsafe,
        force=arguments.all,
        scheduler=arguments.scheduler,
        quiet=arguments.json,
    )
    code = report(grade_unit(course, arguments.unit, options), [], as_json=arguments.json)
    return NEEDS_PERSON if missing else code


def _tell(unit: str, todo: dict[str, Any], total: int) -> None:
    if not todo:
        print(message("command.regrade.nothing", unit=unit))
        return
    print(message("command.regrade.plan", count=str(len(todo)), total=str(total)))
    for state, count in Counter(todo.values()).most_common():
        print(f"{count:>6}  {message(f'state.{state}')}")
