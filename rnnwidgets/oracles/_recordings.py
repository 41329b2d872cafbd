"""Recorded networks: weights written as text, and the encoder-decoder made of them again."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any, Final

import numpy as np

from rnncore._typing import Array
from rnncore.activations import softmax
from rnncore.attending import AttentionParams
from rnncore.data.vocabulary import BOS, EOS, SPECIALS, token_vocabulary
from rnncore.params import LSTMParams
from rnncore.scores import AdditiveParams
from rnncore.seq2seq import (
    DecoderParams,
    Design,
    EncoderParams,
    Seq2SeqParams,
    decoder_step,
    encode,
)

__all__ = ["ALPHABET", "ATTENTION", "LEVELS", "looked", "results", "seq2seq_params", "unpacked"]

RESULTS: Final = Path(__file__).parents[2] / "experiments" / "results"
#: One character for each value a rounded weight can have, from -LEVELS to LEVELS.
ALPHABET: Final = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ_abcdefghijklmnopqrstuvwxyz"
LEVELS: Final = len(ALPHABET) // 2
#: Design of the networks that attend.
ATTENTION: Final = Design("current_query", "additive")
MOST_STEPS: Final = 16
#: How many of the likeliest tokens are recorded for each step.
CANDIDATES: Final = 3
END: Final = ""


@cache
def results(name: str) -> dict[str, Any]:
    """Return the whole of what an experiment wrote."""
    found: dict[str, Any] = json.loads((RESULTS / f"{name}.json").read_text(encoding="utf-8"))
    return found


def unpacked(entry: Sequence[Any]) -> Array:
    """Return an array that was packed as (shape, scale, letters).

    Equation: w = scale * level; the middle letter of the alphabet is level 0.

    >>> unpacked([[2], 0.5, "U_"]).tolist()
    [-0.5, 2.5]
    """
    shape, scale, letters = entry
    levels = np.array([ALPHABET.index(letter) - LEVELS for letter in letters])
    array: Array = (scale * levels).reshape(shape)
    return array


def _lstm(weights: Mapping[str, Array], part: str) -> LSTMParams:
    weight_ih, weight_hh, bias = (
        weights[f"{part}.lstm.{name}"] for name in ("weight_ih", "weight_hh", "bias_ih")
    )
    # The two biases were folded into one before recording.
    return LSTMParams(weight_ih, weight_hh, bias, np.zeros_like(bias))


def seq2seq_params(entries: Mapping[str, Sequence[Any]]) -> Seq2SeqParams:
    """Return the parameters of a recorded encoder-decoder, in float64."""
    weights = {name: unpacked(entry) for name, entry in entries.items()}
    attention: AttentionParams = ()
    if "decoder.attention.weight_key" in weights:
        names = ("weight_query", "weight_key", "weight_score")
        attention = AdditiveParams(*(weights[f"decoder.attention.{name}"] for name in names))
    decoder = DecoderParams(
        weights["decoder.embedding"],
        _lstm(weights, "decoder"),
        attention,
        weights["decoder.weight_out"],
        weights["decoder.bias_out"],
    )
    return Seq2SeqParams(
        EncoderParams(weights["encoder.embedding"], _lstm(weights, "encoder")), decoder
    )


def _per_cent(shares: Any) -> list[int]:
    return [int(share) for share in np.rint(100 * np.asarray(shares))]


def looked(model: Mapping[str, Any], source: str) -> dict[str, Any]:
    """Let a recorded model write, and keep where it looked, in whole per cent.

    Args:
        model: Of ``experiments/results/recordings_alignment.json``.
        source: What it reads; words of more than one letter are separated by spaces.

    Returns:
        ``weights``, one row for each step; ``best``, the likeliest tokens of each step ("" is the
        end), and ``p``, their probabilities.
    """
    params = seq2seq_params(model["weights"])
    words = max(len(token) for token in model["source"]) > 1
    ids = token_vocabulary(model["source"]).encode(source.split(" ") if words else list(source))
    names = dict(enumerate(model["target"], start=len(SPECIALS))) | {EOS: END}
    memory, encoded = encode(np.array([ids]), params.encoder)
    h, c, token = memory.h_n, memory.c_n, BOS
    found: dict[str, list[Any]] = {"weights": [], "best": [], "p": []}
    while token != EOS and len(found["p"]) < MOST_STEPS:
        fed = np.array([token])
        logits, h, c, cache = decoder_step(
            fed, h, c, memory, params.decoder, ATTENTION, encoded.mask
        )
        assert cache.attention is not None  # noqa: S101  (this design attends)
        p = softmax(logits)[0]
        best = [int(one) for one in np.argsort(-p, kind="stable") if int(one) in names]
        token = best[0]
        found["weights"].append(_per_cent(cache.attention.weights[0, 0]))
        found["best"].append([names[one] for one in best[:CANDIDATES]])
        found["p"].append(_per_cent(p[best[:CANDIDATES]]))
    return found
