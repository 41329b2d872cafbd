"""What the models do with padding, states and wrong arguments, and in one calling form."""

import claims
import numpy as np
import pytest
from model_case import BATCH, CELLS, HIDDEN, OUTPUTS, SEQ, VOCAB, reader_case
from seq2seq_case import case

from rnncore import length_mask
from rnncore.data import EOS, PAD, Examples
from rnncore.models import (
    classifier,
    classifier_forward,
    classifier_predict,
    init_reader,
    language_model,
    language_model_forward,
    language_model_predict,
    language_model_sample,
    start_state,
    tagger,
    tagger_forward,
    tagger_predict,
    translator,
    translator_forward,
    translator_predict,
)
from rnncore.models.model import Model
from rnncore.seq2seq import Design, greedy_decode

EACH_CELL = pytest.mark.parametrize("cell", CELLS)
REAL = [4, 1, 3]
MASK = length_mask(REAL, SEQ)


def other_padding(ids: np.ndarray) -> np.ndarray:
    """Put other ids where nothing is real."""
    return np.where(MASK, ids, (ids + 3) % 6)


@EACH_CELL
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_padding_means_nothing(cell, dtype) -> None:
    """Loss and answers do not depend on what stands at padding, nor do they change the dtype."""
    inputs, targets, params = reader_case(cell, dtype, bidirectional=True, embedding_dim=2)
    for forward, right in ((tagger_forward, targets), (classifier_forward, targets[:, 0])):
        moved = other_padding(right) if right.ndim == 2 else right
        loss_nats, _ = forward(inputs, right, params, REAL)
        again, _ = forward(other_padding(inputs), moved, params, REAL)
        assert loss_nats == again
        assert loss_nats.dtype == dtype
    mean, _ = classifier_forward(inputs, targets[:, 0], params, REAL, summary="mean")
    assert mean.dtype == dtype
    labels = tagger_predict(inputs, params, REAL)
    assert (labels == tagger_predict(other_padding(inputs), params, REAL))[MASK].all()


@EACH_CELL
def test_windows_with_a_carried_state_are_the_whole(cell) -> None:
    """A language model that is run in two windows says what it says in one."""
    inputs, targets, params = reader_case(cell, num_layers=2)
    start = start_state(params, BATCH)
    whole, last, _ = language_model_forward(inputs, targets, start, params)
    first, between, _ = language_model_forward(inputs[:, :2], targets[:, :2], start, params)
    second, end, _ = language_model_forward(inputs[:, 2:], targets[:, 2:], between, params)
    claims.close((2 * first + 3 * second) / SEQ, whole)
    claims.close(end, last)
    log_probs, state = language_model_predict(inputs[:, 2:], params, None, between)
    claims.close(log_probs, language_model_predict(inputs, params)[0][:, 2:])
    claims.close(state, last)
    claims.close(np.exp(log_probs).sum(axis=-1), np.ones((BATCH, 3)))


def test_the_future_does_not_reach_back() -> None:
    """A later token changes no earlier probability of a language model."""
    inputs, _, params = reader_case("gru")
    later = inputs.copy()
    later[:, 3] = (later[:, 3] + 1) % VOCAB
    before, after = (language_model_predict(ids, params)[0] for ids in (inputs, later))
    assert np.array_equal(before[:, :3], after[:, :3])
    assert np.abs(before[:, 3:] - after[:, 3:]).max() > 1e-3


def test_the_last_state_is_that_of_the_last_real_token() -> None:
    """A padded sequence has the class of the same sequence alone, with both summaries."""
    inputs, _, params = reader_case("lstm", bidirectional=True)
    for summary in ("last", "mean"):
        got = [
            classifier_forward(inputs[[n], :real], np.array([2]), params, summary=summary)[0]
            for n, real in enumerate(REAL)
        ]
        wanted, _ = classifier_forward(inputs, np.full(BATCH, 2), params, REAL, summary=summary)
        claims.close(np.mean(got), wanted)


def test_a_sequence_of_nothing_has_a_class() -> None:
    """Without a token, both summaries are 0 and the scores are the bias; nothing is NaN."""
    inputs, _, params = reader_case("gru")
    for summary in ("last", "mean"):
        got = classifier_predict(inputs, params, [0, 0, 0], summary=summary)
        assert (got == params.bias_out.argmax()).all()


@pytest.mark.parametrize("temperature", [0.5, 1.0, 3.0])
def test_sampling_follows_the_probabilities(temperature) -> None:
    """The share of each first token is its probability at the temperature."""
    draw, count = claims.rng(), 4000
    params = init_reader(VOCAB, VOCAB, HIDDEN, draw)
    params = params._replace(bias_out=draw.standard_normal(VOCAB))
    written = language_model_sample(np.full(count, 2), params, 2, draw, temperature)
    log_probs, _ = language_model_predict(np.array([[2]]), params)
    wanted = np.exp(log_probs[0, 0] / temperature)
    shares = np.bincount(written[:, 0], minlength=VOCAB) / count
    assert np.abs(shares - wanted / wanted.sum()).max() < 0.03
    assert written.shape == (count, 2)


def test_written_translations_end_with_padding() -> None:
    """The width is what was asked for; up to EOS it is greedy decoding, then padding."""
    design = Design("current_query")
    source, _, params, _ = case(design)
    bias = np.where(np.arange(7) == EOS, 0.5, 0.0)
    params = params._replace(decoder=params.decoder._replace(bias_out=bias))
    written = translator_predict(source, params, design, 11, [5, 1, 3])
    short = greedy_decode(source, params, design, 11, [5, 1, 3])
    assert np.array_equal(written[:, : short.ids.shape[1]], short.ids)
    assert (written[:, short.ids.shape[1] :] == PAD).all()
    assert (short.lengths < 11).any()


def evaluated(model: Model, params, examples: Examples) -> dict[str, float]:
    """The numbers for examples and for the same with wider padding: they must be equal."""
    inputs, lengths, targets, target_lengths = examples
    wider = [np.pad(ids, [(0, 0), (0, 2)]) for ids in (inputs, targets)]
    numbers = model.evaluate(params, examples)
    if targets.shape[1] > 1:
        again = model.evaluate(params, Examples(wider[0], lengths, wider[1], target_lengths))
        assert numbers == pytest.approx(again, rel=1e-12)
    return numbers


def test_evaluations_count_real_tokens_only() -> None:
    """Accuracy, loss and perplexity equal those counted by hand over real tokens."""
    inputs, targets, params = reader_case("gru")
    examples = Examples(inputs, np.array(REAL), targets, np.array(REAL))
    log_probs, _ = language_model_predict(inputs, params, REAL)
    rows = [(n, t) for n, real in enumerate(REAL) for t in range(real)]
    loss = -np.mean([log_probs[n, t, targets[n, t]] for n, t in rows])
    right = np.mean([log_probs[n, t].argmax() == targets[n, t] for n, t in rows])
    numbers = evaluated(language_model(), params, examples)
    wanted = {"loss_nats": loss, "perplexity": np.exp(loss), "accuracy": right}
    assert numbers == pytest.approx(wanted, rel=1e-12)
    assert evaluated(tagger(), params, examples) == {"accuracy": right}
    said = classifier_predict(inputs, params, REAL)
    one = examples._replace(targets=targets[:, :1], target_lengths=np.ones(BATCH, int))
    assert evaluated(classifier(), params, one)["accuracy"] == (said == targets[:, 0]).mean()


def test_a_translation_is_right_as_a_whole_or_not() -> None:
    """A target equal to what is written counts as right, one wrong token makes it wrong."""
    design = Design("current_query")
    source, _, params, _ = case(design)
    written = translator_predict(source, params, design, 4, [5, 1, 3])
    lengths = np.array([4, 2, 3])
    targets = np.where(length_mask(lengths, 4), written, 0)
    examples = Examples(source, np.array([5, 1, 3]), targets, lengths)
    assert evaluated(translator(design), params, examples) == {
        "accuracy": 1.0,
        "sequence_accuracy": 1.0,
    }
    targets[1, 1] += 1
    numbers = evaluated(translator(design), params, examples)
    assert numbers == pytest.approx({"accuracy": 8 / 9, "sequence_accuracy": 2 / 3}, rel=1e-12)


IDS, RIGHT, LSTM = reader_case("lstm")
BOTH = reader_case("lstm", bidirectional=True).params
START = start_state(LSTM, BATCH)
SOURCE, TARGET, S2S, DESIGN = case(Design("initial"))
REFUSED = [
    (init_reader, (VOCAB, OUTPUTS, 0, claims.rng()), {}, ValueError, "hidden_size >= 1, got 0"),
    (init_reader, (0, OUTPUTS, 4, claims.rng()), {}, ValueError, "vocab_size >= 1, got 0"),
    (init_reader, (VOCAB, 2.0, 4, claims.rng()), {}, TypeError, "num_outputs .*, got float"),
    (init_reader, (VOCAB, 2, 4, 7), {}, TypeError, "rng to be a NumPy Generator, got int"),
    (init_reader, (VOCAB, 2, 4, claims.rng()), {"cell": "LSTM"}, ValueError, "cell .* got 'LSTM'"),
    (
        init_reader,
        (VOCAB, 2, 4, claims.rng()),
        {"embedding_dim": 0},
        ValueError,
        "embedding_dim >= 1, got 0",
    ),
    (tagger_forward, (IDS + 1, RIGHT, LSTM), {}, IndexError, "ids between 0 and 6, got 7"),
    (tagger_forward, (IDS, RIGHT + 1, LSTM), {}, IndexError, "targets between 0 and 5, got 6"),
    (tagger_forward, (IDS, RIGHT[:, 1:], LSTM), {}, ValueError, r"targets .* got \(3, 4\)"),
    (tagger_forward, (IDS, RIGHT, LSTM, [6, 1, 1]), {}, ValueError, "lengths .* got 6"),
    (tagger_forward, (IDS, RIGHT, LSTM, [0, 0, 0]), {}, ValueError, "one real token"),
    (tagger_forward, (IDS, RIGHT, LSTM), {"dropout_p": 0.5}, TypeError, "rng .* got NoneType"),
    (classifier_forward, (IDS, RIGHT, LSTM), {}, ValueError, r"targets with shape \(3,\)"),
    (
        classifier_forward,
        (IDS, RIGHT[:, 0], LSTM),
        {"summary": "max"},
        ValueError,
        "'last' or 'mean', got 'max'",
    ),
    (
        language_model_forward,
        (IDS, RIGHT, START, BOTH),
        {},
        ValueError,
        "cells of one direction, got 2",
    ),
    (language_model_predict, (IDS, BOTH), {}, ValueError, "cells of one direction, got 2"),
    (
        language_model_sample,
        (IDS[:, 0], LSTM, 2, claims.rng(), 0.0),
        {},
        ValueError,
        "temperature > 0, got 0",
    ),
    (language_model_sample, (IDS[:, 0], LSTM, 2, 7), {}, TypeError, "rng to be .*, got int"),
    (language_model_sample, (IDS[:, 0], LSTM, 2.0, None), {}, TypeError, "steps .* got float"),
    (
        translator_forward,
        (SOURCE, TARGET, S2S, DESIGN, None, [5, 1, 1]),
        {},
        ValueError,
        "lengths between 0 and 4, got 5",
    ),
    (
        translator_forward,
        (SOURCE, TARGET, S2S, DESIGN),
        {"forcing": 2},
        ValueError,
        "forcing between 0 and 1, got 2",
    ),
]


@pytest.mark.parametrize(("function", "arguments", "options", "error", "message"), REFUSED)
def test_wrong_arguments_are_named(function, arguments, options, error, message) -> None:
    """A wrong argument is refused by one sentence that says what was expected and what came."""
    with pytest.raises(error, match="^expected .*" + message):
        function(*arguments, **options)
