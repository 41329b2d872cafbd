"""A training run in one file: arrays and one text of JSON, without pickle.

The file is written beside its place and moved there, so that it is always whole: who is killed
while writing leaves the file before.
"""

import contextlib
import hashlib
import json
import os
import zipfile
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from rnncore._typing import Array
from rnncore.optim import AdamState
from rnncore.params import map_params, named_arrays
from rnncore.training.settings import Cursor

TOLD = {"identity", "step", "cursor", "adam_steps", "carried", "evaluations", "waited"}


class Evaluation(NamedTuple):
    """What was measured after `step` updates."""

    step: int
    metrics: dict[str, float]


class State(NamedTuple):
    """All there is to a training run between two updates.

    `carried` are the arrays that one window hands to the next; `best` are the parameters of the
    best evaluation so far, `waited` the number of evaluations since.
    """

    step: int
    cursor: Cursor
    params: Any
    adam: AdamState | None
    carried: tuple[Array, ...]
    losses: list[float]
    norms: list[float]
    evaluations: list[Evaluation]
    best: Any
    waited: int = 0


def digest(tree: tuple[Any, ...]) -> str:
    """Return a short text that differs where names, shapes, dtypes or numbers differ.

    Example:
        >>> digest((np.zeros(2),)) == digest((np.zeros((2, 1)),))
        False
    """
    total = hashlib.sha256()
    for name, array in named_arrays(tree):
        array = np.asarray(array)
        total.update(f"{name} {array.dtype.str} {array.shape};".encode())
        total.update(np.ascontiguousarray(array).tobytes())
    return total.hexdigest()[:16]


def save(path: Path, state: State, identity: dict[str, Any]) -> None:
    """Write a run to one file; `identity` says which run it is, in values that JSON knows.

    Raises:
        OSError: if the file cannot be written; the one before, if any, stays.
    """
    told = {
        "identity": identity,
        "step": state.step,
        "cursor": state.cursor,
        "adam_steps": None if state.adam is None else state.adam.steps,
        "carried": len(state.carried),
        "evaluations": state.evaluations,
        "waited": state.waited,
    }
    arrays = dict(_named(state))
    arrays["losses"] = np.array(state.losses)
    arrays["norms"] = np.array(state.norms)
    arrays["told"] = np.array(json.dumps(told))
    beside = path.with_name(f"{path.name}.part")
    try:
        with beside.open("wb") as file:
            np.savez(file, allow_pickle=False, **arrays)
            file.flush()
            os.fsync(file.fileno())
        beside.replace(path)
    finally:
        with contextlib.suppress(FileNotFoundError):
            beside.unlink()


def load(path: Path, start: State, identity: dict[str, Any]) -> State:
    """Read a run; `start` gives the structure of its parameters.

    Raises:
        OSError: if the file cannot be read.
        ValueError: if it is no checkpoint, or that of another run.
    """
    arrays = _read(path)
    told = json.loads(str(arrays["told"]))
    _check_identity(path, told["identity"], identity)
    return _restore(start, told, arrays)


def _read(path: Path) -> dict[str, Array]:
    try:
        # NumPy leaves a file open that it opened itself and could not read.
        with path.open("rb") as file, np.load(file, allow_pickle=False) as stored:
            arrays = {name: np.array(stored[name]) for name in stored.files}
        told = json.loads(str(arrays["told"]))
    except (AttributeError, EOFError, KeyError, ValueError, zipfile.BadZipFile) as error:
        raise ValueError(f"expected a checkpoint in {path}, got a file of another kind") from error
    if not isinstance(told, dict) or set(told) != TOLD:
        raise ValueError(f"expected a checkpoint in {path}, got arrays of another kind")
    return arrays


def _named(state: State) -> list[tuple[str, Array]]:
    parts: list[tuple[str, Any]] = [("params", state.params), ("best", state.best)]
    if state.adam is not None:
        parts += [("mean", state.adam.mean), ("mean_square", state.adam.mean_square)]
    parts.append(("carried", state.carried))
    return [pair for name, part in parts for pair in named_arrays(part, name)]


def _restore(start: State, told: dict[str, Any], arrays: dict[str, Array]) -> State:
    def read(name: str) -> Any:
        stored = iter([arrays[path] for path, _ in named_arrays(start.params, name)])
        return map_params(lambda _: next(stored), start.params)

    adam = None
    if told["adam_steps"] is not None:
        adam = AdamState(told["adam_steps"], read("mean"), read("mean_square"))
    return State(
        told["step"],
        Cursor(*told["cursor"]),
        read("params"),
        adam,
        tuple(arrays[f"carried[{number}]"] for number in range(told["carried"])),
        arrays["losses"].tolist(),
        arrays["norms"].tolist(),
        [Evaluation(step, metrics) for step, metrics in told["evaluations"]],
        read("best"),
        told["waited"],
    )


def _check_identity(path: Path, found: dict[str, Any], wanted: dict[str, Any]) -> None:
    # As JSON gives it back: a tuple is a list there.
    for name, value in json.loads(json.dumps(wanted)).items():
        if found.get(name) != value:
            raise ValueError(
                f"expected the checkpoint {path} of a run with {name}={value!r}, "
                f"got {name}={found.get(name)!r}"
            )
