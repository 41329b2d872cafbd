"""Grading beside its peer: the unit `lstm` by stock `nbgrader autograde` and by rnngrader.

`python -m benchmarks.grading` measures and writes `benchmarks/results/grading.json`;
`python -m benchmarks.grading table` renews the table in docs/grading.md from it.

Both sides get the same notebooks, right ones in several styles and ones with known mistakes, in a
course directory whose assignment was generated before the clock starts. The clock runs over the
whole command, imports and all. Rounds alternate, so that a busy minute of the machine meets both.
"""

import argparse
import copy
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from statistics import median
from typing import Any

from experiments.machine import describe
from rnngrader import judge
from rnngrader.course import Course
from rnngrader.demo.classroom import build_class, notebooks
from rnngrader.loading import load_assignment
from rnngrader.sandbox.session import probe
from rnngrader.submission import read_file

ROOT = Path(__file__).resolve().parent.parent
RESULT = ROOT / "benchmarks" / "results" / "grading.json"
PAGE = ROOT / "docs" / "grading.md"
BEGIN, END = "<!-- made by: python -m benchmarks.grading table -->", "<!-- end -->"
UNIT = "lstm"
STOCK = """c = get_config()
c.CourseDirectory.course_id = "rnn-course"
c.CourseDirectory.source_directory = "solutions"
c.CourseDirectory.release_directory = "exercises"
c.ClearSolutions.code_stub = {"python": "raise NotImplementedError"}
c.CourseDirectory.ignore = [".ipynb_checkpoints", "*.pyc", "__pycache__", "feedback", "unit.toml"]
"""


@dataclass(frozen=True)
class Plan:
    """What is measured: a class for both, rounds, and sizes for rnngrader alone."""

    both: int = 200
    rounds: int = 3
    sizes: tuple[int, ...] = (10, 100, 500, 2000)
    workers: int = 2


class Class:
    """A course directory with notebooks handed in, graded as often as wanted.

    Args:
        folder: where it is made.
        count: submissions; every one has bytes of its own.
        stock: graded by nbgrader itself, not by rnngrader.
    """

    def __init__(self, folder: Path, count: int, *, stock: bool) -> None:
        self.root, self.count, self.stock = folder, count, stock
        course = build_class(ROOT, folder)
        released = (ROOT / "exercises" / UNIT / f"{UNIT}.ipynb").read_text(encoding="utf-8")
        made = notebooks(course, json.loads(released))
        kinds = [made[name] for name in sorted(made) if name.startswith(("right-", "wrong-"))]
        shutil.rmtree(course.submitted)
        for number in range(count):
            book = copy.deepcopy(kinds[number % len(kinds)])
            note = {"cell_type": "markdown", "id": "who", "metadata": {}, "source": f"{number}"}
            book["cells"].append(note)
            path = course.submitted / f"s{number:05}" / UNIT / f"{UNIT}.ipynb"
            path.parent.mkdir(parents=True)
            path.write_text(json.dumps(book), encoding="utf-8")
        if stock:
            (folder / "nbgrader_config.py").write_text(STOCK, encoding="utf-8")
        self._run("nbgrader", "generate_assignment", UNIT, "--force")

    def grade(self, workers: int) -> dict[str, float]:
        """Grade everything from nothing; seconds, and the coordinator's peak memory in MB."""
        for name in ("autograded", ".rnngrader"):
            shutil.rmtree(self.root / name, ignore_errors=True)
        mine = ("rnngrader", "grade", UNIT, "--workers", str(workers), "--json")
        return self._run(*(("nbgrader", "autograde", UNIT) if self.stock else mine))

    def scores(self) -> dict[str, float]:
        """Points of the tests, by student, from the gradebook."""
        from nbgrader.api import Gradebook

        with Gradebook(Course.load(self.root).db_url) as book:
            rows = book.submission_dicts(UNIT)
        return {row["student"]: row["score"] for row in rows}

    def _run(self, program: str, *arguments: str) -> dict[str, float]:
        command = [str(Path(sys.executable).with_name(program)), *arguments]
        environment = {**os.environ, "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}"}
        with tempfile.TemporaryFile() as said:
            begin = time.monotonic()
            process = subprocess.Popen(
                command, cwd=self.root, env=environment, stdout=said, stderr=said
            )
            peak = 0
            while process.poll() is None:
                peak = max(peak, high_water_kb(process.pid))
                time.sleep(0.02)
            seconds = time.monotonic() - begin
            if process.returncode != 0:
                said.seek(0)
                raise SystemExit(f"{command} failed:\n{said.read()[-2000:].decode()}")
        return {"seconds": round(seconds, 3), "peak_mb": round(peak / 1024, 1)}


def high_water_kb(pid: int) -> int:
    """The most memory that a process has had resident since it began; 0 when it has ended."""
    try:
        status = Path(f"/proc/{pid}/status").read_text(encoding="utf-8")
    except OSError:
        return 0
    lines = [line for line in status.splitlines() if line.startswith("VmHWM:")]
    return int(lines[0].split()[1]) if lines else 0


def parts(course: Course) -> dict[str, float]:
    """Milliseconds of one submission in one process, and of starting its sandbox: medians."""
    assignment = load_assignment(course.source, UNIT, course.config)
    whole, start = [], []
    for student in course.students(UNIT)[0][:20]:
        raw = read_file(course.submitted, student, UNIT)
        begin = time.perf_counter()
        judge.grade(raw, student, assignment, b"benchmark")
        whole.append(time.perf_counter() - begin)
        begin = time.perf_counter()
        probe(assignment.modules)
        start.append(time.perf_counter() - begin)
    return {"submission_ms": round(1000 * median(whole)), "sandbox_ms": round(1000 * median(start))}


def measure(plan: Plan, save: Callable[[dict[str, Any]], None]) -> None:
    """Measure all of a plan, and save after every step what there is."""
    found: dict[str, Any] = {"both": plan.both, "rounds": [], "sizes": {}}
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        stock = Class(folder / "stock", plan.both, stock=True)
        ours = Class(folder / "ours", plan.both, stock=False)
        for _ in range(plan.rounds):
            load = round(os.getloadavg()[0], 2)
            one = {"load": load, "ours": ours.grade(plan.workers), "stock": stock.grade(1)}
            found["rounds"].append(one)
            found["ratio"] = _ratios(found["rounds"])
            theirs, mine = stock.scores(), ours.scores()
            found["full_points"] = {"stock": _full(theirs), "ours": _full(mine)}
            save(found)
        found["parts"] = parts(Course.load(ours.root))
        for count in plan.sizes:
            made = Class(folder / f"size{count}", count, stock=False)
            load = round(os.getloadavg()[0], 2)
            found["sizes"][str(count)] = {"load": load, **made.grade(plan.workers)}
            save(found)


def _full(scores: dict[str, float]) -> int:
    return sum(score == max(scores.values()) for score in scores.values())


def _ratios(rounds: list[dict[str, Any]]) -> dict[str, float]:
    ratios = [one["stock"]["seconds"] / one["ours"]["seconds"] for one in rounds]
    return {
        name: round(of(ratios), 2)
        for name, of in (("median", median), ("least", min), ("most", max))
    }


def render(found: dict[str, Any]) -> str:
    """The measured part of the page."""
    count, machine, ratio = found["both"], found["machine"], found["ratio"]
    lines = [
        (
            f"{machine['processor']}, {machine['cores']} cores, Python {machine['python']}, "
            f"nbgrader {machine['nbgrader']}; {found['date']}; `{found['command']}`."
        ),
        "",
        (
            f"The same {count} submissions of `{UNIT}`, stock nbgrader and rnngrader in turn, "
            f"{found['workers']} workers, sandbox on:"
        ),
        "",
        "| round | load before | nbgrader, s | rnngrader, s | ratio |",
        "|---|---|---|---|---|",
    ]
    lines += _round_rows(found["rounds"])
    lines += [
        "",
        (
            f"Throughput is {ratio['median']:.1f} times nbgrader's in the median of the rounds "
            f"(from {ratio['least']:.1f} to {ratio['most']:.1f})."
        ),
        "",
        "rnngrader alone, from the start of the command to its end:",
        "",
        "| submissions | load before | s | ms each | ms each beyond the first row | peak MB |",
        "|---|---|---|---|---|---|",
    ]
    lines += _size_rows(found["sizes"])
    if "parts" in found:
        one = found["parts"]
        lines += [
            "",
            (
                f"One submission in one process takes {one['submission_ms']} ms; a sandbox with "
                f"Python and NumPy in it starts in {one['sandbox_ms']} ms (medians of 20)."
            ),
        ]
    return "\n".join(lines)


def _round_rows(rounds: list[dict[str, Any]]) -> list[str]:
    rows = []
    for number, one in enumerate(rounds, start=1):
        stock, ours = one["stock"]["seconds"], one["ours"]["seconds"]
        shown = (number, one["load"], f"{stock:.1f}", f"{ours:.1f}", f"{stock / ours:.1f}")
        rows.append("| " + " | ".join(map(str, shown)) + " |")
    return rows


def _size_rows(sizes: dict[str, Any]) -> list[str]:
    rows, first = [], None
    for size, one in sizes.items():
        count, seconds = int(size), one["seconds"]
        first = first or (count, seconds)
        more = 1000 * (seconds - first[1]) / (count - first[0]) if count > first[0] else None
        shown = (size, one["load"], f"{seconds:.1f}", f"{1000 * seconds / count:.0f}",
                 "" if more is None else f"{more:.0f}", f"{one['peak_mb']:.0f}")  # fmt: skip
        rows.append("| " + " | ".join(map(str, shown)) + " |")
    return rows


def write_table() -> None:
    """Put the measured part into the page."""
    found = json.loads(RESULT.read_text(encoding="utf-8"))
    head, rest = PAGE.read_text(encoding="utf-8").split(BEGIN)
    tail = rest.split(END)[1]
    PAGE.write_text(f"{head}{BEGIN}\n\n{render(found)}\n\n{END}{tail}", encoding="utf-8")


def _command(arguments: argparse.Namespace) -> str:
    """The command again, without where its result went."""
    given = {"both": arguments.both, "rounds": arguments.rounds, "sizes": arguments.sizes}
    words = ["python -m benchmarks.grading", *(["--quick"] if arguments.quick else [])]
    for name, value in given.items():
        if value:
            text = ",".join(map(str, value)) if isinstance(value, tuple) else str(value)
            words.append(f"--{name} {text}")
    return " ".join(words)


def _sizes(text: str) -> tuple[int, ...]:
    return tuple(int(word) for word in text.split(","))


def main() -> int:
    """Run the command."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.grading", description=__doc__)
    parser.add_argument("what", nargs="?", choices=["measure", "table"], default="measure")
    parser.add_argument("--quick", action="store_true", help="a small class, once")
    parser.add_argument("--both", type=int, help="submissions that both grade")
    parser.add_argument("--sizes", type=_sizes, help="of classes for rnngrader alone: 10,100")
    parser.add_argument("--rounds", type=int, help="how often both are measured")
    parser.add_argument("--out", type=Path, default=RESULT, help="where the JSON goes")
    arguments = parser.parse_args()
    if arguments.what == "table":
        write_table()
        return 0
    plan = Plan(both=12, rounds=1, sizes=(10,)) if arguments.quick else Plan()
    given = {"both": arguments.both, "rounds": arguments.rounds, "sizes": arguments.sizes}
    plan = replace(plan, **{name: value for name, value in given.items() if value})
    head = {
        "command": _command(arguments),
        "date": datetime.now(UTC).date().isoformat(),
        "machine": {**describe(), "nbgrader": version("nbgrader")},
        "workers": plan.workers,
    }

    def save(found: dict[str, Any]) -> None:
        arguments.out.parent.mkdir(parents=True, exist_ok=True)
        arguments.out.write_text(json.dumps({**head, **found}, indent=1) + "\n", encoding="utf-8")

    measure(plan, save)
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
