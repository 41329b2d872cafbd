"""Known mistakes in carrying two gradients back through all steps of an LSTM."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from functools import partial
from typing import Any

import numpy as np

from rnncore.lstm import LSTMCache
from rnncore.params import LSTMParams
from rnngrader.checks.arguments import NumericArray as Array
from rnngrader.checks.bank.backward_walk import (
    KEPT,
    OWN,
    RESULT,
    TOTAL,
    Gradients,
    as_many_as_batch,
    begun_late,
    many,
    stopped_early,
    walk_back,
)
from rnngrader.checks.bank.lstm_backward import LINES, right_step_backward
from rnngrader.checks.bank.lstm_backward_affine import step_mistakes
from rnngrader.checks.spec import Mistake

Caches = Sequence[LSTMCache]
# A gradient by h and one by c.
Pair = tuple[Array, ...]


def backward(
    doutput: Array, dstate: Pair, cache: Caches, params: LSTMParams, **parts: Any
) -> Gradients:
    """Walk back through an LSTM; `parts` are those of `walk_back`."""
    parts = {"step": right_step_backward, **parts}
    return walk_back(doutput, (dstate[0], dstate[1]), cache, params, **parts)


def _dh_n_everywhere(doutput: Array, dstate: Pair, cache: Caches, params: LSTMParams) -> Gradients:
    dh_n, dc_n = dstate
    return backward(doutput + dh_n[:, None], (0 * dh_n, dc_n), cache, params)


def _dc_n_everywhere(doutput: Array, dstate: Pair, cache: Caches, params: LSTMParams) -> Gradients:
    join: Any = lambda own, later: (own + later[0], later[1] + dstate[1])  # noqa: E731
    return backward(doutput, (dstate[0], 0 * dstate[1]), cache, params, join=join)


def _joined_after(doutput: Array, dstate: Pair, cache: Caches, params: LSTMParams) -> Gradients:
    """Add what the loss says of a step to what leaves the step instead of to what enters it."""
    later = np.concatenate([doutput[:, 1:], 0 * doutput[:, -1:]], axis=1)
    dx, dh_0, dc_0, dparams = backward(later, dstate, cache, params)
    return dx, dh_0 + doutput[:, 0], dc_0, dparams


def _end_for_start(
    doutput: Array, dstate: Pair, cache: Caches, params: LSTMParams, *, which: str
) -> Gradients:
    dx, dh, dc, dparams = backward(doutput, dstate, cache, params)
    return dx, dstate[0] if "h" in which else dh, dstate[1] if "c" in which else dc, dparams


def arriving_mistakes() -> Iterator[Mistake]:
    """List mistakes in what arrives at a step."""
    begins: dict[str, Callable[[Pair], Pair]] = {
        "dh-n-ignored": lambda d: (0 * d[0], d[1]),
        "dc-n-ignored": lambda d: (d[0], 0 * d[1]),
        "dstate-ignored": lambda d: (0 * d[0], 0 * d[1]),
        "dstate-exchanged": lambda d: (d[1], d[0]),
        "dh-n-twice": lambda d: (2 * d[0], d[1]),
        "dc-n-through-h": lambda d: (d[0] + d[1], 0 * d[1]),
    }
    yield from many(backward, "begin", begins, LINES)
    yield Mistake("dh-n-everywhere", _dh_n_everywhere, see=LINES)
    yield Mistake("dc-n-everywhere", _dc_n_everywhere, see=LINES)
    yield from many(backward, "own", OWN, LINES)
    joins: dict[str, Callable[[Array, Pair], Pair]] = {
        "loss-into-cell": lambda own, later: (later[0], own + later[1]),
        "loss-into-both": lambda own, later: (own + later[0], own + later[1]),
        "h-not-carried": lambda own, later: (own, later[1]),
        "joined-halved": lambda own, later: (0.5 * (own + later[0]), later[1]),
        "joined-multiplied": lambda own, later: (own * later[0], later[1]),
        "nothing-joined": lambda own, later: (own, 0 * later[1]),
    }
    yield from many(backward, "join", joins, LINES)
    yield Mistake("joined-after", _joined_after, see=LINES)


def walk_mistakes() -> Iterator[Mistake]:
    """List mistakes in the way back through time."""
    carries: dict[str, Callable[[Pair, Pair], Pair]] = {
        "h-handed-on-zero": lambda left, _received: (0 * left[0], left[1]),
        "c-handed-on-zero": lambda left, _received: (left[0], 0 * left[1]),
        "nothing-carried": lambda left, _received: (0 * left[0], 0 * left[1]),
        "h-passed-by": lambda left, received: (received[0], left[1]),
        "c-passed-by": lambda left, received: (left[0], received[1]),
        "both-passed-by": lambda _left, received: received,
        "carried-exchanged": lambda left, _received: (left[1], left[0]),
        "h-carried-twice": lambda left, _received: (2 * left[0], left[1]),
        "c-added-up": lambda left, received: (left[0], left[1] + received[1]),
        "h-added-up": lambda left, received: (left[0] + received[0], left[1]),
        "c-carried-in-h": lambda left, _received: (left[0] + left[1], left[1]),
    }
    yield from many(backward, "carry", carries, LINES)
    yield Mistake("walked-forward", partial(backward, walk=range), see=LINES)
    yield from many(backward, "kept", KEPT, LINES)
    yield Mistake("as-many-as-batch", partial(as_many_as_batch, backward=backward), see=LINES)
    yield Mistake("first-step-missing", partial(stopped_early, backward=backward), see=LINES)
    yield Mistake("last-step-missing", begun_late(backward), see=LINES)


def collected_mistakes() -> Iterator[Mistake]:
    """List mistakes in what is collected and returned."""
    yield from many(backward, "total", TOTAL, LINES)
    states: dict[str, Callable[[Gradients], Gradients]] = {
        "dc-0-zero": lambda g: (*g[:2], 0 * g[2], g[3]),
        "state-exchanged": lambda g: (g[0], g[2], g[1], g[3]),
    }
    yield from many(backward, "result", {**RESULT, **states}, LINES)
    ends = {"dh-0-is-dh-n": "h", "dc-0-is-dc-n": "c", "state-is-dstate": "hc"}
    for name, which in ends.items():
        yield Mistake(name, partial(_end_for_start, which=which), see=LINES)


# Walking back, these do the same as another mistake of the loop.
SAME_IN_A_LOOP = {
    "dh-zero",
    "dh-passed-on",
    "dh-added",
    "dc-prev-zero",
    "dc-prev-passed-on",
    "dc-prev-with-dc-twice",
}
# Arrays that are too wide do not survive a loop.
NOT_IN_A_LOOP = {"dh-joined", "dx-joined"}


def backward_mistakes() -> tuple[Mistake, ...]:
    """Return all mistakes of the loop and of the step inside it."""
    lifted = (
        replace(mistake, variant=partial(backward, step=mistake.variant))
        for mistake in step_mistakes()
        if mistake.id not in SAME_IN_A_LOOP | NOT_IN_A_LOOP
    )
    own = (*arriving_mistakes(), *walk_mistakes(), *collected_mistakes())
    return (*own, *lifted)
