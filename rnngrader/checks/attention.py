"""The attention unit: score, weights, context, the way back, and a step that uses them."""

import numpy as np

from rnncore.attending import AttentionCache as CoreCache
from rnncore.attending import AttentionParams, attention_weights
from rnncore.attending import attention_backward as core_backward
from rnncore.params import LSTMParams
from rnncore.scores import BilinearParams, ScoresCache
from rnncore.scores import bilinear_scores as core_scores
from rnncore.seq2seq import Design, Memory
from rnncore.seq2seq import decoder_step as core_step
from rnncore.seq2seq.parameters import DecoderParams
from rnngrader.checks import attention_inputs as inputs
from rnngrader.checks.aspects import EDGES, aspects
from rnngrader.checks.bank import attention_scores as scores
from rnngrader.checks.bank.attention_backward import BACK, AttentionCache, backward_mistakes
from rnngrader.checks.bank.attention_step import QUERY, attended_mistakes
from rnngrader.checks.bank.attention_weights import MASKS, weights_mistakes
from rnngrader.checks.bank.behaviours import behaviours
from rnngrader.checks.closeness import same
from rnngrader.checks.results import Group, Layout, NumericArray, Output, Results
from rnngrader.checks.spec import Aspect, Exercise

SCORES = Layout((Output("scores", "batch steps source", ("score",)),))
WEIGHTS = Layout((Output("weights", "batch steps source", ("alpha", "alphas")),))
CONTEXT = Layout((Output("context", "batch steps value_size", ("contexts",)),))
GRADIENTS = Layout(
    (
        Output("dquery", "batch steps query_size"),
        Output("dkeys", "batch source key_size"),
        Output("dvalues", "batch source value_size"),
        Group("dparams", (Output("dweight", "query_size key_size", ("weight",)),), ("grads",)),
    )
)
STEP = Layout(
    (
        Output("logits", "batch vocab_size", ("scores",)),
        Output("h", "batch hidden_size"),
        Output("c", "batch hidden_size"),
        Output("weights", "batch source", ("alpha",)),
    )
)
VALUES = Aspect("values", 6)
LARGE = Aspect("large", 1.5, earned=True)


def bilinear_scores(
    query: NumericArray, keys: NumericArray, params: BilinearParams
) -> NumericArray:
    """Score every place of the source for every query."""
    return core_scores(query, keys, BilinearParams(*params))[0]


def _scores_with_cache(*args: NumericArray) -> tuple[NumericArray, None]:
    return bilinear_scores(*args), None  # type: ignore[arg-type]


def context(weights: NumericArray, values: NumericArray) -> NumericArray:
    """Weigh the values."""
    return scores.right_context(weights, values)


def attention_backward(
    dcontext: NumericArray,
    dweights: NumericArray,
    cache: AttentionCache,
    params: BilinearParams,
) -> tuple[NumericArray, NumericArray, NumericArray, AttentionParams]:
    """Carry gradients back; the cache is that of the notebook."""
    query, keys, values, weights = cache
    # Where a place is padding its weight is 0 already.
    real = np.ones((*weights.shape[::2], 1), dtype=bool)
    known = CoreCache(values, weights, real, ScoresCache(query, keys), "bilinear")
    return core_backward(dcontext, dweights, known, BilinearParams(*params))


def attended_step(
    tokens: NumericArray,
    h_prev: NumericArray,
    c_prev: NumericArray,
    memory: NumericArray,
    params: DecoderParams,
    mask: NumericArray | None = None,
) -> tuple[NumericArray, NumericArray, NumericArray, NumericArray]:
    """Advance a decoder by one token; the state before asks."""
    lstm, score = LSTMParams(*params.lstm), BilinearParams(*params.attention)
    known = params._replace(lstm=lstm, attention=score)
    design = Design("previous_query", "bilinear")
    looked_at = Memory(memory, h_prev, c_prev)
    logits, h, c, cache = core_step(tokens, h_prev, c_prev, looked_at, known, design, mask)
    assert cache.attention is not None  # noqa: S101 - this design looks
    return logits, h, c, cache.attention.weights[:, 0]


def _weights_hints(got: Results, expected: Results) -> list[tuple[str, dict[str, str]]]:
    """Tell what weights must be like, whatever the scores."""
    ours, theirs = expected["weights"], got["weights"]
    hints: list[tuple[str, dict[str, str]]] = []
    if (theirs < 0).any():
        hints.append(("weight-negative", {}))
    if not same(theirs.sum(axis=-1), ours.sum(axis=-1)):
        hints.append(("weights-sum", {}))
    if (np.abs(theirs[ours == 0]) > 0).any():
        hints.append(("weight-at-padding", {}))
    return hints


def _backward_hints(got: Results, expected: Results) -> list[tuple[str, dict[str, str]]]:
    """Tell which part of the way back works."""
    right = {name for name, array in expected.items() if same(got[name], array)}
    through_scores = {"dquery", "dkeys", "dweight"}
    if through_scores <= right:
        return [("scores-right", {})]
    if not right & through_scores:
        return [("scores-wrong", {})]
    return []


EXERCISES = (
    Exercise(
        unit="attention",
        name="bilinear_scores",
        reference=bilinear_scores,
        layout=SCORES,
        arguments=("query", "keys", "params"),
        cases=inputs.score_cases,
        probes=inputs.score_probes,
        aspects=aspects(VALUES),
        mistakes=(*scores.scores_mistakes(), *behaviours(bilinear_scores)),
        see=scores.SCORES,
    ),
    Exercise(
        unit="attention",
        name="attention_weights",
        reference=attention_weights,
        layout=WEIGHTS,
        arguments=("scores", "mask"),
        cases=inputs.weights_cases,
        probes=inputs.weights_probes,
        aspects=aspects(Aspect("values", 2), Aspect("masked", 4), edges=(EDGES, LARGE)),
        mistakes=(*weights_mistakes(), *behaviours(attention_weights)),
        see=MASKS,
        hints=_weights_hints,
    ),
    Exercise(
        unit="attention",
        name="context",
        reference=context,
        layout=CONTEXT,
        arguments=("weights", "values"),
        cases=inputs.context_cases,
        probes=inputs.context_probes,
        aspects=aspects(VALUES),
        mistakes=(*scores.context_mistakes(), *behaviours(context)),
        see=scores.WEIGH,
    ),
    Exercise(
        unit="attention",
        name="attention_backward",
        reference=attention_backward,
        layout=GRADIENTS,
        arguments=("dcontext", "dweights", "cache", "params"),
        cases=inputs.back_cases,
        probes=inputs.back_probes,
        aspects=aspects(
            Aspect("dquery", 1.5, outputs=("dquery",)),
            Aspect("dkeys", 1.5, outputs=("dkeys",)),
            Aspect("dvalues", 1.5, outputs=("dvalues",)),
            Aspect("dweight", 1.5, outputs=("dweight",)),
        ),
        mistakes=(*backward_mistakes(), *behaviours(attention_backward)),
        see=BACK,
        hints=_backward_hints,
    ),
    Exercise(
        unit="attention",
        name="attended_step",
        reference=attended_step,
        layout=STEP,
        arguments=("tokens", "h_prev", "c_prev", "memory", "params", "mask"),
        cases=inputs.attended_cases,
        probes=inputs.attended_probes,
        aspects=aspects(
            Aspect("looked", 2, outputs=("weights",)),
            Aspect("moved", 2, outputs=("h", "c")),
            Aspect("logits", 2, outputs=("logits",)),
        ),
        mistakes=(*attended_mistakes(), *behaviours(attended_step, writes=1)),
        see=QUERY,
        stand_ins=(
            {
                "bilinear_scores": bilinear_scores,
                "attention_weights": attention_weights,
                "context": context,
            },
            {
                "bilinear_scores": _scores_with_cache,
                "attention_weights": attention_weights,
                "context": context,
            },
        ),
        earlier="bilinear_scores, attention_weights, context",
    ),
)
