"""Storage that fails: a full disk, torn files, a gradebook that is away."""

import os
import shutil
import sqlite3
import subprocess
import sys

import pytest

from rnngrader.batch import Options, grade_unit
from rnngrader.feedback import write_feedback
from tests.rnngrader.courses import TinyCourse
from tests.rnngrader.faults.sweep import class_of, state

pytestmark = pytest.mark.xdist_group("faults")
KEY = "2c" * 32
QUIET = Options(quiet=True, workers=1)
# Bytes that are left: none at all; for half of the gradebook's tables; for the tables, but not for
# the unit; for the unit, but not for all verdicts and notebooks.
ROOM = {"lock": 0, "tables": 40_000, "unit": 180_000, "notebooks": 193_000}
# Grade in a copy of the course on a disk of two megabytes that is full but for $1 bytes.
FILL_AND_GRADE = """
cp -r "$2/." "$3" && cd "$3"
head -c 9000000 /dev/zero > filler
truncate -s "-$1" filler
"$4" -m rnngrader grade tiny --workers 1
code=$?
rm filler
cp -r . "$2"
exit $code
"""


@pytest.fixture(scope="module")
def peace(tmp_path_factory):
    """Four submissions graded on a disk with room, with feedback."""
    tiny = class_of(tmp_path_factory.mktemp("peace") / "course", 4, KEY)
    grade_unit(tiny.course, "tiny", QUIET)
    write_feedback(tiny.course, "tiny")
    return tiny


def graded_with_room_for(room, root):
    """Grade on a disk of its own that has no more room, and bring back what there is then."""
    disk = root.with_name("disk")
    disk.mkdir()
    small = ["bwrap", "--dev-bind", "/", "/", "--size", "2000000", "--tmpfs", str(disk)]
    inside = ["sh", "-c", FILL_AND_GRADE, "sh", str(room), str(root), str(disk), sys.executable]
    return subprocess.run([*small, *inside], capture_output=True, text=True, check=False)


@pytest.mark.parametrize("step", ROOM)
def test_a_full_disk_is_told_and_the_next_run_ends_as_in_peace(peace, tmp_path, step):
    """F7: a sentence and exit code 1, whatever could not be written; later nothing is lost."""
    tiny = class_of(tmp_path / "course", 4, KEY)
    done = graded_with_room_for(ROOM[step], tiny.root)
    assert done.returncode == 1, done.stderr
    assert "Traceback" not in done.stderr
    assert "No space left" in done.stderr or "disk is full" in done.stderr
    assert (tiny.root / "gradebook.db").exists() == (step != "lock")
    grade_unit(tiny.course, "tiny", QUIET)
    write_feedback(tiny.course, "tiny")
    assert state(tiny) == state(peace)


def test_a_full_disk_takes_nothing_away(peace, tmp_path):
    """F7: what was graded before stays, all of it, when a regrade finds no room."""
    root = tmp_path / "course"
    shutil.copytree(peace.root, root)
    tiny = TinyCourse.__new__(TinyCourse)
    tiny.root = root
    before = state(tiny)
    tiny.hand_in("s001", "def double(x):\n    return x + x")
    assert graded_with_room_for(0, root).returncode == 1
    assert state(tiny) == before


def test_torn_files_of_a_power_cut_are_made_again(peace, tmp_path):
    """F4, F42: half a verdict, an empty notebook, litter of a write, half a page of feedback."""
    root = tmp_path / "course"
    shutil.copytree(peace.root, root)
    tiny = TinyCourse.__new__(TinyCourse)
    tiny.root = root
    before = state(tiny)
    for path in sorted((root / ".rnngrader" / "verdicts").rglob("*.json")):
        path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])
    for path in [*root.glob("autograded/*/*/*"), *root.glob("feedback/*/*/*")]:
        path.write_bytes(path.read_bytes()[:100])
        (path.parent / ".writing-abc").write_text("half")
    grade_unit(tiny.course, "tiny", QUIET)
    for path in root.glob("feedback/*/*/.writing-abc"):
        path.unlink()
    write_feedback(tiny.course, "tiny")
    assert state(tiny) == before


def test_a_gradebook_that_vanished_is_filled_again(peace, tmp_path):
    """F9: the verdicts hold every mark of ours; nothing is judged twice."""
    root = tmp_path / "course"
    shutil.copytree(peace.root, root)
    tiny = TinyCourse.__new__(TinyCourse)
    tiny.root = root
    before = tiny.grades()
    (root / "gradebook.db").unlink()
    run = grade_unit(tiny.course, "tiny", QUIET)
    assert run.reused == 4
    assert tiny.grades() == before


def test_a_gradebook_locked_from_the_start_is_told(peace, tmp_path, monkeypatch):
    """F8: formgrader holds the file and does not let go: a sentence, and no trace of Python."""
    root = tmp_path / "course"
    shutil.copytree(peace.root, root)
    holder = sqlite3.connect(root / "gradebook.db", timeout=0.1)
    holder.execute("begin exclusive")
    try:
        done = subprocess.run(
            [sys.executable, "-m", "rnngrader", "grade", "tiny", "--workers", "1"],
            cwd=root,
            env={**os.environ, "NO_COLOR": "1"},
            capture_output=True,
            text=True,
            check=False,
        )
    finally:
        holder.close()
    assert done.returncode == 1
    assert "locked" in done.stderr
    assert "Traceback" not in done.stderr
