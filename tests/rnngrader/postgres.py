"""A PostgreSQL server for a test: unprivileged, in a temporary folder, on a free port."""

import contextlib
import os
import pwd
import shutil
import socket
import subprocess
import tempfile
from pathlib import Path

NOBODY = "nobody"


def program(name):
    """The newest installed program of that name; Debian keeps them off the path."""
    places = sorted(Path("/usr/lib/postgresql").glob(f"*/bin/{name}"))
    found = shutil.which(name) or (places and str(places[-1]))
    assert found, f"PostgreSQL's {name} is missing: sudo apt-get install postgresql"
    return found


def run(name, *arguments):
    """Run one of PostgreSQL's programs, never as root, which it refuses."""
    who = {}
    if os.geteuid() == 0:
        account = pwd.getpwnam(NOBODY)
        who = {"user": account.pw_uid, "group": account.pw_gid, "extra_groups": []}
    done = subprocess.run(
        [program(name), *arguments], cwd="/", capture_output=True, text=True, check=False, **who
    )
    assert done.returncode == 0, done.stdout + done.stderr


@contextlib.contextmanager
def server():
    """A running server; gives the URL of an empty database, and a function that restarts it."""
    with tempfile.TemporaryDirectory(prefix="pg-") as folder:
        if os.geteuid() == 0:
            account = pwd.getpwnam(NOBODY)
            os.chown(folder, account.pw_uid, account.pw_gid)
        data = str(Path(folder) / "data")
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            port = free.getsockname()[1]
        run("initdb", "-D", data, "-U", "grader", "-A", "trust", "--no-sync", "-E", "UTF8")
        options = f"-p {port} -k {folder} -c listen_addresses=127.0.0.1 -c fsync=off"
        log = str(Path(folder) / "log")

        def start():
            run("pg_ctl", "-D", data, "-o", options, "-l", log, "-w", "start")

        def stop():
            run("pg_ctl", "-D", data, "-m", "immediate", "-w", "stop")

        start()
        try:
            yield f"postgresql+psycopg://grader@127.0.0.1:{port}/postgres", stop, start
        finally:
            with contextlib.suppress(AssertionError):  # a test may have stopped it
                stop()
