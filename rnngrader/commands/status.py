"""`rnngrader status UNIT`."""

import argparse
import json
from collections import Counter
from statistics import fmean
from typing import Any

from rnngrader.commands import chosen, command, name_missing, the_course, unit_options
from rnngrader.console import DONE, NEEDS_PERSON, Tone, toned
from rnngrader.messages import message

TONES: dict[str, Tone] = {"current": "good", "fault": "bad", "unreadable": "bad"}


def add(commands: Any) -> None:
    """Add the command."""
    unit_options(command(commands, "status", status))


def status(arguments: argparse.Namespace) -> int:
    """Count the submissions by how they stand, and name those that need something."""
    from rnngrader.loading import load_assignment
    from rnngrader.survey import OUTDATED, survey

    course = the_course(arguments)
    assignment = load_assignment(course.source, arguments.unit, course.config)
    rows = list(survey(course, assignment, chosen(arguments)))
    scores = [row.score for row in rows if row.score is not None]
    missing = name_missing(arguments, (row.student for row in rows))
    code = NEEDS_PERSON if missing else DONE
    if arguments.json:
        listed = [vars(row) for row in rows]
        print(json.dumps({"unit": arguments.unit, "submissions": listed, "not_found": missing}))
        return code
    print(message("command.status.title", unit=arguments.unit, count=str(len(rows))))
    counts = Counter(row.state for row in rows)
    for state, count in counts.most_common():
        print(f"{count:>6}  {toned(message(f'state.{state}'), TONES.get(state, 'warn'))}")
    if scores:
        numbers = {"mean": f"{fmean(scores):.1f}", "low": f"{min(scores):g}"}
        points = {"points": f"{assignment.max_score:g}", "high": f"{max(scores):g}"}
        print(message("command.status.score", **numbers, **points))
    if any(row.state in OUTDATED for row in rows):
        print(message("command.status.remedy", unit=arguments.unit))
    return code
