"""What the widget tests share: the tools that Node brings."""

import shutil
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="session")
def node() -> str:
    """The Node program, with the packages of package-lock.json installed."""
    program = shutil.which("node")
    if program is None:
        pytest.fail("expected the program node; install Node 20 or newer")
    if not (ROOT / "node_modules" / "esbuild").is_dir():
        pytest.fail("expected node_modules; run: npm ci")
    return program
