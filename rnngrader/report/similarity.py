"""Submissions whose code is nearly the same, found by winnowing.

The code of solution cells becomes a row of tokens in which names a learner can choose are all the
same word, and spaces, comments and docstrings are nothing. Every run of `K` tokens gets a number;
of any `WINDOW` neighbouring numbers the smallest is kept. Two programs that share a run of at least
`K + WINDOW - 1` tokens share a kept number (Schleimer, Wilkerson, Aiken: Winnowing, SIGMOD 2003).
Runs of the code that was handed out do not count, and runs that many have count less.
"""

import builtins
import keyword
import re
import zlib
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import combinations, islice, pairwise, product

import numpy as np
import numpy.typing as npt

K = 10
WINDOW = 6
FEWEST = 5  # kept numbers; with less there is too little code of one's own to compare
MAX_CODE = 60_000  # characters of one submission
_COLUMNS = 2048
_KEPT = frozenset(keyword.kwlist) | {n for n in dir(builtins) if n.islower()}
_TOKEN = re.compile(
    r"""(?P<space>\s+|\#[^\n]*|\\\n)
    |(?P<text>[rRbBfFuU]{0,2}(?:
        \"{3}(?:\\.|[^\\])*?(?:\"{3}|\Z) | '{3}(?:\\.|[^\\])*?(?:'{3}|\Z)
        | "(?:\\.|[^"\\\n])*+"? | '(?:\\.|[^'\\\n])*+'?))
    |(?P<number>\.?\d[\w.]*)
    |(?P<name>[^\W\d]\w*)
    |(?P<sign>\*\*=?|//=?|->|[-+*/@%&|^=!<>:]=|.)""",
    re.VERBOSE | re.DOTALL,
)

Prints = npt.NDArray[np.uint64]


@dataclass(frozen=True)
class Pair:
    """Two submissions, how alike they are from 0 to 1, and how many passages they share.

    Attributes:
        rare: shared passages that at most one in twenty of the class has, or these two alone.
    """

    first: str
    second: str
    similarity: float
    shared: int
    rare: int


def tokens(code: str) -> Iterator[str]:
    """The code as words; what a learner can change without changing the program is left out.

    >>> list(tokens("h_new = np.tanh(a)  # the new state"))
    ['v', '=', 'v', '.', 'tanh', '(', 'v', ')']
    """
    before = ":"
    for found in _TOKEN.finditer(code[:MAX_CODE]):
        kind, word = found.lastgroup, found[0]
        if kind == "space" or (kind == "text" and before == ":"):
            continue
        if kind == "text":
            word = "s"
        elif kind == "name" and word not in _KEPT and before != ".":
            word = "v"
        before = word
        yield word


def runs(code: str) -> Prints:
    """A number for every run of `K` tokens, in order."""
    words = np.array([_number(word) for word in tokens(code)], np.uint64)
    if len(words) < K:
        return np.empty(0, np.uint64)
    powers = np.array([pow(0x9E3779B97F4A7C15, n, 1 << 64) for n in range(K)], np.uint64)
    return np.lib.stride_tricks.sliding_window_view(words, K) @ powers


def _number(word: str) -> int:
    raw = word.encode("utf-8", "replace")
    return zlib.crc32(raw) << 32 | zlib.crc32(b"second" + raw)


def fingerprints(cells: Iterable[str], given: Prints | None = None) -> frozenset[int]:
    """The kept numbers of a submission.

    Args:
        cells: the code of its cells; no run goes from one into the next.
        given: runs of the code that was handed out.
    """
    kept: set[int] = set()
    out = np.empty(0, np.uint64) if given is None else given
    for code in cells:
        row = runs(code)
        row = row[~np.isin(row, out)]
        if len(row) >= WINDOW:
            row = np.lib.stride_tricks.sliding_window_view(row, WINDOW).min(axis=1)
        kept.update(row.tolist())
    return frozenset(kept)


def similar(
    prints: Mapping[str, frozenset[int]], least: float = 0.6, limit: int = 1000
) -> list[Pair]:
    """Pairs that are alike, the most alike first, and of these the rarest.

    Args:
        prints: kept numbers by student; who has fewer than `FEWEST` is not compared.
        least: similarity from which a pair is named.
        limit: the most pairs that are named.
    """
    groups: dict[frozenset[int], list[str]] = defaultdict(list)
    for name in sorted(prints):
        if len(prints[name]) >= FEWEST:
            groups[prints[name]].append(name)
    sets, members = list(groups), list(groups.values())
    count = sum(map(len, members))
    if count < 2:
        return []
    having = Counter(h for s, names in groups.items() for h in list(s) * len(names))
    weight = {h: float(np.log1p(count / having[h])) for h in having}
    seldom = max(2, count // 20)
    found = []
    for alike, a, b in _alike(sets, weight, least, len(sets) + 4 * limit):
        shared = sets[a] & sets[b]
        evidence = sum(weight[h] for h in shared)
        rare = sum(having[h] <= seldom for h in shared)
        found.append((-round(alike, 2), -evidence, a, b, len(shared), rare))
    found.sort()
    pairs = (
        Pair(one, other, -alike, shared, rare)
        for alike, _, a, b, shared, rare in found
        for one, other in (
            combinations(members[a], 2) if a == b else product(members[a], members[b])
        )
    )
    return list(islice(pairs, limit))


def _alike(
    sets: list[frozenset[int]], weight: Mapping[int, float], least: float, most: int
) -> list[tuple[float, int, int]]:
    """Weight shared by two sets over the mean of their weights: the highest, from `least` on."""
    rows = np.repeat(np.arange(len(sets)), [len(prints) for prints in sets])
    flat = np.fromiter((h for prints in sets for h in prints), np.uint64, len(rows))
    values = np.fromiter((weight[h] for prints in sets for h in prints), np.float32, len(rows))
    whole = np.bincount(rows, values, len(sets)).astype(np.float32)
    numbers, columns = np.unique(flat, return_inverse=True)
    order = np.argsort(columns, kind="stable")
    rows, columns, values = rows[order], columns[order], np.sqrt(values[order])
    both = np.zeros((len(sets), len(sets)), np.float32)
    starts = range(0, len(numbers), _COLUMNS)
    for start, (left, right) in zip(
        starts, pairwise([*np.searchsorted(columns, starts), len(columns)]), strict=True
    ):
        part = np.zeros((len(sets), _COLUMNS), np.float32)
        part[rows[left:right], columns[left:right] - start] = values[left:right]
        both += part @ part.T
    both *= 2
    both /= whole[:, None] + whole[None, :]
    first, second = np.nonzero(np.triu(both >= least))
    ratio = both[first, second]
    best = np.argsort(-ratio, kind="stable")[:most]
    return [(min(1.0, float(ratio[n])), int(first[n]), int(second[n])) for n in best]
