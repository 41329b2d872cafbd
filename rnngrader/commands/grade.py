"""`rnngrader grade UNIT`."""

import argparse
import json
from typing import TYPE_CHECKING, Any

from rnngrader.commands import chosen, command, judging_options, the_course, unit_options
from rnngrader.console import DONE, NEEDS_PERSON, warn
from rnngrader.messages import message

if TYPE_CHECKING:
    from rnngrader.batch import Line, Run


def add(commands: Any) -> None:
    """Add the command."""
    parser = command(commands, "grade", grade)
    unit_options(parser)
    judging_options(parser)
    parser.add_argument("--force", action="store_true", help=message("command.grade.force"))


def grade(arguments: argparse.Namespace) -> int:
    """Grade, and say what came out."""
    from rnngrader.batch import Options, grade_unit

    course, students = the_course(arguments), chosen(arguments)
    if arguments.unsafe:
        warn(message("console.unsafe"))
    options = Options(
        students=students,
        workers=arguments.workers,
        unsafe=arguments.unsafe,
        force=arguments.force,
        scheduler=arguments.scheduler,
        quiet=arguments.json,
    )
    run = grade_unit(course, arguments.unit, options)
    return report(run, sorted((students or frozenset()) - set(run.lines)), as_json=arguments.json)


def report(run: "Run", missing: list[str], *, as_json: bool) -> int:
    """Show a run; the exit code says whether a person is needed."""
    from rnngrader.table import print_table

    lines = [run.lines[name] for name in sorted(run.lines)]
    if as_json:
        rows = [row(line) for line in lines]
        print(json.dumps({"graded": rows, "not_found": missing, "refused": run.refused_names}))
    else:
        print_table(lines)
        done = {"count": str(len(lines)), "reused": str(run.reused)}
        print(message("command.grade.done", **done))
    for name in missing:
        warn(message("console.not-found", student=name))
    for name in run.refused_names:
        warn(message("console.no-id", name=ascii(name[:80])))
    for line in run.problems:
        warn(message("console.needs-person", student=line.student, why=line.reason))
    return NEEDS_PERSON if run.problems or missing or run.refused_names else DONE


def row(line: "Line") -> dict[str, object]:
    """A line as JSON data."""
    return {
        "student": line.student,
        "status": line.status.value,
        "score": line.score,
        "max_score": line.max_score,
        "waiting": list(line.waiting),
        "causes": line.causes,
    }
