"""The notebook widgets, each one that exists: values, ranges, names, and what they may import."""

import json
import math
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import traitlets

import rnnwidgets
from rnnwidgets import LSTMGates
from rnnwidgets._inputs import Choice, Number, Numbers, Text, Toggle
from rnnwidgets._widget import CourseWidget, widget_class
from rnnwidgets.golden import golden_path, oracle_names

MODULES = sorted(path.stem for path in (Path(rnnwidgets.__file__).parent / "static").glob("*.mjs"))


def classes() -> list[type[CourseWidget]]:
    """The class of each widget that is built."""
    return [widget_class(module) for module in MODULES]


@pytest.mark.parametrize("module", MODULES)
def test_each_bundle_has_a_class_an_oracle_and_a_public_name(module: str) -> None:
    """A widget on the page can be imported by name, and has golden values."""
    name = widget_class(module).__name__
    assert getattr(rnnwidgets, name) is widget_class(module)
    assert name in rnnwidgets.__all__
    assert module in oracle_names()


@pytest.mark.parametrize("module", MODULES)
def test_outputs_follow_inputs(module: str) -> None:
    """After the inputs are set one by one the results are those of all inputs together."""
    kind = widget_class(module)
    cases = json.loads(golden_path(module).read_text(encoding="utf-8"))["cases"]
    for case in cases[:6]:
        widget = kind()
        for name, value in case["inputs"].items():
            setattr(widget, name, value)
        results = {name: getattr(widget, name) for name in kind.outputs()}
        assert results == kind.compute(**case["inputs"])
        assert results.keys() == case["outputs"].keys()


def wrong_values(trait: Any) -> list[Any]:
    """Values an input must refuse."""
    match trait:
        case Number():
            small = [trait.low - 0.01, trait.high + 0.01, math.nan, math.inf, True, "1", None]
            return [*small, trait.low + 0.5] if trait.whole else small
        case Numbers():
            start = trait.described()["start"]
            return [start[1:], [*start[1:], trait.one.high + 1], "1;2", None]
        case Choice():
            return ["no such option", None, 0]
        case Toggle():
            return [0, 1, "yes", None]
        case Text():
            return ["x" * (trait.most + 1), "\N{SNOWMAN}", 5, None]
    raise AssertionError(trait)


@pytest.mark.parametrize("kind", classes(), ids=lambda kind: kind.__name__)
def test_wrong_values_are_refused(kind: type[CourseWidget]) -> None:
    """A wrong value is refused with what was expected and what came, and nothing changes."""
    widget = kind()
    for name, trait in kind.inputs().items():
        for value in wrong_values(trait):
            with pytest.raises(traitlets.TraitError, match=rf"expected {name}.*, got ") as caught:
                setattr(widget, name, value)
            assert not isinstance(trait, Number) or str(caught.value).endswith(repr(value))
            assert getattr(widget, name) == kind.defaults()[name]


@pytest.mark.parametrize("kind", classes(), ids=lambda kind: kind.__name__)
def test_results_cannot_be_given(kind: type[CourseWidget]) -> None:
    """A result as argument is refused instead of being overwritten in silence."""
    name = kind.outputs()[0]
    with pytest.raises(traitlets.TraitError, match=rf"expected inputs .* got the result '{name}'"):
        kind(**{name: 0.5})


@pytest.mark.parametrize("kind", classes(), ids=lambda kind: kind.__name__)
def test_examples_are_states(kind: type[CourseWidget]) -> None:
    """Each example of the page can be made in Python too."""
    for changes in kind.PRESETS.values():
        widget = kind(**changes)
        assert {name: getattr(widget, name) for name in changes} == dict(changes)


def test_observers_hear_of_outputs() -> None:
    """Changing the forget gate notifies who observes the cell."""
    cell = LSTMGates(i=0.0)
    heard: list[float] = []
    cell.observe(lambda change: heard.append(change["new"]), names="c")
    cell.f = 0.25
    assert heard == [0.25]


@pytest.mark.parametrize("module", MODULES)
def test_module_is_the_built_file(module: str, root: Path) -> None:
    """The widget sends exactly the file that the book publishes."""
    path = root / "rnnwidgets" / "static" / f"{module}.mjs"
    assert str(widget_class(module)()._esm) == path.read_text(encoding="utf-8")


def test_python_and_javascript_declare_the_same(node: str, root: Path) -> None:
    """Inputs, results and examples in Python equal those in the JavaScript sources."""
    program = """
      const found = {};
      for (const name of process.argv.slice(1)) {
        const { INPUTS, OUTPUTS, PRESETS } = await import(`./rnnwidgets/src/${name}/math.mjs`);
        found[name] = [Object.entries(INPUTS), OUTPUTS, PRESETS];
      }
      console.log(JSON.stringify(found));"""
    answer = subprocess.run(
        [node, "--input-type=module", "-e", program, *MODULES],
        cwd=root,
        check=True,
        capture_output=True,
        text=True,
    ).stdout
    for module, (inputs, outputs, presets) in json.loads(answer).items():
        kind = widget_class(module)
        mine = [[name, trait.described()] for name, trait in kind.inputs().items()]
        assert inputs == mine, module
        assert outputs == kind.outputs(), module
        assert presets == kind.PRESETS, module


def test_import_needs_no_numpy(root: Path) -> None:
    """The package imports and every widget computes where NumPy does not exist."""
    program = (
        "import sys; sys.modules['numpy'] = None\n"
        "import rnnwidgets\n"
        "for name in rnnwidgets.__all__:\n"
        "    if name != 'CourseWidget': getattr(rnnwidgets, name)()\n"
        "print(rnnwidgets.LSTMGates(f=0.5).c)"
    )
    answer = subprocess.run(
        [sys.executable, "-c", program], cwd=root, check=True, capture_output=True, text=True
    )
    assert answer.stdout.strip() == "0.9"
