"""What every task is made of: padded examples, a training and a test part, and who solves it."""

from collections import Counter
from collections.abc import Callable, Hashable, Iterable, Sequence
from typing import NamedTuple, TypeAlias

import numpy as np

from rnncore._checks import check_rng, check_size
from rnncore._typing import Array, Integer
from rnncore.data.vocabulary import EOS, PAD, SPECIALS, Vocabulary

# Tokens of the input, and of what is right for it.
Pair: TypeAlias = tuple[Sequence[str], Sequence[str]]
Oracle: TypeAlias = Callable[[Sequence[str]], Sequence[str]]


class Examples(NamedTuple):
    """Padded ids.

    Where `inputs` become one class each, `targets` has one column; where each step has a label,
    the lengths of both are equal; where they become another sequence, it ends with EOS.
    """

    inputs: Integer[Array, "count seq"]
    input_lengths: Integer[Array, " count"]
    targets: Integer[Array, "count target_seq"]
    target_lengths: Integer[Array, " count"]


class Task(NamedTuple):
    """Vocabularies, examples to learn from, others to be tested on, and a rule that solves them."""

    inputs: Vocabulary
    targets: Vocabulary
    train: Examples
    test: Examples
    oracle: Oracle


def build_task(
    draw: Callable[[np.random.Generator], Pair],
    vocabularies: tuple[Vocabulary, Vocabulary],
    oracle: Oracle,
    rng: np.random.Generator,
    sizes: tuple[int, int],
    key: Callable[[Pair], Hashable] = lambda pair: tuple(pair[0]),
) -> Task:
    """Draw examples that differ from each other, and split them.

    Args:
        draw: makes one example.
        vocabularies: of inputs and targets; targets end with EOS if their vocabulary has it.
        oracle: solves an example from its input alone.
        rng: source of randomness; the same seed gives the same task.
        sizes: number of training and of test examples.
        key: no two examples have the same; by default the input.

    Returns: the task; no test example is in the training part.

    Raises:
        TypeError: if a size is not an integer, or `rng` is no generator.
        ValueError: if a size is less than 1, or there are not so many different examples.
    """
    train, test = sizes
    check_size("train", train)
    check_size("test", test)
    check_rng(rng)
    pairs = _distinct(draw, train + test, rng, key)
    return Task(
        *vocabularies,
        _examples(pairs[:train], *vocabularies),
        _examples(pairs[train:], *vocabularies),
        oracle,
    )


def pad(sequences: Sequence[Sequence[int]]) -> tuple[Array, Array]:
    """Put sequences of ids into one array, padded on the right; return it and the lengths.

    Example:
        >>> pad([[7, 8, 9], [5]])
        (array([[7, 8, 9],
               [5, 0, 0]]), array([3, 1]))
    """
    lengths = np.array([len(sequence) for sequence in sequences], dtype=int)
    ids = np.full((len(sequences), lengths.max(initial=0)), PAD)
    for row, sequence in zip(ids, sequences, strict=True):
        row[: len(sequence)] = sequence
    return ids, lengths


def oracle_accuracy(task: Task, examples: Examples) -> float:
    """Return the share of targets (without EOS) that the task's rule gets right: the ceiling."""
    right = total = 0
    for sequence, target in decoded(task, examples):
        answer = task.oracle(sequence)
        right += sum(got == want for got, want in zip(answer, target, strict=False))
        total += max(len(answer), len(target))
    return right / total


def majority_accuracy(task: Task, examples: Examples) -> float:
    """Return the share of targets (without EOS) that are the commonest of training: the floor."""
    seen = Counter(token for _, target in decoded(task, task.train) for token in target)
    common = seen.most_common(1)[0][0]
    tokens = [token for _, target in decoded(task, examples) for token in target]
    return tokens.count(common) / len(tokens)


def decoded(task: Task, examples: Examples) -> Iterable[Pair]:
    """Walk through examples as tokens, without padding and EOS."""
    for ids, length, target, target_length in zip(*examples, strict=True):
        yield (
            task.inputs.decode(ids[:length].tolist()),
            task.targets.decode(target[:target_length].tolist()),
        )


def _distinct(
    draw: Callable[[np.random.Generator], Pair],
    count: int,
    rng: np.random.Generator,
    key: Callable[[Pair], Hashable],
) -> list[Pair]:
    found: dict[Hashable, Pair] = {}
    # So many repeats in a row mean that nearly all examples there are have been drawn.
    repeats, patience = 0, 100 + 10 * count
    while len(found) < count:
        pair = draw(rng)
        repeats = repeats + 1 if key(pair) in found else 0
        found.setdefault(key(pair), pair)
        if repeats > patience:
            raise ValueError(f"expected {count} different examples, got {len(found)} by chance")
    return list(found.values())


def _examples(pairs: Sequence[Pair], inputs: Vocabulary, targets: Vocabulary) -> Examples:
    end = [EOS] if targets.tokens[: len(SPECIALS)] == SPECIALS else []
    return Examples(
        *pad([inputs.encode(sequence) for sequence, _ in pairs]),
        *pad([targets.encode(target) + end for _, target in pairs]),
    )
