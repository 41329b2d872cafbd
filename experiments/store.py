"""The file of an experiment: every run, and means over seeds, which are made from the runs."""

import json
import statistics
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from experiments import machine
from experiments.plan import Condition, Experiment, Numbers

RESULTS = Path(__file__).parent / "results"
DIGITS = 4


class OtherSettingsError(Exception):
    """A file holds runs with settings that are no longer those of the experiment."""


def read(path: Path, experiment: Experiment) -> list[dict[str, Any]]:
    """Return the finished runs of a file that belong to the experiment; none if there is no file.

    Raises:
        OtherSettingsError: if they were made with other settings.
    """
    if not path.exists():
        return []
    found = json.loads(path.read_text(encoding="utf-8"))
    if found["settings"] != experiment.settings:
        raise OtherSettingsError(str(path))
    runs: list[dict[str, Any]] = found["runs"]
    return [run for run in runs if run["condition"] in list(experiment.conditions)]


def write(path: Path, experiment: Experiment, runs: list[dict[str, Any]], command: str) -> None:
    """Write all runs and their summary; the file is replaced at once or not at all."""
    order = list(experiment.conditions)
    runs = sorted(runs, key=lambda run: (order.index(run["condition"]), run["seed"]))
    content = {
        "name": experiment.name,
        "command": command,
        "machine": machine.describe(),
        "seeds": sorted({run["seed"] for run in runs}),
        "settings": experiment.settings,
        "summary": summary(order, runs),
        "runs": runs,
    }
    path.parent.mkdir(parents=True, exist_ok=True)
    beside = path.with_name(f"{path.name}.part")
    beside.write_text(as_text(content), encoding="utf-8")
    beside.replace(path)


def as_text(content: dict[str, Any]) -> str:
    """Return JSON with one line for each entry of a list: short, and differences are readable.

    Example:
        >>> print(as_text({"seeds": [0, 1], "runs": [{"a": 1}, {"a": 2}]}), end="")
        {
        "seeds": [0, 1],
        "runs": [
        {"a": 1},
        {"a": 2}
        ]
        }
    """
    lines = []
    for name, value in content.items():
        text = json.dumps(value, ensure_ascii=False)
        if isinstance(value, list) and value and isinstance(value[0], dict):
            rows = ",\n".join(json.dumps(row, ensure_ascii=False) for row in value)
            text = f"[\n{rows}\n]"
        lines.append(f"{json.dumps(name)}: {text}")
    return "{\n" + ",\n".join(lines) + "\n}\n"


def summary(conditions: Sequence[Condition], runs: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return, for each condition that has runs, each number over its seeds."""
    rows = []
    for condition in conditions:
        numbers = [run["numbers"] for run in runs if run["condition"] == condition]
        if numbers:
            rows.append({"condition": condition, "seeds": len(numbers), **_over_seeds(numbers)})
    return rows


def _over_seeds(numbers: list[Numbers]) -> dict[str, Any]:
    """Return mean, standard deviation, least and largest; of lists, the mean by place."""
    result: dict[str, Any] = {}
    for name in numbers[0]:
        values = [one[name] for one in numbers]
        lists = [value for value in values if isinstance(value, list)]
        if not lists:
            result[name] = spread([value for value in values if not isinstance(value, list)])
        elif len({len(value) for value in lists}) == 1:
            columns = zip(*lists, strict=True)
            result[name] = [round(statistics.fmean(column), DIGITS) for column in columns]
    return result


def spread(values: list[float]) -> dict[str, float]:
    """Return mean, standard deviation (of a sample; 0 for one value), least and largest.

    Example:
        >>> spread([0.5, 1.0, 0.0])
        {'mean': 0.5, 'std': 0.5, 'least': 0.0, 'largest': 1.0}
    """
    std = statistics.stdev(values) if len(values) > 1 else 0.0
    parts = {"mean": statistics.fmean(values), "std": std}
    parts |= {"least": min(values), "largest": max(values)}
    return {name: round(float(value), DIGITS) for name, value in parts.items()}
