"""Known mistakes in moving the blocks of rows that belong to the gates."""

from collections.abc import Callable, Iterator
from functools import partial

import numpy as np

from rnngrader.checks.arguments import NumericArray as Array
from rnngrader.checks.spec import Mistake

DIFFERS = "frameworks.html#what-differs"


def _blocks(array: Array, count: int) -> list[Array]:
    return np.split(array, count)


def _every_so_many(array: Array, count: int) -> list[Array]:
    return [array[n::count] for n in range(count)]


def _wanted_places(order: str, wanted: str) -> list[int]:
    return [order.index(letter) for letter in wanted]


def _one_below_another(parts: list[Array]) -> Array:
    joined: Array = np.concatenate(parts)
    return joined


def reorder(
    array: Array,
    order: str,
    wanted: str,
    *,
    blocks: Callable[[Array, int], list[Array]] = _blocks,
    places: Callable[[str, str], list[int]] = _wanted_places,
    joined: Callable[[list[Array]], Array] = _one_below_another,
) -> Array:
    """Move blocks of rows with parts of which some may be wrong."""
    parts = blocks(array, len(order))
    return joined([parts[n] for n in places(order, wanted)])


def _woven(parts: list[Array]) -> Array:
    rows: Array = np.stack(parts, axis=1)
    return rows.reshape(-1, *rows.shape[2:])


def reorder_mistakes() -> Iterator[Mistake]:
    """List mistakes in moving blocks of rows."""
    places: dict[str, Callable[[str, str], list[int]]] = {
        "blocks-unmoved": lambda order, _wanted: list(range(len(order))),
        "blocks-inverse": lambda order, wanted: [wanted.index(letter) for letter in order],
        "blocks-reversed": lambda order, _wanted: list(range(len(order)))[::-1],
        "blocks-first-two": lambda order, _wanted: [1, 0, *range(2, len(order))],
        "blocks-sorted": lambda order, _wanted: [order.index(letter) for letter in sorted(order)],
        "blocks-too-few": lambda order, wanted: _wanted_places(order, wanted)[:-1],
    }
    for name, place in places.items():
        yield Mistake(name, partial(reorder, places=place), see=DIFFERS)
    joins: dict[str, Callable[[list[Array]], Array]] = {
        "blocks-stacked": np.stack,
        "blocks-beside": lambda parts: np.concatenate(parts, axis=-1),
        "blocks-turned": lambda parts: np.concatenate(parts).T,
        "blocks-upside-down": lambda parts: np.concatenate([part[::-1] for part in parts]),
    }
    for name, joined in joins.items():
        yield Mistake(name, partial(reorder, joined=joined), see=DIFFERS)
    woven = partial(reorder, blocks=_every_so_many)
    yield Mistake("rows-read-woven", woven, "rows-woven", DIFFERS)
    yield Mistake("rows-written-woven", partial(reorder, joined=_woven), "rows-woven", DIFFERS)
    both = partial(reorder, blocks=_every_so_many, joined=_woven)
    yield Mistake("rows-woven", both, "rows-woven", DIFFERS)
