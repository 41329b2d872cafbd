"""Known mistakes in what is made of states and scores: a summary, an accuracy, a perplexity."""

from collections.abc import Callable, Iterator
from functools import partial

import numpy as np

from rnngrader.checks.arguments import NumericArray as Array
from rnngrader.checks.spec import Mistake

CLASSIFICATION = "tasks.html#classification"
LABELLING = "tasks.html#labelling"
LANGUAGE = "tasks.html#language-model"
OfStates = Callable[[Array, Array], Array]


def _mask(lengths: Array, seq: int) -> Array:
    real: Array = np.arange(seq) < lengths[:, None]
    return real


def _real_sum(output: Array, lengths: Array) -> Array:
    real = _mask(lengths, output.shape[1])[:, :, None]
    total: Array = np.where(real, output, 0).sum(axis=1)
    return total


def _at(output: Array, index: Array) -> Array:
    chosen: Array = output[np.arange(len(output)), index]
    return chosen


def _last(output: Array, lengths: Array) -> Array:
    return _at(output, lengths - 1)


def _mean(output: Array, lengths: Array) -> Array:
    mean: Array = _real_sum(output, lengths) / lengths[:, None]
    return mean


def summarise(
    output: Array,
    lengths: Array,
    summary: str = "last",
    *,
    last: OfStates = _last,
    mean: OfStates = _mean,
    word: Callable[[str], str] = lambda summary: summary,
) -> Array:
    """Summarise states with parts of which some may be wrong."""
    chosen = {"last": last, "mean": mean}[word(summary)]
    return chosen(output, lengths)


LASTS: dict[str, OfStates] = {
    "last-column": lambda s, _n: s[:, -1],
    "last-one-late": _at,
    "last-one-late-or-last": lambda s, n: _at(s, np.minimum(n, s.shape[1] - 1)),
    "last-one-early": lambda s, n: _at(s, n - 2),
    "last-is-first": lambda s, _n: s[:, 0],
    "last-of-batch": lambda s, _n: s[-1],
    "last-of-other": lambda s, n: _at(s, n[::-1] - 1),
    "last-of-longest": lambda s, n: s[:, n.max() - 1],
    "last-every-pair": lambda s, n: s[:, n - 1],
    "last-is-sum": _real_sum,
    "last-of-zeroed": lambda s, n: np.where(_mask(n, s.shape[1])[:, :, None], s, 0)[:, -1],
}
MEANS: dict[str, OfStates] = {
    "mean-of-all": lambda s, _n: s.mean(axis=1),
    "mean-over-all": lambda s, n: _real_sum(s, n) / s.shape[1],
    "mean-is-sum": _real_sum,
    "mean-over-one-more": lambda s, n: _real_sum(s, n) / (n + 1)[:, None],
    "mean-of-one-less": lambda s, n: _real_sum(s, n - 1) / n[:, None],
    "mean-of-one-more": lambda s, n: _real_sum(s, np.minimum(n + 1, s.shape[1])) / n[:, None],
    "mean-over-one-less": lambda s, n: _real_sum(s, n) / np.maximum(n - 1, 1)[:, None],
    "mean-of-padding-too": lambda s, n: s.sum(axis=1) / n[:, None],
    "mean-without-first": lambda s, n: (_real_sum(s, n) - s[:, 0]) / n[:, None],
    "mean-is-root": lambda s, n: _real_sum(s, n) / np.sqrt(n)[:, None],
    "mean-over-total": lambda s, n: _real_sum(s, n) / n.sum(),
    "mean-is-largest": lambda s, n: np.where(_mask(n, s.shape[1])[:, :, None], s, -np.inf).max(
        axis=1
    ),
    "mean-of-batch": lambda s, _n: s.mean(axis=0),
    "mean-of-units": lambda s, _n: s.mean(axis=-1),
}
WORDS: dict[str, Callable[[str], str]] = {
    "always-last": lambda _word: "last",
    "always-mean": lambda _word: "mean",
    "words-exchanged": lambda word: "mean" if word == "last" else "last",
}


def summary_mistakes() -> Iterator[Mistake]:
    """List mistakes in summarising states."""
    for name, last in LASTS.items():
        yield Mistake(name, partial(summarise, last=last), see=CLASSIFICATION)
    for name, mean in MEANS.items():
        yield Mistake(name, partial(summarise, mean=mean), see=CLASSIFICATION)
    for name, word in WORDS.items():
        yield Mistake(name, partial(summarise, word=word), see=CLASSIFICATION)
    yield Mistake("default-mean", _mean_unless_told, see=CLASSIFICATION)


def _mean_unless_told(output: Array, lengths: Array, summary: str = "mean") -> Array:
    return summarise(output, lengths, summary)


def _mean_of(values: Array) -> object:
    """Return the mean, or nan of no values, without the warning that NumPy's own gives."""
    mean: object = values.sum() / np.float64(values.size)
    return mean


def accuracy(
    logits: Array,
    targets: Array,
    mask: Array,
    *,
    best: Callable[[Array], Array] = lambda logits: logits.argmax(axis=-1),
    share: Callable[[Array, Array], object] = lambda hits, mask: hits[mask].mean(),
) -> object:
    """Count right guesses with parts of which some may be wrong."""
    return share(best(logits) == targets, mask)


def accuracy_mistakes() -> Iterator[Mistake]:
    """List mistakes in an accuracy over real tokens."""
    guesses: dict[str, Callable[[Array], Array]] = {
        "lowest-score": lambda logits: logits.argmin(axis=-1),
        "second-best": lambda logits: np.argsort(logits, axis=-1)[..., -2],
        "classes-from-one": lambda logits: logits.argmax(axis=-1) + 1,
        "largest-size": lambda logits: np.abs(logits).argmax(axis=-1),
        "always-first-class": lambda logits: np.zeros(logits.shape[:-1], dtype=int),
    }
    for name, best in guesses.items():
        yield Mistake(name, partial(accuracy, best=best), see=LABELLING)
    shares: dict[str, Callable[[Array, Array], object]] = {
        "padding-counted": lambda hits, _mask: hits.mean(),
        "over-all-places": lambda hits, mask: (hits & mask).mean(),
        "padding-is-right": lambda hits, mask: (hits | ~mask).mean(),
        "padding-hits-kept": lambda hits, mask: hits.sum() / mask.sum(),
        "mean-of-sentences": lambda hits, mask: _of_sentences(hits, mask).mean(),
        "each-sentence": _of_sentences,
        "whole-sentences": lambda hits, mask: (hits | ~mask).all(axis=1).mean(),
        "only-padding": lambda hits, mask: _mean_of(hits[~mask]),
        "error-rate": lambda hits, mask: 1 - hits[mask].mean(),
        "percent": lambda hits, mask: 100 * hits[mask].mean(),
        "counted": lambda hits, mask: hits[mask].sum(),
        "per-sentence-count": lambda hits, mask: hits[mask].sum() / len(mask),
        "marks-compared": lambda hits, mask: (hits == mask).mean(),
        "first-column": lambda hits, _mask: hits[:, 0].mean(),
        "each-token": lambda hits, mask: hits & mask,
        "rounded": lambda hits, mask: np.round(hits[mask].mean(), 2),
        "real-hits-only": lambda hits, mask: hits[mask],
    }
    for name, share in shares.items():
        yield Mistake(name, partial(accuracy, share=share), see=LABELLING)


def _of_sentences(hits: Array, mask: Array) -> Array:
    shares: Array = (hits & mask).sum(axis=1) / mask.sum(axis=1)
    return shares


def perplexity(
    losses: Array,
    counts: Array,
    *,
    mean: Callable[[Array, Array], float] = lambda losses, counts: (
        (losses * counts).sum() / counts.sum()
    ),
    power: Callable[[float], object] = np.exp,
) -> object:
    """Compute a perplexity with parts of which some may be wrong."""
    return power(mean(losses, counts))


def perplexity_mistakes() -> Iterator[Mistake]:
    """List mistakes in a perplexity over several batches."""
    means: dict[str, Callable[[Array, Array], float]] = {
        "mean-of-batches": lambda losses, _n: losses.mean(),
        "perplexities-averaged": lambda losses, _n: np.log(np.exp(losses).mean()),
        "perplexities-weighted": lambda losses, n: np.log((np.exp(losses) * n).sum() / n.sum()),
        "batches-summed": lambda losses, _n: losses.sum(),
        "tokens-summed": lambda losses, n: (losses * n).sum(),
        "over-batches": lambda losses, n: (losses * n).sum() / len(n),
        "counts-divided": lambda losses, n: losses.sum() / n.sum(),
        "counts-squared": lambda losses, n: (losses * n**2).sum() / (n**2).sum(),
        "median-loss": lambda losses, _n: float(np.median(losses)),
        "last-batch": lambda losses, _n: losses[-1],
        "first-batch": lambda losses, _n: losses[0],
        "worst-batch": lambda losses, _n: losses.max(),
        "best-batch": lambda losses, _n: losses.min(),
        "counts-exchanged": lambda losses, n: (losses * n).sum() / losses.sum(),
    }
    for name, mean in means.items():
        yield Mistake(name, partial(perplexity, mean=mean), see=LANGUAGE)
    powers: dict[str, Callable[[float], object]] = {
        "power-of-two": np.exp2,
        "power-of-ten": lambda loss: 10.0**loss,
        "loss-itself": lambda loss: loss,
        "mean-in-bits": lambda loss: loss / np.log(2),
        "probability": lambda loss: np.exp(-loss),
        "base-mixed": lambda loss: np.exp(loss / np.log(2)),
        "one-taken": np.expm1,
        "logarithm": np.log,
    }
    for name, power in powers.items():
        yield Mistake(name, partial(perplexity, power=power), see=LANGUAGE)
    yield Mistake("each-batch", _each_batch, see=LANGUAGE)


def _each_batch(losses: Array, counts: Array) -> Array:
    del counts
    return np.exp(losses)
