"""A course's own files: private where they must be, whole or not there at all."""

import subprocess

import pytest

from rnngrader.course import Course, write_atomically
from rnngrader.errors import GradingRefused
from tests.rnngrader.courses import ROOT


def test_the_secret_is_made_once_and_read_by_its_owner_only(tiny):
    """Two calls give the same key; another course has another one."""
    course = tiny.course
    assert course.key() == course.key()
    assert len(course.key()) == 32
    assert (course.state / "key").stat().st_mode & 0o777 == 0o600
    assert course.state.stat().st_mode & 0o777 == 0o700


@pytest.mark.parametrize(
    "path", [".rnngrader/key", "submitted/ada/x", "autograded/a", "feedback/a", "gradebook.db"]
)
def test_git_never_sees_marks_work_or_the_secret(path):
    """What a running course makes is ignored by git."""
    done = subprocess.run(["git", "check-ignore", "-q", path], cwd=ROOT, check=False)
    assert done.returncode == 0


def test_a_write_that_fails_leaves_the_old_file(tmp_path):
    """An error in the middle changes nothing and leaves no litter."""
    path = tmp_path / "grades.json"
    write_atomically(path, "old")
    with pytest.raises(UnicodeEncodeError):
        write_atomically(path, "new \ud800")
    assert path.read_text() == "old"
    assert [p.name for p in tmp_path.iterdir()] == ["grades.json"]


def test_students_are_folders_with_this_unit(tiny):
    """Others are left out; names that are no id are told apart."""
    tiny.hand_in("ada")
    tiny.hand_in("not an id")
    (tiny.root / "submitted" / "bob" / "other").mkdir(parents=True)
    assert tiny.course.students("tiny") == (["ada"], ["not an id"])


def test_a_folder_that_is_no_course_is_refused(tmp_path):
    """The sentence names what was expected."""
    with pytest.raises(GradingRefused, match="no folder"):
        Course.load(tmp_path / "nowhere")
