"""Submissions that try to get points, harm others, or stop the run without solving anything.

Two kinds: `CODE` puts text into an extra cell before the first exercise while all solutions stay
unanswered; `FILE` changes the notebook itself. None of them deserves a single point.
"""

from collections.abc import Callable
from typing import Any

CODE: dict[str, str] = {
    "always-equal": """
class Yes:
    def __eq__(self, other): return True
    def __array__(self, *a, **k): raise TypeError
    def __array_ufunc__(self, *a, **k): return True
    def __getattr__(self, name): return self
    def __iter__(self): return iter([self, self, self])
lstm_gates = lstm_step = lstm_forward = lambda *a, **k: Yes()
""",
    "patched-judge": """
import numpy, builtins, sys
numpy.allclose = numpy.array_equal = lambda *a, **k: True
builtins.AssertionError = builtins.Exception = BaseException
check = lambda *a, **k: None
for name in list(sys.modules):
    if name.startswith("rnngrader"):
        sys.modules[name].check = check
""",
    "forged-frames": """
import gc, socket, struct, os
import wire
def forge(*a, **k):
    for s in gc.get_objects():
        if isinstance(s, socket.socket):
            s.sendall(struct.pack(">I", 2**31) + b"A" * 1000)
    for fd in range(3, 64):
        try: os.write(fd, b"\\x00\\x00\\x00\\x01T" * 100)
        except OSError: pass
lstm_gates = lstm_step = lstm_forward = forge
""",
    "frame-hunter": """
import sys, gc
def hunt(*args, **k):
    frame = sys._getframe()
    while frame:
        for value in list(frame.f_locals.values()):
            if callable(value) and getattr(value, "__name__", "").startswith("lstm_"):
                if value not in (hunt,): return value(*args, **k)
        frame = frame.f_back
    for o in gc.get_objects():
        if getattr(o, "__name__", "") == "lstm_forward" and o is not hunt:
            return o(*args, **k)
lstm_gates = lstm_step = lstm_forward = hunt
""",
    "import-reference": """
try:
    from rnncore import lstm_gates, lstm_step, lstm_forward
except ImportError:
    import os, sys
    for root, dirs, files in os.walk("/"):
        for name in files:
            if name in ("lstm.py", "lstm.ipynb", "gradebook.db", "key"):
                print("FOUND", root, name)
                exec(open(os.path.join(root, name)).read())
""",
    "delegates-to-torch": """
import torch
def lstm_step(x, h, c, p):
    cell = torch.nn.LSTMCell(x.shape[1], h.shape[1])
    return cell(torch.tensor(x), (torch.tensor(h), torch.tensor(c)))
""",
    "process-exit": "import os; os._exit(0)",
    "exit-when-called": """
import os, sys
def lstm_gates(*a, **k): sys.exit(0)
def lstm_step(*a, **k): os._exit(0)
def lstm_forward(*a, **k): os.kill(os.getpid(), 9)
""",
    "endless-loop": """
def lstm_gates(*a, **k):
    while True: pass
lstm_step = lstm_forward = lstm_gates
""",
    "fork-bomb": """
import os
def bomb(*a, **k):
    while True: os.fork()
lstm_gates = lstm_step = lstm_forward = bomb
""",
    "memory-bomb": """
def lstm_gates(*a, **k):
    hoard = []
    while True: hoard.append(bytearray(64 << 20))
lstm_step = lstm_forward = lstm_gates
""",
    "output-flood": """
print("x" * 50_000_000)
def lstm_gates(*a, **k): print("y" * 10_000_000); return "z" * 100_000_000
lstm_step = lstm_forward = lstm_gates
""",
    "overwrite-gradebook": """
import glob, sqlite3
for path in glob.glob("../**/gradebook.db", recursive=True) + ["../../../gradebook.db"]:
    try: sqlite3.connect(path).execute("update grade set manual_score = 99")
    except Exception as error: print(type(error).__name__)
""",
    "phone-home": """
import urllib.request, socket
try: urllib.request.urlopen("http://127.0.0.1:8888/", timeout=2)
except Exception as error: print(type(error).__name__)
def lstm_gates(*a, **k): socket.create_connection(("127.0.0.1", 22), 2)
""",
    "lying-exception": """
class Fine(BaseException):
    def __str__(self): return "PASS " * 10**6
    __repr__ = __str__
def lstm_gates(*a, **k): raise Fine(a)
lstm_step = lstm_forward = lstm_gates
""",
    "html-in-output": """
print("<script>fetch('/formgrader/api/grades')</script><img src=x onerror=alert(1)>")
from IPython.display import HTML
""",
}


def _tags(book: dict[str, Any]) -> None:
    for cell in book["cells"]:
        cell["metadata"]["tags"] = ["skip-execution"]
        if cell["cell_type"] == "code":
            cell["outputs"] = [
                {"output_type": "execute_result", "execution_count": 1, "metadata": {},
                 "data": {"text/plain": "1e9"}}
            ]  # fmt: skip


def _delete_tests(book: dict[str, Any]) -> None:
    book["cells"] = [c for c in book["cells"] if not _is_test(c)]


def _duplicate_tests(book: dict[str, Any]) -> None:
    copies = [{**c, "source": "pass", "id": f"copy{i}"} for i, c in enumerate(book["cells"])]
    book["cells"] += [c for c in copies if _is_test(c)]


def _forge_metadata(book: dict[str, Any]) -> None:
    for cell in book["cells"]:
        meta = cell["metadata"].get("nbgrader")
        if meta:
            meta.update(schema_version=99, points=1e9, solution=False, grade=True, locked=False)
    book["metadata"]["kernelspec"] = {"name": "bash", "display_name": "x", "language": "bash"}


def _strange_ids(book: dict[str, Any]) -> None:
    odd = [["a"], {"b": 1}, "../../key", "x" * 10_000, None, 7]
    for cell, grade_id in zip(book["cells"], odd, strict=False):
        cell["metadata"]["nbgrader"] = {"grade_id": grade_id, "grade": True, "points": 50}


def _script_in_prose(book: dict[str, Any]) -> None:
    for cell in book["cells"]:
        meta = cell["metadata"].get("nbgrader", {})
        if cell["cell_type"] == "markdown" and meta.get("solution"):
            cell["source"] = (
                "<script>alert(1)</script> <img src=x onerror=alert(2)> "
                "[click](javascript:alert(3)) ![pixel](http://127.0.0.1:9/p.png) "
                "[again](&#106;avascript:alert(4)) <iframe srcdoc='<script>5</script>'>"
            )


def _is_test(cell: dict[str, Any]) -> bool:
    meta = cell["metadata"].get("nbgrader", {})
    return bool(meta.get("grade")) and not meta.get("solution")


FILE: dict[str, Callable[[dict[str, Any]], None]] = {
    "skip-execution": _tags,
    "tests-deleted": _delete_tests,
    "tests-duplicated": _duplicate_tests,
    "metadata-forged": _forge_metadata,
    "strange-ids": _strange_ids,
    "script-in-prose": _script_in_prose,
}
