"""Known mistakes in looking up the vectors of tokens."""

from collections.abc import Callable, Iterator
from functools import partial

import numpy as np

from rnngrader.checks.arguments import NumericArray as Array
from rnngrader.checks.spec import Mistake

WEIGHTS = "sequences.html#embeddings"


def _as_given(array: Array) -> Array:
    return array


def _checked(ids: Array, size: int) -> Array:
    if ids.size and (ids.min() < 0 or ids.max() >= size):
        raise IndexError("an id is outside the vocabulary")
    return ids


def _unchecked(ids: Array, size: int) -> Array:
    del size
    return ids


def embed(
    ids: Array,
    weight: Array,
    *,
    guard: Callable[[Array, int], Array] = _checked,
    chosen: Callable[[Array, int], Array] = _unchecked,
    table: Callable[[Array], Array] = _as_given,
    result: Callable[[Array, Array], Array] = lambda vectors, _ids: vectors,
) -> Array:
    """Look vectors up with parts of which some may be wrong."""
    ids = guard(ids, len(weight))
    return result(table(weight)[chosen(ids, len(weight))], ids)


def _first_occurrence(vectors: Array, ids: Array) -> Array:
    _, first = np.unique(ids, return_index=True)
    kept = np.zeros_like(vectors)
    places = np.unravel_index(first, ids.shape)
    kept[places] = vectors[places]
    return kept


def _onehot_returned(ids: Array, weight: Array) -> Array:
    rows = np.arange(len(weight))
    onehot: Array = (_checked(ids, len(weight))[..., None] == rows).astype(weight.dtype)
    return onehot


def _columns(ids: Array, weight: Array) -> Array:
    vectors: Array = weight.T[_checked(ids, len(weight))]
    return vectors


def _positions(ids: Array, size: int) -> Array:
    return np.broadcast_to(np.arange(ids.shape[-1]) % size, ids.shape)


def _without_zero(vectors: Array, ids: Array) -> Array:
    return np.where(ids[..., None] == 0, 0, vectors)


def _unit_length(weight: Array) -> Array:
    lengths: Array = np.linalg.norm(weight, axis=-1, keepdims=True)
    return weight / lengths


def embed_mistakes() -> Iterator[Mistake]:
    """List mistakes in which row is read, and in what is made of it."""
    chosen: dict[str, Callable[[Array, int], Array]] = {
        "one-too-low": lambda ids, _n: ids - 1,
        "one-too-high": lambda ids, n: (ids + 1) % n,
        "from-the-end": lambda ids, _n: -ids,
        "positions": _positions,
        "first-sequence-for-all": lambda ids, _n: np.broadcast_to(ids[:1], ids.shape),
        "first-token-for-all": lambda ids, _n: np.broadcast_to(ids[:, :1], ids.shape),
        "sorted": lambda ids, _n: np.sort(ids, axis=-1),
        "tokens-reversed": lambda ids, _n: ids[:, ::-1],
        "axes-exchanged": lambda ids, _n: ids.T,
        "joined": lambda ids, _n: ids.reshape(-1),
    }
    for name, function in chosen.items():
        message = "tokens-of-first-sequence" if name == "first-sequence-for-all" else name
        yield Mistake(name, partial(embed, chosen=function), message, WEIGHTS)
    results: dict[str, Callable[[Array, Array], Array]] = {
        "time-major-reshaped": lambda v, _i: v.swapaxes(0, 1).reshape(v.shape),
        "features-before-time": lambda v, _i: v.swapaxes(1, 2),
        "bag-of-words": lambda v, _i: v.sum(axis=1),
        "mean-of-words": lambda v, _i: v.mean(axis=1),
        "last-token-only": lambda v, _i: v[:, -1],
        "repeats-lost": _first_occurrence,
        "zero-as-padding": _without_zero,
        "scaled-up": lambda v, _i: v * np.sqrt(v.shape[-1]),
        "vectors-squashed": lambda v, _i: np.tanh(v),
    }
    for name, result in results.items():
        yield Mistake(name, partial(embed, result=result), see=WEIGHTS)
    yield Mistake("unit-length", partial(embed, table=_unit_length), see=WEIGHTS)
    yield Mistake("onehot-returned", _onehot_returned, see=WEIGHTS)
    yield Mistake("columns-read", _columns, see=WEIGHTS)
    for name, guard in {
        "negative-id-wraps": _unchecked,
        "too-large-id-clipped": lambda ids, n: _checked(np.minimum(ids, n - 1), n),
        "ids-clipped": lambda ids, n: np.clip(ids, 0, n - 1),
        "ids-wrapped": lambda ids, n: ids % n,
    }.items():
        yield Mistake(name, partial(embed, guard=guard), see=WEIGHTS, shown_by="outside")
