"""What a training run is told, and how its examples come to it, batch by batch."""

from typing import Literal, NamedTuple, TypeAlias, get_args

import numpy as np

from rnncore._checks import Unchecked, check_positive, check_size
from rnncore._typing import Array, Integer
from rnncore.data import Examples
from rnncore.tbptt import windows

Optimizer: TypeAlias = Literal["adam", "sgd"]


class Settings(NamedTuple):
    """How to train.

    Attributes:
        steps: updates in all.
        batch_size: sequences per update.
        learning_rate: step size.
        optimizer: "adam" or "sgd".
        max_norm: longest gradient allowed, as in `clip_by_global_norm`; None: any.
        seed: of the order of examples, of dropout and of teacher forcing.
        window: steps of time per update, for models that carry their state; None: all of them.
        evaluate_every: updates between two evaluations.
        metric: which number of the evaluation is watched; "loss_nats" and "perplexity" are better
            when they are smaller, all others when they are larger.
        patience: evaluations without a better number after which training stops; None: no limit.
        stop_at: value of the number at which training stops; None: never.
    """

    steps: int = 1000
    batch_size: int = 32
    learning_rate: float = 1e-3
    optimizer: Optimizer = "adam"
    max_norm: float | None = 1.0
    seed: int = 0
    window: int | None = None
    evaluate_every: int = 100
    metric: str = "accuracy"
    patience: int | None = None
    stop_at: float | None = None


class Cursor(NamedTuple):
    """Where training stands in the examples: which pass, which batch of it, which window."""

    epoch: int = 0
    batch: int = 0
    window: int = 0


def check_settings(settings: Unchecked, examples: Unchecked, *, carries: bool) -> None:
    """Check settings against the model and the examples.

    Raises:
        TypeError: if a number is none, or not an integer where one is wanted, or there are no
            `Settings` or no `Examples`.
        ValueError: if one is out of range, or a window is given to a model without a state.
    """
    if not isinstance(settings, Settings):
        raise TypeError(f"expected Settings, got {type(settings).__name__}")
    check_examples("examples", examples)
    for name, least in (("steps", 0), ("batch_size", 1), ("seed", 0), ("evaluate_every", 1)):
        check_size(name, getattr(settings, name), least=least)
    for name in ("window", "patience"):
        if getattr(settings, name) is not None:
            check_size(name, getattr(settings, name))
    if settings.optimizer not in get_args(Optimizer):
        raise ValueError(f"expected optimizer 'adam' or 'sgd', got {settings.optimizer!r}")
    for name in ("learning_rate", "max_norm"):
        value = getattr(settings, name)
        if value is not None:
            check_positive(name, value)
    if settings.window is not None and not carries:
        raise ValueError(
            f"expected window=None for a model that carries no state, got {settings.window}"
        )


def check_examples(name: str, examples: Unchecked) -> None:
    """Check that there are examples.

    Raises:
        TypeError: if they are no `Examples`.
        ValueError: if there are none.
    """
    if not isinstance(examples, Examples):
        raise TypeError(f"expected {name} to be Examples, got {type(examples).__name__}")
    if not len(examples.inputs):
        raise ValueError(f"expected at least one sequence in {name}, got none")


def random_order(seed: int, epoch: int, count: int) -> Integer[Array, " count"]:
    """Return the order of the examples in one pass; it depends on seed and pass only."""
    return np.random.default_rng([seed, 0, epoch]).permutation(count)


def random_step(seed: int, step: int) -> np.random.Generator:
    """Return the source of randomness of one update; it depends on seed and step only.

    So the step number is all there is to the state of the random numbers.
    """
    return np.random.default_rng([seed, 1, step])


def take(examples: Examples, settings: Settings, cursor: Cursor) -> tuple[Examples, Cursor]:
    """Return the batch, or the window of a batch, at the cursor, and where the next one is.

    A batch is as wide as its longest sequences; the last batch of a pass may have fewer of them.
    """
    count, size = len(examples.inputs), settings.batch_size
    chosen = random_order(settings.seed, cursor.epoch, count)[cursor.batch * size :][:size]
    batch = cut(Examples(*(array[chosen] for array in examples)))
    last = (cursor.batch + 1) * size >= count
    after = Cursor(cursor.epoch + 1) if last else Cursor(cursor.epoch, cursor.batch + 1)
    if settings.window is None:
        return batch, after
    pieces = windows(batch.inputs.shape[1], settings.window)
    if cursor.window + 1 < len(pieces):
        after = cursor._replace(window=cursor.window + 1)
    return _window(batch, pieces[cursor.window]), after


def cut(examples: Examples) -> Examples:
    """Leave out columns that are padding in every row."""
    inputs, lengths, targets, target_lengths = examples
    return Examples(
        inputs[:, : lengths.max(initial=0)],
        lengths,
        targets[:, : target_lengths.max(initial=0)],
        target_lengths,
    )


def _window(batch: Examples, piece: slice) -> Examples:
    width = piece.stop - piece.start
    return Examples(
        batch.inputs[:, piece],
        np.clip(batch.input_lengths - piece.start, 0, width),
        batch.targets[:, piece],
        np.clip(batch.target_lengths - piece.start, 0, width),
    )
