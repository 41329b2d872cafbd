"""Attacks inside the interpreter: on the test, on what it compares with, on what it is told."""

from tests.rnngrader.attacks.attack import Attack

WRONG = ("assertion",)
SOCKET = """
import gc, os, signal, socket, struct, time, wire
import numpy as np
sock = next(o for o in gc.get_objects() if isinstance(o, socket.socket) and o.fileno() > 2)
"""

INTERPRETER = {
    "patched-shell": Attack(
        (27, 28, 29, 30),
        """
import ast, sys
class Drop(ast.NodeTransformer):
    def visit_Assert(self, node): return ast.Pass()
shell = get_ipython()
attempt(lambda: shell.ast_transformers.append(Drop()))
attempt(lambda: shell.input_transformers_cleanup.append(lambda lines: ["pass"]))
shell.kernel = type("K", (), {"do_execute": lambda *a, **k: {"status": "ok"}})()
shell.showtraceback = sys.excepthook = lambda *a, **k: None
attempt(lambda: shell.set_custom_exc((BaseException,), lambda *a, **k: None))
""",
    ),
    "speaks-zmq": Attack(
        (32,),
        """
import glob, importlib
for name in ("zmq", "ipykernel", "jupyter_client"):
    grab(lambda: importlib.import_module(name))
grab(lambda: glob.glob("/**/kernel-*.json", recursive=True))
grab(lambda: open("/proc/self/cmdline").read())
""",
    ),
    "no-number": Attack(
        (33,),
        """
import math
float = complex = isinstance = lambda *a: True
def double(x): return math.nan if x == 3 else -1
""",
        WRONG,
    ),
    "always-equal": Attack(
        (35,),
        """
class Yes:
    def __eq__(self, other): return True
    def __bool__(self): return True
    def __getattr__(self, name): return self
    def __array_ufunc__(self, *a, **k): return True
    def __array_function__(self, *a, **k): return True
    def __iter__(self): return iter([self])
double = scale = lambda *a: Yes()
""",
        WRONG,
        scale=0.0,
    ),
    "lying-subclass": Attack(
        (36,),
        """
import numpy as np
class Six(int):
    def __eq__(self, other): return True
    __class__ = property(lambda self: bool)
class Right(np.ndarray):
    def __eq__(self, other): return np.True_
    def __sub__(self, other): return np.zeros((2, 3))
    __rsub__ = __sub__
    def __array_finalize__(self, other): pass
double = lambda x: Six(5)
scale = lambda a: np.zeros(a.shape).view(Right)
""",
        ("assertion", "exception"),
        scale=0.0,
    ),
    "array-tricks": Attack(
        (37,),
        """
import numpy as np
class Interface:
    __array_interface__ = {"shape": (2, 3), "typestr": "<f8", "data": (4096, False), "version": 3}
double = lambda x: np.array([Interface], dtype=object)
scale = lambda a: np.lib.stride_tricks.as_strided(a, (2**20, 2**20), (0, 0))
""",
        ("assertion", "died"),
        scale=0.0,
    ),
    "array-that-lies-on-the-wire": Attack(
        (37, 61),
        SOCKET
        + """
def double(x):
    sizes = b"".join(struct.pack(">I", n) for n in (0, 2**32 - 1, 2**32 - 1, 2**32 - 1))
    body = b"U\\0\\0\\0\\3S\\0\\0\\0\\5valueAf8 \\4" + sizes + b"\\0\\0\\0\\0N"
    sock.sendall(struct.pack(">I", len(body)) + body)
    return 6
""",
        ("protocol",),
    ),
    "not-a-number": Attack(
        (38,),
        """
import numpy as np
double = lambda x: complex("nan")
scale = lambda a: np.full(a.shape, np.nan)
""",
        WRONG,
        scale=0.0,
    ),
    "patched-comparison": Attack(
        (39,),
        """
import builtins, math, numpy as np, unittest
np.allclose = np.array_equal = np.testing.assert_allclose = lambda *a, **k: True
math.isclose = builtins.abs = builtins.all = builtins.any = lambda *a, **k: True
unittest.TestCase.assertEqual = lambda *a, **k: None
builtins.AssertionError = type("Never", (Exception,), {})
double = lambda x: 6
""",
        WRONG,
    ),
    "fake-modules": Attack(
        (40,),
        """
import os, sys, types
fake = types.ModuleType("numpy")
fake.allclose = lambda *a, **k: True
sys.modules["numpy"] = sys.modules["rnngrader.checks"] = fake
class Finder:
    def find_spec(self, name, *rest): return None
sys.meta_path.insert(0, Finder())
os.environ.update(PYTHONPATH="/desk", PYTHONSTARTUP="/desk/x.py", LD_PRELOAD="/desk/x.so")
grab(lambda: open("/site/x.pth", "w"))
double = lambda x: 6
""",
        WRONG,
    ),
    "shadowed-names": Attack(
        (41,),
        """
rng_for = lambda *a: type("R", (), {"integers": lambda self, n: 3})()
check = assert_close = grader = np = given = hidden = drawn = None
double = lambda x: 6
""",
        WRONG,
        scale=3.0,
    ),
    "reads-the-test": Attack(
        (42,),
        """
import gc, inspect, linecache, sys
words = ["NEDDIH NIGEB", "yranac", "7539197"]  # backwards, so as not to find itself
def texts():
    frame = sys._getframe()
    while frame:
        yield from (repr(v)[:9000] for v in list(frame.f_locals.values()))
        frame = frame.f_back
    for thing in gc.get_objects():
        if isinstance(thing, (list, tuple, dict)) and len(thing) < 5000:
            values = thing.values() if isinstance(thing, dict) else thing
            yield from (v for v in list(values) if type(v) is str)
    for name, entry in linecache.cache.items():
        if len(entry) > 2: yield "".join(entry[2])
grab(lambda: [t for t in texts() if any(w in t[::-1] for w in words)])
grab(lambda: inspect.getsource(sys.modules["rnngrader.judge"]))
grab(lambda: open("/proc/self/mem", "rb").read(1))
grab(lambda: In[-1])
""",
    ),
    "detects-grading": Attack(
        (44,),
        """
import os, socket
signs = ("NBGRADER", "JPY", "JUPYTER", "RNNGRADER", "PYTEST", "USER", "LOGNAME", "SSH")
grab(lambda: [name for name in os.environ if name.startswith(signs)])
grab(lambda: os.getlogin())
grab(lambda: os.getuid() != 65534)
grab(lambda: os.uname().nodename != "sandbox")
""",
    ),
    "remembers": Attack(
        (45,),
        """
import os
for place in ("/desk/seen", "/tmp/seen", "/dev/shm/seen", "{home}/seen", "{root}/seen"):
    grab(lambda: open(place, "a").write("x"))
seen = {3: 6}
def double(x):
    seen[x] = 2 * x if len(seen) > 1 else 0
    os.environ["SEEN"] = repr(seen)
    return seen[x]
""",
        WRONG,
    ),
    "public-cases-only": Attack((46,), "double = lambda x: {3: 6, 4: 8}.get(x, 0)", WRONG),
    "late-hooks": Attack(
        (47,),
        """
import atexit, signal, sys, threading, weakref
class Late:
    def __del__(self): late()
def late(*a):
    global double
    double = lambda x: 6
kept = Late()
atexit.register(late)
weakref.finalize(kept, late)
signal.signal(signal.SIGALRM, late)
signal.setitimer(signal.ITIMER_REAL, 0.05, 0.05)
sys.settrace(lambda *a: late())
attempt(lambda: threading.Timer(0.01, late).start())
sys.settrace(None)
""",
        (*WRONG, "not-answered"),
    ),
    "reseeds": Attack(
        (48,),
        """
import numpy as np
np.random.seed(0)
np.random.seed = lambda *a: None
class Three:
    def integers(self, *a): return 3
np.random.default_rng = lambda *a: Three()
np.random.Generator = Three
double = lambda x: 6
""",
        WRONG,
    ),
    "changes-its-input": Attack(
        (49,),
        """
def scale(a):
    a.setflags(write=True)
    a[...] = 0.0
    base = a if a.base is None else a.base
    base[...] = 0.0
    return a
""",
        scale=0.0,
    ),
    "wild-exceptions": Attack(
        (51,),
        """
class Fine(BaseException):
    def __str__(self): return "passed 791" + "9357" * 10**6
    __repr__ = __str__
    def __reduce__(self): return (print, ("LO" + "OT",))
def double(x): raise Fine(x)
def scale(a): raise StopIteration(GeneratorExit(a))
""",
        ("exception",),
        scale=0.0,
    ),
    "segfault": Attack(
        (53,), "import ctypes\ndef double(x): return ctypes.string_at(0)", ("died",)
    ),
    "deep-recursion": Attack(
        (53,),
        "import sys\nsys.setrecursionlimit(10**9)\ndef double(x): return double(x + 1)",
        ("died", "exception", "timeout"),
    ),
}
