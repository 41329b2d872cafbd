"""The golden file says what rnncore computes today."""

import json

import pytest

from rnnwidgets.golden import GOLDEN_PATH, cell_values, golden_text


def test_the_committed_file_is_what_rnncore_gives() -> None:
    """Writing the golden file again changes no case and no number beyond rounding."""
    committed = json.loads(GOLDEN_PATH.read_text(encoding="utf-8"))
    fresh = json.loads(golden_text())
    assert [case["name"] for case in committed["cases"]] == [c["name"] for c in fresh["cases"]]
    for old, new in zip(committed["cases"], fresh["cases"], strict=True):
        assert old["inputs"] == new["inputs"]
        assert old["outputs"] == pytest.approx(new["outputs"], rel=1e-12, abs=1e-15)


def test_hand_worked_example() -> None:
    """0.9 of 1 is kept, half of 0.8 is written, and 0.7 of tanh 1.3 is shown."""
    values = cell_values({"f": 0.9, "i": 0.5, "g": 0.8, "o": 0.7, "c_prev": 1.0})
    expected = {"k": 0.9, "j": 0.4, "c": 1.3, "tanh_c": 0.8617231593133, "h": 0.6032062115193}
    assert values == pytest.approx(expected, rel=1e-12)


@pytest.mark.parametrize(("f", "i"), [(0.0, 1.0), (1.0, 0.0)])
def test_closed_and_open_gates_are_exact(f: float, i: float) -> None:
    """A gate of 0 or 1 is reached exactly, so the presets show round numbers."""
    values = cell_values({"f": f, "i": i, "g": 1.0, "o": 0.0, "c_prev": 2.0})
    assert values["k"] == 2.0 * f
    assert values["j"] == i
    assert values["h"] == 0.0
