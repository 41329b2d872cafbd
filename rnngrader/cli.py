"""The command line: `rnngrader grade UNIT`, `rnngrader feedback UNIT`, `rnngrader demo`."""

import argparse
import json
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import NoReturn

from rnngrader.errors import GradingRefused
from rnngrader.table import print_table
from rnngrader.verdict import Outcome, Verdict

DONE, REFUSED, NEEDS_PERSON, INTERRUPTED = 0, 1, 2, 130
EPILOG = """\
exit codes:
  0    everything was graded
  1    refused: nothing was graded or changed; the message says why
  2    graded, but some submissions need a person (unreadable, or a fault of the grader)
  130  stopped with Ctrl-C; the same command goes on where it stopped

examples:
  rnngrader grade lstm
  rnngrader grade lstm --student ada --force
  rnngrader feedback lstm
  rnngrader demo build/grade-demo
"""


class _Parser(argparse.ArgumentParser):
    def error(self, message: str) -> NoReturn:
        self.print_usage(sys.stderr)
        self.exit(REFUSED, f"{self.prog}: {message}\n")


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command; returns the exit code."""
    arguments = _parser().parse_args(argv)
    run: Callable[[argparse.Namespace], int] = arguments.run
    try:
        return run(arguments)
    except GradingRefused as error:
        print(f"rnngrader: {error}", file=sys.stderr)
        return REFUSED
    except KeyboardInterrupt:
        print("\nrnngrader: stopped; run the same command again to go on.", file=sys.stderr)
        return INTERRUPTED


def _parser() -> argparse.ArgumentParser:
    parser = _Parser(
        prog="rnngrader",
        description="Grade notebooks so that the grades can be trusted.",
        epilog=EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    grade = commands.add_parser("grade", help="grade the submissions of a unit")
    _unit_options(grade)
    grade.add_argument("--workers", type=_positive, metavar="N", help="judge processes")
    grade.add_argument("--force", action="store_true", help="judge again what is already judged")
    grade.add_argument("--json", action="store_true", help="print one JSON object instead")
    grade.add_argument(
        "--unsafe",
        action="store_true",
        help="run learner code WITHOUT a sandbox; it can then read and change everything you can",
    )
    grade.set_defaults(run=_grade)
    feedback = commands.add_parser("feedback", help="write the learners' feedback pages of a unit")
    _unit_options(feedback)
    feedback.set_defaults(run=_feedback)
    demo = commands.add_parser("demo", help="build and grade a made-up class, attacks included")
    demo.add_argument("folder", nargs="?", type=Path, default=Path("build/grade-demo"))
    demo.add_argument("--course", type=Path, default=Path(), help="where solutions/ is")
    demo.add_argument("--no-serve", action="store_true", help="do not start formgrader")
    demo.add_argument("--port", type=_positive, default=8890, help="of formgrader")
    demo.set_defaults(run=_demo)
    return parser


def _unit_options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("unit", help="name of the unit, such as lstm")
    parser.add_argument("--course", type=Path, default=Path(), help="course directory (default: .)")
    parser.add_argument("--student", action="append", metavar="ID", help="only this one; repeats")


def _positive(text: str) -> int:
    if not text.isdigit() or int(text) < 1:
        raise argparse.ArgumentTypeError(f"expected a whole number above 0, got {text!r}")
    return int(text)


def _grade(arguments: argparse.Namespace) -> int:
    from rnngrader.batch import Options, grade_unit
    from rnngrader.course import Course

    course = Course.load(arguments.course)
    if arguments.unsafe:
        print("rnngrader: WITHOUT a sandbox, as you asked.", file=sys.stderr)
    chosen = frozenset(arguments.student) if arguments.student else None
    options = Options(
        chosen, arguments.workers, arguments.unsafe, arguments.force, quiet=arguments.json
    )
    run = grade_unit(course, arguments.unit, options)
    verdicts = [run.verdicts[name] for name in sorted(run.verdicts)]
    missing = sorted((chosen or frozenset()) - set(run.verdicts))
    if arguments.json:
        rows = [_row(verdict) for verdict in verdicts]
        print(json.dumps({"graded": rows, "not_found": missing, "refused": run.refused_names}))
    else:
        print_table(verdicts)
        print(f"{len(verdicts)} submissions, {run.reused} of them unchanged since the last run.")
    for name in missing:
        print(f"rnngrader: no submission of {name} was found.", file=sys.stderr)
    for name in run.refused_names:
        print(f"rnngrader: the folder {name[:80]!r} is no student id; skipped.", file=sys.stderr)
    for verdict in run.problems:
        print(f"rnngrader: {verdict.student} needs a person: {_why(verdict)}", file=sys.stderr)
    return NEEDS_PERSON if run.problems or missing or run.refused_names else DONE


def _feedback(arguments: argparse.Namespace) -> int:
    from rnngrader.course import Course
    from rnngrader.feedback import write_feedback

    course = Course.load(arguments.course)
    chosen = frozenset(arguments.student) if arguments.student else None
    written = write_feedback(course, arguments.unit, chosen)
    print(f"{len(written)} pages in {course.feedback}/<student>/{arguments.unit}/")
    return DONE


def _demo(arguments: argparse.Namespace) -> int:
    from rnngrader.demo import run_demo

    return run_demo(
        arguments.course, arguments.folder, serve=not arguments.no_serve, port=arguments.port
    )


def _row(verdict: Verdict) -> dict[str, object]:
    return {
        "student": verdict.student,
        "status": verdict.status.value,
        "score": verdict.score,
        "max_score": verdict.max_score,
        "waiting": [q.grade_id for q in verdict.questions if q.score is None],
        "causes": {q.grade_id: q.cause for q in verdict.questions if q.cause},
    }


def _why(verdict: Verdict) -> str:
    faults = (q.message for q in verdict.questions if q.outcome is Outcome.ERROR)
    return verdict.reason or next(faults, "")
