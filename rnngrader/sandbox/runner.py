"""The program inside the sandbox: load NumPy once, then fork a fresh child for every question.

`container.py` starts it with the number of the control socket. The parent never runs learner code.
Over the control socket it receives the learner's cells and limits, then one socket per question;
the child that serves a question installs the system-call filter, runs the cells and answers calls
until the judge closes the socket. This process never holds tests, expected values or the reference.
"""

import builtins
import gc
import os
import platform
import resource
import signal
import socket
import sys
import types
import warnings
from collections import namedtuple
from collections.abc import Callable
from typing import Any

gc.disable()  # many modules are about to be loaded, and none of them is garbage
# NumPy writes its help texts while it loads, a tenth of its start. Nobody reads them here.
for part in ("_add_newdocs", "_add_newdocs_scalars"):
    sys.modules[f"numpy._core.{part}"] = types.ModuleType(part)

import numpy as np  # noqa: E402 - without the collector
import seccomp  # type: ignore[import-not-found]  # noqa: E402 - found beside this file only
import wire  # type: ignore[import-not-found]  # noqa: E402 - the same
from notebook_code import (  # type: ignore[import-not-found]  # noqa: E402 - the same
    CappedText,
    Shell,
    describe,
    run_cell,
)


def main() -> None:
    """Serve questions until the judge closes the control socket."""
    control = socket.socket(fileno=int(sys.argv[1]))
    program = wire.receive(control)
    np.ones((2, 2)) @ np.ones((2, 2))  # BLAS is initialised once, before any fork
    null = os.open(os.devnull, os.O_RDWR)
    for fd in (0, 1, 2):
        os.dup2(null, fd)
    seccomp.program(platform.machine())  # made once, here; every child finds it made
    gc.freeze()
    gc.enable()
    wire.send(control, "ready")
    while True:
        data, fds, _, _ = socket.recv_fds(control, 1, 1)
        if not data or not fds:
            return
        pid = os.fork()
        if pid == 0:
            control.close()
            serve(socket.socket(fileno=fds[0]), program)
            os._exit(0)
        os.close(fds[0])
        control.recv(1)  # the judge is done with this question, or gone
        os.kill(pid, signal.SIGKILL)
        os.waitpid(pid, 0)


def confine(limits: dict[str, int]) -> None:
    """Apply resource limits and the system-call filter to this process, for good."""
    for name, value in (
        ("RLIMIT_CORE", 0),
        ("RLIMIT_NPROC", 0),
        ("RLIMIT_NOFILE", limits["open_files"]),
        ("RLIMIT_FSIZE", limits["disk_mb"] << 20),
        ("RLIMIT_AS", limits["memory_mb"] << 20),
        ("RLIMIT_CPU", limits["cpu_s"]),
    ):
        resource.setrlimit(getattr(resource, name), (value, value))
    seccomp.install()


def serve(sock: socket.socket, program: dict[str, Any]) -> None:
    """Run the learner's cells, then answer calls until the judge hangs up."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    confine(program["limits"])
    module = types.ModuleType("__main__")
    module.__dict__["get_ipython"] = Shell
    module.__dict__["display"] = print
    sys.modules["__main__"] = module
    builtins.input = no_input
    room = program["limits"]["total_output_kb"] << 10
    for cell in program["cells"]:
        wire.send(sock, ["start", cell["id"]])
        shown = CappedText(min(program["limits"]["output_kb"] << 10, room))
        sys.stdout = sys.stderr = shown
        problems = list(run_cell(cell["id"], cell["source"], module))
        room -= len(shown.kept)
        wire.send(sock, ["cell", cell["id"], shown.getvalue(), problems])
    sys.stdout = sys.stderr = CappedText(0)
    wire.send(sock, ["ready"])
    try:
        while True:
            wire.send_encoded(sock, answer(sock, wire.receive(sock, named=named), module))
    except wire.Hangup:
        return


def no_input(*_args: object) -> str:
    """Stand in for `input`: nobody is there to type."""
    raise EOFError("there is nobody to type while a notebook is graded")


def named(name: str, fields: tuple[str, ...], values: list[Any]) -> tuple[Any, ...]:
    """Give parameters their field names back."""
    made: tuple[Any, ...] = namedtuple(name, fields)(*values)
    return made


def answer(sock: socket.socket, request: dict[str, Any], module: types.ModuleType) -> Any:
    """Call one learner function; the answer is encoded data, whatever the function did."""
    space, name = module.__dict__, request["name"]
    given = {key: callback(sock, key) for key in request["given"]}
    kept = {key: space[key] for key in given if key in space}
    space.update(given)
    function = space.get(name)
    if not callable(function):
        return wire.encode(["undefined"])
    try:
        with warnings.catch_warnings(), np.errstate(all="ignore"):
            warnings.simplefilter("ignore")
            value = function(*request["args"], **request["kwargs"])
        after = request["args"] if request["returns_args"] else None
        return wire.encode(["value", value, after])
    except wire.WireError as error:
        return wire.encode(["unsendable", str(error)])
    except wire.Hangup:
        raise
    except BaseException as error:  # noqa: BLE001 - whatever a learner raises is an answer
        return wire.encode(["exception", describe(error)])
    finally:
        for key in given:
            space.pop(key, None)
        space.update(kept)


def callback(sock: socket.socket, name: str) -> Callable[..., Any]:
    """A function that asks the judge: stands for an earlier exercise's own solution."""

    def ask(*args: object, **kwargs: object) -> Any:
        wire.send(sock, ["callback", name, list(args), kwargs])
        kind, value = wire.receive(sock, named=named)
        if kind != "given":
            raise ValueError(value)
        return value

    ask.__name__ = name
    return ask
