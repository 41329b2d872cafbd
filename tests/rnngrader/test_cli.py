"""The command line: bad input gets one sentence, the right exit code, and loses nothing."""

import json
import os
import shutil
import socket
import subprocess
import sys

import pytest

from rnngrader.cli import main
from tests.rnngrader.courses import ROOT, TinyCourse


@pytest.fixture
def run(capsys, monkeypatch, tiny):
    """Run a command in the tiny course; gives exit code, output and error text."""
    monkeypatch.chdir(tiny.root)

    def run_command(*arguments):
        try:
            code = main(arguments)
        except SystemExit as stop:
            code = stop.code
        said = capsys.readouterr()
        return code, said.out, said.err

    return run_command


def test_a_class_is_graded_and_the_table_says_so(run, tiny):
    """Exit code 0, a row for every student, and the cause for those who lost points."""
    tiny.hand_in("ada")
    tiny.hand_in("bob", "def double(x): return x")
    code, out, err = run("grade", "tiny")
    assert code == 0, err
    rows = {line.split()[0]: line for line in out.splitlines() if line.strip()}
    assert "2/2" in rows["ada"]
    assert "0/2" in rows["bob"]
    assert "assertion (double)" in rows["bob"]


def test_a_broken_notebook_is_told_and_the_others_are_graded(run, tiny):
    """Exit code 2, one sentence about the broken one, points for the other."""
    tiny.hand_in("ada")
    tiny.hand_in("bob", raw=b'{"cells": [')
    code, out, err = run("grade", "tiny")
    assert code == 2
    assert "bob needs a person" in err
    assert "line 1" in err
    assert "2/2" in out
    assert tiny.grades()["ada", "check_double"][0] == 2.0
    assert tiny.grades()["bob", "check_double"][0] is None


def test_json_is_one_object(run, tiny):
    """A script reads status, score and causes."""
    tiny.hand_in("ada")
    code, out, _ = run("grade", "tiny", "--json")
    assert code == 0
    row = json.loads(out)["graded"][0]
    assert (row["student"], row["score"], row["status"]) == ("ada", 2.0, "graded")


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("grade", "nosuch"), "tiny"),
        (("grade", "../../etc"), "tiny"),
        (("grade", "tiny"), "Collect first"),
        (("grade", "tiny", "--course", "/nowhere"), "no folder"),
        (("grade", "tiny", "--workers", "0"), "above 0"),
        (("feedback", "tiny"), "Grade first"),
        (("grade",), "unit"),
        (("shout",), "invalid choice"),
    ],
)
def test_what_cannot_be_done_is_refused_in_a_sentence(run, tiny, arguments, words):
    """Exit code 1, what was expected, and nothing written."""
    code, _, err = run(*arguments)
    assert code == 1
    assert words in err
    assert "Traceback" not in err
    assert not (tiny.root / "gradebook.db").exists()


def test_an_empty_submissions_folder_is_refused(run, tiny):
    """A folder without anyone's unit in it says what it should look like."""
    (tiny.root / "submitted" / "ada").mkdir(parents=True)
    code, _, err = run("grade", "tiny")
    assert code == 1
    assert "<student>/tiny/" in err


@pytest.mark.parametrize(
    "content", [b"this is no database at all, not by far" * 100, b"SQLite format 3\0"]
)
def test_a_damaged_gradebook_is_refused_and_not_touched(run, tiny, content):
    """Exit code 1 before anything is graded; the file keeps every byte."""
    tiny.hand_in("ada")
    path = tiny.root / "gradebook.db"
    path.write_bytes(content)
    code, _, err = run("grade", "tiny")
    assert code == 1
    assert "gradebook" in err
    assert path.read_bytes() == content
    assert not tiny.course.autograded.exists()


def test_folders_that_are_no_student_are_named_and_skipped(run, tiny):
    """Names with blanks, formulas or markup never reach a path or a table."""
    tiny.hand_in("ada")
    for name in ("two words", "=cmd", "<b>"):
        tiny.hand_in(name)
    (tiny.root / "submitted" / "__MACOSX" / "tiny").mkdir(parents=True)
    code, out, err = run("grade", "tiny")
    assert code == 2
    assert err.count("no student id") == 3
    assert "MACOSX" not in err
    assert "2/2" in out


def test_a_student_who_is_not_there_is_told(run, tiny):
    """Asking for one student grades that one only, and says who was not found."""
    tiny.hand_in("ada")
    tiny.hand_in("bob")
    code, out, err = run("grade", "tiny", "--student", "ada", "--student", "zoe")
    assert code == 2
    assert "zoe" in err
    assert "ada" in out
    assert "bob" not in out


def test_without_a_sandbox_it_refuses_and_unsafe_must_be_typed(tmp_path):
    """No bubblewrap: exit code 1 and how to get it; `--unsafe` grades all the same."""
    tiny = TinyCourse(tmp_path / "course")
    tiny.hand_in("ada")
    empty = tmp_path / "bin"
    empty.mkdir()
    (empty / "ldd").symlink_to(shutil.which("ldd"))
    command = [sys.executable, "-m", "rnngrader", "grade", "tiny"]
    environment = {**os.environ, "PATH": str(empty)}
    refused = subprocess.run(
        command, cwd=tiny.root, env=environment, capture_output=True, text=True, check=False
    )
    assert refused.returncode == 1
    assert "bubblewrap" in refused.stderr
    assert "apt-get install" in refused.stderr
    assert not (tiny.root / "gradebook.db").exists()
    unsafe = subprocess.run(
        [*command, "--unsafe"],
        cwd=tiny.root,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert unsafe.returncode == 0, unsafe.stderr
    assert "WITHOUT a sandbox" in unsafe.stderr
    assert "2/2" in unsafe.stdout


def test_a_port_in_use_is_told_before_the_demo_is_built(tmp_path, capsys):
    """Nobody waits for a class to be graded and then finds that nothing can be shown."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        folder = tmp_path / "demo"
        code = main(["demo", str(folder), "--course", str(ROOT), "--port", str(port)])
    assert code == 1
    assert f"DEMO_PORT={port + 1}" in capsys.readouterr().err
    assert not folder.exists()
