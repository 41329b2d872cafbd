"""Right functions of the unit on tasks, and the small network that they share."""

from typing import NamedTuple

import numpy as np

from rnncore import length_mask
from rnncore.activations import log_softmax
from rnncore.params import RNNParams
from rnncore.rnn import rnn_forward
from rnngrader.checks.arguments import NumericArray as Array


class ModelParams(NamedTuple):
    """A network that reads tokens: embedding, a simple RNN, a layer of scores."""

    embedding: Array
    weight_ih: Array
    weight_hh: Array
    bias_ih: Array
    bias_hh: Array
    weight_out: Array
    bias_out: Array


def read(ids: Array, params: ModelParams) -> Array:
    """Return the state after each token, padding read like any other."""
    cell = RNNParams(*params[1:5])
    output, _, _ = rnn_forward(params[0][ids], np.zeros((len(ids), len(cell.weight_hh))), cell)
    return output


def scores(states: Array, params: ModelParams) -> Array:
    """Return the scores of every class for every state."""
    logits: Array = states @ params[5].T + params[6]
    return logits


def token_losses(logits: Array, targets: Array) -> Array:
    """Return the surprise at every target, in nats."""
    picked = np.take_along_axis(log_softmax(logits), targets[..., None], axis=-1)
    surprise: Array = -picked[..., 0]
    return surprise


def pack(ids: Array, lengths: Array) -> tuple[Array, Array]:
    """Put the real tokens of a batch into one row, step after step."""
    real = length_mask(lengths, ids.shape[1])
    return ids.T[real.T], real[:, : lengths.max()].sum(axis=0)


def next_token_pairs(ids: Array, lengths: Array) -> tuple[Array, Array, Array]:
    """Pair each token with the one that follows."""
    return ids[:, :-1], ids[:, 1:], length_mask(np.maximum(lengths - 1, 0), ids.shape[1] - 1)


def summarise(output: Array, lengths: Array, summary: str = "last") -> Array:
    """Return the last real state of each sequence, or the mean of its real states."""
    if summary == "last":
        last: Array = output[np.arange(len(output)), lengths - 1]
        return last
    real = length_mask(lengths, output.shape[1])[:, :, None]
    mean: Array = np.where(real, output, 0).sum(axis=1) / lengths[:, None]
    return mean


def masked_accuracy(logits: Array, targets: Array, mask: Array) -> float:
    """Return the share of real tokens whose class has the highest score."""
    return float((logits.argmax(axis=-1) == targets)[mask].mean())


def corpus_perplexity(losses: Array, counts: Array) -> float:
    """Return the perplexity over all tokens of several batches."""
    return float(np.exp((losses * counts).sum() / counts.sum()))


def tagger_loss(ids: Array, tags: Array, lengths: Array, params: ModelParams) -> float:
    """Return the mean surprise at the tags of real tokens."""
    losses = token_losses(scores(read(ids, params), params), tags)
    return float(losses[length_mask(lengths, ids.shape[1])].mean())


def classifier_scores(
    ids: Array, lengths: Array, params: ModelParams, summary: str = "last"
) -> Array:
    """Return the scores of every class for every sequence."""
    return scores(summarise(read(ids, params), lengths, summary), params)


def language_model_loss(ids: Array, lengths: Array, params: ModelParams) -> float:
    """Return the mean surprise at the next token."""
    inputs, targets, mask = next_token_pairs(ids, lengths)
    return float(token_losses(scores(read(inputs, params), params), targets)[mask].mean())
