"""The LSTM unit: what `lstm_gates`, `lstm_step` and `lstm_forward` are asked."""

from collections.abc import Callable, Sequence

import numpy as np

from rnncore import lstm
from rnngrader.checks.bank.lstm import (
    CODE,
    EQUATIONS,
    SHAPES,
    lstm_forward_mistakes,
    lstm_gates_mistakes,
    lstm_step_mistakes,
)
from rnngrader.checks.closeness import same
from rnngrader.checks.lstm_inputs import Inputs
from rnngrader.checks.results import Layout, NumericArray, Output, Results
from rnngrader.checks.spec import Aspect, Case, Exercise, Level

GATES = Layout(
    (
        Output("i", 2, ("input", "input_gate", "i_t")),
        Output("f", 2, ("forget", "forget_gate", "f_t")),
        Output("g", 2, ("candidate", "c_tilde", "g_t")),
        Output("o", 2, ("output", "output_gate", "o_t")),
    )
)
STATE = Layout(
    (
        Output("h", 2, ("h_t", "h_next", "h_new", "hidden")),
        Output("c", 2, ("c_t", "c_next", "c_new", "cell")),
    )
)
SEQUENCE = Layout(
    (
        Output("output", 3, ("outputs", "out", "hs")),
        Output("h_n", 2, ("h", "h_last", "hn")),
        Output("c_n", 2, ("c", "c_last", "cn")),
    ),
    state=2,
)
ASPECTS = (
    Aspect("runs", 0.5),
    Aspect("shapes", 0.5),
    Aspect("start", 2),
    Aspect("state", 4),
    Aspect("edges", 1, levels=("full",), earned=True),
    Aspect("precision", 0.5, levels=("full",), earned=True),
    Aspect("arguments", 1, earned=True),
    Aspect("repeat", 0.5, earned=True),
)


def _cell_cases(inputs: Inputs) -> Callable[[Level], Sequence[Case]]:
    def cases(level: Level) -> Sequence[Case]:
        visible = [inputs.full("a"), inputs.start("b"), inputs.full("c")]
        if level == "visible":
            return visible
        edges = [
            inputs.edge("one-sequence", batch=1),
            inputs.edge("one-unit", hidden_size=1),
            inputs.edge("one-feature", input_size=1),
            inputs.large(),
        ]
        more = [inputs.full("d"), inputs.start("e"), inputs.single(), inputs.strided()]
        return [*visible, *more, *edges]

    return cases


def _forward_cases(inputs: Inputs) -> Callable[[Level], Sequence[Case]]:
    def cases(level: Level) -> Sequence[Case]:
        visible = [
            inputs.full("a", more_steps=1),
            inputs.start("b", more_steps=1),
            inputs.full("c", more_steps=0),
        ]
        if level == "visible":
            return visible
        edges = [
            inputs.edge("one-sequence", batch=1),
            inputs.edge("one-unit", hidden_size=1),
            inputs.edge("one-step", seq=1),
            inputs.edge("no-step", seq=0, may_refuse=True),
            inputs.large(),
        ]
        more = [inputs.start("e", more_steps=0), inputs.single(), inputs.strided()]
        return [*visible, *more, *edges]

    return cases


def _gate_hints(got: Results, expected: Results) -> list[tuple[str, dict[str, str]]]:
    del expected
    outside = [name for name in "ifo" if got[name].size and not _within(got[name], 0, 1)]
    hints = [("hint.gate-range", {"gates": ", ".join(outside)})] if outside else []
    return [*hints, *([] if _within(got["g"], -1, 1) else [("hint.g-range", {})])]


def _step_hints(got: Results, expected: Results) -> list[tuple[str, dict[str, str]]]:
    hints: list[tuple[str, dict[str, str]]] = []
    if not _within(got["h"], -1, 1):
        hints.append(("hint.h-range", {}))
    if same(got["c"], -expected["c"]) or same(got["h"], -expected["h"]):
        hints.append(("hint.sign", {}))
    return hints


def _forward_hints(got: Results, expected: Results) -> list[tuple[str, dict[str, str]]]:
    ours, theirs = expected["output"], got["output"]
    if ours.shape != theirs.shape:
        return []
    right = [same(theirs[:, t], ours[:, t]) for t in range(ours.shape[1])]
    if right[0] and not all(right):
        return [("hint.first-step-right", {})]
    if all(right):
        return [("hint.output-right", {})]
    return [("hint.last-step-right", {})] if right[-1] else [("hint.first-step-wrong", {})]


def _within(array: NumericArray, low: float, high: float) -> bool:
    return bool(np.all((array >= low) & (array <= high)))


def _step_probes() -> Sequence[Case]:
    zeroed = [_STEP.zeroed(f"{name}-zero", n) for n, name in enumerate("xhc")]
    return [*zeroed, _STEP.unbiased(), *_STEP.squares()]


def _gates_probes() -> Sequence[Case]:
    zeroed = [_GATES.zeroed(f"{name}-zero", n) for n, name in enumerate("xh")]
    return [*zeroed, _GATES.unbiased(), *_GATES.squares()]


def _forward_probes() -> Sequence[Case]:
    one = Case("one-step", "probe", _FORWARD.draw("one-step-probe", seq=1))
    zeroed = [_FORWARD.zeroed(f"{name}-zero", n) for n, name in enumerate("xhc")]
    return [one, *zeroed, _FORWARD.unbiased(), *_FORWARD.squares()]


def _step_without_cache(*args: NumericArray) -> tuple[NumericArray, NumericArray]:
    h, c, _ = lstm.lstm_step(*args)  # type: ignore[arg-type]
    return h, c


def _step_with_cache(*args: NumericArray) -> tuple[NumericArray, NumericArray, None]:
    return (*_step_without_cache(*args), None)


_GATES = Inputs("lstm_gates", sequence=False, cell=False)
_STEP = Inputs("lstm_step", sequence=False, cell=True)
_FORWARD = Inputs("lstm_forward", sequence=True, cell=True)

EXERCISES = (
    Exercise(
        name="lstm_gates",
        reference=lstm.lstm_gates,
        layout=GATES,
        arguments=("x", "h_prev", "params"),
        cases=_cell_cases(_GATES),
        probes=_gates_probes,
        aspects=ASPECTS,
        mistakes=lstm_gates_mistakes(),
        see=EQUATIONS,
        hints=_gate_hints,
    ),
    Exercise(
        name="lstm_step",
        reference=lstm.lstm_step,
        layout=STATE,
        arguments=("x", "h_prev", "c_prev", "params"),
        cases=_cell_cases(_STEP),
        probes=_step_probes,
        aspects=ASPECTS,
        mistakes=lstm_step_mistakes(),
        see=CODE,
        stand_ins=({"lstm_gates": lstm.lstm_gates},),
        earlier="lstm_gates",
        hints=_step_hints,
    ),
    Exercise(
        name="lstm_forward",
        reference=lstm.lstm_forward,
        layout=SEQUENCE,
        arguments=("x", "h_0", "c_0", "params"),
        cases=_forward_cases(_FORWARD),
        probes=_forward_probes,
        aspects=ASPECTS,
        mistakes=lstm_forward_mistakes(),
        see=SHAPES,
        stand_ins=tuple(
            {"lstm_gates": lstm.lstm_gates, "lstm_step": step}
            for step in (_step_with_cache, _step_without_cache)
        ),
        earlier="lstm_step",
        hints=_forward_hints,
    ),
)
