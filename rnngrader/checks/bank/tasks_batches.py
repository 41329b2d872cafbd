"""Known mistakes in making a batch of sequences, and in moving it by one place."""

from collections.abc import Callable, Iterator, Sequence
from functools import partial

import numpy as np

from rnngrader.checks.arguments import NumericArray as Array
from rnngrader.checks.spec import Mistake

PADDING = "frameworks.html#padding-what-the-network-reads-when-nobody-stops-it"
LANGUAGE = "tasks.html#language-model"
Rows = Sequence[Array]
Pair = tuple[Array, Array]


def pad(
    sequences: Rows,
    *,
    width: Callable[[list[int]], int] = max,
    place: Callable[[int, int], slice] = lambda n, _width: slice(0, n),
    filler: Callable[[Array], int] = lambda _row: 0,
    content: Callable[[Array], Array] = lambda row: row,
    measured: Callable[[list[int], Rows], object] = lambda lengths, _rows: lengths,
    given: Callable[[Array, Array], Pair] = lambda ids, lengths: (ids, lengths),
) -> Pair:
    """Fill sequences up with parts of which some may be wrong."""
    lengths = [len(row) for row in sequences]
    columns = width(lengths)
    ids = np.zeros((len(sequences), columns), dtype=int)
    for line, row in zip(ids, sequences, strict=True):
        kept = content(row)[:columns]
        line[:] = filler(row)
        line[place(len(kept), columns)] = kept
    return given(ids, np.array(measured(lengths, sequences)))


def pad_mistakes() -> Iterator[Mistake]:
    """List mistakes in filling sequences up."""
    widths: dict[str, Callable[[list[int]], int]] = {
        "pad-cut-to-shortest": min,
        "pad-one-too-wide": lambda n: max(n) + 1,
        "pad-last-cut": lambda n: max(n) - 1,
        "pad-too-wide": sum,
    }
    for name, width in widths.items():
        yield Mistake(name, partial(pad, width=width), see=PADDING)
    front = partial(pad, place=lambda n, width: slice(width - n, width))
    yield Mistake("pad-in-front", front, see=PADDING)
    late = partial(pad, place=lambda n, width: slice(*((1, n + 1) if n < width else (0, n))))
    yield Mistake("pad-one-in-front", late, see=PADDING)
    for name, filler in {
        "minus-one": lambda _row: -1,
        "one": lambda _row: 1,
        "minus-hundred": lambda _row: -100,
    }.items():
        yield Mistake(f"pad-with-{name}", partial(pad, filler=filler), "pad-other-id", PADDING)
    for name, filler in {"last": lambda row: row[-1], "first": lambda row: row[0]}.items():
        yield Mistake(f"pad-repeats-{name}", partial(pad, filler=filler), "pad-repeats", PADDING)
    contents: dict[str, Callable[[Array], Array]] = {
        "pad-reversed": lambda row: row[::-1],
        "pad-sorted": np.sort,
        "pad-id-lower": lambda row: row - 1,
        "pad-id-higher": lambda row: row + 1,
    }
    for name, content in contents.items():
        yield Mistake(name, partial(pad, content=content), see=PADDING)
    yield from _pad_results()


def _pad_results() -> Iterator[Mistake]:
    measures: dict[str, Callable[[list[int], Rows], object]] = {
        "lengths-of-longest": lambda n, _rows: [max(n)] * len(n),
        "lengths-minus-one": lambda n, _rows: [k - 1 for k in n],
        "lengths-as-mask": lambda n, _rows: np.arange(max(n)) < np.array(n)[:, None],
        "lengths-of-padding": lambda n, _rows: [max(n) - k for k in n],
        "lengths-sorted": lambda n, _rows: sorted(n, reverse=True),
        "lengths-total": lambda n, _rows: np.cumsum(n),
        "lengths-distinct": lambda _n, rows: [len(set(row.tolist())) for row in rows],
    }
    for name, measured in measures.items():
        yield Mistake(name, partial(pad, measured=measured), see=PADDING)
    results: dict[str, Callable[[Array, Array], Pair]] = {
        "pad-turned": lambda ids, lengths: (ids.T, lengths),
        "pad-by-length": _longest_first,
        "pad-results-exchanged": lambda ids, lengths: (lengths, ids),
        "pad-flat": lambda ids, lengths: (ids.ravel(), lengths),
    }
    for name, given in results.items():
        yield Mistake(name, partial(pad, given=given), see=PADDING)


def _longest_first(ids: Array, lengths: Array) -> Pair:
    order = np.argsort(-lengths, kind="stable")
    return ids[order], lengths[order]


def pack(
    ids: Array,
    lengths: Array,
    *,
    real: Callable[[Array, Array], Array] = lambda t, n: t < n,
    walked: Callable[[Array, Array], Array] = lambda ids, mask: ids.T[mask.T],
    sizes: Callable[[Array, Array], Array] = lambda mask, _n: _counts(mask),
    given: Callable[[Array, Array], Pair] = lambda data, sizes: (data, sizes),
) -> Pair:
    """Put real tokens into one row with parts of which some may be wrong."""
    mask = real(np.arange(ids.shape[1])[None, :], lengths[:, None])
    return given(walked(ids, mask), sizes(mask, lengths))


def _counts(mask: Array) -> Array:
    counts: Array = mask.sum(axis=0)
    return counts[counts > 0]


def pack_mistakes() -> Iterator[Mistake]:
    """List mistakes in putting real tokens into one row."""
    walks: dict[str, Callable[[Array, Array], Array]] = {
        "packed-by-sequence": lambda ids, mask: ids[mask],
        "packed-padding-kept": lambda ids, _mask: ids.T.ravel(),
        "packed-as-it-stands": lambda ids, _mask: ids.ravel(),
        "packed-steps-reversed": lambda ids, mask: ids.T[::-1][mask.T[::-1]],
        "packed-batch-reversed": lambda ids, mask: ids.T[:, ::-1][mask.T[:, ::-1]],
        "packed-zeros-dropped": lambda ids, mask: ids.T[mask.T & (ids.T != 0)],
        "packed-padding-only": lambda ids, mask: ids.T[~mask.T],
        "packed-not": lambda ids, _mask: ids,
        "packed-masked": lambda ids, mask: ids * mask,
    }
    for name, walked in walks.items():
        yield Mistake(name, partial(pack, walked=walked), see=PADDING)
    sizes: dict[str, Callable[[Array, Array], Array]] = {
        "sizes-are-lengths": lambda _mask, n: n,
        "sizes-added-up": lambda mask, _n: np.cumsum(_counts(mask)),
        "sizes-from-zero": lambda mask, _n: np.cumsum(_counts(mask)) - _counts(mask),
        "sizes-of-ended": lambda mask, _n: len(mask) - _counts(mask),
        "sizes-all-equal": lambda mask, _n: 0 * _counts(mask) + len(mask),
        "sizes-reversed": lambda mask, _n: _counts(mask)[::-1],
        "sizes-of-ending": lambda mask, _n: -np.diff(np.append(_counts(mask), 0)),
        "sizes-one-number": lambda mask, _n: mask.sum(),
    }
    for name, size in sizes.items():
        yield Mistake(name, partial(pack, sizes=size), see=PADDING)
    for name, real in {"more": lambda t, n: t <= n, "less": lambda t, n: t < n - 1}.items():
        yield Mistake(f"packed-one-{name}", partial(pack, real=real), see=PADDING)
    swapped = partial(pack, given=lambda data, sizes: (sizes, data))
    yield Mistake("pack-results-exchanged", swapped, see=PADDING)
    yield Mistake(
        "sizes-with-zeros",
        partial(pack, sizes=lambda mask, _n: mask.sum(axis=0)),
        see=PADDING,
        shown_by="edges",
    )


Columns = Callable[[Array], Array]
# Tokens that are read, and tokens that are to be predicted, by what went wrong.
SHIFTS: dict[str, tuple[Columns, Columns]] = {
    "unshifted": (lambda ids: ids[:, :-1], lambda ids: ids[:, :-1]),
    "answer-read": (lambda ids: ids[:, 1:], lambda ids: ids[:, 1:]),
    "shifted-back": (lambda ids: ids[:, 1:], lambda ids: ids[:, :-1]),
    "two-apart": (lambda ids: ids[:, :-1], lambda ids: np.roll(ids, -2, axis=1)[:, :-1]),
}


def pairs(
    ids: Array,
    lengths: Array,
    *,
    shift: tuple[Columns, Columns] = (lambda ids: ids[:, :-1], lambda ids: ids[:, 1:]),
    real: Callable[[Array, Array], Array] = lambda t, n: t < n - 1,
    given: Callable[[Array, Array, Array], tuple[Array, ...]] = lambda *arrays: arrays,
) -> tuple[Array, ...]:
    """Pair tokens with the next ones with parts of which some may be wrong."""
    inputs, targets = (columns(ids) for columns in shift)
    return given(inputs, targets, real(np.arange(inputs.shape[1])[None, :], lengths[:, None]))


MARKS: dict[str, Callable[[Array, Array], Array]] = {
    "end-predicted": lambda t, n: t < n,
    "last-pair-lost": lambda t, n: t < n - 2,
    "pairs-inverted": lambda t, n: t >= n - 1,
    "pairs-all": lambda t, n: (t >= 0) & (n >= 0),
    "first-pair-lost": lambda t, n: (t > 0) & (t < n - 1),
}


def pair_mistakes() -> Iterator[Mistake]:
    """List mistakes in pairing tokens with the next ones."""
    for name, shift in SHIFTS.items():
        yield Mistake(name, partial(pairs, shift=shift), see=LANGUAGE)
    rolled = (lambda ids: ids, lambda ids: np.roll(ids, -1, axis=1))
    yield Mistake("rolled", partial(pairs, shift=rolled), see=LANGUAGE)
    back = (lambda ids: np.roll(ids, 1, axis=1), lambda ids: ids)
    yield Mistake("rolled-back", partial(pairs, shift=back), "rolled", LANGUAGE)
    started = (lambda ids: np.pad(ids[:, :-1], ((0, 0), (1, 0))), lambda ids: ids)
    yield Mistake("start-added", partial(pairs, shift=started), see=LANGUAGE)
    rows = (lambda ids: ids[:-1], lambda ids: ids[1:])
    yield Mistake("shifted-batch", partial(_by_rows, shift=rows), see=LANGUAGE)
    for name, real in MARKS.items():
        yield Mistake(name, partial(pairs, real=real), see=LANGUAGE)
    results: dict[str, Callable[[Array, Array, Array], tuple[Array, ...]]] = {
        "mask-first": lambda inputs, targets, mask: (mask, inputs, targets),
        "targets-reversed": lambda inputs, targets, mask: (inputs, targets[:, ::-1], mask),
        "mask-counted": lambda inputs, targets, mask: (inputs, targets, mask.sum(axis=1)),
        "mask-of-all-columns": lambda inputs, targets, mask: (
            *(inputs, targets),
            np.pad(mask, ((0, 0), (0, 1))),
        ),
    }
    for name, given in results.items():
        yield Mistake(name, partial(pairs, given=given), see=LANGUAGE)


def _by_rows(ids: Array, lengths: Array, *, shift: tuple[Columns, Columns]) -> tuple[Array, ...]:
    inputs, targets = (rows(ids) for rows in shift)
    return inputs, targets, np.arange(ids.shape[1]) < lengths[:-1, None]
