"""`exercises/` is exactly what `solutions/` gives, and gives nothing away."""

from pathlib import Path

import pytest

from tools.leaks import find_leaks
from tools.release import build, differences, units


@pytest.fixture(scope="session")
def fresh(root: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The release of every unit, made now."""
    destination = tmp_path_factory.mktemp("release")
    build(root, destination)
    return destination


def test_there_are_units(root: Path) -> None:
    """There is something to release; without this the tests below would hold for nothing."""
    assert units(root)


def test_committed_release_is_current(root: Path, fresh: Path) -> None:
    """The committed exercises have the very bytes of a release made now."""
    assert differences(fresh, root / "exercises") == []


def test_release_twice_is_identical(root: Path, fresh: Path, tmp_path: Path) -> None:
    """A second release has the very bytes of the first."""
    build(root, tmp_path)
    assert differences(tmp_path, fresh) == []


def test_release_gives_nothing_away(root: Path) -> None:
    """No solution line, hidden test or marker is in what learners get."""
    for unit in units(root):
        assert find_leaks(root / "solutions" / unit, root / "exercises" / unit) == []
