"""A made-up class that shows, and tests, what the grader does with good, wrong and hostile work."""

import secrets
import socket
import subprocess
import sys
from pathlib import Path
from urllib.parse import quote

from rnngrader.batch import grade_unit
from rnngrader.demo.classroom import UNIT, build_class
from rnngrader.errors import GradingRefused
from rnngrader.feedback import write_feedback
from rnngrader.table import print_table


def run_demo(course_root: Path, folder: Path, *, serve: bool, port: int) -> int:
    """Build the class, grade it, print the table, write feedback, start formgrader.

    Args:
        course_root: a course directory with `solutions/`, `exercises/` and `nbgrader_config.py`.
        folder: where the demo's own course goes.
        serve: start formgrader afterwards and wait until Ctrl-C.
        port: where formgrader listens, on this machine only.

    Returns:
        An exit code: 0, as the broken files of the class are meant to be there.

    Raises:
        GradingRefused: if the course lacks the unit, or the port is in use.
    """
    if serve:
        _require_free(port)
    course = build_class(course_root, folder)
    run = grade_unit(course, UNIT)
    print_table([run.lines[name] for name in sorted(run.lines)])
    pages = write_feedback(course, UNIT)
    stolen = [v.student for v in run.lines.values() if _is_attack(v.student) and v.score > 0]
    print(
        f"\n{len(run.lines)} submissions graded, {len(pages)} feedback pages in "
        f"{course.feedback}.\nPoints gained by attacks: {len(stolen)} {stolen or ''}"
    )
    if serve:
        return _serve(course.root, port)
    return 1 if stolen else 0


def _is_attack(student: str) -> bool:
    return student.startswith("attack-")


def _require_free(port: int) -> None:
    """Refuse before the work, not after it, if formgrader could not listen."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError as error:
            raise GradingRefused(
                f"Port {port} cannot be used for formgrader ({error.strerror}). Choose another: "
                f"make grade-demo DEMO_PORT={port + 1}"
            ) from None


def _serve(folder: Path, port: int) -> int:
    token = secrets.token_urlsafe(16)
    page = quote(f"/formgrader/gradebook/{UNIT}/{UNIT}", safe="")
    print(f"\nFormgrader: http://127.0.0.1:{port}/login?next={page}&token={token}", flush=True)
    print("Ctrl-C stops it.", flush=True)
    command = [
        sys.executable, "-m", "jupyter", "lab", "--no-browser", "--ip=127.0.0.1",
        f"--port={port}", "--ServerApp.port_retries=0", f"--IdentityProvider.token={token}",
        "--LabApp.extension_manager=readonly", "--LabApp.news_url=None",
        "--ServerApp.allow_root=True",
        "--log-level=WARN",
    ]  # fmt: skip
    try:
        return subprocess.run(command, cwd=folder, check=False).returncode
    except KeyboardInterrupt:
        return 0
