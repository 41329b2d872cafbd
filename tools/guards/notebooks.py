"""Notebooks in git hold sources only."""

import json
from pathlib import Path

from tools.guards.tree import Finding, texts


def find_outputs(root: Path) -> list[Finding]:
    """Find outputs, execution counts and widget states in notebooks."""
    findings = []
    for name, text in texts(root, ".ipynb"):
        if "/fixtures/" in name:
            continue
        try:
            notebook = json.loads(text)
        except ValueError:
            findings.append(Finding(name, 1, "is not a notebook"))
            continue
        if "widgets" in notebook.get("metadata", {}):
            findings.append(Finding(name, 1, "holds the state of widgets"))
        for number, cell in enumerate(notebook.get("cells", []), start=1):
            if cell.get("outputs") or cell.get("execution_count") is not None:
                findings.append(Finding(name, 1, f"cell {number} holds outputs; clear them"))
    return findings
