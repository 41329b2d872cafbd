"""Who judges: processes of this machine, or a cluster. The same jobs in, the same verdicts out."""

from collections.abc import Iterable, Iterator

from rnngrader.judges import Judges
from rnngrader.judging import Job, Judged, Task


def judged(
    task: Task, jobs: Iterable[Job], workers: int | None = None, scheduler: str = ""
) -> Iterator[Judged]:
    """Judge jobs in the order they end.

    Args:
        task: the unit and the course's secret.
        jobs: submissions; taken one by one, a few ahead of what is judged.
        workers: processes of this machine; one per processor if None.
        scheduler: address of a Dask scheduler, such as `tcp://10.0.0.1:8786`; "" for none.

    Raises:
        GradingRefused: if nobody can judge, or the cluster runs another grader than this one.
    """
    if not scheduler:
        return Judges(task, workers).run(jobs)
    from rnngrader.cluster import judged_on_cluster  # Dask is optional

    return judged_on_cluster(task, jobs, scheduler)
