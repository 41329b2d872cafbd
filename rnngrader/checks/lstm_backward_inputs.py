"""The inputs of the unit lstm-backward. Caches are made by a right forward pass."""

from collections.abc import Sequence
from typing import Any

import numpy as np

from rnncore.lstm import lstm_step
from rnncore.params import LSTMParams
from rnngrader.checks.inputs import Draw, Inputs
from rnngrader.checks.spec import PROBE, Case, Level


def _step_args(draw: Draw) -> tuple[Any, ...]:
    x, h_prev = draw.signal("batch", "input_size"), draw.state("batch", "hidden_size")
    c_prev, params = draw.cell("batch", "hidden_size"), draw.params(LSTMParams)
    dh, dc = draw.normal("batch", "hidden_size"), draw.normal("batch", "hidden_size")
    return dh, dc, lstm_step(x, h_prev, c_prev, params)[2], params


def _sequence_args(draw: Draw) -> tuple[Any, ...]:
    x, h = draw.normal("batch", "seq", "input_size"), draw.state("batch", "hidden_size")
    c, params, caches = draw.cell("batch", "hidden_size"), draw.params(LSTMParams), []
    for t in range(draw.size("seq")):
        h, c, cache = lstm_step(x[:, t], h, c, params)
        caches.append(cache)
    doutput = draw.normal("batch", "seq", "hidden_size")
    dstate = draw.normal("batch", "hidden_size"), draw.normal("batch", "hidden_size")
    return doutput, dstate, caches, params


_STEP = Inputs("lstm_step_backward", _step_args)
_SEQUENCE = Inputs("lstm_backward", _sequence_args, ascending=("batch", "seq"))


def step_cases(level: Level) -> Sequence[Case]:
    """Return the cases of `lstm_step_backward`."""
    visible = [_STEP.full("a"), _STEP.start("b"), _STEP.full("c")]
    if level == "visible":
        return visible
    return [
        *visible,
        *_STEP.varied("batch", "hidden_size", "input_size"),
        _STEP.large(),
    ]


def step_probes() -> Sequence[Case]:
    """Return the probes of `lstm_step_backward`: one of the two gradients alone, equal sizes."""
    return [_STEP.zeroed("dh", 0), _STEP.zeroed("dc", 1), *_STEP.squares()]


def sequence_cases(level: Level) -> Sequence[Case]:
    """Return the cases of `lstm_backward`: the loss at all steps, and at the end alone."""
    visible = [_SEQUENCE.full("a"), _SEQUENCE.start("b"), _SEQUENCE.full("c", swap=True)]
    if level == "visible":
        return visible
    return [
        *visible,
        _SEQUENCE.case("end-alone", "state", change=lambda a: (np.zeros_like(a[0]), *a[1:])),
        *_SEQUENCE.varied("batch", "hidden_size", "seq"),
    ]


def sequence_probes() -> Sequence[Case]:
    """Return the probes of `lstm_backward`."""
    one = _SEQUENCE.case("one-step", PROBE, stream="probe", sizes={"seq": 1})
    zeroed = [_SEQUENCE.zeroed(name, n) for n, name in enumerate(("doutput", "dstate"))]
    return [one, *zeroed, *_SEQUENCE.squares()]
