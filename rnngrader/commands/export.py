"""`rnngrader export UNIT`."""

import argparse
import json
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Any

from rnngrader.commands import chosen, command, name_missing, the_course, unit_options
from rnngrader.console import DONE, NEEDS_PERSON, Tone, toned, warn
from rnngrader.messages import message

if TYPE_CHECKING:
    from rnngrader.course import Course
    from rnngrader.export import Plan
    from rnngrader.export.plan import Line

FORMS = ("canvas", "moodle", "moodle-worksheet")
STATES = ("missing", "waiting", "fault", "unreadable")
SHOWN = 20
TONES: dict[str, Tone] = {"fill": "good", "change": "warn", "same": "dim", "held": "dim"}


def add(commands: Any) -> None:
    """Add the command."""
    parser = command(commands, "export", export)
    unit_options(parser)
    parser.add_argument("--to", required=True, choices=FORMS, help=message("command.export.to"))
    parser.add_argument("--file", required=True, type=Path, help=message("command.export.file"))
    for name in ("write", "overwrite", "comma"):
        text = message(f"command.export.{name}")
        parser.add_argument(f"--{name}", action="store_true", help=text)
    parser.add_argument(
        "--also", action="append", choices=STATES, default=[], help=message("command.export.also")
    )
    for name in ("column", "email"):
        text = message(f"command.export.{name}")
        parser.add_argument(f"--{name}", default="", metavar="TITLE", help=text)
    parser.add_argument(
        "--match",
        action="append",
        default=[],
        metavar="TITLE",
        help=message("command.export.match"),
    )
    parser.add_argument(
        "--out-of", type=above_zero, default=0.0, metavar="N", help=message("command.export.out-of")
    )


def above_zero(text: str) -> float:
    """A number above 0.

    Raises:
        ArgumentTypeError: for any other text.
    """
    from rnngrader.export.plan import number

    value = number(text)
    if value is None or value <= 0:
        raise argparse.ArgumentTypeError(f"expected a number above 0, got {text!r}")
    return value


def export(arguments: argparse.Namespace) -> int:
    """Show what would change; with `--write`, change it."""
    from rnngrader.export import Options, export_unit
    from rnngrader.export.forms import Wishes
    from rnngrader.marks import MarkState

    course = the_course(arguments)
    options = Options(
        arguments.to,
        Wishes(arguments.column, tuple(arguments.match), arguments.email),
        frozenset(MarkState(name) for name in arguments.also),
        arguments.overwrite,
        arguments.out_of,
        arguments.comma or None,
        chosen(arguments),
    )
    plan, copy = export_unit(course, arguments.unit, arguments.file, options, write=arguments.write)
    outdated = _outdated(course, arguments.unit)
    if arguments.json:
        print(json.dumps(_data(plan, arguments.write, copy, outdated)))
    else:
        _show(plan)
        _show_end(plan, arguments, copy)
    if outdated:
        count = str(outdated)
        warn(message("command.export.outdated", count=count, unit=arguments.unit))
    missing = name_missing(arguments, {*plan.unmatched, *(line.student for line in plan.lines)})
    doubtful = missing or plan.unmatched or plan.ambiguous or plan.kept or outdated
    return NEEDS_PERSON if doubtful else DONE


def _outdated(course: "Course", unit: str) -> int:
    from rnngrader.errors import GradingRefused
    from rnngrader.loading import load_assignment
    from rnngrader.survey import OUTDATED, survey

    assignment = load_assignment(course.source, unit, course.config)
    try:
        return sum(row.state in OUTDATED for row in survey(course, assignment))
    except GradingRefused:  # the submissions are not here any more: nothing can have changed
        return 0


def _show(plan: "Plan") -> None:
    width = max([8, *(len(line.student) for line in plan.lines)])
    for line in plan.lines:
        if line.step.value != "same":
            print(_row(line, width))
    counts = Counter(line.step.value for line in plan.lines)
    for step, count in sorted(counts.items()):
        print(message("export.summary", count=str(count), step=message(f"export.step.{step}")))
    for kind in ("unmatched", "ambiguous", "strangers"):
        names = [ascii(name) if not name.isprintable() else name for name in getattr(plan, kind)]
        if names:
            rest = ["..."] if len(names) > SHOWN else []
            warn(message(f"export.{kind}", names="; ".join(names[:SHOWN] + rest)))
    if plan.formulas:
        warn(message("export.formulas", count=str(plan.formulas)))


def _row(line: "Line", width: int) -> str:
    step = message(f"export.step.{line.step.value}")
    if line.step.value == "held":
        step = f"{step}: {message(f'export.state.{line.state.value}')}"
    if line.late:
        step = f"{step} {message('export.late')}"
    old = line.old if line.old.isprintable() else ascii(line.old)
    fields = {"student": line.student, "old": old[:20] or "-", "new": line.new or "-"}
    text = message("export.line", width=str(width), step=step, **fields)
    return toned(text, TONES.get(line.step.value, "warn"))


def _show_end(plan: "Plan", arguments: argparse.Namespace, copy: Path | None) -> None:
    if not plan.written:
        print(message("command.export.nothing"))
    elif copy is None:
        print(message("command.export.dry"))
    else:
        where = {"path": str(arguments.file), "copy": copy.name}
        print(message("command.export.done", count=str(len(plan.written)), **where))


def _data(plan: "Plan", write: bool, copy: Path | None, outdated: int) -> dict[str, object]:  # noqa: FBT001 - as typed on the command line
    lines = [
        {"student": line.student, "step": line.step.value, "old": line.old, "new": line.new,
         "state": line.state.value, "late": line.late}
        for line in plan.lines
    ]  # fmt: skip
    names = {kind: getattr(plan, kind) for kind in ("unmatched", "ambiguous", "strangers")}
    kept = str(copy) if copy else None
    return {"lines": lines, **names, "formulas": plan.formulas, "copy": kept,
            "written": write and bool(plan.written), "outdated": outdated}  # fmt: skip
