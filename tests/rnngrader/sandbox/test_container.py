"""What is put into a sandbox: what its Python needs, found in one go, and nothing for a screen."""

import re
import subprocess
import sys
import sysconfig
from pathlib import Path

from rnngrader.sandbox import container
from rnngrader.sandbox.session import probe


def by_ldd(files):
    """What the system's own tool says, file by file."""
    found = set()
    for file in files:
        said = subprocess.run(["ldd", str(file)], capture_output=True, text=True, check=False)
        found |= set(re.findall(r"(?:=>\s*|^\s+)(/\S+) \(0x", said.stdout, re.MULTILINE))
    return found


def test_the_libraries_are_those_that_ldd_names():
    """Asking the loader once for all modules finds what asking for each of them finds."""
    python = Path(sys.executable).resolve()
    modules = Path(sysconfig.get_path("stdlib")) / "lib-dynload"
    chosen = [
        path
        for path in modules.glob("*.so")
        if path.name.split(".")[0] not in container.WITHOUT_LIBRARIES
    ]
    wanted = by_ldd([python, *chosen])
    assert set(container._shared_libraries((python, modules))) == wanted
    assert any("libc.so" in path for path in wanted)


def test_nothing_for_screens_databases_or_networks_is_in_it():
    """Such libraries stay outside, although this Python has modules that load them."""
    mounted = " ".join(container.mounts(("numpy",)))
    for name in ("libX11", "libtk", "libsqlite3", "libssl", "libncurses", "libreadline"):
        assert name not in mounted
    assert "libm.so" in mounted


def test_an_installation_that_nobody_may_write_to_still_starts(monkeypatch):
    """Without bytecode of our files the sandbox compiles them itself."""
    # Below a device nobody can make a folder, root neither.
    monkeypatch.setattr(sys, "pycache_prefix", "/dev/null")
    monkeypatch.setattr(container, "_known", {})
    assert "__pycache__" not in " ".join(container.mounts(("numpy",)))
    probe(("numpy",))
