"""What people read: one file for each language."""

import tomllib
from functools import cache
from pathlib import Path
from typing import Any


@cache
def catalogue(language: str = "en") -> dict[str, Any]:
    """Read all messages of a language."""
    path = Path(__file__).parent / f"{language}.toml"
    return tomllib.loads(path.read_text(encoding="utf-8"))


def say(key: str, **values: object) -> str:
    """Return a message, filled in.

    Raises:
        KeyError: if there is no such message, or a value for it is missing.
    """
    text: str = catalogue()[key]
    return text.format(**values)
