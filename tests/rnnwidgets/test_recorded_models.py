"""Recorded encoder-decoders: what widgets show follows from weights and runs that are kept."""

import json
import math
from types import ModuleType
from typing import Any

import numpy as np
import pytest

from experiments import recordings_alignment, recordings_bottleneck, recordings_forcing
from experiments.recording import RECORDED, recorded_text
from experiments.recordings import Phase, Recipe, fold_biases, packed, rounded, trained
from rnncore.data import reversal_task
from rnncore.models import translator
from rnncore.params import named_arrays
from rnncore.seq2seq import Design, init_seq2seq, seq2seq_forward
from rnnwidgets import AlignmentMap, Bottleneck, ForcingVsFree
from rnnwidgets.alignment_map import tokens_of
from rnnwidgets.oracles._recordings import ATTENTION, results, seq2seq_params

ALIGNMENT = results("recordings_alignment")
FORCING = results("recordings_forcing")


@pytest.mark.parametrize(
    ("widget", "text"),
    [
        ("forcing_vs_free", lambda: recorded_text(recordings_forcing.compact(FORCING))),
        ("alignment_map", lambda: recorded_text(recordings_alignment.compact(ALIGNMENT))),
        ("bottleneck", lambda: recorded_text(recordings_bottleneck.compact())),
    ],
)
def test_widgets_show_what_was_recorded(widget: str, text: Any) -> None:
    """The small file of a widget follows from the results of the runs, and nothing else."""
    assert (RECORDED / f"{widget}.json").read_text(encoding="utf-8") == text()


@pytest.mark.parametrize("script", [recordings_forcing, recordings_alignment])
def test_recordings_say_how_they_came_about(script: ModuleType) -> None:
    """Command, machine, versions and seeds stand in the file."""
    found = results(script.__name__.rpartition(".")[2])
    assert found["command"] == f"python -m {script.__name__}"
    assert found["versions"].keys() == {"python", "numpy"}
    assert found["seeds"] == [1]


@pytest.mark.parametrize("length", ["8", "12"])
def test_recorded_weights_reach_the_recorded_accuracy(length: str) -> None:
    """The kept weights, run on all test words, are right as often as the file says."""
    one, size = FORCING["lengths"][length], int(length)
    rng = np.random.default_rng(recordings_forcing.SEED)
    task = reversal_task(rng, *recordings_forcing.SIZES, lengths=(size, size))
    params = seq2seq_params(one["weights"])
    for name, forcing in (("forced", 1.0), ("free", 0.0)):
        logits, _ = seq2seq_forward(
            task.test.inputs, task.test.targets, params, Design("initial"), None, forcing
        )
        right = (logits.argmax(axis=-1) == task.test.targets)[:, :size]
        assert right.mean() == pytest.approx(one["accuracy"][name], abs=1e-4)
        assert right.mean(axis=0) == pytest.approx(one["accuracy_by_step"][name], abs=1e-4)


@pytest.mark.parametrize("name", ["numbers", "reversal"])
def test_recorded_attention_reaches_the_recorded_accuracy(name: str) -> None:
    """The kept weights write as many unseen answers without a mistake as the file says."""
    one, model = recordings_alignment.MODELS[name], ALIGNMENT["models"][name]
    task = one.task(np.random.default_rng(recordings_alignment.SEED), one.train)
    scores = translator(ATTENTION).evaluate(seq2seq_params(model["weights"]), task.test)
    assert scores["sequence_accuracy"] == pytest.approx(model["sequence_accuracy"], abs=1e-4)


def test_rounding_keeps_what_it_says() -> None:
    """Rounded weights survive packing exactly, lie near the old ones, and have one bias less."""
    rng = np.random.default_rng(5)
    params = init_seq2seq(7, 9, 3, 4, rng, ATTENTION)
    small, folded = rounded(params), fold_biases(params)
    again = seq2seq_params(packed(small))
    for (name, kept), (_, got) in zip(named_arrays(small), named_arrays(again), strict=True):
        assert np.array_equal(kept, got), name
    for (_, near), (_, exact) in zip(named_arrays(small), named_arrays(folded), strict=True):
        assert np.abs(near - exact).max() <= np.abs(exact).max() / 62 * (1 + 1e-5)
    source, target = rng.integers(3, 7, (2, 5)), rng.integers(3, 9, (2, 6))
    one, _ = seq2seq_forward(source, target, params, ATTENTION)
    other, _ = seq2seq_forward(source, target, folded, ATTENTION)
    assert other == pytest.approx(one, rel=1e-12)
    with pytest.raises(ValueError, match=r"expected encoder\.embedding rounded, got other values"):
        packed(folded)


def test_training_can_be_repeated() -> None:
    """The same recipe and seed give the same weights, another seed others."""
    task = reversal_task(np.random.default_rng(3), 200, 20, lengths=(3, 3))
    recipe = Recipe(5, 4, Design("initial"), (Phase(3, 1e-2), Phase(2, 1e-2, rounds=True)))
    one, again, other = (packed(trained(task, recipe, seed)) for seed in (1, 1, 2))
    assert one == again
    assert one != other


def test_what_notes_on_decoders_claim() -> None:
    """The examples of forcing-vs-free show what their names and notes say."""
    shown = {name: ForcingVsFree(**changes) for name, changes in ForcingVsFree.PRESETS.items()}
    cost = {name: widget.forced_right - widget.free_right for name, widget in shown.items()}
    assert cost["snowball"] >= 4
    assert shown["recovers"].free_right < 8
    assert cost["recovers"] < cost["snowball"]
    assert (shown["clean"].forced_right, shown["clean"].free_right) == (8, 8)
    assert shown["clean"].split == 0
    assert cost["longer"] >= 4
    assert round(shown["grows"].free_error, 2) == 1.65
    assert round(shown["grows"].forced_error, 2) == 0.05
    assert round(shown["fades"].forced_error, 4) == 0.0068
    assert round(shown["fades"].free_error, 3) == 0.237


def test_decoders_agree_until_the_first_mistake() -> None:
    """Up to the step at which inputs part, both decoders have the same letters right."""
    for length, size in (("8", 8), ("12", 12)):
        for n in range(1, 21):
            widget = ForcingVsFree(length=length, n=n)
            widget.t = (widget.split or size + 1) - 1
            assert widget.forced_right == widget.free_right


def test_what_notes_on_attention_claim() -> None:
    """The examples of alignment-map show what their notes say."""
    largest = {}
    written = {}
    for name, changes in AlignmentMap.PRESETS.items():
        widget = AlignmentMap(**changes)
        row = widget.weights[widget.t - 1]
        largest[name] = tokens_of(widget.example)[row.index(max(row))]
        written[name] = widget.written
    assert (written["letter"], largest["letter"]) == ("1990-07-08", "l")
    assert (written["padded"][8], largest["padded"]) == ("0", " ")
    assert (written["unsaid"], largest["unsaid"]) == ("7909", "hundred")
    assert written["unseen"].startswith("1999")
    assert written["long"] != "abcdefghijab"[::-1]
    assert any(written["long"][at] == written["long"][at + 1] for at in range(11))
    rows = AlignmentMap(example="cabbage").weights[:7]
    assert [row.index(max(row)) for row in rows] == [6, 5, 4, 3, 2, 1, 0]


def test_what_notes_on_the_bottleneck_claim() -> None:
    """The examples of bottleneck show what their notes say, over all seeds."""
    shown = {name: Bottleneck(**changes) for name, changes in Bottleneck.PRESETS.items()}
    lost, found = shown["lost"], shown["found"]
    assert max(lost.places[:5]) < min(lost.places[-3:])
    assert found.least > lost.largest
    assert shown["tiny"].largest < 0.5
    assert shown["fits"].least >= 0.99
    assert Bottleneck(length="8", size="32").accuracy > 0.75
    assert Bottleneck(length="8", size="16").accuracy < 0.75


def test_every_grid_cell_has_its_spread() -> None:
    """Mean and spread are ordered, and there is one share for each letter."""
    for values in (
        Bottleneck(length=length, size=size, attention=attention)
        for length in ("4", "8", "12", "20")
        for size in ("8", "16", "32", "64")
        for attention in ("off", "on")
    ):
        assert values.least <= values.accuracy <= values.largest
        assert len(values.places) == int(values.length)
        assert math.isclose(np.mean(values.places), values.accuracy, abs_tol=0.02)
    assert len(json.loads((RECORDED / "bottleneck.json").read_text())["letters"]) == 2
