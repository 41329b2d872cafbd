"""The built book, and a server for it under a base path."""

import contextlib
import io
import os
import shutil
import subprocess
import sys
import warnings
from collections.abc import Callable
from pathlib import Path

import pytest
from sphinx.cmd.build import build_main

ROOT = Path(__file__).parents[2]
BASE = "course/v1"  # the book must work below any path
#: What a small book needs to try one directive.
CONFIG = f"""
import sys
sys.path[:0] = [{str(ROOT)!r}, {str(ROOT / "book" / "_ext")!r}]
extensions = ["myst_parser", "rnnbook"]
myst_enable_extensions = ["colon_fence", "deflist", "dollarmath"]
"""


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


@pytest.fixture(scope="session")
def book(
    book_html: Path, serve: Callable[[Path], str], tmp_path_factory: pytest.TempPathFactory
) -> str:
    """The address of the served book, some folders below the root of its host."""
    top = tmp_path_factory.mktemp("site")
    (top / BASE).parent.mkdir(parents=True)
    (top / BASE).symlink_to(book_html.resolve(), target_is_directory=True)
    return f"{serve(top)}{BASE}/"


@pytest.fixture
def build(tmp_path: Path) -> Callable[..., tuple[str, str, Path]]:
    """A function that builds one page and returns its text, the warnings and the folder."""
    source, target = tmp_path / "source", tmp_path / "target"
    source.mkdir()
    (source / "conf.py").write_text(CONFIG, encoding="utf-8")
    shutil.copy(ROOT / "rnnwidgets" / "static" / "lstm_gates.mjs", source)

    def run(page: str, builder: str = "html", **drawings: str) -> tuple[str, str, Path]:
        (source / "index.md").write_text(f"# Title\n\n{page}", encoding="utf-8")
        for name, text in drawings.items():
            (source / f"{name}.svg").write_text(text, encoding="utf-8")
        complaints = io.StringIO()
        # In this process: starting another and importing Sphinx takes longer than building.
        with contextlib.redirect_stderr(complaints), warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of docutils and Sphinx about each other
            build_main(["-q", "-E", "-b", builder, str(source), str(target)])
        suffix = {"html": "html", "text": "txt", "latex": "tex"}[builder]
        pages = list(target.glob(f"*.{suffix}"))
        if builder == "html":
            pages = [target / "index.html"]
        text = "".join(path.read_text("utf-8") for path in pages if path.exists())
        return text, complaints.getvalue(), target

    return run
