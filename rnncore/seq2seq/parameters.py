"""Parameters of an encoder-decoder, and the choice of what the decoder sees of the source."""

from typing import Literal, NamedTuple, TypeAlias, get_args

import numpy as np
from numpy.typing import DTypeLike

from rnncore._checks import Unchecked, check_rng, check_size
from rnncore._typing import Array, Inexact
from rnncore.attending import AttentionParams, Score, init_attention
from rnncore.params import LSTMParams, init_lstm

Context: TypeAlias = Literal["initial", "every_step", "previous_query", "current_query"]
CONTEXTS = get_args(Context)


class Design(NamedTuple):
    """What the decoder sees of the source, besides starting from the encoder's last state.

    "initial": nothing more. "every_step": the last hidden state of the encoder, beside each input.
    "previous_query": beside each input, the encoder states that the state before asks for.
    "current_query": beside each new state, the encoder states that this state asks for.

    Source: in this order, Sutskever et al. (2014); Cho et al. (2014); Bahdanau et al. (2015);
        Luong et al. (2015).
    """

    context: Context = "initial"
    score: Score = "dot"

    @property
    def attends(self) -> bool:
        """Tell whether there is attention; without it, `score` has no meaning."""
        return self.context in ("previous_query", "current_query")


class EncoderParams(NamedTuple):
    """Weights of the encoder; gradients have the same type."""

    embedding: Inexact[Array, "vocab_size embedding_dim"]
    lstm: LSTMParams


class DecoderParams(NamedTuple):
    """Weights of the decoder; gradients have the same type.

    The input of `lstm` is the embedding, and the context beside it in two of the designs; what
    `weight_out` sees is the state, and the context beside it with the current state as query.
    """

    embedding: Inexact[Array, "vocab_size embedding_dim"]
    lstm: LSTMParams
    attention: AttentionParams
    weight_out: Inexact[Array, "vocab_size features"]
    bias_out: Inexact[Array, " vocab_size"]


class Seq2SeqParams(NamedTuple):
    """Weights of encoder and decoder; gradients have the same type."""

    encoder: EncoderParams
    decoder: DecoderParams


def init_seq2seq(
    source_vocab_size: int,
    target_vocab_size: int,
    embedding_dim: int,
    hidden_size: int,
    rng: np.random.Generator,
    design: Design = Design(),  # noqa: B008  (immutable)
    dtype: DTypeLike = np.float64,
) -> Seq2SeqParams:
    """Draw the parameters of an encoder-decoder as torch does; embeddings from N(0, 1).

    Args:
        source_vocab_size: tokens of the source.
        target_vocab_size: tokens of the target, with PAD, BOS and EOS.
        embedding_dim: size of a token's vector, in encoder and decoder.
        hidden_size: units of the encoder and of the decoder.
        rng: source of randomness.
        design: what the decoder sees; it decides on sizes.
        dtype: of every array.

    Raises:
        TypeError: if a size is not an integer, or `rng` is no generator.
        ValueError: if a size is less than 1, or the design is unknown.

    Example:
        >>> design = Design("current_query")
        >>> params = init_seq2seq(9, 7, 3, 4, np.random.default_rng(0), design)
        >>> params.decoder.weight_out.shape
        (7, 8)
    """
    check_size("source_vocab_size", source_vocab_size)
    check_size("target_vocab_size", target_vocab_size)
    check_size("embedding_dim", embedding_dim)
    check_size("hidden_size", hidden_size)
    check_rng(rng)
    check_design(design)

    def normal(vocab_size: int) -> Array:
        return rng.standard_normal((vocab_size, embedding_dim)).astype(dtype)

    def uniform(*shape: int) -> Array:
        return rng.uniform(-(features**-0.5), features**-0.5, shape).astype(dtype)

    beside_input = hidden_size if design.context in ("every_step", "previous_query") else 0
    features = 2 * hidden_size if design.context == "current_query" else hidden_size
    encoder = EncoderParams(
        normal(source_vocab_size), init_lstm(embedding_dim, hidden_size, rng, dtype=dtype)
    )
    attention: AttentionParams = ()
    if design.attends:
        attention = init_attention(hidden_size, hidden_size, rng, design.score, dtype=dtype)
    decoder = DecoderParams(
        normal(target_vocab_size),
        init_lstm(embedding_dim + beside_input, hidden_size, rng, dtype=dtype),
        attention,
        uniform(target_vocab_size, features),
        uniform(target_vocab_size),
    )
    return Seq2SeqParams(encoder, decoder)


def check_design(design: Unchecked) -> None:
    """Check the type and the words of a design.

    Raises:
        TypeError: if it is no `Design`.
        ValueError: if it has another word for the context.
    """
    if not isinstance(design, Design):
        raise TypeError(f"expected a Design, got {type(design).__name__}")
    if design.context not in CONTEXTS:
        words = ", ".join(repr(word) for word in CONTEXTS)
        raise ValueError(f"expected context to be one of {words}, got {design.context!r}")


def check_ids(
    name: str, ids: Unchecked, vocab_size: int, axes: tuple[str, ...], batch: int | None = None
) -> None:
    """Check token ids.

    Raises:
        TypeError: if they are no integer array.
        ValueError: if the number of axes or the batch size differs.
        IndexError: if an id is outside the vocabulary; -1 would read its last row.
    """
    if not isinstance(ids, np.ndarray) or not np.issubdtype(ids.dtype, np.integer):
        got = ids.dtype if isinstance(ids, np.ndarray) else type(ids).__name__
        raise TypeError(f"expected {name} to be an array of integers, got {got}")
    if ids.ndim != len(axes) or batch not in (None, len(ids)):
        wanted = ", ".join(axes) if batch is None else ", ".join((f"batch={batch}", *axes[1:]))
        raise ValueError(f"expected {name} with shape ({wanted}), got {ids.shape}")
    outside = (ids < 0) | (ids >= vocab_size)
    if outside.any():
        raise IndexError(f"expected {name} between 0 and {vocab_size - 1}, got {ids[outside][0]}")
