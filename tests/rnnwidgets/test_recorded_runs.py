"""Recorded numbers in widgets are those of the recorded runs, and a run can be repeated."""

import json
from types import ModuleType
from typing import Any

import numpy as np
import pytest

from experiments import trained_agreement, trained_memory
from experiments.recording import RECORDED, RESULTS, recorded_text
from rnnwidgets.oracles.bptt_unrolled import drawn_weights
from rnnwidgets.sentence_scrubber import SentenceScrubber, read_sentence

RUNS = {"memory_race": trained_memory, "sentence_scrubber": trained_agreement}


def results(script: ModuleType) -> dict[str, Any]:
    """Everything that a script recorded."""
    name = script.__name__.rpartition(".")[2]
    found: dict[str, Any] = json.loads((RESULTS / f"{name}.json").read_text(encoding="utf-8"))
    return found


@pytest.mark.parametrize(("widget", "script"), RUNS.items())
def test_widgets_show_what_was_recorded(widget: str, script: ModuleType) -> None:
    """The small file of a widget follows from the file of the runs, and nothing else."""
    committed = (RECORDED / f"{widget}.json").read_text(encoding="utf-8")
    assert committed == recorded_text(script.compact(results(script)))


@pytest.mark.parametrize("script", RUNS.values())
def test_recordings_say_how_they_came_about(script: ModuleType) -> None:
    """Command, machine, versions and all seeds stand in the file."""
    found = results(script)
    assert found["command"] == f"python -m {script.__name__}"
    assert found["versions"].keys() == {"python", "numpy"}
    assert found["seeds"] == [0, 1, 2, 3, 4]


def test_training_can_be_repeated(monkeypatch: pytest.MonkeyPatch) -> None:
    """One cell trained again from the first seed recalls what was recorded, but for rounding."""
    monkeypatch.setattr(trained_memory, "KINDS", {"rnn": None})
    monkeypatch.setattr(trained_memory, "SEEDS", (0,))
    again, recorded = trained_memory.run(), results(trained_memory)
    fresh = again["recall_of_first_seed"]["rnn"]
    assert np.allclose(fresh, recorded["recall_of_first_seed"]["rnn"], rtol=0, atol=2e-3)
    assert np.allclose(
        again["rms_error"]["rnn"]["per_seed"][0],
        recorded["rms_error"]["rnn"]["per_seed"][0],
        rtol=0,
        atol=2e-3,
    )


def test_the_cell_of_the_trained_lstm_follows_from_its_gates() -> None:
    """Recorded i, f and g give the recorded c, and its sign gives the answer of the network."""
    for run in results(trained_agreement)["runs"]:
        c = 0.0
        for i, f, g, expected in zip(run["i"], run["f"], run["g"], run["c"], strict=True):
            c = f * c + i * g
            assert c == pytest.approx(expected, abs=1e-5)
    shown = SentenceScrubber(gates="trained")
    assert shown.c == pytest.approx(results(trained_agreement)["runs"][0]["c"], abs=1e-3)
    assert shown.answer == "were"


def test_what_the_note_on_training_claims() -> None:
    """All networks answer every new sentence, with an input gate that stays open in between."""
    for run in results(trained_agreement)["runs"]:
        assert run["accuracy"] == 1.0
        assert run["i"][3] > 0.97
        assert run["g"][3] > 0
        assert run["plural_minus_singular"][5] > 0


def test_the_drawn_weights_are_those_of_the_seed() -> None:
    """The weights of bptt-unrolled are drawn by rnncore, rounded to what is printed."""
    committed = json.loads((RECORDED / "bptt_unrolled.json").read_text(encoding="utf-8"))
    assert committed == {name: array.tolist() for name, array in drawn_weights()._asdict().items()}


def test_an_empty_memory_has_no_answer() -> None:
    """With all gates closed the memory is 0, and 0 is neither singular nor plural."""
    closed = [0.0] * 8
    assert read_sentence(6, "hand", closed, closed) == {
        "c": [0.0] * 8,
        "c_t": 0.0,
        "answer": "none",
    }
