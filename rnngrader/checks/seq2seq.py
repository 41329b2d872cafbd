"""The seq2seq unit: what a decoder reads, one step of it, its loss, and writing on its own."""

from typing import Any

import numpy as np

from rnncore import losses, seq2seq
from rnncore.data.vocabulary import PAD
from rnncore.params import LSTMParams
from rnncore.seq2seq import DecoderParams, Design, EncoderParams, Memory, Seq2SeqParams
from rnngrader.checks import seq2seq_inputs as inputs
from rnngrader.checks.aspects import aspects
from rnngrader.checks.bank import seq2seq_run as run
from rnngrader.checks.bank import seq2seq_step as step
from rnngrader.checks.bank.behaviours import behaviours
from rnngrader.checks.bank.seq2seq_greedy import greedy_mistakes, to_the_limit
from rnngrader.checks.results import Layout, NumericArray, Output, Results
from rnngrader.checks.spec import Aspect, Exercise

INPUTS = Layout((Output("inputs", "batch target", ("fed", "tokens")),))
STEP = Layout(
    (
        Output("logits", "batch vocab_size", ("scores",)),
        Output("h", "batch hidden_size"),
        Output("c", "batch hidden_size"),
    )
)
LOSS = Layout((Output("loss_nats", "", ("loss",)),))
WRITTEN = Layout((Output("ids", "batch steps", ("tokens",)), Output("lengths", "batch")))


def decoder_step(
    tokens: NumericArray,
    h_prev: NumericArray,
    c_prev: NumericArray,
    memory: Memory,
    params: DecoderParams,
    design: Design,
    mask: NumericArray | None = None,
) -> tuple[NumericArray, NumericArray, NumericArray]:
    """Advance by one token."""
    known = DecoderParams(*params)
    known = known._replace(lstm=LSTMParams(*known.lstm))
    found = seq2seq.decoder_step(
        np.asarray(tokens), h_prev, c_prev, Memory(*memory), known, Design(*design), mask
    )
    return found[:3]


def _typed(params: Seq2SeqParams, design: Design) -> tuple[Seq2SeqParams, Design]:
    """Give what crossed a process border the package's own types again."""
    encoder, decoder = EncoderParams(*params.encoder), DecoderParams(*params.decoder)
    known = Seq2SeqParams(
        encoder._replace(lstm=LSTMParams(*encoder.lstm)),
        decoder._replace(lstm=LSTMParams(*decoder.lstm)),
    )
    return known, Design(*design)


def _step_with_cache(*args: Any) -> tuple[NumericArray, NumericArray, NumericArray, None]:
    return *decoder_step(*args), None


def seq2seq_loss(
    source: NumericArray,
    target: NumericArray,
    params: Seq2SeqParams,
    design: Design,
    lengths: NumericArray | None = None,
) -> np.inexact[Any]:
    """Compute the loss under teacher forcing."""
    logits, _ = seq2seq.seq2seq_forward(source, target, *_typed(params, design), lengths)
    return losses.cross_entropy(logits, target, target != PAD)[0]


def greedy_decode(
    source: NumericArray,
    params: Seq2SeqParams,
    design: Design,
    max_length: int,
    lengths: NumericArray | None = None,
) -> seq2seq.Decoded:
    """Write the best token at each step."""
    return seq2seq.greedy_decode(source, *_typed(params, design), max_length, lengths)


def _loss_hints(got: Results, expected: Results) -> list[tuple[str, dict[str, str]]]:
    ours, theirs = expected["loss_nats"], got["loss_nats"]
    if (theirs < 0).any():
        return [("loss-negative", {})]
    return [("loss-low", {})] if bool((theirs < 0.1 * ours).all()) else []


def _written_hints(got: Results, expected: Results) -> list[tuple[str, dict[str, str]]]:
    """Tell how far the first tokens are right, and whether lengths belong to the ids."""
    ours, theirs = expected["ids"], got["ids"]
    if (ours[:, 0] != theirs[:, 0]).any():
        return [("first-token-wrong", {})]
    if (ours == theirs).all():
        return [("ids-right", {})]
    return [("first-token-right", {})]


EXERCISES = (
    Exercise(
        unit="seq2seq",
        name="teacher_forcing_inputs",
        reference=seq2seq.shift_right,
        layout=INPUTS,
        arguments=("target", "bos"),
        cases=inputs.forcing_cases,
        probes=inputs.forcing_probes,
        aspects=aspects(Aspect("values", 6), precision=False),
        mistakes=(
            *step.forcing_mistakes(),
            *behaviours(seq2seq.shift_right, keeps_precision=False),
        ),
        see=step.FORCING,
    ),
    Exercise(
        unit="seq2seq",
        name="decoder_step",
        reference=decoder_step,
        layout=STEP,
        arguments=("tokens", "h_prev", "c_prev", "memory", "params", "design", "mask"),
        cases=inputs.step_cases,
        probes=inputs.step_probes,
        aspects=aspects(Aspect("initial", 3), Aspect("every-step", 3)),
        mistakes=(*step.decoder_mistakes(), *behaviours(decoder_step, writes=1)),
        see=step.CODE,
    ),
    Exercise(
        unit="seq2seq",
        name="seq2seq_loss",
        reference=seq2seq_loss,
        layout=LOSS,
        arguments=("source", "target", "params", "design", "lengths"),
        cases=inputs.loss_cases,
        probes=inputs.loss_probes,
        aspects=aspects(Aspect("values", 3), Aspect("masked", 3)),
        mistakes=(*run.loss_mistakes(), *behaviours(seq2seq_loss)),
        see=step.FORCING,
        stand_ins=(
            {"decoder_step": decoder_step, "teacher_forcing_inputs": seq2seq.shift_right},
            {"decoder_step": _step_with_cache, "teacher_forcing_inputs": seq2seq.shift_right},
        ),
        earlier="teacher_forcing_inputs, decoder_step",
        hints=_loss_hints,
    ),
    Exercise(
        unit="seq2seq",
        name="greedy_decode",
        reference=greedy_decode,
        layout=WRITTEN,
        arguments=("source", "params", "design", "max_length", "lengths"),
        cases=inputs.greedy_cases,
        probes=inputs.greedy_probes,
        aspects=aspects(
            Aspect("ids", 4, outputs=("ids",)),
            Aspect("lengths", 2, outputs=("lengths",)),
            precision=False,
        ),
        mistakes=(
            *greedy_mistakes(),
            *behaviours(greedy_decode, keeps_precision=False),
        ),
        see=run.STOPPING,
        alternatives=(to_the_limit,),
        stand_ins=({"decoder_step": decoder_step}, {"decoder_step": _step_with_cache}),
        earlier="decoder_step",
        hints=_written_hints,
    ),
)
