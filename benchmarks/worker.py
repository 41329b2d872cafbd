"""One process for one peer: answers one JSON line with one JSON line.

The measuring process sends `{"do": "load" | "time" | "peak", ...}`. Every peer has a process of its
own, so no library's threads, allocator or imports stand in another's way.
"""

import importlib
import importlib.metadata
import json
import os
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from benchmarks.protocol import CELLS, Point, fingerprint, make_arrays

STATUS = Path("/proc/self/status")
CLEAR = Path("/proc/self/clear_refs")
TINY: Point = (3, 2, 4, 5)


class Worker:
    """The peer's work at one point, ready to be run."""

    def __init__(self, peer: str) -> None:
        self.peer = importlib.import_module(f"benchmarks.peers.{peer}")
        self.cell = ""
        self.work: dict[str, Callable[[], list[Any]]] = {}

    def load(self, cell: str, point: Point) -> dict[str, float]:
        """Prepare a point, run it once, and return what the results look like."""
        self.cell = cell
        self.work = self.peer.build(cell, make_arrays(cell, point))
        self.work["forward"]()
        return fingerprint(cell, self.work["both"]())

    def time(self, mode: str, count: int) -> float:
        """Return seconds for one run, as the mean of `count` runs without a pause."""
        work = self.work[mode]
        start = time.perf_counter()
        for _ in range(count):
            work()
        return (time.perf_counter() - start) / count

    def peak(self, cell: str, point: Point) -> int:
        """Return by how many bytes the resident memory grows at most, over three runs.

        What the peer loads once is loaded before, at a tiny point; compiling is part of `build`.
        """
        for each in CELLS:
            self.peer.build(each, make_arrays(each, TINY))["both"]()
        work = self.peer.build(cell, make_arrays(cell, point))["both"]
        # 5 resets the highest mark of this process to what it holds now.
        CLEAR.write_text("5", encoding="ascii")
        before = _high_water()
        for _ in range(3):
            work()
        return _high_water() - before


def _high_water() -> int:
    for line in STATUS.read_text(encoding="ascii").splitlines():
        if line.startswith("VmHWM:"):
            return 1024 * int(line.split()[1])
    raise OSError(f"expected VmHWM in {STATUS}, got none: memory can be measured on Linux only")


def versions(names: tuple[str, ...]) -> dict[str, str]:
    """Return the installed versions."""
    return {name: importlib.metadata.version(name) for name in names}


def main() -> None:
    """Answer until the input ends."""
    peer, cpus = sys.argv[1], json.loads(sys.argv[2])
    os.sched_setaffinity(0, cpus)
    worker = Worker(peer)
    if peer in {"torch_nn", "keras_layers"}:
        import torch

        torch.set_num_threads(len(cpus))
    # Libraries may print; only answers go to the other end.
    answers, sys.stdout = sys.stdout, sys.stderr
    print(json.dumps(versions(worker.peer.VERSIONS)), file=answers, flush=True)
    for line in sys.stdin:
        question = json.loads(line)
        answer = getattr(worker, question.pop("do"))(**question)
        print(json.dumps(answer), file=answers, flush=True)


if __name__ == "__main__":
    main()
