"""Subject-verb agreement at a distance: which verb form fits the first noun?"""

from collections.abc import Sequence

import numpy as np

from rnncore._checks import check_size
from rnncore.data.task import Pair, Task, build_task
from rnncore.data.vocabulary import label_vocabulary, token_vocabulary

SINGULAR = ("flight", "airline", "key", "pilot", "letter", "guest", "bridge", "student")
PLURAL = tuple(noun + "s" for noun in SINGULAR)
NOUNS = (SINGULAR, PLURAL)
LINKS = ("near", "behind", "of")
PARTICIPLES = ("canceling", "watching", "describing")
VERBS = ("was", "were")


def agreement_task(
    rng: np.random.Generator, train: int = 1000, test: int = 200, clauses: tuple[int, int] = (1, 3)
) -> Task:
    """Make sentences that stop before the main verb; the class is its form, "was" or "were".

    "the flights that the airline was canceling" wants "were": the noun in between is of the other
    number as often as not, so the nearest noun is right in half of the cases only.

    Args:
        rng: source of randomness.
        train: number of training examples.
        test: number of test examples.
        clauses: least and largest number of phrases between subject and verb; each holds a noun.

    Raises:
        TypeError: if a number is not an integer, or `rng` is no generator.
        ValueError: if it is out of range, or there are not so many different sentences.

    Source: the task of Linzen et al. (2016), with a made-up grammar.

    Example:
        >>> task = agreement_task(np.random.default_rng(0), train=2, test=1)
        >>> print(*task.inputs.decode(task.test.inputs[0]))
        the flights that the letters were describing that the bridges were canceling
    """
    least, most = clauses
    check_size("least clauses", least, least=0)
    check_size("largest clauses", most, least=least)

    def draw(rng: np.random.Generator) -> Pair:
        number = int(rng.integers(2))
        words = ["the", _noun(number, rng)]
        for _ in range(rng.integers(least, most + 1)):
            words += _clause(rng)
        return words, [VERBS[number]]

    words = ["the", "that", *VERBS, *SINGULAR, *PLURAL, *LINKS, *PARTICIPLES]
    return build_task(
        draw, (token_vocabulary(words), label_vocabulary(VERBS)), _oracle, rng, (train, test)
    )


def nearest_noun(words: Sequence[str]) -> list[str]:
    """Answer with the form that fits the last noun: the mistake this task is made to show."""
    nouns = [word for word in words if word in SINGULAR or word in PLURAL]
    return [VERBS[nouns[-1] in PLURAL]]


def _oracle(words: Sequence[str]) -> list[str]:
    return [VERBS[words[1] in PLURAL]]


def _clause(rng: np.random.Generator) -> list[str]:
    number = int(rng.integers(2))
    noun = ["the", _noun(number, rng)]
    if rng.integers(2):
        return [str(rng.choice(LINKS)), *noun]
    return ["that", *noun, VERBS[number], str(rng.choice(PARTICIPLES))]


def _noun(number: int, rng: np.random.Generator) -> str:
    return str(rng.choice(NOUNS[number]))
