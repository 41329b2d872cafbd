"""What goes wrong by itself: mangled notebooks, odd machines, clocks that jump, a killed commit."""

import json
import os
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest

from rnngrader.batch import Options, grade_unit
from rnngrader.store import latest_verdicts
from rnngrader.verdict import Status
from tests.rnngrader.courses import SETUP, TinyCourse, cell, graded, notebook, solution

pytestmark = pytest.mark.xdist_group("faults")
RIGHT = "def double(x):\n    return x + x"
GOOD = notebook(SETUP, solution(RIGHT), graded("assert True"))
HEAD, BODY = RIGHT.split("\n")


def _book(**fields):
    return json.dumps({**json.loads(GOOD), **fields}).encode()


# name: (the file, points or None, words of the reason or of a note)
MANGLED = {
    "F12-empty": (b"", None, "empty"),
    "F13-cut": (GOOD[: len(GOOD) // 2], None, "cut off"),
    "F13-garbage-behind": (GOOD + b"}", None, "Extra data"),
    "F13-conflict": (b"<<<<<<< HEAD\n" + GOOD, None, "merge-conflict"),
    "F13-lfs": (b"version https://git-lfs.github.com/spec/v1\noid x", None, "Git LFS"),
    "F15-same-ids": (_book(nbformat_minor=5), 2, ""),
    "F15-version-5": (_book(nbformat=5), None, "got 5"),
    "F16-mark": (b"\xef\xbb\xbf" + GOOD, 2, ""),
    "F16-windows": (GOOD.replace(b"\\n", b"\\r\\n"), 2, ""),
    "F16-latin": (GOOD[:-2] + b'"\xe9"}', None, "not UTF-8"),
    "F16-utf-16": (GOOD.decode().encode("utf-16"), None, "UTF-16"),
    "F18-no-test": (notebook(solution(RIGHT)), 2, ""),
    "F18-order": (notebook(graded("pass"), graded("pass"), solution(RIGHT), SETUP), 2, ""),
    "F18-split": (notebook(solution("k = 2"), cell("def double(x):\n    return k * x")), 2, ""),
    "F19-no-solution": (notebook(SETUP, graded()), 0, "double"),
    "F20-doubled": (notebook(solution("def double(x): return 0"), solution(RIGHT)), 2, "double"),
    "F20-moved": (notebook(solution(""), cell(RIGHT)), 2, ""),
    "F21-stub": (notebook(SETUP, solution("raise NotImplementedError")), 0, ""),
    "F41-warnings": (
        notebook(solution(f"import sys, warnings\n{HEAD}\n    warnings.warn('w')\n"
                          f"    print('e', file=sys.stderr)\n{BODY}")),
        2, "",
    ),
    "F43-set-order": (notebook(solution(f"{HEAD}\n    return sum({{x, x + 0.0}}) * 2")), 2, ""),
}  # fmt: skip
JUMPS = """
import itertools, os, time
open(f"{__file__}.{os.getpid()}", "w").close()
steps = itertools.cycle([0.0, -86_400.0, 3.0e8, -7_200.0])
real = time.time
time.time = lambda: max(0.0, real() + next(steps))
"""


@pytest.fixture(scope="module")
def mangled(tmp_path_factory):
    """The class graded once, far from its folder, with odd settings and a wall clock that jumps."""
    folder = tmp_path_factory.mktemp("mangled")
    tiny = TinyCourse(folder / "course")
    for name, (raw, _, _) in MANGLED.items():
        tiny.hand_in(name, raw=raw)
    beside = tiny.hand_in("F23-beside", RIGHT).parent
    for name in (".DS_Store", "Thumbs.db", "desktop.ini", "other.ipynb", "data.csv"):
        (beside / name).write_text("{")
    (tiny.root / "submitted" / "__MACOSX" / "tiny").mkdir(parents=True)
    late = tiny.hand_in("F26-clock", RIGHT)
    os.utime(late, (4e9, 4e9))
    (folder / "site").mkdir()
    (folder / "site" / "sitecustomize.py").write_text(JUMPS)
    process = subprocess.run(
        [sys.executable, "-m", "rnngrader", "grade", "tiny", "--json", "--course", str(tiny.root)],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": f"{folder}/site:{Path.cwd()}", "LC_ALL": "C",
             "TZ": "Pacific/Kiritimati", "PYTHONHASHSEED": "77"},
        umask=0o077,
        capture_output=True,
        text=True,
        check=False,
    )  # fmt: skip
    return tiny, process


@pytest.mark.parametrize("name", MANGLED)
def test_a_mangled_notebook_is_graded_or_told(mangled, name):
    """Points where there is a solution; else a reason, no score, and a person is asked."""
    tiny, process = mangled
    _, points, words = MANGLED[name]
    assert process.returncode == 2, process.stderr
    (verdict,) = latest_verdicts(tiny.course, name)
    assert words in " ".join((verdict.reason, *verdict.notes))
    if points is None:
        assert verdict.status is Status.UNREADABLE
        assert tiny.grades()[name, "check_double"] == (None, None, 1)
    else:
        assert (verdict.status, verdict.score) == (Status.GRADED, points)


def test_a_stub_is_not_answered_and_files_beside_do_nothing(mangled):
    """F21, F23, F26: a cause of its own; litter is no submission; a file of the future is one."""
    tiny, _ = mangled
    (stub,) = latest_verdicts(tiny.course, "F21-stub")
    assert stub.questions[0].cause == "not-answered"
    for student in ("F23-beside", "F26-clock"):
        assert latest_verdicts(tiny.course, student)[0].score == 2
    assert {student for student, _ in tiny.grades()} == {*MANGLED, "F23-beside", "F26-clock"}


def test_an_odd_machine_gives_the_same_verdicts(mangled, tmp_path):
    """F26, F33, F43, F45: clock, locale, time zone, umask, folder, hash seed leave no trace."""
    tiny, _ = mangled
    jumped = list((tiny.root.parent / "site").glob("sitecustomize.py.*"))
    assert len(jumped) >= 2  # the coordinator and a judge
    plain = TinyCourse(tmp_path / "course")
    plain.course.state.mkdir(mode=0o700)
    (plain.course.state / "key").write_text(tiny.course.key().hex())
    names = ("F20-doubled", "F41-warnings", "F43-set-order")
    for name in names:
        plain.hand_in(name, raw=MANGLED[name][0])
    grade_unit(plain.course, "tiny", Options(quiet=True, workers=1))
    for name in names:
        assert latest_verdicts(plain.course, name) == latest_verdicts(tiny.course, name)


def test_a_commit_that_was_killed_is_rolled_back(tmp_path):
    """F3: a journal beside the gradebook is a killed run's, not damage; the next run goes on."""
    tiny = TinyCourse(tmp_path)
    tiny.hand_in("ada", RIGHT)
    grade_unit(tiny.course, "tiny", Options(quiet=True, workers=1))
    before = tiny.grades()
    kill = (
        "import os, sqlite3, sys\n"
        "book = sqlite3.connect(sys.argv[1])\n"
        "book.execute('pragma cache_size = 1')\n"
        "book.execute('update base_cell set name = name || hex(zeroblob(9000))')\n"
        "book.execute('update grade set auto_score = 77')\n"
        "os._exit(9)"
    )
    gradebook = tiny.root / "gradebook.db"
    subprocess.run([sys.executable, "-c", kill, str(gradebook)], check=False)
    assert (tiny.root / "gradebook.db-journal").exists()
    with pytest.raises(sqlite3.OperationalError, match="readonly"):
        sqlite3.connect(f"file:{gradebook}?mode=ro", uri=True).execute("select * from grade")
    grade_unit(tiny.course, "tiny", Options(quiet=True, workers=1))
    assert tiny.grades() == before


def test_two_runs_at_once_are_one_run(tmp_path):
    """F10, F11: of two commands one grades; the other refuses, or finds everything done."""
    tiny = TinyCourse(tmp_path)
    for name in ("ada", "bob", "cyd"):
        tiny.hand_in(name, RIGHT)
    command = [sys.executable, "-m", "rnngrader", "grade", "tiny", "--workers", "1"]
    runs = [
        subprocess.Popen(command, cwd=tiny.root, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                         text=True)
        for _ in range(2)
    ]  # fmt: skip
    said = [run.communicate(timeout=120) for run in runs]
    codes = [run.returncode for run in runs]
    assert 0 in codes
    assert set(codes) <= {0, 1}
    for code, (_, error) in zip(codes, said, strict=True):
        assert code == 0 or "Another grading run" in error
    assert {row[0] for row in tiny.grades().values()} == {2.0}
    assert len(tiny.grades()) == 3
