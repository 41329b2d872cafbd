"""The inputs of the unit on tasks: ragged batches of tokens, and a small network."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np

from rnngrader.checks.arguments import NumericArray
from rnngrader.checks.inputs import Draw, Inputs
from rnngrader.checks.spec import PROBE, Case, Level
from rnngrader.checks.tasks_reference import ModelParams

Change = Callable[[tuple[Any, ...]], tuple[object, ...]]


def _pad_args(draw: Draw) -> tuple[Any, ...]:
    draw.shape(("batch", "seq"))
    highest = draw.size("vocab_size") + 1
    return ([draw.rng.integers(1, highest, n) for n in draw.lengths()],)


def _pack_args(draw: Draw) -> tuple[Any, ...]:
    ids, lengths = draw.ids("batch", "seq"), draw.lengths()
    return ids, np.sort(lengths)[::-1].copy()


def _pair_args(draw: Draw) -> tuple[Any, ...]:
    return draw.ids("batch", "seq"), draw.lengths()


def _summary_args(draw: Draw) -> tuple[Any, ...]:
    return draw.normal("batch", "seq", "hidden_size"), draw.lengths(), "last"


def _params(draw: Draw, classes: str) -> ModelParams:
    sizes = ("vocab_size", "embedding_dim"), ("hidden_size", "embedding_dim")
    return ModelParams(
        draw.normal(*sizes[0]),
        draw.normal(*sizes[1], scale=0.7),
        draw.normal("hidden_size", "hidden_size", scale=0.7),
        draw.normal("hidden_size", scale=0.7),
        draw.normal("hidden_size", scale=0.7),
        draw.normal(classes, "hidden_size"),
        draw.normal(classes),
    )


def _tagger_args(draw: Draw) -> tuple[Any, ...]:
    ids, tags = draw.ids("batch", "seq"), draw.ids("batch", "seq", vocab="classes")
    return ids, tags, draw.lengths(), _params(draw, "classes")


def _classifier_args(draw: Draw) -> tuple[Any, ...]:
    return draw.ids("batch", "seq"), draw.lengths(), _params(draw, "classes"), "last"


def _language_args(draw: Draw) -> tuple[Any, ...]:
    return draw.ids("batch", "seq"), draw.lengths(), _params(draw, "vocab_size")


def _after_the_end(args: tuple[Any, ...]) -> Mapping[str, NumericArray]:
    """Mark the pairs that have no next token, where any number will do."""
    ids, lengths = args
    free = np.arange(1, ids.shape[1]) >= lengths[:, None]
    return {"inputs": free, "targets": free}


_SIZES = ("batch", "seq")
_PAD = Inputs("pad", _pad_args, kind="values", ascending=_SIZES)
_PACK = Inputs("pack", _pack_args, kind="values", ascending=_SIZES)
_PAIRS = Inputs(
    "next_token_pairs", _pair_args, kind="values", ascending=_SIZES, free=_after_the_end
)
_SUMMARY = Inputs("summarise", _summary_args, kind="values", ascending=_SIZES)
_TAGGER = Inputs("tagger_loss", _tagger_args, kind="values", ascending=_SIZES)
_CLASSIFIER = Inputs("classifier_scores", _classifier_args, kind="values", ascending=_SIZES)
_LANGUAGE = Inputs("language_model_loss", _language_args, kind="values", ascending=_SIZES)


def of_level(level: Level, visible: list[Case], more: Callable[[], list[Case]]) -> Sequence[Case]:
    """Return the cases of a level; the others are drawn only where they are asked for."""
    return visible if level == "visible" else [*visible, *more()]


def edge(inputs: Inputs, name: str, change: Change) -> Case:
    """Return a case that was made unusual."""
    return inputs.case(name, "edges", edge=True, change=change)


def _three(inputs: Inputs) -> list[Case]:
    """Return cases of both orders of size."""
    return [inputs.full("a"), inputs.full("b", swap=True), inputs.full("c")]


def pad_cases(level: Level) -> Sequence[Case]:
    """Return the cases of `pad`."""
    inputs = _PAD
    return of_level(
        level,
        _three(inputs),
        lambda: [
            inputs.full("d", swap=True),
            inputs.edge("one-sequence", batch=1),
            inputs.edge("one-step", seq=1),
            edge(inputs, "empty", lambda a: ([a[0][0][:0], *a[0][1:]],)),
        ],
    )


def pad_probes() -> Sequence[Case]:
    """Return the probes of `pad`."""
    shortest = lambda args: ([row[:1] for row in args[0]],)  # noqa: E731 - one expression
    return [_PAD.case("all-real", PROBE, change=shortest), *_PAD.squares()]


def pack_cases(level: Level) -> Sequence[Case]:
    """Return the cases of `pack`; lengths fall."""
    spare: Change = lambda a: (a[0], np.maximum(a[1] - 1, 1))  # noqa: E731 - one expression
    return _ids_cases(_PACK, level, lambda: edge(_PACK, "spare", spare))


def _ids_cases(
    inputs: Inputs, level: Level, unusual: Callable[[], Case], *, may_refuse: bool = False
) -> Sequence[Case]:
    """Return cases of ids and lengths, the last one unusual; one step may be refused."""
    return of_level(
        level,
        _three(inputs),
        lambda: [
            inputs.full("d", swap=True),
            inputs.strided(),
            inputs.edge("one-sequence", batch=1),
            inputs.edge("one-step", seq=1, may_refuse=may_refuse),
            unusual(),
        ],
    )


def pack_probes() -> Sequence[Case]:
    """Return the probes of `pack`."""
    return [_PACK.case("all-real", PROBE, change=_all_real), *_PACK.squares()]


def _all_real(args: tuple[Any, ...]) -> tuple[object, ...]:
    ids, lengths, *rest = args
    return (ids, np.full_like(lengths, ids.shape[1]), *rest)


def pair_cases(level: Level) -> Sequence[Case]:
    """Return the cases of `next_token_pairs`."""
    empty: Change = lambda a: (a[0], a[1] - 1)  # noqa: E731 - one expression
    return _ids_cases(_PAIRS, level, lambda: edge(_PAIRS, "empty", empty), may_refuse=True)


def pair_probes() -> Sequence[Case]:
    """Return the probes of `next_token_pairs`."""
    return [_PAIRS.case("all-real", PROBE, change=_all_real), *_PAIRS.squares()]


def _both_summaries(inputs: Inputs) -> list[Case]:
    return [
        inputs.full("a"),
        _averaged(inputs, "b"),
        inputs.full("c", swap=True),
        _averaged(inputs, "d", swap=True),
    ]


def _averaged(inputs: Inputs, stream: str, *, swap: bool = False) -> Case:
    """Return a case that asks for the mean; the word is the last argument."""
    return inputs.case(
        "mean", "mean", stream=stream, swap=swap, change=lambda args: (*args[:-1], "mean")
    )


def summary_cases(level: Level) -> Sequence[Case]:
    """Return the cases of `summarise`, for both summaries."""
    inputs = _SUMMARY
    return of_level(
        level,
        _both_summaries(inputs),
        lambda: [
            *(inputs.case("default", "values", stream=n, change=_without_word) for n in "ef"),
            *inputs.varied("batch", "seq"),
            edge(inputs, "padding-large", _large_at_padding),
        ],
    )


def _without_word(args: tuple[Any, ...]) -> tuple[object, ...]:
    return args[:-1]


def _large_at_padding(args: tuple[Any, ...]) -> tuple[object, ...]:
    output, lengths, _ = args
    real = np.arange(output.shape[1]) < lengths[:, None]
    return np.where(real[:, :, None], output, 1e6), lengths, "mean"


def _spare(inputs: Inputs, stream: str) -> Case:
    """Return a probe in which even the longest sequence has padding behind it."""

    def shorter(args: tuple[Any, ...]) -> tuple[object, ...]:
        return (args[0], np.maximum(args[1] - 1, 1), *args[2:])

    return inputs.case("spare", PROBE, stream=stream, change=shorter)


def summary_probes() -> Sequence[Case]:
    """Return the probes of `summarise`."""
    real = _SUMMARY.case("all-real", PROBE, change=lambda a: (*_all_real(a)[:2], "mean"))
    return [real, *(_spare(_SUMMARY, stream) for stream in "ab"), *_SUMMARY.squares()]


def _model_cases(inputs: Inputs, level: Level, visible: list[Case]) -> Sequence[Case]:
    return of_level(
        level,
        visible,
        lambda: [
            inputs.full("e", swap=True),
            inputs.single(),
            inputs.strided(),
            inputs.case(
                "one-sequence", "edges", edge=True, sizes={"batch": 1}, change=_at_least_two
            ),
        ],
    )


def _at_least_two(args: tuple[Any, ...]) -> tuple[object, ...]:
    """Give every sequence two tokens or more, so that there is something to predict."""
    return tuple(
        np.maximum(argument, 2)
        if isinstance(argument, np.ndarray) and argument.ndim == 1
        else argument
        for argument in args
    )


def tagger_cases(level: Level) -> Sequence[Case]:
    """Return the cases of `tagger_loss`."""
    return _model_cases(_TAGGER, level, _three(_TAGGER))


def tagger_probes() -> Sequence[Case]:
    """Return the probes of `tagger_loss`."""
    every = lambda a: (*a[:2], np.full_like(a[2], a[0].shape[1]), a[3])  # noqa: E731
    return [_TAGGER.case("all-real", PROBE, change=every), *_TAGGER.squares()]


def classifier_cases(level: Level) -> Sequence[Case]:
    """Return the cases of `classifier_scores`, for both summaries."""
    return _model_cases(_CLASSIFIER, level, _both_summaries(_CLASSIFIER))


def classifier_probes() -> Sequence[Case]:
    """Return the probes of `classifier_scores`."""
    real = _CLASSIFIER.case("all-real", PROBE, change=_all_real)
    return [real, *(_spare(_CLASSIFIER, stream) for stream in "ab"), *_CLASSIFIER.squares()]


def language_cases(level: Level) -> Sequence[Case]:
    """Return the cases of `language_model_loss`."""
    return _model_cases(_LANGUAGE, level, _three(_LANGUAGE))


def language_probes() -> Sequence[Case]:
    """Return the probes of `language_model_loss`."""
    return [_LANGUAGE.case("all-real", PROBE, change=_all_real), *_LANGUAGE.squares()]
