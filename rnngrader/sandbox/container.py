"""The sandbox itself: which files exist in it, which namespaces it has, how it is started.

It holds the Python interpreter with its standard library (without site-packages), the packages
the unit allows, the shared libraries these need, and the files of this folder. Nothing else
exists there: no other file of the machine, no network, no /proc, no device but the null,
zero and random ones, no environment of the host, and no place to write anything.
"""

import compileall
import functools
import importlib.util
import os
import platform
import re
import shutil
import socket
import subprocess
import sys
import sysconfig
from pathlib import Path
from typing import Any

from rnngrader.errors import SandboxUnavailable
from rnngrader.sandbox import seccomp

HERE = Path(__file__).parent
MIN_BWRAP = (0, 8)
GET_BWRAP = "install it with `sudo apt-get install bubblewrap`"
ENVIRONMENT = {
    "HOME": "/desk",
    "LANG": "C.UTF-8",
    "TZ": "UTC",
    "LD_LIBRARY_PATH": "/python/lib",
    "PYTHONHASHSEED": "0",
    **{f"{name}_NUM_THREADS": "1" for name in ("OPENBLAS", "OMP", "MKL")},
}
# Parts of the standard library for screens, terminals, databases and networks. What they load is
# left out: fewer things to reach, and each library is a mount, which costs a quarter millisecond.
WITHOUT_LIBRARIES = {
    "_curses", "_curses_panel", "_dbm", "_gdbm", "_sqlite3", "_ssl", "_tkinter", "nis", "readline",
}  # fmt: skip
_QUIET: dict[str, Any] = {"capture_output": True, "text": True}
OURS = (*(HERE / f"{name}.py" for name in ("runner", "notebook_code", "seccomp")),
        HERE.parent / "wire.py")  # fmt: skip
PYTHON_FLAGS = ["-P", "-s", "-S", "-B"]  # no script folder, user site, site-packages, bytecode


@functools.cache
def bwrap_path() -> str:
    """The bubblewrap program.

    Raises:
        SandboxUnavailable: if it is missing, too old, or this machine's calls are unknown.
    """
    path = shutil.which("bwrap")
    if path is None:
        raise SandboxUnavailable(f"The sandbox needs bubblewrap (bwrap); {GET_BWRAP}.")
    text = subprocess.run([path, "--version"], capture_output=True, text=True, check=True).stdout
    version = tuple(int(n) for n in re.findall(r"\d+", text)[:2])
    if version < MIN_BWRAP:
        raise SandboxUnavailable(f"Expected bubblewrap 0.8 or newer, got {text.strip()!r}.")
    if platform.machine() not in seccomp.MACHINES:
        raise SandboxUnavailable(
            f"The sandbox knows {sorted(seccomp.MACHINES)}, this machine is {platform.machine()}."
        )
    return path


@functools.cache
def _shared_libraries(roots: tuple[Path, ...]) -> tuple[str, ...]:
    """Absolute paths of the libraries that the programs and modules under `roots` load."""
    python, *folders = roots
    found = [path for root in folders for path in root.rglob("*.so*")]
    files = [str(path) for path in found if path.name.split(".")[0] not in WITHOUT_LIBRARIES]
    if any(mark in path for path in files for mark in ": "):
        listing = subprocess.run(["ldd", str(python), *files], check=False, **_QUIET).stdout
    else:  # what `ldd` does for each file, done once for all of them
        together = {"LD_TRACE_LOADED_OBJECTS": "1", "LD_PRELOAD": ":".join(files)}
        listing = subprocess.run([str(python)], env=together, check=False, **_QUIET).stdout
    names = set(re.findall(r"(?:=>\s*|^\s+)(/\S+) \(0x", listing, re.MULTILINE))
    own = tuple(str(root) for root in roots)
    return tuple(sorted(path for path in names if not path.startswith(own)))


def _package_paths(modules: tuple[str, ...]) -> list[Path]:
    paths = []
    for name in modules:
        spec = importlib.util.find_spec(name)
        if spec is None or not spec.submodule_search_locations:
            raise SandboxUnavailable(f"The unit allows the package {name!r}, not installed here.")
        package = Path(next(iter(spec.submodule_search_locations)))
        paths += [p for p in (package, package.with_name(f"{name}.libs")) if p.exists()]
    return paths


_known: dict[tuple[str, ...], tuple[str, ...]] = {}


def mounts(modules: tuple[str, ...]) -> tuple[str, ...]:
    """Arguments that put Python, the allowed packages and the runner into the sandbox.

    Found once for each process; a judge is told what its coordinator found.
    """
    if modules not in _known:
        _known[modules] = _find_mounts(modules)
    return _known[modules]


def adopt(modules: tuple[str, ...], found: tuple[str, ...]) -> None:
    """Take over what another process of this machine found for the same packages."""
    _known[modules] = found


def _find_mounts(modules: tuple[str, ...]) -> tuple[str, ...]:
    python = Path(sys.executable).resolve()
    stdlib = Path(sysconfig.get_path("stdlib"))
    version = f"/python/lib/{stdlib.name}"
    args = ["--ro-bind", str(python), "/python/bin/python3", "--ro-bind", str(stdlib), version]
    for folder in ("site-packages", "dist-packages"):
        if (stdlib / folder).exists():
            args += ["--tmpfs", f"{version}/{folder}"]
    packages = _package_paths(modules)
    for path in packages:
        args += ["--ro-bind", str(path), f"/site/{path.name}"]
    for library in _shared_libraries((python, stdlib / "lib-dynload", *packages)):
        name = Path(library).name
        target = f"/python/lib/{name}" if name.startswith("libpython") else library
        args += ["--ro-bind", library, target]
    for path in OURS:
        args += ["--ro-bind", str(path), f"/grader/{path.name}"]
        if compiled := _compiled(path):
            args += ["--ro-bind", str(compiled), f"/grader/__pycache__/{compiled.name}"]
    return (*args, "--ro-bind", str(HERE / "stub"), "/grader/stub")


def _compiled(path: Path) -> Path | None:
    """What Python keeps of a module; without it every sandbox would compile it again."""
    compileall.compile_file(path, quiet=2)  # writes nothing where it is current, or forbidden
    kept = Path(importlib.util.cache_from_source(str(path)))
    return kept.absolute() if kept.exists() else None


def _bwrap_command(modules: tuple[str, ...], fd: int, disk_mb: int) -> list[str]:
    args = [
        bwrap_path(), "--unshare-all", "--unshare-user", "--disable-userns", "--uid", "65534",
        "--gid", "65534", "--hostname", "sandbox", "--cap-drop", "ALL", "--die-with-parent",
        "--new-session", "--clearenv",
    ]  # fmt: skip
    for name, value in ENVIRONMENT.items():
        args += ["--setenv", name, value]
    args += mounts(modules)
    for device in ("null", "zero", "random", "urandom"):
        args += ["--dev-bind", f"/dev/{device}", f"/dev/{device}"]
    desk = ["--size", str(disk_mb << 20), "--tmpfs", "/desk"] if disk_mb else ["--dir", "/desk"]
    args += [*desk, "--remount-ro", "/", "--chdir", "/desk"]
    places = ["/grader", "/grader/stub", "/site"]
    return [*args, "--", "/python/bin/python3", *_inside(fd, places)]


def _inside(fd: int, places: list[str]) -> list[str]:
    """What Python is told: our runner, from where modules come, and its socket."""
    start = "import sys; sys.path[:0] = sys.argv[2:]; from runner import main; main()"
    return [*PYTHON_FLAGS, "-c", start, str(fd), *places]


def _open_command(modules: tuple[str, ...], fd: int) -> list[str]:
    """The same runner without any wall, for `--unsafe` only."""
    site = sorted({str(path.parent) for path in _package_paths(modules)})
    places = [str(HERE), str(HERE.parent), str(HERE / "stub"), *site]
    return [sys.executable, *_inside(fd, places)]


def start(
    modules: tuple[str, ...], *, disk_mb: int = 0, unsafe: bool = False
) -> tuple[subprocess.Popen[bytes], socket.socket]:
    """Start a sandbox; returns its process and the judge's end of the control socket.

    It loads Python and the allowed packages, then waits for its one submission.

    Raises:
        SandboxUnavailable: if bubblewrap is missing or too old, or a package is not installed.
    """
    ours, theirs = socket.socketpair()
    with theirs:
        fd = theirs.fileno()
        try:
            walled = [] if unsafe else _bwrap_command(modules, fd, disk_mb)
            command = walled or _open_command(modules, fd)
        except SandboxUnavailable:
            ours.close()
            raise
        process = subprocess.Popen(
            command,
            pass_fds=[fd],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            env={} if not unsafe else {**ENVIRONMENT, "PATH": os.environ.get("PATH", "")},
            start_new_session=True,
        )
    return process, ours
