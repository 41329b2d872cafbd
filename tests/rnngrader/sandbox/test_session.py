"""The sandbox holds: what learner code may do and may not, and that only it pays for its death."""

import time

import numpy as np
import pytest

from rnngrader.sandbox.program import Cell, Limits
from rnngrader.sandbox.session import LoadFailed, Sandbox, probe

LIMITS = Limits(call_s=2, load_s=4, question_s=10, memory_mb=512)
HOSTILE = """
import os, sys
def attempt(source):
    return eval(source, {"os": os, "sys": sys})
def run(source):
    space = {}
    exec(source, space)
    return space.get("result")
"""


@pytest.fixture(scope="module")
def session():
    """A child that runs any source a test gives it."""
    with Sandbox([Cell("hostile", HOSTILE)], LIMITS, ("numpy",), unsafe=False) as sandbox:
        yield sandbox.open()


def ask(session, name, *args, **options):
    """Call a function of the session with no callbacks."""
    return session.call(name, args, {}, options.get("given", {}), returns_args=False)


def test_the_probe_passes_here():
    """This machine can sandbox; without that, every other test here would mean nothing."""
    probe(("numpy",))


@pytest.mark.parametrize(
    "source",
    [
        "os.fork()",
        "os.execv('/python/bin/python3', ['x'])",
        "__import__('threading').Thread(target=print).start()",
        "__import__('subprocess').run(['x'])",
        "__import__('multiprocessing').get_context('spawn').Process(target=print).start()",
        "__import__('socket').socket()",
        "__import__('socket').socketpair()",
        "os.open('/etc/passwd', 0)",
        "os.listdir('/proc')",
        "os.listdir('/home')",
        "os.listdir('/root')",
        "os.listdir('/usr')",
        "open('/grader/runner.py', 'w')",
        "open('/x', 'w')",
        "open('/site/numpy/x', 'w')",
        "os.mkdir('/new')",
        "os.unshare(1)",
        "os.memfd_create('x')",
        "os.chroot('/tmp')",
        "__import__('rnncore')",
        "__import__('torch')",
        "__import__('nbgrader')",
        "__import__('pip')",
        "bytearray(1 << 30)",
        "open('/desk/x', 'w')",
        "open('/tmp/x', 'w')",
        "open('/dev/shm/x', 'w')",
        "os.mkdir('/desk/x')",
        "os.symlink('/', '/desk/x')",
    ],
)
def test_forbidden_things_fail_with_an_exception(session, source):
    """No process, thread, socket, foreign file, place to write, package, or memory for ever."""
    result = ask(session, "attempt", source)
    assert result.error is not None
    assert result.error.kind == "exception"


def test_the_file_system_holds_only_what_is_needed(session):
    """Root, devices and packages are lists that a person can check."""
    assert set(ask(session, "attempt", "os.listdir('/')").value) <= {
        "dev", "grader", "lib", "lib64", "python", "site", "usr", "desk",
    }  # fmt: skip
    assert sorted(ask(session, "attempt", "os.listdir('/dev')").value) == [
        "null", "random", "urandom", "zero",
    ]  # fmt: skip
    assert set(ask(session, "attempt", "os.listdir('/site')").value) <= {"numpy", "numpy.libs"}


def test_numpy_is_whole_without_its_help_texts(session):
    """Every public part of NumPy loads, and so does what learners may import from it."""
    parts = (
        "char core ctypeslib dtypes exceptions fft lib lib.stride_tricks linalg ma ma.extras "
        "polynomial random rec strings testing typing"
    )
    source = f"""
import importlib
result = [importlib.import_module("numpy." + part).__name__ for part in {parts.split()}]
"""
    found = ask(session, "run", source)
    assert found.error is None, found.error
    assert found.value == [f"numpy.{part}" for part in parts.split()]
    assert ask(session, "attempt", "__import__('numpy').ndarray.sum.__doc__").value is None


def test_our_own_files_are_not_compiled_again(session):
    """Each of our modules came from bytecode made outside."""
    source = """
import sys
result = [sys.modules[name].__spec__.cached for name in ("runner", "wire", "seccomp")]
result = [(path, __import__("os").path.exists(path)) for path in result]
"""
    found = ask(session, "run", source).value
    assert all(exists and path.startswith("/grader/__pycache__/") for path, exists in found), found


def test_the_environment_names_nothing_of_the_host(session):
    """Only our own settings are in the environment: no user, no path, no token."""
    names = set(ask(session, "attempt", "dict(os.environ)").value)
    assert names <= {
        "HOME", "LANG", "TZ", "LD_LIBRARY_PATH", "PYTHONHASHSEED", "PWD",
        "OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS",
    }  # fmt: skip


def test_nobody_in_there_is_root(session):
    """The process has an unprivileged id and no capability to regain."""
    assert ask(session, "attempt", "os.getuid()").value == 65534
    assert ask(session, "attempt", "os.setuid(0)").error is not None


def test_inherited_descriptors_lead_nowhere(session):
    """Every open descriptor is a null device or the child's own socket."""
    source = """
import os, stat
result = []
for fd in range(64):
    try:
        mode = os.fstat(fd).st_mode
    except OSError:
        continue
    result.append((fd, stat.S_ISSOCK(mode), stat.S_ISCHR(mode)))
"""
    found = ask(session, "run", source).value
    assert sum(sock for _, sock, _ in found) == 1
    assert all(sock or device for _, sock, device in found)


@pytest.mark.parametrize(
    ("source", "kind"),
    [
        ("os._exit(0)", "died"),
        ("os.kill(os.getpid(), 9)", "died"),
        ("__import__('ctypes').string_at(0)", "died"),
        ("sum(0 for _ in iter(int, 1))", "timeout"),
        ("__import__('time').sleep(100)", "timeout"),
    ],
)
def test_a_child_that_dies_or_hangs_is_an_answer_and_the_next_one_works(source, kind):
    """Death and silence become a kind of error, in bounded time, and a new child serves."""
    with Sandbox([Cell("hostile", HOSTILE)], LIMITS, ("numpy",), unsafe=False) as sandbox:
        session = sandbox.open()
        begin = time.monotonic()
        result = ask(session, "attempt", source)
        assert result.error.kind == kind
        assert time.monotonic() - begin < LIMITS.call_s + 20
        session.close()
        again = sandbox.open()
        assert ask(again, "attempt", "1 + 1").value == 2


def test_nothing_persists_from_one_question_to_the_next():
    """A new child starts from the cells alone: no state, no overwritten function."""
    cell = Cell("count", "calls = []\ndef count():\n    calls.append(1)\n    return len(calls)")
    with Sandbox([cell], LIMITS, ("numpy",), unsafe=False) as sandbox:
        first = sandbox.open()
        assert [ask(first, "count").value, ask(first, "count").value] == [1, 2]
        first.close()
        assert ask(sandbox.open(), "count").value == 1


def test_arguments_are_copies_and_come_back_on_request():
    """The judge's own array never changes; what the learner did to its copy can be seen."""
    cell = Cell("f", "def f(x):\n    x += 1\n    return x * 2")
    with Sandbox([cell], LIMITS, ("numpy",), unsafe=False) as sandbox:
        x = np.zeros(3)
        result = sandbox.open().call("f", (x,), {}, {}, returns_args=True)
        assert np.array_equal(x, np.zeros(3))
        assert np.array_equal(result.value, np.full(3, 2.0))
        assert np.array_equal(result.args_after[0], np.ones(3))


def test_a_callback_reaches_the_judge_and_its_refusal_reaches_the_learner():
    """A given function runs on our side; its error is an ordinary exception over there."""
    cell = Cell("f", "def f(x):\n    return double(x) + 1")
    with Sandbox([cell], LIMITS, ("numpy",), unsafe=False) as sandbox:
        session = sandbox.open()
        given = {"double": lambda x: x * 2}
        assert session.call("f", (20,), {}, given, returns_args=False).value == 41

        def refuse(_x):
            raise ValueError("no")

        result = session.call("f", (1,), {}, {"double": refuse}, returns_args=False)
        assert result.error.type_name == "ValueError"
        assert session.call("f", (1,), {}, {}, returns_args=False).error.type_name == "NameError"


def test_output_is_capped_while_it_is_made():
    """A flood costs neither the judge's memory nor the child's."""
    cells = [Cell("flood", "print('x' * 10_000_000)\nprint('more')")]
    with Sandbox(cells, LIMITS, ("numpy",), unsafe=False) as sandbox:
        output = sandbox.open().cells[0].output
    assert len(output) < (LIMITS.output_kb << 10) + 100
    assert "more characters were cut" in output


def test_a_cell_that_hangs_or_exits_is_named():
    """Loading stops with the id of the guilty cell, so that the others can still be used."""
    for source, kind in (("while True: pass", "timeout"), ("import os; os._exit(3)", "died")):
        cells = [Cell("fine", "a = 1"), Cell("guilty", source)]
        with (
            Sandbox(cells, LIMITS, ("numpy",), unsafe=False) as sandbox,
            pytest.raises(LoadFailed) as caught,
        ):
            sandbox.open()
        assert (caught.value.kind, caught.value.cell) == (kind, "guilty")


def test_an_import_that_is_not_here_costs_only_itself():
    """`import matplotlib` is reported and skipped; the function below it still exists."""
    cell = Cell("f", "%matplotlib inline\nimport matplotlib.pyplot as plt\ndef f():\n    return 5")
    with Sandbox([cell], LIMITS, ("numpy",), unsafe=False) as sandbox:
        session = sandbox.open()
        assert session.cells[0].problems[0]["type"] == "ModuleNotFoundError"
        assert ask(session, "f").value == 5


def test_every_other_exception_ends_its_cell_as_in_jupyter():
    """Code after an error of its own cell does not run; the next cell does."""
    cells = [Cell("a", "x = 1\n1 / 0\nx = 2"), Cell("b", "def f():\n    return x")]
    with Sandbox(cells, LIMITS, ("numpy",), unsafe=False) as sandbox:
        session = sandbox.open()
        assert session.cells[0].problems[0]["line"] == 2
        assert ask(session, "f").value == 1


def test_a_text_that_python_cannot_read_costs_only_its_cell():
    """Too deep for the parser: told as what it is, and the next cell runs."""
    cells = [Cell("a", f"x = {'-' * 60000}1"), Cell("b", "def f():\n    return 1")]
    with Sandbox(cells, LIMITS, ("numpy",), unsafe=False) as sandbox:
        session = sandbox.open()
        assert session.cells[0].problems[0]["type"] in {"MemoryError", "RecursionError"}
        assert ask(session, "f").value == 1


@pytest.mark.parametrize(
    "source",
    [
        "sock.sendall(struct.pack('>I', 2**31))",
        "sock.sendall(struct.pack('>I', 1) + b'N')",
        "[wire.send(sock, ['cell', 'forge', 'x' * 1000, []]) for _ in range(10**6)]",
        "[wire.send(sock, ['start', 'forge']) for _ in range(10**6)]",
        "[wire.send(sock, m) for m in (['ready'], ['ready'], ['value', 1, None])]",
        "wire.send(sock, ['cell', 'forge', 1, 7]); wire.send(sock, ['ready'])",
        "wire.send(sock, ['cell', 'forge', '', [1, 'x']]); wire.send(sock, ['ready'])",
        "sock.close()",
        "sock.shutdown(2)",
    ],
)
def test_a_child_that_talks_to_the_judge_itself_gains_nothing(source):
    """Forged frames while cells load end the child; the judge neither hangs nor grows."""
    forge = f"""
import gc, socket, struct, wire
sock = next(o for o in gc.get_objects() if isinstance(o, socket.socket) and o.fileno() > 2)
{source}
def f():
    return 'honest'
"""
    with Sandbox([Cell("forge", forge)], LIMITS, ("numpy",), unsafe=False) as sandbox:
        try:
            session = sandbox.open()
        except LoadFailed:
            return
        result = ask(session, "f")
        assert result.error is not None or result.value in ("honest", 1)


def test_the_judge_computes_with_small_arrays_only():
    """A given function is not called with arrays whose product would fill the machine."""
    source = "import numpy as np\ndef f():\n    return given(np.ones((1, 10**6)))"
    called = []
    with Sandbox([Cell("f", source)], LIMITS, ("numpy",), unsafe=False) as sandbox:
        given = {"given": called.append}
        result = sandbox.open().call("f", (), {}, given, returns_args=False)
    assert result.error.kind == "protocol"
    assert called == []
