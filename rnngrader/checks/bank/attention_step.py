"""Known mistakes in a decoder step with attention."""

from collections.abc import Callable, Iterator
from functools import partial
from typing import Any, NamedTuple

import numpy as np

from rnncore.lstm import lstm_step
from rnncore.params import LSTMParams
from rnncore.seq2seq.parameters import DecoderParams
from rnngrader.checks.arguments import NumericArray as Array
from rnngrader.checks.bank.attention_scores import right_scores, softmaxed
from rnngrader.checks.bank.attention_weights import right_weights
from rnngrader.checks.spec import Mistake

QUERY = "attention.html#which-state-asks"
MASKS = "attention.html#masks"
WEIGH = "attention.html#score-normalise-weigh"


class Given(NamedTuple):
    """What the step was called with, the token's vector in place of its id."""

    embedded: Array
    h_prev: Array
    c_prev: Array
    memory: Array
    mask: Array | None
    params: DecoderParams


class Looked(NamedTuple):
    """What attention found."""

    context: Array
    weights: Array


Step = tuple[Array, Array]
Result = tuple[Array, Array, Array, Array]


def _state_before(given: Given) -> Array:
    return given.h_prev


def _as_given(given: Given) -> Array | None:
    return given.mask


def _row(tokens: Array, table: Array) -> Array:
    vectors: Array = table[tokens]
    return vectors


def _scored(query: Array, memory: Array, params: DecoderParams) -> Array:
    return right_scores(query[:, None], memory, params.attention)  # type: ignore[arg-type]


def _weigh(weights: Array, memory: Array) -> Array:
    context: Array = (weights @ memory)[:, 0]
    return context


def _beside(embedded: Array, context: Array) -> Array:
    return np.concatenate([embedded, context], axis=1)


def _run(x: Array, given: Given) -> Step:
    h, c, _ = lstm_step(x, given.h_prev, given.c_prev, LSTMParams(*given.params.lstm))
    return h, c


def _project(step: Step, given: Given) -> Array:
    logits: Array = step[0] @ given.params.weight_out.T + given.params.bias_out
    return logits


def attended_step(
    tokens: Array,
    h_prev: Array,
    c_prev: Array,
    memory: Array,
    params: DecoderParams,
    mask: Array | None = None,
    *,
    vectors: Callable[[Array, Array], Array] = _row,
    query: Callable[[Given], Array] = _state_before,
    real: Callable[[Given], Array | None] = _as_given,
    scored: Callable[[Array, Array, DecoderParams], Array] = _scored,
    weighing: Callable[[Array, Array | None], Array] = right_weights,
    weigh: Callable[[Array, Array], Array] = _weigh,
    join: Callable[[Array, Array], Array] = _beside,
    run: Callable[[Array, Given], Step] = _run,
    project: Callable[[Step, Given], Array] = _project,
    result: Callable[[Result], Any] = lambda result: result,
) -> Any:
    """Advance by one token with parts of which some may be wrong."""
    params = DecoderParams(*params)
    given = Given(vectors(tokens, params.embedding), h_prev, c_prev, memory, mask, params)
    weights = weighing(scored(query(given), memory, params), real(given))
    step = run(join(given.embedded, weigh(weights, memory)), given)
    return result((project(step, given), *step, weights[:, 0]))


def right_attended_step(
    tokens: Array,
    h_prev: Array,
    c_prev: Array,
    memory: Array,
    params: DecoderParams,
    mask: Array | None = None,
) -> Result:
    """Advance by one token rightly, as the reference of the course."""
    found: Result = attended_step(tokens, h_prev, c_prev, memory, params, mask)
    return found


def _one_hot(weights: Array) -> Array:
    best: Array = (weights == weights.max(axis=-1, keepdims=True)).astype(weights.dtype)
    return best


def _squashed(logits: Array) -> Array:
    return softmaxed(logits)


def _with_state(h: bool, c: bool) -> Callable[[Array, Given], Step]:  # noqa: FBT001
    """Run the cell with one of the two states lost."""

    def run(x: Array, given: Given) -> Step:
        h_prev, c_prev = given.h_prev * h, given.c_prev * c
        return _run(x, given._replace(h_prev=h_prev, c_prev=c_prev))

    return run


def _asked_by_new_state(given: Given) -> Array:
    """Move first, without a context, and then ask: the other design."""
    no_context = np.zeros_like(given.memory[:, 0])
    return _run(_beside(given.embedded, no_context), given)[0]


def looking_mistakes() -> Iterator[Mistake]:
    """List mistakes in where to look."""
    queries: dict[str, Callable[[Given], Array]] = {
        "query-is-cell": lambda g: g.c_prev,
        "query-is-new-state": _asked_by_new_state,
        "query-is-tanh-of-state": lambda g: np.tanh(g.h_prev),
        "step-query-ignored": lambda g: np.zeros_like(g.h_prev),
    }
    for name, query in queries.items():
        yield Mistake(name, partial(attended_step, query=query), see=QUERY)
    reals: dict[str, Callable[[Given], Array | None]] = {
        "mask-ignored": lambda _g: None,
        "mask-inverted": lambda g: None if g.mask is None else ~g.mask,
    }
    for name, real in reals.items():
        yield Mistake(name, partial(attended_step, real=real), f"step-{name}", MASKS)
    yield from _weighing_mistakes()


def _weighing_mistakes() -> Iterator[Mistake]:
    weighings: dict[str, Callable[[Array, Array | None], Array]] = {
        "softmax-missing": lambda s, m: s if m is None else np.where(m[:, None], s, 0),
        "softmax-not-divided": lambda s, m: np.exp(s) if m is None else np.exp(s) * m[:, None],
        "softmax-twice": lambda s, m: right_weights(right_weights(s, m), m),
        "over-the-step": lambda s, _m: softmaxed(s, axis=1),
        "over-the-batch": lambda s, _m: softmaxed(s, axis=0),
        "best-place-only": lambda s, m: _one_hot(right_weights(s, m)),
        "mask-after-softmax": lambda s, m: softmaxed(s) * (1 if m is None else m[:, None]),
        "scores-times-mask": lambda s, m: softmaxed(s if m is None else s * m[:, None]),
    }
    for name, weighing in weighings.items():
        key = f"step-{name}" if name.startswith("softmax") else name
        yield Mistake(name, partial(attended_step, weighing=weighing), key, MASKS)
    scoreds: dict[str, Callable[[Array, Array, DecoderParams], Array]] = {
        "step-scores-scaled": lambda q, k, p: _scored(q, k, p) / np.sqrt(k.shape[-1]),
        "scores-negated": lambda q, k, p: -_scored(q, k, p),
    }
    for name, scored in scoreds.items():
        yield Mistake(name, partial(attended_step, scored=scored), see=WEIGH)
    weighs: dict[str, Callable[[Array, Array], Array]] = {
        "context-zero": lambda _w, m: 0 * m[:, 0],
        "context-is-last-state": lambda _w, m: m[:, -1],
        "context-is-first-state": lambda _w, m: m[:, 0],
        "context-is-mean": lambda _w, m: m.mean(axis=1),
        "context-averaged": lambda w, m: _weigh(w, m) / m.shape[1],
        "context-is-sum": lambda _w, m: m.sum(axis=1),
    }
    for name, weigh in weighs.items():
        yield Mistake(name, partial(attended_step, weigh=weigh), see=WEIGH)


def moving_mistakes() -> Iterator[Mistake]:
    """List mistakes in the step itself, and in what is returned."""
    yield Mistake("context-before-token", partial(attended_step, join=lambda e, c: _beside(c, e)))
    yield Mistake("token-ignored", partial(attended_step, vectors=lambda t, w: np.zeros_like(w[t])))
    yield Mistake("token-one-late", partial(attended_step, vectors=lambda t, w: w[t - 1]))
    yield Mistake(
        "same-token-for-all", partial(attended_step, vectors=lambda t, w: w[np.full_like(t, t[0])])
    )
    runs: dict[str, Callable[[Array, Given], Step]] = {
        "state-lost": _with_state(h=False, c=True),
        "cell-lost": _with_state(h=True, c=False),
        "both-states-lost": _with_state(h=False, c=False),
        "states-exchanged": lambda x, g: _run(x, g._replace(h_prev=g.c_prev, c_prev=g.h_prev)),
        "state-not-moved": lambda x, g: (g.h_prev, _run(x, g)[1]),
        "cell-not-moved": lambda x, g: (_run(x, g)[0], g.c_prev),
        "step-run-twice": _twice,
    }
    for name, run in runs.items():
        yield Mistake(name, partial(attended_step, run=run))
    projects: dict[str, Callable[[Step, Given], Array]] = {
        "logits-softmaxed": lambda s, g: _squashed(_project(s, g)),
        "logits-from-cell": lambda s, g: _project((s[1], s[1]), g),
        "logits-from-state-before": lambda _s, g: _project((g.h_prev, g.h_prev), g),
        "logits-without-bias": lambda s, g: s[0] @ g.params.weight_out.T,
        "logits-squashed": lambda s, g: np.tanh(_project(s, g)),
        "state-is-logits": lambda s, _g: s[0],
    }
    for name, project in projects.items():
        yield Mistake(name, partial(attended_step, project=project))
    results: dict[str, Callable[[Result], Any]] = {
        "h-c-exchanged": lambda r: (r[0], r[2], r[1], r[3]),
        "states-first": lambda r: (r[1], r[2], r[0], r[3]),
    }
    for name, result in results.items():
        yield Mistake(name, partial(attended_step, result=result))
    yield Mistake("scores-returned", _scores_returned)
    yield Mistake("mask-on-memory", _memory_masked, see=MASKS)
    yield Mistake("weights-of-next-query", _looks_again)


def _twice(x: Array, given: Given) -> Step:
    h, c = _run(x, given)
    return _run(x, given._replace(h_prev=h, c_prev=c))


def _looks_again(
    tokens: Array,
    h_prev: Array,
    c_prev: Array,
    memory: Array,
    params: DecoderParams,
    mask: Array | None = None,
) -> Result:
    logits, h, c, _ = right_attended_step(tokens, h_prev, c_prev, memory, params, mask)
    return logits, h, c, right_weights(_scored(h, memory, params), mask)[:, 0]


def _scores_returned(
    tokens: Array,
    h_prev: Array,
    c_prev: Array,
    memory: Array,
    params: DecoderParams,
    mask: Array | None = None,
) -> Result:
    result = right_attended_step(tokens, h_prev, c_prev, memory, params, mask)
    return *result[:3], _scored(h_prev, memory, params)[:, 0]


def _memory_masked(
    tokens: Array,
    h_prev: Array,
    c_prev: Array,
    memory: Array,
    params: DecoderParams,
    mask: Array | None = None,
) -> Result:
    """Set padding of the memory to zero, and still look at it."""
    real = np.ones(memory.shape[:2]) if mask is None else mask
    weigh: Callable[[Array, Array], Array] = lambda w, m: _weigh(w, m * real[..., None])  # noqa: E731
    found: Result = attended_step(tokens, h_prev, c_prev, memory, params, weigh=weigh)
    return found


def attended_mistakes() -> tuple[Mistake, ...]:
    """Return the bank of `attended_step`."""
    return (*looking_mistakes(), *moving_mistakes())
