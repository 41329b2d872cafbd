"""The page of results, `docs/experiments.md`, made from the files."""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from experiments.messages import catalogue
from experiments.plan import Condition, Experiment

PAGE = Path(__file__).parents[1] / "docs" / "experiments.md"


def page(experiments: Sequence[Experiment], folder: Path) -> str:
    """Return the whole page; an experiment without a file is left out."""
    parts = [catalogue()["table"]["head"].strip()]
    for experiment in experiments:
        path = folder / f"{experiment.name}.json"
        if path.exists():
            found = json.loads(path.read_text(encoding="utf-8"))
            parts += [_introduction(experiment, found), _table(experiment, found)]
            parts += [_sentences(experiment), _time(found)]
    return "\n\n".join(parts) + "\n"


def _introduction(experiment: Experiment, found: dict[str, Any]) -> str:
    words, told = catalogue()["table"], catalogue()["experiment"][experiment.name]
    settings = ", ".join(f"{name} {_plain(value)}" for name, value in found["settings"].items())
    seeds = ", ".join(str(seed) for seed in found["seeds"])
    text: str = words["section"].format(
        title=told["title"],
        text=told["text"].strip(),
        command=found["command"],
        seeds=seeds,
        machine=words["machine"].format(**found["machine"]),
        settings=settings,
    )
    return text.strip()


def _table(experiment: Experiment, found: dict[str, Any]) -> str:
    words, across = catalogue()["table"], experiment.columns
    rows: list[Condition] = []
    for row in (_without(entry["condition"], across) for entry in found["summary"]):
        if row not in rows:
            rows.append(row)
    columns: list[str | int | float] = []
    for entry in found["summary"]:
        if entry["condition"][across] not in columns:
            columns.append(entry["condition"][across])
    solved = all(entry["oracle"]["least"] == 1 for entry in found["summary"])
    bounds = ["majority"] if solved else ["majority", "oracle"]
    head = [*(rows[0]), *(f"{across} {value}" for value in columns)]
    lines = [[*head, *(words[bound] for bound in bounds)]]
    lines.append(["---"] * len(lines[0]))
    for row in rows:
        entries = [
            entry for entry in found["summary"] if row == _without(entry["condition"], across)
        ]
        by_column = {entry["condition"][across]: entry["accuracy"] for entry in entries}
        cells = [
            words["cell"].format(**by_column[value]) if value in by_column else words["missing"]
            for value in columns
        ]
        limits = [f"{entries[0][bound]['mean']:.2f}" for bound in bounds]
        lines.append([*(str(value) for value in row.values()), *cells, *limits])
    return "\n".join("| " + " | ".join(line) + " |" for line in lines)


def _sentences(experiment: Experiment) -> str:
    said = catalogue()["experiment"][experiment.name]["says"]
    return "\n".join(f"- {sentence}" for sentence in said)


def _time(found: dict[str, Any]) -> str:
    seconds = [run["seconds"] for run in found["runs"]]
    text: str = catalogue()["table"]["time"].format(seconds=sum(seconds), longest=max(seconds))
    return text


def _without(condition: Condition, axis: str) -> Condition:
    return {name: value for name, value in condition.items() if name != axis}


def _plain(value: object) -> str:
    return "none" if value is None else str(value)
