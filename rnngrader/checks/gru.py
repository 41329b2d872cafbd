"""The GRU unit: one step with the reset gate in two places, and the way back through it."""

import numpy as np

from rnncore import gru
from rnncore.gru import GRUCache
from rnncore.params import GRUParams
from rnngrader.checks import gru_inputs as inputs
from rnngrader.checks.aspects import aspects
from rnngrader.checks.bank.behaviours import behaviours
from rnngrader.checks.bank.gru_backward import BACKWARD, Gradients
from rnngrader.checks.bank.gru_candidate import step_mistakes
from rnngrader.checks.bank.gru_params import backward_mistakes
from rnngrader.checks.bank.gru_step import UNIT
from rnngrader.checks.closeness import same
from rnngrader.checks.results import Group, Layout, NumericArray, Output, Results
from rnngrader.checks.spec import Aspect, Exercise

STATE = Layout((Output("h", "batch hidden_size", ("h_t", "h_next", "h_new", "hidden")),))
PARAMS = (
    Output("dweight_ih", "rows input_size", ("weight_ih",)),
    Output("dweight_hh", "rows hidden_size", ("weight_hh",)),
    Output("dbias_ih", "rows", ("bias_ih",)),
    Output("dbias_hh", "rows", ("bias_hh",)),
)
PARAM_NAMES = tuple(output.name for output in PARAMS)
GRADIENTS = Layout(
    (
        Output("dx", "batch input_size"),
        Output("dh_prev", "batch hidden_size"),
        Group("dparams", PARAMS, ("grads", "params", "gradients")),
    )
)


def step_backward(dh: NumericArray, cache: GRUCache, params: GRUParams) -> Gradients:
    """Carry a gradient back through one step; the cache is that of the notebook."""
    return gru.gru_step_backward(dh, GRUCache(*cache), GRUParams(*params))


def _step_hints(got: Results, expected: Results) -> list[tuple[str, dict[str, str]]]:
    outside = np.abs(got["h"]).max() > max(1.0, float(np.abs(expected["h"]).max()))
    return [("h-range", {})] if outside else []


def _backward_hints(got: Results, expected: Results) -> list[tuple[str, dict[str, str]]]:
    """Tell which blocks of gradients are right, and whether the ways back are."""
    blocks = dict(zip("rzn", zip(_blocks(got), _blocks(expected), strict=True), strict=True))
    wrong = [name for name, (theirs, ours) in blocks.items() if not same(theirs, ours)]
    if not wrong:
        ways = {"dx", "dh_prev"}
        if all(same(got[name], expected[name]) for name in set(expected) - ways):
            return [("weights-right", {})]
        return []
    if wrong == ["r", "n"]:
        return [("candidate-blocks", {})]
    if len(wrong) == 1:
        return [("one-block", {"block": wrong[0]})]
    return [("all-blocks", {})] if len(wrong) == 3 else []


def _blocks(results: Results) -> list[NumericArray]:
    return np.split(results["dbias_ih"].ravel(), 3)


EXERCISES = (
    Exercise(
        unit="gru",
        name="gru_step",
        reference=gru.gru_step,
        layout=STATE,
        arguments=("x", "h_prev", "params", "reset"),
        cases=inputs.step_cases,
        probes=inputs.step_probes,
        aspects=aspects(Aspect("after", 3.5), Aspect("before", 2.5)),
        mistakes=(*step_mistakes(), *behaviours(gru.gru_step, writes=1)),
        see=UNIT,
        hints=_step_hints,
    ),
    Exercise(
        unit="gru",
        name="gru_step_backward",
        reference=step_backward,
        layout=GRADIENTS,
        arguments=("dh", "cache", "params"),
        cases=inputs.backward_cases,
        probes=inputs.backward_probes,
        aspects=aspects(
            Aspect("dx", 1, outputs=("dx",)),
            Aspect("dh_prev", 1.5, outputs=("dh_prev",)),
            Aspect("dparams", 1.5, outputs=PARAM_NAMES),
            Aspect("after", 1),
            Aspect("before", 1),
        ),
        mistakes=(*backward_mistakes(), *behaviours(step_backward)),
        see=BACKWARD,
        hints=_backward_hints,
    ),
)
