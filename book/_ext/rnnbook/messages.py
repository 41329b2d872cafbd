"""The texts the extension writes onto pages, from one file, so that they can be translated."""

from __future__ import annotations

import functools
import tomllib
from pathlib import Path
from typing import Final

CATALOGUE: Final = Path(__file__).with_name("messages.toml")


@functools.cache
def messages(section: str) -> dict[str, str]:
    """Return the texts of a section by name."""
    found: dict[str, str] = tomllib.loads(CATALOGUE.read_text(encoding="utf-8"))[section]
    return found
