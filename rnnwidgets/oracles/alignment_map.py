"""Golden values of alignment-map: the recorded networks, run again by ``rnncore``."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from rnnwidgets.alignment_map import AlignmentMap
from rnnwidgets.oracles import usual_cases
from rnnwidgets.oracles._recordings import looked, results

__all__ = ["EXACT", "SOURCE", "cases", "outputs"]

SOURCE: Final = "rnncore.seq2seq"
EXACT: Final = ("written", "weights", "probability")


def outputs(inputs: Mapping[str, Any]) -> dict[str, Any]:
    """Run the network of an example again.

    >>> outputs({"example": "cabbage", "t": 1})["written"]
    'egabbac'
    """
    recorded = results("recordings_alignment")
    example = recorded["examples"][inputs["example"]]
    found = looked(recorded["models"][example["task"]], example["source"])
    return {
        "written": "".join(best[0] for best in found["best"]),
        "weights": [[per_cent / 100 for per_cent in row] for row in found["weights"]],
        "probability": [p[0] / 100 for p in found["p"]],
    }


def cases() -> dict[str, dict[str, Any]]:
    """Return the usual cases; every example is one of them."""
    return usual_cases(AlignmentMap, {}, random=0, seed=0)
