"""Known mistakes in the cell of an LSTM, given right gates."""

from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

import numpy as np

from rnncore.params import LSTMParams
from rnngrader.checks.bank.lstm_gates import Array, GateFunction, Gates, compute, sigmoid

State = tuple[Array, Array]
ContentFunction = Callable[[Gates, Array, Array], Array]
OutputFunction = Callable[[Gates, Array, Array], Array]
CellFunction = Callable[[Gates, Array, Array], State]
StepFunction = partial[State]
Row = tuple[str, StepFunction, str, dict[str, str]]


def _content(gates: Gates, h_prev: Array, c_prev: Array) -> Array:
    """Compute the right new cell."""
    del h_prev
    i, f, g, _ = gates
    return f * c_prev + i * g


def _output(gates: Gates, c: Array, c_prev: Array) -> Array:
    """Compute the right new hidden state."""
    del c_prev
    h: Array = gates[3] * np.tanh(c)
    return h


def step(
    x: Array,
    h_prev: Array,
    c_prev: Array,
    params: LSTMParams,
    *,
    content: ContentFunction = _content,
    output: OutputFunction = _output,
    returned: Callable[[Array, Array], State] = lambda h, c: (h, c),
    **in_gates: Any,
) -> State:
    """Put a step together from parts of which some may be wrong; all others are of the gates."""
    gates = compute(x, h_prev, params, **in_gates)
    c = content(gates, h_prev, c_prev)
    return returned(output(gates, c, c_prev), c)


def with_gates(gates: GateFunction) -> StepFunction:
    """Return a step with other gates and the right cell."""
    return partial(step, **gates.keywords)


def right_step(x: Array, h_prev: Array, c_prev: Array, params: LSTMParams) -> State:
    """Compute the right step, for the variants that are wrong elsewhere."""
    return step(x, h_prev, c_prev, params)


def _matmul(gates: Gates, h_prev: Array, c_prev: Array) -> Array:
    del h_prev
    return gates[1] @ c_prev + gates[0] * gates[2]


def _matmul_twice(gates: Gates, h_prev: Array, c_prev: Array) -> Array:
    del h_prev
    return gates[1] @ c_prev + gates[0] @ gates[2]


def cell_rows() -> Iterator[Row]:
    """List mistakes in the new cell: id, function, message key, fields of the message."""
    contents: dict[str, ContentFunction] = {
        "c-gates-swapped": lambda q, _h, c: q[0] * c + q[1] * q[2],
        "c-forget-on-both": lambda q, _h, c: q[1] * c + q[1] * q[2],
        "c-input-on-both": lambda q, _h, c: q[0] * c + q[0] * q[2],
        "c-new-only": lambda q, _h, _c: q[0] * q[2],
        "c-old-only": lambda q, _h, c: q[1] * c,
        "c-input-gate-missing": lambda q, _h, c: q[1] * c + q[2],
        "c-forget-gate-missing": lambda q, _h, c: c + q[0] * q[2],
        "c-candidate-missing": lambda q, _h, c: q[1] * c + q[0],
        "c-both-gates-missing": lambda q, _h, c: c + q[2],
        "c-coupled-to-forget": lambda q, _h, c: q[1] * c + (1 - q[1]) * q[2],
        "c-coupled-to-input": lambda q, _h, c: (1 - q[0]) * c + q[0] * q[2],
        "c-forget-inverted": lambda q, _h, c: (1 - q[1]) * c + q[0] * q[2],
        "c-tanh-twice": lambda q, _h, c: q[1] * c + q[0] * np.tanh(q[2]),
        "c-from-h": lambda q, h, _c: q[1] * h + q[0] * q[2],
        "c-subtracted": lambda q, _h, c: q[1] * c - q[0] * q[2],
        "c-multiplied": lambda q, _h, c: (q[1] * c) * (q[0] * q[2]),
        "c-forget-on-all": lambda q, _h, c: q[1] * (c + q[0] * q[2]),
        "c-added": lambda q, _h, c: q[1] * c + q[0] + q[2],
        "c-averaged": lambda q, _h, c: 0.5 * (q[1] * c + q[0] * q[2]),
    }
    for name, content in contents.items():
        yield name, partial(step, content=content), name, {}
    stored = partial(step, returned=lambda h, c: (h, np.tanh(c)))
    yield "c-tanh-stored", stored, "c-tanh-stored", {}
    squashed = partial(step, content=lambda q, _h, c: np.tanh(q[1] * c + q[0] * q[2]))
    yield "c-tanh-stored-twice", squashed, "c-tanh-stored-twice", {}
    shown = partial(
        step,
        content=lambda q, _h, c: q[3] * (q[1] * c + q[0] * q[2]),
        output=lambda _q, c, _c_prev: np.tanh(c),
    )
    yield "c-output-gate", shown, "c-output-gate", {}
    yield "matmul-with-cell", partial(step, content=_matmul), "matmul", {}
    everywhere = partial(
        step, content=_matmul_twice, output=lambda q, c, _c_prev: q[3] @ np.tanh(c)
    )
    yield "matmul-everywhere", everywhere, "matmul", {}


def hidden_rows() -> Iterator[Row]:
    """List mistakes in the new hidden state: id, function, message key, fields."""
    outputs: dict[str, OutputFunction] = {
        "h-tanh-missing": lambda q, c, _c_prev: q[3] * c,
        "h-from-c-prev": lambda q, _c, c_prev: q[3] * np.tanh(c_prev),
        "h-from-candidate": lambda q, _c, _c_prev: q[3] * np.tanh(q[2]),
        "h-sigmoid": lambda q, c, _c_prev: q[3] * sigmoid(c),
        "h-output-gate-missing": lambda _q, c, _c_prev: np.tanh(c),
        "h-tanh-outside": lambda q, c, _c_prev: np.tanh(q[3] * c),
        "h-added": lambda q, c, _c_prev: q[3] + np.tanh(c),
    }
    for name, output in outputs.items():
        yield name, partial(step, output=output), name, {}


def returned_rows() -> Iterator[Row]:
    """List mistakes in what is returned: id, function, message key, fields of the message."""
    results: dict[str, Callable[[Array, Array], State]] = {
        "returned-c-h": lambda h, c: (c, h),
        "returned-h-twice": lambda h, _c: (h, h),
        "returned-c-twice": lambda _h, c: (c, c),
    }
    for name, returned in results.items():
        yield name, partial(step, returned=returned), name, {}
