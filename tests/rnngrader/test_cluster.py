"""A real Dask cluster judges the same, also while its workers are killed."""

import os
import signal
import threading
import time

import psutil
import pytest
from distributed import Client, LocalCluster

from rnngrader import cluster
from rnngrader.batch import Options, grade_unit
from rnngrader.errors import GradingRefused
from rnngrader.judging import Job, Task
from rnngrader.loading import load_assignment
from rnngrader.verdict import Status
from tests.rnngrader.courses import SETUP, TinyCourse, graded, notebook, solution

# The cluster's own log and its comings and goings are no concern of ours.
pytestmark = pytest.mark.filterwarnings("ignore")


@pytest.fixture(scope="module")
def running():
    """A scheduler and two workers in processes of their own, which are started again if killed."""
    with LocalCluster(
        n_workers=2, threads_per_worker=1, dashboard_address=None, silence_logs=50
    ) as started:
        yield started


def class_of(tiny, count):
    """Right and wrong submissions in turn."""
    for n in range(count):
        tiny.hand_in(f"s{n:02}", f"def double(x):\n    return x * {1 + n % 2}")


def verdict_files(tiny):
    """What the run kept, by student."""
    latest = tiny.course.state / "verdicts" / "tiny" / "latest"
    return {path.stem: path.read_bytes() for path in latest.glob("*.json")}


def test_workers_are_killed_and_the_class_is_graded_as_on_one_machine(running, tmp_path):
    """SIGKILL for one worker after another: every verdict is what it is without a cluster."""
    there, here = TinyCourse(tmp_path / "there"), TinyCourse(tmp_path / "here")
    class_of(there, 16)
    class_of(here, 16)
    here.course.state.mkdir(mode=0o700)
    (here.course.state / "key").write_text(there.course.key().hex())
    stopped = threading.Event()
    killed = []

    def kill_workers():
        while not stopped.wait(1.5) and len(killed) < 2:
            workers = [nanny.pid for nanny in running.workers.values() if nanny.pid]
            if workers:
                os.kill(workers[len(killed) % len(workers)], signal.SIGKILL)
                killed.append(workers)

    killer = threading.Thread(target=kill_workers)
    killer.start()
    address = running.scheduler_address
    try:
        run = grade_unit(there.course, "tiny", Options(quiet=True, scheduler=address, force=True))
    finally:
        stopped.set()
        killer.join()
    assert killed
    assert not run.problems
    grade_unit(here.course, "tiny", Options(quiet=True, workers=2))
    assert verdict_files(there) == verdict_files(here)
    assert there.grades() == here.grades()
    assert len(there.grades()) == 16


def test_a_submission_that_kills_its_judge_costs_only_itself(running, tmp_path):
    """On a cluster, too, it ends as a grader error, and the others have their points."""
    poison = "if double(3) != 6:\n    import os\n    os._exit(9)"
    tiny = TinyCourse(tmp_path, SETUP, solution(), graded(poison))
    for name in ("ada", "bob"):
        tiny.hand_in(name)
    tiny.hand_in("eve", "def double(x):\n    return 0")
    run = grade_unit(tiny.course, "tiny", Options(quiet=True, scheduler=running.scheduler_address))
    assert [line.student for line in run.problems] == ["eve"]
    assert run.verdicts["eve"].status is Status.ERROR
    assert {line.score for name, line in run.lines.items() if name != "eve"} == {2.0}


def test_the_same_submission_twice_is_harmless(running, tmp_path):
    """A job that is there twice is judged once, and both have the same verdict."""
    course = TinyCourse(tmp_path).course
    task = Task(load_assignment(course.source, "tiny", course.config), b"key")
    job = Job("ada", notebook(solution("def double(x): return 2 * x")))
    other = Job("bob", job.raw)
    found = list(cluster.judged_on_cluster(task, [job, other], running.scheduler_address))
    assert {one.job.student: one.verdict.score for one in found} == {"ada": 2.0, "bob": 2.0}
    again = list(cluster.judged_on_cluster(task, [job], running.scheduler_address))
    first = next(one.verdict for one in found if one.job.student == "ada")
    assert again[0][1].to_json() == first.to_json()


def test_a_worker_with_another_grader_is_refused(running, tmp_path, monkeypatch):
    """Nothing is graded; the sentence names what differs and what to do."""
    tiny = TinyCourse(tmp_path)
    tiny.hand_in("ada")
    monkeypatch.setattr(cluster, "grader_version", lambda: "another")
    options = Options(quiet=True, scheduler=running.scheduler_address)
    with pytest.raises(GradingRefused, match=r"another.*constraints\.txt"):
        grade_unit(tiny.course, "tiny", options)


def test_a_scheduler_that_is_not_there_is_told(tmp_path, monkeypatch):
    """Nobody listens: refused with the address."""
    monkeypatch.setattr(cluster, "CONNECT_S", 1)
    tiny = TinyCourse(tmp_path)
    tiny.hand_in("ada")
    with pytest.raises(GradingRefused, match=r"127\.0\.0\.1:9"):
        grade_unit(tiny.course, "tiny", Options(quiet=True, scheduler="tcp://127.0.0.1:9"))


def test_closing_the_cluster_leaves_no_judge_behind(tmp_path):
    """Judges of a worker end with it."""
    course = TinyCourse(tmp_path).course
    task = Task(load_assignment(course.source, "tiny", course.config), b"key")
    job = Job("ada", notebook(solution("def double(x): return 2 * x")))
    with LocalCluster(
        n_workers=1, threads_per_worker=1, dashboard_address=None, silence_logs=50
    ) as alone:
        list(cluster.judged_on_cluster(task, [job], alone.scheduler_address))
        with Client(alone.scheduler_address, set_as_default=False) as client:
            (worker,) = client.run(os.getpid).values()
        mine = psutil.Process(worker).children(recursive=True)
        assert any("rnngrader.judging" in " ".join(child.cmdline()) for child in mine)
    end = time.monotonic() + 20
    while any(child.is_running() and child.status() != "zombie" for child in mine):
        assert time.monotonic() < end
        time.sleep(0.1)
