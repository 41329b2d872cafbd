"""The notebook widget: values, ranges, and what it may import."""

import json
import math
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import traitlets

from rnnwidgets import LSTMGates
from rnnwidgets.golden import GOLDEN_PATH
from rnnwidgets.lstm_gates import DEFAULTS, INPUT_RANGES, OUTPUTS, cell_update

CASES = json.loads(GOLDEN_PATH.read_text(encoding="utf-8"))["cases"]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["name"])
def test_arithmetic_equals_rnncore(case: dict[str, Any]) -> None:
    """The pure-Python update gives the numbers of rnncore."""
    expected = pytest.approx(case["outputs"], rel=1e-10, abs=1e-12)
    assert cell_update(**case["inputs"]) == expected


@pytest.mark.parametrize("case", CASES[:8], ids=lambda case: case["name"])
def test_outputs_follow_inputs(case: dict[str, Any]) -> None:
    """After the inputs are set one by one the output traits hold the golden values."""
    cell = LSTMGates()
    for name, value in case["inputs"].items():
        setattr(cell, name, value)
    outputs = {name: getattr(cell, name) for name in OUTPUTS}
    assert outputs == pytest.approx(case["outputs"], rel=1e-10, abs=1e-12)


def test_observers_hear_of_outputs() -> None:
    """Changing the forget gate notifies who observes the cell."""
    cell = LSTMGates(i=0.0)
    heard: list[float] = []
    cell.observe(lambda change: heard.append(change["new"]), names="c")
    cell.f = 0.25
    assert heard == [0.25]


@pytest.mark.parametrize("name", INPUT_RANGES)
@pytest.mark.parametrize("excess", [-0.01, 0.01, math.nan, math.inf])
def test_values_out_of_range_are_refused(name: str, excess: float) -> None:
    """A value outside the range is refused with the range and the value, and nothing changes."""
    low, high = INPUT_RANGES[name]
    value = (low if excess < 0 else high) + excess
    cell = LSTMGates()
    with pytest.raises(traitlets.TraitError, match=f"expected {name} from .* got {value!r}"):
        setattr(cell, name, value)
    assert getattr(cell, name) == DEFAULTS[name]


def test_results_cannot_be_given() -> None:
    """A result as argument is refused instead of being overwritten in silence."""
    with pytest.raises(traitlets.TraitError, match=r"expected inputs .* got the result 'h'"):
        LSTMGates(h=0.5)


def test_module_is_the_built_file() -> None:
    """The widget sends exactly the file that the book publishes."""
    path = Path(sys.modules["rnnwidgets"].__file__ or "").parent / "static" / "lstm_gates.mjs"
    assert str(LSTMGates()._esm) == path.read_text(encoding="utf-8")


def test_traits_and_javascript_use_the_same_names(root: Path) -> None:
    """Ranges and defaults in Python equal those in the JavaScript source."""
    program = (
        "import('./rnnwidgets/src/lstm_gates_math.mjs').then(m => console.log("
        "JSON.stringify([m.RANGES, m.DEFAULTS, m.INPUTS, m.OUTPUTS])))"
    )
    answer = subprocess.run(
        ["node", "-e", program], cwd=root, check=True, capture_output=True, text=True
    ).stdout
    ranges, defaults, inputs, outputs = json.loads(answer)
    assert {name: tuple(pair) for name, pair in ranges.items()} == INPUT_RANGES
    assert defaults == DEFAULTS
    assert inputs == list(INPUT_RANGES)
    assert tuple(outputs) == OUTPUTS


def test_import_needs_no_numpy(root: Path) -> None:
    """The package imports and computes where NumPy does not exist."""
    program = (
        "import sys; sys.modules['numpy'] = None\n"
        "import rnnwidgets; print(rnnwidgets.LSTMGates(f=0.5).c)"
    )
    answer = subprocess.run(
        [sys.executable, "-c", program], cwd=root, check=True, capture_output=True, text=True
    )
    assert answer.stdout.strip() == "0.9"
