"""Reversal: the same letters in the other order."""

from collections.abc import Sequence

import numpy as np

from rnncore._checks import check_size
from rnncore.data.task import Pair, Task, build_task
from rnncore.data.vocabulary import token_vocabulary

LETTERS = "abcdefghij"


def reversal_task(
    rng: np.random.Generator, train: int = 1000, test: int = 200, lengths: tuple[int, int] = (4, 8)
) -> Task:
    """Make words of random letters, to be written from the end.

    Args:
        rng: source of randomness.
        train: number of training examples.
        test: number of test examples.
        lengths: least and largest number of letters.

    Raises:
        TypeError: if a number is not an integer, or `rng` is no generator.
        ValueError: if it is out of range, or there are not so many different words.

    Example:
        >>> task = reversal_task(np.random.default_rng(0), train=2, test=1)
        >>> print(*task.inputs.decode(task.test.inputs[0]), sep="")
        jcigad
        >>> print(*task.targets.decode(task.test.targets[0]), sep="")
        dagicj
    """
    least, most = lengths
    check_size("least length", least)
    check_size("largest length", most, least=least)

    def draw(rng: np.random.Generator) -> Pair:
        letters = rng.choice(list(LETTERS), rng.integers(least, most + 1)).tolist()
        return letters, _oracle(letters)

    letters = token_vocabulary(LETTERS)
    return build_task(draw, (letters, letters), _oracle, rng, (train, test))


def _oracle(letters: Sequence[str]) -> list[str]:
    return list(letters)[::-1]
