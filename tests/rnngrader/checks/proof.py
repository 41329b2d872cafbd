"""What the checks are worth: every known mistake and every accepted style, put through them.

python -m tests.rnngrader.checks.proof table              writes docs/mistakes.md
python -m tests.rnngrader.checks.proof seeds 200 rnn bptt  looks for a seed that matters
"""

import sys
import time
from collections.abc import Iterator
from functools import cache
from importlib import import_module
from pathlib import Path
from typing import NamedTuple

from rnngrader.checks import UNITS, exercises_of
from rnngrader.checks.engine import report_on
from rnngrader.checks.report import Report
from rnngrader.checks.seeding import SEED
from rnngrader.checks.spec import Exercise, Mistake
from rnngrader.messages import unit_message

ROOT = Path(__file__).parents[3]
TABLE = ROOT / "docs" / "mistakes.md"
HEAD = """# Known mistakes, and what the checks call them

Every entry of a bank is a wrong function. Here each one was given to the check as if a learner had
written it. *Named* means that the report shows the sentence of this very mistake. Written by
`python -m tests.rnngrader.checks.proof table`, with seed 0; a test compares.

| unit | exercise | mistakes | lose points | named | highest score |
|---|---|---|---|---|---|
"""


class Verdict(NamedTuple):
    """What the full check said of one mistake."""

    exercise: Exercise
    mistake: Mistake
    report: Report
    seconds: float

    @property
    def named(self):
        """Whether the learner reads what was written for this mistake."""
        if self.mistake.id == "argument-changed":
            # Its sentence names the argument, which the bank does not know.
            return self.report.cause == self.mistake.id
        key = f"mistake.{self.mistake.key}"
        words = unit_message(self.exercise.unit, key, **self.mistake.fields)
        return words in self.report.message.split("\n")


def put_through(unit: str, seed: int) -> Iterator[Verdict]:
    """Give every mistake of a unit to the full check."""
    token = SEED.set(seed)
    try:
        for exercise in exercises_of(unit):
            for mistake in exercise.mistakes:
                start = time.process_time()
                report = report_on(exercise, mistake.build(), "full")
                yield Verdict(exercise, mistake, report, time.process_time() - start)
    finally:
        SEED.reset(token)


@cache
def verdicts(unit: str) -> tuple[Verdict, ...]:
    """The verdicts with seed 0, found out once."""
    return tuple(put_through(unit, 0))


def accepted(unit: str):
    """Right functions in other styles, each with its exercise; the reference is the first."""
    styles = import_module(f"tests.rnngrader.checks.accepted.{unit}").ACCEPTED
    for exercise in exercises_of(unit):
        for function in (exercise.reference, *exercise.alternatives, *styles[exercise.name]):
            yield exercise, function


def table() -> str:
    """The page `docs/mistakes.md`."""
    rows, confused = [], []
    for unit in UNITS:
        for exercise in exercises_of(unit):
            found = [v for v in verdicts(unit) if v.exercise is exercise]
            lost = sum(v.report.score < 1 for v in found)
            named = sum(v.named for v in found)
            best = max(v.report.score for v in found)
            rows.append(
                f"| {unit} | `{exercise.name}` | {len(found)} | {lost} | {named} | {best:.0%} |"
            )
            confused += [
                f"| `{exercise.name}` | {v.mistake.id} | {v.report.cause or 'no known mistake'} |"
                for v in found
                if not v.named
            ]
    total = [v for unit in UNITS for v in verdicts(unit)]
    share = sum(v.named for v in total) / len(total)
    text = HEAD + "\n".join(rows)
    text += f"\n\nTogether {len(total)} mistakes, of which {share:.1%} are named.\n"
    if confused:
        head = "\n## Called something else\n\n| exercise | mistake | called |\n|---|---|---|\n"
        text += head + "\n".join(confused) + "\n"
    return text


def flaky(unit: str, seeds: int) -> list[str]:
    """Everything that depends on the seed: a right style that fails, a mistake that passes."""
    found = []
    for seed in range(seeds):
        token = SEED.set(seed)
        for exercise, function in accepted(unit):
            for level in ("visible", "full"):
                report = report_on(exercise, function, level)
                if not report.passed:
                    name = getattr(function, "__name__", repr(function))
                    found.append(f"seed {seed}: {exercise.name} {name} {level} {report.cause}")
        SEED.reset(token)
    return found


def main(arguments: list[str]) -> int:
    """Write the table, or try many seeds."""
    if arguments[:1] == ["table"]:
        TABLE.write_text(table(), encoding="utf-8")
        return 0
    if arguments[:1] != ["seeds"]:
        print(__doc__)
        return 2
    problems = []
    for unit in arguments[2:] or UNITS:
        found = flaky(unit, int(arguments[1]))
        print(f"{unit}: {len(found)} failures of right functions in {arguments[1]} seeds")
        problems += found
        for seed in range(int(arguments[1]) // 20):
            missed = [v for v in put_through(unit, seed) if v.report.score == 1.0]
            unnamed = sum(not v.named for v in put_through(unit, seed))
            print(f"  seed {seed}: {len(missed)} mistakes pass, {unnamed} are not named")
            problems += [f"seed {seed}: {v.mistake.id} passes" for v in missed]
    print("\n".join(problems))
    return bool(problems)


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
