"""What is pinned can be installed on the oldest Python that the course promises."""

from importlib.metadata import distributions

import pytest
from packaging.specifiers import SpecifierSet

OLDEST = "3.11.2"  # the Python of Debian 12, on which a bare machine starts


def too_new(found, python):
    """Names and versions of distributions that refuse this Python."""
    return [
        f"{name} {version} needs Python {needs}"
        for name, version, needs in found
        if needs and not SpecifierSet(needs).contains(python)
    ]


def test_every_installed_package_accepts_the_oldest_python():
    """The tests run with the pinned versions, so what is installed here is what a user gets."""
    found = [
        (d.metadata["Name"], d.version, d.metadata.get("Requires-Python")) for d in distributions()
    ]
    assert len(found) > 100
    assert too_new(found, OLDEST) == []


@pytest.mark.parametrize("needs", [">=3.11.5", ">=3.12", "==3.13.*"])
def test_the_check_can_fail(needs):
    """A package for newer Pythons only is found."""
    assert too_new([("soup", "4.1", needs)], OLDEST)
