"""A run as a table for a terminal."""

from collections.abc import Sequence
from typing import Protocol


class Row(Protocol):
    """What the table shows of a submission."""

    @property
    def student(self) -> str:
        """Whose it is."""

    @property
    def score(self) -> float:
        """Points so far."""

    @property
    def max_score(self) -> float:
        """Points of the unit."""

    @property
    def waiting(self) -> tuple[str, ...]:
        """Questions that a person has yet to give points for."""

    @property
    def causes(self) -> dict[str, str]:
        """What went wrong, by question."""

    @property
    def reason(self) -> str:
        """Why nothing was graded."""


def print_table(rows: Sequence[Row]) -> None:
    """Print student, score and causes; `+` marks points that a person has yet to give."""
    width = max([len("student"), *(len(row.student) for row in rows)])
    print(f"{'student':<{width}}  {'score':>9}  cause")
    for row in rows:
        waiting = "+" if row.waiting else " "
        score = f"{row.score:g}/{row.max_score:g}"
        cause = row.reason or "; ".join(_causes(row))
        print(f"{row.student:<{width}}  {score:>8}{waiting}  {cause}")


def _causes(row: Row) -> list[str]:
    """One entry per cause, with the questions it was found in."""
    found: dict[str, list[str]] = {}
    for name, cause in row.causes.items():
        found.setdefault(cause, []).append(name.removeprefix("check_"))
    return [f"{cause} ({', '.join(names)})" for cause, names in found.items()]
