"""The RNN unit: a step, a loop, and what stands before and behind it."""

from dataclasses import replace

from rnncore import activations, embedding, losses, rnn
from rnngrader.checks import rnn_inputs as inputs
from rnngrader.checks.aspects import ASPECTS, EDGES, aspects
from rnngrader.checks.bank.behaviours import behaviours
from rnngrader.checks.bank.rnn_embed import WEIGHTS, embed_mistakes
from rnngrader.checks.bank.rnn_forward import LOOP, forward_mistakes
from rnngrader.checks.bank.rnn_loss import LOSS, loss_mistakes, softmax_mistakes
from rnngrader.checks.bank.rnn_step import returned_mistakes, step_mistakes
from rnngrader.checks.closeness import same
from rnngrader.checks.results import Layout, NumericArray, Output, Results
from rnngrader.checks.spec import Aspect, Exercise

STEP = Layout((Output("h", "batch hidden_size", ("h_t", "h_next", "h_new", "hidden")),))
SEQUENCE = Layout(
    (
        Output("output", "batch seq hidden_size", ("outputs", "out", "hs")),
        Output("h_n", "batch hidden_size", ("h", "h_last", "hn", "state")),
    )
)
VECTORS = Layout((Output("vectors", "batch seq embedding_dim", ("embedded", "x", "output")),))
PROBABILITIES = Layout((Output("probabilities", "batch seq classes", ("y", "probs", "p")),))
LOSS_NATS = Layout((Output("loss_nats", "", ("loss",)),))

OUTSIDE = Aspect("outside", 1, levels=("full",), earned=True)
LARGE = Aspect("large", 2, earned=True)


def _range_hint(got: Results, expected: Results) -> list[tuple[str, dict[str, str]]]:
    del expected
    h = next(iter(got.values()))
    return [] if bool(_all_within(h, -1, 1)) else [("h-range", {})]


def _softmax_hint(got: Results, expected: Results) -> list[tuple[str, dict[str, str]]]:
    del expected
    p = got["probabilities"]
    sums = p.sum(axis=-1)
    if not _all_within(p, 0, 1):
        return [("probability-range", {})]
    return [] if same(sums, sums * 0 + 1) else [("sum-not-one", {})]


def _loss_hint(got: Results, expected: Results) -> list[tuple[str, dict[str, str]]]:
    del expected
    return [("loss-negative", {})] if (got["loss_nats"] < 0).any() else []


def _all_within(array: NumericArray, low: float, high: float) -> bool:
    """Tell whether every number lies between two limits."""
    return bool(((array >= low) & (array <= high)).all())


def _step_without_cache(*args: NumericArray) -> NumericArray:
    return rnn.rnn_step(*args)[0]  # type: ignore[arg-type]


def _step_with_cache(*args: NumericArray) -> tuple[NumericArray, None]:
    return _step_without_cache(*args), None


EXERCISES = (
    Exercise(
        unit="rnn",
        name="embed",
        reference=embedding.embed,
        layout=VECTORS,
        arguments=("ids", "weight"),
        cases=inputs.embed_cases,
        probes=inputs.embed_probes,
        aspects=aspects(Aspect("values", 6), edges=(EDGES, OUTSIDE)),
        mistakes=(*embed_mistakes(), *behaviours(embedding.embed, writes=1)),
        see=WEIGHTS,
    ),
    Exercise(
        unit="rnn",
        name="rnn_step",
        reference=rnn.rnn_step,
        layout=STEP,
        arguments=("x", "h_prev", "params"),
        cases=inputs.step_cases,
        probes=inputs.step_probes,
        aspects=ASPECTS,
        mistakes=(*step_mistakes(), *returned_mistakes(), *behaviours(rnn.rnn_step, writes=1)),
        see=LOOP,
        hints=_range_hint,
    ),
    Exercise(
        unit="rnn",
        name="rnn_forward",
        reference=rnn.rnn_forward,
        layout=SEQUENCE,
        arguments=("x", "h_0", "params"),
        cases=inputs.forward_cases,
        probes=inputs.forward_probes,
        aspects=ASPECTS,
        mistakes=(*forward_mistakes(), *behaviours(rnn.rnn_forward, writes=1)),
        see=LOOP,
        stand_ins=({"rnn_step": _step_with_cache}, {"rnn_step": _step_without_cache}),
        earlier="rnn_step",
        hints=_range_hint,
    ),
    Exercise(
        unit="rnn",
        name="softmax",
        reference=activations.softmax,
        layout=PROBABILITIES,
        arguments=("x",),
        cases=inputs.softmax_cases,
        probes=inputs.softmax_probes,
        aspects=aspects(Aspect("values", 6), edges=(EDGES, LARGE)),
        mistakes=(*softmax_mistakes(), *behaviours(activations.softmax)),
        see=LOSS,
        hints=_softmax_hint,
    ),
    Exercise(
        unit="rnn",
        name="cross_entropy",
        reference=losses.cross_entropy,
        layout=LOSS_NATS,
        arguments=("logits", "targets", "mask"),
        cases=inputs.loss_cases,
        probes=inputs.loss_probes,
        aspects=aspects(
            Aspect("values", 1.5), Aspect("masked", 4.5), edges=(EDGES, replace(LARGE, weight=1))
        ),
        mistakes=(*loss_mistakes(), *behaviours(losses.cross_entropy)),
        see=LOSS,
        stand_ins=({"softmax": activations.softmax},),
        earlier="softmax",
        hints=_loss_hint,
    ),
)
