"""Known mistakes in clipping a gradient and in truncating its way back."""

from collections.abc import Callable, Iterator
from functools import partial

import numpy as np

from rnncore.params import RNNParams
from rnngrader.checks.arguments import NumericArray as Array
from rnngrader.checks.bank.backward_walk import added
from rnngrader.checks.bank.bptt_sequence import backward
from rnngrader.checks.bank.bptt_step import RNNCache
from rnngrader.checks.bank.rnn_step import right_step
from rnngrader.checks.spec import Mistake

CLIPPING = "bptt.html#clipping-for-the-one"
TRUNCATION = "bptt.html#truncation-at-a-price"
Clipped = tuple[RNNParams, float]
Run = tuple[Array, Array, RNNParams]


def _global(grads: RNNParams) -> float:
    return float(np.sqrt(sum(float((array**2).sum()) for array in grads)))


def _at_most_one(norm: float, max_norm: float) -> float:
    return max_norm / norm if norm > max_norm else 1.0


def clip(
    grads: RNNParams,
    max_norm: float,
    *,
    measure: Callable[[RNNParams], float] = _global,
    factor: Callable[[float, float], float] = _at_most_one,
    scaled: Callable[[RNNParams, float], RNNParams] = lambda grads, by: _each(
        grads, lambda array: by * array
    ),
    said: Callable[[float, float], float] = lambda norm, _max_norm: norm,
) -> Clipped:
    """Shorten a gradient with parts of which some may be wrong."""
    norm = measure(grads)
    return scaled(grads, factor(norm, max_norm)), said(norm, max_norm)


def _each(grads: RNNParams, change: Callable[[Array], Array]) -> RNNParams:
    return RNNParams(*(change(array) for array in grads))


def _one_by_one(grads: RNNParams, max_norm: float) -> Clipped:
    def shortened(array: Array) -> Array:
        return array * _at_most_one(float(np.linalg.norm(array)), max_norm)

    return _each(grads, shortened), _global(grads)


def _row_by_row(grads: RNNParams, max_norm: float) -> Clipped:
    def shortened(array: Array) -> Array:
        norms = np.linalg.norm(array, axis=-1, keepdims=True)
        shorter: Array = array * np.minimum(1, max_norm / norms)
        return shorter

    return _each(grads, shortened), _global(grads)


def _values_cut(grads: RNNParams, max_norm: float) -> Clipped:
    return _each(grads, lambda array: np.clip(array, -max_norm, max_norm)), _global(grads)


def _dropped(grads: RNNParams, max_norm: float) -> Clipped:
    norm = _global(grads)
    return _each(grads, lambda array: array * (norm <= max_norm)), norm


def clip_mistakes() -> Iterator[Mistake]:
    """List mistakes in clipping."""
    measures: dict[str, Callable[[RNNParams], float]] = {
        "norms-added": lambda g: float(sum(np.linalg.norm(array) for array in g)),
        "root-missing": lambda g: _global(g) ** 2,
        "sum-of-sizes": lambda g: float(sum(np.abs(array).sum() for array in g)),
        "largest-entry": lambda g: float(max(np.abs(array).max() for array in g)),
        "largest-norm": lambda g: float(max(np.linalg.norm(array) for array in g)),
        "root-of-mean": lambda g: _global(g) / np.sqrt(sum(array.size for array in g)),
        "means-added": lambda g: float(np.sqrt(sum((array**2).mean() for array in g))),
        "mean-of-norms": lambda g: float(np.mean([np.linalg.norm(array) for array in g])),
        "weights-only": lambda g: float(np.sqrt(sum((array**2).sum() for array in g[:2]))),
        "first-array-only": lambda g: float(np.linalg.norm(g[0])),
        "last-array-only": lambda g: float(np.linalg.norm(g[-1])),
        "sum-squared": lambda g: float(abs(sum(array.sum() for array in g))),
    }
    for name, measure in measures.items():
        yield Mistake(name, partial(clip, measure=measure), see=CLIPPING)
    yield from _factor_mistakes()
    yield Mistake("norm-after", partial(clip, said=min), see=CLIPPING)
    yield Mistake("limit-returned", partial(clip, said=lambda _n, limit: limit), see=CLIPPING)
    yield Mistake("factor-returned", partial(clip, said=_at_most_one), see=CLIPPING)
    yield Mistake("squared-norm-returned", partial(clip, said=lambda n, _l: n**2), see=CLIPPING)
    yield Mistake("biases-left-alone", partial(clip, scaled=_weights_scaled), see=CLIPPING)
    for name, variant in {
        "one-by-one": _one_by_one,
        "row-by-row": _row_by_row,
        "values-cut": _values_cut,
        "dropped": _dropped,
    }.items():
        yield Mistake(name, variant, see=CLIPPING)
    yield Mistake(
        "zero-divided",
        partial(clip, factor=lambda norm, limit: min(1.0, limit / norm)),
        see=CLIPPING,
        shown_by="edges",
    )


def _factor_mistakes() -> Iterator[Mistake]:
    factors: dict[str, Callable[[float, float], float]] = {
        "always-scaled": lambda norm, limit: limit / norm,
        "never-scaled": lambda _norm, _limit: 1.0,
        "scaled-to-one": lambda norm, limit: 1 / norm if norm > limit else 1.0,
        "small-scaled": lambda norm, limit: limit / norm if norm < limit else 1.0,
        "factor-inverted": lambda norm, limit: norm / limit if norm > limit else 1.0,
        "factor-inverted-below-one": lambda norm, limit: min(1.0, norm / limit),
        "factor-squared": lambda norm, limit: limit / norm**2 if norm > limit else 1.0,
        "factor-root": lambda norm, limit: np.sqrt(limit / norm) if norm > limit else 1.0,
        "limit-as-factor": lambda norm, limit: limit if norm > limit else 1.0,
        "limit-of-one": lambda norm, limit: limit / norm if norm > 1 else 1.0,
    }
    for name, factor in factors.items():
        yield Mistake(name, partial(clip, factor=factor), see=CLIPPING)


def _weights_scaled(grads: RNNParams, by: float) -> RNNParams:
    return RNNParams(by * grads[0], by * grads[1], grads[2], grads[3])


def _windows(steps: int, size: int) -> list[slice]:
    return [slice(start, min(start + size, steps)) for start in range(0, steps, size)]


def _forward(x: Array, h: Array, params: RNNParams) -> tuple[Array, Array, list[RNNCache]]:
    outputs, caches = [], []
    for t in range(x.shape[1]):
        new = right_step(x[:, t], h, params)
        caches.append(RNNCache(x[:, t], h, new))
        outputs.append(new)
        h = new
    return np.stack(outputs, axis=1), h, caches


def _as_is(x: Array, h_0: Array) -> Array:
    del h_0
    return x


def truncated(
    x: Array,
    h_0: Array,
    doutput: Array,
    params: RNNParams,
    size: int,
    *,
    windows: Callable[[int, int], list[slice]] = _windows,
    carry: Callable[[Array, Array], Array] = _as_is,
    arriving: Callable[[Array, slice], Array] = lambda doutput, window: doutput[:, window],
    total: Callable[[list[RNNParams]], RNNParams] = added,
    gathered: Callable[[list[Array]], Array] = lambda outputs: np.concatenate(outputs, axis=1),
    end: Callable[[list[Array], Array], Array] = lambda ends, _start: ends[-1],
) -> Run:
    """Train on windows with parts of which some may be wrong."""
    h, outputs, ends, parts = h_0, [], [], []
    for window in windows(x.shape[1], size):
        output, h_n, cache = _forward(x[:, window], h, params)
        zero = np.zeros_like(h_n)
        parts.append(backward(arriving(doutput, window), zero, cache, params)[2])
        outputs.append(output)
        ends.append(h_n)
        h = carry(h_n, h_0)
    return gathered(outputs), end(ends, h_0), total(parts)


def aligned_to_the_end(x: Array, h_0: Array, doutput: Array, params: RNNParams, size: int) -> Run:
    """Do the same with a first window that may be the shorter one, which the course accepts too."""

    def windows(steps: int, size: int) -> list[slice]:
        return [slice(max(stop - size, 0), stop) for stop in range(steps, 0, -size)][::-1]

    return truncated(x, h_0, doutput, params, size, windows=windows)


def _untruncated(x: Array, h_0: Array, doutput: Array, params: RNNParams, size: int) -> Run:
    del size
    output, h_n, cache = _forward(x, h_0, params)
    return output, h_n, backward(doutput, np.zeros_like(h_n), cache, params)[2]


def _sliding(x: Array, h_0: Array, doutput: Array, params: RNNParams, size: int) -> Run:
    """Go back so many steps from every step, whatever the windows are."""
    output, h_n, cache = _forward(x, h_0, params)
    parts = []
    for t in range(x.shape[1]):
        window = slice(max(0, t - size + 1), t + 1)
        arriving = _loss_of_the_end(doutput, window)
        parts.append(backward(arriving, 0 * h_n, cache[window], params)[2])
    return output, h_n, added(parts)


def _always_from_zeros(x: Array, h_0: Array, doutput: Array, params: RNNParams, size: int) -> Run:
    carry: Callable[[Array, Array], Array] = lambda h, _h_0: 0 * h  # noqa: E731
    return truncated(x, 0 * h_0, doutput, params, size, carry=carry)


def _averaged(parts: list[RNNParams]) -> RNNParams:
    return RNNParams(*(array / len(parts) for array in added(parts)))


def _loss_of_the_end(doutput: Array, window: slice) -> Array:
    kept = np.zeros_like(doutput[:, window])
    kept[:, -1] = doutput[:, window][:, -1]
    return kept


def truncated_mistakes() -> Iterator[Mistake]:
    """List mistakes in truncated backpropagation."""
    cuts: dict[str, Callable[[int, int], list[slice]]] = {
        "rest-dropped": lambda steps, size: _windows(steps // size * size, size),
        "single-steps": lambda steps, _size: _windows(steps, 1),
        "one-more-step": lambda steps, size: _windows(steps, size + 1),
        "one-step-less": lambda steps, size: _windows(steps, max(size - 1, 1)),
        "size-is-a-number": lambda steps, size: _windows(steps, -(-steps // size)),
        "overlapping": lambda steps, size: [
            slice(start, min(start + size, steps)) for start in range(0, steps, max(size - 1, 1))
        ],
        "first-window-only": lambda steps, size: _windows(steps, size)[:1],
    }
    for name, windows in cuts.items():
        yield Mistake(name, partial(truncated, windows=windows), see=TRUNCATION)
    yield Mistake("not-truncated", _untruncated, see=TRUNCATION)
    yield Mistake("window-for-each-step", _sliding, see=TRUNCATION)
    yield Mistake("zeros-everywhere", _always_from_zeros, "state-zeroed", TRUNCATION)
    carries: dict[str, Callable[[Array, Array], Array]] = {
        "state-zeroed": lambda h, _h_0: 0 * h,
        "state-restarted": lambda _h, h_0: h_0,
    }
    for name, carry in carries.items():
        yield Mistake(name, partial(truncated, carry=carry), see=TRUNCATION)
    arrivals: dict[str, Callable[[Array, slice], Array]] = {
        "loss-of-first-window": lambda d, w: d[:, : w.stop - w.start],
        "loss-at-window-end-only": _loss_of_the_end,
        "loss-at-window-end-twice": lambda d, w: d[:, w] + _loss_of_the_end(d, w),
    }
    for name, arriving in arrivals.items():
        yield Mistake(name, partial(truncated, arriving=arriving), see=TRUNCATION)
    totals: dict[str, Callable[[list[RNNParams]], RNNParams]] = {
        "last-window-counts": lambda parts: parts[-1],
        "first-window-counts": lambda parts: parts[0],
        "windows-averaged": _averaged,
    }
    for name, total in totals.items():
        yield Mistake(name, partial(truncated, total=total), see=TRUNCATION)
    yield from _returned_mistakes()


def _returned_mistakes() -> Iterator[Mistake]:
    yield Mistake(
        "last-output-only", partial(truncated, gathered=lambda outputs: outputs[-1]), see=TRUNCATION
    )
    yield Mistake(
        "joined-along-batch",
        partial(truncated, gathered=lambda outputs: np.concatenate(outputs, axis=0)),
        see=TRUNCATION,
    )
    yield Mistake(
        "end-of-first-window", partial(truncated, end=lambda ends, _h: ends[0]), see=TRUNCATION
    )
    yield Mistake("end-is-start", partial(truncated, end=lambda _ends, h_0: h_0), see=TRUNCATION)
