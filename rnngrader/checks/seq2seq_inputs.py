"""The inputs of the seq2seq unit. Sources and targets are ragged, and padded with PAD."""

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Any, Literal

import numpy as np

from rnncore.data.vocabulary import BOS, EOS, PAD
from rnncore.params import LSTMParams
from rnncore.seq2seq import DecoderParams, Design, EncoderParams, Memory, Seq2SeqParams
from rnngrader.checks.arguments import NumericArray
from rnngrader.checks.bank.seq2seq_greedy import greedy_decode, margin
from rnngrader.checks.bank.seq2seq_run import CARRIES, MOVES
from rnngrader.checks.inputs import Draw, Inputs
from rnngrader.checks.spec import PROBE, Case, Level

# Larger than every size that is drawn, and so different from each.
TARGET_VOCAB, SOURCE_VOCAB = 9, 11
LIMITS = (8, 10)
SPECIALS = 3
CLEARLY = 1e-2
SELDOM = 3.0
# Chosen tokens hide much: with these losses a model must write something else.
TELLING = ("states-not-carried", "cell-not-carried", "state-not-carried", "cell-reset")
TRIES = 400
Context = Literal["initial", "every_step"]
INITIAL, EVERY = Design("initial"), Design("every_step")


def _lstm(draw: Draw, width: int, scale: float) -> LSTMParams:
    hidden = draw.size("hidden_size")
    return LSTMParams(
        draw.normal(4 * hidden, width, scale=scale),
        draw.normal(4 * hidden, hidden, scale=scale),
        draw.normal(4 * hidden, scale=scale),
        draw.normal(4 * hidden, scale=scale),
    )


def _decoder(draw: Draw, design: Design, scale: float = 0.7) -> DecoderParams:
    beside = draw.size("hidden_size") if design.context == "every_step" else 0
    return DecoderParams(
        draw.normal(TARGET_VOCAB, "embedding_dim"),
        _lstm(draw, draw.size("embedding_dim") + beside, scale),
        (),
        draw.normal(TARGET_VOCAB, "hidden_size", scale=1.5),
        draw.normal(TARGET_VOCAB, scale=0.5),
    )


def _both(draw: Draw, design: Design, scale: float = 0.7) -> Seq2SeqParams:
    embedding = draw.normal(SOURCE_VOCAB, "embedding_dim")
    encoder = EncoderParams(embedding, _lstm(draw, draw.size("embedding_dim"), scale))
    return Seq2SeqParams(encoder, _decoder(draw, design, scale))


def _target(draw: Draw, *, padded: bool) -> NumericArray:
    """Draw targets that end with EOS; what comes after it is padding."""
    shape = draw.size("batch"), draw.size("target")
    lengths = draw.lengths(seq="target") if padded else np.full(shape[0], shape[1])
    ids = draw.rng.integers(SPECIALS, TARGET_VOCAB, shape)
    places = np.arange(shape[1])
    ids = np.where(places < lengths[:, None] - 1, ids, PAD)
    return np.where(places == lengths[:, None] - 1, EOS, ids)


def _forcing_args(draw: Draw) -> tuple[Any, ...]:
    return _target(draw, padded=True), BOS


def _step_args(draw: Draw, design: Design) -> tuple[Any, ...]:
    states = draw.state("batch", "hidden_size"), draw.cell("batch", "hidden_size")
    memory = Memory(
        draw.state("batch", "source", "hidden_size"),
        draw.state("batch", "hidden_size"),
        draw.cell("batch", "hidden_size"),
    )
    tokens = draw.ids("batch", vocab=TARGET_VOCAB)
    return tokens, *states, memory, _decoder(draw, design), design, None


def _loss_args(draw: Draw, design: Design, *, padded: bool) -> tuple[Any, ...]:
    source = draw.ids("batch", "source", vocab=SOURCE_VOCAB)
    target = _target(draw, padded=padded)
    lengths = draw.lengths(seq="source") if padded else None
    return source, target, _both(draw, design), design, lengths


def _greedy_args(draw: Draw, design: Design, *, all_stop: bool) -> tuple[Any, ...]:
    """Draw a model that stops at different steps, and whose choices are clear and depend on all."""
    most = int(draw.rng.choice(LIMITS))
    for _ in range(TRIES):
        source = draw.ids("batch", "source", vocab=SOURCE_VOCAB)
        model = _both(draw, design, 1.5)
        model.decoder.bias_out[PAD] -= SELDOM
        args = (source, model, design, most, draw.lengths(seq="source"))
        if _ends_well(args, all_stop=all_stop) and _tells_apart(args) and margin(*args) > CLEARLY:
            break
    return args


def _ends_well(args: tuple[Any, ...], *, all_stop: bool) -> bool:
    """Tell whether sequences end at different steps, and only some at the limit, or none."""
    ids, counts = greedy_decode(*args)
    stopped = (ids == EOS).any(axis=1)
    enough = stopped.all() if all_stop else stopped.any() and not stopped.all()
    shorter = counts.max() < args[3] if all_stop else True
    # A trained model writes no padding, so that who counts all other tokens counts rightly.
    shorter = shorter and np.count_nonzero(ids) == counts.sum()
    return bool(enough and shorter and len(set(counts)) > 1)


def _tells_apart(args: tuple[Any, ...]) -> bool:
    """Tell whether other tokens are written when a state or the context is lost on the way."""
    ids, _ = greedy_decode(*args)
    lost: list[Any] = [partial(greedy_decode, carry=CARRIES[name]) for name in TELLING]
    if args[2].context == "every_step":
        lost += [partial(greedy_decode, move=part) for part in MOVES.values()]
    return not any(np.array_equal(ids, wrong(*args)[0]) for wrong in lost)


def _after_the_end(args: tuple[Any, ...]) -> Mapping[str, NumericArray]:
    """Where the answer is padding, nobody looks at what is read."""
    return {"inputs": args[0] == PAD}


_FORCING = Inputs("teacher_forcing_inputs", _forcing_args, kind="values", free=_after_the_end)
_STEP = {
    design.context: Inputs("decoder_step", partial(_step_args, design=design), kind=kind)
    for design, kind in ((INITIAL, "initial"), (EVERY, "every-step"))
}
_PLAIN, _PADDED = (
    {
        design.context: Inputs(
            "seq2seq_loss", partial(_loss_args, design=design, padded=padded), kind=kind
        )
        for design in (INITIAL, EVERY)
    }
    for padded, kind in ((False, "values"), (True, "masked"))
)
_GREEDY = {
    design.context: Inputs(
        "greedy_decode", partial(_greedy_args, design=design, all_stop=False), kind="values"
    )
    for design in (INITIAL, EVERY)
}
_STOPPING = Inputs(
    "greedy_decode", partial(_greedy_args, design=INITIAL, all_stop=True), kind="values"
)


def forcing_cases(level: Level) -> Sequence[Case]:
    """Return the cases of `teacher_forcing_inputs`; in one the start symbol is another."""
    visible = [
        _FORCING.full("a"),
        _FORCING.full("b"),
        _started_by(5),
        _started_by(7),
    ]
    if level == "visible":
        return visible
    return [
        *visible,
        _FORCING.full("c"),
        _FORCING.strided(),
        _FORCING.edge("one-sequence", batch=1),
        _FORCING.edge("one-token", target=1),
    ]


def _started_by(bos: int) -> Case:
    return _FORCING.case(
        "other-start", "values", stream=str(bos), change=lambda args: (args[0], bos)
    )


def forcing_probes() -> Sequence[Case]:
    """Return the probes of `teacher_forcing_inputs`."""
    return [_FORCING.case("square", PROBE, sizes={"every": 4})]


def step_cases(level: Level) -> Sequence[Case]:
    """Return the cases of `decoder_step`, for two designs."""
    initial, every = _STEP["initial"], _STEP["every_step"]
    visible = [initial.full("a"), every.full("a"), initial.full("b"), every.full("b")]
    if level == "visible":
        return visible
    return [
        *visible,
        initial.case("start", "initial", start=True),
        every.single(),
        initial.single(),
        every.strided(),
        every.edge("one-sequence", batch=1),
        every.edge("one-unit", hidden_size=1),
        initial.edge("one-feature", embedding_dim=1),
    ]


def step_probes() -> Sequence[Case]:
    """Return the probes of `decoder_step`."""
    initial, every = _STEP["initial"], _STEP["every_step"]
    zeroed = [initial.zeroed(name, n) for n, name in enumerate(("h_prev", "c_prev"), start=1)]
    return [*zeroed, every.zeroed("memory", 3), *every.squares()]


def loss_cases(level: Level) -> Sequence[Case]:
    """Return the cases of `seq2seq_loss`, with padding and without."""
    visible = [
        _PLAIN["initial"].full("a"),
        _PLAIN["every_step"].full("a"),
        _PADDED["initial"].case("padded", "masked", stream="a"),
        _PADDED["every_step"].case("padded", "masked", stream="b"),
    ]
    if level == "visible":
        return visible
    padded = _PADDED["every_step"]
    return [
        *visible,
        padded.case("padded", "masked", stream="c"),
        _PADDED["initial"].single(),
        padded.strided(),
        padded.edge("one-sequence", batch=1),
        padded.edge("one-token", target=1),
        padded.edge("one-unit", hidden_size=1),
    ]


def loss_probes() -> Sequence[Case]:
    """Return the probes of `seq2seq_loss`."""
    one = _PADDED["initial"].case("one-token", PROBE, stream="probe", sizes={"target": 1})
    return [one]


def greedy_cases(level: Level) -> Sequence[Case]:
    """Return the cases of `greedy_decode`: some sequences stop, some reach the limit."""
    visible = [
        _written(_GREEDY["initial"], "full", "a"),
        _written(_GREEDY["every_step"], "full", "b"),
        _written(_GREEDY["every_step"], "full", "c"),
        _written(_STOPPING, "all-stop", "a"),
    ]
    if level == "visible":
        return visible
    return [
        *visible,
        _written(_GREEDY["initial"], "full", "d"),
        _written(_STOPPING, "all-stop", "b"),
        _written(_GREEDY["initial"], "no-lengths", "a", change=lambda args: (*args[:-1], None)),
        _GREEDY["initial"].case("one-token", "edges", edge=True, change=_limited_to_one),
    ]


def _written(
    inputs: Inputs,
    name: str,
    stream: str,
    change: Callable[[tuple[Any, ...]], tuple[object, ...]] | None = None,
) -> Case:
    return inputs.case(name, "values", stream=stream, change=change)


def _limited_to_one(args: tuple[Any, ...]) -> tuple[object, ...]:
    source, params, design, _, lengths = args
    return source, params, design, 1, lengths


def greedy_probes() -> Sequence[Case]:
    """Return the probes of `greedy_decode`: a limit of one step, and nothing to pad."""
    return [_GREEDY["initial"].case("one-token", PROBE, stream="probe", change=_limited_to_one)]
