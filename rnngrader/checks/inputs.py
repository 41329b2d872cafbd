"""Draw the inputs on which an exercise is judged.

Sizes are larger than one and pairwise distinct, states are not zero and weights are all random, so
that no mistake can hide behind an axis of equal length or a term that happens to vanish.
"""

from collections.abc import Callable, Mapping
from typing import Any, TypeVar

import numpy as np

from rnncore.params import GATES, CellParams
from rnngrader.checks.arguments import NumericArray, in_precision, map_arrays, strided
from rnngrader.checks.seeding import rng_for
from rnngrader.checks.spec import PROBE, Case

LARGE = 1e3
SIZES = range(2, 8)
# How messages call an input in which this size is one.
ONE = {
    "batch": "one-sequence",
    "seq": "one-step",
    "hidden_size": "one-unit",
    "input_size": "one-feature",
    "embedding_dim": "one-feature",
    "num_layers": "one-layer",
    "steps": "one-query",
    "source": "one-place",
    "query_size": "one-number",
    "classes": "one-class",
}
CellT = TypeVar("CellT", bound=CellParams)


class Draw:
    """Random arguments of one case: a size for each name, and arrays made of such sizes.

    Args:
        rng: source of randomness.
        fixed: sizes that are given; `every` is the size of all others.
        ascending: names of two sizes of which the first must be the smaller one.
        start: whether states are zero.
        large: whether inputs are in the thousands.
    """

    def __init__(
        self,
        rng: np.random.Generator,
        fixed: Mapping[str, int],
        *,
        ascending: tuple[str, ...] = (),
        start: bool = False,
        large: bool = False,
    ) -> None:
        self.rng = rng
        self.sizes = {name: size for name, size in fixed.items() if name != "every"}
        self._every = fixed.get("every")
        free = [size for size in SIZES if size not in self.sizes.values()]
        self._left = [int(size) for size in rng.permutation(free)]
        wanted = [name for name in ascending if name not in self.sizes]
        for name, size in zip(wanted, sorted(self._left[: len(wanted)]), strict=True):
            self.sizes[name] = size
            self._left.remove(size)
        self._start = start
        self._large = large

    def size(self, name: str) -> int:
        """Return the size of this name, the same for the whole case."""
        if name not in self.sizes:
            self.sizes[name] = self._every if self._every is not None else self._left.pop()
        return self.sizes[name]

    def shape(self, axes: tuple[str | int, ...]) -> tuple[int, ...]:
        """Return the lengths of axes that are given by name or by length."""
        return tuple(axis if isinstance(axis, int) else self.size(axis) for axis in axes)

    def normal(self, *axes: str | int, scale: float = 1.0) -> NumericArray:
        """Draw an array of both signs, without structure."""
        return self.rng.normal(0, scale, self.shape(axes))

    def signal(self, *axes: str | int) -> NumericArray:
        """Draw an input: as `normal`, but in the thousands where the case asks for it."""
        drawn = self.normal(*axes)
        return LARGE * np.sign(drawn) if self._large else drawn

    def state(self, *axes: str | int) -> NumericArray:
        """Draw a hidden state, within (-1, 1); zero at a start."""
        drawn = self.rng.uniform(-0.9, 0.9, self.shape(axes))
        return np.zeros_like(drawn) if self._start else drawn

    def cell(self, *axes: str | int) -> NumericArray:
        """Draw the cell of an LSTM, which is not bounded; zero at a start."""
        drawn = self.normal(*axes, scale=1.2)
        return np.zeros_like(drawn) if self._start else drawn

    def params(self, kind: type[CellT], scale: float = 0.6) -> CellT:
        """Draw the parameters of a cell from `input_size` and `hidden_size`."""
        features, hidden = self.size("input_size"), self.size("hidden_size")
        rows = GATES[kind] * hidden
        return kind(
            self.rng.normal(0, scale, (rows, features)),
            self.rng.normal(0, scale, (rows, hidden)),
            self.rng.normal(0, 0.7, rows),
            self.rng.normal(0, 0.7, rows),
        )

    def ids(self, *axes: str | int, vocab: str | int = "vocab_size") -> NumericArray:
        """Draw token ids, of which the last one of the vocabulary is there, and one repeats."""
        (many,) = self.shape((vocab,))
        drawn = self.rng.integers(0, many, self.shape(axes))
        flat = drawn.reshape(-1)
        if flat.size > 2:
            at = self.rng.choice(flat.size, size=3, replace=False)
            flat[at[0]], flat[at[1]] = many - 1, flat[at[2]]
        return drawn

    def lengths(self, batch: str = "batch", seq: str = "seq") -> NumericArray:
        """Draw ragged lengths, of which one is 1 and one is all there is."""
        many, steps = self.shape((batch, seq))
        drawn = self.rng.integers(1, steps + 1, many)
        drawn[:2] = (1, steps)[:many]
        return self.rng.permutation(drawn)

    def mask(self, lengths: NumericArray, seq: str = "seq") -> NumericArray:
        """Turn lengths into a mask, True at real steps."""
        real: NumericArray = np.arange(self.size(seq)) < lengths[:, None]
        return real


class Inputs:
    """Makes the cases of one exercise from one function that draws its arguments.

    Args:
        exercise: its name.
        draw: returns the arguments, in order.
        kind: the aspect of ordinary cases.
        ascending: names of two sizes, of which `swap` decides which one is smaller.
        free: gives, for the arguments, results where any number will do.
    """

    def __init__(
        self,
        exercise: str,
        draw: Callable[[Draw], tuple[object, ...]],
        *,
        kind: str = "state",
        ascending: tuple[str, str] | tuple[()] = (),
        free: Callable[[tuple[Any, ...]], Mapping[str, NumericArray]] | None = None,
    ) -> None:
        self._exercise = exercise
        self._draw = draw
        self._kind = kind
        self._ascending: tuple[str, ...] = ascending
        self._free = free

    def case(
        self,
        name: str,
        kind: str,
        *,
        stream: str = "",
        change: Callable[[tuple[Any, ...]], tuple[object, ...]] | None = None,
        swap: bool = False,
        start: bool = False,
        large: bool = False,
        edge: bool = False,
        may_refuse: bool = False,
        must_refuse: bool = False,
        fields: Mapping[str, str] | None = None,
        sizes: Mapping[str, int] | None = None,
    ) -> Case:
        """Draw one case.

        Args:
            name: key of the message that describes the input.
            kind: the aspect it belongs to.
            stream: tells apart cases of the same name.
            change: what to do with the drawn arguments.
            swap: turn the order of the two `ascending` sizes around.
            start: states are zero.
            large: inputs are in the thousands.
            edge: the input is unusual.
            may_refuse: raising is an acceptable answer.
            must_refuse: raising is the only right answer.
            fields: names that fill the messages about it.
            sizes: sizes that are given; `every` is the size of all others.

        Returns:
            The case, the same for the same seed.
        """
        order = tuple(reversed(self._ascending)) if swap else self._ascending
        rng, fixed = rng_for(self._exercise, f"{name} {stream}"), sizes or {}
        draw = Draw(
            rng, fixed, ascending=() if "every" in fixed else order, start=start, large=large
        )
        args = self._draw(draw)
        args = change(args) if change else args
        return Case(
            name=name,
            kind=kind,
            args=args,
            edge=edge,
            saturated=large,
            may_refuse=may_refuse,
            must_refuse=must_refuse,
            fields=fields or {},
            free=self._free(args) if self._free else {},
            sizes=dict(draw.sizes),
        )

    def full(self, stream: str, *, swap: bool = False, **fixed: int) -> Case:
        """Return a case with everything random."""
        return self.case("full", self._kind, stream=stream, swap=swap, sizes=fixed)

    def start(self, stream: str, *, swap: bool = False, **fixed: int) -> Case:
        """Return a case whose states are zero."""
        return self.case("start", "start", stream=stream, swap=swap, start=True, sizes=fixed)

    def single(self) -> Case:
        """Return a case in single precision."""
        return self.case("single", self._kind, change=lambda args: in_precision(args, np.float32))

    def strided(self) -> Case:
        """Return a case whose arrays are not contiguous in memory."""
        return self.case("strided", self._kind, change=strided)

    def edge(self, name: str, *, may_refuse: bool = False, **fixed: int) -> Case:
        """Return a case with an unusual size."""
        return self.case(name, "edges", edge=True, may_refuse=may_refuse, sizes=fixed)

    def varied(self, *small: str) -> list[Case]:
        """Return single precision, another layout in memory, and each of these sizes as one."""
        ones = [self.case(ONE[size], "edges", edge=True, sizes={size: 1}) for size in small]
        return [self.single(), self.strided(), *ones]

    def large(self) -> Case:
        """Return a case whose inputs are in the thousands, with both signs."""
        return self.case("large", "edges", edge=True, large=True)

    def zeroed(self, argument: str, position: int) -> Case:
        """Return a probe with one argument zero; its name is for the message."""

        def without(args: tuple[Any, ...]) -> tuple[object, ...]:
            zero = map_arrays(args[position], np.zeros_like)
            return (*args[:position], zero, *args[position + 1 :])

        fields = {"argument": argument}
        return self.case("zeroed", PROBE, stream=argument, change=without, fields=fields)

    def unbiased(self) -> Case:
        """Return a probe whose parameters, the last argument, have biases of zero."""

        def without(args: tuple[Any, ...]) -> tuple[object, ...]:
            *rest, params = args
            zero = {f: np.zeros_like(getattr(params, f)) for f in params._fields if "bias" in f}
            return (*rest, params._replace(**zero))

        return self.case("bias-zero", PROBE, change=without)

    def squares(self) -> list[Case]:
        """Return two probes where all sizes are equal, so that wrong products run."""
        return [self.case("square", PROBE, stream=str(n), sizes={"every": n}) for n in (3, 4)]
