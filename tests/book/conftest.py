"""The built book, a server for it under a base path, and a browser that reaches nothing else."""

import functools
import http.server
import os
import shutil
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, Route, sync_playwright

ROOT = Path(__file__).parents[2]
BASE = "course/v1"  # the book must work below any path
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


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Leave time for the build of the book, which the first test waits for."""
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.timeout(900))


@pytest.fixture(scope="session")
def book_html(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The built book: RNN_BOOK_HTML where set, else built here with warnings as errors."""
    given = os.environ.get("RNN_BOOK_HTML")
    if given:
        html = Path(given)
        assert (html / "index.html").is_file(), (
            f"expected a built book in RNN_BOOK_HTML, got {html}"
        )
        return html
    target = tmp_path_factory.mktemp("book")
    program = Path(sys.executable).parent / "jupyter-book"
    command = [program, "build", "book", "--path-output", target, "-W", "-n", "--keep-going"]
    answer = subprocess.run(
        [str(part) for part in command], cwd=ROOT, capture_output=True, text=True, check=False
    )
    if answer.returncode:
        pytest.fail(f"the book does not build:\n{answer.stdout[-4000:]}\n{answer.stderr[-4000:]}")
    return target / "_build" / "html"


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
def book(
    book_html: Path, serve: Callable[[Path], str], tmp_path_factory: pytest.TempPathFactory
) -> str:
    """The address of the served book, some folders below the root of its host."""
    top = tmp_path_factory.mktemp("site")
    (top / BASE).parent.mkdir(parents=True)
    (top / BASE).symlink_to(book_html.resolve(), target_is_directory=True)
    return f"{serve(top)}{BASE}/"


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """One browser for all tests."""
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

    page: Page
    foreign: list[str] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)

    def check(self) -> None:
        """Fail if the page asked another host for something, or reported an error."""
        assert not self.foreign, f"expected no request to other hosts, got {self.foreign}"
        assert not self.problems, f"expected no errors on the page, got {self.problems}"


@pytest.fixture
def visit(chromium: Browser) -> Iterator[Callable[..., Visit]]:
    """A function that opens a new page with the given context options and watches it."""
    contexts: list[BrowserContext] = []

    def start(**options: object) -> Visit:
        context = chromium.new_context(**options)  # type: ignore[arg-type]
        contexts.append(context)
        seen = Visit(context.new_page())

        def guard(route: Route) -> None:
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
