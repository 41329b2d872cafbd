"""Text for a character language model, from a small grammar."""

from collections import Counter
from collections.abc import Sequence
from functools import cache
from itertools import product

import numpy as np

from rnncore.data.task import Pair, Task, build_task
from rnncore.data.vocabulary import label_vocabulary

START = "^"
END = "."
SLOTS = (
    ("the", "one", "this"),
    ("small", "old", "quiet", "green"),
    ("cat", "bird", "clock", "river"),
    ("sees", "hears", "passes", "follows"),
    ("every", "no"),
    ("house", "garden", "stone", "cloud"),
)


def text_task(rng: np.random.Generator, train: int = 1000, test: int = 200) -> Task:
    """Make sentences letter by letter; the target of each step is the next letter.

    There are 1536 sentences, all equally likely. Most letters follow from those before, a few are
    free: the oracle guesses the commonest continuation, and is wrong where the grammar chooses.

    Args:
        rng: source of randomness.
        train: number of training sentences.
        test: number of test sentences, none of which is in training.

    Raises:
        TypeError: if a number is not an integer, or `rng` is no generator.
        ValueError: if it is less than 1, or together they are more than there are.

    Example:
        >>> task = text_task(np.random.default_rng(0), train=2, test=1)
        >>> print(*task.inputs.decode(task.test.inputs[0]), sep="")
        ^one quiet river passes no stone
        >>> print(*task.targets.decode(task.test.targets[0]), sep="")
        one quiet river passes no stone.
    """

    def draw(rng: np.random.Generator) -> Pair:
        sentence = " ".join(str(rng.choice(slot)) for slot in SLOTS) + END
        return [START, *sentence[:-1]], list(sentence)

    letters = sorted(set("".join(sentences())))
    vocabularies = label_vocabulary([START, *letters]), label_vocabulary(letters)
    return build_task(draw, vocabularies, _oracle, rng, (train, test))


def sentences() -> list[str]:
    """List all sentences of the grammar."""
    return [" ".join(words) + END for words in product(*SLOTS)]


def best_nats() -> float:
    """Return the least possible loss in nats per letter: the choices of a sentence, by its length.

    Example:
        >>> round(best_nats(), 4)
        0.2269
    """
    everything = sentences()
    return float(np.log(len(everything)) * len(everything) / len("".join(everything)))


@cache
def _continuations() -> dict[str, str]:
    """Map each beginning of a sentence to its commonest next letter."""
    counts: dict[str, Counter[str]] = {}
    for sentence in sentences():
        for place, letter in enumerate(sentence):
            counts.setdefault(sentence[:place], Counter())[letter] += 1
    return {start: counter.most_common(1)[0][0] for start, counter in counts.items()}


def _oracle(letters: Sequence[str]) -> list[str]:
    seen = "".join(letters[1:])
    return [_continuations()[seen[:place]] for place in range(len(letters))]
