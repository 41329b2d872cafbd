"""The embedding: rows that are read, gradients that add up, ids that are refused."""

import claims
import numpy as np
import pytest
import torch
from claims import close
from torch import nn

from rnncore import embed, embedding_backward

IDS = np.array([[4, 0, 4, 2], [2, 4, 0, 0], [4, 5, 5, 4]])
WEIGHT = claims.rng().standard_normal((7, 2))
DVECTORS = claims.rng(8).standard_normal((*IDS.shape, 2))


def test_it_is_the_product_with_one_hot_vectors() -> None:
    """Values and gradient equal those of a product with one-hot rows, without building them."""
    onehot = np.eye(7)[IDS]
    vectors, cache = embed(IDS, WEIGHT)
    close(vectors, onehot @ WEIGHT)
    close(embedding_backward(DVECTORS, cache), np.einsum("ntk,ntd->kd", onehot, DVECTORS))


@pytest.mark.parity
@pytest.mark.parametrize("padding_id", [None, 2])
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_values_and_gradients_are_those_of_torch(padding_id, dtype) -> None:
    """Vectors and gradient equal `nn.Embedding`, also with a padding id, in the dtype given."""
    weight, dvectors = WEIGHT.astype(dtype), DVECTORS.astype(dtype)
    module = nn.Embedding(7, 2, padding_idx=padding_id, _weight=torch.tensor(weight))
    want = module(torch.tensor(IDS))
    want.backward(torch.tensor(dvectors))
    vectors, cache = embed(IDS, weight, padding_id)
    dweight = embedding_backward(dvectors, cache)
    close((vectors, dweight), (want, module.weight.grad), 1e-6 if dtype == np.float32 else 1e-12)
    assert vectors.dtype == dweight.dtype == dtype


def test_repeated_ids_add_up() -> None:
    """A token that occurs five times gets five gradients, one that never occurs gets none."""
    _, cache = embed(IDS, WEIGHT)
    counts = embedding_backward(np.ones((*IDS.shape, 3)), cache)
    close(counts[:, 0], np.array([3.0, 0, 2, 0, 5, 2, 0]))


def test_one_token_repeated() -> None:
    """A batch of nothing but one token puts the whole gradient into one row."""
    _, cache = embed(np.full((3, 4), 6), WEIGHT)
    dweight = embedding_backward(DVECTORS, cache)
    close(dweight[6], DVECTORS.sum(axis=(0, 1)))
    assert not dweight[:6].any()


def test_padding_gets_no_gradient() -> None:
    """The row of the padding id is read like any other and its gradient is 0."""
    vectors, cache = embed(IDS, WEIGHT, padding_id=4)
    close(vectors, embed(IDS, WEIGHT)[0], 0, 0)
    dweight = embedding_backward(DVECTORS, cache)
    assert not dweight[4].any()
    close(dweight[[0, 2, 5]], embedding_backward(DVECTORS, embed(IDS, WEIGHT)[1])[[0, 2, 5]])


def test_any_shape_of_ids() -> None:
    """No tokens, one token and three axes of tokens all work, with any integer dtype."""
    nothing, cache = embed(np.zeros((3, 0), int), WEIGHT)
    assert nothing.shape == (3, 0, 2)
    close(embedding_backward(nothing, cache), np.zeros_like(WEIGHT))
    close(embed(np.array(5), WEIGHT)[0], WEIGHT[5])
    close(embed(IDS.reshape(3, 2, 2).astype(np.uint8), WEIGHT)[0].reshape(3, 4, 2), WEIGHT[IDS])


def test_nan_is_not_swallowed() -> None:
    """A row that is NaN is seen where its token stands, and nowhere else."""
    weight = WEIGHT.copy()
    weight[5] = np.nan
    vectors, _ = embed(IDS, weight)
    assert np.array_equal(np.isnan(vectors[..., 0]), IDS == 5)


def test_nothing_is_shared() -> None:
    """Writing into the vectors leaves the table as it was."""
    weight = WEIGHT.copy()
    embed(IDS, weight)[0][:] = 9
    close(weight, WEIGHT, 0, 0)


CACHE = embed(IDS, WEIGHT)[1]
REFUSED = [
    (embed, (IDS.tolist(), WEIGHT), TypeError, "ids to be a NumPy array, got list"),
    (embed, (IDS.astype(float), WEIGHT), TypeError, "ids with an integer dtype, got float64"),
    (embed, (IDS == 4, WEIGHT), TypeError, "ids with an integer dtype, got bool"),
    (embed, (IDS, WEIGHT.astype(int)), TypeError, "weight with a floating-point dtype, got int64"),
    (embed, (IDS, WEIGHT, 1.5), TypeError, "padding_id to be an integer, got float"),
    (embed, (IDS, WEIGHT, [1, 2]), TypeError, "padding_id to be an integer, got list"),
    (embed, (IDS, WEIGHT[0]), ValueError, r"weight with shape \(vocab_size, .*got \(2,\)"),
    (embed, (IDS, WEIGHT[:0]), ValueError, r"one token in the vocabulary, got \(0, 2\)"),
    (embed, (IDS, WEIGHT[:5]), IndexError, "ids between 0 and 4, got 5"),
    (embed, (IDS - 1, WEIGHT), IndexError, "ids between 0 and 6, got -1"),
    (embed, (IDS, WEIGHT, 7), IndexError, "padding_id between 0 and 6, got 7"),
    (embed, (IDS, WEIGHT, -1), IndexError, "padding_id between 0 and 6, got -1"),
    (embedding_backward, (1.0, CACHE), TypeError, "dvectors to be .*, got float"),
    (embedding_backward, (DVECTORS[:2], CACHE), ValueError, r"\(3, 4, embedding_dim\), got \(2"),
    (embedding_backward, (DVECTORS[..., 0], CACHE), ValueError, r"dim\), got \(3, 4\)"),
]


@pytest.mark.parametrize(("function", "arguments", "error", "message"), REFUSED)
def test_wrong_arguments_are_named(function, arguments, error, message) -> None:
    """A wrong argument is refused by one sentence that says what was expected and what came."""
    with pytest.raises(error, match="^expected .*" + message):
        function(*arguments)
