"""Train a small LSTM to name the verb form that fits a subject, and record its gates.

``python -m experiments.trained_agreement`` writes ``experiments/results/trained_agreement.json``
and what the widget sentence-scrubber shows of it, ``rnnwidgets/recorded/sentence_scrubber.json``.

The sentences are those of ``rnncore.data.agreement_task``, finished with the verb and one more
word; "that" is left out of half of them, as English allows. From the subject on the question
"was or were?" is asked after every word. Accuracy is that of the one answer that counts: before
the main verb, in sentences not seen in training.
"""

from __future__ import annotations

from typing import Any, Final, NamedTuple

import numpy as np

from experiments.cell_readout import Batch, Batches, Model, init_model, read_out, train
from experiments.recording import save
from rnncore._typing import Array
from rnncore.data import agreement_task
from rnncore.data.agreement import LINKS, PARTICIPLES, PLURAL, SINGULAR, VERBS
from rnncore.data.task import Examples, Task
from rnncore.losses import cross_entropy, cross_entropy_backward

__all__ = ["compact", "main", "run"]

NAME: Final = "trained_agreement"
WIDGET: Final = "sentence_scrubber"
SENTENCE: Final = ("the", "flights", "the", "airline", "was", "canceling", "were", "full")
LAST: Final = "full"
WORDS: Final = ("the", "that", *VERBS, *SINGULAR, *PLURAL, *LINKS, *PARTICIPLES, LAST)
SEEDS: Final = (0, 1, 2, 3, 4)
TASK_SEED: Final = 0
TEST_SEED: Final = 7
SIZES: Final = (2000, 500)
HIDDEN_SIZE: Final = 4
BATCH: Final = 32
UPDATES: Final = 1000
LEARNING_RATE: Final = 0.01
SUBJECT: Final = 1
BETWEEN: Final = 3


class Sentences(NamedTuple):
    """One-hot words, lengths, the right form as a number, and the step at which it is asked."""

    x: Array
    lengths: Array
    form: Array
    asked: Array


def one_hot(words: tuple[str, ...], steps: int) -> Array:
    """Return one row for each step, 1 at the word's place, zeros after the last word."""
    x = np.zeros((steps, len(WORDS)))
    x[np.arange(len(words)), [WORDS.index(word) for word in words]] = 1.0
    return x


def _sentences(task: Task, part: Examples, rng: np.random.Generator) -> Sentences:
    texts, forms = [], []
    for row, length, target in zip(part.inputs, part.input_lengths, part.targets, strict=True):
        words = task.inputs.decode(row[:length])
        if rng.integers(2):
            words = [word for word in words if word != "that"]
        forms.append(VERBS.index(task.targets.decode(target)[0]))
        texts.append((*words, VERBS[forms[-1]], LAST))
    lengths = np.array([len(words) for words in texts])
    x = np.stack([one_hot(words, int(lengths.max())) for words in texts])
    return Sentences(x, lengths, np.array(forms), lengths - 3)


def _batches(data: Sentences, rng: np.random.Generator) -> Batches:
    for _ in range(UPDATES):
        chosen = rng.integers(len(data.x), size=BATCH)
        x, lengths, form, _ = (array[chosen] for array in data)
        step = np.arange(x.shape[1])
        mask = (step >= SUBJECT) & (step < lengths[:, None])
        targets = np.repeat(form[:, None], x.shape[1], axis=1)

        def doutput(y: Array, targets: Array = targets, mask: Array = mask) -> Array:
            _, cache = cross_entropy(y, targets, mask)
            return cross_entropy_backward(1.0, cache)

        yield Batch(x, lengths, doutput)


def _signs(model: Model) -> Array:
    """For each unit, whether its h speaks for the plural (1) or for the singular (-1)."""
    singular, plural = model.readout.weight
    signs: Array = np.where(plural >= singular, 1.0, -1.0)
    return signs


def _tested(model: Model, data: Sentences) -> tuple[float, Array]:
    """Share of right answers, of the model and of the sign of each unit's cell."""
    y, _, cache = read_out(data.x, model, data.lengths)
    rows = np.arange(len(data.x))
    right = y[rows, data.asked].argmax(axis=-1) == data.form
    cells = cache.c[1:].swapaxes(0, 1)[rows, data.asked] * _signs(model)
    return float(right.mean()), ((cells > 0) == data.form[:, None]).mean(axis=0)


def _recorded(model: Model, unit: int) -> dict[str, list[float]]:
    """Gates, candidate and cell of one unit while it reads SENTENCE; positive is plural."""
    y, _, cache = read_out(one_hot(SENTENCE, len(SENTENCE))[None], model)
    i, f, o, g = cache.gates[:, :, 0, unit].T
    sign = _signs(model)[unit]
    series = {"i": i, "f": f, "g": sign * g, "o": o, "c": sign * cache.c[1:, 0, unit]}
    series["plural_minus_singular"] = y[0, :, 1] - y[0, :, 0]
    return {name: np.round(values, 6).tolist() for name, values in series.items()}


def run() -> dict[str, Any]:
    """Train from every seed; of each network record the unit whose sign answers best."""
    task = agreement_task(np.random.default_rng(TASK_SEED), *SIZES)
    test = _sentences(task, task.test, np.random.default_rng(TEST_SEED))
    runs = []
    for seed in SEEDS:
        rng = np.random.default_rng(seed)
        data = _sentences(task, task.train, rng)
        model = init_model("lstm", len(WORDS), HIDDEN_SIZE, len(VERBS), rng)
        model = train(model, _batches(data, rng), LEARNING_RATE)
        accuracy, by_unit = _tested(model, test)
        unit = int(by_unit.argmax())
        said = {"accuracy": accuracy, "unit": unit, "accuracy_of_sign": float(by_unit[unit])}
        runs.append({"seed": seed} | said | _recorded(model, unit))
    return {
        "seeds": list(SEEDS),
        "settings": {
            "hidden_size": HIDDEN_SIZE, "updates": UPDATES, "batch": BATCH,
            "learning_rate": LEARNING_RATE, "training_sentences": SIZES[0],
            "test_sentences": SIZES[1], "task_seed": TASK_SEED, "test_seed": TEST_SEED,
        },
        "sentence": list(SENTENCE),
        "runs": runs,
    }  # fmt: skip


def compact(results: dict[str, Any]) -> dict[str, Any]:
    """Return what the widget shows: the run of the first seed, and figures over all runs."""
    runs = results["runs"]
    first = runs[0]

    def ends(values: list[float]) -> list[float]:
        return [round(min(values), 4), round(max(values), 4)]

    return {
        "runs": len(runs),
        "hidden_size": results["settings"]["hidden_size"],
        "i_between": ends([one["i"][BETWEEN] for one in runs]),
        "i": [round(value, 4) for value in first["i"]],
        "f": [round(value, 4) for value in first["f"]],
        "g": [round(value, 4) for value in first["g"]],
    }


def main() -> None:
    """Train, and write both files."""
    save(NAME, run(), WIDGET, compact)


if __name__ == "__main__":
    main()
