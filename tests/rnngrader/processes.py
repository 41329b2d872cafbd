"""Which processes of a run are alive: those with a mark, and their sandboxes."""

import os
import time
from pathlib import Path


def marked(marker):
    """Other processes with `marker` in their environment."""
    found = []
    for path in Path("/proc").glob("[0-9]*/environ"):
        try:
            if marker.encode() in path.read_bytes() and int(path.parent.name) != os.getpid():
                found.append(int(path.parent.name))
        except OSError:
            continue
    return found


def parents():
    """Name and parent of every process, by its number."""
    found = {}
    for path in Path("/proc").glob("[0-9]*/stat"):
        try:
            text = path.read_text()
        except OSError:
            continue
        head, _, rest = text.rpartition(")")
        found[int(path.parent.name)] = (head.partition("(")[2], int(rest.split()[1]))
    return found


def sandboxes(marker):
    """Sandboxes whose parent is one of the marked processes."""
    owners = set(marked(marker))
    return [
        pid for pid, (name, parent) in parents().items() if name == "bwrap" and parent in owners
    ]


def below(pid):
    """Every process that `pid` started, and those that these started, the oldest first."""
    known, found = parents(), [pid]
    for one in found:
        found += [child for child, (_, parent) in known.items() if parent == one]
    return found[1:]


def wait_for(condition, seconds=60):
    """Wait until a condition holds, and give back what it gave."""
    end = time.monotonic() + seconds
    while not (found := condition()):
        assert time.monotonic() < end, "waited too long"
        time.sleep(0.05)
    return found
