"""`rnngrader report UNIT`."""

import argparse
import json
from pathlib import Path
from typing import Any

from rnngrader.commands import command, course_options, the_course
from rnngrader.console import DONE
from rnngrader.messages import message

SHOWN = 5


def add(commands: Any) -> None:
    """Add the command."""
    parser = command(commands, "report", report)
    parser.add_argument("unit", help=message("option.unit"))
    parser.add_argument("--to", type=Path, metavar="DIR", help=message("command.report.to"))
    course_options(parser)


def report(arguments: argparse.Namespace) -> int:
    """Write the report, and say the most important of it."""
    from rnngrader.report import write_report
    from rnngrader.report.tables import mistakes, questions, similar

    facts, files = write_report(the_course(arguments), arguments.unit, arguments.to)
    if arguments.json:
        found = {t.name: [dict(zip(t.columns, row, strict=True)) for row in t.rows]
                 for t in (questions(facts), mistakes(facts), similar(facts))}  # fmt: skip
        print(json.dumps({"files": [str(path) for path in files], **found}))
        return DONE
    for mistake in facts.mistakes[:SHOWN]:
        fields = {"question": mistake.question, "cause": mistake.cause}
        print(message("command.report.mistake", count=str(len(mistake.students)), **fields))
    for pair in facts.pairs[:SHOWN]:
        alike = f"{pair.similarity:.0%}"
        print(message("command.report.pair", first=pair.first, second=pair.second, alike=alike))
    count = str(len(facts.graded))
    print(
        message("command.report.done", count=count, page=str(files[0]), files=str(len(files) - 1))
    )
    return DONE
