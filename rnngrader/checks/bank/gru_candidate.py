"""Known mistakes in the candidate of a GRU and in the mixture of old and new."""

from collections.abc import Callable, Iterator
from functools import partial

import numpy as np

from rnncore.params import GRUParams
from rnngrader.checks.arguments import NumericArray as Array
from rnngrader.checks.bank.gru_step import (
    UNIT,
    Candidate,
    gate_mistakes,
    many,
    order_mistakes,
    right_after,
    right_before,
    step,
    term_mistakes,
)
from rnngrader.checks.bank.lstm_gates import sigmoid, tanh
from rnngrader.checks.spec import Function, Mistake

PLACES = "gru.html#trap-1-two-placements-of-the-reset-gate"
CONVENTIONS = "gru.html#trap-2-two-conventions-of-the-update-gate"


def _default_before(x: Array, h_prev: Array, params: GRUParams, reset: str = "before") -> Array:
    return step(x, h_prev, params, reset)


def place_mistakes() -> Iterator[Mistake]:
    """List mistakes in the place of the reset gate."""
    yield Mistake("reset-always-after", partial(step, before=right_after), see=PLACES)
    yield Mistake("reset-always-before", partial(step, after=right_before), see=PLACES)
    yield Mistake(
        "places-exchanged", partial(step, after=right_before, before=right_after), see=PLACES
    )
    yield Mistake("default-before", _default_before, see=PLACES)
    yield from many(
        "after",
        {
            "b-hn-outside": lambda c: c.x_n + c.r * (c.h_n - c.bias_hn) + c.bias_hn,
            "b-hn-missing": lambda c: c.x_n + c.r * (c.h_n - c.bias_hn),
            "b-in-inside": lambda c: c.x_n - c.bias_in + c.r * (c.h_n + c.bias_in),
            "reset-on-x": lambda c: c.r * c.x_n + c.h_n,
            "reset-on-all": lambda c: c.r * (c.x_n + c.h_n),
        },
        PLACES,
    )
    yield from many(
        "before",
        {
            "before-without-bias": lambda c: right_before(c) - c.bias_hn,
            "before-bias-reset-too": lambda c: right_before(c) - c.bias_hn + c.r * c.bias_hn,
            "before-without-weights": lambda c: c.x_n + c.r * c.h_prev,
            "before-and-after": lambda c: c.x_n + c.r * c.product(c.r * c.h_prev),
            "before-without-reset": lambda c: c.x_n + c.h_n,
        },
        PLACES,
    )


def reset_mistakes() -> Iterator[Mistake]:
    """List mistakes in what the candidate reads of the state, and in its activation."""
    yield Mistake("reset-missing", _with_reset(lambda c: np.ones_like(c.r)), see=UNIT)
    yield Mistake("reset-is-update", _with_reset(lambda c: c.z), see=UNIT)
    yield Mistake("reset-squared", _with_reset(lambda c: c.r**2), see=UNIT)
    yield Mistake(
        "reset-added",
        partial(
            step,
            after=lambda c: c.x_n + c.r + c.h_n,
            before=lambda c: c.x_n + c.product(c.r + c.h_prev),
        ),
        see=UNIT,
    )
    reads: dict[str, Callable[[Candidate], Array]] = {
        "candidate-without-h": lambda c: c.x_n,
        "candidate-without-x": lambda c: (
            c.r * c.h_n if c.reset == "after" else right_before(c) - c.x_n
        ),
    }
    for name, read in reads.items():
        yield Mistake(name, partial(step, after=read, before=read), see=UNIT)
    yield from many(
        "squash",
        {
            "candidate-sigma": sigmoid,
            "candidate-linear": np.positive,
            "candidate-relu": lambda a: np.maximum(a, 0),
            "candidate-tanh-twice": lambda a: np.tanh(np.tanh(a)),
        },
    )


def _with_reset(choose: Callable[[Candidate], Array]) -> Function:
    """Let something else stand where the reset gate stands."""
    return partial(
        step,
        after=lambda c: right_after(c._replace(r=choose(c))),
        before=lambda c: right_before(c._replace(r=choose(c))),
    )


def mixture_mistakes() -> Iterator[Mistake]:
    """List mistakes in the mixture of old and new, and in what is returned."""
    yield Mistake(
        "update-turned",
        partial(step, mix=lambda m: m.z * m.n + (1 - m.z) * m.h_prev),
        see=CONVENTIONS,
    )
    yield from many(
        "mix",
        {
            "mix-new-only": lambda m: (1 - m.z) * m.n,
            "mix-old-only": lambda m: m.z * m.h_prev,
            "mix-z-twice": lambda m: m.z * m.n + m.z * m.h_prev,
            "mix-rest-twice": lambda m: (1 - m.z) * (m.n + m.h_prev),
            "mix-new-whole": lambda m: m.n + m.z * m.h_prev,
            "mix-old-whole": lambda m: (1 - m.z) * m.n + m.h_prev,
            "mix-by-reset": lambda m: (1 - m.r) * m.n + m.r * m.h_prev,
            "mix-old-reset-too": lambda m: (1 - m.z) * m.n + m.z * m.r * m.h_prev,
            "mix-minus": lambda m: (1 - m.z) * m.n - m.z * m.h_prev,
            "mix-candidate": lambda m: m.n,
            "mix-state-before": lambda m: m.h_prev.copy(),
            "mix-gate-returned": lambda m: m.z,
            "mix-added": lambda m: m.n + m.h_prev,
        },
    )
    yield from many(
        "result",
        {"tanh-at-the-end": tanh, "sigma-at-the-end": sigmoid, "negated": np.negative},
    )


def step_mistakes() -> tuple[Mistake, ...]:
    """Return all mistakes of one step."""
    return (
        *place_mistakes(),
        *reset_mistakes(),
        *mixture_mistakes(),
        *term_mistakes(),
        *order_mistakes(),
        *gate_mistakes(),
    )
