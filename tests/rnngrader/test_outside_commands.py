"""What the commands say, read by somebody who takes each sentence at its word."""

import pytest

from rnngrader.cli import main
from tests.rnngrader import lms
from tests.rnngrader.courses import TinyCourse


@pytest.fixture(scope="module")
def unread(tmp_path_factory):
    """A course whose only submission cannot be read, so that there is no final mark."""
    tiny = TinyCourse(tmp_path_factory.mktemp("unread") / "course")
    tiny.hand_in("ada", raw=b"{")
    (tiny.root / "submitted" / "\u0430da" / "tiny").mkdir(parents=True)
    assert main(["grade", "tiny", "--course", str(tiny.root), "--workers", "1"]) == 2
    return tiny


def test_an_export_without_a_final_mark_does_not_say_that_all_are_there(unread, tmp_path, capsys):
    """Held back is not the same as written before, and one is not "1 marks"."""
    path = tmp_path / "grades.csv"
    path.write_text(lms.canvas())
    before = path.read_bytes()
    arguments = ["--to", "canvas", "--file", str(path), "--write", "--course", str(unread.root)]
    assert main(["export", "tiny", *arguments]) == 0
    said = capsys.readouterr().out
    assert "not written: cannot be read" in said
    assert "already" not in said
    assert "nothing to write" in said
    assert path.read_bytes() == before


def test_a_look_alike_folder_is_shown_by_its_characters(unread, capsys):
    """A folder with a Cyrillic letter is no student, and does not look like one in the message."""
    main(["grade", "tiny", "--course", str(unread.root), "--workers", "1"])
    assert r"'\u0430da' is no student id" in capsys.readouterr().err


def test_one_is_not_told_as_many(unread, capsys):
    """Sentences with a number in them read right for one and for a thousand."""
    main(["grade", "tiny", "--course", str(unread.root), "--workers", "1"])
    main(["feedback", "tiny", "--course", str(unread.root)])
    said = capsys.readouterr().out
    assert "Submissions: 1." in said
    assert "Pages written: 1," in said


@pytest.mark.parametrize("command", ["status", "regrade", "export"])
def test_a_student_who_is_not_there_is_named(unread, tmp_path, capsys, command):
    """A slip in `--student` is not told as "nothing has changed", and is not exit code 0."""
    path = tmp_path / "grades.csv"
    path.write_text(lms.canvas())
    more = ["--to", "canvas", "--file", str(path)] if command == "export" else []
    arguments = ["--student", "adda", "--course", str(unread.root), *more]
    assert main([command, "tiny", *arguments]) == 2
    assert "no submission of adda was found" in capsys.readouterr().err
    assert main([command, "tiny", "--student", "ada", *arguments[2:]]) == 0
    assert "was found" not in capsys.readouterr().err
