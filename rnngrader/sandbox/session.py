"""The judge's end: one sandbox for a submission, one fresh child in it for every question."""

import socket
import subprocess
import time
from collections.abc import Callable, Mapping
from types import TracebackType
from typing import Any, Literal, Self

from rnngrader import wire
from rnngrader.checks.calling import CallError, CallResult
from rnngrader.errors import SandboxUnavailable
from rnngrader.sandbox.answers import Rebuild, require_modest, result_of, run_of
from rnngrader.sandbox.program import Cell, CellRun, Limits
from rnngrader.sandbox.spare import Spares, discard

START_S = 30.0
MAX_CALLBACKS = 100_000
BROKEN = (wire.Silence, wire.Hangup, wire.WireError)
# What a given function may raise at what a learner's code passes to it, its answer included.
REFUSALS = (
    ValueError, TypeError, LookupError, AttributeError, ArithmeticError, AssertionError,
    MemoryError, wire.WireError,
)  # fmt: skip
Given = Mapping[str, Callable[..., Any]]


class LoadFailed(Exception):
    """The child never got through the learner's cells; `cell` is the one it stopped in."""

    def __init__(self, kind: Literal["timeout", "died"], cell: str | None) -> None:
        super().__init__(kind, cell)
        self.kind, self.cell = kind, cell


class Sandbox:
    """A bubblewrap sandbox that holds one submission's code. Use as a context manager.

    Args:
        cells: the code, in order.
        limits: what it may use.
        modules: packages it may import.
        unsafe: run it without a wall.
        spares: where a sandbox that was started ahead can be taken from.
    """

    def __init__(
        self,
        cells: list[Cell],
        limits: Limits,
        modules: tuple[str, ...],
        *,
        unsafe: bool,
        spares: Spares | None = None,
    ) -> None:
        self.cells, self.limits = cells, limits
        self.deadline = time.monotonic() + limits.submission_s
        self._spares = spares or Spares(modules, disk_mb=limits.disk_mb, unsafe=unsafe)
        self._process: subprocess.Popen[bytes] | None = None
        self._control: socket.socket | None = None
        self._question: socket.socket | None = None
        self._kept: Session | None = None

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
        if self._question is not None:
            self._question.close()
        if self._process is not None and self._control is not None:
            discard(self._process, self._control)
        self._process = self._control = self._kept = None

    def _start(self) -> socket.socket:
        if self._control is not None:
            return self._control
        program = {
            "cells": [{"id": cell.id, "source": cell.source} for cell in self.cells],
            "limits": self.limits.for_runner(),
        }
        reasons = []
        for _ in range(2):  # the second time in case the first was killed while it waited
            process, control = self._spares.take()
            self._process, self._control = process, control
            deadline = time.monotonic() + START_S
            try:
                wire.send(control, program, deadline)
                wire.receive(control, deadline)
            except BROKEN as error:
                process.kill()
                said = process.communicate()[1].decode("utf-8", "replace").strip()
                reasons.append(said or str(error))
                self.kill()
            else:
                return control
        raise SandboxUnavailable(f"The sandbox did not start: {'; '.join(reasons)}")

    def open(self) -> "Session":
        """Fork a child for one question and run the learner's cells in it.

        A child that dies is replaced, once: perhaps the kernel ended it, for want of memory. So is
        a sandbox that does not answer at all. A child that was kept because nothing has been asked
        of it serves the first question.

        Raises:
            LoadFailed: if the child hangs while it runs the cells, or dies or talks nonsense twice.
            SandboxUnavailable: if no sandbox can be started.
        """
        kept, self._kept = self._kept, None
        if kept is not None:
            return kept
        try:
            return self._new_child()
        except LoadFailed as error:
            if error.kind == "timeout" and error.cell is not None:
                raise
        return self._new_child()

    def _new_child(self) -> "Session":
        sock = self._ask_for_child()
        if sock is None:
            raise LoadFailed("died", None)
        session = Session(self, sock)
        try:
            session.load()
        except LoadFailed:
            session.close()
            raise
        return session

    def keep(self, session: "Session") -> None:
        """Take back a child that was not asked anything yet."""
        self._kept = session

    def _ask_for_child(self) -> socket.socket | None:
        """Our end of a new child's socket, or None if the sandbox turned out to be dead."""
        control = self._start()
        self._question, theirs = socket.socketpair()
        try:
            with theirs:
                socket.send_fds(control, [b"q"], [theirs.fileno()])
        except OSError:
            self.kill()
            return None
        return self._question

    def end_question(self) -> None:
        """Tell the sandbox to kill the child; one that may write files goes as a whole."""
        if self.limits.disk_mb:
            self.kill()
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
        deadline = min(time.monotonic() + self.sandbox.limits.load_s, self.sandbox.deadline)
        at: str | None = None
        room = self.sandbox.limits.total_output_kb << 10
        try:
            for cell in self.sandbox.cells:
                # Before its first announcement a child runs our code only.
                at = cell.id if self.cells else None
                _require(wire.receive(self.sock, deadline), ["start", cell.id])
                at = cell.id
                run = run_of(wire.receive(self.sock, deadline), self.sandbox.limits, room)
                _require([run.id], [cell.id])
                room -= len(run.output)
                self.cells.append(run)
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
        deadline = min(time.monotonic() + self.sandbox.limits.call_s, self.sandbox.deadline)
        try:
            wire.send(self.sock, request, deadline)
            return self._follow(given, Rebuild(args), deadline)
        except wire.Silence:
            return self._broken("timeout")
        except wire.Hangup:
            return self._broken("died")
        except (wire.WireError, LookupError, TypeError, ValueError):
            return self._broken("protocol")

    def _broken(self, kind: Literal["timeout", "died", "protocol"]) -> CallResult:
        self.alive = False
        return CallResult(None, None, CallError(kind=kind))

    def _follow(self, given: Given, named: "Rebuild", deadline: float) -> CallResult:
        for _ in range(MAX_CALLBACKS):
            max_frame = min(self.sandbox.limits.reply_mb << 20, wire.MAX_FRAME)
            message = wire.receive(self.sock, deadline, named=named, max_frame=max_frame)
            if message[0] != "callback":
                return result_of(message)
            _, name, args, kwargs = message
            if not isinstance(args, list) or not isinstance(kwargs, dict) or name not in given:
                raise wire.WireError("expected the name of a given function, and its arguments")
            require_modest([*args, *kwargs.values()])
            try:
                reply = wire.encode(["given", given[name](*args, **kwargs)])
            except REFUSALS as error:
                reply = wire.encode(["refused", str(error)])
            wire.send_encoded(self.sock, reply, deadline)
        raise wire.WireError("too many questions to the judge")


def _require(got: Any, expected: list[str]) -> None:
    if got != expected:
        raise wire.WireError(f"expected {expected}")


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
