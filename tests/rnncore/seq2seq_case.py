"""One small encoder-decoder in each design; no two sizes are equal and none is 1."""

from typing import NamedTuple

import claims
import numpy as np

from rnncore.seq2seq import Design, Seq2SeqParams, init_seq2seq

BATCH, SOURCE, TARGET, EMBEDDING, HIDDEN, SOURCE_VOCAB, TARGET_VOCAB = 3, 5, 4, 2, 6, 9, 7
LENGTHS = [5, 0, 3]
DESIGNS = (
    Design("initial"),
    Design("every_step"),
    *(
        Design(context, score)
        for context in ("previous_query", "current_query")
        for score in ("dot", "scaled_dot", "bilinear", "additive")
    ),
)


class Case(NamedTuple):
    """Arguments of `seq2seq_forward` without lengths and forcing."""

    source: np.ndarray
    target: np.ndarray
    params: Seq2SeqParams
    design: Design


def case(design: Design, seed: int = 7, dtype=float) -> Case:
    """Random ids and parameters; tokens occur several times."""
    draw = claims.rng(seed)
    params = init_seq2seq(SOURCE_VOCAB, TARGET_VOCAB, EMBEDDING, HIDDEN, draw, design, dtype)
    source = draw.integers(0, SOURCE_VOCAB, (BATCH, SOURCE))
    target = draw.integers(3, TARGET_VOCAB, (BATCH, TARGET))
    return Case(source, target, params, design)
