"""The unit lstm-backward: the way back through one step of an LSTM, and through all."""

from collections.abc import Sequence

import numpy as np

from rnncore.lstm import LSTMCache, lstm_step_backward
from rnncore.params import LSTMParams
from rnngrader.checks import lstm_backward_inputs as inputs
from rnngrader.checks.aspects import aspects
from rnngrader.checks.bank.behaviours import behaviours
from rnngrader.checks.bank.lstm_backward import LINES, SYMPTOMS, Gradients
from rnngrader.checks.bank.lstm_backward_affine import returned_mistakes, step_mistakes
from rnngrader.checks.bank.lstm_backward_sequence import backward_mistakes
from rnngrader.checks.closeness import same
from rnngrader.checks.results import Group, Layout, NumericArray, Output, Results
from rnngrader.checks.spec import Aspect, Exercise

PARAMS = (
    Output("dweight_ih", "rows input_size", ("weight_ih",)),
    Output("dweight_hh", "rows hidden_size", ("weight_hh",)),
    Output("dbias_ih", "rows", ("bias_ih",)),
    Output("dbias_hh", "rows", ("bias_hh",)),
)
DPARAMS = Group("dparams", PARAMS, ("grads", "params", "gradients"))
PARAM_NAMES = tuple(output.name for output in PARAMS)
STEP_GRADIENTS = Layout(
    (
        Output("dx", "batch input_size"),
        Output("dh_prev", "batch hidden_size"),
        Output("dc_prev", "batch hidden_size"),
        DPARAMS,
    )
)
# The two gradients of the first state may come as a pair, as dstate does.
GRADIENTS = Layout(
    (
        Output("dx", "batch seq input_size"),
        Group(
            "dstate_0",
            (Output("dh_0", "batch hidden_size"), Output("dc_0", "batch hidden_size")),
            ("dstate",),
        ),
        DPARAMS,
    )
)


def step_backward(
    dh: NumericArray, dc: NumericArray, cache: LSTMCache, params: LSTMParams
) -> Gradients:
    """Carry two gradients back through one step; the cache is that of the notebook."""
    return lstm_step_backward(dh, dc, LSTMCache(*cache), LSTMParams(*params))


def backward(
    doutput: NumericArray,
    dstate: tuple[NumericArray, NumericArray],
    cache: Sequence[LSTMCache],
    params: LSTMParams,
) -> Gradients:
    """Carry two gradients back through all steps; the cache holds one of each step."""
    dh, dc = dstate
    dxs, total = [], None
    for t in reversed(range(len(cache))):
        dx, dh, dc, dparams = step_backward(doutput[:, t] + dh, dc, cache[t], params)
        dxs.append(dx)
        total = dparams if total is None else LSTMParams(*map(np.add, total, dparams))
    assert total is not None  # noqa: S101 - sequences have steps
    return np.stack(dxs[::-1], axis=1), dh, dc, total


def _hints(got: Results, expected: Results) -> list[tuple[str, dict[str, str]]]:
    """Read the pattern of right and wrong blocks, as the chapter does."""
    pairs = zip(_blocks(got), _blocks(expected), strict=True)
    blocks = dict(zip("ifgo", pairs, strict=True))
    wrong = "".join(name for name, (theirs, ours) in blocks.items() if not same(theirs, ours))
    cell = next(name for name in ("dc_prev", "dc_0") if name in expected)
    cell_right = same(got[cell], expected[cell])
    if not wrong:
        return [] if cell_right else [("cell-only", {"output": cell})]
    if wrong == "ifg" and not cell_right:
        return [("all-but-output-gate", {})]
    if len(wrong) == 1:
        return [("one-block", {"gate": wrong})]
    return [("all-blocks", {})] if wrong == "ifgo" and cell_right else []


def _blocks(results: Results) -> list[NumericArray]:
    return np.split(results["dbias_ih"].ravel(), 4)


EXERCISES = (
    Exercise(
        unit="lstm_backward",
        name="lstm_step_backward",
        reference=step_backward,
        layout=STEP_GRADIENTS,
        arguments=("dh", "dc", "cache", "params"),
        cases=inputs.step_cases,
        probes=inputs.step_probes,
        aspects=aspects(
            Aspect("dx", 1, outputs=("dx",)),
            Aspect("dh_prev", 1, outputs=("dh_prev",)),
            Aspect("dc_prev", 1.5, outputs=("dc_prev",)),
            Aspect("dparams", 2.5, outputs=PARAM_NAMES),
        ),
        mistakes=(*step_mistakes(), *returned_mistakes(), *behaviours(step_backward, writes=1)),
        see=SYMPTOMS,
        hints=_hints,
    ),
    Exercise(
        unit="lstm_backward",
        name="lstm_backward",
        reference=backward,
        layout=GRADIENTS,
        arguments=("doutput", "dstate", "cache", "params"),
        cases=inputs.sequence_cases,
        probes=inputs.sequence_probes,
        aspects=aspects(
            Aspect("dx", 1.5, outputs=("dx",)),
            Aspect("dstate_0", 2, outputs=("dh_0", "dc_0")),
            Aspect("dparams", 2.5, outputs=PARAM_NAMES),
        ),
        mistakes=(*backward_mistakes(), *behaviours(backward, writes=1)),
        see=LINES,
        stand_ins=({"lstm_step_backward": step_backward},),
        earlier="lstm_step_backward",
        hints=_hints,
    ),
)
