"""Writing without being told: greedy, sampling and beam decoding; EOS or a cap ends it."""

from collections.abc import Callable, Sequence
from typing import NamedTuple, TypeAlias, cast

import numpy as np

from rnncore._checks import check_number, check_positive, check_rng, check_size
from rnncore._typing import Array, Bool, Inexact, Integer
from rnncore.activations import log_softmax
from rnncore.data.vocabulary import BOS, EOS, PAD
from rnncore.params import map_params
from rnncore.seq2seq.decoder import decoder_step
from rnncore.seq2seq.encoder import Memory, encode
from rnncore.seq2seq.parameters import Design, Seq2SeqParams

Choose: TypeAlias = Callable[[Array], Array]


class Decoded(NamedTuple):
    """What was written: `ids` up to EOS, then PAD; `lengths` count EOS where it was written."""

    ids: Integer[Array, "batch steps"]
    lengths: Integer[Array, " batch"]
    log_probs_nats: Inexact[Array, " batch"]


class _Beam(NamedTuple):
    """Unfinished beginnings of one target, one per row."""

    ids: Integer[Array, "beams steps"]
    log_probs: Inexact[Array, " beams"]
    h: Inexact[Array, "beams hidden_size"]
    c: Inexact[Array, "beams hidden_size"]


def greedy_decode(
    source: Integer[Array, "batch source"],
    params: Seq2SeqParams,
    design: Design,
    max_length: int,
    lengths: Integer[Array, " batch"] | Sequence[int] | None = None,
) -> Decoded:
    """Write the best token at each step.

    Args:
        source: token ids; at padding any of the vocabulary, none is used.
        params: of encoder and decoder.
        design: as given to `init_seq2seq`.
        max_length: tokens after which writing ends without EOS.
        lengths: number of real tokens of each source; None: all are real.

    Returns: what was written, and its log-probability.

    Raises:
        TypeError: if ids or `max_length` are not integers.
        ValueError: if shapes disagree, or `max_length` is less than 1.
        IndexError: if an id is outside the vocabulary.
    """
    return _write(source, params, design, max_length, lengths, lambda logits: logits.argmax(-1))


def sample_decode(
    source: Integer[Array, "batch source"],
    params: Seq2SeqParams,
    design: Design,
    max_length: int,
    rng: np.random.Generator,
    lengths: Integer[Array, " batch"] | Sequence[int] | None = None,
    temperature: float = 1.0,
) -> Decoded:
    """Draw each token from the model's probabilities.

    Equation: p = softmax(logits / temperature).

    Args:
        source: token ids; at padding any of the vocabulary, none is used.
        params: of encoder and decoder.
        design: as given to `init_seq2seq`.
        max_length: tokens after which writing ends without EOS.
        rng: source of randomness.
        lengths: number of real tokens of each source; None: all are real.
        temperature: > 0; below 1 the draw is closer to greedy, above 1 closer to uniform.

    Returns: what was written, and its log-probability at temperature 1.

    Raises:
        TypeError: if ids or `max_length` are not integers, `temperature` is no number, or `rng` no
            generator.
        ValueError: if shapes disagree, `max_length` is less than 1 or `temperature` not positive.
        IndexError: if an id is outside the vocabulary.
    """
    check_positive("temperature", temperature)
    check_rng(rng)

    def draw(logits: Array) -> Array:
        # The largest of the scores, each with Gumbel noise, is a draw from their softmax.
        noisy: Array = logits / temperature + rng.gumbel(size=logits.shape)
        return cast("Array", noisy.argmax(axis=-1))

    return _write(source, params, design, max_length, lengths, draw)


def beam_decode(
    source: Integer[Array, "batch source"],
    params: Seq2SeqParams,
    design: Design,
    max_length: int,
    beam_size: int = 4,
    lengths: Integer[Array, " batch"] | Sequence[int] | None = None,
    length_penalty: float = 0.0,
) -> Decoded:
    """Keep the best `beam_size` beginnings at each step, and return the best ending.

    Equation: score = log p(ids) / length^length_penalty; writing stops when no beginning can still
        beat the best ending, or at `max_length`, where all beginnings count as endings.

    Args:
        source: token ids; at padding any of the vocabulary, none is used.
        params: of encoder and decoder.
        design: as given to `init_seq2seq`.
        max_length: tokens after which writing ends without EOS.
        beam_size: beginnings kept; with 1 this is greedy decoding.
        lengths: number of real tokens of each source; None: all are real.
        length_penalty: 0: plain log-probability, which favours short targets; 1: its mean.

    Returns: what was written, and its log-probability.

    Raises:
        TypeError: if ids, `max_length` or `beam_size` are not integers, or `length_penalty` is no
            number.
        ValueError: if shapes disagree, a size is less than 1 or `length_penalty` is negative.
        IndexError: if an id is outside the vocabulary.

    Source: the stop rule: Huang et al. (2017).
    """
    check_size("max_length", max_length)
    check_size("beam_size", beam_size)
    check_number("length_penalty", length_penalty)
    if not length_penalty >= 0:
        raise ValueError(f"expected length_penalty >= 0, got {length_penalty}")
    memory, encoded = encode(source, params.encoder, lengths)

    best = []
    for n in range(len(source)):
        one = map_params(lambda array, n=n: array[[n]], memory)
        found = _search(
            one, encoded.mask[[n]], params, design, max_length, beam_size, length_penalty
        )
        best.append(found)
    written = np.array([len(ids) for ids, _ in best], dtype=int)
    table = np.full((len(best), written.max(initial=0)), PAD)
    for row, (ids, _) in zip(table, best, strict=True):
        row[: len(ids)] = ids
    return Decoded(table, written, np.array([log_prob for _, log_prob in best], memory.h_n.dtype))


def _write(
    source: Array,
    params: Seq2SeqParams,
    design: Design,
    max_length: int,
    lengths: Array | Sequence[int] | None,
    choose: Choose,
) -> Decoded:
    check_size("max_length", max_length)
    memory, encoded = encode(source, params.encoder, lengths)
    h, c, tokens = memory.h_n, memory.c_n, np.full(len(source), BOS)
    log_probs, alive = np.zeros(len(source), h.dtype), np.ones(len(source), bool)
    written: list[Array] = []
    while len(written) < max_length and alive.any():
        logits, h, c, _ = decoder_step(tokens, h, c, memory, params.decoder, design, encoded.mask)
        tokens = choose(logits)
        picked = np.take_along_axis(log_softmax(logits), tokens[:, None], axis=-1)[:, 0]
        log_probs += np.where(alive, picked, 0)
        written.append(np.where(alive, tokens, PAD))
        alive = alive & (tokens != EOS)
    ids = np.stack(written, axis=1) if written else np.zeros((0, 0), int)
    ends = (ids == EOS).any(axis=1)
    first = (ids == EOS).argmax(axis=1) if ids.size else np.zeros(len(ids), int)
    return Decoded(ids, np.where(ends, first + 1, ids.shape[1]), log_probs)


def _search(
    memory: Memory,
    mask: Bool[Array, "1 source"],
    params: Seq2SeqParams,
    design: Design,
    max_length: int,
    beam_size: int,
    penalty: float,
) -> tuple[Array, float]:
    """Return the best ending for one source, and its log-probability."""
    beam = _Beam(np.empty((1, 0), int), np.zeros(1), memory.h_n, memory.c_n)
    best, best_score = (np.empty(0, int), np.nan), -np.inf
    for length in range(1, max_length + 1):
        beam = _grow(beam, memory, mask, params, design, beam_size)
        ended = (beam.ids[:, -1] == EOS) | (length == max_length)
        for ids, log_prob in zip(beam.ids[ended], beam.log_probs[ended], strict=True):
            if log_prob / length**penalty > best_score:
                best, best_score = (ids, float(log_prob)), log_prob / length**penalty
        beam = _Beam(*(part[~ended] for part in beam))
        # A log-probability only falls, and the largest length divides it by most.
        if not len(beam.ids) or beam.log_probs.max() / max_length**penalty <= best_score:
            break
    return best


def _grow(
    beam: _Beam,
    memory: Memory,
    mask: Bool[Array, "1 source"],
    params: Seq2SeqParams,
    design: Design,
    beam_size: int,
) -> _Beam:
    """Lengthen every beginning by every token, and keep the best."""
    count, length = beam.ids.shape
    last = beam.ids[:, -1] if length else np.full(count, BOS)
    spread = map_params(lambda array: np.repeat(array, count, axis=0), memory)
    logits, h, c, _ = decoder_step(
        last, beam.h, beam.c, spread, params.decoder, design, np.repeat(mask, count, axis=0)
    )
    log_probs = (beam.log_probs[:, None] + log_softmax(logits)).ravel()
    kept = np.argsort(-log_probs, kind="stable")[:beam_size]
    rows, tokens = np.divmod(kept, logits.shape[1])
    ids = np.concatenate([beam.ids[rows], tokens[:, None]], axis=1)
    return _Beam(ids, log_probs[kept], h[rows], c[rows])
