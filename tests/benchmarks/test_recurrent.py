"""The benchmark runs, compares before it times, and goes on after a stop."""

import json
from contextlib import nullcontext
from dataclasses import replace

import numpy as np
import pytest

from benchmarks import protocol, recurrent
from benchmarks.peer_process import PeerProcess
from benchmarks.recurrent import Plan

QUICK = Plan(
    peers=protocol.QUICK_PEERS,
    points=protocol.QUICK_POINTS,
    budget_s=0.01,
    least_rounds=3,
    memory=False,
    cells=("lstm",),
)


class Scripted:
    """Stands for a process: takes the given seconds for each run."""

    def __init__(self, peer: str, seconds: list[float]) -> None:
        self.peer, self.seconds, self.asked = peer, iter(seconds), []
        self.versions: dict[str, str] = {}

    def ask(self, do: str, **arguments: object) -> float:
        """Answer as `Worker.time` does."""
        self.asked.append((do, arguments))
        return next(self.seconds)


def test_a_quick_run_measures_and_writes(tmp_path) -> None:
    """A tiny run times both modes of real peers and leaves a result, and nothing half done."""
    result, partial = tmp_path / "result.json", tmp_path / "partial.json"
    found = recurrent.run(QUICK, result, partial)
    entry = found["points"]["lstm 5 2 3 4"]
    for mode in protocol.MODES:
        assert entry[mode]["rounds"] >= 3
        assert entry[mode]["ratio_to_torch"]["torch_nn"] == {"low": 1, "median": 1, "high": 1}
        assert all(one["low"] > 0 for one in entry[mode]["seconds"].values())
    assert json.loads(result.read_text()) == found
    assert {"numpy", "torch"} <= found["versions"].keys()
    assert not partial.exists()


def test_an_interrupted_run_goes_on(tmp_path, monkeypatch) -> None:
    """A point that was measured before the stop is kept and not measured again."""
    result, partial = tmp_path / "result.json", tmp_path / "partial.json"
    monkeypatch.setattr(recurrent, "PeerProcess", lambda peer, _: nullcontext(Scripted(peer, [])))
    entry = {"both": {"ratio_to_torch": {"rnncore_numpy": {"median": 2.0}}}}
    measured = []

    def time_point(_, cell: str, *__: object) -> dict:
        if cell == "lstm":
            raise KeyboardInterrupt
        measured.append(cell)
        return entry

    monkeypatch.setattr(recurrent, "time_point", time_point)
    plan = replace(QUICK, cells=("rnn", "lstm"))
    with pytest.raises(KeyboardInterrupt):
        recurrent.run(plan, result, partial)
    assert not result.exists()
    monkeypatch.setattr(
        recurrent, "time_point", lambda _, cell, *__: measured.append(cell) or entry
    )
    found = recurrent.run(plan, result, partial)
    assert measured == ["rnn", "lstm"]
    assert found["summary"]["rnn"] == {"geometric_mean": 2.0, "worst": 2.0}


def test_ratios_are_taken_within_a_round() -> None:
    """A slow minute of the machine hits both of a pair: the ratio stays what it is."""
    ours = Scripted("rnncore_numpy", [1.0, 2.0, 20.0, 2.0])
    torch = Scripted("torch_nn", [1.0, 4.0, 40.0, 4.0])
    found = recurrent.measure([ours, torch], "both", Plan(budget_s=0, least_rounds=3))
    assert found["ratio_to_torch"]["rnncore_numpy"] == {"low": 0.5, "median": 0.5, "high": 0.5}
    assert found["seconds"]["torch_nn"]["median"] == 4.0


def test_short_work_is_repeated_within_a_sample() -> None:
    """Work far shorter than a sample is run often enough to be timed."""
    worker = Scripted("torch_nn", [0.001, *[0.001] * 3])
    recurrent.measure([worker], "forward", Plan(budget_s=0, least_rounds=3, sample_s=0.004))
    assert [arguments["count"] for _, arguments in worker.asked] == [1, 4, 4, 4]


def test_another_result_is_not_timed() -> None:
    """A peer that computes something else ends the run, named with what differs."""

    class Wrong(Scripted):
        def ask(self, do: str, **arguments: object) -> dict[str, float]:
            return {"output": 1.0, "dx": 2.0 if self.peer == "torch_nn" else 2.1}

    workers = [Wrong("rnncore_numpy", []), Wrong("torch_nn", [])]
    with pytest.raises(RuntimeError, match=r"expected the results of torch_nn .* \['dx'\]"):
        recurrent.time_point(workers, "rnn", (5, 2, 3, 4), QUICK)


def test_the_comparison_sees_swapped_entries_and_nan() -> None:
    """Two entries that changed places, and NaN, count as another result."""
    results = [np.arange(1, 7, dtype=np.float32).reshape(2, 3)] * 6
    swapped = [results[0][:, ::-1], *results[1:]]
    want = protocol.fingerprint("rnn", results)
    assert protocol.differences(protocol.fingerprint("rnn", swapped), want) == ["output"]
    assert protocol.differences({**want, "dx": float("nan")}, want) == ["dx"]
    with pytest.raises(TypeError, match="expected output in float32, got float64"):
        protocol.fingerprint("rnn", [results[0].astype(float), *results[1:]])


def test_memory_counts_what_the_work_holds() -> None:
    """The growth is at least what the gates alone need, and far from a hundred times that."""
    seq, batch, _, hidden_size = point = (40, 32, 24, 64)
    with PeerProcess("rnncore_numpy", [0]) as worker:
        grown = worker.ask("peak", cell="lstm", point=point)
    gates = 4 * seq * batch * hidden_size * 4
    assert gates < grown < 20 * gates
