"""Sequence labelling: one label for every token, such as its part of speech."""

from typing import NamedTuple

import numpy as np

from rnncore._typing import Array, Inexact, Integer
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
from rnncore.sequence import length_mask


class TaggerCache(NamedTuple):
    """What `tagger_backward` needs."""

    reader: ReaderCache
    output: Inexact[Array, "batch seq features"]
    loss: CrossEntropyCache


def tagger_forward(
    inputs: Integer[Array, "batch seq"],
    targets: Integer[Array, "batch seq"],
    params: ReaderParams,
    lengths: Lengths = None,
    *,
    dropout_p: float = 0.0,
    rng: np.random.Generator | None = None,
) -> tuple[Scalar, TaggerCache]:
    """Score every label at every token, and compare with the right ones.

    Equation: logits_t = W output_t + b; loss = mean over real tokens of cross-entropy.

    Args:
        inputs: token ids; at padding any of the vocabulary, none is used.
        targets: right labels; at padding any integer.
        params: from `init_reader`, with one output per label.
        lengths: number of real tokens of each sequence; None: all are real.
        dropout_p: probability of dropping; 0 outside training.
        rng: source of randomness; needed if `dropout_p` > 0.

    Returns: `(loss_nats, cache)`, the loss in nats per real token.

    Raises:
        TypeError: if ids, labels or lengths are not integers, or `rng` is no generator.
        ValueError: if shapes disagree, or no token is real.
        IndexError: if an id or a label is out of range.
    """
    state = start_state(params, len(inputs))
    output, _, reader = reader_forward(inputs, state, params, lengths, dropout_p=dropout_p, rng=rng)
    mask = None if lengths is None else length_mask(lengths, inputs.shape[1])
    loss_nats, loss = cross_entropy(scores(output, params), targets, mask)
    return loss_nats, TaggerCache(reader, output, loss)


def tagger_backward(
    dloss: float | Scalar, cache: TaggerCache, params: ReaderParams
) -> ReaderParams:
    """Carry the gradient of the loss back to every weight.

    Args:
        dloss: gradient by the loss; 1 if the loss is all there is.
        cache: from `tagger_forward`.
        params: as given to it.

    Returns: dparams.
    """
    dlogits = cross_entropy_backward(dloss, cache.loss)
    doutput, dweight, dbias = scores_backward(dlogits, cache.output, params)
    dparams = reader_backward(doutput, None, cache.reader, params)
    return dparams._replace(weight_out=dweight, bias_out=dbias)


def tagger_predict(
    inputs: Integer[Array, "batch seq"], params: ReaderParams, lengths: Lengths = None
) -> Integer[Array, "batch seq"]:
    """Return the best label of each token; what stands at padding has no meaning.

    Raises:
        TypeError: if ids or lengths are not integers.
        ValueError: if shapes disagree, or a length lies outside 0..seq.
        IndexError: if an id is outside the vocabulary.
    """
    output, _, _ = reader_forward(inputs, start_state(params, len(inputs)), params, lengths)
    best: Array = scores(output, params).argmax(axis=-1)
    return best
