"""The command line: `rnngrader COMMAND`. What each command does is in `rnngrader.commands`."""

import argparse
import contextlib
import importlib
import io
import os
import select
import shlex
import signal
import sys
import threading
from collections.abc import Callable, Iterator, Sequence
from types import FrameType
from typing import NoReturn

from rnngrader.console import INTERRUPTED, REFUSED, warn
from rnngrader.errors import GradingRefused
from rnngrader.messages import message

COMMANDS = (
    "grade", "status", "explain", "regrade", "feedback", "report", "export", "verify", "doctor",
    "demo",
)  # fmt: skip
STOPS = (signal.SIGTERM, signal.SIGHUP)


class Stopped(KeyboardInterrupt):
    """The command was told to end, or its terminal was closed; it ends as after Ctrl-C."""

    def __init__(self, number: int) -> None:
        super().__init__()
        self.code = 128 + number  # as shells say that a signal ended something


class _Parser(argparse.ArgumentParser):
    def error(self, message: str) -> NoReturn:
        self.print_usage(sys.stderr)
        self.exit(REFUSED, f"{self.prog}: {message}\n")


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command; returns the exit code."""
    # A grammar of web addresses that jsonschema compiles for a whole second if it is there, and
    # does without if it is not. No notebook's schema asks for it.
    sys.modules.setdefault("rfc3987_syntax", None)  # type: ignore[arg-type]
    words = list(sys.argv[1:] if argv is None else argv)
    arguments = _parser().parse_args(words)
    run: Callable[[argparse.Namespace], int] = arguments.run
    try:
        with _stoppable():
            return run(arguments)
    except GradingRefused as error:
        warn(str(error))
        return REFUSED
    except KeyboardInterrupt as stop:
        _say_how_to_go_on(words)
        return stop.code if isinstance(stop, Stopped) else INTERRUPTED
    except BrokenPipeError:  # `rnngrader status lstm | head`
        sys.stdout = io.StringIO()  # nothing more can be written, also at exit
        return REFUSED
    except OSError as error:  # a full disk, a folder that may not be written
        reason = " ".join(str(part) for part in (error.strerror, error.filename) if part)
        command = shlex.join(["rnngrader", *words])
        warn(message("console.no-room", reason=reason or str(error), command=command))
        return REFUSED


@contextlib.contextmanager
def _stoppable() -> Iterator[None]:
    """Make SIGTERM and a closed terminal stop a command once, where they are not ignored."""

    def stop(number: int, _frame: FrameType | None) -> None:
        for one in STOPS:
            signal.signal(
                one, signal.SIG_IGN
            )  # shell and kernel may both tell of a closed terminal
        if number == signal.SIGHUP:
            _leave_terminal()
        raise Stopped(number)

    heard = threading.current_thread() is threading.main_thread()  # elsewhere Python allows none
    before = {one: signal.getsignal(one) for one in STOPS if heard}
    for one, handler in before.items():
        if handler != signal.SIG_IGN:  # after `nohup` a closed terminal is nothing
            signal.signal(one, stop)
    try:
        yield
    finally:
        for one, handler in before.items():
            signal.signal(one, handler)


def _leave_terminal() -> None:
    """Send to nowhere what can no longer be shown; else the last line would fail, not the work."""
    for stream in (1, 2):
        poll = select.poll()
        poll.register(stream, 0)
        if poll.poll(0):  # without events asked for: only errors and hang-ups are told
            nowhere = os.open(os.devnull, os.O_WRONLY)
            os.dup2(nowhere, stream)
            os.close(nowhere)


def _say_how_to_go_on(words: Sequence[str]) -> None:
    try:
        print(file=sys.stderr)
        warn(message("console.resume", command=shlex.join(["rnngrader", *words])))
    except OSError:  # nobody is left to read it
        sys.stderr = io.StringIO()


def _parser() -> argparse.ArgumentParser:
    parser = _Parser(
        prog="rnngrader",
        description=message("console.title"),
        epilog=message("console.footer"),
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    for name in COMMANDS:
        importlib.import_module(f"rnngrader.commands.{name}").add(commands)
    return parser
