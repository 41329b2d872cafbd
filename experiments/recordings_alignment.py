"""Train small encoder-decoders with attention, and record where they look while they write.

``python -m experiments.recordings_alignment`` writes
``experiments/results/recordings_alignment.json`` and what the widget alignment-map shows of it,
``rnnwidgets/recorded/alignment_map.json``.

They write dates in one form, number words in digits, and words backwards, without being told.
Training ends on weights rounded to 63 values; they are kept with the results, and the tests run
them again. The examples were chosen by hand: some as in training, some that no training example
resembles.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final, NamedTuple

import numpy as np

from experiments.recording import save
from experiments.recordings import Phase, Recipe, packed, trained
from rnncore.data import Task, date_task, number_words_task, reversal_task
from rnncore.data.vocabulary import SPECIALS
from rnncore.models import translator
from rnnwidgets.oracles._recordings import ATTENTION, looked, seq2seq_params

__all__ = ["EXAMPLES", "compact", "main", "run"]

NAME: Final = "recordings_alignment"
WIDGET: Final = "alignment_map"
SEED: Final = 1
TEST_SIZE: Final = 1000
PHASES: Final = (Phase(1500, 5e-3), Phase(500, 1e-3), Phase(500, 5e-4, rounds=True))


class Recorded(NamedTuple):
    """A task, made from a source of randomness and a number of training examples, and a model."""

    task: Callable[[np.random.Generator, int], Task]
    train: int
    hidden_size: int
    embedding_dim: int


MODELS: Final = {
    "dates": Recorded(lambda rng, train: date_task(rng, train, TEST_SIZE), 10_000, 24, 12),
    "numbers": Recorded(lambda rng, train: number_words_task(rng, train, TEST_SIZE), 8000, 16, 8),
    "reversal": Recorded(lambda rng, train: reversal_task(rng, train, TEST_SIZE), 20_000, 12, 6),
}
#: Task and input of each example, by the name it has in addresses.
EXAMPLES: Final = {
    "july": ("dates", "8 july 1990"),
    "november": ("dates", "11 november 2002"),
    "september": ("dates", "september 30, 2041"),
    "dots": ("dates", "4.7.2010"),
    "year1789": ("dates", "19 may 1789"),
    "no_day": ("dates", "may 2049"),
    "gap": ("numbers", "seven thousand nine hundred nine"),
    "full": ("numbers", "five thousand eight hundred fifty six"),
    "hundreds": ("numbers", "nineteen hundred"),
    "cabbage": ("reversal", "cabbage"),
    "same": ("reversal", "aaaaaa"),
    "long": ("reversal", "abcdefghijab"),
}


def _recorded(one: Recorded) -> dict[str, Any]:
    task = one.task(np.random.default_rng(SEED), one.train)
    recipe = Recipe(one.hidden_size, one.embedding_dim, ATTENTION, PHASES)
    weights = packed(trained(task, recipe, SEED))
    scores = translator(ATTENTION).evaluate(seq2seq_params(weights), task.test)
    return {
        "settings": recipe.told() | {"training_examples": one.train, "test_examples": TEST_SIZE},
        **{name: round(score, 4) for name, score in scores.items()},
        "source": list(task.inputs.tokens[len(SPECIALS) :]),
        "target": list(task.targets.tokens[len(SPECIALS) :]),
        "weights": weights,
    }


def run() -> dict[str, Any]:
    """Train the models of all three tasks and let them write the examples."""
    models = {name: _recorded(one) for name, one in MODELS.items()}
    examples = {
        name: {"task": task, "source": source, **looked(models[task], source)}
        for name, (task, source) in EXAMPLES.items()
    }
    return {"seeds": [SEED], "examples": examples, "models": models}


def compact(results: dict[str, Any]) -> dict[str, Any]:
    """Return what the widget shows: examples with whole per cent, and how good the models are."""
    models = {
        name: [one["settings"]["hidden_size"], one["sequence_accuracy"]]
        for name, one in results["models"].items()
    }
    return {"models": models, "test_examples": TEST_SIZE, "examples": results["examples"]}


def main() -> None:
    """Train, and write both files."""
    save(NAME, run(), WIDGET, compact)


if __name__ == "__main__":
    main()
