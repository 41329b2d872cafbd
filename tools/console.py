"""What the tools say: numbered steps, and one clear sentence when something is wrong."""

import sys
from collections.abc import Callable
from typing import Never


def say(text: str = "") -> None:
    """Print a line at once, also into a pipe."""
    print(text, flush=True)


def step(number: int, total: int, text: str) -> None:
    """Print the heading of one step of several."""
    say(f"[{number}/{total}] {text}")


def stop(sentence: str) -> Never:
    """End the program with a sentence that names the remedy, and exit code 2."""
    print(sentence, file=sys.stderr, flush=True)
    raise SystemExit(2)


def interruptible(main: Callable[[], int], again: str) -> int:
    """Run a program; on Ctrl-C say what to type to go on, instead of a traceback."""
    try:
        return main()
    except KeyboardInterrupt:
        say(f"\nStopped. To go on: {again}")
        return 130
