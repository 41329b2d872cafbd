"""Known mistakes in carrying two gradients back through all steps of an LSTM."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from functools import partial
from typing import Any

import numpy as np

from rnncore.lstm import LSTMCache
from rnncore.params import LSTMParams
from rnngrader.checks.arguments import NumericArray as Array
from rnngrader.checks.bank.lstm_backward import LINES, Gradients, right_step_backward
from rnngrader.checks.bank.lstm_backward_affine import step_mistakes
from rnngrader.checks.spec import Mistake

Caches = Sequence[LSTMCache]
Pair = tuple[Array, Array]


def _own(doutput: Array, t: int) -> Array:
    """Return what the loss says about the hidden state of one step."""
    part: Array = doutput[:, t]
    return part


def _joined(own: Array, later: Pair) -> Pair:
    return own + later[0], later[1]


def _handed_on(left: Pair, received: Pair) -> Pair:
    del received
    return left


def added(parts: list[LSTMParams]) -> LSTMParams:
    """Add parameter gradients up."""
    return LSTMParams(*(np.sum(arrays, axis=0) for arrays in zip(*parts, strict=True)))


def _as_is(gradients: Gradients) -> Gradients:
    return gradients


def backward(
    doutput: Array,
    dstate: Pair,
    cache: Caches,
    params: LSTMParams,
    *,
    begin: Callable[[Pair], Pair] = lambda dstate: dstate,
    own: Callable[[Array, int], Array] = _own,
    join: Callable[[Array, Pair], Pair] = _joined,
    step: Callable[..., Any] = right_step_backward,
    carry: Callable[[Pair, Pair], Pair] = _handed_on,
    kept: Callable[[int, int], int] = lambda t, _steps: t,
    walk: Callable[[int], Sequence[int]] = lambda steps: range(steps)[::-1],
    total: Callable[[list[LSTMParams]], LSTMParams] = added,
    result: Callable[[Gradients], Gradients] = _as_is,
) -> Gradients:
    """Walk back through time with parts of which some may be wrong.

    `total` gets the parameter gradients of all steps, the first step first; `kept` chooses the
    cache that a step uses.
    """
    steps = len(cache)
    state = begin((dstate[0], dstate[1]))
    dx = np.zeros((*doutput.shape[:2], params.weight_ih.shape[1]))
    parts = [params] * steps
    for t in walk(steps):
        received = join(own(doutput, t), state)
        dx[:, t], dh, dc, parts[t] = step(*received, cache[kept(t, steps)], params)
        state = carry((dh, dc), received)
    return result((dx, *state, total(parts)))


def _last_only(doutput: Array, t: int) -> Array:
    kept: Array = doutput[:, t] * (t == doutput.shape[1] - 1)
    return kept


def _averaged(parts: list[LSTMParams]) -> LSTMParams:
    return LSTMParams(*(array / len(parts) for array in added(parts)))


def _nothing(params: LSTMParams) -> LSTMParams:
    return LSTMParams(*(0 * array for array in params))


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


def _stopped_early(doutput: Array, dstate: Pair, cache: Caches, params: LSTMParams) -> Gradients:
    if len(cache) == 1:
        nothing = np.zeros((*doutput.shape[:2], params.weight_ih.shape[1]))
        return nothing, *dstate, _nothing(params)
    dx, dh, dc, dparams = backward(doutput[:, 1:], dstate, cache[1:], params)
    return np.pad(dx, ((0, 0), (1, 0), (0, 0))), dh, dc, dparams


def _as_many_as_batch(doutput: Array, dstate: Pair, cache: Caches, params: LSTMParams) -> Gradients:
    many = len(doutput)
    if many > len(cache):
        raise IndexError("list index out of range")
    dx, dh, dc, dparams = backward(doutput[:, :many], dstate, cache[:many], params)
    rest = doutput.shape[1] - many
    return np.pad(dx, ((0, 0), (0, rest), (0, 0))), dh, dc, dparams


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
    for name, begin in begins.items():
        yield Mistake(name, partial(backward, begin=begin), see=LINES)
    yield Mistake("dh-n-everywhere", _dh_n_everywhere, see=LINES)
    yield Mistake("dc-n-everywhere", _dc_n_everywhere, see=LINES)
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
        yield Mistake(name, partial(backward, own=own), see=LINES)
    joins: dict[str, Callable[[Array, Pair], Pair]] = {
        "loss-into-cell": lambda own, later: (later[0], own + later[1]),
        "loss-into-both": lambda own, later: (own + later[0], own + later[1]),
        "h-not-carried": lambda own, later: (own, later[1]),
        "joined-halved": lambda own, later: (0.5 * (own + later[0]), later[1]),
        "joined-multiplied": lambda own, later: (own * later[0], later[1]),
        "nothing-joined": lambda own, later: (own, 0 * later[1]),
    }
    for name, join in joins.items():
        yield Mistake(name, partial(backward, join=join), see=LINES)
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
    for name, carry in carries.items():
        yield Mistake(name, partial(backward, carry=carry), see=LINES)
    yield Mistake("walked-forward", partial(backward, walk=range), see=LINES)
    kept: dict[str, Callable[[int, int], int]] = {
        "caches-in-order": lambda t, steps: steps - 1 - t,
        "cache-one-late": lambda t, _steps: max(t - 1, 0),
        "cache-of-the-end": lambda _t, steps: steps - 1,
    }
    for name, choose in kept.items():
        yield Mistake(name, partial(backward, kept=choose), see=LINES)
    yield Mistake("as-many-as-batch", _as_many_as_batch, see=LINES)
    yield Mistake("first-step-missing", _stopped_early, see=LINES)


def collected_mistakes() -> Iterator[Mistake]:
    """List mistakes in what is collected and returned."""
    totals: dict[str, Callable[[list[LSTMParams]], LSTMParams]] = {
        "weights-overwritten": lambda parts: parts[0],
        "weights-of-the-end": lambda parts: parts[-1],
        "weights-averaged": _averaged,
        "biases-overwritten": lambda parts: LSTMParams(*added(parts)[:2], *parts[0][2:]),
        "first-step-without-weights": lambda parts: added([*parts[1:], _nothing(parts[0])]),
    }
    for name, total in totals.items():
        yield Mistake(name, partial(backward, total=total), see=LINES)
    results: dict[str, Callable[[Gradients], Gradients]] = {
        "dx-flipped": lambda g: (g[0][:, ::-1], *g[1:]),
        "dx-time-major": lambda g: (g[0].swapaxes(0, 1), *g[1:]),
        "dx-first-only": lambda g: (_only(g[0], 0), *g[1:]),
        "dx-last-only": lambda g: (_only(g[0], -1), *g[1:]),
        "dx-summed": lambda g: (g[0].sum(axis=1), *g[1:]),
        "dh-0-zero": lambda g: (g[0], 0 * g[1], *g[2:]),
        "dc-0-zero": lambda g: (*g[:2], 0 * g[2], g[3]),
        "state-exchanged": lambda g: (g[0], g[2], g[1], g[3]),
    }
    for name, result in results.items():
        yield Mistake(name, partial(backward, result=result), see=LINES)
    ends = {"dh-0-is-dh-n": "h", "dc-0-is-dc-n": "c", "state-is-dstate": "hc"}
    for name, which in ends.items():
        yield Mistake(name, partial(_end_for_start, which=which), see=LINES)


def _only(dx: Array, t: int) -> Array:
    kept = np.zeros_like(dx)
    kept[:, t] = dx[:, t]
    return kept


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
