"""Small runs that several test files train: one for each way in which a run keeps state."""

from typing import Any, NamedTuple

import numpy as np

from rnncore import named_arrays
from rnncore.data import Examples, reversal_task, sentiment_task, text_task
from rnncore.models import Model, classifier, init_reader, language_model, translator
from rnncore.seq2seq import Design, init_seq2seq
from rnncore.training import Settings

SETTINGS = Settings(steps=14, batch_size=6, learning_rate=0.02, evaluate_every=4, seed=3)


def _rng(seed: int) -> np.random.Generator:
    return np.random.default_rng(seed)


class Run(NamedTuple):
    """Arguments of `train`."""

    params: Any
    model: Model
    examples: Examples
    valid: Examples
    settings: Settings = SETTINGS


def dropped() -> Run:
    """A classifier with dropout: each update needs random numbers."""
    task = sentiment_task(_rng(1), 20, 5)
    params = init_reader(task.inputs.size, 2, 4, _rng(2), cell="gru", embedding_dim=3)
    return Run(params, classifier("mean", dropout_p=0.3), task.train, task.test)


def carried() -> Run:
    """A language model in windows: the state goes from one update to the next."""
    task = text_task(_rng(1), 20, 5)
    sizes = task.inputs.size, task.targets.size
    params = init_reader(*sizes, 4, _rng(2), num_layers=2, dtype="float32")
    settings = SETTINGS._replace(window=7, metric="loss_nats", optimizer="sgd")
    return Run(params, language_model(), task.train, task.test, settings)


def forced() -> Run:
    """An encoder-decoder with attention that is told the truth in half of the steps."""
    task, design = reversal_task(_rng(1), 20, 5), Design("previous_query", "additive")
    params = init_seq2seq(task.inputs.size, task.targets.size, 2, 4, _rng(2), design)
    return Run(params, translator(design, forcing=0.5), task.train, task.test)


RUNS = (dropped, carried, forced)


def bits(tree: Any) -> list[tuple[str, str, tuple[int, ...], bytes]]:
    """Everything about the numbers: path, dtype, shape, bytes."""
    return [
        (name, array.dtype.str, array.shape, array.tobytes()) for name, array in named_arrays(tree)
    ]
