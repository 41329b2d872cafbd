"""Number words to digits: forty two thousand and seven becomes 42007."""

from collections.abc import Sequence

import numpy as np

from rnncore._checks import check_size
from rnncore.data.task import Pair, Task, build_task
from rnncore.data.vocabulary import token_vocabulary

SMALL = [
    "zero",
    "one",
    "two",
    "three",
    "four",
    "five",
    "six",
    "seven",
    "eight",
    "nine",
    "ten",
    "eleven",
    "twelve",
    "thirteen",
    "fourteen",
    "fifteen",
    "sixteen",
    "seventeen",
    "eighteen",
    "nineteen",
]
TENS = ["twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"]
VALUES = {word: value for value, word in enumerate(SMALL)} | {
    word: 10 * place for place, word in enumerate(TENS, start=2)
}
MOST = 999_999


def number_words_task(
    rng: np.random.Generator, train: int = 1000, test: int = 200, largest: int = 9999
) -> Task:
    """Make whole numbers in English words, to be written in digits.

    Zeros are never said and must be written: "four thousand two" is 4002.

    Args:
        rng: source of randomness.
        train: number of training examples.
        test: number of test examples.
        largest: numbers go from 0 to this, at most 999999.

    Raises:
        TypeError: if a number is not an integer, or `rng` is no generator.
        ValueError: if it is out of range, or there are not so many different numbers.

    Example:
        >>> task = number_words_task(np.random.default_rng(0), train=2, test=1)
        >>> print(*task.inputs.decode(task.test.inputs[0]))
        five thousand one hundred eleven
        >>> print(*task.targets.decode(task.test.targets[0]), sep="")
        5111
    """
    check_size("largest", largest)
    if largest > MOST:
        raise ValueError(f"expected largest <= {MOST}, got {largest}")

    def draw(rng: np.random.Generator) -> Pair:
        number = int(rng.integers(largest + 1))
        return in_words(number), list(str(number))

    words = token_vocabulary([*SMALL, *TENS, "hundred", "thousand"])
    return build_task(draw, (words, token_vocabulary("0123456789")), _oracle, rng, (train, test))


def in_words(number: int) -> list[str]:
    """Say a whole number from 0 to 999999.

    Example:
        >>> " ".join(in_words(42_007))
        'forty two thousand seven'
    """
    if number < len(SMALL):
        return [SMALL[number]]
    for size, name in ((1000, "thousand"), (100, "hundred")):
        if number >= size:
            high, low = divmod(number, size)
            return [*in_words(high), name, *(in_words(low) if low else [])]
    tens, ones = divmod(number, 10)
    return [TENS[tens - 2], *([SMALL[ones]] if ones else [])]


def _oracle(words: Sequence[str]) -> list[str]:
    total = part = 0
    for word in words:
        if word == "thousand":
            total, part = 1000 * part, 0
        elif word == "hundred":
            part *= 100
        else:
            part += VALUES[word]
    return list(str(total + part))
