"""Known mistakes in the loop over time of a simple RNN."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import partial
from typing import Any

import numpy as np

from rnncore.params import RNNParams
from rnngrader.checks.arguments import NumericArray as Array
from rnngrader.checks.bank.rnn_step import right_step, step_mistakes
from rnngrader.checks.spec import Mistake

Run = tuple[Array, Array]
LOOP = "sequences.html#a-network-that-remembers"
SHAPES = "sequences.html#shapes"


def _as_given(x: Array) -> Array:
    return x


def _right_start(h_0: Array) -> Array:
    return h_0


def _right_carry(new: Array, old: Array, start: Array) -> Array:
    del old, start
    return new


def _right_result(output: Array, start: Array) -> Run:
    return output, output[:, -1] if output.shape[1] else start


def forward(
    x: Array,
    h_0: Array,
    params: RNNParams,
    *,
    read: Callable[[Array], Array] = _as_given,
    start: Callable[[Array], Array] = _right_start,
    step: Callable[..., Any] = right_step,
    carry: Callable[[Array, Array, Array], Array] = _right_carry,
    result: Callable[[Array, Array], Run] = _right_result,
) -> Run:
    """Walk through time with parts of which some may be wrong.

    `carry` gets the new state, the one before and the initial one; `result` gets the states of all
    steps and the initial one.
    """
    x, first = read(x), start(h_0)
    h, states = first, []
    for t in range(x.shape[1]):
        new = step(x[:, t], h, params)
        states.append(new)
        h = carry(new, h, first)
    output = np.stack(states, axis=1) if states else np.zeros((len(h_0), 0, h_0.shape[1]))
    return result(output, first)


def _over_batch(x: Array, h_0: Array, params: RNNParams, *, turned_back: bool) -> Run:
    output, h_n = forward(x.swapaxes(0, 1), h_0, params)
    return (output.swapaxes(0, 1) if turned_back else output), h_n


def _as_many_as_batch(x: Array, h_0: Array, params: RNNParams) -> Run:
    if len(x) > x.shape[1]:
        raise IndexError("index is out of bounds for axis 1")
    return forward(x[:, : len(x)], h_0, params)


def _through_batch(x: Array, h_0: Array, params: RNNParams) -> Run:
    """Run one sequence after the other, each from where the one before has ended."""
    h, outputs = h_0[:1], []
    for n in range(len(x)):
        output, h = forward(x[n : n + 1], h, params)
        outputs.append(output)
    joined = np.concatenate(outputs)
    return joined, joined[:, -1] if x.shape[1] else h_0


def _padded(output: Array, blank_first: int, blank_last: int) -> Array:
    return np.pad(output, ((0, 0), (blank_first, blank_last), (0, 0)))


def _one_early(output: Array, start: Array) -> Array:
    return output[:, -2] if output.shape[1] > 1 else start


def carry_mistakes() -> Iterator[Mistake]:
    """List mistakes in what one step hands to the next."""
    yield Mistake("h0-ignored", partial(forward, start=np.zeros_like))
    carries: dict[str, Callable[[Array, Array, Array], Array]] = {
        "nothing-carried": lambda _new, _old, first: first,
        "zeros-carried": lambda new, _old, _first: np.zeros_like(new),
        "states-added": lambda new, old, _first: new + old,
        "states-averaged": lambda new, old, _first: 0.5 * (new + old),
        "batch-mixed": lambda new, _old, _first: np.broadcast_to(new.mean(axis=0), new.shape),
        "first-sequence-carried": lambda new, _old, _first: np.broadcast_to(new[:1], new.shape),
        "last-sequence-carried": lambda new, _old, _first: np.broadcast_to(new[-1:], new.shape),
    }
    for name, carry in carries.items():
        yield Mistake(name, partial(forward, carry=carry))


def walk_mistakes() -> Iterator[Mistake]:
    """List mistakes in the way through time."""
    reads: dict[str, Callable[[Array], Array]] = {
        "first-input-only": lambda x: np.repeat(x[:, :1], x.shape[1], axis=1),
        "last-input-only": lambda x: np.repeat(x[:, -1:], x.shape[1], axis=1),
        "mean-input": lambda x: np.repeat(x.mean(1, keepdims=True), x.shape[1], axis=1),
        "input-late": lambda x: np.roll(x, 1, axis=1),
        "input-early": lambda x: np.roll(x, -1, axis=1),
        "input-late-at-first-right": lambda x: np.concatenate([x[:, :1], x[:, :-1]], axis=1),
        "input-early-at-last-right": lambda x: np.concatenate([x[:, 1:], x[:, -1:]], axis=1),
        "input-summed": lambda x: np.cumsum(x, axis=1),
        "time-reversed": lambda x: x[:, ::-1],
    }
    for name, read in reads.items():
        message = name.partition("-at-")[0]
        yield Mistake(name, partial(forward, read=read), message)
    yield Mistake("state-through-batch", _through_batch, see=SHAPES)
    yield Mistake(
        "time-reversed-stored",
        partial(forward, read=lambda x: x[:, ::-1], result=lambda o, _s: (o[:, ::-1], o[:, -1])),
        "time-reversed",
    )
    yield Mistake("over-batch", partial(_over_batch, turned_back=True), see=SHAPES)
    yield Mistake(
        "over-batch-stacked", partial(_over_batch, turned_back=False), "over-batch", SHAPES
    )
    yield Mistake("as-many-as-batch", _as_many_as_batch, see=SHAPES)
    for padded in (True, False):
        suffix = "-zero" if padded else ""
        last, first = (0, 1) if padded else (0, 0), (1, 0) if padded else (0, 0)
        for name, cut, blanks in (
            ("last-step-missing", slice(None, -1), last),
            ("first-step-missing", slice(1, None), first),
        ):
            yield Mistake(f"{name}{suffix}", _without(cut, blanks), name, SHAPES)
    begun = partial(forward, read=lambda x: x[:, 1:], result=_begun)
    yield Mistake("first-step-is-start", begun, "first-step-missing", SHAPES)


def _begun(output: Array, start: Array) -> Run:
    """Fill the first step with the state before it."""
    filled = np.concatenate([start[:, None], output], axis=1)
    return filled, filled[:, -1]


def _without(cut: slice, blanks: tuple[int, int]) -> Callable[..., Run]:
    def result(output: Array, start: Array) -> Run:
        end = output[:, -1] if output.shape[1] else start
        return _padded(output, *blanks), end

    return partial(forward, read=lambda x: x[:, cut], result=result)


def result_mistakes() -> Iterator[Mistake]:
    """List mistakes in what is collected and returned."""
    last: Callable[[Array], Array] = lambda o: np.repeat(o[:, -1:], o.shape[1], axis=1)  # noqa: E731
    results: dict[str, Callable[[Array, Array], Run]] = {
        "time-major": lambda o, _s: (o.swapaxes(0, 1), o[:, -1]),
        "time-major-reshaped": lambda o, _s: (o.swapaxes(0, 1).reshape(o.shape), o[:, -1]),
        "units-before-time": lambda o, _s: (o.swapaxes(1, 2), o[:, -1]),
        "output-buffer-reused": lambda o, _s: (last(o), o[:, -1]),
        "output-last-only": lambda o, _s: (_padded(o[:, -1:], o.shape[1] - 1, 0), o[:, -1]),
        "output-first-only": lambda o, _s: (_padded(o[:, :1], 0, o.shape[1] - 1), o[:, -1]),
        "output-late": lambda o, s: (np.concatenate([s[:, None], o[:, :-1]], axis=1), o[:, -1]),
        "start-in-output": lambda o, s: (np.concatenate([s[:, None], o], axis=1), o[:, -1]),
        "output-flipped": lambda o, _s: (o[:, ::-1], o[:, -1]),
        "output-summed": lambda o, _s: (np.cumsum(o, axis=1), o[:, -1]),
        "output-without-time": lambda o, _s: (o[:, -1], o[:, -1]),
        "output-joined": lambda o, _s: (o.reshape(-1, o.shape[-1]), o[:, -1]),
        "end-is-start": lambda o, s: (o, s),
        "end-of-first-step": lambda o, _s: (o, o[:, 0]),
        "end-one-early": lambda o, s: (o, _one_early(o, s)),
        "end-last-sample": lambda o, _s: (o, o[-1]),
        "end-all-steps": lambda o, _s: (o, o),
        "end-averaged": lambda o, _s: (o, o.mean(axis=1)),
        "end-zero": lambda o, s: (o, np.zeros_like(s)),
    }
    for name, result in results.items():
        yield Mistake(name, partial(forward, result=result), see=SHAPES)


def lifted_mistakes() -> Iterator[Mistake]:
    """List the mistakes of a step, made in a loop."""
    for mistake in step_mistakes():
        yield replace(mistake, variant=partial(forward, step=mistake.variant))


def forward_mistakes() -> tuple[Mistake, ...]:
    """Return all mistakes of the loop and of the step inside it."""
    return (*carry_mistakes(), *walk_mistakes(), *result_mistakes(), *lifted_mistakes())
