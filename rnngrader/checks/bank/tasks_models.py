"""Known mistakes in a tagger, a classifier and a language model made from parts."""

from collections.abc import Callable, Iterator
from functools import partial

import numpy as np

from rnngrader.checks.arguments import NumericArray as Array
from rnngrader.checks.bank.tasks_batches import MARKS, SHIFTS, Columns
from rnngrader.checks.bank.tasks_measures import LASTS, MEANS, WORDS, summarise
from rnngrader.checks.spec import Function, Mistake
from rnngrader.checks.tasks_reference import ModelParams, read, scores, token_losses

LABELLING = "tasks.html#labelling"
CLASSIFICATION = "tasks.html#classification"
LANGUAGE = "tasks.html#language-model"
BACK = "tasks.html#what-goes-back"
Scored = Callable[[Array, ModelParams], Array]
Reduced = Callable[[Array, Array], object]


def _softmax(logits: Array) -> Array:
    powers = np.exp(logits - logits.max(axis=-1, keepdims=True))
    probabilities: Array = powers / powers.sum(axis=-1, keepdims=True)
    return probabilities


SCORES: dict[str, Scored] = {
    "scores-without-bias": lambda h, p: h @ p[5].T,
    "scores-bias-twice": lambda h, p: scores(h, p) + p[6],
    "scores-of-tanh": lambda h, p: np.tanh(scores(h, p)),
    "softmax-before": lambda h, p: _softmax(scores(h, p)),
}
REDUCTIONS: dict[str, Reduced] = {
    "loss-of-padding": lambda losses, _mask: losses.mean(),
    "loss-over-all": lambda losses, mask: (losses * mask).mean(),
    "loss-over-batch": lambda losses, mask: (losses * mask).sum() / len(losses),
    "loss-over-steps": lambda losses, mask: (losses * mask).sum() / losses.shape[1],
    "loss-summed": lambda losses, mask: losses[mask].sum(),
    "loss-of-means": lambda losses, mask: np.mean(
        [line[real].mean() for line, real in zip(losses, mask, strict=True) if real.any()]
    ),
    "loss-inverted": lambda losses, mask: losses[~mask].sum() / np.float64((~mask).sum()),
    "loss-padding-kept": lambda losses, mask: losses.sum() / mask.sum(),
    "loss-each-token": lambda losses, mask: losses * mask,
    "loss-each-sequence": lambda losses, mask: (losses * mask).sum(axis=1) / mask.sum(axis=1),
    "loss-negative": lambda losses, mask: -losses[mask].mean(),
    "loss-perplexity": lambda losses, mask: np.exp(losses[mask].mean()),
    "loss-in-bits": lambda losses, mask: losses[mask].mean() / np.log(2),
    "loss-last-only": lambda losses, mask: losses[
        np.arange(len(mask)), np.maximum(mask.sum(axis=1) - 1, 0)
    ].mean(),
    "loss-probability": lambda losses, mask: np.exp(-losses[mask]).mean(),
    "loss-largest": lambda losses, mask: losses[mask].max(),
}


def _over_real(losses: Array, mask: Array) -> object:
    # The mean of nothing is nan here, without the warning that NumPy's own gives.
    mean: object = losses[mask].sum() / np.float64(mask.sum())
    return mean


def tagger(
    ids: Array,
    tags: Array,
    lengths: Array,
    params: ModelParams,
    *,
    states: Callable[[Array, ModelParams], Array] = read,
    scored: Scored = scores,
    moved: Columns = lambda tags: tags,
    real: Callable[[Array, Array], Array] = lambda t, n: t < n,
    reduced: Reduced = _over_real,
) -> object:
    """Measure a tagger with parts of which some may be wrong."""
    losses = token_losses(scored(states(ids, params), params), moved(tags))
    return reduced(losses, real(np.arange(ids.shape[1])[None, :], lengths[:, None]))


def tagger_mistakes() -> Iterator[Mistake]:
    """List mistakes in the loss of a tagger."""
    yield from _model_mistakes(tagger, LABELLING)
    moves: dict[str, Columns] = {
        "tags-one-early": lambda tags: np.roll(tags, -1, axis=1),
        "tags-one-late": lambda tags: np.roll(tags, 1, axis=1),
        "tags-reversed": lambda tags: tags[:, ::-1],
        "tags-of-other": lambda tags: tags[::-1],
    }
    for name, moved in moves.items():
        yield Mistake(name, partial(tagger, moved=moved), see=LABELLING)
    marks: dict[str, Callable[[Array, Array], Array]] = {
        "tags-one-more": lambda t, n: t <= n,
        "tags-one-less": lambda t, n: t < n - 1,
        "tags-first-left-out": lambda t, n: (t > 0) & (t < n),
    }
    for name, real in marks.items():
        yield Mistake(name, partial(tagger, real=real), see=LABELLING)


def _model_mistakes(model: Function, see: str) -> Iterator[Mistake]:
    """List mistakes that every model with a score for each token can have."""
    for name, scored in SCORES.items():
        yield Mistake(name, partial(model, scored=scored), see=see)
    for name, reduced in REDUCTIONS.items():
        yield Mistake(name, partial(model, reduced=reduced), see=BACK)
    backwards = partial(model, states=lambda ids, params: read(ids[:, ::-1], params))
    yield Mistake("read-backwards", backwards, see=see)
    turned = partial(model, states=lambda ids, params: read(ids[:, ::-1], params)[:, ::-1])
    yield Mistake("read-from-end", turned, see=see)
    late = partial(model, states=_states_before)
    yield Mistake("state-before", late, see=see)


def _states_before(ids: Array, params: ModelParams) -> Array:
    states = read(ids, params)
    return np.concatenate([0 * states[:, :1], states[:, :-1]], axis=1)


def classifier(
    ids: Array,
    lengths: Array,
    params: ModelParams,
    summary: str = "last",
    *,
    summed: Callable[..., Array] = summarise,
    scored: Scored = scores,
    given: Callable[[Array], Array] = lambda logits: logits,
) -> Array:
    """Score sequences with parts of which some may be wrong."""
    return given(scored(summed(read(ids, params), lengths, summary), params))


def classifier_mistakes() -> Iterator[Mistake]:
    """List mistakes in a classifier."""
    for name, scored in SCORES.items():
        yield Mistake(name, partial(classifier, scored=scored), see=CLASSIFICATION)
    for keyword, parts in (("last", LASTS), ("mean", MEANS), ("word", WORDS)):
        for name, part in parts.items():
            if name != "mean-of-units":
                wrong = partial(summarise, **{keyword: part})  # type: ignore[arg-type]
                yield Mistake(name, partial(classifier, summed=wrong), see=CLASSIFICATION)
    results: dict[str, Callable[[Array], Array]] = {
        "class-chosen": lambda logits: logits.argmax(axis=-1),
        "best-score": lambda logits: logits.max(axis=-1),
        "log-softmax-after": lambda logits: np.log(_softmax(logits)),
        "scores-turned": np.transpose,
        "scores-averaged": lambda logits: logits.mean(axis=0),
    }
    for name, given in results.items():
        yield Mistake(name, partial(classifier, given=given), see=CLASSIFICATION)
    every = partial(classifier, summed=lambda states, _lengths, _summary: states)
    yield Mistake("scores-each-step", every, see=CLASSIFICATION)


def language_model(
    ids: Array,
    lengths: Array,
    params: ModelParams,
    *,
    shift: tuple[Columns, Columns] = (lambda ids: ids[:, :-1], lambda ids: ids[:, 1:]),
    states: Callable[[Array, ModelParams], Array] = read,
    scored: Scored = scores,
    real: Callable[[Array, Array], Array] = lambda t, n: t < n - 1,
    reduced: Reduced = _over_real,
) -> object:
    """Measure a language model with parts of which some may be wrong."""
    inputs, targets = (columns(ids) for columns in shift)
    losses = token_losses(scored(states(inputs, params), params), targets)
    return reduced(losses, real(np.arange(losses.shape[1])[None, :], lengths[:, None]))


# All tokens are read here, and the states are cut afterwards.
SHIFTED_STATES: tuple[Columns, Columns] = (lambda ids: ids, lambda ids: ids[:, 1:])


def _one_ahead(ids: Array, params: ModelParams) -> Array:
    """Drop the first state where the last one should be dropped."""
    return read(ids, params)[:, 1:]


def language_model_mistakes() -> Iterator[Mistake]:
    """List mistakes in the loss of a language model."""
    yield from _model_mistakes(language_model, LANGUAGE)
    for name, shift in SHIFTS.items():
        yield Mistake(name, partial(language_model, shift=shift), see=LANGUAGE)
    same: tuple[Columns, Columns] = (lambda ids: ids, lambda ids: ids)
    itself = partial(language_model, shift=same, real=lambda t, n: t < n)
    yield Mistake("unshifted-all", itself, "unshifted", LANGUAGE)
    ahead = partial(language_model, shift=SHIFTED_STATES, states=_one_ahead)
    yield Mistake("read-one-ahead", ahead, see=LANGUAGE)
    started: tuple[Columns, Columns] = (
        lambda ids: np.pad(ids[:, :-1], ((0, 0), (1, 0))),
        lambda ids: ids,
    )
    first = partial(language_model, shift=started, real=lambda t, n: t < n)
    yield Mistake("start-added", first, see=LANGUAGE)
    for name, real in MARKS.items():
        if name not in {"pairs-all", "pairs-inverted"}:
            yield Mistake(name, partial(language_model, real=real), see=LANGUAGE)
    yield Mistake("over-lengths", _over_lengths, see=LANGUAGE)


def _over_lengths(ids: Array, lengths: Array, params: ModelParams) -> object:
    def reduced(losses: Array, mask: Array) -> object:
        mean: object = (losses * mask).sum() / lengths.sum()
        return mean

    return language_model(ids, lengths, params, reduced=reduced)
