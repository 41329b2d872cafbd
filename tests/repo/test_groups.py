"""Tests that share a costly thing stay on one worker."""

import subprocess
import sys
from pathlib import Path

TESTS = """
import os, pytest, time
pytestmark = pytest.mark.xdist_group("one")
@pytest.mark.parametrize("number", range(6))
def test_it(number):
    time.sleep(0.05)
    open({log!r}, "a").write(f"{{os.getpid()}}\\n")
"""


def test_a_group_stays_on_one_worker(tmp_path: Path) -> None:
    """With two workers, all tests of a group run in one process, as `make test` runs them."""
    log = tmp_path / "log"
    (tmp_path / "test_it.py").write_text(TESTS.format(log=str(log)), encoding="utf-8")
    command = [sys.executable, "-m", "pytest", "-q", "-n", "2", "--dist", "loadgroup", "test_it.py"]
    subprocess.run(command, cwd=tmp_path, check=True, capture_output=True)
    assert len(set(log.read_text(encoding="utf-8").split())) == 1
