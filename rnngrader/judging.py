"""A judge as a process of its own: `python -m rnngrader.judging FD`. It gets bytes, gives bytes.

The coordinator is on the other end of the socket FD. It sends a `Task` once and then one
submission after the other; for each it gets the text of a verdict. A judge holds no gradebook
and no file of the course, and it never runs learner code itself.
"""

import ctypes
import os
import resource
import signal
import sys
from dataclasses import dataclass, field
from multiprocessing.connection import Connection
from queue import SimpleQueue
from threading import Thread
from time import perf_counter
from typing import NamedTuple

from rnngrader import judge
from rnngrader.assignment import Assignment
from rnngrader.errors import SandboxUnavailable
from rnngrader.sandbox import container
from rnngrader.sandbox.spare import Spares
from rnngrader.verdict import Verdict

READY, VERDICT, UNAVAILABLE = b"R", b"V", b"U"
_PR_SET_PDEATHSIG = 1
_MEMORY = 4 << 30  # bytes a judge may map: far more than it needs, far less than a machine has


@dataclass(frozen=True)
class Job:
    """One submission on its way to a judge."""

    student: str
    raw: bytes = field(repr=False)


@dataclass(frozen=True)
class Task:
    """What a judge must know besides the submissions.

    Attributes:
        key: the course's secret, from which the random inputs are drawn.
        unsafe: run learner code without a sandbox.
    """

    assignment: Assignment
    key: bytes = field(repr=False)  # a cluster's log shows what its tasks were called with
    unsafe: bool = False


class Judged(NamedTuple):
    """A verdict on a submission.

    Attributes:
        seconds: wall-clock time that judging took; None if the judge was lost. It is kept beside
            the verdict, not in it: two runs give the same verdict, never the same time.
    """

    job: Job
    verdict: Verdict
    seconds: float | None = None


def said_of(job: Job, said: bytes) -> Judged:
    """What a judge said about a submission, where it begins with `VERDICT`."""
    seconds, _, text = said[len(VERDICT) :].decode().partition("\n")
    return Judged(job, Verdict.from_json(text), float(seconds))


def serve(connection: Connection) -> None:
    """Judge what comes until the other side hangs up."""
    task, mounts = connection.recv()
    if mounts:
        container.adopt(task.assignment.modules, mounts)
    waiting: SimpleQueue[Job] = SimpleQueue()
    # A thread reads, so that the coordinator can always send: neither side waits for the other.
    Thread(target=_read, args=(connection, waiting), daemon=True).start()
    assignment = task.assignment
    with Spares(
        assignment.modules,
        disk_mb=assignment.limits.disk_mb,
        unsafe=task.unsafe,
        ahead=lambda: not waiting.empty(),
    ) as spares:
        spares.prepare()
        connection.send_bytes(READY)
        while True:
            connection.send_bytes(_answer(task, waiting.get(), spares))


def _read(connection: Connection, waiting: "SimpleQueue[Job]") -> None:
    try:
        while True:
            waiting.put(connection.recv())
    except (EOFError, OSError):
        os._exit(0)  # nobody is left to tell; the sandboxes end with their parent


def _answer(task: Task, job: Job, spares: Spares) -> bytes:
    begin = perf_counter()
    try:
        verdict = judge.grade(
            job.raw, job.student, task.assignment, task.key, unsafe=task.unsafe, spares=spares
        )
    except SandboxUnavailable as error:
        return UNAVAILABLE + str(error).encode()
    return VERDICT + f"{perf_counter() - begin:.3f}\n{verdict.to_json()}".encode()


def prepare(coordinator: int) -> None:
    """In a judge: die with the coordinator, leave Ctrl-C to it, never eat the machine."""
    resource.setrlimit(resource.RLIMIT_AS, (_MEMORY, _MEMORY))
    ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
    if os.getppid() != coordinator:  # it died before the line above: nobody would tell us
        os._exit(1)
    signal.signal(signal.SIGINT, signal.SIG_IGN)


if __name__ == "__main__":
    prepare(int(sys.argv[2]))
    serve(Connection(int(sys.argv[1])))
