"""`rnngrader explain STUDENT [UNIT]`."""

import argparse
import json
from typing import TYPE_CHECKING, Any

from rnngrader.checks.report import result_word
from rnngrader.commands import command, course_options, the_course
from rnngrader.console import DONE, Tone, toned
from rnngrader.errors import GradingRefused
from rnngrader.messages import message

if TYPE_CHECKING:
    from rnngrader.verdict import Question, Verdict

TONES: dict[str, Tone] = {"pass": "good", "fail": "bad", "manual": "warn", "grader-error": "bad"}


def add(commands: Any) -> None:
    """Add the command."""
    parser = command(commands, "explain", explain)
    parser.add_argument("student")
    parser.add_argument("unit", nargs="?", default="", help=message("command.explain.unit"))
    course_options(parser)


def explain(arguments: argparse.Namespace) -> int:
    """Show the verdicts that the gradebook has of one student.

    Raises:
        GradingRefused: if there are none.
    """
    from rnngrader.store import latest_verdicts

    found = latest_verdicts(the_course(arguments), arguments.student, arguments.unit)
    if not found:
        raise GradingRefused(message("command.explain.nothing", student=arguments.student))
    if arguments.json:
        print(json.dumps([json.loads(verdict.to_json()) for verdict in found]))
        return DONE
    for verdict in found:
        _show(verdict)
    return DONE


def _show(verdict: "Verdict") -> None:
    points = {"score": f"{verdict.score:g}", "points": f"{verdict.max_score:g}"}
    head = {"student": verdict.student, "unit": verdict.unit}
    print(toned(message("command.explain.total", **head, **points), "bold"))
    versions = {"submission": verdict.submission[:12], "assignment": verdict.assignment}
    print(toned(message("command.explain.versions", **versions), "dim"))
    for line in (verdict.reason, *verdict.notes):
        if line:
            print(f"  {line}")
    for question in verdict.questions:
        _show_question(question)


def _show_question(question: "Question") -> None:
    points = {"score": f"{question.score or 0:g}", "points": f"{question.max_score:g}"}
    waiting = message("command.explain.waiting")
    given = waiting if question.score is None else message("command.explain.points", **points)
    name = question.grade_id.removeprefix("check_")
    print(f"\n  {name}: {toned(given, TONES[question.outcome.value])}")
    if question.cause:
        print(f"    {message('command.explain.fields', cause=question.cause)}")
    for line in question.message.splitlines():
        print(f"    {line}")
    if question.see:
        print(f"    {message('report.see', see=question.see)}")
    for aspect, passed, share in question.aspects:
        print(f"    {result_word(passed):<8} {share:>4.0%}  {message(f'aspect.{aspect}.title')}")
