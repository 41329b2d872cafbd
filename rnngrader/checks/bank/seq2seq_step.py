"""Known mistakes in one step of a decoder, and in what it reads under teacher forcing."""

from collections.abc import Callable, Iterator
from functools import partial
from typing import Any, NamedTuple

import numpy as np

from rnncore.activations import sigmoid
from rnncore.data.vocabulary import BOS, EOS, PAD
from rnncore.params import LSTMParams
from rnncore.seq2seq import DecoderParams, Design, Memory
from rnngrader.checks.arguments import NumericArray as Array
from rnngrader.checks.spec import Mistake

FORCING = "seq2seq.html#teacher-forcing"
DESIGNS = "seq2seq.html#three-ways-to-use-the-context"
CODE = "seq2seq.html#our-code"
PAIR = "seq2seq.html#the-pair"


class Given(NamedTuple):
    """What the step was called with, the token's vector in place of its id."""

    embedded: Array
    h_prev: Array
    c_prev: Array
    memory: Memory
    params: DecoderParams


Step = tuple[Array, Array]
Result = tuple[Array, Array, Array]


def _row(tokens: Array, table: Array) -> Array:
    vectors: Array = table[tokens]
    return vectors


def _last_state(given: Given) -> Array:
    return given.memory.h_n


def _beside(embedded: Array, context: Array) -> Array:
    return np.concatenate([embedded, context], axis=1)


def lstm(x: Array, h_prev: Array, c_prev: Array, params: LSTMParams) -> Step:
    """Advance an LSTM; a search for two mistakes does so some ten thousand times."""
    w, u, b, d = params
    i, f, g, o = np.split(x @ w.T + h_prev @ u.T + (b + d), 4, axis=1)
    c: Array = sigmoid(f) * c_prev + sigmoid(i) * np.tanh(g)
    return sigmoid(o) * np.tanh(c), c


def _run(x: Array, given: Given) -> Step:
    return lstm(x, given.h_prev, given.c_prev, given.params.lstm)


def _project(step: Step, given: Given) -> Array:
    logits: Array = step[0] @ given.params.weight_out.T + given.params.bias_out
    return logits


def decoder_step(
    tokens: Array,
    h_prev: Array,
    c_prev: Array,
    memory: Memory,
    params: DecoderParams,
    design: Design,
    mask: Array | None = None,
    *,
    vectors: Callable[[Array, Array], Array] = _row,
    context: Callable[[Given], Array] = _last_state,
    join: Callable[[Array, Array], Array] = _beside,
    run: Callable[[Array, Given], Step] = _run,
    project: Callable[[Step, Given], Array] = _project,
    result: Callable[[Result], Any] = lambda result: result,
) -> Any:
    """Advance by one token with parts of which some may be wrong."""
    del mask
    params, memory = DecoderParams(*params), Memory(*memory)
    given = Given(vectors(tokens, params.embedding), h_prev, c_prev, memory, params)
    x = given.embedded
    if Design(*design).context == "every_step":
        x = join(x, context(given))
    step = run(x, given)
    return result((project(step, given), *step))


def right_decoder_step(
    tokens: Array,
    h_prev: Array,
    c_prev: Array,
    memory: Memory,
    params: DecoderParams,
    design: Design,
    mask: Array | None = None,
) -> Result:
    """Advance by one token rightly, for variants that are wrong elsewhere."""
    found: Result = decoder_step(tokens, h_prev, c_prev, memory, params, design, mask)
    return found


def _with_states(h: bool, c: bool) -> Callable[[Array, Given], Step]:  # noqa: FBT001
    """Run the cell with one of the two states lost."""

    def run(x: Array, given: Given) -> Step:
        return _run(x, given._replace(h_prev=given.h_prev * h, c_prev=given.c_prev * c))

    return run


def _twice(x: Array, given: Given) -> Step:
    h, c = _run(x, given)
    return _run(x, given._replace(h_prev=h, c_prev=c))


def _softmaxed(logits: Array) -> Array:
    exps = np.exp(logits - logits.max(axis=-1, keepdims=True))
    probabilities: Array = exps / exps.sum(axis=-1, keepdims=True)
    return probabilities


def decoder_mistakes() -> Iterator[Mistake]:
    """List mistakes in one step of the decoder."""
    runs: dict[str, Callable[[Array, Given], Step]] = {
        "state-lost": _with_states(h=False, c=True),
        "cell-lost": _with_states(h=True, c=False),
        "both-states-lost": _with_states(h=False, c=False),
        "states-exchanged": lambda x, g: _run(x, g._replace(h_prev=g.c_prev, c_prev=g.h_prev)),
        "state-is-memory": lambda x, g: _run(x, g._replace(h_prev=g.memory.h_n)),
        "cell-is-memory": lambda x, g: _run(x, g._replace(c_prev=g.memory.c_n)),
        "states-are-memory": lambda x, g: _run(
            x, g._replace(h_prev=g.memory.h_n, c_prev=g.memory.c_n)
        ),
        "state-not-moved": lambda x, g: (g.h_prev, _run(x, g)[1]),
        "cell-not-moved": lambda x, g: (_run(x, g)[0], g.c_prev),
        "step-run-twice": _twice,
        "token-squashed": lambda x, g: _run(np.tanh(x), g),
    }
    for name, run in runs.items():
        yield Mistake(name, partial(decoder_step, run=run), see=PAIR)
    vectors: dict[str, Callable[[Array, Array], Array]] = {
        "token-ignored": lambda t, w: np.zeros_like(w[t]),
        "token-one-late": lambda t, w: w[t - 1],
        "same-token-for-all": lambda t, w: w[np.full_like(t, t[0])],
        "token-is-start": lambda t, w: w[np.full_like(t, BOS)],
    }
    for name, vector in vectors.items():
        yield Mistake(name, partial(decoder_step, vectors=vector), see=PAIR)
    yield from _context_mistakes()
    yield from _output_mistakes()


def _context_mistakes() -> Iterator[Mistake]:
    contexts: dict[str, Callable[[Given], Array]] = {
        "context-zero": lambda g: np.zeros_like(g.memory.h_n),
        "context-is-state": lambda g: g.h_prev,
        "context-is-cell": lambda g: g.memory.c_n,
        "context-is-mean": lambda g: g.memory.outputs.mean(axis=1),
        "context-is-sum": lambda g: g.memory.outputs.sum(axis=1),
        "context-is-first-output": lambda g: g.memory.outputs[:, 0],
        "context-is-last-output": lambda g: g.memory.outputs[:, -1],
        "context-of-first-sequence": lambda g: np.repeat(
            g.memory.h_n[:1], len(g.memory.h_n), axis=0
        ),
    }
    for name, context in contexts.items():
        yield Mistake(name, partial(decoder_step, context=context), see=DESIGNS)
    yield Mistake(
        "context-before-token", partial(decoder_step, join=lambda e, c: _beside(c, e)), see=DESIGNS
    )


def _output_mistakes() -> Iterator[Mistake]:
    projects: dict[str, Callable[[Step, Given], Array]] = {
        "logits-softmaxed": lambda s, g: _softmaxed(_project(s, g)),
        "logits-logarithms": lambda s, g: np.log(_softmaxed(_project(s, g))),
        "logits-from-cell": lambda s, g: _project((s[1], s[1]), g),
        "logits-from-state-before": lambda _s, g: _project((g.h_prev, g.h_prev), g),
        "logits-without-bias": lambda s, g: s[0] @ g.params.weight_out.T,
        "logits-squashed": lambda s, g: np.tanh(_project(s, g)),
        "logits-cell-squashed": lambda s, g: _project((np.tanh(s[1]), s[1]), g),
        "state-is-logits": lambda s, _g: s[0],
        "token-chosen": lambda s, g: _project(s, g).argmax(axis=-1),
    }
    for name, project in projects.items():
        yield Mistake(name, partial(decoder_step, project=project), see=PAIR)
    results: dict[str, Callable[[Result], Any]] = {
        "h-c-exchanged": lambda r: (r[0], r[2], r[1]),
        "states-first": lambda r: (r[1], r[2], r[0]),
    }
    for name, result in results.items():
        yield Mistake(name, partial(decoder_step, result=result), see=CODE)


def _behind_start(target: Array, bos: int, rest: Array) -> Array:
    return np.concatenate([np.full_like(target[:, :1], bos), rest], axis=1)


def right_inputs(target: Array, bos: int = BOS) -> Array:
    """Return what goes into the decoder, rightly, for variants that are wrong elsewhere."""
    return _behind_start(target, bos, target[:, :-1])


Feed = Callable[[Array, int], Array]

# What a decoder might be told instead; the loss of the unit has the same mistakes.
FEEDS: dict[str, Feed] = {
    "not-shifted": lambda t, _b: t,
    "shifted-to-the-left": lambda t, b: np.concatenate(
        [t[:, 1:], np.full_like(t[:, :1], b)], axis=1
    ),
    "start-is-padding": lambda t, _b: right_inputs(t, PAD),
    "start-is-stop": lambda t, _b: right_inputs(t, EOS),
    "rolled": lambda t, _b: np.roll(t, 1, axis=1),
    "shifted-by-two": lambda t, b: np.concatenate([np.full_like(t[:, :2], b), t[:, :-2]], axis=1),
    "start-everywhere": np.full_like,
    "first-answer-everywhere": lambda t, b: _behind_start(
        t, b, np.repeat(t[:, :1], t.shape[1] - 1, axis=1)
    ),
    "start-overwrites": lambda t, b: _behind_start(t, b, t[:, 1:]),
    "reversed": lambda t, b: _behind_start(t, b, t[:, ::-1][:, 1:]),
}


def forcing_mistakes() -> Iterator[Mistake]:
    """List mistakes in what the decoder is told."""
    feeds: dict[str, Feed] = {
        **FEEDS,
        "one-too-long": lambda t, b: _behind_start(t, b, t),
        "start-missing": lambda t, _b: t[:, :-1],
        "start-and-stop-missing": lambda t, _b: t[:, 1:-1],
        "shifted-over-batch": lambda t, b: np.concatenate([np.full_like(t[:1], b), t[:-1]], axis=0),
        "start-at-the-end": lambda t, b: np.concatenate(
            [t[:, :-1], np.full_like(t[:, :1], b)], axis=1
        ),
        "answers-one-higher": lambda t, b: _behind_start(t, b, t[:, :-1] + 1),
        "answers-forgotten": lambda t, b: _behind_start(t, b, np.zeros_like(t[:, :-1])),
        "steps-first": lambda t, b: right_inputs(t, b).T,
        "start-fixed": lambda t, _b: right_inputs(t, BOS),
    }
    for name, feed in feeds.items():
        yield Mistake(name, feed, see=FORCING)
