"""The examples in the docstrings of the experiments are true."""

import doctest
import importlib

import pytest

MODULES = ("plan", "store")


@pytest.mark.parametrize("name", MODULES)
def test_examples_hold(name) -> None:
    """Each example gives what it says, and there is one."""
    done = doctest.testmod(importlib.import_module(f"experiments.{name}"))
    assert done.attempted > 0
    assert done.failed == 0
