"""Each experiment end to end, in seconds; what is finished is kept."""

import json
import re

import pytest

from experiments import command, store
from experiments.command import EXPERIMENTS, main
from experiments.messages import catalogue

EACH = pytest.mark.parametrize("name", sorted(EXPERIMENTS))


def read(path) -> dict:
    """Read a file of results without its times."""
    content = json.loads(path.read_text(encoding="utf-8"))
    return {**content, "runs": [{**run, "seconds": 0} for run in content["runs"]]}


@EACH
def test_a_small_run_of_each(name, tmp_path, capsys) -> None:
    """The quick form trains in each condition, writes the declared file, and says how it went."""
    assert main([name, "--quick", "--out", str(tmp_path)]) == 0
    experiment = EXPERIMENTS[name].in_short()
    found = read(tmp_path / f"{name}.json")
    assert found["seeds"] == [0]
    assert [run["condition"] for run in found["runs"]] == list(experiment.conditions)
    for run in found["runs"]:
        numbers = run["numbers"]
        assert 0 <= numbers["accuracy"] <= 1
        assert 0 < numbers["majority"] < numbers["oracle"] == 1
        assert numbers["loss_curve_nats"]
    assert len(capsys.readouterr().out.splitlines()) == len(experiment.conditions) + 2


def test_the_same_seed_gives_the_same_numbers(tmp_path) -> None:
    """Two runs of the same seed write the same file, times apart; another seed another one."""
    for folder in ("first", "second"):
        assert (
            main(["copy_memory", "--quick", "--seeds", "2", "--out", str(tmp_path / folder)]) == 0
        )
    first, second = (read(tmp_path / name / "copy_memory.json") for name in ("first", "second"))
    assert first == second
    curves = [run["numbers"]["loss_curve_nats"] for run in first["runs"]]
    assert len({tuple(curve) for curve in curves}) == len(curves)


def test_finished_seeds_are_kept(tmp_path, monkeypatch, capsys) -> None:
    """Stopped in the middle and called again, only the runs that are missing are made."""
    trained, once = [], command.once

    def counted(experiment, condition, seed):
        if len(trained) == 4:
            raise KeyboardInterrupt
        trained.append((condition["cell"], seed))
        return once(experiment, condition, seed)

    arguments = ["copy_memory", "--quick", "--seeds", "2", "--out", str(tmp_path)]
    monkeypatch.setattr(command, "once", counted)
    assert main(arguments) == command.INTERRUPTED
    assert (
        "To go on: python -m experiments copy_memory --quick --seeds 2" in capsys.readouterr().out
    )
    assert len(read(tmp_path / "copy_memory.json")["runs"]) == 4
    trained.clear()
    assert main(arguments) == 0
    assert trained == [("lstm", 1), ("gru", 1)]
    assert "4 of 6 runs are there already" in capsys.readouterr().out
    written = (tmp_path / "copy_memory.json").stat().st_mtime_ns
    assert main(arguments) == 0
    assert (tmp_path / "copy_memory.json").stat().st_mtime_ns == written
    monkeypatch.undo()
    assert main([*arguments[:-1], str(tmp_path / "whole")]) == 0
    assert read(tmp_path / "copy_memory.json") == read(tmp_path / "whole" / "copy_memory.json")


def test_runs_with_other_settings_are_never_mixed(tmp_path, capsys) -> None:
    """A file with other settings is refused and stays; `--fresh` throws it away."""
    arguments, path = ["reversal", "--quick", "--out", str(tmp_path)], tmp_path / "reversal.json"
    assert main(arguments) == 0
    content = json.loads(path.read_text(encoding="utf-8"))
    content["settings"]["learning_rate"] = 0.5
    path.write_text(store.as_text(content), encoding="utf-8")
    before = path.read_bytes()
    assert main(arguments) == command.WRONG_USE
    assert "reversal.json holds runs with other settings" in capsys.readouterr().err
    assert path.read_bytes() == before
    assert main([*arguments, "--fresh"]) == 0
    assert read(path)["settings"]["learning_rate"] == 0.01


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["sorting"], "expected an experiment of agreement, .*, all, table, got sorting"),
        (["reversal", "--seeds", "0"], "expected --seeds 1 or more, got 0"),
    ],
)
def test_wrong_use_is_one_sentence(arguments, message, capsys) -> None:
    """A name that does not exist, and no seeds at all, are refused with exit code 2."""
    assert main(arguments) == command.WRONG_USE
    told = capsys.readouterr().err
    assert re.fullmatch(message, told.strip())


def test_every_experiment_has_its_text() -> None:
    """The catalogue tells of exactly the experiments that there are."""
    assert set(catalogue()["experiment"]) == set(EXPERIMENTS)
