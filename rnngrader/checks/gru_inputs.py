"""The inputs of the GRU unit, with both places of the reset gate."""

from collections.abc import Sequence
from typing import Any

import numpy as np

from rnncore import gru
from rnncore.params import GRUParams
from rnngrader.checks.inputs import Draw, Inputs
from rnngrader.checks.spec import PROBE, Case, Level


def _step_args(draw: Draw) -> tuple[Any, ...]:
    x, h_prev = draw.signal("batch", "input_size"), draw.state("batch", "hidden_size")
    return x, h_prev, draw.params(GRUParams)


def _backward_args(draw: Draw) -> tuple[Any, ...]:
    x, h_prev, params = _step_args(draw)
    _, cache = gru.gru_step(x, h_prev, params)
    return draw.normal("batch", "hidden_size"), cache, params


_STEP = Inputs("gru_step", _step_args, kind="after")
_BACKWARD = Inputs("gru_step_backward", _backward_args, kind="after")


def _said(place: str) -> Any:
    """Give the place of the reset gate as an argument; without it, the default counts."""
    return lambda args: (*args, place)


def _cached_before(args: tuple[Any, ...]) -> tuple[object, ...]:
    dh, cache, params = args
    return dh, gru.gru_step(cache.x, cache.h_prev, params, "before")[1], params


def step_cases(level: Level) -> Sequence[Case]:
    """Return the cases of `gru_step`."""
    before = _said("before")
    visible = [
        _STEP.full("a"),
        _STEP.case("start", "after", stream="b", start=True),
        _STEP.case("full", "after", stream="c", change=_said("after")),
        _STEP.case("full-before", "before", stream="a", change=before),
        _STEP.case("full-before", "before", stream="b", change=before),
    ]
    if level == "visible":
        return visible
    large = _STEP.case(
        "large-before", "edges", stream="before", edge=True, large=True, change=before
    )
    return [
        *visible,
        *_STEP.varied("batch", "hidden_size", "input_size"),
        _STEP.large(),
        large,
    ]


def step_probes() -> Sequence[Case]:
    """Return the probes of `gru_step`."""
    zeroed = [_STEP.zeroed(name, n) for n, name in enumerate(("x", "h_prev"))]
    return [*zeroed, _STEP.unbiased(), *_STEP.squares()]


def backward_cases(level: Level) -> Sequence[Case]:
    """Return the cases of `gru_step_backward`; the cache says where the reset gate stands."""
    visible = [
        _BACKWARD.full("a"),
        _BACKWARD.case("start", "after", stream="b", start=True),
        _BACKWARD.full("c"),
        _BACKWARD.case("full-before", "before", stream="a", change=_cached_before),
        _BACKWARD.case("full-before", "before", stream="b", change=_cached_before),
    ]
    if level == "visible":
        return visible
    return [
        *visible,
        *_BACKWARD.varied("batch", "hidden_size", "input_size"),
        _BACKWARD.large(),
    ]


def backward_probes() -> Sequence[Case]:
    """Return the probes of `gru_step_backward`: gates that are shut, and equal sizes."""
    return [
        _BACKWARD.case("kept", PROBE, change=_biased(update=40.0)),
        _BACKWARD.case("reset-open", PROBE, change=_biased(reset=40.0)),
        *_BACKWARD.squares(),
    ]


def _biased(*, reset: float = 0.0, update: float = 0.0) -> Any:
    """Push a gate to its limit by its bias, and run forward again."""

    def change(args: tuple[Any, ...]) -> tuple[object, ...]:
        dh, cache, params = args
        size = cache.h_prev.shape[1]
        pushed = np.repeat([reset, update, 0.0], size)
        params = params._replace(bias_ih=params.bias_ih + pushed)
        return dh, gru.gru_step(cache.x, cache.h_prev, params)[1], params

    return change
