"""Known mistakes in carrying a gradient back through all steps, and through windows of them."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from functools import partial
from typing import Any

import numpy as np

from rnncore.params import RNNParams
from rnngrader.checks.arguments import NumericArray as Array
from rnngrader.checks.bank.backward_walk import (
    KEPT,
    OWN,
    RESULT,
    TOTAL,
    Gradients,
    State,
    as_many_as_batch,
    begun_late,
    many,
    stopped_early,
    walk_back,
)
from rnngrader.checks.bank.bptt_step import RNNCache, right_step_backward, step_mistakes
from rnngrader.checks.spec import Mistake

ALL_STEPS = "bptt.html#all-steps-backward"
Caches = Sequence[RNNCache]


def backward(
    doutput: Array, dh_n: Array, cache: Caches, params: RNNParams, **parts: Any
) -> Gradients:
    """Walk back through a simple RNN; `parts` are those of `walk_back`."""
    return walk_back(doutput, (dh_n,), cache, params, **{"step": right_step_backward, **parts})


def _dh_n_everywhere(doutput: Array, dh_n: Array, cache: Caches, params: RNNParams) -> Gradients:
    return backward(doutput + dh_n[:, None], 0 * dh_n, cache, params)


def _dh_n_twice(doutput: Array, dh_n: Array, cache: Caches, params: RNNParams) -> Gradients:
    return backward(doutput, 2 * dh_n, cache, params)


def _one_step_short(doutput: Array, dh_n: Array, cache: Caches, params: RNNParams) -> Gradients:
    dx, _, dparams = backward(doutput, dh_n, cache, params)
    if len(cache) == 1:
        return dx, dh_n, dparams
    after = backward(doutput[:, 1:], dh_n, cache[1:], params)[1]
    return dx, after, dparams


def _joined_after_the_step(
    doutput: Array, dh_n: Array, cache: Caches, params: RNNParams, *, begun: bool
) -> Gradients:
    """Add what the loss says of a step to what leaves the step instead of to what enters it."""
    later = np.concatenate([doutput[:, 1:], doutput[:, -1:] * begun], axis=1)
    dx, dh_0, dparams = backward(later, dh_n, cache, params)
    return dx, dh_0 + doutput[:, 0], dparams


def _end_for_start(doutput: Array, dh_n: Array, cache: Caches, params: RNNParams) -> Gradients:
    dx, _, dparams = backward(doutput, dh_n, cache, params)
    return dx, dh_n, dparams


def arriving_mistakes() -> Iterator[Mistake]:
    """List mistakes in what arrives at a step."""
    yield Mistake("dh-n-ignored", partial(backward, begin=lambda state: (0 * state[0],)))
    yield Mistake("dh-n-everywhere", _dh_n_everywhere)
    yield Mistake("dh-n-twice", _dh_n_twice)
    yield from many(backward, "own", OWN, ALL_STEPS)
    yield Mistake("nothing-carried", partial(backward, join=lambda own, _later: (own,)))
    for begun, name in ((False, "joined-after"), (True, "joined-after-begun")):
        late = partial(_joined_after_the_step, begun=begun)
        yield Mistake(name, late, "joined-after", ALL_STEPS)
    joins: dict[str, Callable[[Array, State], State]] = {
        "joined-halved": lambda own, later: (0.5 * (own + later[0]),),
        "joined-multiplied": lambda own, later: (own * later[0],),
    }
    yield from many(backward, "join", joins, "")


def walk_mistakes() -> Iterator[Mistake]:
    """List mistakes in the way back through time."""
    carries: dict[str, Callable[[State, State], State]] = {
        "state-gradient-passed-by": lambda _left, received: received,
        "carried-twice": lambda left, _received: (2 * left[0],),
        "carried-and-passed-by": lambda left, received: (left[0] + received[0],),
        "carried-negated": lambda left, _received: (-left[0],),
        "zeros-carried": lambda left, _received: (0 * left[0],),
    }
    yield from many(backward, "carry", carries, ALL_STEPS)
    yield Mistake("walked-forward", partial(backward, walk=range))
    yield from many(backward, "kept", KEPT, "")
    yield Mistake("as-many-as-batch", partial(as_many_as_batch, backward=backward))
    yield Mistake("first-step-missing", partial(stopped_early, backward=backward))
    yield Mistake("last-step-missing", begun_late(backward))


def collected_mistakes() -> Iterator[Mistake]:
    """List mistakes in what is collected and returned."""
    yield from many(backward, "total", TOTAL, ALL_STEPS)
    exchanged: dict[str, Callable[[Gradients], Gradients]] = {
        "exchanged": lambda g: (g[1], g[0], g[2])
    }
    yield from many(backward, "result", {**RESULT, **exchanged}, ALL_STEPS)
    yield Mistake("dh-0-is-dh-n", _end_for_start, see=ALL_STEPS)
    yield Mistake("dh-0-one-step-short", _one_step_short, see=ALL_STEPS)


# Walking back, these do the same as another mistake of the loop.
SAME_IN_A_LOOP = {"dh-zero", "dh-added", "dh-negated", "dh-passed-on"}


def backward_mistakes() -> tuple[Mistake, ...]:
    """Return all mistakes of the loop and of the step inside it."""
    lifted = (
        replace(mistake, variant=partial(backward, step=mistake.variant))
        for mistake in step_mistakes()
        if mistake.id not in SAME_IN_A_LOOP
    )
    own = (*arriving_mistakes(), *walk_mistakes(), *collected_mistakes())
    return (*own, *lifted)
