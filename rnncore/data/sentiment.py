"""Sentiment with negation: the same words, another meaning."""

from collections.abc import Sequence

import numpy as np

from rnncore.data.task import Pair, Task, build_task
from rnncore.data.vocabulary import label_vocabulary, token_vocabulary

CLASSES = ("negative", "positive")
ADJECTIVES = (("bad", "dull", "weak", "awful"), ("good", "funny", "strong", "lovely"))
NEGATIONS = ("not", "never")
# Those that leave the meaning as it is, and those that turn it.
FRAMES = (
    ("", "i think that", "it is true that"),
    ("i do not think that", "it is not true that", "nobody says that"),
)
SUBJECTS = ("film", "play", "book", "song", "plot", "cast", "ending", "music")
INTENSIFIERS = ("", "very", "really", "so")
TURNING = {*NEGATIONS, "nobody"}


def sentiment_task(rng: np.random.Generator, train: int = 1000, test: int = 200) -> Task:
    """Make sentences of opinion; each negation turns the class to the other.

    "i do not think that the film was never dull" is negative: two negations, and a bad word. A bag
    of words can count, but no weight per word gets a product of signs right.

    Args:
        rng: source of randomness.
        train: number of training examples.
        test: number of test examples.

    Raises:
        TypeError: if a number is not an integer, or `rng` is no generator.
        ValueError: if it is less than 1, or there are not so many different sentences.

    Example:
        >>> task = sentiment_task(np.random.default_rng(0), train=2, test=1)
        >>> print(*task.inputs.decode(task.test.inputs[0]))
        nobody says that the book was never really good
    """

    def draw(rng: np.random.Generator) -> Pair:
        positive, frame_turns, verb_turns = (int(bit) for bit in rng.integers(2, size=3))
        words = [*str(rng.choice(FRAMES[frame_turns])).split(), "the", str(rng.choice(SUBJECTS))]
        words += ["was", *([str(rng.choice(NEGATIONS))] if verb_turns else [])]
        words += [*str(rng.choice(INTENSIFIERS)).split(), str(rng.choice(ADJECTIVES[positive]))]
        return words, [CLASSES[positive ^ frame_turns ^ verb_turns]]

    phrases = (
        *FRAMES[0],
        *FRAMES[1],
        "the was",
        *SUBJECTS,
        *NEGATIONS,
        *INTENSIFIERS,
        *ADJECTIVES[0],
    )
    words = dict.fromkeys(" ".join((*phrases, *ADJECTIVES[1])).split())
    return build_task(
        draw,
        (token_vocabulary(list(words)), label_vocabulary(CLASSES)),
        _oracle,
        rng,
        (train, test),
    )


def word_sign(words: Sequence[str]) -> list[str]:
    """Answer with the sign of the adjective alone: the mistake this task is made to show."""
    return [CLASSES[words[-1] in ADJECTIVES[1]]]


def _oracle(words: Sequence[str]) -> list[str]:
    turns = sum(word in TURNING for word in words)
    return [CLASSES[(words[-1] in ADJECTIVES[1]) ^ turns % 2]]
