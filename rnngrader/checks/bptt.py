"""The BPTT unit: the way back through one step and through all, and two ways to limit it."""

from collections.abc import Sequence

import numpy as np

from rnncore import optim, rnn
from rnncore.params import RNNParams
from rnngrader.checks import bptt_inputs as inputs
from rnngrader.checks.aspects import aspects
from rnngrader.checks.bank import bptt_limits as limits
from rnngrader.checks.bank.behaviours import behaviours
from rnngrader.checks.bank.bptt_sequence import ALL_STEPS, backward_mistakes
from rnngrader.checks.bank.bptt_step import STEP, RNNCache, returned_mistakes, step_mistakes
from rnngrader.checks.closeness import same
from rnngrader.checks.results import Group, Layout, NumericArray, Output, Results
from rnngrader.checks.spec import Aspect, Exercise

PARAMS = (
    Output("dweight_ih", "hidden_size input_size", ("weight_ih",)),
    Output("dweight_hh", "hidden_size hidden_before", ("weight_hh",)),
    Output("dbias_ih", "hidden_size", ("bias_ih",)),
    Output("dbias_hh", "hidden_size", ("bias_hh",)),
)
DPARAMS = Group("dparams", PARAMS, ("grads", "params", "gradients"))
PARAM_NAMES = tuple(output.name for output in PARAMS)
STEP_GRADIENTS = Layout(
    (Output("dx", "batch input_size"), Output("dh_prev", "batch hidden_size"), DPARAMS)
)
GRADIENTS = Layout(
    (Output("dx", "batch seq input_size"), Output("dh_0", "batch hidden_size"), DPARAMS)
)
CLIPPED = Layout((Group("clipped", PARAMS, ("grads",)), Output("norm", "")))
WINDOWED = Layout(
    (Output("output", "batch seq hidden_size"), Output("h_n", "batch hidden_size"), DPARAMS)
)
WEIGHTS_ASPECT = Aspect("dparams", 2.5, outputs=PARAM_NAMES)


def step_backward(
    dh: NumericArray, cache: RNNCache, params: RNNParams
) -> tuple[NumericArray, NumericArray, RNNParams]:
    """Carry a gradient back through one step; the cache is that of the notebook."""
    return rnn.rnn_step_backward(dh, rnn.RNNCache(*cache, "tanh"), RNNParams(*params))


def backward(
    doutput: NumericArray, dh_n: NumericArray, cache: Sequence[RNNCache], params: RNNParams
) -> tuple[NumericArray, NumericArray, RNNParams]:
    """Carry a gradient back through all steps; the cache holds one of each step."""
    dh, dxs, total = dh_n, [], None
    for t in reversed(range(len(cache))):
        dx, dh, dparams = step_backward(doutput[:, t] + dh, cache[t], params)
        dxs.append(dx)
        total = dparams if total is None else RNNParams(*map(np.add, total, dparams))
    assert total is not None  # noqa: S101 - sequences have steps
    return np.stack(dxs[::-1], axis=1), dh, total


def _backward_hints(got: Results, expected: Results) -> list[tuple[str, dict[str, str]]]:
    """Tell which part of the way back works, by the pattern of right and wrong results."""
    right = {name for name, array in expected.items() if same(got[name], array)}
    ways = {"dx", "dh_prev", "dh_0"} & set(expected)
    if ways <= right:
        return [("ways-right", {})]
    if set(PARAM_NAMES) <= right:
        return [("weights-right", {})]
    if not right:
        return [("nothing-right" if "dh_prev" in expected else "nothing-right-anywhere", {})]
    return []


def _clip_hints(got: Results, expected: Results) -> list[tuple[str, dict[str, str]]]:
    ours, theirs = (np.concatenate([r[n].ravel() for n in PARAM_NAMES]) for r in (expected, got))
    lengths = np.linalg.norm(ours) * np.linalg.norm(theirs)
    if lengths and not same(np.array(ours @ theirs / lengths), np.array(1.0)):
        return [("direction-changed", {})]
    return []


EXERCISES = (
    Exercise(
        unit="bptt",
        name="rnn_step_backward",
        reference=step_backward,
        layout=STEP_GRADIENTS,
        arguments=("dh", "cache", "params"),
        cases=inputs.step_cases,
        probes=inputs.step_probes,
        aspects=aspects(
            Aspect("dx", 1.5, outputs=("dx",)),
            Aspect("dh_prev", 2, outputs=("dh_prev",)),
            WEIGHTS_ASPECT,
        ),
        mistakes=(*step_mistakes(), *returned_mistakes(), *behaviours(step_backward)),
        see=STEP,
        hints=_backward_hints,
    ),
    Exercise(
        unit="bptt",
        name="rnn_backward",
        reference=backward,
        layout=GRADIENTS,
        arguments=("doutput", "dh_n", "cache", "params"),
        cases=inputs.sequence_cases,
        probes=inputs.sequence_probes,
        aspects=aspects(
            Aspect("dx", 1.5, outputs=("dx",)),
            Aspect("dh_0", 2, outputs=("dh_0",)),
            WEIGHTS_ASPECT,
        ),
        mistakes=(*backward_mistakes(), *behaviours(backward)),
        see=ALL_STEPS,
        stand_ins=({"rnn_step_backward": step_backward},),
        earlier="rnn_step_backward",
        hints=_backward_hints,
    ),
    Exercise(
        unit="bptt",
        name="clip_by_global_norm",
        reference=optim.clip_by_global_norm,
        layout=CLIPPED,
        arguments=("grads", "max_norm"),
        cases=inputs.clip_cases,
        probes=inputs.clip_probes,
        # A small number in the denominator is common, and right enough: no line on precision.
        aspects=aspects(Aspect("above", 3.5), Aspect("below", 2.5), precision=False),
        mistakes=(
            *limits.clip_mistakes(),
            *behaviours(optim.clip_by_global_norm, keeps_precision=False),
        ),
        see=limits.CLIPPING,
        hints=_clip_hints,
    ),
    Exercise(
        unit="bptt",
        name="truncated_bptt",
        reference=limits.truncated,
        layout=WINDOWED,
        arguments=("x", "h_0", "doutput", "params", "size"),
        cases=inputs.window_cases,
        probes=inputs.window_probes,
        aspects=aspects(
            Aspect("output", 2, outputs=("output", "h_n")),
            Aspect("dparams", 4, outputs=PARAM_NAMES),
        ),
        mistakes=(*limits.truncated_mistakes(), *behaviours(limits.truncated)),
        see=limits.TRUNCATION,
        alternatives=(limits.aligned_to_the_end,),
        stand_ins=({"rnn_backward": backward},),
        earlier="rnn_backward",
    ),
)
