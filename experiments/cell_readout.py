"""One recurrent cell with a linear read-out at every step, and its training with Adam.

The smallest model that can be asked what a cell remembers: y_t = W h_t + b.

`rnncore.training` walks through a fixed set of token ids, pass by pass, with the loss of its model.
Here every update draws its own batch, of any numbers, and each experiment has a loss of its own: so
there is a loop of five lines beside it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, Final, NamedTuple, TypeAlias

import numpy as np

from rnncore._typing import Array
from rnncore.cells import cell_backward, cell_forward
from rnncore.optim import adam_init, adam_step, clip_by_global_norm
from rnncore.params import CellParams, LSTMParams, init_gru, init_lstm, init_rnn

__all__ = ["Batch", "Model", "Readout", "init_model", "read_out", "train"]

KINDS: Final[dict[str, Callable[..., CellParams]]] = {
    "rnn": init_rnn,
    "gru": init_gru,
    "lstm": init_lstm,
}
MAX_NORM: Final = 1.0


class Readout(NamedTuple):
    """Weights of the linear map from hidden state to output."""

    weight: Array
    bias: Array


class Model(NamedTuple):
    """A cell and its read-out."""

    cell: Any
    readout: Readout


class Batch(NamedTuple):
    """Inputs, lengths (None: all steps are real), and the gradient of a loss by the outputs."""

    x: Array
    lengths: Array | None
    doutput: Callable[[Array], Array]


Batches: TypeAlias = Iterator[Batch]


def init_model(
    kind: str, input_size: int, hidden_size: int, output_size: int, rng: np.random.Generator
) -> Model:
    """Draw parameters as torch does for cells; the read-out in the same interval, bias 0.

    Raises:
        KeyError: the kind is none of rnn, gru, lstm.
    """
    cell = KINDS[kind](input_size, hidden_size, rng)
    bound = hidden_size**-0.5
    weight = rng.uniform(-bound, bound, (output_size, hidden_size))
    return Model(cell, Readout(weight, np.zeros(output_size)))


def _zeros(batch: int, cell: CellParams) -> tuple[Array, ...]:
    states = 2 if isinstance(cell, LSTMParams) else 1
    return (np.zeros((batch, cell.weight_hh.shape[1])),) * states


def read_out(x: Array, model: Model, lengths: Array | None = None) -> tuple[Array, Array, Any]:
    """Run the cell from a state of 0 and read its hidden state out at every step.

    Equation: y_t = W h_t + b.

    Returns: `(y, h, cache)`, batch first.
    """
    h, _, cache = cell_forward(x, _zeros(len(x), model.cell), model.cell, lengths)
    return h @ model.readout.weight.T + model.readout.bias, h, cache


def _gradients(dy: Array, h: Array, cache: Any, model: Model) -> Model:
    dstate = _zeros(len(h), model.cell)
    _, _, dcell = cell_backward(dy @ model.readout.weight, dstate, cache, model.cell)
    dweight = np.tensordot(dy, h, axes=((0, 1), (0, 1)))
    return Model(dcell, Readout(dweight, dy.sum(axis=(0, 1))))


def train(model: Model, batches: Batches, learning_rate: float) -> Model:
    """Update once for each batch, with Adam and gradients clipped to a norm of 1."""
    state = adam_init(model)
    for batch in batches:
        y, h, cache = read_out(batch.x, model, batch.lengths)
        grads, _ = clip_by_global_norm(_gradients(batch.doutput(y), h, cache, model), MAX_NORM)
        model, state = adam_step(model, grads, state, learning_rate)
    return model
