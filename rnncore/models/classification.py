"""Sequence classification: one class for a whole sequence, such as what a review says."""

from typing import Literal, NamedTuple, TypeAlias

import numpy as np

from rnncore._typing import Array, Bool, Inexact, Integer
from rnncore.layers import StackState
from rnncore.losses import CrossEntropyCache, Scalar, cross_entropy, cross_entropy_backward
from rnncore.models.reader import (
    Lengths,
    ReaderCache,
    ReaderParams,
    reader_backward,
    reader_forward,
    scores,
    scores_backward,
    start_state,
)
from rnncore.params import map_params
from rnncore.sequence import real_steps

Summary: TypeAlias = Literal["last", "mean"]


class ClassifierCache(NamedTuple):
    """What `classifier_backward` needs."""

    reader: ReaderCache
    real: Bool[Array, "batch seq 1"]
    features: Inexact[Array, "batch features"]
    summary: Summary
    loss: CrossEntropyCache


def classifier_forward(
    inputs: Integer[Array, "batch seq"],
    targets: Integer[Array, " batch"],
    params: ReaderParams,
    lengths: Lengths = None,
    *,
    summary: Summary = "last",
    dropout_p: float = 0.0,
    rng: np.random.Generator | None = None,
) -> tuple[Scalar, ClassifierCache]:
    """Score every class for every sequence, and compare with the right ones.

    Equation: "last": features = h_n of the last layer, both directions side by side;
        "mean": features = sum of real outputs / number of real tokens;
        logits = W features + b; loss = mean over sequences of cross-entropy.

    Args:
        inputs: token ids; at padding any of the vocabulary, none is used.
        targets: right classes.
        params: from `init_reader`, with one output per class.
        lengths: number of real tokens of each sequence; None: all are real. A sequence of none has
            the features 0.
        summary: what of the outputs is looked at.
        dropout_p: probability of dropping; 0 outside training. With "last", no output is dropped.
        rng: source of randomness; needed if `dropout_p` > 0.

    Returns: `(loss_nats, cache)`, the loss in nats per sequence.

    Raises:
        TypeError: if ids, classes or lengths are not integers, or `rng` is no generator.
        ValueError: if shapes disagree, or `summary` is another word.
        IndexError: if an id or a class is out of range.
    """
    features, real, reader = _features(inputs, params, lengths, summary, dropout_p, rng)
    loss_nats, loss = cross_entropy(scores(features, params), targets)
    return loss_nats, ClassifierCache(reader, real, features, summary, loss)


def classifier_backward(
    dloss: float | Scalar, cache: ClassifierCache, params: ReaderParams
) -> ReaderParams:
    """Carry the gradient of the loss back to every weight.

    Args:
        dloss: gradient by the loss; 1 if the loss is all there is.
        cache: from `classifier_forward`.
        params: as given to it.

    Returns: dparams.
    """
    dlogits = cross_entropy_backward(dloss, cache.loss)
    dfeatures, dweight, dbias = scores_backward(dlogits, cache.features, params)
    doutput = np.zeros((*cache.real.shape[:2], dfeatures.shape[-1]), dfeatures.dtype)
    dstate: StackState = map_params(np.zeros_like, cache.reader.state)
    if cache.summary == "mean":
        doutput += cache.real * (dfeatures / _counts(cache.real))[:, None]
    else:
        directions = len(params.layers[0])
        dh = dstate[0] if isinstance(dstate, tuple) else dstate
        dh[-directions:] = np.split(dfeatures, directions, axis=-1)
    dparams = reader_backward(doutput, dstate, cache.reader, params)
    return dparams._replace(weight_out=dweight, bias_out=dbias)


def classifier_predict(
    inputs: Integer[Array, "batch seq"],
    params: ReaderParams,
    lengths: Lengths = None,
    *,
    summary: Summary = "last",
) -> Integer[Array, " batch"]:
    """Return the best class of each sequence.

    Raises:
        TypeError: if ids or lengths are not integers.
        ValueError: if shapes disagree, a length lies outside 0..seq, or `summary` is another word.
        IndexError: if an id is outside the vocabulary.
    """
    features, _, _ = _features(inputs, params, lengths, summary, 0.0, None)
    best: Array = scores(features, params).argmax(axis=-1)
    return best


def _features(
    inputs: Array,
    params: ReaderParams,
    lengths: Lengths,
    summary: Summary,
    dropout_p: float,
    rng: np.random.Generator | None,
) -> tuple[Array, Array, ReaderCache]:
    if summary not in ("last", "mean"):
        raise ValueError(f"expected summary 'last' or 'mean', got {summary!r}")
    state = start_state(params, len(inputs))
    output, last, reader = reader_forward(
        inputs, state, params, lengths, dropout_p=dropout_p, rng=rng
    )
    real = real_steps(output, lengths)
    if summary == "mean":
        return np.where(real, output, 0).sum(axis=1) / _counts(real), real, reader
    h_n = last[0] if isinstance(last, tuple) else last
    return np.concatenate(h_n[-len(params.layers[0]) :], axis=-1), real, reader


def _counts(real: Array) -> Array:
    # At least 1: a sequence of no tokens has the mean 0, not NaN. Small integers keep float32.
    counts: Array = np.maximum(real.sum(axis=1), 1).astype(np.uint16)
    return counts
