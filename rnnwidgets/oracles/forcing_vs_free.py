"""Golden values of forcing-vs-free: the recorded networks, run again, and a linear forecast."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

import numpy as np

from rnncore.data.vocabulary import EOS, token_vocabulary
from rnncore.params import RNNParams
from rnncore.rnn import rnn_step
from rnncore.seq2seq import Design, seq2seq_forward
from rnnwidgets.forcing_vs_free import ForcingVsFree
from rnnwidgets.oracles import usual_cases
from rnnwidgets.oracles._recordings import results, seq2seq_params

__all__ = ["EXACT", "SOURCE", "cases", "outputs"]

SOURCE: Final = "rnncore.seq2seq.seq2seq_forward"
EXACT: Final = ("forced_right", "free_right", "split", "y", "forced_error", "free_error")
LETTERS: Final = "abcdefghij"


def _right(length: str, n: int) -> dict[str, np.ndarray[Any, Any]]:
    """Tell for each decoder which letters of a recorded word it writes right."""
    one = results("recordings_forcing")["lengths"][length]
    vocabulary = token_vocabulary(LETTERS)
    source = np.array([vocabulary.encode(one["words"][n - 1])])
    target = np.concatenate([source[:, ::-1], [[EOS]]], axis=1)
    params = seq2seq_params(one["weights"])
    right = {}
    for name, forcing in (("forced", 1.0), ("free", 0.0)):
        logits, _ = seq2seq_forward(source, target, params, Design("initial"), None, forcing)
        right[name] = (logits.argmax(axis=-1) == target)[0, : int(length)]
    return right


def _forecast(a: float, e: float, t: int) -> dict[str, float]:
    """Follow y with an RNN of one unit without input, whose relu never cuts: y stays positive."""
    x = np.zeros((1, 1))

    def step(h_prev: float, factor: float) -> float:
        params = RNNParams(x, np.array([[float(factor)]]), np.zeros(1), np.zeros(1))
        h, _ = rnn_step(x, np.array([[h_prev]]), params, "relu")
        return float(h.item())

    y = free = 1.0
    forced = 1.0
    for _ in range(t):
        forced = step(y, a + e)
        free = step(free, a + e)
        y = step(y, a)
    return {"y": y, "forced_error": forced - y, "free_error": free - y}


def outputs(inputs: Mapping[str, Any]) -> dict[str, Any]:
    """Let both decoders write, and forecast one number in both ways.

    >>> outputs({"length": "8", "n": 1, "t": 20, "a": 1.0, "e": 0.05})["forced_right"]
    8
    """
    right = _right(inputs["length"], inputs["n"])
    t = inputs["t"]
    mistakes = np.flatnonzero(~right["free"])
    split = int(mistakes[0]) + 2 if mistakes.size else 0
    return {
        "forced_right": int(right["forced"][:t].sum()),
        "free_right": int(right["free"][:t].sum()),
        "split": split if split <= int(inputs["length"]) else 0,
        **_forecast(inputs["a"], inputs["e"], t),
    }


def cases() -> dict[str, dict[str, Any]]:
    """Return the usual cases, and every recorded word."""
    more = {
        f"word_{length}_{n}": {"length": length, "n": n, "t": 20}
        for length in ("8", "12")
        for n in range(1, 21)
    }
    return usual_cases(ForcingVsFree, more, random=12, seed=20261121)
