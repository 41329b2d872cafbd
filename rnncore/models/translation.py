"""Encoder-decoder as a model to train: the loss of `rnncore.seq2seq`, and what it writes."""

from typing import NamedTuple

import numpy as np

from rnncore._typing import Array, Integer
from rnncore.data.vocabulary import PAD
from rnncore.losses import CrossEntropyCache, Scalar, cross_entropy, cross_entropy_backward
from rnncore.models.reader import Lengths
from rnncore.seq2seq import (
    Design,
    Seq2SeqCache,
    Seq2SeqParams,
    greedy_decode,
    seq2seq_backward,
    seq2seq_forward,
)
from rnncore.sequence import length_mask


class TranslatorCache(NamedTuple):
    """What `translator_backward` needs."""

    model: Seq2SeqCache
    loss: CrossEntropyCache


def translator_forward(
    inputs: Integer[Array, "batch source"],
    targets: Integer[Array, "batch target"],
    params: Seq2SeqParams,
    design: Design,
    lengths: Lengths = None,
    target_lengths: Lengths = None,
    *,
    forcing: float = 1.0,
    rng: np.random.Generator | None = None,
) -> tuple[Scalar, TranslatorCache]:
    """Read a source, score every token of the target, and compare with the right ones.

    Equation: loss = mean over real target tokens, EOS among them, of cross-entropy.

    Args:
        inputs: token ids of the source; at padding any of the vocabulary, none is used.
        targets: right token ids, ended by EOS, then padded.
        params: from `init_seq2seq`.
        design: as given to it.
        lengths: number of real tokens of each source; None: all are real.
        target_lengths: the same for each target, EOS counted.
        forcing: ratio of teacher forcing, 0 to 1.
        rng: source of randomness; needed if `forcing` is neither 0 nor 1.

    Returns: `(loss_nats, cache)`, the loss in nats per real target token.

    Raises:
        TypeError: if ids or lengths are not integers.
        ValueError: if shapes disagree, no target token is real, or `forcing` lies outside 0..1.
        IndexError: if an id is outside its vocabulary.
    """
    logits, model = seq2seq_forward(inputs, targets, params, design, lengths, forcing, rng)
    mask = None if target_lengths is None else length_mask(target_lengths, targets.shape[1])
    loss_nats, loss = cross_entropy(logits, targets, mask)
    return loss_nats, TranslatorCache(model, loss)


def translator_backward(
    dloss: float | Scalar, cache: TranslatorCache, params: Seq2SeqParams
) -> Seq2SeqParams:
    """Carry the gradient of the loss back through decoder and encoder.

    Args:
        dloss: gradient by the loss; 1 if the loss is all there is.
        cache: from `translator_forward`.
        params: as given to it.

    Returns: dparams.
    """
    return seq2seq_backward(cross_entropy_backward(dloss, cache.loss), cache.model, params)


def translator_predict(
    inputs: Integer[Array, "batch source"],
    params: Seq2SeqParams,
    design: Design,
    steps: int,
    lengths: Lengths = None,
) -> Integer[Array, "batch steps"]:
    """Write the best token at each of `steps` steps, without being told; PAD after EOS.

    Raises:
        TypeError: if ids, `steps` or lengths are not integers.
        ValueError: if shapes disagree, or `steps` is less than 1.
        IndexError: if an id is outside the vocabulary.
    """
    ids = greedy_decode(inputs, params, design, steps, lengths).ids
    written = np.full((len(inputs), steps), PAD)
    written[:, : ids.shape[1]] = ids
    return written
