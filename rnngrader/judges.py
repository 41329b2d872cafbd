"""The judges of this machine: processes that get submissions and give verdicts, and may die."""

import itertools
import os
import socket
import subprocess
import sys
import time
from collections import deque
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from multiprocessing.connection import Connection, wait

from rnngrader.errors import GradingRefused
from rnngrader.judging import READY, VERDICT, Job, Judged, Task, said_of
from rnngrader.messages import message
from rnngrader.sandbox import container
from rnngrader.verdict import Identity, Status, Verdict

# Jobs a judge has at a time: the one it works on, the one it goes on with, and one by which it
# knows, before the next arrives, that another sandbox will be wanted.
IN_HAND = 3
START_S = 120.0
MARGIN_S = 120.0  # beyond what a submission may take, before its judge counts as hanging
MAX_FALSE_STARTS = 3
ONE_THREAD = {f"{name}_NUM_THREADS": "1" for name in ("OPENBLAS", "OMP", "MKL")}


def died(task: Task, job: Job) -> Judged:
    """What is said of a submission whose judge ended twice: a fault of ours, no score."""
    head = Identity(task.assignment.unit, job.student, "", task.assignment.version)
    reason = message("grading.judge-died")
    return Judged(job, Verdict(*head, status=Status.ERROR, reason=reason))


class Judge:
    """One judge process, seen from the coordinator."""

    def __init__(self, task: Task) -> None:
        ours, theirs = socket.socketpair()
        with theirs:
            fd = theirs.fileno()
            # -P: a file of the course directory is never taken for a module
            command = [sys.executable, "-P", "-m", "rnngrader.judging", str(fd), str(os.getpid())]
            self._process = subprocess.Popen(
                command,
                pass_fds=[fd],
                stdin=subprocess.DEVNULL,
                env={**os.environ, **ONE_THREAD},
                process_group=0,  # Ctrl-C is for the coordinator, which then ends its judges
            )
        self.connection = Connection(ours.detach())
        self.jobs: deque[Job] = deque()
        self.ready = False
        limits = task.assignment.limits
        self._longest_s = limits.submission_s + limits.load_s + MARGIN_S
        self.deadline = time.monotonic() + START_S
        try:
            modules = task.assignment.modules
            self.connection.send((task, () if task.unsafe else container.mounts(modules)))
        except OSError:
            self.deadline = 0.0

    def give(self, job: Job) -> None:
        """Send a job; if the judge is dead, that is noticed when its answer is awaited."""
        if not self.jobs:
            self.deadline = time.monotonic() + self._longest_s
        self.jobs.append(job)
        try:
            self.connection.send(job)
        except OSError:
            self.deadline = 0.0

    def answer(self) -> bytes | None:
        """What the judge says next, or None if it is dead."""
        try:
            said = self.connection.recv_bytes()
        except (EOFError, OSError):
            return None
        self.deadline = time.monotonic() + (self._longest_s if self.jobs else START_S)
        return said

    def answer_in_time(self) -> bytes | None:
        """What the judge says next; None if it is dead, or hangs."""
        heard = wait([self.connection], timeout=max(0.0, self.deadline - time.monotonic()))
        return self.answer() if heard else None

    def end(self) -> None:
        """End the process and all it started."""
        self.connection.close()
        self._process.kill()
        self._process.wait()


@dataclass
class Judges:
    """How submissions of a unit are judged in processes of this machine.

    Attributes:
        workers: processes; None for one per processor.
    """

    task: Task
    workers: int | None = None
    _staff: list[Judge] = field(default_factory=list, init=False)
    _again: deque[Job] = field(default_factory=deque, init=False)
    _suspects: list[Job] = field(default_factory=list, init=False)
    _false_starts: int = field(default=0, init=False)

    def run(self, jobs: Iterable[Job]) -> Iterator[Judged]:
        """Judge all jobs, in the order they end; holds only a few of them at a time.

        A judge that dies or hangs costs the submission it had in hand, which is tried once more
        at the end, alone, so that only one at fault ends as a grader error.
        """
        try:
            yield from self._run(iter(jobs), self.workers or os.cpu_count() or 1)
            suspects, self._suspects = self._suspects, []
            for job in suspects:
                yield from self._run(iter([job]), 1)
            for job in self._suspects:
                yield died(self.task, job)
        finally:
            for judge in self._staff:
                judge.end()

    def _run(self, jobs: Iterator[Job], count: int) -> Iterator[Judged]:
        waiting = True
        while True:
            if waiting or self._again:
                waiting = self._hand_out(jobs, count)
            busy = [judge for judge in self._staff if judge.jobs or not judge.ready]
            if not any(judge.jobs for judge in busy):
                return
            yield from self._listen(busy)

    def _hand_out(self, jobs: Iterator[Job], count: int) -> bool:
        """Keep every judge supplied; whether there may be more to hand out."""
        for depth in range(1, IN_HAND + 1):
            for place in range(count):
                if place < len(self._staff) and len(self._staff[place].jobs) >= depth:
                    continue
                job = next(itertools.chain(self._again_first(), jobs), None)
                if job is None:
                    return False
                while place >= len(self._staff):
                    self._staff.append(Judge(self.task))
                self._staff[place].give(job)
        return True

    def _again_first(self) -> Iterator[Job]:
        if self._again:
            yield self._again.popleft()

    def _listen(self, busy: list[Judge]) -> Iterator[Judged]:
        left = min(judge.deadline for judge in busy) - time.monotonic()
        heard = wait([judge.connection for judge in busy], timeout=max(left, 0.0))
        for judge in busy:
            if judge.connection in heard:
                said = judge.answer()
            elif judge.deadline < time.monotonic():
                said = None
            else:
                continue
            if said is None:
                self._bury(judge)
            elif said == READY:
                judge.ready, self._false_starts = True, 0
            elif said.startswith(VERDICT):
                yield said_of(judge.jobs.popleft(), said)
            else:
                self._suspects.append(judge.jobs.popleft())

    def _bury(self, judge: Judge) -> None:
        """Take a dead or hanging judge off the staff; its first job is the suspect."""
        self._staff.remove(judge)
        judge.end()
        if judge.ready and judge.jobs:
            self._suspects.append(judge.jobs.popleft())
        elif not judge.ready:
            self._false_starts += 1
            if self._false_starts >= MAX_FALSE_STARTS:
                raise GradingRefused(message("grading.no-judge"))
        self._again.extend(judge.jobs)
