"""Golden values of bptt-unrolled: ``rnncore.rnn_backward`` on the word "hello".

``python -m rnnwidgets.oracles.bptt_unrolled`` draws the weights of the widget anew.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any, Final

import numpy as np

from rnncore._typing import Array
from rnncore.params import RNNParams, init_rnn
from rnncore.rnn import rnn_backward, rnn_forward, rnn_step, rnn_step_backward
from rnnwidgets._recorded import RECORDED
from rnnwidgets.bptt_unrolled import ALPHABET, LONGEST, WORD, BPTTUnrolled
from rnnwidgets.oracles import usual_cases

__all__ = ["EXACT", "SOURCE", "cases", "drawn_weights", "outputs", "write_weights"]

SOURCE: Final = "rnncore.rnn.rnn_backward"
EXACT: Final = ()
SEED: Final = 3
HIDDEN_SIZE: Final = 2
DIGITS: Final = 4


def drawn_weights() -> RNNParams:
    """Draw the weights of the widget as torch would, and keep the digits it prints."""
    params = init_rnn(len(ALPHABET), HIDDEN_SIZE, np.random.default_rng(SEED))
    return RNNParams(*(array.round(DIGITS) for array in params))


def write_weights() -> None:
    """Write ``rnnwidgets/recorded/bptt_unrolled.json``."""
    lists = {name: array.tolist() for name, array in drawn_weights()._asdict().items()}
    path = RECORDED / "bptt_unrolled.json"
    path.write_text(json.dumps(lists) + "\n", encoding="utf-8")


def _network(inputs: Mapping[str, Any]) -> tuple[Array, RNNParams]:
    if inputs["network"] == "scalar":
        x = np.zeros((1, LONGEST, 1))
        x[0, 0] = 1.0
        one, none = np.ones((1, 1)), np.zeros(1)
        return x, RNNParams(one, inputs["w"] * one, none, none)
    params = drawn_weights()
    x = np.eye(len(ALPHABET))[[ALPHABET.index(letter) for letter in WORD]][None]
    return x, params._replace(weight_hh=inputs["w"] * params.weight_hh)


def _gradient(x: Array, h_0: Array, params: RNNParams) -> Array:
    """Return dL/dW_h for the sum L of the entries of the last state."""
    _, h_n, cache = rnn_forward(x, h_0, params)
    zero = np.zeros((1, x.shape[1], h_n.shape[1]))
    _, _, dparams = rnn_backward(zero, np.ones_like(h_n), cache, params)
    return dparams.weight_hh


def outputs(inputs: Mapping[str, Any]) -> dict[str, Any]:
    """Let ``rnncore`` say what each step adds, and what they add together.

    Shares come from ``rnn_step_backward``; sums from ``rnn_backward`` over the last k steps, whose
    earlier state is then a constant, and over all steps.
    """
    x, params = _network(inputs)
    steps = min(inputs["T"], x.shape[1])
    states = [np.zeros((1, params.weight_hh.shape[0]))]
    caches = []
    for t in range(steps):
        h, cache = rnn_step(x[:, t], states[-1], params)
        states.append(h)
        caches.append(cache)
    cut = max(0, steps - inputs["k"])
    dh = np.ones_like(states[0])
    reach: list[Array] = [dh]
    shares: list[Array] = []
    for t in reversed(range(steps)):
        _, dh, dparams = rnn_step_backward(dh, caches[t], params)
        reach.insert(0, dh)
        shares.insert(0, dparams.weight_hh if t >= cut else np.zeros_like(dparams.weight_hh))
    total, full = (_gradient(x[:, start:steps], states[start], params) for start in (cut, 0))
    return {
        "shares": [share.ravel().tolist() for share in shares],
        "total": total.ravel().tolist(),
        "full": full.ravel().tolist(),
        "path": reach[min(inputs["node"], steps)].ravel().tolist(),
    }


def cases() -> dict[str, dict[str, Any]]:
    """Return the usual cases, and cuts of every length."""
    more: dict[str, dict[str, Any]] = {f"cut_{k}": {"k": k, "w": 1.7} for k in range(1, 6)}
    more["scalar_longest"] = {"network": "scalar", "T": 6, "w": 1.4, "k": 3}
    return usual_cases(BPTTUnrolled, more, random=16, seed=20260717)


if __name__ == "__main__":
    write_weights()
