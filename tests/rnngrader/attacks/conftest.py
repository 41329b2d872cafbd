"""One class of attackers, graded once as an instructor would grade it."""

import hashlib
import json
import os
import socket
import subprocess
import sys
import threading
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from rnngrader.feedback import write_feedback
from rnngrader.loading import load_assignment
from rnngrader.store import VerdictStore
from tests.rnngrader.attacks.access import ACCESS
from tests.rnngrader.attacks.attack import World
from tests.rnngrader.attacks.files import NOTEBOOKS, ODD_NAMES, files, redefined_between_tests
from tests.rnngrader.attacks.interpreter import INTERPRETER
from tests.rnngrader.attacks.resources import RESOURCES
from tests.rnngrader.attacks.unit import HONEST_DOUBLE, LIMITS, UNIT, handed_in
from tests.rnngrader.courses import TinyCourse

PROGRAMS = INTERPRETER | RESOURCES | ACCESS
WITNESSES = ("witness-a", "output-g", "witness-z")  # among the others, in the order of grading


@dataclass
class Battle:
    """What is left when the class has been graded."""

    tiny: TinyCourse
    world: World
    process: subprocess.CompletedProcess
    before: dict
    after: dict
    callers: list = field(default_factory=list)

    def verdict(self, student):
        """What was entered for a student."""
        course = self.tiny.course
        assignment = load_assignment(course.source, "tiny", course.config)
        return VerdictStore(course, assignment).latest(student)

    def questions(self, student):
        """Questions by id."""
        return {q.grade_id: q for q in self.verdict(student).questions}


def tree(*roots):
    """Every file below some folders, with what is in it."""
    found = {}
    for path in sorted(path for root in roots for path in Path(root).rglob("*")):
        plain = path.is_file() and not path.is_symlink() and path.stat().st_size < 1 << 25
        found[str(path)] = hashlib.sha256(path.read_bytes()).hexdigest() if plain else ""
    return found


def _hand_in_all(tiny, world):
    def put(student, book):
        tiny.hand_in(student, raw=json.dumps(book).encode())

    for name, attack in PROGRAMS.items():
        put(name, handed_in(attack.source(world)))
    for name, (_, book) in NOTEBOOKS.items():
        put(name, book)
    put("redefined", redefined_between_tests())
    for student in WITNESSES:
        put(student, handed_in(double=HONEST_DOUBLE + f"  # by {student}"))
    put("copycat", handed_in(double=HONEST_DOUBLE + "  # by witness-a"))
    for name, (_, make) in files(world).items():
        folder = tiny.root / "submitted" / name / "tiny"
        folder.mkdir(parents=True)
        make(folder)
    for name in ODD_NAMES:
        folder = tiny.root / "submitted" / name / "tiny"
        folder.mkdir(parents=True)
        (folder / "tiny.ipynb").write_text("{}")


def _listen(battle_callers):
    servers = [socket.create_server(("127.0.0.1", 0))]
    port = servers[0].getsockname()[1]
    servers.append(socket.socket(socket.AF_UNIX))
    servers[1].bind(f"\0rnngrader-test-{port}")
    servers[1].listen()

    def serve(server):
        try:
            while True:
                battle_callers.append(server.accept()[0])
        except OSError:
            return

    for server in servers:
        threading.Thread(target=serve, args=(server,), daemon=True).start()
    return port, servers


@pytest.fixture(scope="session")
def battle(tmp_path_factory):
    """Everybody's attack through the command line, in one run, with feedback written."""
    folder = tmp_path_factory.mktemp("battle")
    tiny = TinyCourse(folder / "course", *UNIT)
    (tiny.course.source / "tiny" / "unit.toml").write_text(f"[limits]\n{LIMITS}")
    tiny.course.key()
    home = folder / "home"
    (home / ".ipython").mkdir(parents=True)
    (home / ".netrc").write_text("machine lms password hunter2")
    callers = []
    port, servers = _listen(callers)
    world = World(str(tiny.root), str(home), port)
    _hand_in_all(tiny, world)
    kept = [tiny.root / "solutions", tiny.root / "submitted", home]
    before = tree(*kept)
    process = subprocess.run(
        [sys.executable, "-m", "rnngrader", "grade", "tiny", "--json"],
        cwd=tiny.root,
        env={**os.environ, "HOME": str(home), "API_TOKEN": "hunter2", "BATTLE": str(folder)},
        capture_output=True,
        text=True,
        check=False,
    )
    write_feedback(tiny.course, "tiny")
    for server in servers:
        server.shutdown(socket.SHUT_RDWR)
        server.close()
    yield Battle(tiny, world, process, before, tree(*kept), callers)
    for caller in callers:
        caller.close()
