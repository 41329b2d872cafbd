"""Known mistakes in the loop over time of an LSTM, given a right step."""

from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

import numpy as np

from rnncore.params import LSTMParams
from rnngrader.checks.bank.lstm_gates import Array
from rnngrader.checks.bank.lstm_step import State, StepFunction, step

Run = tuple[Array, State]
ForwardFunction = partial[Run]
Row = tuple[str, ForwardFunction, str, dict[str, str]]
CarryFunction = Callable[[State, State, State], State]
FinishFunction = Callable[[Array, Array, State, State], Run]


def loop(
    x: Array,
    h_0: Array,
    c_0: Array,
    params: LSTMParams,
    *,
    walk: Callable[[Array], Array] = lambda x: x,
    start: Callable[[Array, Array], State] = lambda h, c: (h, c),
    carry: CarryFunction = lambda new, _old, _start: new,
    collect: FinishFunction = lambda out, _cells, _start, new: (out, new),
    **in_step: Any,
) -> Run:
    """Walk through time with parts of which some may be wrong; all others are of the step.

    `walk` changes the inputs and `start` the initial state. `carry` gets the new state, the state
    before and the initial one, and returns the state that the next step starts from. `collect`
    makes the result from all outputs, all cells, the state given and the last one.
    """
    x = walk(x)
    h, c = state = begin = start(h_0, c_0)
    outputs, cells = [], []
    for t in range(x.shape[1]):
        h, c = step(x[:, t], *state, params, **in_step)
        outputs.append(h)
        cells.append(c)
        state = carry((h, c), state, begin)
    return collect(_stacked(outputs, h_0), _stacked(cells, h_0), (h_0, c_0), (h, c))


def with_step(wrong: StepFunction) -> ForwardFunction:
    """Return a forward pass with the right loop and another step."""
    return partial(loop, **wrong.keywords)


def _stacked(arrays: list[Array], h_0: Array) -> Array:
    return np.stack(arrays, axis=1) if arrays else np.zeros((len(h_0), 0, h_0.shape[1]))


def _swapped(x: Array) -> Array:
    return x.swapaxes(0, 1)


def _flipped(x: Array) -> Array:
    return x[:, ::-1]


def _as_many_as_batch(x: Array) -> Array:
    if len(x) > x.shape[1]:
        raise IndexError("index is out of bounds for axis 1")
    return x[:, : len(x)]


def _first_filled(output: Array, count: int) -> Array:
    """Keep the first `count` steps (the last ones if negative), zero elsewhere."""
    kept = np.zeros_like(output)
    part = slice(None, count) if count >= 0 else slice(count, None)
    kept[:, part] = output[:, part]
    return kept


def _one_step_blank(output: Array, cells: Array, start: State, new: State, *, first: bool) -> Run:
    """Put zeros where a step was left out."""
    del cells
    parts = [np.zeros_like(start[0])[:, None], output]
    return np.concatenate(parts if first else parts[::-1], axis=1), new


def carry_rows() -> Iterator[Row]:
    """List mistakes in what one step hands to the next: id, function, message key, fields."""
    starts: dict[str, Callable[[Array, Array], State]] = {
        "h0-ignored": lambda h, c: (np.zeros_like(h), c),
        "c0-ignored": lambda h, c: (h, np.zeros_like(c)),
        "start-ignored": lambda h, c: (np.zeros_like(h), np.zeros_like(c)),
        "start-swapped": lambda h, c: (c, h),
        "start-h-for-both": lambda h, _c: (h, h),
    }
    for name, start in starts.items():
        yield name, partial(loop, start=start), name, {}
    carries: dict[str, CarryFunction] = {
        "nothing-carried": lambda _new, _old, start: start,
        "h-not-carried": lambda new, _old, start: (start[0], new[1]),
        "c-not-carried": lambda new, _old, start: (new[0], start[1]),
        "h-zeroed": lambda new, _old, _start: (np.zeros_like(new[0]), new[1]),
        "c-zeroed": lambda new, _old, _start: (new[0], np.zeros_like(new[1])),
        "state-zeroed": lambda new, _old, _start: (np.zeros_like(new[0]), np.zeros_like(new[1])),
        "state-swapped": lambda new, _old, _start: (new[1], new[0]),
        "h-for-both": lambda new, _old, _start: (new[0], new[0]),
        "c-for-both": lambda new, _old, _start: (new[1], new[1]),
    }
    for name, carry in carries.items():
        yield name, partial(loop, carry=carry), name, {}
    unmoved = partial(
        loop,
        carry=lambda new, _old, start: (new[0], start[1]),
        collect=lambda out, _cells, start, new: (out, (new[0], start[1])),
    )
    yield "c-not-moved", unmoved, "c-not-carried", {}


def walk_rows() -> Iterator[Row]:
    """List mistakes in the way through time: id, function, message key, fields."""
    yield "time-reversed", partial(loop, walk=_flipped), "time-reversed", {}
    stored = partial(loop, walk=_flipped, collect=lambda out, _c, _s, n: (_flipped(out), n))
    yield "time-reversed-stored", stored, "time-reversed", {}
    late = partial(loop, walk=lambda x: np.concatenate([x[:, :1], x[:, :-1]], axis=1))
    yield "input-late", late, "input-late", {}
    rolled = partial(loop, walk=lambda x: np.roll(x, 1, axis=1))
    yield "input-rolled", rolled, "input-late", {}
    early = partial(loop, walk=lambda x: np.concatenate([x[:, 1:], x[:, -1:]], axis=1))
    yield "input-early", early, "input-early", {}
    first_only = partial(loop, walk=lambda x: np.repeat(x[:, :1], x.shape[1], axis=1))
    yield "first-input-only", first_only, "first-input-only", {}
    mean = partial(loop, walk=lambda x: np.repeat(x.mean(1, keepdims=True), x.shape[1], axis=1))
    yield "mean-input", mean, "mean-input", {}
    over = partial(loop, walk=_swapped, collect=lambda out, _c, _s, n: (_swapped(out), n))
    yield "over-batch", over, "over-batch", {}
    yield "over-batch-stacked", partial(loop, walk=_swapped), "over-batch", {}
    yield "as-many-as-batch", partial(loop, walk=_as_many_as_batch), "as-many-as-batch", {}
    for name, part in (("last", slice(None, -1)), ("first", slice(1, None))):
        blank = partial(_one_step_blank, first=name == "first")
        without = partial(loop, walk=partial(_cut, part=part))
        yield (
            f"{name}-step-missing-zero",
            partial(without, collect=blank),
            f"{name}-step-missing",
            {},
        )
        yield f"{name}-step-missing", without, f"{name}-step-missing", {}
    begun = partial(loop, walk=partial(_cut, part=slice(1, None)), collect=_begun)
    yield "first-step-is-start", begun, "first-step-missing", {}


def _cut(x: Array, *, part: slice) -> Array:
    return x[:, part]


def _begun(output: Array, cells: Array, start: State, new: State) -> Run:
    """Fill the first step with the state before it."""
    del cells
    return np.concatenate([start[0][:, None], output], axis=1), new


def result_rows() -> Iterator[Row]:
    """List mistakes in what is collected and returned: id, function, message key, fields."""
    changes: dict[str, FinishFunction] = {
        "time-major": lambda out, _c, _s, n: (out.swapaxes(0, 1), n),
        "time-major-reshaped": lambda out, _c, _s, n: (
            out.swapaxes(0, 1).reshape(out.shape),
            n,
        ),
        "output-is-c": lambda _out, cells, _s, n: (cells, n),
        "output-buffer-reused": lambda out, _c, _s, n: (
            np.repeat(out[:, -1:], out.shape[1], axis=1),
            n,
        ),
        "output-last-only": lambda out, _c, _s, n: (_first_filled(out, -1), n),
        "output-first-only": lambda out, _c, _s, n: (_first_filled(out, 1), n),
        "output-late": lambda out, _c, s, n: (
            np.concatenate([s[0][:, None], out[:, :-1]], axis=1),
            n,
        ),
        "output-flipped": lambda out, _c, _s, n: (out[:, ::-1], n),
        "output-summed": lambda out, _c, _s, n: (np.cumsum(out, axis=1), n),
        "output-without-time": lambda out, _c, _s, n: (out[:, -1], n),
        "end-swapped": lambda out, _c, _s, n: (out, (n[1], n[0])),
        "end-is-start": lambda out, _c, s, _n: (out, s),
        "end-c-is-start": lambda out, _c, s, n: (out, (n[0], s[1])),
        "end-of-first-step": lambda out, cells, _s, _n: (out, (out[:, 0], cells[:, 0])),
        "end-one-early": lambda out, cells, s, _n: (out, _one_early(out, cells, s)),
        "end-last-sample": lambda out, cells, _s, _n: (out, (out[-1], cells[-1])),
        "end-h-twice": lambda out, _c, _s, n: (out, (n[0], n[0])),
        "end-c-twice": lambda out, _c, _s, n: (out, (n[1], n[1])),
        "end-all-steps": lambda out, cells, _s, _n: (out, (out, cells)),
    }
    for name, change in changes.items():
        yield name, partial(loop, collect=change), name, {}


def _one_early(output: Array, cells: Array, start: State) -> State:
    return (output[:, -2], cells[:, -2]) if output.shape[1] > 1 else start
