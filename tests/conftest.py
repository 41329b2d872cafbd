"""For all tests: no network, and browsers that reach nothing else, one in each worker at most."""

import functools
import http.server
import os
import shutil
import signal
import socket
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from playwright.sync_api import Browser, BrowserContext, Page, Route

TESTS = Path(__file__).parent
ROOT = TESTS.parent
LOOPBACK = ("127.", "::1", "localhost", "0.0.0.0")  # noqa: S104  (compared with, not listened on)
CHROMIUM = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
SWITCHES = (
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    # No name resolves, so not even a worker can leave the machine.
    "--host-resolver-rules=MAP * ~NOTFOUND , EXCLUDE 127.0.0.1",
)


def pytest_configure() -> None:
    """Hear Ctrl-C: a shell has what it starts in the background ignore it, and so its children."""
    if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
        signal.signal(signal.SIGINT, signal.default_int_handler)


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


class _Quiet(http.server.SimpleHTTPRequestHandler):
    def log_message(self, *_message: object) -> None:
        """Write nothing: a failed test shows what was asked for."""


@pytest.fixture(scope="session")
def serve() -> Iterator[Callable[[Path], str]]:
    """A function that serves a folder on a free port of this machine and gives its address."""
    servers = []

    def start(folder: Path) -> str:
        handler = functools.partial(_Quiet, directory=str(folder))
        server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler)
        threading.Thread(target=server.serve_forever, daemon=True).start()
        servers.append(server)
        return f"http://127.0.0.1:{server.server_port}/"

    yield start
    for server in servers:
        server.shutdown()
        server.server_close()


@pytest.fixture(scope="session")
def chromium() -> "Iterator[Browser]":
    """One browser for all tests."""
    # Most tests need no browser; they should not wait for this import.
    from playwright.sync_api import sync_playwright

    program = next(filter(None, map(shutil.which, CHROMIUM)), None)
    if program is None:
        pytest.fail("expected Chromium on PATH; install the package chromium")
    switches = [*SWITCHES, *(["--no-sandbox"] if os.geteuid() == 0 else [])]
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=switches)
        yield browser
        browser.close()


@dataclass
class Visit:
    """A page and everything that went wrong on it."""

    page: "Page"
    foreign: list[str] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)

    def check(self) -> None:
        """Fail if the page asked another host for something, or reported an error."""
        assert not self.foreign, f"expected no request to other hosts, got {self.foreign}"
        assert not self.problems, f"expected no errors on the page, got {self.problems}"


def _watched(context: "BrowserContext") -> Visit:
    """Open a page in this context, keep it from other hosts, and note what goes wrong on it."""
    seen = Visit(context.new_page())

    def guard(route: "Route") -> None:
        address = route.request.url
        if address.startswith(("http://127.0.0.1:", "data:", "blob:", "file:")):
            route.continue_()
        else:
            seen.foreign.append(address)
            route.abort()

    context.route("**/*", guard)
    seen.page.on("pageerror", lambda error: seen.problems.append(str(error)))
    seen.page.on(
        "console",
        lambda message: (
            message.type in {"error", "warning"}
            and seen.problems.append(f"{message.type}: {message.text} {message.location}")
        ),
    )
    seen.page.on(
        "response",
        lambda answer: (
            answer.status >= 400 and seen.problems.append(f"{answer.status} {answer.url}")
        ),
    )
    return seen


@pytest.fixture(scope="session")
def watched() -> Callable[["BrowserContext"], Visit]:
    """A function that opens a watched page in a context of the browser."""
    return _watched


@pytest.fixture
def visit(chromium: "Browser") -> Iterator[Callable[..., Visit]]:
    """A function that opens a new page with the given context options and watches it."""
    contexts: list["BrowserContext"] = []

    def start(**options: object) -> Visit:
        context = chromium.new_context(**options)  # type: ignore[arg-type]
        contexts.append(context)
        return _watched(context)

    yield start
    for context in contexts:
        context.close()


@pytest.fixture(scope="session")
def axe() -> str:
    """The text of axe-core, the accessibility checker."""
    path = ROOT / "node_modules" / "axe-core" / "axe.min.js"
    if not path.is_file():
        pytest.fail("expected node_modules/axe-core; run: npm ci")
    return path.read_text(encoding="utf-8")


# First, so that the groups are there when xdist reads them.
@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Keep what shares one resource (the built book, or a browser) on one worker."""
    for item in items:
        if item.get_closest_marker("xdist_group"):
            continue
        if TESTS / "book" in item.path.parents:
            item.add_marker(pytest.mark.xdist_group("book"))
        elif item.get_closest_marker("browser"):
            item.add_marker(pytest.mark.xdist_group("browser"))
