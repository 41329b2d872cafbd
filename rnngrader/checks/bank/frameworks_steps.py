"""Known mistakes in telling real steps from padding, and in the layout of axes."""

from collections.abc import Callable, Iterator
from functools import partial

import numpy as np

from rnngrader.checks.arguments import NumericArray as Array
from rnngrader.checks.spec import Mistake

LAYOUT = "frameworks.html#batch-first-and-what-it-does-not-change"
PADDING = "frameworks.html#padding-what-the-network-reads-when-nobody-stops-it"
Real = Callable[[Array, Array, int], Array]


def length_mask(
    lengths: Array,
    seq: int,
    *,
    real: Real = lambda t, lengths, _seq: t < lengths,
    given: Callable[[Array], Array] = lambda mask: mask,
) -> Array:
    """Mark real steps with parts of which some may be wrong."""
    return given(real(np.arange(seq)[None, :], lengths[:, None], seq))


def mask_mistakes() -> Iterator[Mistake]:
    """List mistakes in a mask made from lengths."""
    marks: dict[str, Real] = {
        "mask-one-more": lambda t, n, _seq: t <= n,
        "mask-one-less": lambda t, n, _seq: t < n - 1,
        "mask-first-left-out": lambda t, n, _seq: (t > 0) & (t < n),
        "mask-in-front": lambda t, n, seq: t >= seq - n,
        "mask-last-only": lambda t, n, _seq: t == n - 1,
        "mask-at-length": lambda t, n, _seq: t == n,
        "mask-of-shortest": lambda t, n, _seq: (t < n.min()) & (n > 0),
        "mask-of-longest": lambda t, n, _seq: (t < n.max()) & (n >= 0),
        "mask-all": lambda t, n, _seq: (t >= 0) & (n >= 0),
        "mask-numbered": lambda t, n, _seq: (t + 1) * (t < n),
    }
    for name, real in marks.items():
        yield Mistake(name, partial(length_mask, real=real), see=PADDING)
    results: dict[str, Callable[[Array], Array]] = {
        "mask-inverted": np.logical_not,
        "mask-turned": np.transpose,
        "mask-flat": np.ravel,
        "mask-counted": lambda mask: mask.sum(axis=-1),
        "mask-infinite": lambda mask: np.where(mask, 0.0, -np.inf),
    }
    for name, given in results.items():
        yield Mistake(name, partial(length_mask, given=given), see=PADDING)


def _layout(output: Array, batch_first: bool) -> Array:  # noqa: FBT001 - as torch names it
    return output if batch_first else output.swapaxes(0, 1)


def _of_each(states: Array, index: Array) -> Array:
    chosen: Array = states[np.arange(len(states)), index]
    return chosen


def last(
    output: Array,
    lengths: Array,
    batch_first: bool = True,  # noqa: FBT001, FBT002 - as torch names it
    *,
    layout: Callable[[Array, bool], Array] = _layout,
    index: Callable[[Array, int], Array] = lambda lengths, _seq: lengths - 1,
    chosen: Callable[[Array, Array], Array] = _of_each,
) -> Array:
    """Pick the last real state with parts of which some may be wrong."""
    states = layout(output, batch_first)
    return chosen(states, index(lengths, states.shape[1]))


def last_mistakes() -> Iterator[Mistake]:
    """List mistakes in picking the last real state."""
    layouts: dict[str, Callable[[Array, bool], Array]] = {
        "layout-ignored": lambda output, _first: output,
        "layout-always-turned": lambda output, _first: output.swapaxes(0, 1),
        "layout-inverted": lambda output, first: _layout(output, not first),
        "layout-reshaped": lambda output, first: (
            output if first else output.reshape(output.shape[1], len(output), -1)
        ),
    }
    for name, layout in layouts.items():
        yield Mistake(name, partial(last, layout=layout), see=LAYOUT)
    indices: dict[str, Callable[[Array, int], Array]] = {
        "last-column": lambda n, seq: np.full_like(n, seq - 1),
        "step-after": lambda n, _seq: n,
        "step-before": lambda n, _seq: n - 2,
        "step-before-or-first": lambda n, _seq: np.maximum(n - 2, 0),
        "step-after-or-last": lambda n, seq: np.minimum(n, seq - 1),
        "first-step": lambda n, _seq: 0 * n,
        "counted-from-end": lambda n, _seq: -n,
        "longest-for-all": lambda n, _seq: np.full_like(n, n.max() - 1),
        "lengths-reversed": lambda n, _seq: n[::-1] - 1,
        "lengths-sorted": lambda n, _seq: np.sort(n)[::-1] - 1,
        "length-of-first": lambda n, _seq: np.full_like(n, n[0] - 1),
    }
    for name, index in indices.items():
        yield Mistake(name, partial(last, index=index), see=PADDING)
    choices: dict[str, Callable[[Array, Array], Array]] = {
        "mean-of-real": lambda s, n: _real(s, n).sum(axis=1) / (n + 1)[:, None],
        "sum-of-real": lambda s, n: _real(s, n).sum(axis=1),
        "largest-of-real": lambda s, n: np.where(_real(s, n) != 0, s, -np.inf).max(axis=1),
        "mean-of-all": lambda s, _n: s.mean(axis=1),
        "largest-of-all": lambda s, _n: s.max(axis=1),
        "every-pair": lambda s, n: s[:, n],
        "padding-zeroed": _real,
    }
    for name, choice in choices.items():
        yield Mistake(name, partial(last, chosen=choice), see=PADDING)
    for name, axis in (("last-of-first-axis", "first"), ("last-of-second-axis", "second")):
        variant = partial(_end_of_axis, second=axis == "second")
        yield Mistake(name, variant, "last-of-axis", LAYOUT, {"axis": axis})


def _real(states: Array, index: Array) -> Array:
    real = np.arange(states.shape[1]) <= index[:, None]
    kept: Array = np.where(real[:, :, None], states, 0)
    return kept


def _end_of_axis(output: Array, lengths: Array, batch_first: object, *, second: bool) -> Array:
    del lengths, batch_first
    end: Array = output[:, -1] if second else output[-1]
    return end


def _span_reversed(x: Array, spans: list[int]) -> Array:
    turned = x.copy()
    for row, n in zip(turned, spans, strict=True):
        row[:n] = row[:n][::-1].copy()
    return turned


def _all_of(x: Array, lengths: Array | None) -> list[int]:
    return [x.shape[1]] * len(x) if lengths is None else [int(n) for n in lengths]


def reverse(
    x: Array,
    lengths: Array | None,
    *,
    spans: Callable[[list[int], int], list[int]] = lambda lengths, _seq: lengths,
    given: Callable[[Array], Array] = lambda turned: turned,
) -> Array:
    """Turn sequences around with parts of which some may be wrong."""
    return given(_span_reversed(x, spans(_all_of(x, lengths), x.shape[1])))


def reverse_mistakes() -> Iterator[Mistake]:
    """List mistakes in turning sequences around."""
    spans: dict[str, Callable[[list[int], int], list[int]]] = {
        "padding-first": lambda lengths, seq: [seq] * len(lengths),
        "reversed-one-more": lambda lengths, _seq: [n + 1 for n in lengths],
        "reversed-one-less": lambda lengths, _seq: [max(n - 1, 0) for n in lengths],
        "reversed-shortest": lambda lengths, _seq: [min(lengths)] * len(lengths),
        "not-reversed": lambda lengths, _seq: [0] * len(lengths),
        "reversed-other-lengths": lambda lengths, _seq: lengths[::-1],
    }
    for name, span in spans.items():
        yield Mistake(name, partial(reverse, spans=span), see=PADDING)
    results: dict[str, Callable[[Array], Array]] = {
        "batch-reversed-too": lambda turned: turned[::-1],
        "features-reversed-too": lambda turned: turned[:, :, ::-1],
        "reversed-turned": lambda turned: turned.swapaxes(0, 1),
        "reversed-late": lambda turned: np.roll(turned, 1, axis=1),
        "reversed-early": lambda turned: np.roll(turned, -1, axis=1),
    }
    for name, given in results.items():
        yield Mistake(name, partial(reverse, given=given), see=PADDING)
    for name, axes in (("batch-reversed", 0), ("features-reversed", 2)):
        yield Mistake(name, partial(_flipped, axis=axes), see=PADDING)


def _flipped(x: Array, lengths: object, *, axis: int) -> Array:
    del lengths
    return np.flip(x, axis)


def join_mistakes() -> Iterator[Mistake]:
    """List mistakes in joining the last states of both directions."""
    choices: dict[str, Callable[[Array], Array]] = {
        "one-direction": lambda h: h[-1],
        "forward-only": lambda h: h[-2],
        "directions-exchanged": lambda h: _beside(h[-1], h[-2]),
        "first-layer": lambda h: _beside(h[0], h[1]),
        "halves": lambda h: _beside(h[len(h) // 2 - 1], h[-1]),
        "halves-first": lambda h: _beside(h[0], h[len(h) // 2]),
        "first-and-last": lambda h: _beside(h[0], h[-1]),
        "directions-summed": lambda h: h[-2] + h[-1],
        "directions-averaged": lambda h: 0.5 * (h[-2] + h[-1]),
        "directions-stacked": lambda h: h[-2:],
        "directions-below": lambda h: np.concatenate([h[-2], h[-1]], axis=0),
        "directions-reshaped": lambda h: h[-2:].reshape(h.shape[1], -1),
        "directions-woven": lambda h: np.stack([h[-2], h[-1]], axis=-1).reshape(h.shape[1], -1),
        "all-layers": lambda h: np.concatenate(list(h), axis=-1),
        "last-sequence": lambda h: h[:, -1],
        "backward-twice": lambda h: _beside(h[-1], h[-1]),
        "forward-twice": lambda h: _beside(h[-2], h[-2]),
        "layers-exchanged": lambda h: _beside(h[-4 % len(h)], h[-3 % len(h)]),
    }
    for name, choice in choices.items():
        yield Mistake(name, choice, see=LAYOUT)


def _beside(one: Array, other: Array) -> Array:
    joined: Array = np.concatenate([one, other], axis=-1)
    return joined
