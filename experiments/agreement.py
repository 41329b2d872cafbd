"""Agreement at distance: which verb form fits a noun so many phrases back?"""

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
        stop_at=settings["stop_at"],
        seed=seed,
    )
    done = train(params, classifier(), task.train, task.test, how, progress=False)
    return done, bounds(task)


def accuracy_at(distance: int, done: Trained, settings: Settings, seed: int) -> float:
    """Test on new sentences with exactly so many phrases in between."""
    draw = np.random.default_rng([seed, 12, distance])
    clauses = distance, distance
    examples: Examples = agreement_task(draw, settings["test"], settings["test"], clauses).test
    return round(classifier().evaluate(done.params, examples)["accuracy"], 4)


def run(condition: Condition, settings: Settings, seed: int) -> Numbers:
    """Train one cell on all distances up to `longest`, and test it at that, and at twice that."""
    settings = {**settings, **condition}
    done, limits = learned(settings, seed)
    longest = settings["longest"]
    tested = {
        "accuracy": accuracy_at(longest, done, settings, seed),
        "accuracy_twice_as_far": accuracy_at(2 * longest, done, settings, seed),
    }
    return {**course(done), **tested, **limits}


SETTINGS: Settings = {
    "hidden_size": 16,
    "embedding_dim": 16,
    "forget_bias": 1.0,
    "train": 2000,
    "test": 300,
    "batch_size": 32,
    "steps": 800,
    "evaluate_every": 100,
    "stop_at": 0.999,
}
EXPERIMENT = Experiment(
    name="agreement",
    conditions=[
        *every(learning_rate=(0.01,), longest=(2, 4, 8, 12), cell=CELLS),
        *every(learning_rate=(0.003,), longest=(8,), cell=CELLS),
    ],
    settings=SETTINGS,
    run=run,
    columns="cell",
    quick={"train": 40, "test": 20, "steps": 4},
    quick_conditions=every(learning_rate=(0.01,), longest=(2,), cell=CELLS),
)
