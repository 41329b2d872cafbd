"""The padded batches of the unit on frameworks, in both layouts."""

from collections.abc import Sequence
from typing import Any

import numpy as np

from rnncore import length_mask as mask_of
from rnncore.params import RNNParams
from rnngrader.checks.arguments import NumericArray
from rnngrader.checks.inputs import Draw, Inputs
from rnngrader.checks.spec import PROBE, Case, Level


def _mask_args(draw: Draw) -> tuple[Any, ...]:
    draw.shape(("batch", "seq"))
    return draw.lengths(), draw.size("seq")


def _last_args(draw: Draw) -> tuple[Any, ...]:
    return draw.normal("batch", "seq", "hidden_size"), draw.lengths(), True


def _padded_args(draw: Draw) -> tuple[Any, ...]:
    x, h_0 = draw.signal("batch", "seq", "input_size"), draw.state("batch", "hidden_size")
    return x, h_0, draw.params(RNNParams), draw.lengths()


def _reverse_args(draw: Draw) -> tuple[Any, ...]:
    return draw.normal("batch", "seq", "input_size"), draw.lengths()


def _join_args(draw: Draw) -> tuple[Any, ...]:
    return (draw.normal(2 * draw.size("num_layers"), "batch", "hidden_size"),)


def _at_padding(args: tuple[Any, ...]) -> dict[str, NumericArray]:
    """Mark what stands behind the end of each sequence, where any number will do."""
    x, lengths = args[0], args[-1]
    if lengths is None:
        return {}
    free = {"reversed": ~mask_of(lengths, x.shape[1])[:, :, None]}
    return {**free, "output": free["reversed"]}


_SIZES = ("batch", "seq")
_MASK = Inputs("length_mask", _mask_args, kind="values", ascending=_SIZES)
_LAST = Inputs("last_real_state", _last_args, kind="values", ascending=_SIZES)
_PADDED = Inputs("forward_padded", _padded_args, ascending=_SIZES, free=_at_padding)
_REVERSE = Inputs("reverse_steps", _reverse_args, kind="values", ascending=_SIZES, free=_at_padding)
_JOIN = Inputs("join_directions", _join_args, kind="values")


def mask_cases(level: Level) -> Sequence[Case]:
    """Return the cases of `length_mask`."""
    visible = [_MASK.full("a"), _MASK.full("b", swap=True), _spare(_MASK, "c", "values")]
    if level == "visible":
        return visible
    return [
        *visible,
        _MASK.full("d"),
        _MASK.edge("one-sequence", batch=1),
        _MASK.edge("one-step", seq=1),
        _MASK.case("length-zero", "edges", edge=True, change=lambda a: (a[0] - 1, a[1])),
    ]


def mask_probes() -> Sequence[Case]:
    """Return the probes of `length_mask`."""
    return _MASK.squares()


def _spare(inputs: Inputs, stream: str, kind: str, at: int = 0) -> Case:
    """Return a case in which even the longest sequence has padding behind it."""

    def shorter(args: tuple[Any, ...]) -> tuple[object, ...]:
        lengths = np.maximum(args[at] - 1, 1)
        return (*args[:at], lengths, *args[at + 1 :])

    return inputs.case("spare", kind, stream=stream, change=shorter)


def last_cases(level: Level) -> Sequence[Case]:
    """Return the cases of `last_real_state`, in both layouts."""
    visible = [_LAST.full("a"), _time_first("b"), _LAST.full("c", swap=True)]
    visible.append(_time_first("d", swap=True))
    if level == "visible":
        return visible
    return [
        *visible,
        *_LAST.varied("batch", "seq"),
    ]


def _time_first(stream: str, *, swap: bool = False) -> Case:
    return _LAST.case("time-first", "time-first", stream=stream, swap=swap, change=_turned)


def _turned(args: tuple[Any, ...]) -> tuple[object, ...]:
    output, lengths, _ = args
    return np.ascontiguousarray(output.swapaxes(0, 1)), lengths, False


def _falling(args: tuple[Any, ...]) -> tuple[object, ...]:
    """Give the sequences lengths that fall, so that exchanged axes show at equal sizes."""
    output, lengths, batch_first = args
    return output, np.arange(len(lengths), 0, -1), batch_first


def last_probes() -> Sequence[Case]:
    """Return the probes of `last_real_state`; with equal sizes, wrong layouts run."""
    squares = [
        _LAST.case("square", PROBE, stream=str(n), sizes={"every": n}, change=change)
        for n in (3, 4)
        for change in (_falling, lambda args: _turned(_falling(args)))
    ]
    return [*(_spare(_LAST, stream, PROBE, at=1) for stream in "ab"), *squares]


def padded_cases(level: Level) -> Sequence[Case]:
    """Return the cases of `forward_padded`; all have sequences of different length."""
    inputs = _PADDED
    visible = [inputs.full("a"), inputs.start("b"), inputs.full("c", swap=True)]
    if level == "visible":
        return visible
    return [
        *visible,
        inputs.start("e", swap=True),
        *inputs.varied("batch", "seq"),
        inputs.case("length-zero", "edges", edge=True, change=lambda a: (*a[:3], a[3] - 1)),
        inputs.large(),
    ]


def _unbiased(args: tuple[Any, ...]) -> tuple[object, ...]:
    x, h_0, (w, u, b, d), lengths = args
    return x, h_0, RNNParams(w, u, 0 * b, 0 * d), lengths


def padded_probes() -> Sequence[Case]:
    """Return the probes of `forward_padded`."""
    every = _PADDED.case("all-real", PROBE, change=_all_real)
    unbiased = _PADDED.case("bias-zero", PROBE, change=_unbiased)
    return [every, unbiased, _PADDED.zeroed("x", 0), _PADDED.zeroed("h_0", 1), *_PADDED.squares()]


def _all_real(args: tuple[Any, ...]) -> tuple[object, ...]:
    *rest, lengths = args
    return (*rest, np.full_like(lengths, args[0].shape[1]))


def reverse_cases(level: Level) -> Sequence[Case]:
    """Return the cases of `reverse_steps`."""
    visible = [_REVERSE.full("a"), _REVERSE.full("b", swap=True), _REVERSE.full("c")]
    if level == "visible":
        return visible
    return [
        *visible,
        *_REVERSE.varied("batch", "seq"),
        _REVERSE.case("no-lengths", "edges", edge=True, change=lambda a: (a[0], None)),
        _REVERSE.case("unsigned", "edges", edge=True, change=_unsigned),
    ]


def _unsigned(args: tuple[Any, ...]) -> tuple[object, ...]:
    x, lengths = args
    return x, np.maximum(lengths - 1, 0).astype(np.uint8)


def reverse_probes() -> Sequence[Case]:
    """Return the probes of `reverse_steps`."""
    return [_REVERSE.case("all-real", PROBE, change=_all_real), *_REVERSE.squares()]


def join_cases(level: Level) -> Sequence[Case]:
    """Return the cases of `join_directions`."""
    visible = [_JOIN.full(stream) for stream in "ab"]
    if level == "visible":
        return visible
    return [
        *visible,
        _JOIN.full("c"),
        *_JOIN.varied("num_layers", "batch", "hidden_size"),
    ]


def join_probes() -> Sequence[Case]:
    """Return the probes of `join_directions`."""
    return [_JOIN.case("one-layer", PROBE, sizes={"num_layers": 1}), *_JOIN.squares()]
