"""The bank of the LSTM unit: every exercise's own mistakes, and those of the parts it contains.

A learner may write `lstm_step` in one piece, so a mistake in the gates can show there too, and one
in the cell can show in `lstm_forward`.
"""

from collections.abc import Callable, Iterable, Iterator

import numpy as np

from rnncore.params import LSTMParams
from rnngrader.checks.bank import lstm_forward as forward
from rnngrader.checks.bank import lstm_gates as gates
from rnngrader.checks.bank import lstm_step as step
from rnngrader.checks.bank.lstm_gates import Array, Gates, right_gates
from rnngrader.checks.spec import Mistake

EQUATIONS = "lstm.html#the-equations"
FUSED = "lstm.html#one-layer-instead-of-four"
SHAPES = "lstm.html#shapes"
CELL = "lstm.html#inside-the-cell"
CODE = "lstm.html#our-code"
BREAKS = "lstm.html#where-this-breaks"

OVERFLOWING = gates.with_gate_activation(gates.overflowing_sigmoid)

# Inside a step these do the same as another mistake, whose message names both.
SAME_IN_A_STEP = {
    "order-figo",  # as c-gates-swapped
    "order-gfio",  # as i-g-activation-swapped
}
Rows = Iterable[tuple[str, Callable[..., object], str, dict[str, str]]]


def lstm_gates_mistakes() -> tuple[Mistake, ...]:
    """Return the bank of `lstm_gates`."""
    own = (
        *_entries("lstm_gates", gates.term_rows(), FUSED),
        *_entries("lstm_gates", gates.activation_rows(), EQUATIONS),
        *_entries("lstm_gates", gates.order_rows(), FUSED),
        *_entries("lstm_gates", gates.returned_rows(), CODE),
    )
    return (*own, *_behaviours("lstm_gates", OVERFLOWING, _GatesInPlace, _GatesKept, _coarse))


def lstm_step_mistakes() -> tuple[Mistake, ...]:
    """Return the bank of `lstm_step`."""
    rows = ((i, step.with_gates(f), m, fields) for i, f, m, fields in _gate_rows())
    own = (
        *_entries("lstm_step", step.cell_rows(), EQUATIONS),
        *_entries("lstm_step", step.hidden_rows(), CELL),
        *_entries("lstm_step", step.returned_rows(), CODE),
        *_entries("lstm_step", rows, FUSED),
    )
    overflow = step.with_gates(OVERFLOWING)
    return (
        *own,
        *_behaviours(
            "lstm_step", overflow, step.CellInPlace, step.StateKept, step.in_single_precision
        ),
    )


def lstm_forward_mistakes() -> tuple[Mistake, ...]:
    """Return the bank of `lstm_forward`."""
    # What a step returns is unpacked at once by the loop, where other mistakes do the same.
    steps = (*step.cell_rows(), *step.hidden_rows())
    lifted_steps = ((i, forward.with_step(f), m, fields) for i, f, m, fields in steps)
    lifted_gates = (
        (i, forward.with_step(step.with_gates(f)), m, fields) for i, f, m, fields in _gate_rows()
    )
    own = (
        *_entries("lstm_forward", forward.carry_rows(), EQUATIONS),
        *_entries("lstm_forward", forward.walk_rows(), SHAPES),
        *_entries("lstm_forward", forward.result_rows(), SHAPES),
        *_entries("lstm_forward", lifted_steps, EQUATIONS),
        *_entries("lstm_forward", lifted_gates, FUSED),
    )
    overflow = forward.with_step(step.with_gates(OVERFLOWING))
    kept, coarse = forward.StateKept, forward.in_single_precision
    return (*own, *_behaviours("lstm_forward", overflow, forward.StartInPlace, kept, coarse))


def _gate_rows() -> Iterator[tuple[str, gates.GateFunction, str, dict[str, str]]]:
    for rows in (gates.term_rows(), gates.activation_rows(), gates.order_rows()):
        for row in rows:
            if row[0] not in SAME_IN_A_STEP:
                yield row


def _entries(exercise: str, rows: Rows, see: str) -> Iterator[Mistake]:
    for name, function, key, fields in rows:
        yield Mistake(
            id=name,
            exercise=exercise,
            build=_always(function),
            message=f"mistake.{key}",
            see=see,
            fields=fields,
        )


def _always(function: Callable[..., object]) -> Callable[[], Callable[..., object]]:
    return lambda: function


def _behaviours(
    exercise: str,
    overflow: Callable[..., object],
    in_place: Callable[[], Callable[..., object]],
    kept: Callable[[], Callable[..., object]],
    coarse: Callable[..., object],
) -> tuple[Mistake, ...]:
    """List the mistakes that ordinary values do not show, and the aspect that shows each."""
    rows: tuple[tuple[str, Callable[[], Callable[..., object]], str, str], ...] = (
        ("overflow", _always(overflow), BREAKS, "edges"),
        ("argument-changed", in_place, CODE, "arguments"),
        ("state-kept", kept, CODE, "repeat"),
        ("precision-lost", _always(coarse), CODE, "precision"),
    )
    return tuple(
        Mistake(name, exercise, build, f"mistake.{name}", see, shown_by=aspect)
        for name, build, see, aspect in rows
    )


class _GatesInPlace:
    """Uses the input as working memory."""

    def __call__(self, x: Array, h_prev: Array, params: LSTMParams) -> Gates:
        result = right_gates(x, h_prev, params)
        h_prev *= 0.5
        return result


class _GatesKept:
    """Adds up pre-activations over the calls."""

    def __init__(self) -> None:
        self._calls = 0

    def __call__(self, x: Array, h_prev: Array, params: LSTMParams) -> Gates:
        self._calls += 1
        return gates.activated(self._calls * gates.affine(x, h_prev, params))


def _coarse(x: Array, h_prev: Array, params: LSTMParams) -> Gates:
    rounded = x.astype(np.float32).astype(np.float64)
    return right_gates(rounded, h_prev, params)
