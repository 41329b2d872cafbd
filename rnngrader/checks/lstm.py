"""The LSTM unit: what `lstm_gates`, `lstm_step` and `lstm_forward` are asked."""

import numpy as np

from rnncore import lstm
from rnngrader.checks import lstm_inputs as inputs
from rnngrader.checks.aspects import ASPECTS
from rnngrader.checks.bank.lstm import (
    CODE,
    EQUATIONS,
    SHAPES,
    lstm_forward_mistakes,
    lstm_gates_mistakes,
    lstm_step_mistakes,
)
from rnngrader.checks.closeness import same
from rnngrader.checks.results import Group, Layout, NumericArray, Output, Results
from rnngrader.checks.spec import Exercise

GATES = Layout(
    (
        Output("i", "batch hidden_size", ("input", "input_gate", "i_t")),
        Output("f", "batch hidden_size", ("forget", "forget_gate", "f_t")),
        Output("g", "batch hidden_size", ("candidate", "c_tilde", "g_t")),
        Output("o", "batch hidden_size", ("output", "output_gate", "o_t")),
    )
)
STATE = Layout(
    (
        Output("h", "batch hidden_size", ("h_t", "h_next", "h_new", "hidden")),
        Output("c", "batch hidden_size", ("c_t", "c_next", "c_new", "cell")),
    )
)
SEQUENCE = Layout(
    (
        Output("output", "batch seq hidden_size", ("outputs", "out", "hs")),
        Group(
            "state",
            (
                Output("h_n", "batch hidden_size", ("h", "h_last", "hn")),
                Output("c_n", "batch hidden_size", ("c", "c_last", "cn")),
            ),
        ),
    )
)


def _gate_hints(got: Results, expected: Results) -> list[tuple[str, dict[str, str]]]:
    del expected
    outside = [name for name in "ifo" if got[name].size and not _within(got[name], 0, 1)]
    hints = [("gate-range", {"gates": ", ".join(outside)})] if outside else []
    return [*hints, *([] if _within(got["g"], -1, 1) else [("g-range", {})])]


def _step_hints(got: Results, expected: Results) -> list[tuple[str, dict[str, str]]]:
    del expected
    return [] if _within(got["h"], -1, 1) else [("h-range", {})]


def _forward_hints(got: Results, expected: Results) -> list[tuple[str, dict[str, str]]]:
    ours, theirs = expected["output"], got["output"]
    if ours.shape != theirs.shape:
        return []
    right = [same(theirs[:, t], ours[:, t]) for t in range(ours.shape[1])]
    if right[0] and not all(right):
        return [("first-step-right", {})] if any(right[1:]) else []
    if all(right):
        return [("output-right", {})]
    return [("last-step-right", {})] if right[-1] else [("first-step-wrong", {})]


def _within(array: NumericArray, low: float, high: float) -> bool:
    return bool(np.all((array >= low) & (array <= high)))


def _step_without_cache(*args: NumericArray) -> tuple[NumericArray, NumericArray]:
    h, c, _ = lstm.lstm_step(*args)  # type: ignore[arg-type]
    return h, c


def _step_with_cache(*args: NumericArray) -> tuple[NumericArray, NumericArray, None]:
    return (*_step_without_cache(*args), None)


EXERCISES = (
    Exercise(
        unit="lstm",
        name="lstm_gates",
        reference=lstm.lstm_gates,
        layout=GATES,
        arguments=("x", "h_prev", "params"),
        cases=inputs.gates_cases,
        probes=inputs.gates_probes,
        aspects=ASPECTS,
        mistakes=lstm_gates_mistakes(),
        see=EQUATIONS,
        hints=_gate_hints,
    ),
    Exercise(
        unit="lstm",
        name="lstm_step",
        reference=lstm.lstm_step,
        layout=STATE,
        arguments=("x", "h_prev", "c_prev", "params"),
        cases=inputs.step_cases,
        probes=inputs.step_probes,
        aspects=ASPECTS,
        mistakes=lstm_step_mistakes(),
        see=CODE,
        stand_ins=({"lstm_gates": lstm.lstm_gates},),
        earlier="lstm_gates",
        hints=_step_hints,
    ),
    Exercise(
        unit="lstm",
        name="lstm_forward",
        reference=lstm.lstm_forward,
        layout=SEQUENCE,
        arguments=("x", "h_0", "c_0", "params"),
        cases=inputs.forward_cases,
        probes=inputs.forward_probes,
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
