"""Copy memory: say again, after a long wait, what was seen at the start."""

from collections.abc import Sequence

import numpy as np

from rnncore._checks import check_size
from rnncore.data.task import Pair, Task, build_task
from rnncore.data.vocabulary import label_vocabulary

LETTERS = "abcdefgh"
BLANK, GO = "_", "!"


def copy_memory_task(
    rng: np.random.Generator, train: int = 1000, test: int = 200, lag: int = 20, length: int = 10
) -> Task:
    """Make `length` letters, `lag` blanks, a sign to begin, and time to write the letters.

    The targets are blank up to the sign and the letters after it. Nothing is padded: all examples
    have `lag` + 2 `length` + 1 steps. Who has forgotten everything is right at the blanks and in
    one of eight letters; its loss is length * ln 8 / (lag + 2 length + 1) nats per step.

    Args:
        rng: source of randomness.
        train: number of training examples.
        test: number of test examples.
        lag: steps between the last letter and the sign.
        length: letters to remember.

    Raises:
        TypeError: if a number is not an integer, or `rng` is no generator.
        ValueError: if it is out of range, or there are not so many different examples.

    Source: Hochreiter & Schmidhuber (1997); in this form Arjovsky et al. (2016), section 4.1.

    Example:
        >>> task = copy_memory_task(np.random.default_rng(0), train=2, test=1, lag=4, length=3)
        >>> print(*task.inputs.decode(task.test.inputs[0]), sep="")
        aab____!___
        >>> print(*task.targets.decode(task.test.targets[0]), sep="")
        ________aab
    """
    check_size("lag", lag, least=0)
    check_size("length", length)

    def draw(rng: np.random.Generator) -> Pair:
        letters = [str(letter) for letter in rng.choice(list(LETTERS), length)]
        inputs = [*letters, *(BLANK * lag), GO, *(BLANK * length)]
        return inputs, [*(BLANK * (length + lag + 1)), *letters]

    vocabularies = label_vocabulary([BLANK, GO, *LETTERS]), label_vocabulary([BLANK, *LETTERS])
    return build_task(draw, vocabularies, _oracle, rng, (train, test))


def _oracle(symbols: Sequence[str]) -> list[str]:
    letters = [symbol for symbol in symbols if symbol in LETTERS]
    return [BLANK] * (len(symbols) - len(letters)) + letters
