"""Vectors for tokens: a table with one row per id, read forward and added to in reverse."""

from typing import NamedTuple

import numpy as np

from rnncore._checks import Unchecked, check_array, check_floating, check_integer
from rnncore._typing import Array, Inexact, Integer


class EmbeddingCache(NamedTuple):
    """What `embedding_backward` needs."""

    ids: Integer[Array, "*tokens"]
    vocab_size: int
    padding_id: int | None


def embed(
    ids: Integer[Array, "*tokens"],
    weight: Inexact[Array, "vocab_size embedding_dim"],
    padding_id: int | None = None,
) -> tuple[Inexact[Array, "*tokens embedding_dim"], EmbeddingCache]:
    """Look up the vector of each token.

    Equation: vectors[..., :] = weight[ids], which is onehot(ids) @ weight without the product.

    Args:
        ids: token ids, 0 to vocab_size - 1.
        weight: one row per token of the vocabulary.
        padding_id: its row is read like any other but gets no gradient, as `padding_idx` in torch;
            None: there is no such id.

    Returns: `(vectors, cache)`; the vectors are copies.

    Raises:
        TypeError: if `ids` is no integer array, `padding_id` no integer, or `weight` no
            floating-point array.
        ValueError: if `weight` does not have two axes, or the vocabulary is empty.
        IndexError: if an id, or `padding_id`, is negative or past the vocabulary.

    Example:
        >>> vectors, _ = embed(np.array([2, 0]), np.array([[1.0, 2.0], [3.0, 4.0], [5.0, 6.0]]))
        >>> vectors
        array([[5., 6.],
               [1., 2.]])
    """
    check_array("weight", weight, vocab_size=None, embedding_dim=None)
    if len(weight) == 0:
        raise ValueError(f"expected at least one token in the vocabulary, got {weight.shape}")
    # NumPy would take -1 for the last row, and True for a mask.
    if not isinstance(ids, np.ndarray):
        raise TypeError(f"expected ids to be a NumPy array, got {type(ids).__name__}")
    _check_ids("ids", ids, len(weight))
    if padding_id is not None:
        check_integer("padding_id", padding_id)
        _check_ids("padding_id", padding_id, len(weight))
    return weight[ids], EmbeddingCache(ids, len(weight), padding_id)


def embedding_backward(
    dvectors: Inexact[Array, "*tokens embedding_dim"], cache: EmbeddingCache
) -> Inexact[Array, "vocab_size embedding_dim"]:
    """Return the gradient by `weight`; ids have none.

    Equation: dweight[k] = sum of dvectors over all tokens with id k; 0 for `padding_id`.

    Args:
        dvectors: gradient by the vectors that `embed` returned.
        cache: from the same call.

    Returns: dweight.

    Raises:
        TypeError: if `dvectors` is no floating-point array.
        ValueError: if it does not have one vector per token.
    """
    ids, vocab_size, padding_id = cache
    check_floating("dvectors", dvectors)
    if dvectors.ndim != ids.ndim + 1 or dvectors.shape[:-1] != ids.shape:
        axes = ", ".join([*map(str, ids.shape), "embedding_dim"])
        raise ValueError(f"expected dvectors with shape ({axes}), got {dvectors.shape}")
    dweight = np.zeros((vocab_size, dvectors.shape[-1]), dvectors.dtype)
    # "dweight[ids] += dvectors" would keep only the last of several tokens with the same id.
    np.add.at(dweight, ids, dvectors)
    if padding_id is not None:
        dweight[padding_id] = 0
    return dweight


def _check_ids(name: str, ids: Unchecked, vocab_size: int) -> None:
    array = np.asarray(ids)
    if not np.issubdtype(array.dtype, np.integer):
        raise TypeError(f"expected {name} with an integer dtype, got {array.dtype}")
    outside = (array < 0) | (array >= vocab_size)
    if outside.any():
        raise IndexError(
            f"expected {name} between 0 and {vocab_size - 1}, got {array[outside].flat[0]}"
        )
