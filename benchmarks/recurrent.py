"""Recurrent layers beside their peers: seconds from interleaved runs, and growth of memory."""

import hashlib
import json
import os
import platform
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from statistics import geometric_mean, quantiles
from typing import Any

import numpy as np
from tqdm import tqdm

from benchmarks.peer_process import PEER_VENV, ROOT, PeerProcess
from benchmarks.protocol import BASE, CELLS, MODES, PEERS, POINTS, Point, differences

RESULT = ROOT / "benchmarks" / "results" / "recurrent.json"
PARTIAL = PEER_VENV.parent / "recurrent.partial.json"
CPUS = Path("/proc/cpuinfo")


@dataclass
class Plan:
    """How much is measured."""

    peers: tuple[str, ...] = PEERS
    points: tuple[Point, ...] = POINTS
    threads: int = 1
    #: Seconds for one cell, point and mode, all peers together; and the fewest rounds.
    budget_s: float = 6.0
    least_rounds: int = 5
    most_rounds: int = 60
    #: One sample of a peer lasts about this long: short work is repeated inside it.
    sample_s: float = 0.004
    memory: bool = True
    cells: tuple[str, ...] = field(default_factory=lambda: tuple(CELLS))


def spread(values: list[float]) -> dict[str, float]:
    """Return the median and the quartiles."""
    low, median, high = quantiles(values, n=4, method="inclusive")
    return {"median": median, "low": low, "high": high}


def measure(workers: list[PeerProcess], mode: str, plan: Plan) -> dict[str, Any]:
    """Time one piece of work in rounds; in each, every peer has its turn, in a changing order."""
    counts = {}
    for worker in workers:
        first = worker.ask("time", mode=mode, count=1)
        counts[worker.peer] = max(1, round(plan.sample_s / first))
    seconds: dict[str, list[float]] = {worker.peer: [] for worker in workers}
    end = time.monotonic() + plan.budget_s
    for done in range(plan.most_rounds):
        if done >= plan.least_rounds and time.monotonic() > end:
            break
        for place in range(len(workers)):
            worker = workers[(done + place) % len(workers)]
            seconds[worker.peer].append(worker.ask("time", mode=mode, count=counts[worker.peer]))
    paired = {
        peer: spread([ours / theirs for ours, theirs in zip(taken, seconds[BASE], strict=True)])
        for peer, taken in seconds.items()
    }
    return {
        "rounds": len(seconds[BASE]),
        "runs_per_sample": counts,
        "seconds": {peer: spread(taken) for peer, taken in seconds.items()},
        "ratio_to_torch": paired,
    }


def time_point(workers: list[PeerProcess], cell: str, point: Point, plan: Plan) -> dict[str, Any]:
    """Check that all peers compute the same, then time both modes."""
    marks = {worker.peer: worker.ask("load", cell=cell, point=point) for worker in workers}
    for peer, got in marks.items():
        wrong = differences(got, marks[BASE])
        if wrong:
            raise RuntimeError(f"expected the results of {BASE} from {peer}, got other {wrong}")
    return {mode: measure(workers, mode, plan) for mode in MODES}


def peak(peer: str, cell: str, point: Point, cpus: list[int]) -> int:
    """Measure the memory of one piece of work in a process that does nothing else."""
    with PeerProcess(peer, cpus) as worker:
        grown: int = worker.ask("peak", cell=cell, point=point)
        return grown


def summary(points: dict[str, Any]) -> dict[str, Any]:
    """Return for each cell the geometric mean and the worst of forward and backward to torch."""
    result = {}
    for cell in dict.fromkeys(key.split()[0] for key in points):
        ours = [
            entry["both"]["ratio_to_torch"]["rnncore_numpy"]["median"]
            for key, entry in points.items()
            if key.split()[0] == cell and "both" in entry
        ]
        result[cell] = {"geometric_mean": geometric_mean(ours), "worst": max(ours)}
    return result


def machine(plan: Plan) -> dict[str, Any]:
    """Describe the machine without naming it."""
    lines = CPUS.read_text(encoding="utf-8").splitlines() if CPUS.exists() else []
    models = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
    return {
        "processor": models[0] if models else platform.machine(),
        "cores": os.cpu_count(),
        "threads": plan.threads,
        "system": f"{platform.system()} {platform.machine()}",
        "python": platform.python_version(),
        "numpy": np.__version__,
    }


def jobs(plan: Plan) -> Iterator[tuple[str, str, Point]]:
    """List every cell and point with its key in the results."""
    for cell in plan.cells:
        for point in plan.points:
            yield f"{cell} {' '.join(map(str, point))}", cell, point


def run(plan: Plan, result: Path = RESULT, partial: Path = PARTIAL) -> dict[str, Any]:
    """Measure everything, go on where an interrupted run stopped, and write the result."""
    cpus = sorted(os.sched_getaffinity(0))[-plan.threads :]
    with ExitStack() as stack:
        workers = [stack.enter_context(PeerProcess(peer, cpus)) for peer in plan.peers]
        versions = {name: v for worker in workers for name, v in worker.versions.items()}
        head = {"machine": machine(plan), "versions": versions, "plan": _described(plan)}
        points = _begun(partial, head)
        for key, cell, point in tqdm(list(jobs(plan)), desc="time", unit="point"):
            if key not in points:
                points[key] = time_point(workers, cell, point, plan)
                _write(partial, {**head, "points": points})
    if plan.memory:
        for key, cell, point in tqdm(list(jobs(plan)), desc="memory", unit="point"):
            if "peak_bytes" not in points[key]:
                # Memory does not mind a neighbour, so two processes run side by side.
                with ThreadPoolExecutor(2) as pool:
                    asked = [pool.submit(peak, peer, cell, point, cpus) for peer in plan.peers]
                    grown = [one.result() for one in asked]
                points[key]["peak_bytes"] = dict(zip(plan.peers, grown, strict=True))
                _write(partial, {**head, "points": points})
    found = {**head, "summary": summary(points), "points": points}
    _write(result, found)
    partial.unlink(missing_ok=True)
    return found


def _described(plan: Plan) -> dict[str, Any]:
    """Turn the plan into JSON, as reading it back would give it."""
    described: dict[str, Any] = json.loads(json.dumps(vars(plan)))
    return described


def _begun(partial: Path, head: dict[str, Any]) -> dict[str, Any]:
    """Return the points of an interrupted run, if plan, machine and code are still the same."""
    head["code"] = _fingerprint()
    if not partial.exists():
        return {}
    before = json.loads(partial.read_text(encoding="utf-8"))
    points: dict[str, Any] = before.pop("points")
    return points if before == head else {}


def _fingerprint() -> str:
    """Hash the code that is measured and the code that measures."""
    digest = hashlib.sha256()
    for folder in ("rnncore", "benchmarks"):
        for path in sorted((ROOT / folder).rglob("*.py")):
            digest.update(path.read_bytes())
    return digest.hexdigest()[:16]


def _write(path: Path, found: dict[str, Any]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary = path.with_suffix(".new")
    temporary.write_text(json.dumps(found, indent=1) + "\n", encoding="utf-8")
    temporary.replace(path)
