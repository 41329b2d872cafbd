"""Sandboxes started ahead: loaded, empty, and waiting for the one submission each will hold.

Starting a sandbox is mostly Python loading NumPy. Where there is work waiting, the next sandbox
loads while the present submission is judged. A sandbox is never used for a second submission.
"""

import socket
import subprocess
from collections.abc import Callable
from types import TracebackType
from typing import Self

from rnngrader.sandbox import container

Started = tuple[subprocess.Popen[bytes], socket.socket]


class Spares:
    """At most one sandbox ahead. Use as a context manager; leaving it ends the spare.

    Args:
        modules: packages the unit allows.
        disk_mb: room for files, see `Limits`.
        unsafe: without a wall, see `container.start`.
        ahead: asked after each sandbox that is taken: is it worth starting the next one now?
    """

    def __init__(
        self,
        modules: tuple[str, ...],
        *,
        disk_mb: int = 0,
        unsafe: bool = False,
        ahead: Callable[[], bool] = bool,
    ) -> None:
        self.modules, self.disk_mb, self.unsafe, self.ahead = modules, disk_mb, unsafe, ahead
        self._spare: Started | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        tb: TracebackType | None,
    ) -> None:
        if self._spare is not None:
            discard(*self._spare)
            self._spare = None

    def prepare(self) -> None:
        """Start the next sandbox now, unless it is there already."""
        if self._spare is None:
            self._spare = self._start()

    def take(self) -> Started:
        """Hand over the sandbox that waits, or start one; it then belongs to the caller."""
        spare, self._spare = self._spare, None
        if spare is not None and spare[0].poll() is not None:
            discard(*spare)
            spare = None
        taken = spare or self._start()
        if self.ahead():
            self.prepare()
        return taken

    def _start(self) -> Started:
        return container.start(self.modules, disk_mb=self.disk_mb, unsafe=self.unsafe)


def discard(process: subprocess.Popen[bytes], control: socket.socket) -> None:
    """End a sandbox and everything in it."""
    control.close()
    process.kill()
    process.wait()
    if process.stderr:
        process.stderr.close()
