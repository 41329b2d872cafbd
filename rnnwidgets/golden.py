"""Golden values: what ``rnncore`` computes for the inputs of each widget.

``python -m rnnwidgets.golden [MODULE ...]`` writes ``rnnwidgets/golden/MODULE.json``, for all
widgets if none is named. The JavaScript and the Python arithmetic are tested against these files.
"""

from __future__ import annotations

import importlib
import json
import pkgutil
import sys
from pathlib import Path
from typing import Any, Final

from rnnwidgets import oracles

__all__ = ["golden_path", "golden_text", "oracle", "oracle_names"]

FOLDER: Final = Path(__file__).parent / "golden"


def oracle_names() -> list[str]:
    """Return the modules of all widgets that have golden values."""
    names = (found.name for found in pkgutil.iter_modules(oracles.__path__))
    return sorted(name for name in names if not name.startswith("_"))


def oracle(module: str) -> Any:
    """Return the oracle of a widget: SOURCE, EXACT, cases() and outputs(inputs)."""
    return importlib.import_module(f"rnnwidgets.oracles.{module}")


def golden_path(module: str) -> Path:
    """Return where the golden values of a widget are kept."""
    return FOLDER / f"{module}.json"


def golden_text(module: str) -> str:
    """Return a golden file as text: one case with inputs and expected results per line."""
    authority = oracle(module)
    lines = [
        json.dumps({"name": name, "inputs": inputs, "outputs": authority.outputs(inputs)})
        for name, inputs in authority.cases().items()
    ]
    head = {"source": authority.SOURCE, "exact": list(authority.EXACT)}
    cases = ",\n  ".join(lines)
    return f'{json.dumps(head)[:-1]}, "cases": [\n  {cases}\n]}}\n'


if __name__ == "__main__":
    for name in sys.argv[1:] or oracle_names():
        golden_path(name).write_text(golden_text(name), encoding="utf-8")
