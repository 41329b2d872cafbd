"""What the commands share: exit codes, colours, and where words go."""

import os
import sys
from typing import Literal, TextIO

DONE, REFUSED, NEEDS_PERSON, INTERRUPTED = 0, 1, 2, 130
Tone = Literal["good", "bad", "warn", "dim", "bold"]
_CODES: dict[Tone, str] = {"good": "32", "bad": "31", "warn": "33", "dim": "2", "bold": "1"}


def colourful(stream: TextIO) -> bool:
    """Whether to send colours there: a terminal that wants them (NO_COLOR, FORCE_COLOR, TERM)."""
    if os.environ.get("NO_COLOR"):
        return False
    if os.environ.get("FORCE_COLOR"):
        return True
    return stream.isatty() and os.environ.get("TERM") != "dumb"


def toned(text: str, tone: Tone, stream: TextIO | None = None) -> str:
    """`text` in a tone, where the stream shows colours; no meaning is in the colour alone."""
    if not colourful(stream or sys.stdout):
        return text
    return f"\033[{_CODES[tone]}m{text}\033[0m"


def warn(text: str) -> None:
    """A line to the terminal's error stream, named after the program."""
    print(f"{toned('rnngrader:', 'warn', sys.stderr)} {text}", file=sys.stderr)
