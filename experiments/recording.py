"""Write what was learned: the whole of it for people, and the part that a widget shows."""

from __future__ import annotations

import json
import platform
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

import numpy as np

from rnncore._typing import Array

__all__ = ["RECORDED", "RESULTS", "recorded_text", "save", "spread"]

RESULTS: Final = Path(__file__).parent / "results"
RECORDED: Final = Path(__file__).parents[1] / "rnnwidgets" / "recorded"
DIGITS: Final = 4


def spread(rows: Array) -> dict[str, Any]:
    """Return mean, least and largest value over the seeds, which are the first axis.

    >>> spread(np.array([[1.0, 2.0], [3.0, 5.0]]))["mean"]
    [2.0, 3.5]
    """
    parts = {"mean": rows.mean(axis=0), "least": rows.min(axis=0), "largest": rows.max(axis=0)}
    return {name: np.round(part, DIGITS).tolist() for name, part in parts.items()}


def recorded_text(part: dict[str, Any]) -> str:
    """Return the file of a widget: JSON without spaces, one line for each entry of the top."""
    lines = (f"{json.dumps(key)}:{json.dumps(part[key], separators=(',', ':'))}" for key in part)
    return "{" + ",\n".join(lines) + "}\n"


def save(
    name: str,
    results: dict[str, Any],
    widget: str,
    compact: Callable[[dict[str, Any]], dict[str, Any]],
) -> None:
    """Write ``experiments/results/NAME.json`` and ``rnnwidgets/recorded/WIDGET.json``."""
    head = {
        "command": f"python -m experiments.{name}",
        "machine": platform.machine(),
        "versions": {"python": platform.python_version(), "numpy": np.__version__},
    }
    RESULTS.mkdir(exist_ok=True)
    RECORDED.mkdir(exist_ok=True)
    text = json.dumps(head | results, indent=1) + "\n"
    (RESULTS / f"{name}.json").write_text(text, encoding="utf-8")
    (RECORDED / f"{widget}.json").write_text(recorded_text(compact(results)), encoding="utf-8")
