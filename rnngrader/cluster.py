"""Judging on a Dask cluster: submissions travel as bytes, verdicts come back as text.

A worker of the cluster needs this package, the sandbox, and nothing else: no shared disk, no
gradebook, no course directory. Each judges in a process of its own, as on one machine. A job has
a key made of its content, so a job that runs twice, on a worker that was thought dead, gives the
same verdict twice, and the second one has nowhere to go.
"""

import hashlib
import platform
import threading
from collections.abc import Iterable, Iterator
from importlib import import_module
from importlib.metadata import PackageNotFoundError, version
from itertools import islice
from typing import Any

from rnngrader.errors import GradingRefused, SandboxUnavailable
from rnngrader.judges import Judge, died
from rnngrader.judging import READY, VERDICT, Job, Judged, Task, said_of
from rnngrader.loading import grader_version
from rnngrader.messages import message
from rnngrader.sandbox.session import probe

AHEAD = 2  # jobs for each thread of the cluster that are on their way at a time
CONNECT_S = 20
OTHER = b"O"
ROUNDS = 1  # how often a job may be lost with its worker before it counts as a grader error
_judges = threading.local()


def environment(modules: tuple[str, ...]) -> dict[str, str]:
    """What must be the same wherever a class is judged: Python, packages, the grader itself."""
    found = {"python": platform.python_version(), "grader": grader_version()}
    for name in modules:
        try:
            found[name] = version(name)
        except PackageNotFoundError:
            found[name] = "missing"
    return found


def fit_to_judge(task: Task) -> tuple[dict[str, str], str]:
    """On a worker: its environment, and why it cannot run a sandbox ("" if it can)."""
    modules = task.assignment.modules
    try:
        probe(modules, unsafe=task.unsafe)
    except SandboxUnavailable as error:
        return environment(modules), str(error)
    return environment(modules), ""


def judge_there(task: Task, job: Job, wanted: dict[str, str]) -> bytes:
    """On a worker: judge one submission in this thread's own judge process.

    Args:
        task: the unit.
        job: the submission.
        wanted: the coordinator's environment. Workers come and go, so each job is compared.

    Raises:
        RuntimeError: if the judge dies, so that the job is given to somebody else.
    """
    if environment(task.assignment.modules) != wanted:
        return OTHER + get_worker_address().encode()
    judge: Judge | None = getattr(_judges, "judge", None)
    if judge is None or _judges.task != task:
        if judge is not None:
            judge.end()
        judge = _judges.judge = Judge(task)
        _judges.task = task
    judge.give(job)
    said = judge.answer_in_time()
    if said == READY:
        said = judge.answer_in_time()
    judge.jobs.clear()
    if said is None or not said.startswith(VERDICT):
        judge.end()
        del _judges.judge
        raise RuntimeError("the judge of this submission ended")
    return said


def get_worker_address() -> str:
    """On a worker: its address."""
    distributed: Any = import_module("distributed")
    return str(distributed.get_worker().address)


def judged_on_cluster(task: Task, jobs: Iterable[Job], address: str) -> Iterator[Judged]:
    """Judge jobs on a cluster, in the order they end.

    Args:
        task: the unit and the course's secret.
        jobs: submissions; only a few for each worker are on their way at a time.
        address: of the scheduler.

    Raises:
        GradingRefused: if Dask is not installed, nobody answers at the address, there is no
            worker, or a worker has another environment than this machine.
    """
    try:
        distributed: Any = import_module("distributed")
    except ImportError:
        remedy = message("doctor.cluster-remedy")
        raise GradingRefused(message("cluster.no-dask", remedy=remedy)) from None
    try:
        client = distributed.Client(address, timeout=CONNECT_S, set_as_default=False)
    except (OSError, ValueError) as error:
        raise GradingRefused(
            message("cluster.no-answer", address=address, why=str(error))
        ) from None
    with client:
        _require_fit(client, task)
        waiting = list[Job]()
        yield from _round(client, task, iter(jobs), waiting)
        for turn in range(ROUNDS):
            again, waiting = waiting, []
            yield from _round(client, task, iter(again), waiting, turn + 1)
        for job in waiting:
            yield died(task, job)


def _require_fit(client: Any, task: Task) -> None:
    """Refuse before the first job rather than after it, as far as workers are there yet."""
    try:
        client.wait_for_workers(1, timeout=CONNECT_S)
    except TimeoutError:
        raise GradingRefused(message("cluster.no-worker", seconds=str(CONNECT_S))) from None
    mine = environment(task.assignment.modules)
    answers = client.run(fit_to_judge, task, on_error="return")
    for worker, answer in answers.items():
        if isinstance(answer, BaseException):
            continue  # it died meanwhile; whoever takes its place is compared with each job
        found, why = answer
        other = {name: found.get(name) for name in mine if found.get(name) != mine[name]}
        if other:
            here = {name: mine[name] for name in other}
            raise GradingRefused(
                message("cluster.differs", worker=worker, there=str(other), here=str(here))
            )
        if why:
            raise GradingRefused(message("cluster.no-sandbox", worker=worker, why=why))


def _round(
    client: Any, task: Task, jobs: Iterator[Job], lost: list[Job], turn: int = 0
) -> Iterator[Judged]:
    distributed: Any = import_module("distributed")
    wanted = environment(task.assignment.modules)
    threads = sum(client.nthreads().values()) or 1
    flying: dict[str, Job] = {}
    ending = distributed.as_completed(loop=client.loop)
    for job in islice(jobs, AHEAD * threads):
        ending.add(_submit(client, task, job, wanted, flying, turn))
    for future in ending:
        job = flying.pop(future.key)
        said = future.result() if future.status == "finished" else b""
        if said.startswith(OTHER):
            worker = said[len(OTHER) :].decode()
            raise GradingRefused(message("cluster.other", worker=worker))
        if said:
            yield said_of(job, said)
        elif client.status != "running":
            raise GradingRefused(message("cluster.gone"))
        else:
            lost.append(job)
        future.release()
        for following in islice(jobs, 1):
            ending.add(_submit(client, task, following, wanted, flying, turn))


def _submit(
    client: Any, task: Task, job: Job, wanted: dict[str, str], flying: dict[str, Job], turn: int
) -> Any:
    parts = (task.assignment.version, job.student, str(turn))
    content = hashlib.sha256("\0".join(parts).encode() + b"\0" + job.raw).hexdigest()
    key = f"judge-{content}"
    flying[key] = job
    return client.submit(judge_there, task, job, wanted, key=key, pure=True)
