"""Golden values of bottleneck: the runs of two experiments, put together again."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

import numpy as np

from rnnwidgets.bottleneck import LENGTHS, SIZES, Bottleneck
from rnnwidgets.oracles import usual_cases
from rnnwidgets.oracles._recordings import results

__all__ = ["EXACT", "SOURCE", "cases", "outputs"]

SOURCE: Final = "rnncore.seq2seq.greedy_decode"
#: The seeds that both experiments have for every condition.
SEEDS: Final = (0, 1, 2)
EXACT: Final = ("accuracy", "least", "largest", "places")


def outputs(inputs: Mapping[str, Any]) -> dict[str, Any]:
    """Return the shares of right letters, from what each run wrote in its file.

    >>> len(outputs({"length": "4", "size": "64", "attention": "on"})["places"])
    4
    """
    condition = {
        "length": int(inputs["length"]),
        "hidden_size": int(inputs["size"]),
        "design": "attention" if inputs["attention"] == "on" else "none",
    }
    name = "reversal" if inputs["size"] == "64" else "bottleneck"
    runs = [
        run["numbers"]
        for run in results(name)["runs"]
        if run["condition"] == condition and run["seed"] in SEEDS
    ]
    seeds = np.rint(100 * np.array([run["letter_accuracy"] for run in runs]))
    places = np.mean([run["accuracy_by_source_position"] for run in runs], axis=0)
    return {
        "accuracy": float(seeds.mean()) / 100,
        "least": float(seeds.min()) / 100,
        "largest": float(seeds.max()) / 100,
        "places": [float(share) / 100 for share in np.rint(100 * places)],
    }


def cases() -> dict[str, dict[str, Any]]:
    """Return the usual cases, and the whole grid."""
    grid = {
        f"{length}_{size}_{attention}": {"length": length, "size": size, "attention": attention}
        for length in LENGTHS
        for size in SIZES
        for attention in ("off", "on")
    }
    return usual_cases(Bottleneck, grid, random=0, seed=0)
