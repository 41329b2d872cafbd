"""Judge processes: a pool that gets bytes and gives verdicts, and outlives a judge that dies."""

import ctypes
import multiprocessing
import os
import resource
import signal
from collections.abc import Generator, Iterable, Iterator
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass
from itertools import islice

from rnngrader import judge
from rnngrader.assignment import Assignment
from rnngrader.messages import message
from rnngrader.verdict import Identity, Status, Verdict

_PR_SET_PDEATHSIG = 1
_MEMORY = 4 << 30  # bytes a judge may map: far more than it needs, far less than a machine has


@dataclass(frozen=True)
class Job:
    """One submission on its way to a judge."""

    student: str
    raw: bytes


@dataclass(frozen=True)
class Judges:
    """How submissions of a unit are judged in processes of this machine.

    Attributes:
        workers: processes; None for one per processor.
        unsafe: run learner code without a sandbox.
    """

    assignment: Assignment
    key: bytes
    workers: int | None = None
    unsafe: bool = False

    def run(self, jobs: Iterable[Job]) -> Iterator[tuple[Job, Verdict]]:
        """Judge all jobs, in the order they end; holds only a few of them at a time.

        A judge that dies takes the pool and the jobs in it along. Each of these is tried once
        more alone, so that only the one at fault ends as a grader error.
        """
        count = self.workers or os.cpu_count() or 1
        lost: list[Job] = []
        for job, verdict in self._pooled(jobs, count):
            if verdict is None:
                lost.append(job)
            else:
                yield job, verdict
        for job in lost:
            for _, verdict in self._pooled([job], 1):
                yield job, verdict or self._died(job)

    def _pooled(
        self, jobs: Iterable[Job], count: int
    ) -> Generator[tuple[Job, Verdict | None], None, None]:
        rest = iter(jobs)
        broken = True
        while broken:
            # spawn: a fork would copy the coordinator's open gradebook into the judges
            context = multiprocessing.get_context("spawn")
            with ProcessPoolExecutor(count, context, _prepare, (os.getpid(),)) as pool:
                broken = yield from self._until_broken(pool, rest, 2 * count)

    def _until_broken(
        self, pool: ProcessPoolExecutor, rest: Iterator[Job], window: int
    ) -> Generator[tuple[Job, Verdict | None], None, bool]:
        flying: dict[Future[Verdict], Job] = {}
        broken = False
        while True:
            for job in islice(rest, 0 if broken else window - len(flying)):
                try:
                    flying[self._submit(pool, job)] = job
                except BrokenProcessPool:
                    broken = True
                    yield job, None
                    break
            if not flying:
                return broken
            for future in wait(flying, return_when=FIRST_COMPLETED).done:
                job = flying.pop(future)
                try:
                    verdict: Verdict | None = future.result()
                except BrokenProcessPool:
                    verdict, broken = None, True
                yield job, verdict

    def _submit(self, pool: ProcessPoolExecutor, job: Job) -> Future[Verdict]:
        return pool.submit(
            judge.grade, job.raw, job.student, self.assignment, self.key, unsafe=self.unsafe
        )

    def _died(self, job: Job) -> Verdict:
        head = Identity(self.assignment.unit, job.student, "", self.assignment.version)
        return Verdict(*head, status=Status.ERROR, reason=message("grading.judge-died"))


def _prepare(coordinator: int) -> None:
    """In a judge: die with the coordinator, leave Ctrl-C to it, never eat the machine."""
    resource.setrlimit(resource.RLIMIT_AS, (_MEMORY, _MEMORY))
    ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
    if os.getppid() != coordinator:  # it died before the line above: nobody would tell us
        os._exit(1)
    signal.signal(signal.SIGINT, signal.SIG_IGN)
