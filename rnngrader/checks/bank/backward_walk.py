"""The way back through all steps of a cell, with parts of which some may be wrong.

A state is a tuple of arrays: one for a simple RNN, two for an LSTM.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial
from typing import Any

import numpy as np

from rnncore.params import Cell, CellParams
from rnngrader.checks.arguments import NumericArray as Array
from rnngrader.checks.spec import Mistake

State = tuple[Array, ...]
# dx, the gradient by each array of the first state, and dparams.
Gradients = tuple[Any, ...]
Backward = Callable[..., Gradients]


def _own(doutput: Array, t: int) -> Array:
    """Return what the loss says about the hidden state of one step."""
    part: Array = doutput[:, t]
    return part


def _joined(own: Array, later: State) -> State:
    return own + later[0], *later[1:]


def _handed_on(left: State, received: State) -> State:
    del received
    return left


def _as_is(anything: Any) -> Any:
    return anything


def added(parts: Sequence[Cell]) -> Cell:
    """Add parameter gradients up."""
    return type(parts[0])(*(np.sum(arrays, axis=0) for arrays in zip(*parts, strict=True)))


def nothing(params: Cell) -> Cell:
    """Return parameter gradients of 0."""
    return type(params)(*(0 * array for array in params))


def walk_back(
    doutput: Array,
    state: State,
    cache: Sequence[Any],
    params: CellParams,
    *,
    step: Callable[..., Any],
    begin: Callable[[State], State] = _as_is,
    own: Callable[[Array, int], Array] = _own,
    join: Callable[[Array, State], State] = _joined,
    carry: Callable[[State, State], State] = _handed_on,
    kept: Callable[[int, int], int] = lambda t, _steps: t,
    walk: Callable[[int], Sequence[int]] = lambda steps: range(steps)[::-1],
    total: Callable[[list[CellParams]], CellParams] = added,
    result: Callable[[Gradients], Gradients] = _as_is,
) -> Gradients:
    """Walk back through time with parts of which some may be wrong.

    `step` takes what a step receives, its cache and the parameters; `kept` chooses the cache that a
    step uses; `total` gets the parameter gradients of all steps, the first step first.
    """
    steps = len(cache)
    state = begin(state)
    dx = np.zeros((*doutput.shape[:2], params.weight_ih.shape[1]))
    parts = [params] * steps
    for t in walk(steps):
        received = join(own(doutput, t), state)
        dx[:, t], *left, parts[t] = step(*received, cache[kept(t, steps)], params)
        state = carry(tuple(left), received)
    return result((dx, *state, total(parts)))


def many(backward: Backward, keyword: str, parts: Mapping[str, Any], see: str) -> Iterator[Mistake]:
    """List a mistake for each wrong form of one part of `walk_back`."""
    for name, part in parts.items():
        yield Mistake(name, partial(backward, **{keyword: part}), see=see)


# What the loss says about a step, in wrong forms.
OWN: dict[str, Callable[[Array, int], Array]] = {
    "last-loss-only": lambda doutput, t: doutput[:, t] * (t == doutput.shape[1] - 1),
    "loss-ignored": lambda doutput, t: 0 * doutput[:, t],
    "loss-late": lambda doutput, t: doutput[:, t - 1],
    "loss-early": lambda doutput, t: doutput[:, (t + 1) % doutput.shape[1]],
    "loss-late-from-second": lambda doutput, t: doutput[:, max(t - 1, 0)],
    "loss-early-to-last": lambda doutput, t: doutput[:, min(t + 1, doutput.shape[1] - 1)],
    "loss-flipped": lambda doutput, t: doutput[:, -1 - t],
    "loss-summed": lambda doutput, t: doutput.sum(axis=1) * (t == doutput.shape[1] - 1),
    "loss-averaged": lambda doutput, t: doutput[:, t] / doutput.shape[1],
}
# Which cache a step uses, in wrong forms.
KEPT: dict[str, Callable[[int, int], int]] = {
    "caches-in-order": lambda t, steps: steps - 1 - t,
    "cache-one-late": lambda t, _steps: max(t - 1, 0),
    "cache-one-late-around": lambda t, _steps: t - 1,
    "cache-of-the-end": lambda _t, steps: steps - 1,
}
# What becomes of the parameter gradients of all steps, in wrong forms.
TOTAL: dict[str, Callable[[list[CellParams]], CellParams]] = {
    "weights-overwritten": lambda parts: parts[0],
    "weights-of-the-end": lambda parts: parts[-1],
    "weights-averaged": lambda parts: type(parts[0])(*(a / len(parts) for a in added(parts))),
    "biases-overwritten": lambda parts: type(parts[0])(*added(parts)[:2], *parts[0][2:]),
    "first-step-without-weights": lambda parts: added([*parts[1:], nothing(parts[0])]),
}
# What is returned for dx, in wrong forms.
RESULT: dict[str, Callable[[Gradients], Gradients]] = {
    "dx-flipped": lambda g: (g[0][:, ::-1], *g[1:]),
    "dx-time-major": lambda g: (g[0].swapaxes(0, 1), *g[1:]),
    "dx-first-only": lambda g: (_only(g[0], 0), *g[1:]),
    "dx-last-only": lambda g: (_only(g[0], -1), *g[1:]),
    "dx-summed": lambda g: (g[0].sum(axis=1), *g[1:]),
    "dh-0-zero": lambda g: (g[0], 0 * g[1], *g[2:]),
}


def _only(dx: Array, t: int) -> Array:
    kept = np.zeros_like(dx)
    kept[:, t] = dx[:, t]
    return kept


def begun_late(backward: Backward) -> Backward:
    """Return a way back that leaves the last step out."""
    return partial(
        backward,
        walk=lambda steps: range(steps - 1)[::-1],
        total=lambda parts: added(parts[:-1]),
    )


def stopped_early(
    doutput: Array, dstate: Any, cache: Sequence[Any], params: CellParams, *, backward: Backward
) -> Gradients:
    """Leave the first step out."""
    if len(cache) == 1:
        dx = np.zeros((*doutput.shape[:2], params.weight_ih.shape[1]))
        state = dstate if isinstance(dstate, tuple | list) else (dstate,)
        return dx, *state, nothing(params)
    dx, *rest = backward(doutput[:, 1:], dstate, cache[1:], params)
    return np.pad(dx, ((0, 0), (1, 0), (0, 0))), *rest


def as_many_as_batch(
    doutput: Array, dstate: Any, cache: Sequence[Any], params: CellParams, *, backward: Backward
) -> Gradients:
    """Take the number of sequences for the number of steps."""
    many = len(doutput)
    if many > len(cache):
        raise IndexError("list index out of range")
    dx, *rest = backward(doutput[:, :many], dstate, cache[:many], params)
    return np.pad(dx, ((0, 0), (0, doutput.shape[1] - many), (0, 0))), *rest
