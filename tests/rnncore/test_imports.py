"""What importing the package brings along, and what it shows."""

import importlib
import inspect
import pkgutil
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


COST = "import time, numpy; a = time.process_time(); import rnncore; print(time.process_time() - a)"
LIMIT_S = 0.15


def test_importing_costs_little_more_than_numpy() -> None:
    """The reference adds under 0.15 s of computing to NumPy's import, at best of five.

    Computing time, not time by the clock: other programs on the machine do not count.
    """
    runs = [
        subprocess.run([sys.executable, "-c", COST], capture_output=True, text=True, check=True)
        for _ in range(5)
    ]
    assert min(float(run.stdout) for run in runs) < LIMIT_S


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


def hidden_modules() -> list[str]:
    """Name the modules that `import package.module as m` does not give, but a function."""
    modules = [info.name for info in pkgutil.walk_packages(rnncore.__path__, "rnncore.")]
    hidden = []
    for name in modules:
        module = importlib.import_module(name)
        package, _, own = name.rpartition(".")
        if getattr(sys.modules[package], own) is not module:
            hidden.append(name)
    return hidden


def test_no_module_is_hidden_by_a_function(monkeypatch) -> None:
    """What a package shows under the name of a module is that module, and the test would notice."""
    assert hidden_modules() == []
    monkeypatch.setattr(rnncore, "scores", rnncore.dot_scores)
    assert hidden_modules() == ["rnncore.scores"]
