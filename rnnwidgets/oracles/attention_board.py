"""Golden values of attention-board: scores and attention of ``rnncore``."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

import numpy as np

from rnncore._typing import Array
from rnncore.attending import attention, attention_weights
from rnncore.scores import (
    AdditiveParams,
    BilinearParams,
    additive_scores,
    bilinear_scores,
    dot_scores,
    scaled_dot_scores,
)
from rnnwidgets.attention_board import POSITIONS, AttentionBoard
from rnnwidgets.oracles import usual_cases

__all__ = ["EXACT", "SOURCE", "cases", "outputs"]

SOURCE: Final = "rnncore.attending.attention"
EXACT: Final = ()
TURN: Final = BilinearParams(np.array([[0.0, 1.0], [-1.0, 0.0]]))
ONES: Final = AdditiveParams(np.eye(2), np.eye(2), np.ones(2))


def _widened(vectors: Array, d: int) -> Array:
    """Repeat both coordinates, scaled so that vectors are sqrt(d / 2) times as alike."""
    widened: Array = np.tile(vectors, d // 2) * (2 / d) ** 0.25
    return widened


def _scores(inputs: Mapping[str, Any], query: Array, keys: Array) -> Array:
    """Score as the widget says, with vectors of the real width."""
    d = int(inputs["d"])
    match inputs["score"]:
        case "dot":
            return dot_scores(_widened(query, d), _widened(keys, d))[0]
        case "scaled":
            return scaled_dot_scores(_widened(query, d), _widened(keys, d))[0]
        case "bilinear":
            return bilinear_scores(query, keys, TURN)[0]
        case _:
            return additive_scores(query, keys, ONES)[0]


def outputs(inputs: Mapping[str, Any]) -> dict[str, Any]:
    """Attend to four keys with three queries, the first of which is the widget's.

    Args:
        inputs: The inputs of ``AttentionBoard``.

    Returns:
        Its results.

    >>> start = AttentionBoard.defaults()
    >>> [round(float(one), 4) for one in outputs(start)["context"]]
    [0.6164, 0.395]
    """
    x, y = inputs["q_x"], inputs["q_y"]
    query = np.array([[[x, y], [-y, x], [-x, -y]]], dtype=float)
    keys = np.array([[[inputs[f"k{at}_x"], inputs[f"k{at}_y"]] for at in POSITIONS]], dtype=float)
    scores = _scores(inputs, query, keys)
    real = np.array([[str(at) != inputs["mask"] for at in POSITIONS]])
    if inputs["mask_by"] == "inf":
        weights = attention_weights(scores / inputs["tau"], real)
    else:
        weights = attention_weights(scores * real[:, None] / inputs["tau"])
    if inputs["score"] == "dot" and inputs["d"] == "2" and inputs["tau"] == 1 and real.all():
        # Where the widget does nothing of its own, the whole function must say the same.
        context, same, _ = attention(query, keys, keys)
        np.testing.assert_allclose(same, weights, rtol=1e-13)
    else:
        context = weights @ keys
    first = weights[0, 0]
    positive = first[first > 0]
    return {
        "scores": scores[0, 0].tolist(),
        "weights": first.tolist(),
        "total": float(first.sum()),
        "context": context[0, 0].tolist(),
        "entropy": float(-(positive * np.log2(positive)).sum()),
        "map": weights[0].tolist(),
    }


def cases() -> dict[str, dict[str, Any]]:
    """Return the usual cases, and those of the chapter."""
    more = {
        "temperature_low": {"tau": 0.25},
        "temperature_high": {"tau": 4},
        "at_position_four": {"q_x": -1, "q_y": 0},
        "no_query": {"q_x": 0, "q_y": 0},
        "padding_first": {"mask": "1", "mask_by": "inf", "score": "additive"},
        "widest": {"d": "512", "tau": 0.1},
    }
    return usual_cases(AttentionBoard, more, random=16, seed=20260717)
