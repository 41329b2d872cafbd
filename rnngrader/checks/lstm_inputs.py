"""Draw the inputs on which the LSTM exercises are judged.

Sizes are larger than one and pairwise distinct, states are not zero and weights are all random, so
that no mistake can hide behind an axis of equal length or a term that happens to vanish.
"""

import numpy as np

from rnncore.params import LSTMParams
from rnngrader.checks.results import NumericArray
from rnngrader.checks.seeding import distinct_sizes, rng_for
from rnngrader.checks.spec import Case

LARGE = 1e3


def _params(rng: np.random.Generator, input_size: int, hidden_size: int) -> LSTMParams:
    rows = 4 * hidden_size
    return LSTMParams(
        rng.normal(0, 0.6, (rows, input_size)),
        rng.normal(0, 0.6, (rows, hidden_size)),
        rng.normal(0, 0.7, rows),
        rng.normal(0, 0.7, rows),
    )


class Inputs:
    """Draws the inputs of one exercise.

    Args:
        exercise: its name.
        sequence: whether x has a time axis.
        cell: whether the cell is an argument.
    """

    def __init__(self, exercise: str, *, sequence: bool, cell: bool) -> None:
        self._exercise = exercise
        self._sequence = sequence
        self._cell = cell

    def draw(self, name: str, **fixed: int) -> tuple[NumericArray | LSTMParams, ...]:
        """Draw `(x, h, c, params)` of random, pairwise distinct sizes, as far as not fixed."""
        rng = rng_for(self._exercise, name)
        names = ("batch", "input_size", "hidden_size", "seq")
        sizes = dict(zip(names, distinct_sizes(rng, len(names)), strict=True)) | fixed
        if "more_steps" in sizes:
            low, high = sorted((sizes["batch"], sizes["seq"]))
            more = sizes["more_steps"]
            sizes |= {"batch": low, "seq": high} if more else {"batch": high, "seq": low}
        batch, features, hidden = sizes["batch"], sizes["input_size"], sizes["hidden_size"]
        shape = (batch, sizes["seq"], features) if self._sequence else (batch, features)
        state = rng.uniform(-0.9, 0.9, (batch, hidden)), rng.normal(0, 1.2, (batch, hidden))
        drawn = rng.normal(0, 1, shape), *state, _params(rng, features, hidden)
        return drawn if self._cell else (drawn[0], drawn[1], drawn[3])

    def start(self, name: str, **fixed: int) -> Case:
        """Return a case that starts from a state of zeros."""
        x, *states, params = self.draw(name, **fixed)
        zeros = (np.zeros_like(state) for state in states)
        return Case("start", "start", (x, *zeros, params))

    def full(self, name: str, **fixed: int) -> Case:
        """Return a case with everything random."""
        return Case("full", "state", self.draw(name, **fixed))

    def single(self) -> Case:
        """Return a case in single precision."""
        return Case("single", "state", tuple(map(_single, self.draw("single"))))

    def strided(self) -> Case:
        """Return a case whose arrays are not contiguous in memory."""
        return Case("strided", "state", tuple(map(_strided, self.draw("strided"))))

    def edge(self, name: str, *, may_refuse: bool = False, **fixed: int) -> Case:
        """Return a case with an unusual size."""
        return Case(name, "edges", self.draw(name, **fixed), may_refuse=may_refuse)

    def large(self) -> Case:
        """Return a case whose pre-activations reach thousands, with both signs."""
        x, *rest = self.draw("large")
        signs = np.sign(np.asarray(x))
        return Case("large", "edges", (LARGE * signs, *rest), saturated=True)

    def zeroed(self, name: str, position: int) -> Case:
        """Return a probe with one argument zero."""
        args = list(self.draw(name))
        args[position] = np.zeros_like(np.asarray(args[position]))
        return Case(name, "probe", tuple(args))

    def unbiased(self) -> Case:
        """Return a probe whose biases are zero."""
        *rest, params = self.draw("bias-zero")
        ih, hh, *biases = params
        zero = LSTMParams(ih, hh, *(np.zeros_like(bias) for bias in biases))
        return Case("bias-zero", "probe", (*rest, zero))

    def square(self, name: str, size: int) -> Case:
        """Return a probe where all sizes are equal, so that wrong products run."""
        sizes = dict.fromkeys(("batch", "input_size", "hidden_size", "seq"), size)
        return Case("square", "probe", self.draw(name, **sizes))

    def squares(self) -> list[Case]:
        """Return two probes where all sizes are equal."""
        return [self.square("square-a", 3), self.square("square-b", 4)]


def _single(argument: NumericArray | LSTMParams) -> NumericArray | LSTMParams:
    if isinstance(argument, LSTMParams):
        return LSTMParams(*(array.astype(np.float32) for array in argument))
    return argument.astype(np.float32)


def _strided(argument: NumericArray | LSTMParams) -> NumericArray | LSTMParams:
    if isinstance(argument, LSTMParams):
        return LSTMParams(*(np.repeat(array, 2, axis=0)[::2] for array in argument))
    return np.asfortranarray(argument)
