"""Known mistakes in the cell of an LSTM, given right gates."""

from collections.abc import Callable, Iterator
from functools import partial

import numpy as np

from rnncore.params import LSTMParams
from rnngrader.checks.bank.lstm_gates import (
    Array,
    GateFunction,
    Gates,
    right_gates,
    sigmoid,
)

State = tuple[Array, Array]
CellFunction = Callable[[Gates, Array, Array], State]
StepFunction = Callable[[Array, Array, Array, LSTMParams], State]
Row = tuple[str, StepFunction, str, dict[str, str]]


def right_cell(gates: Gates, h_prev: Array, c_prev: Array) -> State:
    """Compute the right new state."""
    del h_prev
    i, f, g, o = gates
    c = f * c_prev + i * g
    return o * np.tanh(c), c


def step(
    x: Array,
    h_prev: Array,
    c_prev: Array,
    params: LSTMParams,
    *,
    gates: GateFunction = right_gates,
    cell: CellFunction = right_cell,
) -> State:
    """Put a step together from gates and cell, of which one may be wrong."""
    return cell(gates(x, h_prev, params), h_prev, c_prev)


def with_cell(cell: CellFunction) -> StepFunction:
    """Return a step with right gates and another cell."""
    return partial(step, cell=cell)


def with_gates(gates: GateFunction) -> StepFunction:
    """Return a step with other gates and the right cell."""
    return partial(step, gates=gates)


def right_step(x: Array, h_prev: Array, c_prev: Array, params: LSTMParams) -> State:
    """Compute the right step, for the variants that are wrong elsewhere."""
    return step(x, h_prev, c_prev, params)


def _from_content(content: Callable[[Gates, Array, Array], Array]) -> StepFunction:
    """Return a step whose new cell is computed otherwise."""

    def cell(gates: Gates, h_prev: Array, c_prev: Array) -> State:
        c = content(gates, h_prev, c_prev)
        return gates[3] * np.tanh(c), c

    return with_cell(cell)


def _from_output(output: Callable[[Array, Array, Array], Array]) -> StepFunction:
    """Return a step with the right new cell whose h is computed otherwise from o, c, c_prev."""

    def cell(gates: Gates, h_prev: Array, c_prev: Array) -> State:
        _, c = right_cell(gates, h_prev, c_prev)
        return output(gates[3], c, c_prev), c

    return with_cell(cell)


def _tanh_stored(gates: Gates, h_prev: Array, c_prev: Array) -> State:
    h, c = right_cell(gates, h_prev, c_prev)
    return h, np.tanh(c)


def _tanh_stored_and_again(gates: Gates, h_prev: Array, c_prev: Array) -> State:
    c = np.tanh(right_cell(gates, h_prev, c_prev)[1])
    return gates[3] * np.tanh(c), c


def _output_gate_on_cell(gates: Gates, h_prev: Array, c_prev: Array) -> State:
    c = gates[3] * right_cell(gates, h_prev, c_prev)[1]
    return np.tanh(c), c


def _matmul_with_cell(gates: Gates, h_prev: Array, c_prev: Array) -> State:
    del h_prev
    i, f, g, o = gates
    c = f @ c_prev + i * g
    return o * np.tanh(c), c


def _matmul_everywhere(gates: Gates, h_prev: Array, c_prev: Array) -> State:
    del h_prev
    i, f, g, o = gates
    c = f @ c_prev + i @ g
    return o @ np.tanh(c), c


def _swapped(gates: Gates, h_prev: Array, c_prev: Array) -> State:
    h, c = right_cell(gates, h_prev, c_prev)
    return c, h


def _hidden_twice(gates: Gates, h_prev: Array, c_prev: Array) -> State:
    h, _ = right_cell(gates, h_prev, c_prev)
    return h, h


def cell_rows() -> Iterator[Row]:
    """List mistakes in the new cell: id, function, message key, fields of the message."""
    contents: dict[str, Callable[[Gates, Array, Array], Array]] = {
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
        "c-averaged": lambda q, _h, c: 0.5 * (q[1] * c + q[0] * q[2]),
    }
    for name, content in contents.items():
        yield name, _from_content(content), name, {}
    yield "c-tanh-stored", with_cell(_tanh_stored), "c-tanh-stored", {}
    yield "c-tanh-stored-twice", with_cell(_tanh_stored_and_again), "c-tanh-stored-twice", {}
    yield "c-output-gate", with_cell(_output_gate_on_cell), "c-output-gate", {}
    yield "matmul-with-cell", with_cell(_matmul_with_cell), "matmul", {}
    yield "matmul-everywhere", with_cell(_matmul_everywhere), "matmul", {}


def hidden_rows() -> Iterator[Row]:
    """List mistakes in the new hidden state: id, function, message key, fields."""
    outputs: dict[str, Callable[[Array, Array, Array], Array]] = {
        "h-tanh-missing": lambda o, c, _c_prev: o * c,
        "h-from-c-prev": lambda o, _c, c_prev: o * np.tanh(c_prev),
        "h-sigmoid": lambda o, c, _c_prev: o * sigmoid(c),
        "h-output-gate-missing": lambda _o, c, _c_prev: np.tanh(c),
        "h-tanh-outside": lambda o, c, _c_prev: np.tanh(o * c),
        "h-added": lambda o, c, _c_prev: o + np.tanh(c),
    }
    for name, output in outputs.items():
        yield name, _from_output(output), name, {}


def returned_rows() -> Iterator[Row]:
    """List mistakes in what is returned: id, function, message key, fields of the message."""
    yield "returned-c-h", with_cell(_swapped), "returned-c-h", {}
    yield "returned-h-twice", with_cell(_hidden_twice), "returned-h-twice", {}
    yield "returned-c-twice", _from_output(lambda _o, c, _c_prev: c), "returned-c-twice", {}
