"""Keras 3 on its torch backend: `SimpleRNN`, `GRU` (reset after) and `LSTM`."""

import os
from collections.abc import Callable
from typing import Any

os.environ["KERAS_BACKEND"] = "torch"

import keras
import torch

import rnncore
from benchmarks.peers.rnncore_numpy import PARAMS
from benchmarks.protocol import Arrays

VERSIONS = ("keras", "torch")
LAYERS = {"rnn": "SimpleRNN", "gru": "GRU", "lstm": "LSTM"}


def build(cell: str, arrays: Arrays) -> dict[str, Callable[[], list[Any]]]:
    """Return the two pieces of work; the weights are mapped by `rnncore`."""
    params = PARAMS[cell](*(arrays[name] for name in PARAMS[cell]._fields))
    layer = getattr(keras.layers, LAYERS[cell])(
        params.weight_hh.shape[1], return_sequences=True, return_state=True
    )
    layer.build(arrays["x"].shape)
    layer.set_weights(rnncore.to_keras_weights(params))
    tensors = {name: torch.from_numpy(array) for name, array in arrays.items()}
    inputs = [tensors[name].requires_grad_() for name in ("x", "h_0", "c_0") if name in tensors]
    upstream = [tensors[name] for name in ("doutput", "dh_n", "dc_n") if name in tensors]
    weights = [variable.value for variable in layer.trainable_weights]

    def run() -> list[Any]:
        x, *state = inputs
        output, *last = layer(x, initial_state=state)
        return [output, *last]

    def forward() -> list[Any]:
        with torch.no_grad():
            return run()

    def both() -> list[Any]:
        results = run()
        gradients = torch.autograd.grad(results, [*inputs, *weights], upstream)
        # The gradient by the bias comes last.
        return [*(part.detach() for part in results), *gradients[:-1]]

    return {"forward": forward, "both": both}
