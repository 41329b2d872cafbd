"""The inputs of the LSTM unit."""

from collections.abc import Sequence
from typing import Any

from rnncore.params import LSTMParams
from rnngrader.checks.inputs import Draw, Inputs
from rnngrader.checks.spec import PROBE, Case, Level


def _gates_args(draw: Draw) -> tuple[Any, ...]:
    x, h = draw.signal("batch", "input_size"), draw.state("batch", "hidden_size")
    return x, h, draw.params(LSTMParams)


def _step_args(draw: Draw) -> tuple[Any, ...]:
    x, h = draw.signal("batch", "input_size"), draw.state("batch", "hidden_size")
    return x, h, draw.cell("batch", "hidden_size"), draw.params(LSTMParams)


def _forward_args(draw: Draw) -> tuple[Any, ...]:
    x, h = draw.signal("batch", "seq", "input_size"), draw.state("batch", "hidden_size")
    return x, h, draw.cell("batch", "hidden_size"), draw.params(LSTMParams)


_GATES = Inputs("lstm_gates", _gates_args)
_STEP = Inputs("lstm_step", _step_args)
_FORWARD = Inputs("lstm_forward", _forward_args, ascending=("batch", "seq"))


def gates_cases(level: Level) -> Sequence[Case]:
    """Return the cases of `lstm_gates`."""
    return _cell_cases(_GATES, level)


def step_cases(level: Level) -> Sequence[Case]:
    """Return the cases of `lstm_step`."""
    return _cell_cases(_STEP, level)


def forward_cases(level: Level) -> Sequence[Case]:
    """Return the cases of `lstm_forward`, with more steps than sequences and with fewer."""
    inputs = _FORWARD
    visible = [inputs.full("a"), inputs.start("b"), inputs.full("c", swap=True)]
    if level == "visible":
        return visible
    return [
        *visible,
        inputs.start("e", swap=True),
        *inputs.varied("batch", "hidden_size", "seq"),
        inputs.edge("no-step", seq=0, may_refuse=True),
        inputs.large(),
    ]


def gates_probes() -> Sequence[Case]:
    """Return the probes of `lstm_gates`."""
    zeroed = [_GATES.zeroed(name, n) for n, name in enumerate(("x", "h_prev"))]
    return [*zeroed, _GATES.unbiased(), *_GATES.squares()]


def step_probes() -> Sequence[Case]:
    """Return the probes of `lstm_step`."""
    zeroed = [_STEP.zeroed(name, n) for n, name in enumerate(("x", "h_prev", "c_prev"))]
    return [*zeroed, _STEP.unbiased(), *_STEP.squares()]


def forward_probes() -> Sequence[Case]:
    """Return the probes of `lstm_forward`."""
    one = _FORWARD.case("one-step", PROBE, stream="probe", sizes={"seq": 1})
    zeroed = [_FORWARD.zeroed(name, n) for n, name in enumerate(("x", "h_0", "c_0"))]
    return [one, *zeroed, _FORWARD.unbiased(), *_FORWARD.squares()]


def _cell_cases(inputs: Inputs, level: Level) -> Sequence[Case]:
    visible = [inputs.full("a"), inputs.start("b"), inputs.full("c")]
    if level == "visible":
        return visible
    return [
        *visible,
        inputs.full("d"),
        inputs.start("e"),
        *inputs.varied("batch", "hidden_size", "input_size"),
        inputs.large(),
    ]
