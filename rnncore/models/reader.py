"""What tagger, classifier and language model share: vectors for tokens, a stack of cells, scores.

The models differ in what they read off the stack: every output, or one summary of them.
"""

from collections.abc import Sequence
from typing import Any, Literal, NamedTuple, TypeAlias, cast, get_args

import numpy as np
from numpy.typing import DTypeLike

from rnncore._checks import check_array, check_rng, check_size
from rnncore._typing import Array, Inexact, Integer
from rnncore.dropping import DropoutCache, dropout, dropout_backward
from rnncore.embedding import EmbeddingCache, embed, embedding_backward
from rnncore.layers import StackedCache, StackState, stacked_backward, stacked_forward
from rnncore.params import CellParams, LSTMParams, init_gru, init_lstm, init_rnn, map_params

CellName: TypeAlias = Literal["rnn", "lstm", "gru"]
Lengths: TypeAlias = Integer[Array, " batch"] | Sequence[int] | None


class ReaderParams(NamedTuple):
    """Weights of a model that reads one sequence; gradients have the same type.

    `embedding` is `()` where tokens enter one-hot; `layers[layer][direction]` is as in
    `stacked_forward`.
    """

    embedding: Inexact[Array, "vocab_size embedding_dim"] | tuple[()]
    layers: tuple[tuple[Any, ...], ...]
    weight_out: Inexact[Array, "num_outputs features"]
    bias_out: Inexact[Array, " num_outputs"]


class ReaderCache(NamedTuple):
    """What `reader_backward` needs; the first and the last part are of the dropouts."""

    dropped_in: DropoutCache
    embedded: EmbeddingCache
    stack: StackedCache
    state: StackState
    dropped_out: DropoutCache


def init_reader(
    vocab_size: int,
    num_outputs: int,
    hidden_size: int,
    rng: np.random.Generator,
    *,
    cell: CellName = "lstm",
    embedding_dim: int | None = None,
    num_layers: int = 1,
    bidirectional: bool = False,
    forget_bias: float = 0.0,
    dtype: DTypeLike = np.float64,
) -> ReaderParams:
    """Draw the parameters of a tagger, classifier or language model as torch does.

    Args:
        vocab_size: tokens that can be read.
        num_outputs: tags, classes, or tokens that can come next.
        hidden_size: units of each layer and direction.
        rng: source of randomness.
        cell: "rnn", "lstm" or "gru".
        embedding_dim: size of a token's vector, from N(0, 1); None: tokens enter one-hot.
        num_layers: cells on top of each other.
        bidirectional: True: a second cell in each layer reads from the end.
        forget_bias: added to the forget gates of LSTMs.
        dtype: of every array.

    Raises:
        TypeError: if a size is not an integer, or `rng` is no generator.
        ValueError: if a size is less than 1, or the cell is unknown.

    Example:
        >>> params = init_reader(7, 3, 4, np.random.default_rng(0), cell="gru", bidirectional=True)
        >>> params.layers[0][1].weight_ih.shape, params.weight_out.shape
        ((12, 7), (3, 8))
    """
    if cell not in get_args(CellName):
        raise ValueError(f"expected cell 'rnn', 'lstm' or 'gru', got {cell!r}")
    sizes = {"vocab_size": vocab_size, "num_outputs": num_outputs, "num_layers": num_layers}
    for name, size in sizes.items():
        check_size(name, size)
    check_rng(rng)

    def init_cell(input_size: int) -> CellParams:
        if cell == "lstm":
            return init_lstm(input_size, hidden_size, rng, forget_bias, dtype)
        return (init_rnn if cell == "rnn" else init_gru)(input_size, hidden_size, rng, dtype)

    embedding: Array | tuple[()] = ()
    if embedding_dim is not None:
        check_size("embedding_dim", embedding_dim)
        embedding = rng.standard_normal((vocab_size, embedding_dim)).astype(dtype)
    input_size, directions = embedding_dim or vocab_size, 1 + bool(bidirectional)
    layers = []
    for _ in range(num_layers):
        layers.append(tuple(init_cell(input_size) for _ in range(directions)))
        input_size = directions * hidden_size
    bound = input_size**-0.5
    weight_out = rng.uniform(-bound, bound, (num_outputs, input_size)).astype(dtype)
    bias_out = rng.uniform(-bound, bound, num_outputs).astype(dtype)
    return ReaderParams(embedding, tuple(layers), weight_out, bias_out)


def start_state(params: ReaderParams, batch: int) -> StackState:
    """Return the state before the first step: zeros, in the form of `stacked_forward`."""
    first = params.layers[0][0]
    count = len(params.layers) * len(params.layers[0])
    zeros = np.zeros((count, batch, first.weight_hh.shape[1]), first.weight_hh.dtype)
    return (zeros, zeros.copy()) if isinstance(first, LSTMParams) else zeros


def reader_forward(
    inputs: Integer[Array, "batch seq"],
    state: StackState,
    params: ReaderParams,
    lengths: Lengths = None,
    *,
    dropout_p: float = 0.0,
    rng: np.random.Generator | None = None,
) -> tuple[Inexact[Array, "batch seq features"], StackState, ReaderCache]:
    """Read token ids with a stack of cells.

    Equation: output, state = stack(dropout(embedding[inputs])); then dropout on the output.

    Args:
        inputs: token ids; at padding any of the vocabulary, none is used.
        state: before the first step, such as `start_state`.
        params: of the model.
        lengths: number of real tokens of each sequence; None: all are real.
        dropout_p: probability of dropping, on vectors, between layers and on outputs.
        rng: source of randomness; needed if `dropout_p` > 0.

    Returns: `(output, state, cache)`; the output at padding is 0.

    Raises:
        TypeError: if ids or lengths are not integers, or `rng` is no generator.
        ValueError: if shapes disagree, or `dropout_p` lies outside [0, 1).
        IndexError: if an id is outside the vocabulary.
    """
    check_array("weight_out", params.weight_out, num_outputs=len(params.bias_out), features=None)
    one_hot = isinstance(params.embedding, tuple)
    first = params.layers[0][0].weight_ih
    weight = np.eye(first.shape[1], dtype=first.dtype) if one_hot else params.embedding
    x, embedded = embed(inputs, cast("Array", weight))
    x, dropped_in = dropout(x, dropout_p, rng)
    output, last, stack = stacked_forward(
        x, state, params.layers, lengths, dropout_p=dropout_p, rng=rng
    )
    output, dropped_out = dropout(output, dropout_p, rng)
    return output, last, ReaderCache(dropped_in, embedded, stack, last, dropped_out)


def reader_backward(
    doutput: Inexact[Array, "batch seq features"],
    dstate: StackState | None,
    cache: ReaderCache,
    params: ReaderParams,
) -> ReaderParams:
    """Carry the gradient of the loss back through the stack; the state before it is a constant.

    Args:
        doutput: gradient by `output`.
        dstate: gradient by the last state; None: 0.
        cache: from `reader_forward`.
        params: as given to it.

    Returns: dparams, with 0 for `weight_out` and `bias_out`.

    Raises:
        TypeError: if a gradient is no floating-point NumPy array.
        ValueError: if its shape is not that of the result it belongs to.
    """
    dstate = map_params(np.zeros_like, cache.state) if dstate is None else dstate
    doutput = dropout_backward(doutput, cache.dropped_out)
    dx, _, dlayers = stacked_backward(doutput, dstate, cache.stack, params.layers)
    dx = dropout_backward(dx, cache.dropped_in)
    one_hot = isinstance(params.embedding, tuple)
    dembedding = () if one_hot else embedding_backward(dx, cache.embedded)
    zeros = map_params(np.zeros_like, (params.weight_out, params.bias_out))
    return ReaderParams(dembedding, dlayers, *zeros)


def scores(
    features: Inexact[Array, "*tokens features"], params: ReaderParams
) -> Inexact[Array, "*tokens num_outputs"]:
    """Return the scores of all outputs before softmax: logits = W features + b."""
    logits: Array = features @ params.weight_out.T + params.bias_out
    return logits


def scores_backward(
    dlogits: Inexact[Array, "*tokens num_outputs"],
    features: Inexact[Array, "*tokens features"],
    params: ReaderParams,
) -> tuple[Inexact[Array, "*tokens features"], Array, Array]:
    """Return the gradients by features, `weight_out` and `bias_out`."""
    rows = dlogits.reshape(-1, dlogits.shape[-1])
    dweight = rows.T @ features.reshape(-1, features.shape[-1])
    return dlogits @ params.weight_out, dweight, rows.sum(axis=0)
