"""What goes into the sandbox and what comes out of loading it: plain data."""

from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class Limits:
    """What a submission may use; a unit's manifest sets them.

    Times are wall-clock seconds, sizes mebibytes (`_mb`) or kibibytes (`_kb`).
    """

    call_s: float = 5.0
    load_s: float = 10.0
    question_s: float = 60.0
    memory_mb: int = 1024
    output_kb: int = 32


@dataclass(frozen=True)
class Cell:
    """One cell of learner code to run: the id it is reported under, and its source."""

    id: str
    source: str


@dataclass
class CellRun:
    """What a learner's cell printed, and the problems it met while it was loaded."""

    id: str
    output: str = ""
    problems: list[dict[str, Any]] = field(default_factory=list)
