"""Train an encoder-decoder to reverse words, and record it with and without teacher forcing.

``python -m experiments.recordings_forcing`` writes ``experiments/results/recordings_forcing.json``
and what the widget forcing-vs-free shows of it, ``rnnwidgets/recorded/forcing_vs_free.json``.

One model for words of 8 letters, one for words of 12; both have no attention and the same size.
Each reads test words and writes them backwards twice: told the right letter before each step,
and reading what it wrote itself. Accuracy is the share of letters at their right place. Training
ends on weights rounded to 63 values; they are kept with the results, and the tests run them again.
"""

from __future__ import annotations

from typing import Any, Final

import numpy as np

from experiments.recording import save
from experiments.recordings import Phase, Recipe, packed, trained
from rnncore._typing import Array
from rnncore.data import Task, reversal_task
from rnncore.data.vocabulary import SPECIALS
from rnncore.seq2seq import Design, Seq2SeqParams, seq2seq_forward
from rnnwidgets.oracles._recordings import seq2seq_params

__all__ = ["compact", "main", "run"]

NAME: Final = "recordings_forcing"
WIDGET: Final = "forcing_vs_free"
LENGTHS: Final = (8, 12)
SEED: Final = 1
SIZES: Final = (20_000, 1000)
#: Recorded words of each length: the first of the test words.
SHOWN: Final = 20
PHASES: Final = (Phase(1500, 5e-3), Phase(500, 1e-3, rounds=True))
RECIPE: Final = Recipe(24, 8, Design("initial"), PHASES)
#: Written instead of a letter: the model ended the word too early.
ENDED: Final = "!"
#: Stands for a right letter in what the widget gets.
RIGHT: Final = "."


def _letters(task: Task, ids: Array) -> list[str]:
    tokens = task.targets.tokens
    return ["".join(ENDED if tokens[n] in SPECIALS else tokens[n] for n in row) for row in ids]


def _written(task: Task, params: Seq2SeqParams, forcing: float) -> Array:
    """Return the best token at each step, without the last, which should be EOS."""
    test = task.test
    logits, _ = seq2seq_forward(
        test.inputs, test.targets, params, RECIPE.design, test.input_lengths, forcing
    )
    best: Array = logits.argmax(axis=-1)[:, :-1]
    return best


def _recorded(length: int) -> dict[str, Any]:
    task = reversal_task(np.random.default_rng(SEED), *SIZES, lengths=(length, length))
    weights = packed(trained(task, RECIPE, SEED))
    params = seq2seq_params(weights)
    right = task.test.targets[:, :-1]
    runs = {"forced": _written(task, params, 1.0), "free": _written(task, params, 0.0)}
    return {
        "accuracy": {name: round(float((ids == right).mean()), 4) for name, ids in runs.items()},
        "accuracy_by_step": {
            name: np.round((ids == right).mean(axis=0), 4).tolist() for name, ids in runs.items()
        },
        "words": _letters(task, task.test.inputs[:SHOWN]),
        **{name: _letters(task, ids[:SHOWN]) for name, ids in runs.items()},
        "weights": weights,
    }


def run() -> dict[str, Any]:
    """Train a model for each length and let it write the test words."""
    return {
        "seeds": [SEED],
        "settings": RECIPE.told() | {"training_words": SIZES[0], "test_words": SIZES[1]},
        "lengths": {str(length): _recorded(length) for length in LENGTHS},
    }


def _mistakes(one: dict[str, Any]) -> list[tuple[int, int]]:
    """Count the mistakes of each recorded word: told, on its own."""

    def wrong(written: str, word: str) -> int:
        return sum(got != want for got, want in zip(written, word[::-1], strict=True))

    rows = zip(one["words"], one["forced"], one["free"], strict=True)
    return [(wrong(forced, word), wrong(free, word)) for word, forced, free in rows]


def examples(results: dict[str, Any]) -> dict[str, dict[str, Any]]:
    """Choose the examples by rule; n counts from 1.

    "snowball": the word on which living with its own mistakes costs the most letters, of 8;
    "recovers": the first of 8 with mistakes on which it costs the fewest; "clean": the first of 8
    without any mistake; "longer": the word of 12 on which it costs the most.
    """
    counts = {length: _mistakes(one) for length, one in results["lengths"].items()}
    cost = {length: [free - forced for forced, free in rows] for length, rows in counts.items()}
    erring = [at for at, (_, free) in enumerate(counts["8"]) if free]
    chosen = {
        "snowball": ("8", int(np.argmax(cost["8"]))),
        "recovers": ("8", min(erring, key=lambda at: cost["8"][at])),
        "clean": ("8", counts["8"].index((0, 0))),
        "longer": ("12", int(np.argmax(cost["12"]))),
    }
    return {
        name: {"view": "letters", "length": length, "n": at + 1, "t": int(length)}
        for name, (length, at) in chosen.items()
    }


def _mistakes_only(written: list[str], words: list[str]) -> str:
    """Join words; a dot stands for a right letter."""
    pairs = zip("".join(written), "".join(word[::-1] for word in words), strict=True)
    return "".join(RIGHT if got == want else got for got, want in pairs)


def compact(results: dict[str, Any]) -> dict[str, Any]:
    """Return what the widget shows: words joined to one text, mistakes, shares in per cent."""
    lengths = {
        length: {
            "words": "".join(one["words"]),
            **{name: _mistakes_only(one[name], one["words"]) for name in ("forced", "free")},
            "by_step": [
                [round(100 * share) for share in one["accuracy_by_step"][name]]
                for name in ("forced", "free")
            ],
            "accuracy": [round(one["accuracy"][name], 3) for name in ("forced", "free")],
        }
        for length, one in results["lengths"].items()
    }
    settings = results["settings"]
    return {
        "hidden_size": settings["hidden_size"],
        "updates": sum(updates for updates, *_ in settings["phases"]),
        "test_words": settings["test_words"],
        "presets": examples(results),
        **lengths,
    }


def main() -> None:
    """Train, and write both files."""
    save(NAME, run(), WIDGET, compact)


if __name__ == "__main__":
    main()
