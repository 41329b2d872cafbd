"""Agreement at distance: which verb form fits a noun so many phrases back?"""

from functools import lru_cache
from typing import Any

import numpy as np

from experiments.plan import (
    Condition,
    Experiment,
    Numbers,
    Settings,
    bounds,
    course,
    every,
    sources,
)
from rnncore.data import Examples, agreement_task
from rnncore.models import classifier, init_reader
from rnncore.training import Settings as Training
from rnncore.training import Trained, train

CELLS = ("rnn", "lstm", "gru")
RATES = (0.003, 0.01)


def learned(settings: Settings, seed: int) -> tuple[Trained, Numbers]:
    """Train one cell on sentences of 1 to `longest` phrases; return it, and bounds on its test."""
    draw, start = sources(seed)
    clauses = 1, settings["longest"]
    task = agreement_task(draw, settings["train"], settings["test"], clauses)
    params = init_reader(
        task.inputs.size,
        task.targets.size,
        settings["hidden_size"],
        start,
        cell=settings["cell"],
        embedding_dim=settings["embedding_dim"],
        forget_bias=settings["forget_bias"],
        dtype=np.float32,
    )
    how = Training(
        steps=settings["steps"],
        batch_size=settings["batch_size"],
        learning_rate=settings["learning_rate"],
        evaluate_every=settings["evaluate_every"],
        seed=seed,
    )
    done = train(params, classifier(), task.train, task.test, how, progress=False)
    return done, bounds(task)


# One network is tested at every distance: the rows of one column follow each other.
@lru_cache(maxsize=len(CELLS) * len(RATES))
def _once(settings: tuple[tuple[str, Any], ...], seed: int) -> Trained:
    return learned(dict(settings), seed)[0]


def run(condition: Condition, settings: Settings, seed: int) -> Numbers:
    """Train one cell on all distances up to `longest`, and test it at one."""
    told = {**settings, **condition}
    distance = int(told.pop("distance"))
    done = _once(tuple(told.items()), seed)
    draw = np.random.default_rng([seed, 12, distance])
    task = agreement_task(draw, settings["test"], settings["test"], (distance, distance))
    examples: Examples = task.test
    accuracy = classifier().evaluate(done.params, examples)["accuracy"]
    in_training = course(done)["accuracy"]
    told_of = {**course(done), "accuracy": round(accuracy, 4), "accuracy_all": in_training}
    return {**told_of, **bounds(task)}


SETTINGS: Settings = {
    "longest": 8,
    "hidden_size": 16,
    "embedding_dim": 16,
    "forget_bias": 1.0,
    "train": 2000,
    "test": 300,
    "batch_size": 32,
    "steps": 800,
    "evaluate_every": 100,
}
EXPERIMENT = Experiment(
    name="agreement",
    conditions=every(learning_rate=RATES, distance=(1, 2, 4, 8, 12, 16), cell=CELLS),
    settings=SETTINGS,
    run=run,
    columns="cell",
    quick={"train": 40, "test": 20, "steps": 4},
    quick_conditions=every(learning_rate=RATES[:1], distance=(1, 3), cell=CELLS),
)
