"""Known mistakes in running a simple RNN over a padded batch."""

from collections.abc import Callable, Iterator
from functools import partial

import numpy as np

from rnncore.params import RNNParams
from rnngrader.checks.arguments import NumericArray as Array
from rnngrader.checks.bank.frameworks_steps import PADDING, Real
from rnngrader.checks.spec import Mistake


def _step(x: Array, h_prev: Array, params: RNNParams) -> Array:
    w, u, b, d = params
    h: Array = np.tanh(x @ w.T + b + h_prev @ u.T + d)
    return h


def forward(
    x: Array,
    h_0: Array,
    params: RNNParams,
    lengths: Array,
    *,
    start: Callable[[Array], Array] = lambda h_0: h_0,
    before: Callable[[Array, Array], Array] = lambda h, _h_0: h,
    real: Real = lambda t, lengths, _seq: t < lengths,
    read: Callable[[Array, Array], Array] = lambda x, _real: x,
    hold: Callable[[Array, Array, Array, Array], Array] = lambda r, new, h, _h_0: np.where(
        r, new, h
    ),
    final: Callable[[Array, Array, Array], Array] = lambda _output, h, _n: h,
    stepped: Callable[[Array, Array, RNNParams], Array] = _step,
) -> tuple[Array, Array]:
    """Run over a padded batch with parts of which some may be wrong."""
    h = start(h_0)
    states, seq = [], x.shape[1]
    for t in range(seq):
        now = real(np.array(t), lengths, seq)[:, None]
        new = stepped(read(x[:, t], now), before(h, h_0), params)
        h = hold(now, new, h, h_0)
        states.append(np.where(t < lengths[:, None], h, 0))
    output = np.stack(states, axis=1)
    return output, final(output, h, lengths)


def forward_mistakes() -> Iterator[Mistake]:
    """List mistakes in running over a padded batch."""
    holds: dict[str, Callable[[Array, Array, Array, Array], Array]] = {
        "padding-read": lambda _r, new, _h, _h_0: new,
        "state-zeroed": lambda r, new, _h, _h_0: np.where(r, new, 0),
        "state-restarted": lambda r, new, _h, h_0: np.where(r, new, h_0),
        "mask-inverted": lambda r, new, h, _h_0: np.where(r, h, new),
        "stopped-at-shortest": lambda r, new, h, _h_0: new if r.all() else h,
        "state-added": lambda r, new, h, _h_0: h + r * new,
        "state-averaged": lambda r, new, h, _h_0: np.where(r, new, 0.5 * (new + h)),
    }
    for name, hold in holds.items():
        yield Mistake(name, partial(forward, hold=hold), see=PADDING)
    marks: dict[str, Real] = {
        "mask-one-more": lambda t, n, _seq: t <= n,
        "mask-one-less": lambda t, n, _seq: t < n - 1,
        "mask-in-front": lambda t, n, seq: t >= seq - n,
        "lengths-sorted": lambda t, n, _seq: t < np.sort(n)[::-1],
        "lengths-reversed": lambda t, n, _seq: t < n[::-1],
    }
    for name, real in marks.items():
        yield Mistake(name, partial(forward, real=real), see=PADDING)
    finals: dict[str, Callable[[Array, Array, Array], Array]] = {
        "first-of-output": lambda output, _h, _n: output[:, 0],
        "mean-of-output": lambda output, _h, n: output.sum(axis=1) / n[:, None],
        "state-before-last": lambda output, _h, n: output[np.arange(len(n)), n - 2],
        "last-of-batch": lambda output, _h, _n: output[-1],
        "states-exchanged": lambda _output, h, _n: h[::-1],
    }
    for name, final in finals.items():
        yield Mistake(name, partial(forward, final=final), see=PADDING)
    unread = partial(forward, read=lambda x, real: np.where(real, x, 0), hold=holds["padding-read"])
    yield Mistake("input-masked-only", unread, see=PADDING)
    yield from _step_mistakes()


def _on_steps(
    x: Array, h_0: Array, params: RNNParams, lengths: Array, *, steps: slice
) -> tuple[Array, Array]:
    """Take steps in another order, or not all of them."""
    seq, states, h = x.shape[1], np.zeros((*x.shape[:2], h_0.shape[1])), h_0
    for t in range(seq)[steps]:
        h = np.where((t < lengths)[:, None], _step(x[:, t], h, params), h)
        states[:, t] = h
    return states, h


def _late(x: Array, h_0: Array, params: RNNParams, lengths: Array) -> tuple[Array, Array]:
    """Collect the state before each step."""
    output, h_n = forward(x, h_0, params, lengths)
    return np.concatenate([h_0[:, None], output[:, :-1]], axis=1), h_n


def _step_mistakes() -> Iterator[Mistake]:
    for name, steps in (("time-reversed", slice(None, None, -1)), ("last-step-unread", slice(-1))):
        variant = partial(_on_steps, steps=steps)
        yield Mistake(name, variant, see=PADDING)
    yield Mistake("output-late", _late, see=PADDING)
    zero = partial(forward, start=np.zeros_like)
    yield Mistake("start-ignored", zero, see=PADDING)
    again = partial(forward, before=lambda _h, h_0: h_0)
    yield Mistake("start-at-every-step", again, see=PADDING)
    nothing = partial(forward, before=lambda h, _h_0: np.zeros_like(h))
    yield Mistake("state-not-handed-on", nothing, see=PADDING)
