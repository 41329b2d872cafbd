"""Copy memory: say again, after a long wait, what was seen at the start."""

import math

import numpy as np

from experiments.plan import Condition, Experiment, Numbers, Settings, course, every, sources
from rnncore.data import Examples, Task, copy_memory_task
from rnncore.data.copy_memory import LETTERS
from rnncore.models import Model, init_reader, language_model, language_model_predict
from rnncore.models.model import Metrics
from rnncore.training import Settings as Training
from rnncore.training import train

CELLS = ("rnn", "lstm", "gru")


def letters_model(length: int) -> Model:
    """Return a language model whose accuracy is that of the last `length` steps, the letters."""

    def evaluate(params: object, examples: Examples) -> Metrics:
        log_probs, _ = language_model_predict(examples.inputs, params)  # type: ignore[arg-type]
        right = log_probs.argmax(axis=-1) == examples.targets
        return {"accuracy": float(right[:, -length:].mean())}

    return language_model()._replace(evaluate=evaluate)


def letter_bounds(task: Task, length: int) -> Numbers:
    """Return the accuracy over letters alone, of the rule and of who always says the same one."""
    _, _, targets, _ = task.train
    common = np.bincount(targets[:, -length:].ravel(), minlength=len(LETTERS)).argmax()
    right = total = 0
    for inputs, wanted in zip(task.test.inputs, task.test.targets, strict=True):
        said = task.targets.encode(task.oracle(task.inputs.decode(inputs.tolist())))
        right += int((np.array(said)[-length:] == wanted[-length:]).sum())
        total += length
    majority = float((task.test.targets[:, -length:] == common).mean())
    return {"oracle": right / total, "majority": round(majority, 4)}


def run(condition: Condition, settings: Settings, seed: int) -> Numbers:
    """Train one cell at one lag; each of its numbers may be a condition or a setting."""
    settings = {**settings, **condition}
    draw, start = sources(seed)
    length = settings["length"]
    task = copy_memory_task(draw, settings["train"], settings["test"], settings["lag"], length)
    params = init_reader(
        task.inputs.size,
        task.targets.size,
        settings["hidden_size"],
        start,
        cell=settings["cell"],
        forget_bias=settings["forget_bias"],
        dtype=np.float32,
    )
    seq = int(task.train.inputs.shape[1])
    pieces = 1 if settings["window"] is None else math.ceil(seq / settings["window"])
    how = Training(
        # With more windows there are more updates, from the same sequences.
        steps=settings["batches"] * pieces,
        batch_size=settings["batch_size"],
        learning_rate=settings["learning_rate"],
        window=settings["window"],
        evaluate_every=100 * pieces,
        seed=seed,
        stop_at=settings["stop_at"],
    )
    done = train(params, letters_model(length), task.train, task.test, how, progress=False)
    return {**course(done), **letter_bounds(task, length)}


EXPERIMENT = Experiment(
    name="copy_memory",
    conditions=every(lag=(20, 50, 100), cell=CELLS),
    settings={
        "length": 4,
        "hidden_size": 64,
        "forget_bias": 1.0,
        "window": None,
        "train": 3500,
        "test": 200,
        "batch_size": 32,
        "learning_rate": 0.01,
        "batches": 1000,
        "stop_at": 0.999,
    },
    run=run,
    columns="cell",
    quick={"train": 40, "test": 20, "batches": 3},
    quick_conditions=every(lag=(20,), cell=CELLS),
)
