"""What ``rnncore`` says about the numbers of each widget: one module per widget.

Each module has

``SOURCE``
    the name of the function of ``rnncore`` that is the authority,
``EXACT``
    results made of sums and products only, which every machine rounds alike,
``cases()``
    all inputs by the name of the case, and
``outputs(inputs)``
    the results for such inputs, computed by ``rnncore``.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from rnnwidgets._inputs import Choice, Input, Number, Numbers, Text, Toggle
from rnnwidgets._widget import CourseWidget

__all__ = ["usual_cases"]


def _random_value(trait: Input, rng: np.random.Generator) -> Any:
    match trait:
        case Number(whole=True):
            return int(rng.integers(int(trait.low), int(trait.high), endpoint=True))
        case Number():
            return round(float(rng.uniform(trait.low, trait.high)), 6)
        case Numbers():
            return [_random_value(trait.one, rng) for _ in range(trait.length)]
        case Choice():
            return trait.options[int(rng.integers(len(trait.options)))]
        case Toggle():
            return bool(rng.integers(2))
        case Text():
            return trait.described()["start"]
    raise TypeError(f"expected a known kind of input, got {type(trait).__name__}")


def _bound(trait: Input, bound: str) -> Any:
    if isinstance(trait, Number):
        return getattr(trait, bound)
    if isinstance(trait, Numbers):
        return [getattr(trait.one, bound)] * trait.length
    return trait.described()["start"]


def usual_cases(
    widget: type[CourseWidget],
    more: Mapping[str, Any],
    *,
    random: int,
    seed: int,
) -> dict[str, dict[str, Any]]:
    """Return the cases every widget is tested on.

    Args:
        widget: The class, which knows inputs, defaults and examples.
        more: Further cases by name; what they leave out has its default.
        random: How many random cases, drawn evenly from the ranges.
        seed: Seed of the random cases.

    Returns:
        Inputs by name: the start, each example, all inputs lowest, all highest, ``more``,
        every option of every choice, random ones.
    """
    start = widget.defaults()
    inputs = widget.inputs()
    cases: dict[str, dict[str, Any]] = {"defaults": start}
    cases |= {name: start | dict(changes) for name, changes in widget.PRESETS.items()}
    cases |= {
        f"all_{bound}": {name: _bound(trait, bound) for name, trait in inputs.items()}
        for bound in ("low", "high")
    }
    cases |= {name: start | dict(changes) for name, changes in more.items()}
    for name, trait in inputs.items():
        if isinstance(trait, Choice):
            cases |= {f"{name}_{option}": start | {name: option} for option in trait.options}
        elif isinstance(trait, Toggle):
            cases[f"{name}_other"] = start | {name: not start[name]}
    rng = np.random.default_rng(seed)
    for number in range(random):
        drawn = {name: _random_value(trait, rng) for name, trait in inputs.items()}
        cases[f"random_{number:02d}"] = drawn
    return cases
