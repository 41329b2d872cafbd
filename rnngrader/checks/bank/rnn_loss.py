"""Known mistakes in softmax and in the cross-entropy."""

from collections.abc import Callable, Iterator
from functools import partial

import numpy as np

from rnngrader.checks.arguments import NumericArray as Array
from rnngrader.checks.spec import Mistake

LOSS = "sequences.html#from-scores-to-a-loss"


def _row_maximum(x: Array) -> Array:
    largest: Array = x.max(axis=-1, keepdims=True)
    return largest


def _as_given(x: Array) -> Array:
    return x


def _row_sum(exps: Array) -> Array:
    total: Array = exps.sum(axis=-1, keepdims=True)
    return total


def softmax(
    x: Array,
    *,
    shift: Callable[[Array], Array] = _row_maximum,
    before: Callable[[Array], Array] = _as_given,
    exponential: Callable[[Array], Array] = np.exp,
    total: Callable[[Array], Array] = _row_sum,
    after: Callable[[Array], Array] = _as_given,
) -> Array:
    """Turn scores into probabilities with parts of which some may be wrong."""
    scores = before(x)
    exps = exponential(scores - shift(scores))
    return after(exps / total(exps))


def _zero(x: Array) -> Array:
    return np.zeros_like(x[..., :1])


def _powers_of_two(x: Array) -> Array:
    powers: Array = np.exp2(x)
    return powers


def _log_softmax(x: Array) -> Array:
    shifted = x - _row_maximum(x)
    logs: Array = shifted - np.log(_row_sum(np.exp(shifted)))
    return logs


def _hardmax(x: Array) -> Array:
    chosen: Array = (x == _row_maximum(x)).astype(x.dtype)
    return chosen


def _sigmoid(x: Array) -> Array:
    y: Array = 0.5 * (1 + np.tanh(0.5 * x))
    return y


def _without_shift(function: Callable[[Array], Array]) -> Callable[..., Array]:
    return partial(softmax, shift=_zero, exponential=function)


def softmax_mistakes() -> Iterator[Mistake]:
    """List mistakes in softmax."""
    totals: dict[str, Callable[[Array], Array]] = {
        "over-first-axis": lambda e: e.sum(axis=0, keepdims=True),
        "over-second-axis": lambda e: e.sum(axis=min(1, e.ndim - 1), keepdims=True),
        "over-everything": lambda e: e.sum(),
        "not-normalised": lambda e: np.ones_like(e[..., :1]),
        "by-the-largest": _row_maximum,
        "by-the-mean": lambda e: e.mean(axis=-1, keepdims=True),
        "by-the-length": lambda e: np.sqrt((e**2).sum(axis=-1, keepdims=True)),
        "axis-dropped": lambda e: e.sum(axis=-1),
    }
    for name, total in totals.items():
        shift = _zero if name in UNSHIFTED else _row_maximum
        yield Mistake(name, partial(softmax, total=total, shift=shift), see=LOSS)
    for name in ("over-first-axis", "over-second-axis"):
        # The largest score is taken over the classes, and only the sum over another axis.
        yield Mistake(f"{name}-shifted", partial(softmax, total=totals[name]), name, LOSS)
    whole = partial(softmax, total=np.sum, shift=np.max)
    yield Mistake("over-everything-shifted", whole, "over-everything", LOSS)
    yield from _exponential_mistakes()
    yield Mistake("sigmoid-alone", _sigmoid, "sigmoid", LOSS)
    befores: dict[str, Callable[[Array], Array]] = {
        "sign-turned": np.negative,
        "scaled-down": lambda x: x / np.sqrt(x.shape[-1]),
    }
    for name, before in befores.items():
        yield Mistake(name, partial(softmax, before=before), see=LOSS)
    yield Mistake("softmax-twice", partial(softmax, after=softmax), see=LOSS)
    yield Mistake("one-minus", partial(softmax, after=lambda y: 1 - y), see=LOSS)
    yield Mistake("logarithm-returned", _log_softmax, see=LOSS)
    yield Mistake("largest-only", _hardmax, see=LOSS)
    yield Mistake(
        "shift-by-class", partial(softmax, shift=lambda x: x.max(axis=0, keepdims=True)), see=LOSS
    )
    yield from _large_mistakes()


def _exponential_mistakes() -> Iterator[Mistake]:
    exponentials: dict[str, Callable[[Array], Array]] = {
        "no-exponential": _as_given,
        "squares": np.square,
        "absolute-values": np.abs,
        "powers-of-two": _powers_of_two,
        "sigmoid": _sigmoid,
    }
    for name, function in exponentials.items():
        yield Mistake(name, _without_shift(function), see=LOSS)


def _large_mistakes() -> Iterator[Mistake]:
    yield Mistake("no-shift", partial(softmax, shift=_zero), see=LOSS, shown_by="large")
    yield Mistake("one-maximum", partial(softmax, shift=np.max), see=LOSS, shown_by="large")
    low = partial(softmax, shift=lambda x: x.mean(axis=-1, keepdims=True))
    yield Mistake("shift-too-low", low, see=LOSS, shown_by="large")
    yield Mistake(
        "scores-clipped",
        partial(softmax, before=lambda x: np.clip(x, -100, 100)),
        see=LOSS,
        shown_by="large",
    )


# Without a denominator that fits, a shift changes the result; who forgets one forgets the other.
UNSHIFTED = {"over-first-axis", "over-second-axis", "not-normalised", "by-the-length"}


def _picked(log_probs: Array, targets: Array) -> Array:
    return -np.take_along_axis(log_probs, targets[..., None], axis=-1)[..., 0]


def _masked_mean(surprise: Array, mask: Array) -> Array:
    mean: Array = np.where(mask, surprise, 0).sum() / mask.sum()
    return mean


def cross_entropy(
    logits: Array,
    targets: Array,
    mask: Array | None = None,
    *,
    logs: Callable[[Array], Array] = _log_softmax,
    real: Callable[[Array], Array] = _as_given,
    goal: Callable[[Array, Array], Array] = lambda targets, _logits: targets,
    surprise: Callable[[Array, Array], Array] = _picked,
    mean: Callable[[Array, Array], Array] = _masked_mean,
) -> Array:
    """Compute the loss with parts of which some may be wrong."""
    mask = real(np.ones(targets.shape, dtype=bool) if mask is None else mask)
    safe = np.where(mask, targets, 0)
    return mean(surprise(logs(logits), goal(safe, logits)), mask)


def _per_sequence(surprise: Array, mask: Array) -> Array:
    sums = np.where(mask, surprise, 0).sum(axis=-1)
    mean: Array = (sums / mask.sum(axis=-1)).mean()
    return mean


def _binary(log_probs: Array, targets: Array) -> Array:
    chosen = targets[..., None] == np.arange(log_probs.shape[-1])
    others = np.log1p(-np.exp(np.minimum(log_probs, -1e-12)))
    total: Array = -np.where(chosen, log_probs, others).sum(axis=-1)
    return total


def _squared(log_probs: Array, targets: Array) -> Array:
    chosen = targets[..., None] == np.arange(log_probs.shape[-1])
    total: Array = ((np.exp(log_probs) - chosen) ** 2).sum(axis=-1)
    return total


def _clipped_log(x: Array) -> Array:
    logs: Array = np.log(np.maximum(softmax(x), 1e-12))
    return logs


def _other_axis(x: Array) -> Array:
    logs: Array = x - np.log(np.exp(x).sum(axis=1, keepdims=True))
    return logs


def _reading_everything(logits: Array, targets: Array, mask: Array | None = None) -> Array:
    """Look targets up before the mask is used, so that a target that is no id raises an error."""
    surprise = _picked(_log_softmax(logits), targets)
    return _masked_mean(surprise, np.ones(targets.shape) if mask is None else mask)


def loss_mistakes() -> Iterator[Mistake]:
    """List mistakes in the cross-entropy."""
    logs: dict[str, Callable[[Array], Array]] = {
        "softmax-missing": _as_given,
        "softmax-before": lambda x: _log_softmax(softmax(x)),
        "log-softmax-twice-softmaxed": lambda x: _log_softmax(np.exp(_log_softmax(softmax(x)))),
        "over-steps": _other_axis,
        "logs-to-base-two": lambda x: _log_softmax(x) / np.log(2),
        "logs-to-base-ten": lambda x: _log_softmax(x) / np.log(10),
        "sigmoid-in-place": lambda x: np.log(_sigmoid(x)),
    }
    for name, function in logs.items():
        yield Mistake(name, partial(cross_entropy, logs=function), see=LOSS)
    surprises: dict[str, Callable[[Array, Array], Array]] = {
        "sign-missing": lambda p, t: -_picked(p, t),
        "probability-itself": lambda p, t: np.exp(-_picked(p, t)),
        "probability-negated": lambda p, t: -np.exp(-_picked(p, t)),
        "one-minus-probability": lambda p, t: 1 - np.exp(-_picked(p, t)),
        "all-classes": lambda p, _t: -p.sum(axis=-1),
        "entropy": lambda p, _t: -(np.exp(p) * p).sum(axis=-1),
        "binary": _binary,
        "squared-error": _squared,
        "over-classes-too": lambda p, t: _picked(p, t) / p.shape[-1],
        "most-likely": lambda p, _t: -p.max(axis=-1),
    }
    for name, surprise in surprises.items():
        yield Mistake(name, partial(cross_entropy, surprise=surprise), see=LOSS)
    goals: dict[str, Callable[[Array, Array], Array]] = {
        "target-one-too-low": lambda t, _x: t - 1,
        "target-one-too-high": lambda t, x: (t + 1) % x.shape[-1],
        "targets-reversed": lambda t, _x: t[:, ::-1],
        "targets-one-late": lambda t, _x: np.roll(t, 1, axis=1),
        "targets-one-early": lambda t, _x: np.roll(t, -1, axis=1),
    }
    for name, goal in goals.items():
        yield Mistake(name, partial(cross_entropy, goal=goal), see=LOSS)
    yield from _mean_mistakes()


def _mean_mistakes() -> Iterator[Mistake]:
    means: dict[str, Callable[[Array, Array], Array]] = {
        "summed": lambda s, m: np.where(m, s, 0).sum(),
        "summed-over-time": lambda s, m: np.where(m, s, 0).sum() / len(s),
        "summed-over-batch": lambda s, m: np.where(m, s, 0).sum() / s.shape[1],
        "not-reduced": lambda s, m: np.where(m, s, 0),
        "per-sequence": lambda s, m: np.where(m, s, 0).sum(axis=1) / m.sum(axis=1),
        "perplexity": lambda s, m: np.exp(_masked_mean(s, m)),
        "last-step-only": lambda s, _m: s[:, -1].mean(),
        "last-step-left-out": lambda s, m: _masked_mean(s[:, :-1], m[:, :-1]),
        "first-step-left-out": lambda s, m: _masked_mean(s[:, 1:], m[:, 1:]),
        "largest": lambda s, m: np.where(m, s, 0).max(),
        "median": lambda s, m: np.median(s[m]),
    }
    for name, mean in means.items():
        yield Mistake(name, partial(cross_entropy, mean=mean), see=LOSS)
    yield from _mask_mistakes()


def _mask_mistakes() -> Iterator[Mistake]:
    masks: dict[str, Callable[[Array, Array], Array]] = {
        "padding-counted": lambda s, m: np.where(m, s, 0).mean(),
        "mean-of-means": _per_sequence,
        "mask-ignored-in-mean": lambda s, _m: s.mean(),
        "mask-inverted-in-sum": lambda s, m: np.where(m, 0, s).sum() / m.sum(),
        "mask-inverted-in-mean": lambda s, m: np.where(m, 0, s).sum() / max((~m).sum(), 1),
    }
    for name, mean in masks.items():
        message = name.partition("-in-")[0]
        yield Mistake(name, partial(cross_entropy, mean=mean), message, LOSS)
    reals: dict[str, Callable[[Array], Array]] = {
        "mask-ignored": np.ones_like,
        "mask-inverted": lambda m: m if m.all() else ~m,
    }
    for name, real in reals.items():
        yield Mistake(name, partial(cross_entropy, real=real), see=LOSS)
    yield Mistake("padding-ids-read", _reading_everything, see=LOSS, shown_by="edges")
    two: Callable[[Array], Array] = lambda x: np.log(np.exp(x) / _row_sum(np.exp(x)))  # noqa: E731
    one: Callable[[Array], Array] = lambda x: x - np.log(_row_sum(np.exp(x)))  # noqa: E731
    for name, message, logs in (
        ("log-of-softmax", "", lambda x: np.log(softmax(x))),
        ("log-of-overflow", "", one),
        ("log-of-two-overflows", "log-of-overflow", two),
        ("log-clipped", "", _clipped_log),
    ):
        variant = partial(cross_entropy, logs=logs)
        yield Mistake(name, variant, message, LOSS, shown_by="large")
