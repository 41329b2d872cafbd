"""Rules for all tests: no network, and no two browsers at once."""

import socket
from collections.abc import Iterator
from pathlib import Path

import pytest

TESTS = Path(__file__).parent
ROOT = TESTS.parent
LOOPBACK = ("127.", "::1", "localhost", "0.0.0.0")  # noqa: S104  (compared with, not listened on)


@pytest.fixture(scope="session")
def root() -> Path:
    """The repository."""
    return ROOT


@pytest.fixture(autouse=True, scope="session")
def no_network() -> Iterator[None]:
    """Refuse every connection that leaves the machine."""
    connect = socket.socket.connect

    def guarded(self: socket.socket, address: object) -> None:
        host = str(address[0]) if isinstance(address, tuple) else ""
        if self.family in {socket.AF_INET, socket.AF_INET6} and not host.startswith(LOOPBACK):
            raise OSError(f"a test tried to reach {host}; tests run without a network")
        connect(self, address)

    patch = pytest.MonkeyPatch()
    patch.setattr(socket.socket, "connect", guarded)
    yield
    patch.undo()


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Keep what shares one resource (the built book, the browser) on one worker."""
    for item in items:
        if item.get_closest_marker("xdist_group"):
            continue
        if item.get_closest_marker("browser") or TESTS / "book" in item.path.parents:
            item.add_marker(pytest.mark.xdist_group("browser"))
