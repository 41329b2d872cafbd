"""Weights in Keras: the same outputs there, in torch and here, and refused where no map exists."""

import json
import os
import subprocess
import sys
from pathlib import Path

import claims
import numpy as np
import pytest
import torch
from claims import HIDDEN, close, lstm_case, rnn_case
from hidden_claims import gru_case

from rnncore import (
    GRUParams,
    LSTMParams,
    RNNParams,
    from_keras_weights,
    gru_forward,
    init_lstm,
    lstm_forward,
    rnn_forward,
    stacked_forward,
    to_keras_weights,
)
from rnncore.torch import to_module

OTHER = lstm_case(8).params
LSTM, GRU, RNN = lstm_case().params, gru_case().params, rnn_case().params

# Another process: Keras reads its backend from the environment and writes to its home.
KERAS = """
import json, sys
import numpy as np
import keras
case = np.load(sys.argv[1])
kinds = json.loads(sys.argv[2])
for name, (layer, options) in kinds.items():
    both = options.pop("bidirectional", False)
    layer = getattr(keras.layers, layer)(return_sequences=True, **options)
    layer = keras.layers.Bidirectional(layer) if both else layer
    layer.build(case[name + "_x"].shape)
    count = sum(key.startswith(name + "_") for key in case) - 1
    layer.set_weights([case[f"{name}_{k}"] for k in range(count)])
    got = np.asarray(layer(case[name + "_x"]).detach()).tolist()
    read = [weight.tolist() for weight in layer.get_weights()]
    print(json.dumps([got, read, layer.count_params()]))
"""


def _run_keras(folder: Path, kinds: dict) -> list:
    """Run each kind, given as (layer, options, x, weights); return (output, weights, count)."""
    arrays = {
        f"{name}_{key}": array
        for name, (_, _, x, weights) in kinds.items()
        for key, array in (("x", x), *enumerate(weights))
    }
    np.savez(folder / "case.npz", **arrays)
    layers = json.dumps({name: kind[:2] for name, kind in kinds.items()})
    run = subprocess.run(
        [sys.executable, "-c", KERAS, folder / "case.npz", layers],
        env={**os.environ, "KERAS_BACKEND": "torch", "KERAS_HOME": str(folder)},
        capture_output=True,
        text=True,
        check=True,
    )
    return [json.loads(line) for line in run.stdout.splitlines()[-len(kinds) :]]


@pytest.mark.slow
def test_weights_work_in_keras(tmp_path) -> None:
    """SimpleRNN, LSTM, both GRUs, one without bias and one of two directions give our outputs."""
    x, units = lstm_case().x, {"units": HIDDEN}
    zeros = np.zeros_like(lstm_case().h_0)
    kinds = {
        "rnn": ("SimpleRNN", units, x, to_keras_weights(RNN)),
        "lstm": ("LSTM", units, x, to_keras_weights(LSTM)),
        "after": ("GRU", {**units, "reset_after": True}, x, to_keras_weights(GRU)),
        "before": ("GRU", {**units, "reset_after": False}, x, to_keras_weights(GRU, "before")),
        "unbiased": ("LSTM", {**units, "use_bias": False}, x, to_keras_weights(LSTM)[:2]),
        "both": (
            "LSTM",
            {**units, "bidirectional": True},
            x,
            [*to_keras_weights(LSTM), *to_keras_weights(OTHER)],
        ),
    }
    unbiased = from_keras_weights(to_keras_weights(LSTM)[:2], LSTMParams)
    two = np.stack([zeros, zeros])
    wanted = [
        rnn_forward(x, zeros, RNN),
        lstm_forward(x, zeros, zeros, LSTM),
        gru_forward(x, zeros, GRU, reset="after"),
        gru_forward(x, zeros, GRU, reset="before"),
        lstm_forward(x, zeros, zeros, unbiased),
        stacked_forward(x, (two, two), ((LSTM, OTHER),)),
    ]
    for (got, read, _), want, kind in zip(
        _run_keras(tmp_path, kinds), wanted, kinds.values(), strict=True
    ):
        # Keras computes in float32 on this backend, whatever dtype its layers are told.
        close(np.array(got), want[0], 1e-5, 1e-6)
        close(tuple(np.array(array) for array in read), tuple(kind[3]), 1e-6, 1e-7)


HELO = np.eye(4)
WORDS = np.stack(
    [[HELO["helo".index(letter)] for letter in w] for w in ("hello", "eolll", "lleel")]
)


@pytest.mark.slow
@pytest.mark.parity
def test_three_libraries_agree_on_one_hot_letters(tmp_path) -> None:
    """An LSTM of 2 units on one-hot h, e, l, o has 56 weights and one output in all three."""
    params = init_lstm(4, 2, claims.rng(), forget_bias=1)
    weights = to_keras_weights(params)
    assert sum(weight.size for weight in weights) == 56
    zeros = np.zeros((3, 2))
    output, (h_n, c_n), _ = lstm_forward(WORDS, zeros, zeros, params)
    close((output, (h_n, c_n)), _unstacked(to_module(params)(torch.tensor(WORDS))))
    # From Keras' weights back: the same function, with one bias in place of two.
    again = from_keras_weights(weights, LSTMParams)
    close(lstm_forward(WORDS, zeros, zeros, again)[0], output)

    ((got, _, count),) = _run_keras(tmp_path, {"lstm": ("LSTM", {"units": 2}, WORDS, weights)})
    assert count == 56
    close(np.array(got), output, 1e-5, 1e-6)


def _unstacked(results: tuple) -> tuple:
    output, (h_n, c_n) = results
    return output, (h_n[0], c_n[0])


@pytest.mark.parametrize("params", [RNN, LSTM], ids=["rnn", "lstm"])
def test_weights_lead_back(params) -> None:
    """Reading Keras' weights gives the same layer, its two biases summed into one, as copies."""
    weights = to_keras_weights(params)
    again = from_keras_weights(weights, type(params))
    bias = params.bias_ih + params.bias_hh
    close(again, params._replace(bias_ih=bias, bias_hh=np.zeros_like(bias)))
    ours = [*params, *again]
    assert not any(np.shares_memory(weight, array) for weight in weights for array in ours)


def test_weights_of_a_gru_lead_back() -> None:
    """Both biases come back if the reset gate stands after the product, their sum if before."""
    after = to_keras_weights(GRU)
    close(from_keras_weights(after, GRUParams), GRU, 0, 0)
    before = to_keras_weights(GRU, "before")
    bias = GRU.bias_ih + GRU.bias_hh
    again = from_keras_weights(before, GRUParams, "before")
    close(again, GRU._replace(bias_ih=bias, bias_hh=np.zeros_like(bias)))
    ours = [*GRU, *again]
    for weight in (*after, *before):
        assert not any(np.shares_memory(weight, array) for array in ours)


TALL = np.ones((6, HIDDEN))
AFTER, BEFORE = to_keras_weights(GRU), to_keras_weights(GRU, "before")
WRONG = RNN._replace(bias_ih=np.ones(3))
REFUSED = [
    (to_keras_weights, ((1, 2),), TypeError, "GRUParams or LSTMParams, got tuple"),
    (to_keras_weights, (WRONG,), ValueError, r"bias_ih .*, got \(3,\)"),
    (to_keras_weights, (GRU, "never"), ValueError, "'after' or 'before', got 'never'"),
    (from_keras_weights, ([TALL] * 3, list), TypeError, "GRUParams or LSTMParams, got list"),
    (from_keras_weights, ([TALL] * 4, RNNParams), ValueError, "bias, got 4 arrays"),
    (from_keras_weights, ([*LSTM[:2], LSTM.bias_ih], LSTMParams), ValueError, "hidden_size=16"),
    (from_keras_weights, (BEFORE, GRUParams), ValueError, r"\(12,\): .* with reset='before'"),
    (from_keras_weights, (AFTER, GRUParams, "before"), ValueError, r"\(2, 12\): .*'after'"),
    (from_keras_weights, (AFTER, LSTMParams), ValueError, "divisible by 4, got 12|rows"),
    (from_keras_weights, (AFTER, GRUParams, "?"), ValueError, r"'after' or 'before', got '\?'"),
    (
        from_keras_weights,
        ([*AFTER[:2], AFTER[2].astype(int)], GRUParams),
        TypeError,
        "bias .* dtype, got int64",
    ),
]


@pytest.mark.parametrize(("function", "arguments", "error", "message"), REFUSED)
def test_wrong_arguments_are_named(function, arguments, error, message) -> None:
    """A wrong argument is refused by one sentence that says what was expected and what came."""
    with pytest.raises(error, match="^expected .*" + message):
        function(*arguments)
