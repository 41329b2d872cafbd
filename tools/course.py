"""`make course`: install, build the book, serve it, start JupyterLab; Ctrl-C ends it all."""

import os
import signal
import time
from types import FrameType

from tools import book, environment
from tools.console import interruptible, say, step, stop
from tools.lab import LOG, Lab
from tools.machine import ROOT, port_from_environment, port_taken, require_port, require_venv
from tools.serve import BookServer


def main() -> int:
    """Bring the course up, and keep it up until the user ends it."""
    started = time.monotonic()
    for number in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, _as_interrupt)
    book_port = port_from_environment("BOOK_PORT", 8000)
    lab_port = port_from_environment("LAB_PORT", 8888)
    _check(book_port, lab_port)

    step(1, 3, "Python packages")
    environment.ensure("course")
    step(2, 3, "Book")
    book.build()
    step(3, 3, "Book server and JupyterLab")
    try:
        server = BookServer(book.HTML, book_port)
    except OSError:
        # Somebody took the port while packages were being installed.
        port_taken(book_port, "BOOK_PORT")
    # Reports of the checks link to the chapters; kernels learn the address from their environment.
    os.environ.setdefault("RNN_BOOK", server.address)
    lab = Lab(ROOT / "exercises", lab_port)
    try:
        if not lab.wait_until_ready():
            stop(f"JupyterLab did not start; its own words are in {LOG.relative_to(ROOT)}.")
        _announce(server.address, lab.address, time.monotonic() - started)
        return _watch(lab)
    finally:
        # A second Ctrl-C while things are being closed must not leave half of them open.
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, signal.SIG_IGN)
        say("\nStopping JupyterLab and the book server")
        lab.close()
        server.close()


def _check(book_port: int, lab_port: int) -> None:
    if book_port == lab_port:
        stop(f"BOOK_PORT and LAB_PORT must differ, and both are {book_port}.")
    require_port(book_port, "BOOK_PORT")
    require_port(lab_port, "LAB_PORT")
    require_venv()


def _announce(book_address: str, lab_address: str, seconds: float) -> None:
    say(
        f"""
  Read the book       {book_address}
  Solve the exercises {lab_address}

Ready after {seconds:.0f} s. Press Ctrl-C to stop both."""
    )


def _watch(lab: Lab) -> int:
    parent = os.getppid()
    # When make, or the terminal it ran in, is killed without a chance to say so, this ends too.
    while os.getppid() == parent:
        if not lab.is_running():
            stop(f"JupyterLab has ended by itself; its own words are in {LOG.relative_to(ROOT)}.")
        time.sleep(0.5)
    return 1


def _as_interrupt(_number: int, _frame: FrameType | None) -> None:
    raise KeyboardInterrupt


if __name__ == "__main__":
    raise SystemExit(interruptible(main, "make course"))
