"""Known mistakes in the loop over time of an LSTM, given a right step."""

from collections.abc import Callable, Iterator
from functools import partial

import numpy as np

from rnncore.params import LSTMParams
from rnngrader.checks.bank.lstm_gates import Array
from rnngrader.checks.bank.lstm_step import State, StepFunction, right_step

Run = tuple[Array, State]
ForwardFunction = Callable[[Array, Array, Array, LSTMParams], Run]
Row = tuple[str, ForwardFunction, str, dict[str, str]]
CarryFunction = Callable[[State, State, State], State]


def loop(
    x: Array,
    h_0: Array,
    c_0: Array,
    params: LSTMParams,
    *,
    step: StepFunction = right_step,
    carry: CarryFunction = lambda new, _old, _start: new,
) -> Run:
    """Walk through time with a step and a way to hand the state on, of which one may be wrong.

    `carry` gets the new state, the state before and the initial one, and returns the state that the
    next step starts from.
    """
    h, c = state = (h_0, c_0)
    outputs = []
    for t in range(x.shape[1]):
        h, c = step(x[:, t], *state, params)
        outputs.append(h)
        state = carry((h, c), state, (h_0, c_0))
    return _stacked(outputs, h_0), (h, c)


def with_step(step: StepFunction) -> ForwardFunction:
    """Return a forward pass with the right loop and another step."""
    return partial(loop, step=step)


def _stacked(outputs: list[Array], h_0: Array) -> Array:
    return np.stack(outputs, axis=1) if outputs else np.zeros((len(h_0), 0, h_0.shape[1]))


def _cells(x: Array, h_0: Array, c_0: Array, params: LSTMParams) -> Array:
    state, cells = (h_0, c_0), []
    for t in range(x.shape[1]):
        state = right_step(x[:, t], *state, params)
        cells.append(state[1])
    return _stacked(cells, h_0)


def _other_start(
    x: Array,
    h_0: Array,
    c_0: Array,
    params: LSTMParams,
    *,
    start: Callable[[Array, Array], State],
) -> Run:
    return loop(x, *start(h_0, c_0), params)


def _other_input(
    x: Array, h_0: Array, c_0: Array, params: LSTMParams, *, change: Callable[[Array], Array]
) -> Run:
    return loop(change(x), h_0, c_0, params)


def _reversed_stored(x: Array, h_0: Array, c_0: Array, params: LSTMParams) -> Run:
    output, state = loop(x[:, ::-1], h_0, c_0, params)
    return output[:, ::-1], state


def _over_batch(x: Array, h_0: Array, c_0: Array, params: LSTMParams) -> Run:
    output, state = loop(x.swapaxes(0, 1), h_0, c_0, params)
    return output.swapaxes(0, 1), state


def _over_batch_only(x: Array, h_0: Array, c_0: Array, params: LSTMParams) -> Run:
    return loop(x.swapaxes(0, 1), h_0, c_0, params)


def _as_many_as_batch(x: Array, h_0: Array, c_0: Array, params: LSTMParams) -> Run:
    if len(x) > x.shape[1]:
        raise IndexError("index is out of bounds for axis 1")
    return loop(x[:, : len(x)], h_0, c_0, params)


def _after(
    x: Array,
    h_0: Array,
    c_0: Array,
    params: LSTMParams,
    *,
    change: Callable[[Array, Array, State, State], Run],
) -> Run:
    """Run the right loop, then change `(output, cells, (h_0, c_0), (h_n, c_n))` into a result."""
    output, state = loop(x, h_0, c_0, params)
    return change(output, _cells(x, h_0, c_0, params), (h_0, c_0), state)


def _first_filled(output: Array, count: int) -> Array:
    """Keep the first `count` steps (the last ones if negative), zero elsewhere."""
    kept = np.zeros_like(output)
    part = slice(None, count) if count >= 0 else slice(count, None)
    kept[:, part] = output[:, part]
    return kept


def _without_last(x: Array, h_0: Array, c_0: Array, params: LSTMParams, *, padded: bool) -> Run:
    output, state = loop(x[:, :-1], h_0, c_0, params)
    blank = np.zeros_like(h_0)[:, None]
    return (np.concatenate([output, blank], axis=1) if padded else output), state


def _without_first(x: Array, h_0: Array, c_0: Array, params: LSTMParams, *, padded: bool) -> Run:
    output, state = loop(x[:, 1:], h_0, c_0, params)
    blank = np.zeros_like(h_0)[:, None]
    return (np.concatenate([blank, output], axis=1) if padded else output), state


def carry_rows() -> Iterator[Row]:
    """List mistakes in what one step hands to the next: id, function, message key, fields."""
    starts: dict[str, Callable[[Array, Array], State]] = {
        "h0-ignored": lambda h, c: (np.zeros_like(h), c),
        "c0-ignored": lambda h, c: (h, np.zeros_like(c)),
        "start-ignored": lambda h, c: (np.zeros_like(h), np.zeros_like(c)),
        "start-swapped": lambda h, c: (c, h),
    }
    for name, start in starts.items():
        yield name, partial(_other_start, start=start), name, {}
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


def walk_rows() -> Iterator[Row]:
    """List mistakes in the way through time: id, function, message key, fields."""
    flipped = partial(_other_input, change=lambda x: x[:, ::-1])
    yield "time-reversed", flipped, "time-reversed", {}
    yield "time-reversed-stored", _reversed_stored, "time-reversed", {}
    first_only = partial(_other_input, change=lambda x: np.repeat(x[:, :1], x.shape[1], axis=1))
    yield "first-input-only", first_only, "first-input-only", {}
    mean = partial(
        _other_input, change=lambda x: np.repeat(x.mean(1, keepdims=True), x.shape[1], axis=1)
    )
    yield "mean-input", mean, "mean-input", {}
    yield "over-batch", _over_batch, "over-batch", {}
    yield "over-batch-stacked", _over_batch_only, "over-batch", {}
    yield "as-many-as-batch", _as_many_as_batch, "as-many-as-batch", {}
    for padded in (True, False):
        suffix = "-zero" if padded else ""
        last, first = (partial(f, padded=padded) for f in (_without_last, _without_first))
        yield f"last-step-missing{suffix}", last, "last-step-missing", {}
        yield f"first-step-missing{suffix}", first, "first-step-missing", {}


def result_rows() -> Iterator[Row]:
    """List mistakes in what is collected and returned: id, function, message key, fields."""
    changes: dict[str, Callable[[Array, Array, State, State], Run]] = {
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
        "end-of-first-step": lambda out, cells, _s, _n: (out, (out[:, 0], cells[:, 0])),
        "end-one-early": lambda out, cells, s, _n: (out, _one_early(out, cells, s)),
        "end-last-sample": lambda out, cells, _s, _n: (out, (out[-1], cells[-1])),
        "end-h-twice": lambda out, _c, _s, n: (out, (n[0], n[0])),
        "end-c-twice": lambda out, _c, _s, n: (out, (n[1], n[1])),
        "end-all-steps": lambda out, cells, _s, _n: (out, (out, cells)),
    }
    for name, change in changes.items():
        yield name, partial(_after, change=change), name, {}


def _one_early(output: Array, cells: Array, start: State) -> State:
    return (output[:, -2], cells[:, -2]) if output.shape[1] > 1 else start
