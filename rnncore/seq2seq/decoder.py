"""The decoder: one step of it, in each of the designs, and its reverse."""

from typing import NamedTuple

import numpy as np

from rnncore._checks import check_array
from rnncore._typing import Array, Bool, Inexact, Integer
from rnncore.attending import AttentionCache, AttentionParams, attention, attention_backward
from rnncore.embedding import EmbeddingCache, embed, embedding_backward
from rnncore.lstm import LSTMCache, lstm_step, lstm_step_backward
from rnncore.params import map_params
from rnncore.seq2seq.encoder import Memory
from rnncore.seq2seq.parameters import DecoderParams, Design, check_design, check_ids


class DecoderCache(NamedTuple):
    """What `decoder_step_backward` needs of one step; `attention` is None without attention."""

    embedding: EmbeddingCache
    features: Inexact[Array, "batch features"]
    lstm: LSTMCache
    attention: AttentionCache | None
    memory: Memory
    design: Design


def decoder_step(
    tokens: Integer[Array, " batch"],
    h_prev: Inexact[Array, "batch hidden_size"],
    c_prev: Inexact[Array, "batch hidden_size"],
    memory: Memory,
    params: DecoderParams,
    design: Design,
    mask: Bool[Array, "batch source"] | None = None,
) -> tuple[
    Inexact[Array, "batch vocab_size"],
    Inexact[Array, "batch hidden_size"],
    Inexact[Array, "batch hidden_size"],
    DecoderCache,
]:
    """Advance the decoder by one token.

    Equation: e = embedding[token]; (h, c) = LSTM(input, h_prev, c_prev); logits = W features + b;
        "initial": input = e, features = h;
        "every_step": input = [e, h_n], features = h;
        "previous_query": input = [e, context(h_prev)], features = h;
        "current_query": input = e, features = [h, context(h)].

    Args:
        tokens: the token before: BOS at first, then the right or the predicted one.
        h_prev: hidden state of the step before; at first `memory.h_n`.
        c_prev: cell of the step before; at first `memory.c_n`.
        memory: from `encode`.
        params: of the decoder.
        design: what the decoder sees of the memory.
        mask: True = real source position; None: all are real. Only attention uses it.

    Returns: `(logits, h, c, cache)`; logits are scores of the next token before softmax.

    Raises:
        TypeError: if `tokens` are not integers, or an array is no floating-point NumPy array.
        ValueError: if shapes disagree, also those that the design decides on.
        IndexError: if a token is outside the vocabulary.
    """
    check_design(design)
    check_ids("tokens", tokens, len(params.embedding), ("batch",), len(h_prev))

    x, embedded = embed(tokens, params.embedding)
    looked = None
    if design.context == "every_step":
        x = np.concatenate([x, memory.h_n], axis=-1)
    if design.context == "previous_query":
        context, looked = _look(h_prev, memory, params.attention, design, mask)
        x = np.concatenate([x, context], axis=-1)

    h, c, cache = lstm_step(x, h_prev, c_prev, params.lstm)

    features = h
    if design.context == "current_query":
        context, looked = _look(h, memory, params.attention, design, mask)
        features = np.concatenate([h, context], axis=-1)
    check_array("weight_out", params.weight_out, vocab_size=None, features=features.shape[1])

    logits = features @ params.weight_out.T + params.bias_out
    return logits, h, c, DecoderCache(embedded, features, cache, looked, memory, design)


def decoder_step_backward(
    dlogits: Inexact[Array, "batch vocab_size"],
    dh: Inexact[Array, "batch hidden_size"],
    dc: Inexact[Array, "batch hidden_size"],
    cache: DecoderCache,
    params: DecoderParams,
) -> tuple[
    Inexact[Array, "batch hidden_size"],
    Inexact[Array, "batch hidden_size"],
    Memory,
    DecoderParams,
]:
    """Carry the gradient of the loss back through one token.

    Args:
        dlogits: gradient by `logits`.
        dh: gradient by the `h` that `decoder_step` returned.
        dc: gradient by the `c` that it returned.
        cache: from the same call of `decoder_step`.
        params: as given to it.

    Returns: `(dh_prev, dc_prev, dmemory, dparams)`; token ids have no gradient.

    Raises:
        TypeError: if a gradient is no floating-point NumPy array.
        ValueError: if its shape is not that of the result it belongs to.
    """
    embedded, features, step, looked, memory, design = cache
    batch, hidden_size = step.h_prev.shape
    check_array("dlogits", dlogits, batch=batch, vocab_size=len(params.bias_out))
    check_array("dh", dh, batch=batch, hidden_size=hidden_size)
    dfeatures = dlogits @ params.weight_out
    dmemory = map_params(np.zeros_like, memory)
    dattention = map_params(np.zeros_like, params.attention)

    dh = dh + dfeatures[:, :hidden_size]
    if design.context == "current_query":
        dquery, doutputs, dattention = _look_back(dfeatures[:, hidden_size:], looked, params)
        dh, dmemory = dh + dquery, dmemory._replace(outputs=doutputs)

    dx, dh_prev, dc_prev, dlstm = lstm_step_backward(dh, dc, step, params.lstm)

    dembedded, dcontext = np.split(dx, [params.embedding.shape[1]], axis=-1)
    if design.context == "every_step":
        dmemory = dmemory._replace(h_n=dcontext)
    if design.context == "previous_query":
        dquery, doutputs, dattention = _look_back(dcontext, looked, params)
        dh_prev, dmemory = dh_prev + dquery, dmemory._replace(outputs=doutputs)

    dembedding = embedding_backward(dembedded, embedded)
    dparams = DecoderParams(
        dembedding, dlstm, dattention, dlogits.T @ features, dlogits.sum(axis=0)
    )
    return dh_prev, dc_prev, dmemory, dparams


def _look(
    query: Array,
    memory: Memory,
    params: AttentionParams,
    design: Design,
    mask: Bool[Array, "batch source"] | None,
) -> tuple[Array, AttentionCache]:
    outputs = memory.outputs
    context, _, cache = attention(query[:, None], outputs, outputs, params, mask, design.score)
    return context[:, 0], cache


def _look_back(
    dcontext: Array, looked: AttentionCache | None, params: DecoderParams
) -> tuple[Array, Array, AttentionParams]:
    assert looked is not None  # noqa: S101  (the forward of this design has looked)
    dquery, dkeys, dvalues, dparams = attention_backward(
        dcontext[:, None], np.zeros_like(looked.weights), looked, params.attention
    )
    # The encoder states are keys and values at once.
    return dquery[:, 0], dkeys + dvalues, dparams
