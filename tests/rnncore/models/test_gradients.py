"""Every gradient of the four models, by the complex step, by every weight."""

import claims
import numpy as np
import pytest
from model_case import CELLS, reader_case
from seq2seq_case import DESIGNS, case

import rnncore.models
from rnncore import check_gradients, map_params
from rnncore.models import (
    classifier_backward,
    classifier_forward,
    language_model_backward,
    language_model_forward,
    reader_backward,
    reader_forward,
    start_state,
    tagger_backward,
    tagger_forward,
    translator_backward,
    translator_forward,
)

# Each option of form, padding and dropout at least once, with each cell.
FORMS = pytest.mark.parametrize(
    ("options", "lengths", "dropout_p"),
    [
        ({}, [5, 2, 3], 0.3),
        ({"embedding_dim": 2}, [0, 4, 1], 0.0),
        ({"embedding_dim": 2}, None, 0.3),
    ],
    ids=["one-hot", "padded", "whole"],
)
EACH_CELL = pytest.mark.parametrize("cell", CELLS)


def drops() -> np.random.Generator:
    """The same numbers are dropped each time."""
    return np.random.default_rng(5)


@EACH_CELL
@FORMS
def test_the_tagger(cell, options, lengths, dropout_p) -> None:
    """Two directions, each form of input, padding and dropout."""
    inputs, targets, params = reader_case(cell, bidirectional=True, **options)
    check_gradients(
        lambda params: tagger_forward(
            inputs, targets, params, lengths, dropout_p=dropout_p, rng=drops()
        ),
        lambda dloss, cache: tagger_backward(dloss, cache, params),
        {"params": params},
        claims.rng(),
    )


@FORMS
@pytest.mark.parametrize(
    ("cell", "summary", "bidirectional"),
    [
        ("rnn", "last", True),
        ("gru", "mean", False),
        ("lstm", "last", False),
        ("lstm", "mean", True),
    ],
)
def test_the_classifier(cell, summary, bidirectional, options, lengths, dropout_p) -> None:
    """Both summaries, one direction and two."""
    inputs, targets, params = reader_case(cell, bidirectional=bidirectional, **options)

    def forward(params):
        return classifier_forward(
            inputs,
            targets[:, 0],
            params,
            lengths,
            summary=summary,
            dropout_p=dropout_p,
            rng=drops(),
        )

    check_gradients(
        forward,
        lambda dloss, cache: classifier_backward(dloss, cache, params),
        {"params": params},
        claims.rng(),
    )


@EACH_CELL
@FORMS
def test_the_language_model(cell, options, lengths, dropout_p) -> None:
    """A window that starts from the state of another; that state is a constant."""
    inputs, targets, params = reader_case(cell, **options)
    draw = np.random.default_rng(6)
    state = map_params(lambda h: draw.standard_normal(h.shape), start_state(params, len(inputs)))

    def forward(params):
        loss_nats, _, cache = language_model_forward(
            inputs, targets, state, params, lengths, dropout_p=dropout_p, rng=drops()
        )
        return loss_nats, cache

    check_gradients(
        forward,
        lambda dloss, cache: language_model_backward(dloss, cache, params),
        {"params": params},
        claims.rng(),
    )


@pytest.mark.parametrize("design", DESIGNS[::3], ids=str)
def test_the_translator(design) -> None:
    """With and without attention, with padding on both sides."""
    source, target, params, _ = case(design)
    lengths = [5, 1, 3], [2, 4, 0]
    check_gradients(
        lambda params: translator_forward(source, target, params, design, *lengths),
        lambda dloss, cache: translator_backward(dloss, cache, params),
        {"params": params},
        claims.rng(),
    )


@EACH_CELL
def test_the_reader(cell) -> None:
    """Outputs and last state both pass their gradient on; the scores have none here."""
    inputs, _, params = reader_case(cell, embedding_dim=2, bidirectional=True)
    state = start_state(params, len(inputs))
    start = params._asdict()
    fixed = {"weight_out": start.pop("weight_out"), "bias_out": start.pop("bias_out")}

    def forward(embedding, layers):
        moved = params._replace(embedding=embedding, layers=layers)
        return reader_forward(inputs, state, moved, [5, 2, 0])

    def backward(doutput, dstate, cache):
        dparams = reader_backward(doutput, dstate, cache, params)
        assert not any(getattr(dparams, name).any() for name in fixed)
        return dparams.embedding, dparams.layers

    check_gradients(forward, backward, start, claims.rng())


def test_no_backward_function_is_left_out() -> None:
    """This file proves exactly the backward functions that the package exports."""
    proven = {"tagger", "classifier", "language_model", "translator", "reader"}
    exported = {name for name in rnncore.models.__all__ if name.endswith("_backward")}
    assert exported == {f"{name}_backward" for name in proven}
