"""Decoding: against the model told the same tokens, against trying everything, and stopping."""

import itertools

import claims
import numpy as np
import pytest
from claims import close
from seq2seq_case import BATCH, DESIGNS, LENGTHS, TARGET_VOCAB, case

from rnncore import log_softmax
from rnncore.data import EOS, PAD
from rnncore.seq2seq import (
    Design,
    beam_decode,
    greedy_decode,
    sample_decode,
    seq2seq_forward,
)

EVERY = pytest.mark.parametrize("design", DESIGNS, ids=str)
STEPS = 4


def log_prob(arguments, ids, n: int, lengths=None) -> float:
    """The log-probability that the model, told the tokens, gives to them."""
    source, _, params, design = arguments
    real = None if lengths is None else [lengths[n]]
    logits, _ = seq2seq_forward(source[[n]], np.array([ids]), params, design, real)
    return log_softmax(logits)[0, np.arange(len(ids)), ids].sum()


def endings(steps: int):
    """Every target of at most `steps` tokens: those that EOS ends, and those the cap cuts."""
    others = [token for token in range(TARGET_VOCAB) if token != EOS]
    for length in range(1, steps + 1):
        for start in itertools.product(others, repeat=length - 1):
            last = range(TARGET_VOCAB) if length == steps else [EOS]
            yield from ([*start, token] for token in last)


def written(decoded, n: int) -> list[int]:
    """The tokens of one target, without padding."""
    return decoded.ids[n, : decoded.lengths[n]].tolist()


@EVERY
def test_greedy_is_free_running(design) -> None:
    """Greedy tokens are the best of each step of the model that is told none, up to EOS."""
    source, target, params, _ = arguments = case(design)
    decoded = greedy_decode(source, params, design, STEPS, LENGTHS)
    logits, _ = seq2seq_forward(source, target, params, design, LENGTHS, forcing=0.0)
    best = logits.argmax(axis=-1)
    for n in range(BATCH):
        ids = written(decoded, n)
        assert ids == best[n, : len(ids)].tolist()
        assert EOS not in ids[:-1]
        close(decoded.log_probs_nats[n], log_prob(arguments, ids, n, LENGTHS))


@pytest.mark.parametrize("penalty", [0.0, 1.0])
@EVERY
def test_a_wide_beam_finds_the_best_of_all(design, penalty) -> None:
    """With room for every beginning, the beam finds what trying every ending finds."""
    arguments = case(design, seed=5)
    source, _, params, _ = arguments
    decoded = beam_decode(source[:2], params, design, 3, TARGET_VOCAB**3, [5, 2], penalty)
    every = list(endings(3))
    for n in range(2):
        scores = [log_prob(arguments, ids, n, [5, 2]) / len(ids) ** penalty for ids in every]
        assert written(decoded, n) == every[int(np.argmax(scores))]
        close(decoded.log_probs_nats[n] / decoded.lengths[n] ** penalty, max(scores))


@EVERY
def test_a_beam_of_one_is_greedy(design) -> None:
    """Keeping one beginning gives the tokens and the log-probability of greedy decoding."""
    source, _, params, _ = case(design)
    one = beam_decode(source, params, design, STEPS, 1, LENGTHS)
    greedy = greedy_decode(source, params, design, STEPS, LENGTHS)
    for n in range(BATCH):
        assert written(one, n) == written(greedy, n)
    close(one.log_probs_nats, greedy.log_probs_nats)


@EVERY
def test_sampling_follows_the_probabilities(design) -> None:
    """Over 4000 draws the share of each first token is its probability, within four deviations."""
    source, target, params, _ = case(design)
    many = np.repeat(source[:1], 4000, axis=0)
    drawn = sample_decode(many, params, design, 1, claims.rng(), None).ids[:, 0]
    logits, _ = seq2seq_forward(source, target, params, design)
    probs = np.exp(log_softmax(logits[0, 0]))
    share = np.bincount(drawn, minlength=TARGET_VOCAB) / 4000
    assert (np.abs(share - probs) < 4 * np.sqrt(probs * (1 - probs) / 4000)).all()


def test_a_cold_sample_is_greedy() -> None:
    """At a temperature near 0 the draw is the best token; the same seed draws the same."""
    source, _, params, design = case(DESIGNS[2])
    cold = sample_decode(source, params, design, STEPS, claims.rng(), LENGTHS, temperature=1e-6)
    greedy = greedy_decode(source, params, design, STEPS, LENGTHS)
    assert np.array_equal(cold.ids, greedy.ids)
    close(cold.log_probs_nats, greedy.log_probs_nats)
    first, second = (
        sample_decode(source, params, design, STEPS, claims.rng(2)).ids for _ in range(2)
    )
    assert np.array_equal(first, second)


def always(token: int, design: Design):
    """A model that writes one token, whatever it reads."""
    source, _, params, _ = case(design)
    params.decoder.weight_out[:] = 0
    params.decoder.bias_out[:] = np.where(np.arange(TARGET_VOCAB) == token, 30.0, 0.0)
    return source, params, design


def decode_each_way(arguments, steps: int) -> list:
    """The same in all three ways."""
    return [
        greedy_decode(*arguments, steps),
        sample_decode(*arguments, steps, claims.rng()),
        beam_decode(*arguments, steps, 3),
    ]


def test_eos_ends_it() -> None:
    """A model that wants EOS at once writes one token, in all three ways."""
    for decoded in decode_each_way(always(EOS, DESIGNS[1]), 9):
        assert decoded.ids.tolist() == [[EOS]] * BATCH
        assert decoded.lengths.tolist() == [1] * BATCH


def test_the_cap_ends_it() -> None:
    """A model that never wants EOS writes as many tokens as it may, in all three ways."""
    for decoded in decode_each_way(always(5, DESIGNS[1]), 9):
        assert decoded.ids.tolist() == [[5] * 9] * BATCH
        assert decoded.lengths.tolist() == [9] * BATCH


def test_after_the_end_comes_padding() -> None:
    """Where others still write, a target that has ended is padded and its probability stays."""
    source, _, params, design = case(DESIGNS[0])
    many = np.repeat(source, 40, axis=0)
    decoded = sample_decode(many, params, design, STEPS, claims.rng())
    assert len(set(decoded.lengths)) == STEPS
    beyond = np.arange(STEPS) >= decoded.lengths[:, None]
    assert (decoded.ids[beyond] == PAD).all()
    arguments = case(DESIGNS[0])._replace(source=many)
    for n in range(0, len(many), 7):
        close(decoded.log_probs_nats[n], log_prob(arguments, written(decoded, n), n))


def test_no_sources_give_no_targets() -> None:
    """An empty batch comes out empty."""
    source, _, params, design = case(DESIGNS[0])
    for decoded in decode_each_way((source[:0], params, design), 3):
        assert len(decoded.ids) == len(decoded.lengths) == len(decoded.log_probs_nats) == 0


def test_nan_is_not_swallowed() -> None:
    """With NaN in the output weights, the log-probability is NaN in all three ways."""
    source, params, design = always(5, DESIGNS[0])
    params.decoder.weight_out[:] = np.nan
    for decoded in decode_each_way((source, params, design), 3):
        assert np.isnan(decoded.log_probs_nats).all()


SOURCE_IDS, _, PARAMS, DESIGN = case(DESIGNS[0])
ALL = (SOURCE_IDS, PARAMS, DESIGN)
REFUSED = [
    (greedy_decode, (*ALL, 0), ValueError, "max_length >= 1, got 0"),
    (greedy_decode, (*ALL, 2.0), TypeError, "max_length .* integer, got float"),
    (greedy_decode, (*ALL, 3, [9, 1, 1]), ValueError, "lengths between 0 and 5, got 9"),
    (greedy_decode, (SOURCE_IDS - 9, *ALL[1:], 3), IndexError, "source between 0 and 8, got -"),
    (sample_decode, (*ALL, 3, claims.rng(), None, "1"), TypeError, "temperature .* number"),
    (sample_decode, (*ALL, 3, claims.rng(), None, 0.0), ValueError, "temperature > 0, got 0.0"),
    (sample_decode, (*ALL, 3, 7), TypeError, "rng to be a NumPy Generator, got int"),
    (beam_decode, (*ALL, 0), ValueError, "max_length >= 1, got 0"),
    (beam_decode, (*ALL, 3, 0), ValueError, "beam_size >= 1, got 0"),
    (beam_decode, (*ALL, 3, 2.5), TypeError, "beam_size .* integer, got float"),
    (beam_decode, (*ALL, 3, 2, None, -1.0), ValueError, "length_penalty >= 0, got -1.0"),
]


@pytest.mark.parametrize(("function", "arguments", "error", "message"), REFUSED)
def test_wrong_arguments_are_named(function, arguments, error, message) -> None:
    """A wrong argument is refused by one sentence that says what was expected and what came."""
    with pytest.raises(error, match="^expected .*" + message):
        function(*arguments)
