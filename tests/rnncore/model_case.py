"""Small models to test with; no two sizes are equal and none is 1."""

from typing import Any, NamedTuple

import numpy as np

from rnncore.models import ReaderParams, init_reader

BATCH, SEQ, VOCAB, OUTPUTS, EMBEDDING, HIDDEN = 3, 5, 7, 6, 2, 4
LENGTHS = (None, [5, 2, 3], [0, 4, 1])
CELLS = ("rnn", "lstm", "gru")


class ReaderCase(NamedTuple):
    """Ids, right labels, parameters."""

    inputs: np.ndarray
    targets: np.ndarray
    params: ReaderParams


def reader_case(cell: str, dtype: Any = float, **options: Any) -> ReaderCase:
    """Random ids, some of them several times, and random parameters."""
    draw = np.random.default_rng(20240229)
    params = init_reader(VOCAB, OUTPUTS, HIDDEN, draw, cell=cell, dtype=dtype, **options)
    inputs = draw.integers(0, VOCAB, (BATCH, SEQ))
    return ReaderCase(inputs, draw.integers(0, OUTPUTS, (BATCH, SEQ)), params)
