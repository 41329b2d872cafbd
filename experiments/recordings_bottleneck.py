"""Write what the widget bottleneck shows of two experiments: reversal by length and state size.

``python -m experiments.recordings_bottleneck`` reads ``experiments/results/reversal.json`` and
``experiments/results/bottleneck.json`` and writes ``rnnwidgets/recorded/bottleneck.json``; it
trains nothing. ``python -m experiments reversal`` and ``python -m experiments bottleneck`` do.
"""

from __future__ import annotations

from typing import Any, Final

import numpy as np

from experiments.recording import RECORDED, recorded_text
from rnnwidgets.oracles._recordings import results

__all__ = ["compact", "main", "runs"]

WIDGET: Final = "bottleneck"
SOURCES: Final = ("reversal", "bottleneck")
#: The seeds that both experiments have for every condition.
SEEDS: Final = (0, 1, 2)
DESIGNS: Final = ("none", "attention")
LENGTHS: Final = (4, 8, 12, 20)
SIZES: Final = (8, 16, 32, 64)


def runs(design: str, hidden_size: int, length: int) -> list[dict[str, Any]]:
    """Return the numbers of all runs of one condition, one for each seed.

    Raises:
        ValueError: a seed is missing.
    """
    wanted = {"length": length, "hidden_size": hidden_size, "design": design}
    found = [
        run["numbers"]
        for name in SOURCES
        for run in results(name)["runs"]
        if run["condition"] == wanted and run["seed"] in SEEDS
    ]
    if len(found) != len(SEEDS):
        raise ValueError(f"expected {len(SEEDS)} seeds of {wanted}, got {len(found)}")
    return found


def _per_cent(shares: Any) -> list[int]:
    return [int(share) for share in np.rint(100 * np.asarray(shares))]


def _words(design: str, hidden_size: int, length: int) -> list[int]:
    """Share of right letters of each seed, in whole per cent."""
    return _per_cent([one["letter_accuracy"] for one in runs(design, hidden_size, length)])


def _places(design: str, hidden_size: int, length: int) -> list[list[int]]:
    """Share of right letters at each place of the source: mean, least, largest over the seeds."""
    found = runs(design, hidden_size, length)
    rows = np.array([one["accuracy_by_source_position"] for one in found])
    return [_per_cent(part) for part in (rows.mean(axis=0), rows.min(axis=0), rows.max(axis=0))]


def compact() -> dict[str, Any]:
    """Return the grid: designs, in them sizes, in them lengths."""
    settings = results(SOURCES[0])["settings"]

    def grid(part: Any) -> list[list[list[Any]]]:
        return [
            [[part(design, size, length) for length in LENGTHS] for size in SIZES]
            for design in DESIGNS
        ]

    return {
        "seeds": len(SEEDS),
        "updates": settings["steps"],
        "test_words": settings["test"],
        "letters": grid(_words),
        "places": grid(_places),
    }


def main() -> None:
    """Write the file of the widget."""
    text = recorded_text(compact())
    (RECORDED / f"{WIDGET}.json").write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
