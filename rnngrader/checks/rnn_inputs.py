"""The inputs of the RNN unit."""

from collections.abc import Sequence
from typing import Any

import numpy as np

from rnncore.params import RNNParams
from rnngrader.checks.inputs import Draw, Inputs
from rnngrader.checks.spec import PROBE, Case, Level


def _step_args(draw: Draw) -> tuple[Any, ...]:
    x, h = draw.signal("batch", "input_size"), draw.state("batch", "hidden_size")
    return x, h, draw.params(RNNParams)


def _forward_args(draw: Draw) -> tuple[Any, ...]:
    x, h = draw.signal("batch", "seq", "input_size"), draw.state("batch", "hidden_size")
    return x, h, draw.params(RNNParams)


def _embed_args(draw: Draw) -> tuple[Any, ...]:
    return draw.ids("batch", "seq"), draw.normal("vocab_size", "embedding_dim")


def _softmax_args(draw: Draw) -> tuple[Any, ...]:
    return (draw.normal("batch", "seq", "classes", scale=1.5),)


def _loss_args(draw: Draw) -> tuple[Any, ...]:
    logits = draw.normal("batch", "seq", "vocab_size", scale=1.5)
    return logits, draw.ids("batch", "seq"), None


def _masked_args(draw: Draw) -> tuple[Any, ...]:
    logits, targets, _ = _loss_args(draw)
    return logits, targets, draw.mask(draw.lengths())


_STEP = Inputs("rnn_step", _step_args)
_FORWARD = Inputs("rnn_forward", _forward_args, ascending=("batch", "seq"))
_EMBED = Inputs("embed", _embed_args, kind="values")
_SOFTMAX = Inputs("softmax", _softmax_args, kind="values")
_LOSS = Inputs("cross_entropy", _loss_args, kind="values", ascending=("batch", "seq"))
_MASKED = Inputs("cross_entropy", _masked_args, kind="masked", ascending=("batch", "seq"))


def step_cases(level: Level) -> Sequence[Case]:
    """Return the cases of `rnn_step`."""
    visible = [_STEP.full("a"), _STEP.start("b"), _STEP.full("c")]
    if level == "visible":
        return visible
    return [
        *visible,
        _STEP.start("e"),
        *_STEP.varied("batch", "hidden_size", "input_size"),
        _STEP.large(),
    ]


def step_probes() -> Sequence[Case]:
    """Return the probes of `rnn_step`."""
    zeroed = [_STEP.zeroed(name, n) for n, name in enumerate(("x", "h_prev"))]
    return [*zeroed, _STEP.unbiased(), *_STEP.squares()]


def forward_cases(level: Level) -> Sequence[Case]:
    """Return the cases of `rnn_forward`, with more steps than sequences and with fewer."""
    visible = [_FORWARD.full("a"), _FORWARD.start("b"), _FORWARD.full("c", swap=True)]
    if level == "visible":
        return visible
    return [
        *visible,
        _FORWARD.start("e", swap=True),
        *_FORWARD.varied("batch", "hidden_size", "seq"),
        _FORWARD.edge("no-step", seq=0, may_refuse=True),
        _FORWARD.large(),
    ]


def forward_probes() -> Sequence[Case]:
    """Return the probes of `rnn_forward`."""
    one = _FORWARD.case("one-step", PROBE, stream="probe", sizes={"seq": 1})
    zeroed = [_FORWARD.zeroed(name, n) for n, name in enumerate(("x", "h_0"))]
    return [one, *zeroed, _FORWARD.unbiased(), *_FORWARD.squares()]


def embed_cases(level: Level) -> Sequence[Case]:
    """Return the cases of `embed`."""
    visible = [_EMBED.full(stream) for stream in "ab"]
    if level == "visible":
        return visible
    return [
        *visible,
        _EMBED.full("c"),
        *_EMBED.varied("batch", "seq", "embedding_dim"),
        _outside("id-negative", lambda ids, _size: ids * 0 - 1),
        _outside("id-too-large", lambda ids, size: ids * 0 + size),
    ]


def _outside(name: str, wrong: Any) -> Case:
    """Return a case with one id that is in no vocabulary."""

    def change(args: tuple[Any, ...]) -> tuple[object, ...]:
        ids, weight = args
        ids = ids.copy()
        ids[0, 1] = wrong(ids[0, 1], len(weight))
        return ids, weight

    return _EMBED.case(name, "outside", change=change, edge=True, must_refuse=True)


def embed_probes() -> Sequence[Case]:
    """Return the probes of `embed`."""
    return _EMBED.squares()


def softmax_cases(level: Level) -> Sequence[Case]:
    """Return the cases of `softmax`; the visible check shows large scores too."""
    visible = [_SOFTMAX.full(stream) for stream in "ab"]
    visible.append(_shifted("scores-large", 1000.0))
    if level == "visible":
        return visible
    return [
        *visible,
        _SOFTMAX.full("c"),
        *_SOFTMAX.varied("batch", "seq", "classes"),
        _SOFTMAX.case("plain-row", "edges", edge=True, change=lambda args: (args[0][0, 0],)),
        _SOFTMAX.case("plain-table", "edges", edge=True, change=lambda args: (args[0][0],)),
        _shifted("scores-low", -1000.0),
        _SOFTMAX.case("rows-apart", "large", edge=True, change=_rows_apart),
        _SOFTMAX.case("one-apart", "large", edge=True, change=_one_apart),
    ]


def _shifted(name: str, by: float) -> Case:
    return _SOFTMAX.case(name, "large", edge=True, change=lambda args: (args[0] + by,))


def _rows_apart(args: tuple[Any, ...]) -> tuple[object, ...]:
    """Move the rows so far apart that no common shift suits all."""
    (x,) = args
    rows = np.arange(x.shape[0] * x.shape[1]).reshape(*x.shape[:2], 1)
    return (x - 900.0 * rows,)


def _one_apart(args: tuple[Any, ...]) -> tuple[object, ...]:
    """Let one class of each row be so likely that only the largest score is a safe shift."""
    (x,) = args
    return (np.where(x == x.max(axis=-1, keepdims=True), x + 3000.0, x),)


def softmax_probes() -> Sequence[Case]:
    """Return the probes of `softmax`."""
    return _SOFTMAX.squares()


def loss_cases(level: Level) -> Sequence[Case]:
    """Return the cases of `cross_entropy`, without a mask and with one."""
    masked = [_masked(stream) for stream in "ab"]
    visible = [_LOSS.full("a"), *masked, _LOSS.full("b", swap=True), _gap()]
    if level == "visible":
        return visible
    return [
        *visible,
        _masked("c", swap=True),
        *_LOSS.varied("batch", "seq"),
        _MASKED.case("padding-ids", "edges", edge=True, change=_foreign_ids),
        _MASKED.case("padding-scores", "edges", edge=True, change=_foreign_scores),
        _LOSS.case("scores-large", "large", edge=True, change=lambda a: (a[0] + 1e3, *a[1:])),
    ]


def _masked(stream: str, *, swap: bool = False) -> Case:
    return _MASKED.case("masked", "masked", stream=stream, swap=swap)


def _gap() -> Case:
    """Return a case in which a target is so unlikely that its probability is zero in a computer."""

    def change(args: tuple[Any, ...]) -> tuple[object, ...]:
        logits, targets, mask = args
        logits = logits.copy()
        logits[0, 0, targets[0, 0]] -= 800.0
        return logits, targets, mask

    return _LOSS.case("gap", "large", edge=True, change=change)


def _foreign_ids(args: tuple[Any, ...]) -> tuple[object, ...]:
    logits, targets, mask = args
    return logits, np.where(mask, targets, -100), mask


def _foreign_scores(args: tuple[Any, ...]) -> tuple[object, ...]:
    logits, targets, mask = args
    return np.where(mask[..., None], logits, 1e4), targets, mask


def loss_probes() -> Sequence[Case]:
    """Return the probes of `cross_entropy`."""
    return [*_LOSS.squares(), _MASKED.case("real-only", PROBE, change=_all_real)]


def _all_real(args: tuple[Any, ...]) -> tuple[object, ...]:
    logits, targets, mask = args
    return logits, targets, np.ones_like(mask)
