"""Reversal with and without attention: what is lost when all has to pass through one state."""

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
from rnncore.data import reversal_task
from rnncore.models import translator, translator_predict
from rnncore.seq2seq import Design, init_seq2seq
from rnncore.training import Settings as Training
from rnncore.training import train

DESIGNS = {"none": Design("initial"), "attention": Design("current_query", "dot")}


def run(condition: Condition, settings: Settings, seed: int) -> Numbers:
    """Train one design, with one state size, on words of one length."""
    draw, start = sources(seed)
    length, design = int(condition["length"]), DESIGNS[str(condition["design"])]
    task = reversal_task(draw, settings["train"], settings["test"], (length, length))
    params = init_seq2seq(
        task.inputs.size,
        task.targets.size,
        settings["embedding_dim"],
        int(condition["hidden_size"]),
        start,
        design,
        dtype=np.float32,
    )
    how = Training(
        steps=settings["steps"],
        batch_size=settings["batch_size"],
        learning_rate=settings["learning_rate"],
        seed=seed,
        stop_at=settings["stop_at"],
    )
    done = train(params, translator(design), task.train, task.test, how, progress=False)
    written = translator_predict(task.test.inputs, done.params, design, length)
    # The last letter of the source is written first.
    right = (written == task.test.targets[:, :length])[:, ::-1]
    return {
        **course(done),
        "letter_accuracy": round(float(right.mean()), 4),
        "word_accuracy": round(float(right.all(axis=1).mean()), 4),
        "accuracy_by_source_position": np.round(right.mean(axis=0), 4).tolist(),
        **bounds(task),
    }


EXPERIMENT = Experiment(
    name="reversal",
    conditions=every(length=(4, 8, 12, 20), hidden_size=(64,), design=tuple(DESIGNS)),
    settings={
        "embedding_dim": 16,
        "train": 2000,
        "test": 200,
        "batch_size": 32,
        "learning_rate": 0.01,
        "steps": 500,
        "stop_at": 0.999,
    },
    run=run,
    columns="design",
    quick={"train": 40, "test": 20, "steps": 3},
    quick_conditions=every(length=(4,), hidden_size=(8,), design=tuple(DESIGNS)),
)
