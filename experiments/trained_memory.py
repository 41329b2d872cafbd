"""Train an RNN, a GRU and an LSTM to remember one number, and ask them later.

``python -m experiments.trained_memory`` writes ``experiments/results/trained_memory.json`` and
what the widget memory-race shows of it, ``rnnwidgets/recorded/memory_race.json``.

The first input holds a number v from -1 to 1 and a mark; the inputs after it hold noise. After
T steps, 1 <= T <= 20 in training, the read-out should say v. Tests go on to T = 60.
"""

from __future__ import annotations

from typing import Any, Final

import numpy as np

from experiments.cell_readout import KINDS, Batch, Batches, Model, init_model, read_out, train
from experiments.recording import save, spread
from rnncore._typing import Array
from rnncore.losses import mean_squared_error, mean_squared_error_backward

__all__ = ["compact", "main", "run"]

NAME: Final = "trained_memory"
WIDGET: Final = "memory_race"
SEEDS: Final = (0, 1, 2, 3, 4)
HIDDEN_SIZE: Final = 4
NOISE: Final = 0.1
LONGEST: Final = 20
TESTED: Final = 60
BATCH: Final = 32
UPDATES: Final = 2000
LEARNING_RATE: Final = 0.01
TEST_SIZE: Final = 500
TEST_SEED: Final = 99
#: Numbers whose recall is recorded step by step, all with the same noise, for the first seed.
FIRSTS: Final = (-0.5, 0.0, 0.5, 1.0)
#: Seed of the noise that the cells set by hand meet in the widget.
BLANKS_SEED: Final = 0


def _inputs(first: Array, steps: int, rng: np.random.Generator) -> Array:
    x = np.zeros((len(first), steps, 2))
    x[:, :, 0] = NOISE * rng.standard_normal((len(first), steps))
    x[:, 0, 0] = first
    x[:, 0, 1] = 1.0
    return x


def _batches(rng: np.random.Generator) -> Batches:
    for _ in range(UPDATES):
        steps = int(rng.integers(1, LONGEST + 1))
        first = rng.uniform(-1.0, 1.0, BATCH)

        def doutput(y: Array, first: Array = first) -> Array:
            _, cache = mean_squared_error(y[:, -1], first[:, None])
            dy = np.zeros_like(y)
            dy[:, -1] = mean_squared_error_backward(1.0, cache)
            return dy

        yield Batch(_inputs(first, steps, rng), None, doutput)


def _errors(model: Model) -> Array:
    """Root mean square error of the recalled number after each T, over the test sequences."""
    rng = np.random.default_rng(TEST_SEED)
    first = rng.uniform(-1.0, 1.0, TEST_SIZE)
    y, _, _ = read_out(_inputs(first, TESTED, rng), model)
    error: Array = np.sqrt(np.mean((y[:, :, 0] - first[:, None]) ** 2, axis=0))
    return error


def _recall(model: Model) -> Array:
    """What the read-out says after each T, for each of ``FIRSTS`` and one noise."""
    rng = np.random.default_rng(TEST_SEED)
    x = np.repeat(_inputs(np.zeros(1), TESTED, rng), len(FIRSTS), axis=0)
    x[:, 0, 0] = FIRSTS
    y, _, _ = read_out(x, model)
    said: Array = y[:, :, 0]
    return said


def run() -> dict[str, Any]:
    """Train every cell from every seed and return what they recall."""
    errors: dict[str, list[Array]] = {kind: [] for kind in KINDS}
    recall: dict[str, Array] = {}
    for kind in KINDS:
        for seed in SEEDS:
            rng = np.random.default_rng(seed)
            model = train(init_model(kind, 2, HIDDEN_SIZE, 1, rng), _batches(rng), LEARNING_RATE)
            errors[kind].append(_errors(model))
            if seed == SEEDS[0]:
                recall[kind] = _recall(model)
    return {
        "seeds": list(SEEDS),
        "settings": {
            "hidden_size": HIDDEN_SIZE, "noise": NOISE, "longest_in_training": LONGEST,
            "updates": UPDATES, "batch": BATCH, "learning_rate": LEARNING_RATE,
            "test_sequences": TEST_SIZE, "test_seed": TEST_SEED, "blanks_seed": BLANKS_SEED,
        },
        "firsts": list(FIRSTS),
        "blanks": np.random.default_rng(BLANKS_SEED).standard_normal(TESTED).round(2).tolist(),
        "recall_of_first_seed": {kind: said.round(4).tolist() for kind, said in recall.items()},
        "rms_error": {
            kind: {"per_seed": np.round(rows, 4).tolist()} | spread(np.array(rows))
            for kind, rows in errors.items()
        },
    }  # fmt: skip


def _steps(numbers: Any) -> list[int]:
    """In hundredths: the first number, then how much each differs from the one before.

    >>> _steps([0.5, 0.52, 0.49])
    [50, 2, -3]
    """
    whole = np.rint(np.array(numbers) * 100).astype(int)
    return [int(step) for step in np.diff(whole, prepend=0)]


def compact(results: dict[str, Any]) -> dict[str, Any]:
    """Return what the widget shows: recall and errors in hundredths, as differences."""
    settings = results["settings"]
    return {
        "seeds": len(results["seeds"]),
        "hidden_size": settings["hidden_size"],
        "longest": settings["longest_in_training"],
        "firsts": results["firsts"],
        "blanks": results["blanks"],
        "recall": {
            kind: [_steps(said) for said in rows]
            for kind, rows in results["recall_of_first_seed"].items()
        },
        "error": {
            kind: {name: _steps(rows[name]) for name in ("mean", "least", "largest")}
            for kind, rows in results["rms_error"].items()
        },
    }


def main() -> None:
    """Train, and write both files."""
    save(NAME, run(), WIDGET, compact)


if __name__ == "__main__":
    main()
