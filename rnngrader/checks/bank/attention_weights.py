"""Known mistakes in turning scores into weights, above all at padding."""

from collections.abc import Callable, Iterator
from functools import partial

import numpy as np

from rnngrader.checks.arguments import NumericArray as Array
from rnngrader.checks.bank.attention_scores import WEIGH, softmaxed
from rnngrader.checks.spec import Mistake

MASKS = "attention.html#masks"

Part = Callable[[Array, Array], Array]


def _all_as_they_are(scores: Array, real: Array) -> Array:
    del real
    return scores


def _removed(scores: Array, real: Array) -> Array:
    return np.where(real, scores, -np.inf)


def _peak(scores: Array, real: Array) -> Array:
    largest: Array = np.max(scores, axis=-1, keepdims=True, where=real, initial=-np.inf)
    return np.where(np.isfinite(largest), largest, 0)


def _total(exps: Array, real: Array) -> Array:
    some = real.any(axis=-1, keepdims=True)
    total: Array = np.where(some, exps.sum(axis=-1, keepdims=True), 1)
    return total


def attention_weights(
    scores: Array,
    mask: Array | None = None,
    *,
    real: Callable[[Array], Array] = lambda mask: mask,
    prepare: Callable[[Array], Array] = lambda scores: scores,
    remove: Part = _removed,
    shift: Part = _peak,
    exponential: Callable[[Array], Array] = np.exp,
    total: Part = _total,
    after: Part = _all_as_they_are,
) -> Array:
    """Turn scores into weights with parts of which some may be wrong."""
    batch, _, source = scores.shape
    known = np.ones((batch, source), dtype=bool) if mask is None else real(mask)
    places = np.broadcast_to(known[:, None, :], scores.shape)
    kept = remove(prepare(scores), places)
    exps = exponential(kept - shift(kept, places))
    return after(exps / total(exps, places), places)


def right_weights(scores: Array, mask: Array | None = None) -> Array:
    """Turn scores into weights rightly, for variants that are wrong elsewhere."""
    return attention_weights(scores, mask)


def _over(axis: int | tuple[int, ...]) -> Part:
    return lambda exps, _real: exps.sum(axis=axis, keepdims=True)


def _guarded(total: Part) -> Part:
    """Divide by one instead of zero."""

    def safe(exps: Array, real: Array) -> Array:
        found = total(exps, real)
        return np.where(found == 0, 1, found)

    return safe


def _zero(scores: Array, real: Array) -> Array:
    del real
    return np.zeros_like(scores[..., :1])


def _one(exps: Array, real: Array) -> Array:
    del real
    return np.ones_like(exps[..., :1])


def _sigmoid(scores: Array) -> Array:
    y: Array = 0.5 * (1 + np.tanh(0.5 * scores))
    return y


def _hard(weights: Array, real: Array) -> Array:
    del real
    chosen: Array = (weights == weights.max(axis=-1, keepdims=True)).astype(weights.dtype)
    return chosen


def _uniform(weights: Array, real: Array) -> Array:
    count = np.maximum(real.sum(axis=-1, keepdims=True), 1)
    even: Array = (real / count).astype(weights.dtype)
    return even


# Where a mistake of the same name elsewhere in the unit needs other words.
SENTENCES = {"scores-absolute": "scores-absolute-weights", "scores-softmaxed": "softmaxed-twice"}
# Whoever uses another denominator has no use for a shift, and would see the difference.
_unshifted = partial(attention_weights, shift=_zero)


def weights_mistakes() -> Iterator[Mistake]:
    """List mistakes in the weights."""
    totals: dict[str, Part] = {
        "over-batch": _over(0),
        "over-steps": _over(1),
        "over-everything": _over((0, 1, 2)),
        "over-batch-and-source": _over((0, 2)),
        "over-steps-and-source": _over((1, 2)),
        "not-divided": _one,
        "divided-by-largest": lambda e, _r: e.max(axis=-1, keepdims=True),
        "divided-by-count": lambda _e, r: np.maximum(r.sum(axis=-1, keepdims=True), 1),
        "divided-by-length": lambda e, _r: np.sqrt((e**2).sum(axis=-1, keepdims=True)),
    }
    for name, total in totals.items():
        yield Mistake(name, partial(_unshifted, total=total), see=WEIGH)
    for name, axis in (("over-batch", 0), ("over-steps", 1)):
        # The largest score is taken over the source, and only the sum over another axis.
        shifted = partial(attention_weights, total=_over(axis))
        yield Mistake(f"{name}-shifted", shifted, name, WEIGH)
        guarded = partial(attention_weights, total=_guarded(_over(axis)))
        yield Mistake(f"{name}-guarded", guarded, name, WEIGH)
    exponentials: dict[str, Callable[[Array], Array]] = {
        "no-exponential": lambda s: np.where(np.isfinite(s), s, 0),
        "powers-of-two": np.exp2,
        "sigmoid-for-exponential": _sigmoid,
        "squares": lambda s: np.where(np.isfinite(s), s, 0) ** 2,
    }
    for name, exponential in exponentials.items():
        yield Mistake(name, partial(_unshifted, exponential=exponential), see=WEIGH)
    yield from _around_mistakes()
    yield from _mask_mistakes()
    yield from _large_mistakes()


def _around_mistakes() -> Iterator[Mistake]:
    prepares: dict[str, Callable[[Array], Array]] = {
        "sign-turned": np.negative,
        "scaled-by-source": lambda s: s / np.sqrt(s.shape[-1]),
        "scores-absolute": np.abs,
        "scores-softmaxed": softmaxed,
    }
    for name, prepare in prepares.items():
        wrong = partial(attention_weights, prepare=prepare)
        yield Mistake(name, wrong, SENTENCES.get(name, ""), WEIGH)
    afters: dict[str, Part] = {
        "best-place-only": _hard,
        "uniform": _uniform,
        "one-minus": lambda w, r: np.where(r, 1 - w, 0),
        "logarithm": lambda w, r: np.where(r, np.log(np.where(r, w, 1)), 0),
        "added-up": lambda w, _r: np.cumsum(w, axis=-1),
    }
    for name, after in afters.items():
        yield Mistake(name, partial(attention_weights, after=after), see=WEIGH)
    yield Mistake(
        "sigmoid-alone",
        partial(_unshifted, exponential=_sigmoid, total=_one),
        see=WEIGH,
    )


def _mask_mistakes() -> Iterator[Mistake]:
    removes: dict[str, Part] = {
        "scores-times-mask": lambda s, r: s * r,
        "penalty-too-small": lambda s, r: np.where(r, s, s - 10.0),
        "padding-minus-one": lambda s, r: np.where(r, s, -1.0),
        "mask-added": lambda s, r: s + r,
        "mask-subtracted": lambda s, r: s - r,
    }
    for name, remove in removes.items():
        yield Mistake(name, partial(attention_weights, remove=remove), see=MASKS)
    reals: dict[str, Callable[[Array], Array]] = {
        "mask-ignored": np.ones_like,
        "mask-inverted": np.logical_not,
        "mask-one-long": lambda m: m | np.roll(m, 1, axis=1) | (np.arange(m.shape[1]) == 0),
        "mask-one-short": lambda m: m & np.roll(m, -1, axis=1),
        "mask-reversed": lambda m: m[:, ::-1],
        "mask-of-first-sequence": lambda m: np.repeat(m[:1], len(m), axis=0),
    }
    for name, real in reals.items():
        yield Mistake(name, partial(attention_weights, real=real), see=MASKS)
    after = partial(attention_weights, remove=_all_as_they_are, after=lambda w, r: w * r)
    yield Mistake("mask-after-softmax", after, see=MASKS)
    yield Mistake("mask-inverted-always", _inverted, "mask-inverted", MASKS)
    padded = partial(attention_weights, remove=lambda s, r: np.where(r, s, s - 1e9))
    kept = partial(padded, total=lambda e, _r: e.sum(axis=-1, keepdims=True), shift=_row_peak)
    yield Mistake("scores-without-real-place", kept, see=MASKS, shown_by="edges")
    nowhere = partial(attention_weights, total=lambda e, _r: e.sum(axis=-1, keepdims=True))
    yield Mistake("nan-without-real-place", nowhere, see=MASKS, shown_by="edges")
    yield Mistake("uniform-without-real-place", _uniform_nowhere, see=MASKS, shown_by="edges")


def _row_peak(scores: Array, real: Array) -> Array:
    del real
    largest: Array = scores.max(axis=-1, keepdims=True)
    return largest


def _inverted(scores: Array, mask: Array | None = None) -> Array:
    """Take padding for real, and no place for real if there is no mask."""
    none = np.zeros((len(scores), scores.shape[-1]), dtype=bool)
    return right_weights(scores, none if mask is None else ~mask)


def _uniform_nowhere(scores: Array, mask: Array | None = None) -> Array:
    """Put a large negative number at padding, which is large only beside others."""
    kept = scores if mask is None else np.where(mask[:, None], scores, -1e9)
    return softmaxed(kept)


def _large_mistakes() -> Iterator[Mistake]:
    shifts: dict[str, Part] = {
        "no-shift": _zero,
        "one-maximum": lambda s, _r: np.where(np.isfinite(s), s, -np.inf).max(keepdims=True),
    }
    for name, shift in shifts.items():
        wrong = partial(attention_weights, shift=shift)
        yield Mistake(name, wrong, see=WEIGH, shown_by="large")
    guarded = partial(_unshifted, total=_guarded(lambda e, _r: e.sum(axis=-1, keepdims=True)))
    yield Mistake("no-shift-guarded", guarded, "no-shift", WEIGH, shown_by="large")
    yield Mistake("peak-at-padding", _peak_at_padding, see=MASKS, shown_by="large")
    clipped = partial(attention_weights, prepare=lambda s: np.clip(s, -100, 100))
    yield Mistake("scores-clipped", clipped, see=WEIGH, shown_by="large")


def _peak_at_padding(scores: Array, mask: Array | None = None) -> Array:
    """Shift by the largest score of all places, and remove padding after the exponential."""
    exps = np.exp(scores - scores.max(axis=-1, keepdims=True))
    kept = exps if mask is None else exps * mask[:, None]
    total = kept.sum(axis=-1, keepdims=True)
    weights: Array = kept / np.where(total == 0, 1, total)
    return weights
