"""Train the small encoder-decoders that widgets show, and pack their weights.

``python -m experiments.recordings`` makes all recordings anew, one after the other.
"""

from __future__ import annotations

import importlib
from typing import Any, Final, NamedTuple

import numpy as np

from rnncore._typing import Array
from rnncore.data import Task
from rnncore.models import Model, translator
from rnncore.params import map_params, named_arrays
from rnncore.seq2seq import Design, Seq2SeqParams, init_seq2seq
from rnncore.training import Settings, train
from rnnwidgets.oracles._recordings import ALPHABET, LEVELS

__all__ = ["Phase", "Recipe", "fold_biases", "packed", "rounded", "trained"]

RECORDINGS: Final = (
    "recordings_forcing",
    "recordings_alignment",
    "recordings_bottleneck",
    "trained_memory",
    "trained_agreement",
)
FIGURES: Final = 6
BATCH: Final = 64


class Phase(NamedTuple):
    """A part of training: updates, step size, and whether the model runs on rounded weights."""

    updates: int
    learning_rate: float
    rounds: bool = False


class Recipe(NamedTuple):
    """What is trained, and how."""

    hidden_size: int
    embedding_dim: int
    design: Design
    phases: tuple[Phase, ...]

    def told(self) -> dict[str, Any]:
        """Return the recipe in values that JSON knows."""
        return {
            "hidden_size": self.hidden_size,
            "embedding_dim": self.embedding_dim,
            "design": list(self.design),
            "phases": [list(phase) for phase in self.phases],
            "batch": BATCH,
        }


def fold_biases(params: Seq2SeqParams) -> Seq2SeqParams:
    """Move one bias of each LSTM into the other; their sum is all that matters.

    The hidden bias becomes 0, so that it need not be recorded.
    """

    def fold(part: Any) -> Any:
        lstm = part.lstm
        folded = lstm._replace(
            bias_ih=lstm.bias_ih + lstm.bias_hh, bias_hh=np.zeros_like(lstm.bias_hh)
        )
        return part._replace(lstm=folded)

    return Seq2SeqParams(fold(params.encoder), fold(params.decoder))


def _scale(array: Array) -> float:
    """Return the size of one level, short enough to be written in a few digits."""
    return float(f"{np.abs(array).max(initial=0.0) / LEVELS:.{FIGURES}g}")


def _levels(array: Array) -> Array:
    scale = _scale(array)
    if scale == 0:
        return np.zeros(array.shape, dtype=int)
    return np.clip(np.rint(array / scale), -LEVELS, LEVELS).astype(int)


def rounded(params: Seq2SeqParams) -> Seq2SeqParams:
    """Return the parameters with each array on an even grid of 63 values.

    Equation: w_rounded = scale * rint(w / scale), scale = max |w| / 31.

    Example:
        >>> rounded_array = map_params(lambda w: _scale(w) * _levels(w), (np.array([31.0, -4.4]),))
        >>> rounded_array[0].tolist()
        [31.0, -4.0]
    """
    return map_params(
        lambda array: (_scale(array) * _levels(array)).astype(array.dtype), fold_biases(params)
    )


def packed(params: Seq2SeqParams) -> dict[str, list[Any]]:
    """Write rounded parameters as text: for each array its shape, its scale and its levels.

    Arrays of zeros are left out.

    Raises:
        ValueError: the parameters were not rounded.
    """
    found: dict[str, list[Any]] = {}
    for path, array in named_arrays(params):
        name = path.removeprefix("params.")
        if not array.any():
            continue
        if not np.allclose(_scale(array) * _levels(array), array, rtol=1e-5, atol=0):
            raise ValueError(f"expected {name} rounded, got other values")
        letters = "".join(ALPHABET[LEVELS + level] for level in _levels(array).ravel())
        found[name] = [list(array.shape), _scale(array), letters]
    return found


def _on_rounded(model: Model) -> Model:
    """Return the model whose loss is that of the rounded weights.

    Rounding has no gradient; that by the rounded weight is used for the weight behind it.
    """

    def gradients(params: Any, *rest: Any) -> Any:
        return model.gradients(rounded(params), *rest)

    return model._replace(gradients=gradients)


def trained(task: Task, recipe: Recipe, seed: int) -> Seq2SeqParams:
    """Train from one seed and return the parameters; rounded, if the last phase rounds."""
    rng = np.random.default_rng(seed)
    params: Any = init_seq2seq(
        task.inputs.size, task.targets.size, recipe.embedding_dim, recipe.hidden_size, rng,
        recipe.design, dtype=np.float32,
    )  # fmt: skip
    model = translator(recipe.design)
    for number, (updates, learning_rate, rounds) in enumerate(recipe.phases):
        settings = Settings(updates, BATCH, learning_rate, seed=1000 * seed + number)
        one = _on_rounded(model) if rounds else model
        params = train(params, one, task.train, settings=settings, progress=False).params
    return rounded(params) if recipe.phases[-1].rounds else params


if __name__ == "__main__":
    for name in RECORDINGS:
        importlib.import_module(f"experiments.{name}").main()
