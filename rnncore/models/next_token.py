"""Language model: at every token, which comes next? Trained in windows that carry the state."""

from typing import NamedTuple

import numpy as np

from rnncore._checks import check_positive, check_rng, check_size
from rnncore._typing import Array, Inexact, Integer
from rnncore.activations import log_softmax
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
from rnncore.sequence import length_mask


class LanguageModelCache(NamedTuple):
    """What `language_model_backward` needs."""

    reader: ReaderCache
    output: Inexact[Array, "batch seq features"]
    loss: CrossEntropyCache


def language_model_forward(
    inputs: Integer[Array, "batch seq"],
    targets: Integer[Array, "batch seq"],
    state: StackState,
    params: ReaderParams,
    lengths: Lengths = None,
    *,
    dropout_p: float = 0.0,
    rng: np.random.Generator | None = None,
) -> tuple[Scalar, StackState, LanguageModelCache]:
    """Score every next token at every step of a window, and compare with the right ones.

    Equation: logits_t = W output_t + b; loss = mean over real steps of cross-entropy.

    Args:
        inputs: token ids; at padding any of the vocabulary, none is used.
        targets: the token after each; at padding any integer.
        state: before the first step: `start_state`, or what the window before has left.
        params: from `init_reader`, one direction only.
        lengths: number of real steps of each sequence; None: all are real.
        dropout_p: probability of dropping; 0 outside training.
        rng: source of randomness; needed if `dropout_p` > 0.

    Returns: `(loss_nats, state, cache)`, the loss in nats per real step.

    Raises:
        TypeError: if ids or lengths are not integers, or `rng` is no generator.
        ValueError: if shapes disagree, no step is real, or there are two directions: the second
            would have read the answer.
        IndexError: if an id is outside the vocabulary.
    """
    _check_direction(params)
    output, state, reader = reader_forward(
        inputs, state, params, lengths, dropout_p=dropout_p, rng=rng
    )
    mask = None if lengths is None else length_mask(lengths, inputs.shape[1])
    loss_nats, loss = cross_entropy(scores(output, params), targets, mask)
    return loss_nats, state, LanguageModelCache(reader, output, loss)


def language_model_backward(
    dloss: float | Scalar, cache: LanguageModelCache, params: ReaderParams
) -> ReaderParams:
    """Carry the gradient of the loss back to the start of the window, and no further.

    Args:
        dloss: gradient by the loss; 1 if the loss is all there is.
        cache: from `language_model_forward`.
        params: as given to it.

    Returns: dparams.

    Source: Williams & Peng (1990), with windows that do not overlap.
    """
    dlogits = cross_entropy_backward(dloss, cache.loss)
    doutput, dweight, dbias = scores_backward(dlogits, cache.output, params)
    dparams = reader_backward(doutput, None, cache.reader, params)
    return dparams._replace(weight_out=dweight, bias_out=dbias)


def language_model_predict(
    inputs: Integer[Array, "batch seq"],
    params: ReaderParams,
    lengths: Lengths = None,
    state: StackState | None = None,
) -> tuple[Inexact[Array, "batch seq vocab_size"], StackState]:
    """Return the log-probability, in nats, of every next token at every step, and the state.

    Raises:
        TypeError: if ids or lengths are not integers.
        ValueError: if shapes disagree, a length lies outside 0..seq, or there are two directions.
        IndexError: if an id is outside the vocabulary.
    """
    _check_direction(params)
    state = start_state(params, len(inputs)) if state is None else state
    output, state, _ = reader_forward(inputs, state, params, lengths)
    return log_softmax(scores(output, params)), state


def language_model_sample(
    start: Integer[Array, " batch"],
    params: ReaderParams,
    steps: int,
    rng: np.random.Generator,
    temperature: float = 1.0,
) -> Integer[Array, "batch steps"]:
    """Write `steps` tokens, each drawn from the model's probabilities and read again.

    Equation: p = softmax(logits / temperature). Ids that are written must have the same meaning as
        ids that are read.

    Args:
        start: the first token that is read.
        params: from `init_reader`, one direction only.
        steps: tokens to write.
        rng: source of randomness.
        temperature: > 0; below 1 closer to the best token, above 1 closer to uniform.

    Raises:
        TypeError: if ids or `steps` are not integers, `temperature` is no number, or `rng` no
            generator.
        ValueError: if `temperature` is not positive, `steps` is negative, or there are two
            directions.
        IndexError: if an id is outside the vocabulary.
    """
    check_positive("temperature", temperature)
    check_size("steps", steps, least=0)
    check_rng(rng)
    tokens, state, written = start, start_state(params, len(start)), []
    for _ in range(steps):
        log_probs, state = language_model_predict(tokens[:, None], params, None, state)
        # The largest of the scores, each with Gumbel noise, is a draw from their softmax.
        noisy = log_probs[:, 0] / temperature + rng.gumbel(size=log_probs[:, 0].shape)
        tokens = noisy.argmax(axis=-1)
        written.append(tokens)
    return np.stack(written, axis=1) if written else np.zeros((len(start), 0), int)


def _check_direction(params: ReaderParams) -> None:
    if len(params.layers[0]) != 1:
        raise ValueError(f"expected cells of one direction, got {len(params.layers[0])}")
