"""Encoder and decoder together, as they are trained."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from rnncore._checks import check_array, check_number, check_rng
from rnncore._typing import Array, Inexact, Integer
from rnncore.data.vocabulary import BOS
from rnncore.params import map_params
from rnncore.seq2seq.decoder import DecoderCache, decoder_step, decoder_step_backward
from rnncore.seq2seq.encoder import EncoderCache, encode, encode_backward
from rnncore.seq2seq.parameters import Design, Seq2SeqParams, check_ids


class Seq2SeqCache(NamedTuple):
    """What `seq2seq_backward` needs; `fed` are the tokens that went into the decoder."""

    encoder: EncoderCache
    steps: list[DecoderCache]
    fed: Integer[Array, "batch target"]

    @property
    def weights(self) -> Inexact[Array, "batch target source"] | None:
        """Where each step looked; None without attention."""
        looked = [step.attention.weights for step in self.steps if step.attention is not None]
        return np.concatenate(looked, axis=1) if looked else None


def shift_right(
    target: Integer[Array, "batch target"], bos: int = BOS
) -> Integer[Array, "batch target"]:
    """Return what goes into the decoder when it is told the truth: BOS, then all but the last.

    Unshifted, the answer would be part of the question: the loss goes to 0, and nothing is learned.

    Example:
        >>> shift_right(np.array([[7, 8, 2]]))
        array([[1, 7, 8]])
    """
    return np.concatenate([np.full_like(target[:, :1], bos), target[:, :-1]], axis=1)


def seq2seq_forward(
    source: Integer[Array, "batch source"],
    target: Integer[Array, "batch target"],
    params: Seq2SeqParams,
    design: Design,
    lengths: Integer[Array, " batch"] | Sequence[int] | None = None,
    forcing: float = 1.0,
    rng: np.random.Generator | None = None,
) -> tuple[Inexact[Array, "batch target vocab_size"], Seq2SeqCache]:
    """Read the source and score the next token at every step of the target.

    Equation: fed_0 = BOS; fed_t = target_{t-1} with probability `forcing`, else the best token of
        step t - 1; one coin per sequence and step.

    Args:
        source: token ids; at padding any of the vocabulary, none is used.
        target: right token ids, ended by EOS, then padded; the loss must leave padding out.
        params: of encoder and decoder.
        design: as given to `init_seq2seq`.
        lengths: number of real tokens of each source; None: all are real.
        forcing: ratio of teacher forcing; 1: always the right token, 0: always the model's own.
        rng: source of the coins; needed if `forcing` is neither 0 nor 1.

    Returns: `(logits, cache)`; step t scores the token `target[:, t]`.

    Raises:
        TypeError: if ids are not integers, `forcing` is no number, or `rng` no generator.
        ValueError: if shapes disagree, the target has no step, `forcing` lies outside 0..1, or
            there is no `rng` where coins are needed.
        IndexError: if an id is outside its vocabulary.

    Source: forcing: Williams & Zipser (1989); the ratio: Bengio et al. (2015).
    """
    memory, encoded = encode(source, params.encoder, lengths)
    check_ids("target", target, len(params.decoder.embedding), ("batch", "target"), len(source))
    told = _coins(target.shape, forcing, rng)

    h, c, fed = memory.h_n, memory.c_n, shift_right(target)
    outputs: list[Array] = []
    steps: list[DecoderCache] = []
    for t in range(target.shape[1]):
        if t:
            fed[:, t] = np.where(told[:, t], fed[:, t], outputs[-1].real.argmax(axis=-1))
        logits, h, c, cache = decoder_step(
            fed[:, t], h, c, memory, params.decoder, design, encoded.mask
        )
        outputs.append(logits)
        steps.append(cache)
    return np.stack(outputs, axis=1), Seq2SeqCache(encoded, steps, fed)


def seq2seq_backward(
    dlogits: Inexact[Array, "batch target vocab_size"], cache: Seq2SeqCache, params: Seq2SeqParams
) -> Seq2SeqParams:
    """Carry the gradient of the loss back through decoder and encoder.

    A token that the model chose itself is a constant: choosing has no gradient.

    Args:
        dlogits: gradient by `logits`.
        cache: from `seq2seq_forward`.
        params: as given to it.

    Returns: dparams; token ids have no gradient.

    Raises:
        TypeError: if `dlogits` is no floating-point NumPy array.
        ValueError: if its shape is not that of `logits`.
    """
    batch, target = cache.fed.shape
    check_array("dlogits", dlogits, batch=batch, target=target, vocab_size=None)

    memory = cache.steps[0].memory
    dh, dc = np.zeros_like(memory.h_n), np.zeros_like(memory.c_n)
    dmemory = map_params(np.zeros_like, memory)
    dparams = map_params(np.zeros_like, params.decoder)
    for t in reversed(range(target)):
        dh, dc, dmemory_t, dparams_t = decoder_step_backward(
            dlogits[:, t], dh, dc, cache.steps[t], params.decoder
        )
        dmemory = map_params(np.add, dmemory, dmemory_t)
        dparams = map_params(np.add, dparams, dparams_t)

    # The decoder started from the last state of the encoder.
    dmemory = dmemory._replace(h_n=dmemory.h_n + dh, c_n=dmemory.c_n + dc)
    return Seq2SeqParams(encode_backward(dmemory, cache.encoder, params.encoder), dparams)


def _coins(shape: tuple[int, ...], forcing: float, rng: np.random.Generator | None) -> Array:
    check_number("forcing", forcing)
    # Written so that NaN is refused too.
    if not 0 <= forcing <= 1:
        raise ValueError(f"expected forcing between 0 and 1, got {forcing}")
    if shape[1] == 0:
        raise ValueError("expected a target with at least one step, got none")
    if forcing in (0, 1):
        return np.full(shape, forcing == 1)
    if rng is None:
        raise ValueError(f"expected rng where forcing is neither 0 nor 1, got None at {forcing}")
    check_rng(rng)
    return rng.random(shape) < forcing
