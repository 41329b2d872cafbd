"""The book is served on loopback only, with the types browsers insist on."""

import socket
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest

from tools.serve import BookServer


@pytest.fixture
def server(tmp_path: Path) -> Iterator[BookServer]:
    """A server for a directory with one file of each kind."""
    for name in ("index.html", "w.mjs", "w.js", "m.wasm", "f.woff2", "p.svg", "d.json", "s.css"):
        (tmp_path / name).write_text("x", encoding="utf-8")
    running = BookServer(tmp_path, 0)
    yield running
    running.close()


TYPES = {
    "": "text/html; charset=utf-8",
    "w.mjs": "text/javascript; charset=utf-8",
    "w.js": "text/javascript; charset=utf-8",
    "m.wasm": "application/wasm",
    "f.woff2": "font/woff2",
    "p.svg": "image/svg+xml",
    "d.json": "application/json",
    "s.css": "text/css; charset=utf-8",
}


@pytest.mark.parametrize("name", sorted(TYPES))
def test_types(name: str, server: BookServer) -> None:
    """Each file has its fixed type, whatever the system's own table says."""
    with urllib.request.urlopen(server.address + name) as answer:
        assert answer.headers["Content-Type"] == TYPES[name]


def test_nothing_above_the_book_is_served(server: BookServer) -> None:
    """A path that climbs out of the directory is not found."""
    with pytest.raises(urllib.error.HTTPError, match="404") as caught:
        urllib.request.urlopen(server.address + "..%2f..%2fetc/passwd")
    caught.value.close()


def test_loopback_only_and_closed_at_the_end(tmp_path: Path) -> None:
    """The server listens on 127.0.0.1, and its port is free again after closing."""
    running = BookServer(tmp_path, 0)
    port = int(running.address.rstrip("/").rsplit(":", 1)[1])
    assert running.address.startswith("http://127.0.0.1:")
    running.close()
    with socket.socket() as probe:
        assert probe.connect_ex(("127.0.0.1", port)) != 0


def test_a_wrong_address_shows_the_books_own_page(tmp_path: Path) -> None:
    """With a 404.html in the book, a missing page answers 404 and shows it."""
    (tmp_path / "404.html").write_text("<p>lost</p>", encoding="utf-8")
    running = BookServer(tmp_path, 0)
    with pytest.raises(urllib.error.HTTPError, match="404") as caught:
        urllib.request.urlopen(running.address + "a/b/absent.html")
    assert caught.value.read() == b"<p>lost</p>"
    assert caught.value.headers["Content-Type"] == "text/html; charset=utf-8"
    caught.value.close()
    running.close()
