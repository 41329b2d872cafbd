"""The inputs of the attention unit. No two sizes are equal, padding is ragged."""

from collections.abc import Sequence
from typing import Any

import numpy as np

from rnncore.params import LSTMParams
from rnncore.scores import BilinearParams
from rnncore.seq2seq.parameters import DecoderParams
from rnngrader.checks.arguments import NumericArray
from rnngrader.checks.bank.attention_backward import AttentionCache
from rnngrader.checks.bank.attention_scores import right_scores
from rnngrader.checks.bank.attention_weights import right_weights
from rnngrader.checks.inputs import Draw, Inputs
from rnngrader.checks.spec import PROBE, Case, Level


def _mask(draw: Draw) -> NumericArray:
    return draw.mask(draw.lengths(seq="source"), seq="source")


def _score_args(draw: Draw) -> tuple[Any, ...]:
    query = draw.normal("batch", "steps", "query_size")
    keys = draw.normal("batch", "source", "key_size")
    return query, keys, BilinearParams(draw.normal("query_size", "key_size"))


def _weights_args(draw: Draw) -> tuple[Any, ...]:
    return draw.normal("batch", "steps", "source", scale=1.5), None


def _masked_args(draw: Draw) -> tuple[Any, ...]:
    return draw.normal("batch", "steps", "source", scale=1.5), _mask(draw)


def _context_args(draw: Draw) -> tuple[Any, ...]:
    weights = right_weights(draw.normal("batch", "steps", "source"))
    return weights, draw.normal("batch", "source", "value_size")


def _back_args(draw: Draw) -> tuple[Any, ...]:
    query, keys, params = _score_args(draw)
    values = draw.normal("batch", "source", "value_size")
    weights = right_weights(0.5 * right_scores(query, keys, params), _mask(draw))
    upstream = draw.normal("batch", "steps", "value_size"), draw.normal("batch", "steps", "source")
    return *upstream, AttentionCache(query, keys, values, weights), params


def _decoder(draw: Draw) -> DecoderParams:
    hidden, memory = draw.size("hidden_size"), draw.size("memory_size")
    wide = draw.size("embedding_dim") + memory
    lstm = (
        draw.normal(4 * hidden, wide, scale=0.5),
        draw.normal(4 * hidden, hidden, scale=0.5),
        draw.normal(4 * hidden, scale=0.5),
        draw.normal(4 * hidden, scale=0.5),
    )
    return DecoderParams(
        draw.normal("vocab_size", "embedding_dim"),
        LSTMParams(*lstm),
        BilinearParams(draw.normal("hidden_size", "memory_size")),
        draw.normal("vocab_size", "hidden_size"),
        draw.normal("vocab_size"),
    )


def _attended_args(draw: Draw) -> tuple[Any, ...]:
    states = draw.state("batch", "hidden_size"), draw.cell("batch", "hidden_size")
    memory = draw.normal("batch", "source", "memory_size")
    return draw.ids("batch"), *states, memory, _decoder(draw), _mask(draw)


_SCORE = Inputs("bilinear_scores", _score_args, kind="values")
_WEIGHTS = Inputs("attention_weights", _weights_args, kind="values")
_MASKED = Inputs("attention_weights", _masked_args, kind="masked")
_CONTEXT = Inputs("context", _context_args, kind="values")
_BACK = Inputs("attention_backward", _back_args, kind="values")
_ATTENDED = Inputs("attended_step", _attended_args, kind="values")


def score_cases(level: Level) -> Sequence[Case]:
    """Return the cases of `bilinear_scores`."""
    visible = [_SCORE.full(stream) for stream in "ab"]
    if level == "visible":
        return visible
    return [
        *visible,
        *_SCORE.varied("batch", "steps", "source", "query_size"),
    ]


def score_probes() -> Sequence[Case]:
    """Return the probes of `bilinear_scores`."""
    return _SCORE.squares()


def weights_cases(level: Level) -> Sequence[Case]:
    """Return the cases of `attention_weights`, with a mask and without."""
    masked = [_MASKED.case("masked", "masked", stream=stream) for stream in "abc"]
    visible = [
        _WEIGHTS.full("a"),
        _WEIGHTS.full("b"),
        *masked[:2],
        _WEIGHTS.case("scores-large", "large", edge=True, change=_raised),
    ]
    if level == "visible":
        return visible
    return [
        *visible,
        masked[2],
        *_MASKED.varied("batch", "steps", "source"),
        _MASKED.case("nothing-real", "edges", edge=True, change=_nothing_real),
        _WEIGHTS.case("rows-apart", "large", edge=True, change=_rows_apart),
        _MASKED.case("padding-large", "large", edge=True, change=_padding_large),
    ]


def _raised(args: tuple[Any, ...]) -> tuple[object, ...]:
    return args[0] + 1000.0, args[1]


def _rows_apart(args: tuple[Any, ...]) -> tuple[object, ...]:
    """Move the rows so far apart that no common shift suits all."""
    scores, mask = args
    rows = np.arange(scores.shape[0] * scores.shape[1]).reshape(*scores.shape[:2], 1)
    return scores - 900.0 * rows, mask


def _padding_large(args: tuple[Any, ...]) -> tuple[object, ...]:
    scores, mask = args
    return np.where(mask[:, None], scores, scores + 1000.0), mask


def _nothing_real(args: tuple[Any, ...]) -> tuple[object, ...]:
    scores, mask = args
    mask = mask.copy()
    mask[0] = False
    return scores, mask


def weights_probes() -> Sequence[Case]:
    """Return the probes of `attention_weights`."""
    return [_MASKED.case("all-real", PROBE, change=lambda args: (args[0], None))]


def context_cases(level: Level) -> Sequence[Case]:
    """Return the cases of `context`."""
    visible = [_CONTEXT.full(stream) for stream in "ab"]
    if level == "visible":
        return visible
    return [
        *visible,
        _CONTEXT.full("c"),
        *_CONTEXT.varied("batch", "steps", "source"),
    ]


def context_probes() -> Sequence[Case]:
    """Return the probes of `context`."""
    return _CONTEXT.squares()


def back_cases(level: Level) -> Sequence[Case]:
    """Return the cases of `attention_backward`; in one the loss sees the context only."""
    visible = [_BACK.full("a"), _BACK.full("b")]
    if level == "visible":
        return visible
    return [
        *visible,
        _BACK.case("context-alone", "values", change=_context_alone),
        *_BACK.varied("batch", "steps", "source"),
    ]


def _context_alone(args: tuple[Any, ...]) -> tuple[object, ...]:
    dcontext, dweights, *rest = args
    return (dcontext, np.zeros_like(dweights), *rest)


def back_probes() -> Sequence[Case]:
    """Return the probes of `attention_backward`."""
    one = _BACK.case("one-query", PROBE, stream="probe", sizes={"steps": 1})
    zeroed = [_BACK.zeroed(name, n) for n, name in enumerate(("dcontext", "dweights"))]
    return [one, *zeroed, *_BACK.squares()]


def attended_cases(level: Level) -> Sequence[Case]:
    """Return the cases of `attended_step`, with a mask and without."""
    visible = [
        _ATTENDED.full("a"),
        _ATTENDED.case("no-mask", "values", change=lambda args: (*args[:-1], None)),
        _ATTENDED.full("b"),
    ]
    if level == "visible":
        return visible
    return [
        *visible,
        _ATTENDED.case("start", "values", start=True),
        *_ATTENDED.varied("batch", "source", "hidden_size"),
    ]


def attended_probes() -> Sequence[Case]:
    """Return the probes of `attended_step`."""
    names = ("h_prev", "c_prev", "memory")
    zeroed = [_ATTENDED.zeroed(name, n) for n, name in enumerate(names, start=1)]
    return [*zeroed, *_ATTENDED.squares()]
