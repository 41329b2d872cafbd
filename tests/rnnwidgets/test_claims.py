"""What the texts of the widgets say about numbers is so."""

import json
from pathlib import Path

import pytest

import rnnwidgets
from rnnwidgets import AttentionBoard, GradientDecay, GRUGates

MESSAGES = Path(rnnwidgets.__file__).parent / "messages" / "en"


def note(module: str, preset: str) -> str:
    """What the widget says when an example is chosen."""
    text = json.loads((MESSAGES / f"{module}.json").read_text(encoding="utf-8"))
    return str(text["presets"][preset]["note"])


def test_halving() -> None:
    """0.8 % after 7 halvings, about a millionth after 20; half-life 69 steps at 0.99."""
    halves = GradientDecay(**GradientDecay.PRESETS["halves"])
    assert "0.8 %" in note("gradient_decay", "halves")
    assert halves.lstm[7] == pytest.approx(0.008, abs=5e-4)
    assert halves.lstm_end == pytest.approx(1e-6, rel=0.05)
    keeps = GradientDecay(**GradientDecay.PRESETS["keeps"])
    assert "69 steps" in note("gradient_decay", "keeps")
    assert round(keeps.half_life) == 69


def test_the_same_weight_explodes_and_vanishes() -> None:
    """With w = 1.5 a gradient grows more than 3000 times; with tanh it vanishes."""
    explodes = GradientDecay(**GradientDecay.PRESETS["explodes"])
    saturates = GradientDecay(**GradientDecay.PRESETS["saturates"])
    assert explodes.w == saturates.w == 1.5
    assert "more than 3000" in note("gradient_decay", "explodes")
    assert 3000 < explodes.rnn_end < 3400
    assert saturates.rnn_end < 1e-7
    # The note says where h settles: h = tanh(1.5 h).
    h = 0.5
    for _ in range(200):
        h = GRUGates.compute(0, 1.5 * h, 0, 0, 0, "keep", "after", 1)["n"]
    assert f"{h:.2f}" in note("gradient_decay", "saturates")


def test_no_weight_keeps_the_gradient_for_long() -> None:
    """The next task has an answer: with tanh no weight brings a hundredth over 100 steps."""
    best = max(GradientDecay(T=100, w=w / 100, cell="tanh").rnn_end for w in range(20, 201, 2))
    assert best < 0.01


def test_examples_of_the_gru_do_what_they_say() -> None:
    """With z = 1 the state is copied; without bias both places of the reset gate agree."""
    copy = GRUGates(**GRUGates.PRESETS["copy"], x=-2, r=0.1, h_prev=-0.3)
    assert copy.h == -0.3
    turned = GRUGates(**GRUGates.PRESETS["turned"])
    assert turned.keep == pytest.approx(0.3)
    assert "30 %" in note("gru_gates", "turned")
    pair = [GRUGates(r=0.3, reset=reset).h for reset in ("after", "before")]
    assert pair[0] == pytest.approx(pair[1], rel=1e-14)
    biased = [GRUGates(r=0, b_hn=1, reset=reset).past for reset in ("after", "before")]
    assert biased == [0, 1]


def test_the_gru_task_has_two_ways() -> None:
    """The state can be 0: with both gates closed, or by a candidate that cancels."""
    assert GRUGates(z=0, r=0, x=0).h == 0
    assert GRUGates(h_prev=0.4, z=0.5, r=1, x=-0.4 - 0.42365).h == pytest.approx(0, abs=1e-5)


def test_scaling_undoes_the_width() -> None:
    """The largest weight grows with the width of the dot product, and not with the scaled one."""
    widths = ("2", "8", "32", "128", "512")
    dot = [max(AttentionBoard(d=d).weights) for d in widths]
    scaled = [max(AttentionBoard(d=d, score="scaled").weights) for d in widths]
    assert dot == sorted(dot)
    assert dot[3] > 0.9
    assert max(scaled) == min(scaled)
