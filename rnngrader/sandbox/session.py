"""The judge's end: one sandbox for a submission, one fresh child in it for every question."""

import socket
import subprocess
import time
from collections.abc import Callable, Mapping
from types import TracebackType
from typing import Any, Literal, Self

import numpy as np

from rnngrader import wire
from rnngrader.checks.calling import CallError, CallResult, Opaque
from rnngrader.errors import SandboxUnavailable
from rnngrader.sandbox import container
from rnngrader.sandbox.program import Cell, CellRun, Limits

START_S = 30.0
MAX_CALLBACKS = 100_000
MAX_PROBLEMS = 20
MAX_AXIS = 256  # of an array that a learner's code may have the judge compute with
BROKEN = (wire.Silence, wire.Hangup, wire.WireError)
Given = Mapping[str, Callable[..., Any]]


class LoadFailed(Exception):
    """The child never got through the learner's cells; `cell` is the one it stopped in."""

    def __init__(self, kind: Literal["timeout", "died"], cell: str | None) -> None:
        super().__init__(kind, cell)
        self.kind, self.cell = kind, cell


class Sandbox:
    """A bubblewrap sandbox that holds one submission's code. Use as a context manager."""

    def __init__(
        self, cells: list[Cell], limits: Limits, modules: tuple[str, ...], *, unsafe: bool
    ) -> None:
        self.cells, self.limits, self.modules, self.unsafe = cells, limits, modules, unsafe
        self._process: subprocess.Popen[bytes] | None = None
        self._control: socket.socket | None = None
        self._question: socket.socket | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        tb: TracebackType | None,
    ) -> None:
        self.kill()

    def kill(self) -> None:
        """End every process in the sandbox; the next question starts a new one."""
        for sock in (self._question, self._control):
            if sock is not None:
                sock.close()
        if self._process is not None:
            self._process.kill()
            self._process.wait()
            if self._process.stderr:
                self._process.stderr.close()
        self._process = self._control = None

    def _start(self) -> socket.socket:
        if self._control is not None:
            return self._control
        limits = self.limits
        self._process, self._control = container.start(self.modules, unsafe=self.unsafe)
        program = {
            "cells": [{"id": cell.id, "source": cell.source} for cell in self.cells],
            "limits": {
                "cpu_s": int(limits.question_s + limits.load_s) + 1,
                "memory_mb": limits.memory_mb,
                "output_kb": limits.output_kb,
            },
        }
        deadline = time.monotonic() + START_S
        try:
            wire.send(self._control, program, deadline)
            wire.receive(self._control, deadline)
        except BROKEN as error:
            self._process.kill()
            said = self._process.communicate()[1].decode("utf-8", "replace").strip()
            self.kill()
            raise SandboxUnavailable(f"The sandbox did not start: {said or error}") from None
        return self._control

    def open(self) -> "Session":
        """Fork a child for one question and run the learner's cells in it.

        Raises:
            LoadFailed: if the child hangs, dies or talks nonsense while it runs the cells.
            SandboxUnavailable: if no sandbox can be started.
        """
        control = self._start()
        ours, theirs = socket.socketpair()
        self._question = ours
        with theirs:
            socket.send_fds(control, [b"q"], [theirs.fileno()])
        session = Session(self, ours)
        try:
            session.load()
        except LoadFailed:
            session.close()
            raise
        return session

    def end_question(self) -> None:
        """Tell the sandbox to kill the child of the current question."""
        try:
            if self._control is not None:
                self._control.send(b"e")
        except OSError:
            self.kill()


class Session:
    """One child process with the learner's cells run, ready to be called."""

    def __init__(self, sandbox: Sandbox, sock: socket.socket) -> None:
        self.sandbox, self.sock = sandbox, sock
        self.cells: list[CellRun] = []
        self.alive = True

    def load(self) -> None:
        """Follow the child through the learner's cells, one announcement and one report each."""
        deadline = time.monotonic() + self.sandbox.limits.load_s
        at: str | None = None
        try:
            for cell in self.sandbox.cells:
                at = cell.id
                _require(wire.receive(self.sock, deadline), ["start", cell.id])
                kind, name, output, problems = wire.receive(self.sock, deadline)
                _require([kind, name], ["cell", cell.id])
                told = [item for item in problems[:MAX_PROBLEMS] if isinstance(item, dict)]
                self.cells.append(CellRun(cell.id, str(output), told))
            _require(wire.receive(self.sock, deadline), ["ready"])
        except wire.Silence:
            self.alive = False
            raise LoadFailed("timeout", at) from None
        except (wire.Hangup, wire.WireError, LookupError, TypeError, ValueError):
            self.alive = False
            raise LoadFailed("died", at) from None

    def close(self) -> None:
        """End the question; a child that misbehaved takes its sandbox with it."""
        self.sock.close()
        if self.alive:
            self.sandbox.end_question()
        else:
            self.sandbox.kill()

    def call(
        self,
        name: str,
        args: tuple[object, ...],
        kwargs: Mapping[str, object],
        given: Given,
        *,
        returns_args: bool,
    ) -> CallResult:
        """Call a learner's function; every misbehaviour is a `CallError`, never an exception."""
        request = {
            "name": name,
            "args": list(args),
            "kwargs": dict(kwargs),
            "given": list(given),
            "returns_args": returns_args,
        }
        deadline = time.monotonic() + self.sandbox.limits.call_s
        try:
            wire.send(self.sock, request, deadline)
            return self._follow(given, _Rebuild(args), deadline)
        except wire.Silence:
            return self._broken("timeout")
        except wire.Hangup:
            return self._broken("died")
        except (wire.WireError, LookupError, TypeError, ValueError):
            return self._broken("protocol")

    def _broken(self, kind: Literal["timeout", "died", "protocol"]) -> CallResult:
        self.alive = False
        return CallResult(None, None, CallError(kind=kind))

    def _follow(self, given: Given, named: "_Rebuild", deadline: float) -> CallResult:
        for _ in range(MAX_CALLBACKS):
            message = wire.receive(self.sock, deadline, named=named)
            if message[0] != "callback":
                return _result(message)
            _, name, args, kwargs = message
            _require_modest([*args, *kwargs.values()])
            try:
                reply = ["given", given[name](*args, **kwargs)]
            except (ValueError, TypeError, IndexError, AttributeError) as error:
                reply = ["refused", str(error)]
            wire.send(self.sock, reply, deadline)
        raise wire.WireError("too many questions to the judge")


def _require(got: Any, expected: list[str]) -> None:
    if got != expected:
        raise wire.WireError(f"expected {expected}")


def _require_modest(values: Any) -> None:
    """Refuse arrays whose products could exhaust the judge; no exercise has any as large."""
    for value in values:
        if isinstance(value, tuple | list):
            _require_modest(value)
        elif isinstance(value, np.ndarray) and max(value.shape, default=0) > MAX_AXIS:
            raise wire.WireError(f"expected axes of at most {MAX_AXIS}, got {value.shape}")


def _result(message: Any) -> CallResult:
    kind = message[0]
    if kind == "value":
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


def _plain(value: Any) -> Any:
    if isinstance(value, wire.Opaque):
        return Opaque(value.type_name)
    if isinstance(value, tuple | list):
        return type(value)(map(_plain, value)) if type(value) in (tuple, list) else value
    return {k: _plain(v) for k, v in value.items()} if isinstance(value, dict) else value


class _Rebuild:
    """Rebuilds only the named tuples that the judge itself sent; all others become tuples."""

    def __init__(self, args: tuple[object, ...]) -> None:
        self.known = {
            (type(arg).__name__, fields): type(arg)
            for arg in args
            if isinstance(arg, tuple) and (fields := getattr(type(arg), "_fields", None))
        }

    def __call__(self, name: str, fields: tuple[str, ...], values: list[Any]) -> tuple[Any, ...]:
        cls = self.known.get((name, fields))
        return cls(*values) if cls else tuple(values)


def probe(modules: tuple[str, ...], *, unsafe: bool = False) -> None:
    """Start a sandbox and run one line in it, to refuse before grading rather than during it.

    Raises:
        SandboxUnavailable: with what bubblewrap said and what can be done.
    """
    with Sandbox([Cell("probe", "x = 1")], Limits(), modules, unsafe=unsafe) as sandbox:
        try:
            sandbox.open().close()
        except LoadFailed as error:
            raise SandboxUnavailable(f"The sandbox runs no code: {error.kind}.") from None
