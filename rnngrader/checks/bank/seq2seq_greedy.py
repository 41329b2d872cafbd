"""Known mistakes in writing without being told."""

from collections.abc import Callable, Iterator
from functools import partial
from typing import NamedTuple

import numpy as np

from rnncore.data.vocabulary import BOS, EOS, PAD
from rnncore.seq2seq import Design, Seq2SeqParams
from rnngrader.checks.arguments import NumericArray as Array
from rnngrader.checks.bank.seq2seq_run import (
    STOPPING,
    Begin,
    Carry,
    Move,
    Read,
    from_memory,
    move_on,
    new_states,
    read_source,
    shared_mistakes,
)
from rnngrader.checks.bank.seq2seq_step import FORCING
from rnngrader.checks.spec import Mistake


class Written(NamedTuple):
    """What came out, step by step: chosen tokens, and who was still writing when they were."""

    tokens: Array
    alive: Array
    source: Array


Decoded = tuple[Array, Array]


def _best(logits: Array) -> Array:
    best: Array = logits.argmax(axis=-1)
    return best


def _own(chosen: Array, before: Array) -> Array:
    del before
    return chosen


def _stopped(tokens: Array) -> Array:
    stopped: Array = tokens == EOS
    return stopped


def _filled(written: Written) -> Array:
    return np.where(written.alive, written.tokens, PAD)


def _counted(written: Written) -> Array:
    count: Array = written.alive.sum(axis=1)
    return count


def greedy_decode(
    source: Array,
    params: Seq2SeqParams,
    design: Design,
    max_length: int,
    lengths: Array | None = None,
    *,
    read: Read = read_source,
    begin: Begin = from_memory,
    first: Callable[[Array], Array] = lambda source: np.full(len(source), BOS),
    move: Move = move_on,
    carry: Carry = new_states,
    choose: Callable[[Array], Array] = _best,
    next_input: Callable[[Array, Array], Array] = _own,
    stops: Callable[[Array], Array] = _stopped,
    limit: Callable[[int], int] = lambda most: most,
    goes_on: Callable[[Array], bool] = lambda alive: bool(alive.any()),
    fill: Callable[[Written], Array] = _filled,
    count: Callable[[Written], Array] = _counted,
) -> Decoded:
    """Write the best token at each step with parts of which some may be wrong."""
    memory = read(source, params, lengths)
    state, tokens, alive = begin(memory), first(source), np.ones(len(source), bool)
    chosen: list[Array] = []
    writing: list[Array] = []
    while len(chosen) < limit(max_length) and goes_on(alive):
        logits, *new = move(tokens, state, memory, params.decoder, design)
        state = carry((new[0], new[1]), state, memory)
        chosen.append(choose(logits))
        writing.append(alive)
        tokens = next_input(chosen[-1], tokens)
        alive = alive & ~stops(chosen[-1])
    written = Written(np.stack(chosen, axis=1), np.stack(writing, axis=1), source)
    return fill(written), count(written)


def to_the_limit(
    source: Array,
    params: Seq2SeqParams,
    design: Design,
    max_length: int,
    lengths: Array | None = None,
) -> Decoded:
    """Write rightly, but with as many columns as there may be: also accepted."""
    always: Callable[[Array], bool] = lambda _alive: True  # noqa: E731 - one expression
    return greedy_decode(source, params, design, max_length, lengths, goes_on=always)


def margin(
    source: Array, params: Seq2SeqParams, design: Design, max_length: int, lengths: Array
) -> float:
    """Return by how much the best token was ahead of the next one, at the closest step."""
    gaps = []

    def choose(logits: Array) -> Array:
        two = np.sort(logits, axis=-1)[:, -2:]
        gaps.append(float((two[:, 1] - two[:, 0]).min()))
        return _best(logits)

    greedy_decode(source, params, design, max_length, lengths, choose=choose)
    return min(gaps)


def _second(logits: Array) -> Array:
    second: Array = np.argsort(logits, axis=-1)[:, -2]
    return second


def _never_special(logits: Array) -> Array:
    kept = logits.copy()
    kept[:, [PAD, BOS, EOS]] = -np.inf
    return _best(kept)


def _without_stop(written: Written) -> Array:
    ids = _filled(written)
    return np.where(ids == EOS, PAD, ids)


def greedy_mistakes() -> Iterator[Mistake]:
    """List mistakes in greedy decoding."""
    firsts: dict[str, Callable[[Array], Array]] = {
        "starts-with-padding": lambda s: np.full(len(s), PAD),
        "starts-with-stop": lambda s: np.full(len(s), EOS),
        "starts-with-row-number": lambda s: np.arange(len(s)),
    }
    for name, first in firsts.items():
        yield Mistake(name, partial(greedy_decode, first=first), see=FORCING)
    chooses: dict[str, Callable[[Array], Array]] = {
        "worst-token": lambda x: x.argmin(axis=-1),
        "second-best-token": _second,
        "special-tokens-barred": _never_special,
        "largest-in-size": lambda x: np.abs(x).argmax(axis=-1),
        "best-of-batch": lambda x: np.full(len(x), x.argmax() % x.shape[1]),
        "best-of-sum": lambda x: np.full(len(x), x.sum(axis=0).argmax()),
        "token-one-lower": lambda x: np.maximum(_best(x) - 1, 0),
    }
    for name, choose in chooses.items():
        yield Mistake(name, partial(greedy_decode, choose=choose), see=STOPPING)
    inputs: dict[str, Callable[[Array, Array], Array]] = {
        "start-fed-again": lambda _chosen, before: before,
        "first-sequence-fed": lambda chosen, _before: np.full_like(chosen, chosen[0]),
        "padding-fed": lambda chosen, _before: np.full_like(chosen, PAD),
        "stop-fed": lambda chosen, _before: np.full_like(chosen, EOS),
    }
    for name, next_input in inputs.items():
        yield Mistake(name, partial(greedy_decode, next_input=next_input), see=FORCING)
    yield from _stop_mistakes()
    yield from shared_mistakes(greedy_decode)


def _all_steps(written: Written) -> Array:
    batch, steps = written.tokens.shape
    return np.full(batch, steps)


def _stop_mistakes() -> Iterator[Mistake]:
    never: Callable[[Array], Array] = lambda t: np.zeros(len(t), bool)  # noqa: E731
    yield Mistake("never-stops", partial(greedy_decode, stops=never), see=STOPPING)
    yield Mistake(
        "stops-with-the-first",
        partial(greedy_decode, goes_on=lambda alive: bool(alive.all())),
        see=STOPPING,
    )
    limits: dict[str, Callable[[int], int]] = {
        "limit-one-short": lambda most: most - 1,
        "limit-one-long": lambda most: most + 1,
    }
    for name, limit in limits.items():
        yield Mistake(name, partial(greedy_decode, limit=limit), see=STOPPING)
    fills: dict[str, Callable[[Written], Array]] = {
        "writes-on-after-stop": lambda w: w.tokens,
        "stop-repeated": lambda w: np.where(w.alive, w.tokens, EOS),
        "stop-not-written": _without_stop,
        "start-written": lambda w: np.concatenate(
            [np.full((len(w.tokens), 1), BOS), _filled(w)], axis=1
        ),
        "steps-first": lambda w: _filled(w).T,
        "minus-one-after-stop": lambda w: np.where(w.alive, w.tokens, -1),
    }
    for name, fill in fills.items():
        key = "written-steps-first" if name == "steps-first" else name
        yield Mistake(name, partial(greedy_decode, fill=fill), key, STOPPING)
    counts: dict[str, Callable[[Written], Array]] = {
        "stop-not-in-length": lambda w: (w.alive & (w.tokens != EOS)).sum(axis=1),
        "length-of-all-steps": _all_steps,
        "length-one-more": lambda w: _counted(w) + 1,
        "length-of-source": lambda w: np.full(len(w.tokens), w.source.shape[1]),
        "length-is-last-place": lambda w: _counted(w) - 1,
        "length-of-padding": lambda w: (~w.alive).sum(axis=1),
    }
    for name, count in counts.items():
        yield Mistake(name, partial(greedy_decode, count=count), see=STOPPING)
