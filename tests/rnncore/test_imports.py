"""What importing the package brings along, and what it shows."""

import inspect
import subprocess
import sys

import pytest

import rnncore

PROBE = "import sys, {module}; print(sorted({{'torch', 'keras'}} & set(sys.modules)))"


def _brought_along(module: str) -> str:
    run = [sys.executable, "-c", PROBE.format(module=module)]
    return subprocess.run(run, capture_output=True, text=True, check=True).stdout.strip()


def test_the_reference_needs_no_torch() -> None:
    """Importing `rnncore`, with every public name, loads neither torch nor Keras."""
    assert _brought_along("rnncore") == "[]"


def test_the_probe_can_see_torch() -> None:
    """The test above can fail: importing the counterpart does load torch."""
    assert _brought_along("rnncore.torch") == "['torch']"


def test_public_names_are_listed_once() -> None:
    """`__all__` is sorted, without doubles, and holds every name the file imports."""
    names = rnncore.__all__
    assert names == sorted(set(names), key=lambda name: (name[0].islower(), name))
    imported = {
        name
        for name, value in vars(rnncore).items()
        if not name.startswith("_") and not inspect.ismodule(value)
    }
    assert set(names) == imported


@pytest.mark.parametrize("name", rnncore.__all__)
def test_public_names_are_documented(name) -> None:
    """Every public name has a docstring of its own."""
    text = getattr(rnncore, name).__doc__
    assert text
    assert not text.startswith(name + "(")
