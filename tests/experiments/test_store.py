"""The files of results: means by hand, order, and what the committed ones hold."""

import json
import statistics

import numpy as np
import pytest

from experiments import machine, store
from experiments.command import EXPERIMENTS
from experiments.plan import curve, every

# Five, where nothing else is said.
SEEDS = {"bottleneck": 3}
CONDITIONS = every(cell=("rnn", "gru"), lag=(2, 5))


def runs(values: dict[tuple[str, int, int], float]) -> list[dict]:
    """Runs with these accuracies, by cell, lag and seed."""
    return [
        {
            "condition": {"cell": cell, "lag": lag},
            "seed": seed,
            "seconds": 1.0,
            "numbers": {"accuracy": value, "by_place": [value, 2 * value], "short": [0] * seed},
        }
        for (cell, lag, seed), value in values.items()
    ]


def test_means_and_spread_are_those_over_seeds() -> None:
    """Mean, sample deviation, least and largest by condition; lists place by place."""
    made = runs({("gru", 5, 1): 0.5, ("gru", 5, 3): 0.75, ("rnn", 2, 1): 0.25})
    rows = store.summary(CONDITIONS, made)
    assert [row["condition"] for row in rows] == [CONDITIONS[0], CONDITIONS[3]]
    assert [row["seeds"] for row in rows] == [1, 2]
    assert rows[0]["accuracy"] == {"mean": 0.25, "std": 0.0, "least": 0.25, "largest": 0.25}
    assert rows[1]["accuracy"] == {"mean": 0.625, "std": 0.1768, "least": 0.5, "largest": 0.75}
    assert rows[1]["by_place"] == [0.625, 1.25]
    # Lists of different lengths have no mean by place.
    assert "short" not in rows[1]


def test_a_curve_is_a_mean_over_parts() -> None:
    """A long curve becomes 20 means, a short one stays as it is."""
    assert curve(np.arange(40.0)) == [0.5 + 2 * part for part in range(20)]
    assert curve(np.array([3.0, 1.0])) == [3.0, 1.0]


def test_the_processor_is_named_without_the_machine(tmp_path) -> None:
    """The model is read from the system's list; without one, the architecture is told."""
    listed = tmp_path / "cpuinfo"
    listed.write_text("processor\t: 0\nmodel name\t: Some CPU 3000\n", encoding="utf-8")
    assert machine.processor(listed) == "Some CPU 3000"
    assert machine.processor(tmp_path / "none")
    assert set(machine.describe()) == {
        "processor",
        "cores",
        "system",
        "threads",
        "python",
        "numpy",
    }


def committed(name: str) -> dict:
    """Read the file of an experiment in the repository."""
    return json.loads((store.RESULTS / f"{name}.json").read_text(encoding="utf-8"))


@pytest.mark.parametrize("name", sorted(EXPERIMENTS))
def test_committed_results_are_whole(name) -> None:
    """Every condition has the same seeds, as many as declared."""
    found, experiment = committed(name), EXPERIMENTS[name]
    seeds = list(range(SEEDS.get(name, 5)))
    assert found["settings"] == experiment.settings
    assert found["seeds"][: len(seeds)] == seeds
    assert found["command"].startswith(f"python -m experiments {name}")
    wanted = [
        (dict(condition), seed) for condition in experiment.conditions for seed in found["seeds"]
    ]
    assert [(run["condition"], run["seed"]) for run in found["runs"]] == wanted
    assert set(found["machine"]) == set(machine.describe())
    assert found["machine"]["threads"] == "1"


@pytest.mark.parametrize("name", sorted(EXPERIMENTS))
def test_committed_means_are_those_of_the_runs(name) -> None:
    """The summary is recomputed from the runs, and no number lies outside what it can be."""
    found = committed(name)
    assert found["summary"] == store.summary(EXPERIMENTS[name].conditions, found["runs"])
    for row in found["summary"]:
        values = [
            run["numbers"]["accuracy"]
            for run in found["runs"]
            if run["condition"] == row["condition"]
        ]
        assert row["accuracy"]["mean"] == round(statistics.fmean(values), 4)
        assert 0 <= min(values) <= max(values) <= row["oracle"]["least"] == 1
        assert row["majority"]["largest"] < 0.7
