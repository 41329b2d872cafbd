"""Known mistakes in carrying a gradient back through all steps, and through windows of them."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from functools import partial
from typing import Any

import numpy as np

from rnncore.params import RNNParams
from rnngrader.checks.arguments import NumericArray as Array
from rnngrader.checks.bank.bptt_step import (
    Gradients,
    RNNCache,
    right_step_backward,
    step_mistakes,
)
from rnngrader.checks.spec import Mistake

ALL_STEPS = "bptt.html#all-steps-backward"
Caches = Sequence[RNNCache]


def _own(doutput: Array, t: int) -> Array:
    """Return what the loss says about the state of one step."""
    part: Array = doutput[:, t]
    return part


def _joined(own: Array, later: Array) -> Array:
    return own + later


def _handed_on(dh_prev: Array, received: Array) -> Array:
    del received
    return dh_prev


def added(parts: list[RNNParams]) -> RNNParams:
    """Add parameter gradients up."""
    return RNNParams(*(np.sum(arrays, axis=0) for arrays in zip(*parts, strict=True)))


def _as_is(gradients: Gradients) -> Gradients:
    return gradients


def backward(
    doutput: Array,
    dh_n: Array,
    cache: Caches,
    params: RNNParams,
    *,
    begin: Callable[[Array], Array] = lambda dh_n: dh_n,
    own: Callable[[Array, int], Array] = _own,
    join: Callable[[Array, Array], Array] = _joined,
    step: Callable[..., Any] = right_step_backward,
    carry: Callable[[Array, Array], Array] = _handed_on,
    kept: Callable[[int, int], int] = lambda t, _steps: t,
    walk: Callable[[int], Sequence[int]] = lambda steps: range(steps)[::-1],
    total: Callable[[list[RNNParams]], RNNParams] = added,
    result: Callable[[Gradients], Gradients] = _as_is,
) -> Gradients:
    """Walk back through time with parts of which some may be wrong.

    `total` gets the parameter gradients of all steps, the first step first; `kept` chooses the
    cache that a step uses.
    """
    steps = len(cache)
    dh = begin(dh_n)
    dx = np.zeros((*doutput.shape[:2], params.weight_ih.shape[1]))
    parts: list[RNNParams] = [RNNParams(*(0 * p for p in params)) for _ in range(steps)]
    for t in walk(steps):
        received = join(own(doutput, t), dh)
        dx[:, t], dh_prev, parts[t] = step(received, cache[kept(t, steps)], params)
        dh = carry(dh_prev, received)
    return result((dx, dh, total(parts)))


def _last_only(doutput: Array, t: int) -> Array:
    kept: Array = doutput[:, t] * (t == doutput.shape[1] - 1)
    return kept


def _averaged(parts: list[RNNParams]) -> RNNParams:
    return RNNParams(*(array / len(parts) for array in added(parts)))


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


def _stopped_early(doutput: Array, dh_n: Array, cache: Caches, params: RNNParams) -> Gradients:
    if len(cache) == 1:
        return np.zeros((*doutput.shape[:2], params.weight_ih.shape[1])), dh_n, _nothing(params)
    dx, dh, dparams = backward(doutput[:, 1:], dh_n, cache[1:], params)
    return np.pad(dx, ((0, 0), (1, 0), (0, 0))), dh, dparams


def _nothing(params: RNNParams) -> RNNParams:
    return RNNParams(*(0 * array for array in params))


def _as_many_as_batch(doutput: Array, dh_n: Array, cache: Caches, params: RNNParams) -> Gradients:
    many = len(doutput)
    if many > len(cache):
        raise IndexError("list index out of range")
    dx, dh, dparams = backward(doutput[:, :many], dh_n, cache[:many], params)
    rest = doutput.shape[1] - many
    return np.pad(dx, ((0, 0), (0, rest), (0, 0))), dh, dparams


def _joined_after_the_step(
    doutput: Array, dh_n: Array, cache: Caches, params: RNNParams, *, begun: bool
) -> Gradients:
    """Add what the loss says of a step to what leaves the step instead of to what enters it."""
    later = np.concatenate([doutput[:, 1:], doutput[:, -1:] * begun], axis=1)
    dx, dh_0, dparams = backward(later, dh_n, cache, params)
    return dx, dh_0 + doutput[:, 0], dparams


def arriving_mistakes() -> Iterator[Mistake]:
    """List mistakes in what arrives at a step."""
    yield Mistake("dh-n-ignored", partial(backward, begin=lambda dh_n: 0 * dh_n))
    yield Mistake("dh-n-everywhere", _dh_n_everywhere)
    yield Mistake("dh-n-twice", _dh_n_twice)
    owns: dict[str, Callable[[Array, int], Array]] = {
        "last-loss-only": _last_only,
        "loss-ignored": lambda doutput, t: 0 * doutput[:, t],
        "loss-late": lambda doutput, t: doutput[:, t - 1],
        "loss-early": lambda doutput, t: doutput[:, (t + 1) % doutput.shape[1]],
        "loss-flipped": lambda doutput, t: doutput[:, -1 - t],
        "loss-summed": lambda doutput, t: doutput.sum(axis=1) * (t == doutput.shape[1] - 1),
        "loss-averaged": lambda doutput, t: doutput[:, t] / doutput.shape[1],
    }
    for name, own in owns.items():
        yield Mistake(name, partial(backward, own=own), see=ALL_STEPS)
    yield Mistake("nothing-carried", partial(backward, join=lambda own, _later: own))
    for begun, name in ((False, "joined-after"), (True, "joined-after-begun")):
        late = partial(_joined_after_the_step, begun=begun)
        yield Mistake(name, late, "joined-after", ALL_STEPS)
    yield Mistake("joined-halved", partial(backward, join=lambda own, later: 0.5 * (own + later)))
    yield Mistake("joined-multiplied", partial(backward, join=lambda own, later: own * later))


def walk_mistakes() -> Iterator[Mistake]:
    """List mistakes in the way back through time."""
    carries: dict[str, Callable[[Array, Array], Array]] = {
        "state-gradient-passed-by": lambda _dh_prev, received: received,
        "carried-twice": lambda dh_prev, _received: 2 * dh_prev,
        "carried-and-passed-by": lambda dh_prev, received: dh_prev + received,
        "carried-negated": lambda dh_prev, _received: -dh_prev,
        "zeros-carried": lambda dh_prev, _received: 0 * dh_prev,
    }
    for name, carry in carries.items():
        yield Mistake(name, partial(backward, carry=carry), see=ALL_STEPS)
    yield Mistake("walked-forward", partial(backward, walk=range))
    yield Mistake("caches-in-order", partial(backward, kept=lambda t, steps: steps - 1 - t))
    yield Mistake("cache-one-late", partial(backward, kept=lambda t, _steps: max(t - 1, 0)))
    yield Mistake("cache-of-the-end", partial(backward, kept=lambda _t, steps: steps - 1))
    yield Mistake("as-many-as-batch", _as_many_as_batch)
    yield Mistake("first-step-missing", _stopped_early)


def collected_mistakes() -> Iterator[Mistake]:
    """List mistakes in what is collected and returned."""
    totals: dict[str, Callable[[list[RNNParams]], RNNParams]] = {
        "weights-overwritten": lambda parts: parts[0],
        "weights-of-the-end": lambda parts: parts[-1],
        "weights-averaged": _averaged,
        "biases-overwritten": lambda parts: RNNParams(*added(parts)[:2], *parts[0][2:]),
        "first-step-without-weights": lambda parts: added([*parts[1:], _nothing(parts[0])]),
    }
    for name, total in totals.items():
        yield Mistake(name, partial(backward, total=total), see=ALL_STEPS)
    results: dict[str, Callable[[Gradients], Gradients]] = {
        "dx-flipped": lambda g: (g[0][:, ::-1], *g[1:]),
        "dx-time-major": lambda g: (g[0].swapaxes(0, 1), *g[1:]),
        "dx-first-only": lambda g: (_only(g[0], 0), *g[1:]),
        "dx-last-only": lambda g: (_only(g[0], -1), *g[1:]),
        "dx-summed": lambda g: (g[0].sum(axis=1), *g[1:]),
        "dh-0-zero": lambda g: (g[0], 0 * g[1], g[2]),
        "exchanged": lambda g: (g[1], g[0], g[2]),
    }
    for name, result in results.items():
        yield Mistake(name, partial(backward, result=result), see=ALL_STEPS)
    yield Mistake("dh-0-is-dh-n", _end_for_start, see=ALL_STEPS)
    yield Mistake("dh-0-one-step-short", _one_step_short, see=ALL_STEPS)


def _only(dx: Array, t: int) -> Array:
    kept = np.zeros_like(dx)
    kept[:, t] = dx[:, t]
    return kept


def _end_for_start(doutput: Array, dh_n: Array, cache: Caches, params: RNNParams) -> Gradients:
    dx, _, dparams = backward(doutput, dh_n, cache, params)
    return dx, dh_n, dparams


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
