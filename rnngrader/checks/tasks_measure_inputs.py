"""The inputs of what the unit on tasks measures: many tokens, and several batches."""

from collections.abc import Sequence
from typing import Any

import numpy as np

from rnngrader.checks.inputs import Draw, Inputs
from rnngrader.checks.spec import PROBE, Case, Level
from rnngrader.checks.tasks_inputs import edge, of_level

# Shares of few tokens are often equal by chance, of many they are not.
MANY = ({"batch": 11, "seq": 9}, {"batch": 8, "seq": 13}, {"batch": 12, "seq": 10})


def _accuracy_args(draw: Draw) -> tuple[Any, ...]:
    logits, guesses = (
        draw.normal("batch", "seq", "classes"),
        draw.ids("batch", "seq", vocab="classes"),
    )
    known = draw.rng.random(guesses.shape) < draw.rng.uniform(0.3, 0.7)
    return logits, np.where(known, logits.argmax(axis=-1), guesses), draw.mask(draw.lengths())


def _perplexity_args(draw: Draw) -> tuple[Any, ...]:
    losses = draw.rng.uniform(0.4, 3.0, draw.size("batches"))
    return losses, draw.rng.integers(3, 60, losses.size)


_ACCURACY = Inputs("masked_accuracy", _accuracy_args, kind="values")
_PERPLEXITY = Inputs("corpus_perplexity", _perplexity_args, kind="values")


def accuracy_cases(level: Level) -> Sequence[Case]:
    """Return the cases of `masked_accuracy`, with many tokens each."""
    inputs = _ACCURACY
    visible = [inputs.case("full", "values", stream=str(n), sizes=MANY[n]) for n in range(3)]
    return of_level(
        level,
        visible,
        lambda: [
            inputs.full("d", batch=10, seq=9),
            *inputs.varied("batch", "seq"),
            edge(inputs, "padding-ids", lambda a: (a[0], np.where(a[2], a[1], -100), a[2])),
        ],
    )


def accuracy_probes() -> Sequence[Case]:
    """Return the probes of `masked_accuracy`."""
    every = lambda args: (*args[:2], np.ones_like(args[2]))  # noqa: E731 - one expression
    return [_ACCURACY.case("all-real", PROBE, change=every, sizes=MANY[0])]


def perplexity_cases(level: Level) -> Sequence[Case]:
    """Return the cases of `perplexity`; batches have different numbers of tokens."""
    inputs = _PERPLEXITY
    visible = [inputs.full(stream, batches=n) for stream, n in zip("abc", (4, 3, 5), strict=True)]
    return of_level(
        level,
        visible,
        lambda: [
            inputs.full("d", batches=7),
            inputs.strided(),
            inputs.edge("one-batch", batches=1),
            edge(inputs, "no-token", lambda a: (np.append(a[0], 0.0), np.append(a[1], 0))),
        ],
    )


def perplexity_probes() -> Sequence[Case]:
    """Return the probes of `perplexity`."""
    return [_PERPLEXITY.case("equal-counts", PROBE, change=lambda a: (a[0], 0 * a[1] + 7))]
