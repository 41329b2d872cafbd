"""The four models in one calling form: what the training loop sees, whatever the model."""

from collections.abc import Callable
from typing import Any, NamedTuple, TypeAlias

import numpy as np

from rnncore._typing import Array
from rnncore.data import Examples
from rnncore.losses import perplexity
from rnncore.models.classification import (
    Summary,
    classifier_backward,
    classifier_forward,
    classifier_predict,
)
from rnncore.models.labelling import tagger_backward, tagger_forward, tagger_predict
from rnncore.models.next_token import (
    language_model_backward,
    language_model_forward,
    language_model_predict,
)
from rnncore.models.reader import start_state
from rnncore.models.translation import (
    translator_backward,
    translator_forward,
    translator_predict,
)
from rnncore.seq2seq import Design
from rnncore.sequence import length_mask

# What one window hands to the next: the arrays of a state; none at the start of a sequence.
Carried: TypeAlias = tuple[Array, ...]
Metrics: TypeAlias = dict[str, float]


class Model(NamedTuple):
    """Two functions, and whether the first one can be called window by window.

    `gradients(params, batch, carried, rng)` returns `(loss_nats, dparams, carried)`.
    `evaluate(params, examples)` returns named numbers; among them are "accuracy" (of tokens, or of
    sequences where each has one class) and, where it is defined, "loss_nats".
    """

    gradients: Callable[[Any, Examples, Carried, np.random.Generator], tuple[Any, Any, Carried]]
    evaluate: Callable[[Any, Examples], Metrics]
    carries: bool = False


def tagger(dropout_p: float = 0.0) -> Model:
    """Return the model that labels every token; `evaluate` tells the accuracy over real tokens."""

    def gradients(
        params: Any, batch: Examples, carried: Carried, rng: np.random.Generator
    ) -> tuple[Any, Any, Carried]:
        inputs, lengths, targets, _ = batch
        loss_nats, cache = tagger_forward(
            inputs, targets, params, lengths, dropout_p=dropout_p, rng=rng
        )
        return loss_nats, tagger_backward(1.0, cache, params), carried

    def evaluate(params: Any, examples: Examples) -> Metrics:
        inputs, lengths, targets, _ = examples
        right = tagger_predict(inputs, params, lengths) == targets
        return {"accuracy": float(right[length_mask(lengths, inputs.shape[1])].mean())}

    return Model(gradients, evaluate)


def classifier(summary: Summary = "last", dropout_p: float = 0.0) -> Model:
    """Return the model that gives each sequence a class; `evaluate` tells the accuracy."""

    def gradients(
        params: Any, batch: Examples, carried: Carried, rng: np.random.Generator
    ) -> tuple[Any, Any, Carried]:
        inputs, lengths, targets, _ = batch
        loss_nats, cache = classifier_forward(
            inputs, targets[:, 0], params, lengths, summary=summary, dropout_p=dropout_p, rng=rng
        )
        return loss_nats, classifier_backward(1.0, cache, params), carried

    def evaluate(params: Any, examples: Examples) -> Metrics:
        inputs, lengths, targets, _ = examples
        right = classifier_predict(inputs, params, lengths, summary=summary) == targets[:, 0]
        return {"accuracy": float(right.mean())}

    return Model(gradients, evaluate)


def language_model(dropout_p: float = 0.0) -> Model:
    """Return the model of the next token, to be trained in windows if there is a window.

    `evaluate` tells loss in nats per token, perplexity and accuracy, over whole sequences.
    """

    def gradients(
        params: Any, batch: Examples, carried: Carried, rng: np.random.Generator
    ) -> tuple[Any, Any, Carried]:
        inputs, lengths, targets, _ = batch
        state = start_state(params, len(inputs))
        if carried:
            state = (carried[0], carried[1]) if isinstance(state, tuple) else carried[0]
        loss_nats, state, cache = language_model_forward(
            inputs, targets, state, params, lengths, dropout_p=dropout_p, rng=rng
        )
        carried = state if isinstance(state, tuple) else (state,)
        return loss_nats, language_model_backward(1.0, cache, params), carried

    def evaluate(params: Any, examples: Examples) -> Metrics:
        inputs, lengths, targets, _ = examples
        log_probs, _ = language_model_predict(inputs, params, lengths)
        mask = length_mask(lengths, inputs.shape[1])
        right = log_probs.argmax(axis=-1) == targets
        picked = np.take_along_axis(log_probs, targets[..., None], axis=-1)[..., 0]
        loss_nats = float(-picked[mask].mean())
        return {
            "loss_nats": loss_nats,
            "perplexity": perplexity(loss_nats),
            "accuracy": float(right[mask].mean()),
        }

    return Model(gradients, evaluate, carries=True)


def translator(design: Design, forcing: float = 1.0) -> Model:
    """Return the encoder-decoder.

    `evaluate` lets it write without being told, and tells the accuracy over real target tokens,
    EOS among them, and "sequence_accuracy": the share of targets without any mistake.
    """

    def gradients(
        params: Any, batch: Examples, carried: Carried, rng: np.random.Generator
    ) -> tuple[Any, Any, Carried]:
        inputs, lengths, targets, target_lengths = batch
        loss_nats, cache = translator_forward(
            inputs, targets, params, design, lengths, target_lengths, forcing=forcing, rng=rng
        )
        return loss_nats, translator_backward(1.0, cache, params), carried

    def evaluate(params: Any, examples: Examples) -> Metrics:
        inputs, lengths, targets, target_lengths = examples
        written = translator_predict(inputs, params, design, targets.shape[1], lengths)
        mask = length_mask(target_lengths, targets.shape[1])
        right = written == targets
        return {
            "accuracy": float(right[mask].mean()),
            "sequence_accuracy": float((right | ~mask).all(axis=1).mean()),
        }

    return Model(gradients, evaluate)
