"""The encoder: source tokens to what the decoder may see of them."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from rnncore._typing import Array, Bool, Inexact, Integer
from rnncore.embedding import EmbeddingCache, embed, embedding_backward
from rnncore.lstm import LSTMSequenceCache, lstm_backward, lstm_forward
from rnncore.seq2seq.parameters import EncoderParams, check_ids
from rnncore.sequence import real_steps


class Memory(NamedTuple):
    """What the decoder may see of the source; `outputs` is 0 at padding, gradients as well."""

    outputs: Inexact[Array, "batch source hidden_size"]
    h_n: Inexact[Array, "batch hidden_size"]
    c_n: Inexact[Array, "batch hidden_size"]


class EncoderCache(NamedTuple):
    """What `encode_backward` needs, and `mask`: True = real source position."""

    mask: Bool[Array, "batch source"]
    embedding: EmbeddingCache
    lstm: LSTMSequenceCache


def encode(
    source: Integer[Array, "batch source"],
    params: EncoderParams,
    lengths: Integer[Array, " batch"] | Sequence[int] | None = None,
) -> tuple[Memory, EncoderCache]:
    """Read the source from left to right, from a state of zeros.

    Equation: outputs, (h_n, c_n) = LSTM(embedding[source]).

    Args:
        source: token ids; at padding any of the vocabulary, none is used.
        params: of the encoder.
        lengths: number of real tokens of each source; None: all are real.

    Returns: `(memory, cache)`; `memory.h_n` is the state after the last real token.

    Raises:
        TypeError: if `source` or `lengths` are not integers.
        ValueError: if shapes disagree, or a length lies outside 0..source.
        IndexError: if an id is outside the vocabulary.
    """
    check_ids("source", source, len(params.embedding), ("batch", "source"))
    x, embedded = embed(source, params.embedding)
    zeros = np.zeros((len(source), params.lstm.weight_hh.shape[1]), x.dtype)
    outputs, (h_n, c_n), cache = lstm_forward(x, zeros, zeros, params.lstm, lengths)
    mask = real_steps(x, lengths)[:, :, 0]
    return Memory(outputs, h_n, c_n), EncoderCache(mask, embedded, cache)


def encode_backward(dmemory: Memory, cache: EncoderCache, params: EncoderParams) -> EncoderParams:
    """Carry the gradient of the loss back through the encoder.

    Args:
        dmemory: gradients by the parts of the memory.
        cache: from `encode`.
        params: as given to it.

    Returns: dparams; token ids have no gradient.

    Raises:
        TypeError: if a gradient is no floating-point NumPy array.
        ValueError: if its shape is not that of the part it belongs to.
    """
    dstate = (dmemory.h_n, dmemory.c_n)
    dx, _, _, dlstm = lstm_backward(dmemory.outputs, dstate, cache.lstm, params.lstm)
    return EncoderParams(embedding_backward(dx, cache.embedding), dlstm)
