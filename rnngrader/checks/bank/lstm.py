"""The bank of the LSTM unit: every exercise's own mistakes, and those of the parts it contains.

A learner may write `lstm_step` in one piece, so a mistake in the gates can show there too, and one
in the cell can show in `lstm_forward`.
"""

from collections.abc import Callable, Iterable, Iterator

from rnncore import lstm
from rnngrader.checks.bank import lstm_forward as forward
from rnngrader.checks.bank import lstm_gates as gates
from rnngrader.checks.bank import lstm_step as step
from rnngrader.checks.bank.behaviours import behaviours
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
    return (
        *_entries(gates.term_rows(), FUSED),
        *_entries(gates.activation_rows(), EQUATIONS),
        *_entries(gates.order_rows(), FUSED),
        *_entries(gates.returned_rows(), CODE),
        _overflow(OVERFLOWING),
        *behaviours(lstm.lstm_gates, writes=1),
    )


def lstm_step_mistakes() -> tuple[Mistake, ...]:
    """Return the bank of `lstm_step`."""
    rows = ((i, step.with_gates(f), m, fields) for i, f, m, fields in _gate_rows())
    return (
        *_entries(step.cell_rows(), EQUATIONS),
        *_entries(step.hidden_rows(), CELL),
        *_entries(step.returned_rows(), CODE),
        *_entries(rows, FUSED),
        _overflow(step.with_gates(OVERFLOWING)),
        *behaviours(lstm.lstm_step, writes=2),
    )


def lstm_forward_mistakes() -> tuple[Mistake, ...]:
    """Return the bank of `lstm_forward`."""
    # What a step returns is unpacked at once by the loop, where other mistakes do the same.
    steps = (*step.cell_rows(), *step.hidden_rows())
    lifted_steps = ((i, forward.with_step(f), m, fields) for i, f, m, fields in steps)
    lifted_gates = (
        (i, forward.with_step(step.with_gates(f)), m, fields) for i, f, m, fields in _gate_rows()
    )
    return (
        *_entries(forward.carry_rows(), EQUATIONS),
        *_entries(forward.walk_rows(), SHAPES),
        *_entries(forward.result_rows(), SHAPES),
        *_entries(lifted_steps, EQUATIONS),
        *_entries(lifted_gates, FUSED),
        _overflow(forward.with_step(step.with_gates(OVERFLOWING))),
        *behaviours(lstm.lstm_forward, writes=1),
    )


def _gate_rows() -> Iterator[tuple[str, gates.GateFunction, str, dict[str, str]]]:
    for rows in (gates.term_rows(), gates.activation_rows(), gates.order_rows()):
        for row in rows:
            if row[0] not in SAME_IN_A_STEP:
                yield row


def _entries(rows: Rows, see: str) -> Iterator[Mistake]:
    for name, function, key, fields in rows:
        yield Mistake(name, function, key, see, fields)


def _overflow(variant: Callable[..., object]) -> Mistake:
    return Mistake("overflow", variant, see=BREAKS, shown_by="edges")
