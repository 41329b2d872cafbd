"""Backpropagation through time, one factor at a time, as a notebook widget."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any, ClassVar, Final, TypeAlias

from rnnwidgets._inputs import Choice, Number, Result
from rnnwidgets._recorded import recorded
from rnnwidgets._widget import CourseWidget, Presets, bundle

__all__ = ["ALPHABET", "WORD", "BPTTUnrolled", "unrolled_gradient"]

WORD: Final = "hello"
ALPHABET: Final = "helo"
LONGEST: Final = 6

Vector: TypeAlias = list[float]
Matrix: TypeAlias = list[Vector]


def _network(network: str, w: float) -> tuple[Matrix, Matrix]:
    """Return the recurrent weights, and W_x x + b for each step."""
    if network == "scalar":
        return [[w]], [[1.0]] + [[0.0]] * (LONGEST - 1)
    drawn = recorded("bptt_unrolled")
    biases = [one + other for one, other in zip(drawn["bias_ih"], drawn["bias_hh"], strict=True)]
    columns = [ALPHABET.index(letter) for letter in WORD]
    inputs = [
        [row[column] + bias for row, bias in zip(drawn["weight_ih"], biases, strict=True)]
        for column in columns
    ]
    return [[w * weight for weight in row] for row in drawn["weight_hh"]], inputs


def _dot(one: Sequence[float], other: Sequence[float]) -> float:
    return sum(a * b for a, b in zip(one, other, strict=True))


def _reach(states: Matrix, recurrent: Matrix) -> Matrix:
    """Return dL/dh_t for t = 1 to T, where L is the sum of the entries of h_T."""
    found = [[1.0] * len(recurrent)]
    for h in reversed(states[2:]):
        da = [dh * (1.0 - value**2) for dh, value in zip(found[0], h, strict=True)]
        found.insert(0, [_dot(da, column) for column in zip(*recurrent, strict=True)])
    return found


def _total(shares: Sequence[Vector]) -> Vector:
    return [math.fsum(entries) for entries in zip(*shares, strict=True)]


def unrolled_gradient(network: str, T: int, node: int, k: int, w: float) -> dict[str, Any]:
    r"""Say what each step adds to the gradient by the recurrent weights.

    .. math:: \frac{dL}{dW_h} = \sum_t \delta_t h_{t-1}^\top, \quad
        \delta_t = (1 - h_t^2) \odot \frac{dL}{dh_t}, \quad
        \frac{dL}{dh_{t-1}} = W_h^\top \delta_t

    The loss L is the sum of the entries of h_T, so its gradient by h_T is 1 everywhere.

    Args:
        network: "hello" for two units that read the letters of the word; "scalar" for one unit
            whose first input is 1 and whose others are 0.
        T: Number of steps, 2 to 6; the word has 5.
        node: Step whose path is wanted, 1 to T; a larger one counts as T.
        k: Steps that the gradient goes back from the loss; from T on nothing is cut.
        w: The recurrent weight; for "hello" a factor on all recurrent weights.

    Returns:
        ``shares`` of the steps (entries row by row; exactly 0 where cut), ``total`` their sum,
        ``full`` the sum without truncation, ``path`` dL/dh of the chosen node, not truncated.

    Source:
        ``rnncore.rnn.rnn_forward`` and ``rnn_backward``, for one sequence.

    >>> unrolled_gradient("scalar", T=3, node=1, k=6, w=1.0)["shares"][0]
    [0.0]
    >>> print("{:.4f}".format(*unrolled_gradient("scalar", T=3, node=1, k=6, w=1.0)["total"]))
    0.7403
    """
    recurrent, inputs = _network(network, w)
    steps = min(T, len(inputs))
    states = [[0.0] * len(recurrent)]
    for a in inputs[:steps]:
        pairs = zip(a, recurrent, strict=True)
        states.append([math.tanh(value + _dot(row, states[-1])) for value, row in pairs])
    reach = _reach(states, recurrent)
    whole = [
        [
            dh * (1.0 - h**2) * h_prev
            for dh, h in zip(reach[t], states[t + 1], strict=True)
            for h_prev in states[t]
        ]
        for t in range(steps)
    ]
    cut = max(0, steps - k)
    shares = [[0.0] * len(share) if t < cut else share for t, share in enumerate(whole)]
    path = reach[min(node, steps) - 1]
    return {"shares": shares, "total": _total(shares), "full": _total(whole), "path": path}


class BPTTUnrolled(CourseWidget):
    r"""An unrolled RNN: the gradient walks back from the loss, one factor for each step.

    .. math:: \frac{dL}{dW_h} = \sum_t \delta_t h_{t-1}^\top

    Args:
        network: "hello" or "scalar".
        T: Steps, 2 to 6.
        node: Chosen step.
        k: Steps that the gradient goes back.
        w: Recurrent weight, 0 to 2.

    The results ``shares``, ``total``, ``full`` and ``path`` are traits too.

    Raises:
        traitlets.TraitError: "expected k a whole number from 1 to 6, got 0".

    >>> BPTTUnrolled(k=1).shares[0]
    [0.0, 0.0, 0.0, 0.0]
    """

    _esm = bundle("bptt_unrolled")
    PRESETS: ClassVar[Presets] = {
        "whole": {"network": "hello", "T": 5, "node": 1, "k": 6, "w": 1},
        "cut": {"network": "hello", "T": 5, "node": 2, "k": 2, "w": 1},
        "strong": {"network": "hello", "T": 5, "node": 1, "k": 6, "w": 2},
        "by_hand": {"network": "scalar", "T": 3, "node": 1, "k": 6, "w": 1},
    }

    network = Choice("hello", "scalar")
    T = Number(2, LONGEST, 5, whole=True)
    node = Number(1, LONGEST, 2, whole=True)
    k = Number(1, LONGEST, 6, whole=True)
    w = Number(0, 2, 1)

    shares = Result()
    total = Result()
    full = Result()
    path = Result()

    compute = staticmethod(unrolled_gradient)
