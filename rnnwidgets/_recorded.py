"""Numbers that were computed once and are shown again: trained networks and drawn weights."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Any, Final

__all__ = ["RECORDED", "recorded"]

RECORDED: Final = Path(__file__).parent / "recorded"


@cache
def recorded(module: str) -> dict[str, Any]:
    """Return what was recorded for a widget; the JavaScript reads the same file.

    >>> recorded("memory_race")["firsts"]
    [-0.5, 0.0, 0.5, 1.0]
    """
    text = (RECORDED / f"{module}.json").read_text(encoding="utf-8")
    found: dict[str, Any] = json.loads(text)
    return found
