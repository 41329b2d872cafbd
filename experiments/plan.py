"""What an experiment is: conditions, settings, seeds, and a function that trains once."""

from collections.abc import Callable, Sequence
from typing import Any, NamedTuple, TypeAlias

import numpy as np

from rnncore._typing import Array
from rnncore.data import Task, majority_accuracy, oracle_accuracy
from rnncore.training import Trained

# What differs between the rows of a table, such as {"cell": "gru", "lag": 50}.
Condition: TypeAlias = dict[str, str | int | float]
Settings: TypeAlias = dict[str, Any]
Numbers: TypeAlias = dict[str, float | list[float]]

SEEDS = 5
CURVE_POINTS = 20
DIGITS = 4


class Experiment(NamedTuple):
    """One question, put to several conditions and seeds.

    Attributes:
        name: of the command and of the file.
        conditions: in the order of the table.
        settings: what is the same in all of them.
        run: trains once: takes condition, settings and seed, returns numbers; "accuracy" is the one
            that is compared, "oracle" and "majority" are its ceiling and its floor.
        columns: the axis of the conditions that lies across in the table.
        quick: settings of a run of a few seconds, which shows that everything works and no more.
        quick_conditions: conditions of that run.
    """

    name: str
    conditions: Sequence[Condition]
    settings: Settings
    run: Callable[[Condition, Settings, int], Numbers]
    columns: str
    quick: Settings
    quick_conditions: Sequence[Condition]

    def in_short(self) -> "Experiment":
        """Return the quick form of this experiment."""
        return self._replace(
            conditions=self.quick_conditions, settings={**self.settings, **self.quick}
        )


def every(**axes: Sequence[str | int | float]) -> list[Condition]:
    """List all combinations; the last axis changes fastest.

    Example:
        >>> every(cell=["rnn", "gru"], lag=[20])
        [{'cell': 'rnn', 'lag': 20}, {'cell': 'gru', 'lag': 20}]
    """
    found: list[Condition] = [{}]
    for name, values in axes.items():
        found = [{**before, name: value} for before in found for value in values]
    return found


def sources(seed: int) -> tuple[np.random.Generator, np.random.Generator]:
    """Return the randomness of the examples and of the start values of one seed."""
    return np.random.default_rng([seed, 10]), np.random.default_rng([seed, 11])


def bounds(task: Task) -> Numbers:
    """Return what a rule that knows everything reaches, and who always says the same."""
    return {
        "oracle": oracle_accuracy(task, task.test),
        "majority": majority_accuracy(task, task.test),
    }


def course(done: Trained) -> Numbers:
    """Return how training went: its updates, its loss curve, and the last accuracy measured."""
    return {
        "accuracy": round(done.evaluations[-1].metrics["accuracy"], DIGITS),
        "updates": len(done.losses_nats),
        "loss_curve_nats": curve(done.losses_nats),
    }


def curve(losses_nats: Array) -> list[float]:
    """Return means of the losses over parts of the run of about equal length."""
    parts = np.array_split(losses_nats, min(CURVE_POINTS, len(losses_nats)))
    return [round(float(part.mean()), DIGITS) for part in parts]
