"""Golden files say what rnncore computes today, and the Python arithmetic agrees."""

import json
from typing import Any

import pytest

from rnnwidgets._widget import widget_class
from rnnwidgets.golden import FOLDER, golden_path, golden_text, oracle, oracle_names

MODULES = oracle_names()


def agrees(got: Any, expected: Any, *, exact: bool) -> bool:
    """Compare numbers with a relative error, other values exactly, lists item by item."""
    if isinstance(expected, list):
        return len(got) == len(expected) and all(
            agrees(one, other, exact=exact) for one, other in zip(got, expected, strict=True)
        )
    if isinstance(expected, float):
        return bool(got == pytest.approx(expected, rel=1e-12 if exact else 1e-10, abs=1e-15))
    return bool(got == expected)


def disagreements(outputs: Any, golden: Any, exact: list[str]) -> list[str]:
    """Name the results that differ."""
    assert outputs.keys() == golden.keys()
    return [
        name
        for name, value in golden.items()
        if not agrees(outputs[name], value, exact=name in exact)
    ]


def test_each_widget_has_a_golden_file() -> None:
    """No oracle without a file, no file without an oracle."""
    assert sorted(path.stem for path in FOLDER.glob("*.json")) == MODULES
    assert "lstm_gates" in MODULES


@pytest.mark.parametrize("module", MODULES)
def test_the_committed_file_is_what_rnncore_gives(module: str) -> None:
    """Writing the golden file again changes no case and no number beyond rounding."""
    committed = json.loads(golden_path(module).read_text(encoding="utf-8"))
    fresh = json.loads(golden_text(module))
    assert [case["name"] for case in committed["cases"]] == [c["name"] for c in fresh["cases"]]
    for old, new in zip(committed["cases"], fresh["cases"], strict=True):
        assert old["inputs"] == new["inputs"]
        assert not disagreements(new["outputs"], old["outputs"], []), old["name"]


@pytest.mark.parametrize("module", MODULES)
def test_python_agrees(module: str) -> None:
    """The pure-Python arithmetic of the notebook widget gives the numbers of rnncore."""
    committed = json.loads(golden_path(module).read_text(encoding="utf-8"))
    compute = widget_class(module).compute
    for case in committed["cases"]:
        wrong = disagreements(compute(**case["inputs"]), case["outputs"], committed["exact"])
        assert not wrong, (case["name"], wrong)


def test_hand_worked_example() -> None:
    """0.9 of 1 is kept, half of 0.8 is written, and 0.7 of tanh 1.3 is shown."""
    values = oracle("lstm_gates").outputs({"f": 0.9, "i": 0.5, "g": 0.8, "o": 0.7, "c_prev": 1.0})
    expected = {"k": 0.9, "j": 0.4, "c": 1.3, "tanh_c": 0.8617231593133, "h": 0.6032062115193}
    assert values == pytest.approx(expected, rel=1e-12)


@pytest.mark.parametrize(("f", "i"), [(0.0, 1.0), (1.0, 0.0)])
def test_closed_and_open_gates_are_exact(f: float, i: float) -> None:
    """A gate of 0 or 1 is reached exactly, so the presets show round numbers."""
    values = oracle("lstm_gates").outputs({"f": f, "i": i, "g": 1.0, "o": 0.0, "c_prev": 2.0})
    assert values["k"] == 2.0 * f
    assert values["j"] == i
    assert values["h"] == 0.0
