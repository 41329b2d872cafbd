"""Tags of words, some of which only the next word decides."""

from collections.abc import Sequence

import numpy as np

from rnncore.data.task import Pair, Task, build_task
from rnncore.data.vocabulary import label_vocabulary, token_vocabulary

TAGS = ("PRON", "VERB", "DET", "NOUN", "ADV", "CONJ")
WORDS = {
    "PRON": ("he", "she", "they", "we"),
    "VERB": ("saw", "knew", "heard", "believed"),
    "NOUN": ("duck", "plan", "song", "story"),
    "ADV": ("today", "again", "there", "clearly"),
}
TAG_OF = {word: tag for tag, words in WORDS.items() for word in words}
DEPTH = 2


def tagging_task(rng: np.random.Generator, train: int = 1000, test: int = 200) -> Task:
    """Make sentences with a tag per word; "her" and "that" need the word to their right.

    "she knew her today" has a pronoun where "she knew her plan" has a determiner; "that" is a
    determiner before a noun and a conjunction before a clause. Whoever reads from left to right
    only cannot know.

    Args:
        rng: source of randomness.
        train: number of training examples.
        test: number of test examples.

    Raises:
        TypeError: if a number is not an integer, or `rng` is no generator.
        ValueError: if it is less than 1, or there are not so many different sentences.

    Example:
        >>> task = tagging_task(np.random.default_rng(0), train=2, test=1)
        >>> print(*task.inputs.decode(task.test.inputs[0]))
        we heard that they heard that they heard her there
        >>> print(*task.targets.decode(task.test.targets[0]))
        PRON VERB CONJ PRON VERB CONJ PRON VERB PRON ADV
    """

    def draw(rng: np.random.Generator) -> Pair:
        pairs = _clause(rng, DEPTH)
        return [word for word, _ in pairs], [tag for _, tag in pairs]

    words = ["her", "that", *TAG_OF]
    return build_task(
        draw, (token_vocabulary(words), label_vocabulary(TAGS)), _oracle, rng, (train, test)
    )


def left_context(words: Sequence[str]) -> list[str]:
    """Tag each word without looking to its right: "her" and "that" as determiners, always."""
    return [TAG_OF.get(word, "DET") for word in words]


def _clause(rng: np.random.Generator, depth: int) -> list[tuple[str, str]]:
    start = [_word("PRON", rng), _word("VERB", rng)]
    choice = int(rng.integers(4 if depth else 3))
    if choice == 0:
        return [*start, ("her", "DET"), _word("NOUN", rng)]
    if choice == 1:
        return [*start, ("her", "PRON"), _word("ADV", rng)]
    if choice == 2:
        return [*start, ("that", "DET"), _word("NOUN", rng), _word("ADV", rng)]
    return [*start, ("that", "CONJ"), *_clause(rng, depth - 1)]


def _word(tag: str, rng: np.random.Generator) -> tuple[str, str]:
    return str(rng.choice(WORDS[tag])), tag


def _oracle(words: Sequence[str]) -> list[str]:
    tags = left_context(words)
    for place, following in enumerate(words[1:]):
        if words[place] == "her" and TAG_OF[following] != "NOUN":
            tags[place] = "PRON"
        if words[place] == "that" and TAG_OF[following] != "NOUN":
            tags[place] = "CONJ"
    return tags
