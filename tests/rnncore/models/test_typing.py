"""The shapes in the signatures of the models are true: checked at run time, in another process."""

import subprocess
import sys

HEAD = """
from jaxtyping import install_import_hook
hook = install_import_hook("rnncore", "beartype.beartype")
hook.__enter__()
import numpy as np
from rnncore import models
from rnncore.seq2seq import Design, init_seq2seq
draw = np.random.default_rng(0)
ids, real = draw.integers(0, 6, (3, 5)), [5, 0, 2]
"""
CALLS = """
for dtype in (np.float32, np.float64, np.complex128):
    for cell in ("rnn", "gru", "lstm"):
        for options in ({}, {"embedding_dim": 2, "num_layers": 2}, {"bidirectional": True}):
            params = models.init_reader(7, 6, 4, draw, cell=cell, dtype=dtype, **options)
            for lengths in (None, real, np.array(real)):
                _, cache = models.tagger_forward(ids, ids, params, lengths, dropout_p=0.5, rng=draw)
                models.tagger_backward(1.0, cache, params)
                for summary in ("last", "mean"):
                    _, cache = models.classifier_forward(
                        ids, ids[:, 0], params, lengths, summary=summary
                    )
                    models.classifier_backward(1.0, cache, params)
                if "bidirectional" not in options:
                    start = models.start_state(params, 3)
                    _, start, cache = models.language_model_forward(
                        ids, ids, start, params, lengths
                    )
                    models.language_model_backward(1.0, cache, params)
                    models.language_model_predict(ids, params, lengths, start)
            if dtype != np.complex128:
                models.tagger_predict(ids, params, real)
                models.classifier_predict(ids, params, real, summary="mean")
                if "bidirectional" not in options:
                    models.language_model_sample(ids[:, 0], params, 2, draw)
    design = Design("previous_query", "additive")
    params = init_seq2seq(6, 7, 2, 4, draw, design, dtype)
    _, cache = models.translator_forward(ids, ids[:, :4], params, design, real, [4, 1, 0])
    models.translator_backward(1.0, cache, params)
    if dtype != np.complex128:
        models.translator_predict(ids, params, design, 3, real)
print("done")
"""


def _run(program: str) -> subprocess.CompletedProcess:
    command = [sys.executable, "-c", HEAD + program]
    return subprocess.run(command, capture_output=True, text=True, check=False)


def test_signatures_hold_for_real_and_complex() -> None:
    """Every forward, backward and answer keeps the shapes it promises, in three dtypes."""
    run = _run(CALLS)
    assert run.stdout == "done\n", run.stderr


def test_a_broken_signature_is_noticed() -> None:
    """The test above can fail: classes with an axis too many are caught."""
    run = _run("models.classifier_forward(ids, ids, models.init_reader(7, 6, 4, draw))")
    assert "TypeCheckError" in run.stderr
