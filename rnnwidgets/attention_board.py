"""Attention over four positions, as a notebook widget."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from typing import Any, ClassVar, Final

from rnnwidgets._inputs import Choice, Number, Result
from rnnwidgets._widget import CourseWidget, Presets, bundle

__all__ = ["AttentionBoard", "attend"]

POSITIONS: Final = (1, 2, 3, 4)
Pair = Sequence[float]


def _dot(query: Pair, key: Pair) -> float:
    return query[0] * key[0] + query[1] * key[1]


SCORES: Final[Mapping[str, Callable[[Pair, Pair, int], float]]] = {
    "dot": lambda query, key, d: math.sqrt(d / 2) * _dot(query, key),
    "scaled": lambda query, key, _d: _dot(query, key) / math.sqrt(2),
    "bilinear": lambda query, key, _d: query[0] * key[1] - query[1] * key[0],
    "additive": lambda query, key, _d: sum(
        math.tanh(one + other) for one, other in zip(query, key, strict=True)
    ),
}


def _softmax(scores: Sequence[float]) -> list[float]:
    peak = max(scores)
    exps = [math.exp(score - peak) for score in scores]
    total = sum(exps)
    return [exp / total for exp in exps]


def attend(
    q_x: float,
    q_y: float,
    score: str,
    tau: float,
    d: str,
    mask: str,
    mask_by: str,
    **keys: float,
) -> dict[str, Any]:
    r"""Share one unit of weight between four keys, which are their own values.

    .. math:: weights = \mathrm{softmax}(scores / \tau), \quad context = \sum_j weights_j\, key_j

    Args:
        q_x: First coordinate of the query.
        q_y: Second coordinate.
        score: "dot", "scaled", "bilinear" (the key is turned by 90 degrees first) or "additive"
            (all weights 1).
        tau: Temperature, above 0.
        d: Width of vectors that are typical and have these directions: the dot product grows with
            the root of d, the scaled one does not grow.
        mask: Position that is padding, or "none".
        mask_by: "inf" gives padding the score minus infinity, "zero" the score 0 (a mistake).
        keys: ``k1_x``, ``k1_y``, ... ``k4_y``.

    Returns:
        ``scores`` before the mask, ``weights``, their sum ``total``, ``context``, ``entropy`` in
        bits, and ``map``: the weights of the query, of the query turned by 90 degrees, and of its
        opposite.

    Source:
        ``rnncore.attending.attention``.

    >>> start = AttentionBoard.defaults()
    >>> [round(weight, 4) for weight in attend(**start)["weights"]]
    [0.4456, 0.3301, 0.1639, 0.0603]
    """
    places = [(keys[f"k{at}_x"], keys[f"k{at}_y"]) for at in POSITIONS]
    padding = -math.inf if mask_by == "inf" else 0.0
    scores, rows = [], []
    for query in ((q_x, q_y), (-q_y, q_x), (-q_x, -q_y)):
        plain = [SCORES[score](query, key, int(d)) for key in places]
        seen = [
            padding if str(at) == mask else one for at, one in zip(POSITIONS, plain, strict=True)
        ]
        scores.append(plain)
        rows.append(_softmax([one / tau for one in seen]))
    weights = rows[0]
    context = [
        sum(weight * key[side] for weight, key in zip(weights, places, strict=True))
        for side in (0, 1)
    ]
    return {
        "scores": scores[0],
        "weights": weights,
        "total": sum(weights),
        "context": context,
        "entropy": sum(-weight * math.log2(weight) for weight in weights if weight > 0),
        "map": rows,
    }


class AttentionBoard(CourseWidget):
    r"""A query, four keys, and who gets how much of the weight.

    .. math:: weights = \mathrm{softmax}(scores / \tau), \quad context = \sum_j weights_j\, key_j

    Args:
        q_x, q_y: Query, each from -2 to 2.
        score: "dot", "scaled", "bilinear" or "additive".
        tau: Temperature, from 0.1 to 8.
        d: "2", "8", "32", "128" or "512", for the dot products.
        mask: "none" or the position that is padding, "1" to "4".
        mask_by: "inf" or "zero".
        k1_x, k1_y, ...: The four keys, each from -2 to 2.

    Results are ``scores``, ``weights``, ``total``, ``context``, ``entropy`` and ``map``.

    Raises:
        traitlets.TraitError: "expected tau from 0.1 to 8, got 0".

    >>> round(AttentionBoard(tau=0.25).entropy, 2)
    0.88
    """

    _esm = bundle("attention_board")
    PRESETS: ClassVar[Presets] = {
        "sharp": {"tau": 0.25, "score": "dot", "d": "2", "mask": "none"},
        "flat": {"tau": 4, "score": "dot", "d": "2", "mask": "none"},
        "wide": {"tau": 1, "score": "dot", "d": "128", "mask": "none"},
        "scaled": {"tau": 1, "score": "scaled", "d": "128", "mask": "none"},
        "leaks": {"tau": 1, "score": "dot", "d": "2", "mask": "4", "mask_by": "zero"},
        "masked": {"tau": 1, "score": "dot", "d": "2", "mask": "4", "mask_by": "inf"},
    }

    q_x = Number(-2, 2, 1)
    q_y = Number(-2, 2, 0)
    score = Choice("dot", "scaled", "bilinear", "additive")
    tau = Number(0.1, 8, 1)
    d = Choice("2", "8", "32", "128", "512")
    mask = Choice("none", "1", "2", "3", "4")
    mask_by = Choice("inf", "zero")
    k1_x = Number(-2, 2, 1)
    k1_y = Number(-2, 2, 0)
    k2_x = Number(-2, 2, 0.7)
    k2_y = Number(-2, 2, 0.7)
    k3_x = Number(-2, 2, 0)
    k3_y = Number(-2, 2, 1)
    k4_x = Number(-2, 2, -1)
    k4_y = Number(-2, 2, 0)

    scores = Result()
    weights = Result()
    total = Result()
    context = Result()
    entropy = Result()
    map = Result()

    compute = staticmethod(attend)
