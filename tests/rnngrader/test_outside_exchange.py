"""A unit goes out and its pages come back through nbgrader's own exchange."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from rnngrader.feedback import write_feedback
from tests.rnngrader.courses import TinyCourse

SECRET = "ab12" * 32


@pytest.fixture(scope="module")
def graded(tmp_path_factory):
    """Three learners, of whom one came through the exchange, and one forged what lies beside."""
    tmp_path = tmp_path_factory.mktemp("course")
    tiny = TinyCourse(tmp_path)
    for name in ("ada", "bob", "eve"):
        tiny.hand_in(name)
    beside = tmp_path / "submitted" / "ada" / "tiny"
    (beside / "submission_secret.txt").write_text(SECRET)
    (beside / "timestamp.txt").write_text("2026-03-01 12:00:00.5 UTC")
    forged = tmp_path / "submitted" / "eve" / "tiny"
    (forged / "submission_secret.txt").write_bytes(b"\xff\x1b[2J/../../x")
    (forged / "timestamp.txt").symlink_to("/etc/passwd")
    command = [sys.executable, "-m", "rnngrader", "grade", "tiny", "--course", str(tmp_path)]
    assert subprocess.run(command, check=False, capture_output=True).returncode == 0
    return tiny


def test_nbgrader_releases_every_page(graded, tmp_path_factory):
    """`nbgrader release_feedback` publishes all pages, each under a name nobody can guess."""
    exchange = tmp_path_factory.mktemp("exchange")
    exchange.chmod(0o777)
    write_feedback(graded.course, "tiny")
    nbgrader = Path(sys.executable).with_name("nbgrader")
    command = [sys.executable, str(nbgrader), "release_feedback", "tiny"]
    done = subprocess.run(
        [*command, f"--Exchange.root={exchange}"],
        cwd=graded.root,
        env={**os.environ, "HOME": str(exchange)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert len(list((exchange / "rnn-course" / "feedback").glob("*.html"))) == 3


def test_only_a_secret_and_a_time_pass(graded):
    """A secret that nbgrader drew is kept, a forged one replaced; no other text gets through."""
    write_feedback(graded.course, "tiny")
    pages = graded.course.feedback
    secrets = {
        name: (pages / name / "tiny" / "submission_secret.txt").read_text()
        for name in ("ada", "bob", "eve")
    }
    assert secrets["ada"] == SECRET
    assert len(set(secrets.values())) == 3
    assert all(len(secret) >= 64 and secret.isalnum() for secret in secrets.values())
    stamps = [(pages / n / "tiny" / "timestamp.txt").read_text() for n in ("ada", "eve")]
    assert stamps == ["2026-03-01 12:00:00.500000 UTC", ""]
