"""What grading needs of a machine and a course, looked at one thing at a time."""

import importlib.util
import os
import platform
import shutil
import stat
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from typing import Literal

from rnngrader.course import Course
from rnngrader.errors import GradingRefused, SandboxUnavailable
from rnngrader.gradebook import look_at_gradebook
from rnngrader.messages import message
from rnngrader.sandbox import container
from rnngrader.sandbox.session import probe

Grade = Literal["good", "warn", "bad"]
NETWORK_DISKS = {"nfs", "nfs4", "cifs", "smb3", "9p", "fuse.sshfs", "afs", "lustre", "ceph"}
MIN_DISK_GB = 1.0


@dataclass(frozen=True)
class Finding:
    """One line of the doctor: what was found, and what to do about it ("" for nothing)."""

    grade: Grade
    text: str
    remedy: str = ""


def examine_machine() -> Iterator[Finding]:
    """What this machine has for grading, the sandbox tried out."""
    python = platform.python_version()
    known = (3, 11) <= sys.version_info[:2] <= (3, 13)
    yield _finding("good" if known else "warn", "python", version=python)
    system = platform.system()
    names = {"system": system, "machine": platform.machine()}
    yield _finding("good" if system == "Linux" else "bad", "system", **names)
    yield from _sandbox()
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    enough = memory >= (os.cpu_count() or 1)
    size = {"count": str(os.cpu_count()), "memory": f"{memory:.0f}"}
    yield Finding(
        "good" if enough else "warn",
        message("doctor.processors", **size),
        "" if enough else message("doctor.memory-remedy"),
    )
    for package, name in (("distributed", "cluster"), ("psycopg", "postgresql")):
        if importlib.util.find_spec(package) is None:
            yield _finding("warn", f"no-{name}", remedy=f"{name}-remedy")
        else:
            yield _finding("good", name, version=version(package))


def _sandbox() -> Iterator[Finding]:
    try:
        path = container.bwrap_path()
    except SandboxUnavailable as error:
        yield _finding("bad", "no-bubblewrap", remedy="bubblewrap-remedy", why=str(error))
        return
    yield _finding("good", "bubblewrap", version=path)
    try:
        probe(("numpy",))
        begin = time.monotonic()
        probe(("numpy",))
    except SandboxUnavailable as error:
        yield _finding("bad", "no-sandbox", remedy="sandbox-remedy", why=str(error))
    else:
        yield _finding("good", "sandbox", ms=f"{(time.monotonic() - begin) * 1000:.0f}")


def examine_course(load: Callable[[], Course]) -> Iterator[Finding]:
    """What a course directory has for grading.

    Args:
        load: gives the course, or refuses.
    """
    try:
        course = load()
    except GradingRefused as error:
        yield _finding("warn", "no-course", remedy="course-remedy", why=str(error))
        return
    yield _finding("good", "course", folder=str(course.root))
    units = sorted(p.stem for p in course.source.glob("*/*.ipynb") if p.stem == p.parent.name)
    yield Finding(
        "good" if units else "bad", message("doctor.units", names=", ".join(units) or "-")
    )
    free = shutil.disk_usage(course.root).free / 2**30
    yield Finding(
        "good" if free >= MIN_DISK_GB else "bad",
        message("doctor.disk", free=f"{free:.1f}", folder=str(course.root)),
        "" if free >= MIN_DISK_GB else message("doctor.disk-remedy"),
    )
    kind = disk_kind(course.root)
    if kind in NETWORK_DISKS:
        yield _finding("warn", "network-disk", remedy="network-disk-remedy", kind=kind)
    try:
        look_at_gradebook(course)
    except GradingRefused as error:
        yield _finding("bad", "no-gradebook", remedy="gradebook-remedy", why=str(error))
    else:
        yield _finding("good", "gradebook", where=course.db_shown)
    yield from _key(course.state / "key")


def _key(path: Path) -> Iterator[Finding]:
    if path.exists():
        if path.stat().st_mode & (stat.S_IRWXG | stat.S_IRWXO):
            yield Finding(
                "bad", message("doctor.no-key"), message("doctor.key-remedy", path=str(path))
            )
        else:
            yield _finding("good", "key")


def disk_kind(path: Path) -> str:
    """The type of the file system that holds a path, as the kernel names it."""
    best, kind = "", ""
    for line in Path("/proc/self/mounts").read_text(encoding="utf-8").splitlines():
        _, mount, this, *_ = line.split()
        if f"{path}/".startswith(f"{mount.rstrip('/')}/") and len(mount) >= len(best):
            best, kind = mount, this
    return kind


def _finding(grade: Grade, key: str, remedy: str = "", **fields: str) -> Finding:
    """A line from the catalogue; below `<key>-remedy`, or `remedy`, is what to do."""
    todo = "" if grade == "good" else message(f"doctor.{remedy or f'{key}-remedy'}")
    return Finding(grade, message(f"doctor.{key}", **fields), todo)
