"""Known mistakes on the way back through the cell, the gates and their activations."""

from collections.abc import Callable, Iterator, Mapping
from functools import partial
from itertools import permutations
from typing import Any

import numpy as np

from rnngrader.checks.arguments import NumericArray as Array
from rnngrader.checks.bank.lstm_backward import (
    CELL_PATH,
    FUSED,
    LINES,
    NAMES,
    slope_of_sigma,
    slope_of_tanh,
    step_backward,
)
from rnngrader.checks.spec import Mistake


def many(keyword: str, parts: Mapping[str, Any], see: str = LINES) -> Iterator[Mistake]:
    """List a mistake for each wrong form of one part."""
    for name, part in parts.items():
        yield Mistake(name, partial(step_backward, **{keyword: part}), see=see)


def total_mistakes() -> Iterator[Mistake]:
    """List mistakes where the two ways to the new cell meet."""
    yield from many(
        "total",
        {
            "total-without-dc": lambda w: w.dh * w.o * (1 - w.tanh_c**2),
            "total-without-dh": lambda w: w.dc,
            "total-without-o": lambda w: w.dc + w.dh * (1 - w.tanh_c**2),
            "total-without-slope": lambda w: w.dc + w.dh * w.o,
            "total-plain-sum": lambda w: w.dc + w.dh,
            "total-dc-through-tanh": lambda w: (w.dc + w.dh * w.o) * (1 - w.tanh_c**2),
            "total-dc-through-output": lambda w: (w.dc + w.dh) * w.o * (1 - w.tanh_c**2),
            "total-tanh-again": lambda w: w.dc + w.dh * w.o * (1 - np.tanh(w.tanh_c) ** 2),
            "total-slope-of-c": lambda w: w.dc + w.dh * w.o * (1 - w.c**2),
            "total-slope-of-c-prev": lambda w: w.dc + w.dh * w.o * (1 - np.tanh(w.c_prev) ** 2),
            "total-slope-of-h": lambda w: w.dc + w.dh * w.o * (1 - (w.o * w.tanh_c) ** 2),
            "total-slope-of-g": lambda w: w.dc + w.dh * w.o * (1 - w.g**2),
            "total-not-squared": lambda w: w.dc + w.dh * w.o * (1 - w.tanh_c),
            "total-square-only": lambda w: w.dc + w.dh * w.o * w.tanh_c**2,
            "total-value": lambda w: w.dc + w.dh * w.o * w.tanh_c,
            "total-by-tanh-c": lambda w: w.dc + w.dh * w.tanh_c * (1 - w.tanh_c**2),
            "total-slope-of-gate": lambda w: w.dc + w.dh * w.o * (1 - w.o),
            "total-dc-by-f": lambda w: w.dc * w.f + w.dh * w.o * (1 - w.tanh_c**2),
            "total-minus": lambda w: w.dc - w.dh * w.o * (1 - w.tanh_c**2),
            "total-multiplied": lambda w: w.dc * w.dh * w.o * (1 - w.tanh_c**2),
        },
    )


# What reaches a gate, in wrong forms.
BLOCKS: dict[str, dict[str, Any]] = {
    "into_i": {
        "di-bare": lambda w: w.total,
        "di-by-i": lambda w: w.total * w.i,
        "di-by-c-prev": lambda w: w.total * w.c_prev,
        "di-from-dc": lambda w: w.dc * w.g,
    },
    "into_f": {
        "df-by-new-cell": lambda w: w.total * w.c,
        "df-bare": lambda w: w.total,
        "df-by-f": lambda w: w.total * w.f,
        "df-by-g": lambda w: w.total * w.g,
        "df-by-tanh-c-prev": lambda w: w.total * np.tanh(w.c_prev),
        "df-by-tanh-c": lambda w: w.total * w.tanh_c,
        "df-by-h-prev": lambda w: w.total * w.h_prev,
        "df-from-dc": lambda w: w.dc * w.c_prev,
    },
    "into_g": {
        "dg-bare": lambda w: w.total,
        "dg-by-g": lambda w: w.total * w.g,
        "dg-by-f": lambda w: w.total * w.f,
        "dg-from-dc": lambda w: w.dc * w.i,
    },
    "into_o": {
        "do-from-total": lambda w: w.total * w.tanh_c,
        "do-from-dc": lambda w: w.dc * w.tanh_c,
        "do-with-dc-too": lambda w: (w.dh + w.dc) * w.tanh_c,
        "do-by-cell": lambda w: w.dh * w.c,
        "do-bare": lambda w: w.dh,
        "do-by-o": lambda w: w.dh * w.o,
        "do-by-tanh-again": lambda w: w.dh * np.tanh(w.tanh_c),
        "do-by-slope": lambda w: w.dh * (1 - w.tanh_c**2),
        "do-by-c-prev": lambda w: w.dh * w.c_prev,
    },
}


def block_mistakes() -> Iterator[Mistake]:
    """List mistakes in what reaches each gate."""
    for keyword, wrong in BLOCKS.items():
        yield from many(keyword, wrong)
    for name in NAMES:
        nothing: Any = lambda w: 0 * w.total  # noqa: E731 - one expression
        variant: Any = partial(step_backward, **{f"into_{name}": nothing})
        yield Mistake(f"d{name}-zero", variant, "block-zero", LINES, {"gate": name})
    swapped = partial(step_backward, into_i=lambda w: w.total * w.i, into_g=lambda w: w.total * w.g)
    yield Mistake("di-dg-exchanged", swapped, see=LINES)
    crossed = partial(
        step_backward, into_i=lambda w: w.total * w.c_prev, into_f=lambda w: w.total * w.g
    )
    yield Mistake("di-df-exchanged", crossed, see=LINES)


def slope_mistakes() -> Iterator[Mistake]:
    """List mistakes in the derivatives of the activations."""
    gates: dict[str, Callable[[Array], Array]] = {
        "missing": np.ones_like,
        "of-tanh": slope_of_tanh,
        "rest-only": lambda gate: 1 - gate,
        "value-only": lambda gate: gate,
        "negated": lambda gate: gate * (gate - 1),
        "sigma-again": _sigma_again,
    }
    for name, slope in gates.items():
        for gate in "ifo":
            variant: Any = partial(step_backward, **{f"at_{gate}": slope})  # type: ignore[arg-type]
            yield Mistake(
                f"slope-{gate}-{name}", variant, f"slope-gate-{name}", LINES, {"gate": gate}
            )
        three = partial(step_backward, at_i=slope, at_f=slope, at_o=slope)
        yield Mistake(f"slopes-{name}", three, see=LINES)
    yield from many(
        "at_g",
        {
            "slope-g-missing": np.ones_like,
            "slope-g-of-sigma": slope_of_sigma,
            "slope-g-not-squared": lambda g: 1 - g,
            "slope-g-square-only": lambda g: g**2,
            "slope-g-negated": lambda g: g**2 - 1,
            "slope-g-tanh-again": lambda g: 1 - np.tanh(g) ** 2,
        },
    )
    none = partial(step_backward, **dict.fromkeys(("at_i", "at_f", "at_g", "at_o"), np.ones_like))  # type: ignore[arg-type]
    yield Mistake("slopes-all-missing", none, see=LINES)
    exchanged = partial(
        step_backward,
        at_i=slope_of_tanh,
        at_f=slope_of_tanh,
        at_g=slope_of_sigma,
        at_o=slope_of_tanh,
    )
    yield Mistake("slopes-exchanged", exchanged, see=LINES)


def _sigma_again(gate: Array) -> Array:
    again = 1 / (1 + np.exp(-gate))
    slope: Array = again * (1 - again)
    return slope


def order_mistakes() -> Iterator[Mistake]:
    """List wrong orders of the four blocks."""
    for letters in permutations(NAMES):
        order = "".join(letters)
        if order != NAMES:
            fields = {"order": ", ".join(order)}
            variant = partial(step_backward, order=order)
            yield Mistake(f"order-{order}", variant, "block-order", FUSED, fields)


def cell_path_mistakes() -> Iterator[Mistake]:
    """List mistakes in what goes back to the cell before."""
    yield from many(
        "to_c",
        {
            "dc-prev-without-f": lambda w: w.total,
            "dc-prev-from-dc": lambda w: w.dc * w.f,
            "dc-prev-from-dh": lambda w: (w.total - w.dc) * w.f,
            "dc-prev-passed-on": lambda w: w.dc,
            "dc-prev-by-i": lambda w: w.total * w.i,
            "dc-prev-by-slope": lambda w: w.total * w.f * (1 - w.f),
            "dc-prev-by-rest": lambda w: w.total * (1 - w.f),
            "dc-prev-by-cell": lambda w: w.total * w.f * w.c_prev,
            "dc-prev-through-tanh": lambda w: w.total * w.f * (1 - w.tanh_c**2),
            "dc-prev-through-tanh-before": lambda w: w.total * w.f * (1 - np.tanh(w.c_prev) ** 2),
            "dc-prev-with-dc-twice": lambda w: w.total * w.f + w.dc,
            "dc-prev-negated": lambda w: -w.total * w.f,
            "dc-prev-zero": lambda w: 0 * w.total,
        },
        CELL_PATH,
    )
