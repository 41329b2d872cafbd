"""What comes back from learner code, taken apart with suspicion: plain data, and nothing else."""

from typing import Any

import numpy as np

from rnngrader import wire
from rnngrader.checks.calling import CallError, CallResult, Opaque
from rnngrader.sandbox.program import CellRun, Limits

MAX_PROBLEMS = 20
CUT_NOTE = 100  # characters of "... more characters were cut"
# Of all arrays of an answer together. Comparing makes several arrays of doubles of each, and small
# integers would become eight times as large: more than the judge has.
MAX_NUMBERS = wire.MAX_FRAME // 8
MAX_AXIS = 256  # of an array that a learner's code may have the judge compute with


def require_modest(values: Any) -> None:
    """Refuse arrays whose products could exhaust the judge; no exercise has any as large."""
    for value in values:
        if isinstance(value, tuple | list):
            require_modest(value)
        elif isinstance(value, np.ndarray) and max(value.shape, default=0) > MAX_AXIS:
            raise wire.WireError(f"expected axes of at most {MAX_AXIS}, got {value.shape}")


def run_of(message: Any, limits: Limits, room: int) -> CellRun:
    """What one cell printed and met, as its process says, which need not be the truth.

    The process has cut its output already. One that learner code has taken over has not.

    Args:
        message: a frame from the child.
        limits: what a cell may print.
        room: characters that all cells together may still print.

    Raises:
        WireError: if it is no report of a cell.
    """
    kind, name, output, problems = message
    if [kind, type(name), type(output), type(problems)] != ["cell", str, str, list]:
        raise wire.WireError("expected the report of a cell")
    told = [item for item in problems[:MAX_PROBLEMS] if isinstance(item, dict)]
    cap = max(0, min(limits.output_kb << 10, room)) + CUT_NOTE
    return CellRun(name, output[:cap], told)


def result_of(message: Any) -> CallResult:
    """What one frame from the child means.

    Raises:
        WireError: if it is no answer.
    """
    kind = message[0]
    if kind == "value":
        if _numbers(message[1:3]) > MAX_NUMBERS:
            return CallResult(None, None, CallError("unsendable"))
        after = None if message[2] is None else tuple(_plain(item) for item in message[2])
        return CallResult(_plain(message[1]), after, None)
    if kind == "exception":
        said = message[1]
        line = said["line"] if isinstance(said["line"], int) else None
        text = str(said["text"])[:2000]
        return CallResult(None, None, CallError("exception", str(said["type"])[:100], text, line))
    if kind in ("undefined", "unsendable"):
        return CallResult(None, None, CallError(kind))
    raise wire.WireError(f"expected an answer, got {str(kind)[:40]!r}")


def _numbers(value: Any) -> int:
    """How many numbers the arrays of an answer hold."""
    if isinstance(value, np.ndarray):
        return value.size
    inside = value.values() if isinstance(value, dict) else value
    return sum(map(_numbers, inside)) if isinstance(value, tuple | list | dict) else 0


def _plain(value: Any) -> Any:
    if isinstance(value, wire.Opaque):
        return Opaque(value.type_name)
    if isinstance(value, tuple | list):
        return type(value)(map(_plain, value)) if type(value) in (tuple, list) else value
    return {k: _plain(v) for k, v in value.items()} if isinstance(value, dict) else value


class Rebuild:
    """Rebuilds only the named tuples that the judge itself sent; all others become tuples."""

    def __init__(self, args: tuple[object, ...]) -> None:
        self.known = {
            (type(arg).__name__, fields): type(arg)
            for arg in args
            if isinstance(arg, tuple) and (fields := getattr(type(arg), "_fields", None))
        }

    def __call__(self, name: str, fields: tuple[str, ...], values: list[Any]) -> tuple[Any, ...]:
        """Rebuild one; `wire.decode` calls this."""
        cls = self.known.get((name, fields))
        return cls(*values) if cls else tuple(values)
