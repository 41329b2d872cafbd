"""Known mistakes in running a decoder over all steps: told the truth, or on its own."""

from collections.abc import Callable, Iterator
from functools import partial
from typing import Any, TypeAlias

import numpy as np

from rnncore.data.vocabulary import BOS, EOS, PAD
from rnncore.seq2seq import DecoderParams, Design, Memory, Seq2SeqParams
from rnngrader.checks.arguments import NumericArray as Array
from rnngrader.checks.bank.seq2seq_step import (
    DESIGNS,
    FEEDS,
    FORCING,
    PAIR,
    Result,
    Step,
    lstm,
    right_decoder_step,
    right_inputs,
)
from rnngrader.checks.spec import Function, Mistake

STOPPING = "seq2seq.html#stopping"

Read: TypeAlias = Callable[[Array, Seq2SeqParams, Array | None], Memory]
Begin: TypeAlias = Callable[[Memory], Step]
Move: TypeAlias = Callable[[Array, Step, Memory, DecoderParams, Design], Result]
Carry: TypeAlias = Callable[[Step, Step, Memory], Step]


def read_source(source: Array, params: Seq2SeqParams, lengths: Array | None) -> Memory:
    """Read the source rightly."""
    table, weights = params.encoder
    h = c = np.zeros((len(source), weights.weight_hh.shape[1]), table.dtype)
    ends = np.full(len(source), source.shape[1]) if lengths is None else lengths
    outputs = []
    for t in range(source.shape[1]):
        real = (t < ends)[:, None]
        new_h, new_c = lstm(table[source[:, t]], h, c, weights)
        h, c = np.where(real, new_h, h), np.where(real, new_c, c)
        outputs.append(np.where(real, new_h, 0))
    return Memory(np.stack(outputs, axis=1), h, c)


def from_memory(memory: Memory) -> Step:
    """Start from what the encoder left."""
    return memory.h_n, memory.c_n


def move_on(
    tokens: Array, state: Step, memory: Memory, params: DecoderParams, design: Design
) -> Result:
    """Advance rightly by one token."""
    return right_decoder_step(tokens, *state, memory, params, design)


def new_states(new: Step, old: Step, memory: Memory) -> Step:
    """Hand on what the step left."""
    del old, memory
    return new


READS: dict[str, Read] = {
    "source-lengths-ignored": lambda s, p, _n: read_source(s, p, None),
    "source-reversed": lambda s, p, n: read_source(s[:, ::-1], p, n),
}
BEGINS: dict[str, Begin] = {
    "start-cell-lost": lambda m: (m.h_n, np.zeros_like(m.c_n)),
    "start-state-lost": lambda m: (np.zeros_like(m.h_n), m.c_n),
    "start-both-lost": lambda m: (np.zeros_like(m.h_n), np.zeros_like(m.c_n)),
    "start-exchanged": lambda m: (m.c_n, m.h_n),
    "start-state-twice": lambda m: (m.h_n, m.h_n),
    "start-last-output": lambda m: (m.outputs[:, -1], m.c_n),
    "start-first-output": lambda m: (m.outputs[:, 0], m.c_n),
    "start-mean-output": lambda m: (m.outputs.mean(axis=1), m.c_n),
}
CARRIES: dict[str, Carry] = {
    "states-not-carried": lambda _new, old, _m: old,
    "cell-not-carried": lambda new, old, _m: (new[0], old[1]),
    "state-not-carried": lambda new, old, _m: (old[0], new[1]),
    "cell-reset": lambda new, _old, _m: (new[0], np.zeros_like(new[1])),
    "state-reset": lambda new, _old, _m: (np.zeros_like(new[0]), new[1]),
    "both-reset": lambda new, _old, _m: (np.zeros_like(new[0]), np.zeros_like(new[1])),
    "carried-exchanged": lambda new, _old, _m: (new[1], new[0]),
}
MOVES: dict[str, Move] = {
    "context-is-moving-state": lambda t, s, m, p, d: move_on(t, s, m._replace(h_n=s[0]), p, d),
    "context-forgotten": lambda t, s, m, p, d: move_on(
        t, s, m._replace(h_n=np.zeros_like(m.h_n)), p, d
    ),
}


def shared_mistakes(run: Function) -> Iterator[Mistake]:
    """List the mistakes that both ways of running a decoder can have."""
    tables: tuple[tuple[str, dict[str, Any], str], ...] = (
        ("read", READS, PAIR),
        ("begin", BEGINS, PAIR),
        ("carry", CARRIES, PAIR),
        ("move", MOVES, DESIGNS),
    )
    for keyword, table, see in tables:
        for name, part in table.items():
            yield Mistake(name, partial(run, **{keyword: part}), see=see)


def _log_softmax(logits: Array) -> Array:
    shifted = logits - logits.max(axis=-1, keepdims=True)
    logs: Array = shifted - np.log(np.exp(shifted).sum(axis=-1, keepdims=True))
    return logs


def _mean(surprise: Array, target: Array) -> Array:
    real = target != PAD
    mean: Array = np.where(real, surprise, 0).sum() / real.sum()
    return mean


def _picked(logs: Array, target: Array) -> Array:
    picked: Array = -np.take_along_axis(logs, target[..., None], axis=-1)[..., 0]
    return picked


def seq2seq_loss(
    source: Array,
    target: Array,
    params: Seq2SeqParams,
    design: Design,
    lengths: Array | None = None,
    *,
    read: Read = read_source,
    begin: Begin = from_memory,
    feed: Callable[[Array, int], Array] = right_inputs,
    free: bool = False,
    move: Move = move_on,
    carry: Carry = new_states,
    logs: Callable[[Array], Array] = _log_softmax,
    goal: Callable[[Array], Array] = lambda target: target,
    surprise: Callable[[Array, Array], Array] = _picked,
    mean: Callable[[Array, Array], Array] = _mean,
) -> Array:
    """Compute the loss under teacher forcing with parts of which some may be wrong."""
    memory = read(source, params, lengths)
    state, fed = begin(memory), feed(target, BOS)
    rows: list[Array] = []
    for t in range(fed.shape[1]):
        tokens = rows[-1].argmax(axis=-1) if free and rows else fed[:, t]
        logits, *new = move(tokens, state, memory, params.decoder, design)
        state = carry((new[0], new[1]), state, memory)
        rows.append(logits)
    return mean(surprise(logs(np.stack(rows, axis=1)), goal(target)), target)


def loss_mistakes() -> Iterator[Mistake]:
    """List mistakes in the loss."""
    for name, feed in FEEDS.items():
        yield Mistake(name, partial(seq2seq_loss, feed=feed), f"read-{name}", FORCING)
    yield Mistake("own-tokens-read", partial(seq2seq_loss, free=True), see=FORCING)
    goals: dict[str, Callable[[Array], Array]] = {
        "scored-what-was-read": right_inputs,
        "scored-one-ahead": lambda t: np.roll(t, -1, axis=1),
        "scored-in-reverse": lambda t: t[:, ::-1],
    }
    for name, goal in goals.items():
        yield Mistake(name, partial(seq2seq_loss, goal=goal), see=FORCING)
    logs: dict[str, Callable[[Array], Array]] = {
        "softmax-missing": lambda x: x,
        "softmax-before": lambda x: _log_softmax(np.exp(_log_softmax(x))),
        "logs-to-base-two": lambda x: _log_softmax(x) / np.log(2),
        "over-steps": lambda x: x - np.log(np.exp(x).sum(axis=1, keepdims=True)),
    }
    for name, log in logs.items():
        yield Mistake(name, partial(seq2seq_loss, logs=log), see=PAIR)
    surprises: dict[str, Callable[[Array, Array], Array]] = {
        "sign-missing": lambda p, t: -_picked(p, t),
        "probability-itself": lambda p, t: np.exp(-_picked(p, t)),
        "probability-negated": lambda p, t: -np.exp(-_picked(p, t)),
        "share-wrong": lambda p, t: (p.argmax(axis=-1) != t).astype(float),
        "all-tokens": lambda p, _t: -p.sum(axis=-1),
        "most-likely": lambda p, _t: -p.max(axis=-1),
        "entropy": lambda p, _t: -(np.exp(p) * p).sum(axis=-1),
    }
    for name, surprise in surprises.items():
        yield Mistake(name, partial(seq2seq_loss, surprise=surprise), see=PAIR)
    later = partial(
        seq2seq_loss,
        feed=lambda t, b: right_inputs(t, b)[:, 1:],
        goal=lambda t: t[:, 1:],
        mean=lambda s, t: _real_sum(s, t[:, 1:]) / (t != PAD).sum(),
    )
    yield Mistake("first-step-not-run", later, see=STOPPING)
    yield from _mean_mistakes()
    yield from shared_mistakes(seq2seq_loss)


def _over(keep: Callable[[Array], Array]) -> Callable[[Array, Array], Array]:
    """Take the mean over other tokens than the real ones."""

    def mean(surprise: Array, target: Array) -> Array:
        kept = keep(target)
        total: Array = np.where(kept, surprise, 0).sum() / max(int(kept.sum()), 1)
        return total

    return mean


def _per_sequence(surprise: Array, target: Array) -> Array:
    real = target != PAD
    means = np.where(real, surprise, 0).sum(axis=1) / real.sum(axis=1)
    mean: Array = means.mean()
    return mean


def _real_sum(surprise: Array, target: Array) -> Array:
    total: Array = np.where(target != PAD, surprise, 0).sum()
    return total


def _mean_mistakes() -> Iterator[Mistake]:
    means: dict[str, Callable[[Array, Array], Array]] = {
        "summed": _real_sum,
        "divided-by-batch": lambda s, t: _real_sum(s, t) / len(t),
        "divided-by-steps": lambda s, t: _real_sum(s, t) / t.shape[1],
        "divided-by-all": lambda s, t: _real_sum(s, t) / t.size,
        "padding-counted": lambda s, _t: s.mean(),
        "padding-added": lambda s, t: s.sum() / (t != PAD).sum(),
        "mean-of-means": _per_sequence,
        "stop-not-counted": _over(lambda t: (t != PAD) & (t != EOS)),
        "one-padding-counted": _over(
            lambda t: (t != PAD) | (np.roll(t, 1, axis=1) == EOS) & (np.arange(t.shape[1]) > 0)
        ),
        "first-step-left-out": _over(lambda t: (t != PAD) & (np.arange(t.shape[1]) > 0)),
        "last-step-not-added": lambda s, t: _real_sum(s[:, :-1], t[:, :-1]) / (t != PAD).sum(),
        "stop-not-added": lambda s, t: np.where(t > EOS, s, 0).sum() / (t != PAD).sum(),
        "stop-not-in-count": lambda s, t: _real_sum(s, t) / max(int((t > EOS).sum()), 1),
        "last-step-alone": lambda s, _t: s[:, -1].mean(),
        "stop-alone": _over(lambda t: t == EOS),
        "mask-inverted": _over(lambda t: t == PAD if (t == PAD).any() else t != PAD),
        "perplexity": lambda s, t: np.exp(_mean(s, t)),
        "not-reduced": lambda s, t: np.where(t != PAD, s, 0),
        "per-sequence-losses": lambda s, t: np.where(t != PAD, s, 0).sum(axis=1),
    }
    for name, mean in means.items():
        yield Mistake(name, partial(seq2seq_loss, mean=mean), see=STOPPING)
