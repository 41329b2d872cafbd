"""A run that was stopped, interrupted or killed ends with the bits of one that was not."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest
from training_case import RUNS, bits, carried, dropped, forced

from rnncore import map_params
from rnncore.training import Trained, train
from rnncore.training.checkpoint import digest, save

EVERY = pytest.mark.parametrize("case", RUNS)
PROGRAM = """
import sys, time
sys.path.insert(0, sys.argv[1])
import training_case
from rnncore.training import train
run = getattr(training_case, sys.argv[2])()
def watch(step, params):
    print(step, flush=True)
    time.sleep(0.02)
train(*run, checkpoint=sys.argv[3], checkpoint_every=1, progress=False, watch=watch)
"""


class Stop(Exception):
    """What a test raises in the middle of a run."""


def stop_at(step: int, error: type[BaseException]):
    """Return a `watch` that ends the run after `step` updates."""

    def watch(now, _):
        if now == step:
            raise error

    return watch


def same(got: Trained, want: Trained) -> None:
    """Compare everything that came out, to the bit."""
    trees = [
        (done.params, done.best_params, (done.losses_nats, done.norms)) for done in (got, want)
    ]
    assert bits(trees[0]) == bits(trees[1])
    assert (got.evaluations, got.stopped) == (want.evaluations, want.stopped)


@EVERY
@pytest.mark.parametrize("step", [1, 4, 9, 13])
def test_a_run_that_stopped_goes_on_to_the_same_bits(case, step, tmp_path) -> None:
    """Stopped after any number of updates and called again, the result is that of one run."""
    run, path = case(), tmp_path / "run.npz"
    with pytest.raises(KeyboardInterrupt):
        train(*run, checkpoint=path, progress=False, watch=stop_at(step, KeyboardInterrupt))
    seen = []
    got = train(*run, checkpoint=path, progress=False, watch=lambda now, _: seen.append(now))
    assert seen == list(range(step, run.settings.steps + 1))
    same(got, train(*run, progress=False))


@EVERY
def test_after_an_error_the_last_checkpoint_counts(case, tmp_path) -> None:
    """An error that is no Ctrl-C leaves the file that was written last, and it goes on."""
    run, path = case(), tmp_path / "run.npz"
    with pytest.raises(Stop):
        train(*run, checkpoint=path, checkpoint_every=3, progress=False, watch=stop_at(8, Stop))
    seen = []
    got = train(*run, checkpoint=path, progress=False, watch=lambda now, _: seen.append(now))
    assert seen[0] == 6
    same(got, train(*run, progress=False))


@pytest.mark.parametrize(
    ("case", "sent"),
    [(carried, signal.SIGKILL), (dropped, signal.SIGKILL), (forced, signal.SIGINT)],
)
def test_a_killed_process_goes_on_to_the_same_bits(case, sent, tmp_path) -> None:
    """Killed or interrupted from outside, in the middle of its work, a run can be taken up."""
    path = tmp_path / "run.npz"
    command = [sys.executable, "-c", PROGRAM, str(Path(__file__).parent), case.__name__, str(path)]
    limits = os.environ | {"OPENBLAS_NUM_THREADS": "1"}
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=limits)
    for line in process.stdout:
        if int(line) == 5:
            process.send_signal(sent)
            break
    process.communicate(timeout=60)
    assert process.returncode in (-sent, 1)
    seen = []
    run = case()
    got = train(*run, checkpoint=path, progress=False, watch=lambda now, _: seen.append(now))
    assert 4 <= seen[0] < run.settings.steps
    same(got, train(*run, progress=False))
    assert [file.name for file in tmp_path.iterdir()] == ["run.npz"]


def test_ctrl_c_inside_an_update_leaves_whole_numbers(tmp_path) -> None:
    """An update that was interrupted counts as not begun."""
    run, path, calls = dropped(), tmp_path / "run.npz", []

    def gradients(*arguments):
        calls.append(1)
        if len(calls) == 7:
            raise KeyboardInterrupt
        return run.model.gradients(*arguments)

    broken = run._replace(model=run.model._replace(gradients=gradients))
    with pytest.raises(KeyboardInterrupt):
        train(*broken, checkpoint=path, progress=False)
    same(train(*run, checkpoint=path, progress=False), train(*run, progress=False))
    assert len(calls) == 7


def test_a_finished_run_is_not_repeated(tmp_path) -> None:
    """Called again, a finished run gives its result without an update."""
    run, path = carried(), tmp_path / "run.npz"
    want = train(*run, checkpoint=path, progress=False)
    idle = run._replace(model=run.model._replace(gradients=None))
    same(train(*idle, checkpoint=path, progress=False), want)


def test_a_finished_run_can_be_made_longer(tmp_path) -> None:
    """A run of 8 steps and then of 14 has the bits of one of 14."""
    run, path = carried(), tmp_path / "run.npz"
    short = run._replace(settings=run.settings._replace(steps=8))
    train(*short, checkpoint=path, progress=False)
    same(train(*run, checkpoint=path, progress=False), train(*run, progress=False))


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"learning_rate": 0.5}, "learning_rate=0.5, got learning_rate=0.02"),
        ({"window": 9}, "window=9, got window=7"),
        ({"seed": 4}, "seed=4, got seed=3"),
    ],
)
def test_the_checkpoint_of_other_settings_is_refused(change, message, tmp_path) -> None:
    """A checkpoint is not taken for that of a run with other settings, and stays as it was."""
    run, path = carried(), tmp_path / "run.npz"
    train(*run, checkpoint=path, progress=False)
    before = path.read_bytes()
    with pytest.raises(ValueError, match="^expected the checkpoint .*run.npz of .*" + message):
        train(*run._replace(settings=run.settings._replace(**change)), checkpoint=path)
    assert path.read_bytes() == before


def test_the_checkpoint_of_other_data_or_weights_is_refused(tmp_path) -> None:
    """Other examples and other start values are noticed too."""
    run, path = carried(), tmp_path / "run.npz"
    train(*run, checkpoint=path, progress=False)
    fewer = type(run.examples)(*(array[1:] for array in run.examples))
    moved = map_params(lambda array: array + array.dtype.type(1e-3), run.params)
    changes = {"examples": fewer, "valid": None, "params": moved}
    for name, value in changes.items():
        with pytest.raises(ValueError, match="start=" if name == "params" else f"{name}="):
            train(*run._replace(**{name: value}), checkpoint=path, progress=False)


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04 cut short", b"no archive at all"])
def test_a_file_that_is_no_checkpoint_is_named(content, tmp_path) -> None:
    """Whatever stands in the place of the checkpoint is refused with its name, and stays."""
    path = tmp_path / "run.npz"
    path.write_bytes(content)
    with pytest.raises(ValueError, match=r"^expected a checkpoint in .*run[.]npz, got a file of"):
        train(*dropped(), checkpoint=path, progress=False)
    assert path.read_bytes() == content


def test_arrays_that_are_no_checkpoint_are_named(tmp_path) -> None:
    """An npz file with other arrays is refused as well, and pickled objects are never loaded."""
    path = tmp_path / "run.npz"
    for arrays in ({"weights": np.ones(3)}, {"told": np.array([{}], dtype=object)}):
        np.savez(path, **arrays)
        with pytest.raises(ValueError, match=r"^expected a checkpoint in .*run[.]npz"):
            train(*dropped(), checkpoint=path, progress=False)


def test_a_file_that_cannot_be_written_leaves_the_old_one(tmp_path, monkeypatch) -> None:
    """A full disk costs the new checkpoint, not the old one, and leaves nothing beside it."""
    run, path = dropped(), tmp_path / "run.npz"
    train(*run, checkpoint=path, progress=False)
    before, started = path.read_bytes(), time.monotonic()

    def full(*_, **__):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(np, "savez", full)
    longer = run._replace(settings=run.settings._replace(steps=20))
    with pytest.raises(OSError, match="No space"):
        train(*longer, checkpoint=path, progress=False)
    assert path.read_bytes() == before
    assert [file.name for file in tmp_path.iterdir()] == ["run.npz"]
    assert time.monotonic() - started < 60


@pytest.mark.parametrize(
    "other",
    [(np.zeros(3),), (np.zeros((2, 2)),), (np.zeros(4, np.float32),), ((np.zeros(4),),)],
)
def test_a_digest_sees_shape_dtype_and_structure(other) -> None:
    """Trees that differ in anything have different digests, equal ones the same."""
    assert digest((np.zeros(4),)) != digest(other)
    assert digest(other) == digest(map_params(np.copy, other))


def test_a_checkpoint_holds_no_pickle(tmp_path) -> None:
    """Every array of the file can be read with pickle forbidden."""
    path = tmp_path / "run.npz"
    train(*carried(), checkpoint=path, progress=False)
    with np.load(path, allow_pickle=False) as file:
        kinds = {file[name].dtype.kind for name in file.files}
    assert kinds == {"f", "U"}
    assert save.__module__ == "rnncore.training.checkpoint"
