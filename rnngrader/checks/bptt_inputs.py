"""The inputs of the BPTT unit. Caches are made by a right forward pass, as in the notebook."""

from collections.abc import Sequence
from typing import Any

import numpy as np

from rnncore.params import RNNParams
from rnngrader.checks.arguments import NumericArray, map_arrays
from rnngrader.checks.bank.bptt_step import RNNCache
from rnngrader.checks.bank.rnn_step import right_step
from rnngrader.checks.inputs import Draw, Inputs
from rnngrader.checks.spec import PROBE, Case, Level


def _cache(x: NumericArray, h_prev: NumericArray, params: RNNParams) -> RNNCache:
    return RNNCache(x, h_prev, right_step(x, h_prev, params))


def _step_args(draw: Draw) -> tuple[Any, ...]:
    x, h_prev = draw.signal("batch", "input_size"), draw.state("batch", "hidden_size")
    params = draw.params(RNNParams)
    return draw.normal("batch", "hidden_size"), _cache(x, h_prev, params), params


def _sequence_args(draw: Draw) -> tuple[Any, ...]:
    x, h = draw.normal("batch", "seq", "input_size"), draw.state("batch", "hidden_size")
    params, caches = draw.params(RNNParams), []
    for t in range(draw.size("seq")):
        caches.append(_cache(x[:, t], h, params))
        h = caches[-1].h
    doutput = draw.normal("batch", "seq", "hidden_size")
    return doutput, draw.normal("batch", "hidden_size"), caches, params


def _clip_args(draw: Draw) -> tuple[Any, ...]:
    return draw.params(RNNParams), float(draw.rng.uniform(0.3, 0.8))


def _window_args(draw: Draw) -> tuple[Any, ...]:
    x, h = draw.normal("batch", "seq", "input_size"), draw.state("batch", "hidden_size")
    doutput = draw.normal("batch", "seq", "hidden_size")
    return x, h, doutput, draw.params(RNNParams), draw.size("size")


_STEP = Inputs("rnn_step_backward", _step_args)
_SEQUENCE = Inputs("rnn_backward", _sequence_args, ascending=("batch", "seq"))
_CLIP = Inputs("clip_by_global_norm", _clip_args, kind="above")
_WINDOW = Inputs("truncated_bptt", _window_args)


def step_cases(level: Level) -> Sequence[Case]:
    """Return the cases of `rnn_step_backward`."""
    visible = [_STEP.full("a"), _STEP.start("b"), _STEP.full("c")]
    if level == "visible":
        return visible
    return [
        *visible,
        *_STEP.varied("batch", "hidden_size", "input_size"),
        _STEP.large(),
    ]


def step_probes() -> Sequence[Case]:
    """Return the probes of `rnn_step_backward`."""
    return [_STEP.unbiased(), *_STEP.squares()]


def sequence_cases(level: Level) -> Sequence[Case]:
    """Return the cases of `rnn_backward`: the loss at all steps, and at the end alone."""
    visible = [_SEQUENCE.full("a"), _SEQUENCE.start("b"), _SEQUENCE.full("c", swap=True)]
    if level == "visible":
        return visible
    return [
        *visible,
        _SEQUENCE.case("end-alone", "state", change=lambda a: (np.zeros_like(a[0]), *a[1:])),
        *_SEQUENCE.varied("batch", "hidden_size", "seq"),
    ]


def sequence_probes() -> Sequence[Case]:
    """Return the probes of `rnn_backward`."""
    one = _SEQUENCE.case("one-step", PROBE, stream="probe", sizes={"seq": 1})
    zeroed = [_SEQUENCE.zeroed(name, n) for n, name in enumerate(("doutput", "dh_n"))]
    return [one, *zeroed, _SEQUENCE.unbiased(), *_SEQUENCE.squares()]


def clip_cases(level: Level) -> Sequence[Case]:
    """Return the cases of `clip_by_global_norm`: gradients above the limit and below it."""
    visible = [_CLIP.full("a"), _above("a", 1.2), _below("a", 0.9), _below("b", 0.6)]
    if level == "visible":
        return visible
    nothing = _CLIP.case("zero", "edges", edge=True, change=_nothing)
    return [*visible, _CLIP.full("c"), _below("c", 0.2), _CLIP.single(), _CLIP.strided(), nothing]


def _above(stream: str, share: float) -> Case:
    """Return a case whose gradient is a little longer than the limit."""
    return _CLIP.case("above", "above", stream=stream, change=_scaled_to(share, 1.0))


def _below(stream: str, share: float) -> Case:
    """Return a case whose gradient is shorter than the limit; in one it is shorter than one too."""
    limit = 1.0 if stream == "a" else 8.0
    return _CLIP.case("below", "below", stream=stream, change=_scaled_to(share, limit))


def _scaled_to(share: float, times: float) -> Any:
    """Give the gradient a length that is a share of the limit, which is multiplied first."""

    def change(args: tuple[Any, ...]) -> tuple[object, ...]:
        grads, limit = args
        norm = float(np.sqrt(sum((array**2).sum() for array in grads)))
        length = share * times * limit
        return map_arrays(grads, lambda array: array * length / norm), times * limit

    return change


def _nothing(args: tuple[Any, ...]) -> tuple[object, ...]:
    grads, limit = args
    return map_arrays(grads, np.zeros_like), limit


def clip_probes() -> Sequence[Case]:
    """Return the probes of `clip_by_global_norm`: none, since no size has a part in it."""
    return []


def window_cases(level: Level) -> Sequence[Case]:
    """Return the cases of `truncated_bptt`; in some the last window is shorter."""
    visible = [
        _WINDOW.full("a", seq=7, size=3),
        _WINDOW.start("b", seq=6, size=2),
        _WINDOW.full("c", seq=5, size=3),
    ]
    if level == "visible":
        return visible
    sizes = {"seq": 7, "size": 3}
    return [
        *visible,
        _WINDOW.case("single", "state", change=_single, sizes=sizes),
        _WINDOW.edge("one-sequence", batch=1, seq=5, size=2),
        _WINDOW.edge("one-window", seq=3, size=3),
        _WINDOW.edge("window-too-long", seq=3, size=6),
        _WINDOW.edge("windows-of-one", seq=4, size=1),
    ]


def _single(args: tuple[Any, ...]) -> tuple[object, ...]:
    return tuple(map_arrays(argument, lambda array: array.astype(np.float32)) for argument in args)


def window_probes() -> Sequence[Case]:
    """Return the probes of `truncated_bptt`."""
    one = _WINDOW.case("one-window", PROBE, sizes={"seq": 4, "size": 4})
    ones = _WINDOW.case("windows-of-one", PROBE, sizes={"seq": 4, "size": 1})
    return [one, ones]
