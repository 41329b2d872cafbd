"""Where the random inputs of the checks come from."""

from contextvars import ContextVar
from typing import Literal
from zlib import crc32

import numpy as np

SEED: ContextVar[int] = ContextVar("rnngrader_seed", default=0)
"""Non-negative; the judge sets a fresh one per submission, a learner's own notebook leaves it."""

LEVEL: ContextVar[Literal["visible", "full"] | None] = ContextVar("rnngrader_level", default=None)
"""The judge sets "full": whichever check of a cell fails first, its points come from everything."""


def rng_for(exercise: str, case: str) -> np.random.Generator:
    """Return the generator of one case, the same for the same seed.

    Args:
        exercise: name of the exercise.
        case: name of the case within it.

    Returns:
        A generator that depends on `SEED`, the exercise and the case only.

    Example:
        >>> int(rng_for("lstm_step", "full").integers(100)) in range(100)
        True
    """
    return np.random.default_rng([SEED.get(), crc32(exercise.encode()), crc32(case.encode())])


def distinct_sizes(rng: np.random.Generator, count: int) -> tuple[int, ...]:
    """Draw sizes that are larger than one and all different, so that no axis hides another.

    Args:
        rng: source of randomness.
        count: how many sizes, at most five.

    Returns:
        `count` different integers from 2 to 6.
    """
    return tuple(int(size) for size in rng.choice(np.arange(2, 7), size=count, replace=False))
