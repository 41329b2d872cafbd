"""`make pdf`: build the book if needed, and print it to one PDF."""

import subprocess
import time

from tools import book, environment
from tools.console import interruptible, say, stop
from tools.machine import BUILD, ROOT, install_packages, missing_packages

PDF = BUILD / "book.pdf"


def main() -> int:
    """Install what printing needs, build the book, and print it."""
    missing = missing_packages()
    if missing:
        install_packages(missing)
    # Printing needs Chromium and what drives it, which the tests need too.
    environment.ensure("test")
    book.build()
    started = time.monotonic()
    command = [environment.PYTHON, "-m", "tools.print_book", book.HTML, ROOT / "book/_toc.yml", PDF]
    done = subprocess.run(
        [str(part) for part in command],
        cwd=ROOT,
        env=environment.clean_environment(),
        stdin=subprocess.DEVNULL,
        check=False,
    )
    if done.returncode:
        stop("The book could not be printed; the lines above say why.")
    say(f"The book is in {PDF.relative_to(ROOT)} ({time.monotonic() - started:.0f} s)")
    return 0


if __name__ == "__main__":
    raise SystemExit(interruptible(main, "make pdf"))
