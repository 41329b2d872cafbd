"""Attacks on time, memory, processes, descriptors, and on the connection to the judge."""

from tests.rnngrader.attacks.attack import Attack
from tests.rnngrader.attacks.interpreter import SOCKET

RESOURCES = {
    "exits-when-called": Attack(
        (54,),
        "import os, sys\ndef double(x): sys.exit(0)\ndef scale(a): os._exit(0)",
        ("exception",),
        scale=0.0,
    ),
    "exits-while-loading": Attack((54,), "import os\nos._exit(0)", runs=False),
    "kills-itself": Attack(
        (54,),
        "import os\ndef double(x): os.kill(os.getpid(), 9)",
        ("died",),
    ),
    "loops-in-c": Attack((55,), "def double(x): return sum(iter(int, 1))", ("timeout",)),
    "loops-while-loading": Attack((55,), "while True: pass", runs=False),
    "deaf-to-signals": Attack(
        (56,),
        """
import signal
for number in signal.valid_signals():
    attempt(lambda: signal.signal(number, signal.SIG_IGN))
signal.pthread_sigmask(signal.SIG_BLOCK, signal.valid_signals())
def double(x):
    while True: pass
""",
        ("timeout",),
    ),
    "fork-bomb": Attack(
        (57,),
        """
import os, threading
def double(x):
    attempt(lambda: [threading.Thread(target=double, args=(x,)).start() for _ in range(100)])
    while True: os.fork()
""",
        ("exception",),
    ),
    "memory-bomb": Attack(
        (58,),
        """
import mmap, os
import numpy as np
grab(lambda: os.memfd_create("x"))
grab(lambda: mmap.mmap(-1, 4 << 30))
grab(lambda: np.ones(1 << 29))
def double(x):
    hoard = []
    while True: hoard.append(bytearray(32 << 20))
""",
        ("exception", "died", "timeout"),
    ),
    "output-flood": Attack(
        (60,),
        """
import os, sys
print("x" * 20_000_000)
for fd in (1, 2): attempt(lambda: os.write(fd, b"y" * 100_000))
attempt(lambda: sys.__stdout__.write("z" * 1_000_000))
def double(x): print("w" * 5_000_000); return "v" * 1_000_000
""",
        ("assertion",),
        runs=False,
    ),
    "report-flood": Attack(
        (60, 61),
        SOCKET
        + """
wire.send(sock, ["cell", "extra-1", "q" * 1_000_000 + "TR" + "IED", []])
wire.send(sock, ["start", "plot"])
wire.send(sock, ["cell", "plot", "q" * 1_000_000, [{"text": "r" * 1_000_000}] * 30])
wire.send(sock, ["ready"])
os._exit(0)
""",
        ("died",),
        scale=0.0,
        runs=False,
    ),
    "half-a-frame": Attack(
        (61,),
        SOCKET + 'def double(x): sock.sendall(b"\\0\\0\\1\\0abc"); time.sleep(60)',
        ("timeout",),
    ),
    "slow-loris": Attack(
        (61,),
        SOCKET
        + """
def double(x):
    sock.sendall(struct.pack(">I", 1 << 20))
    while True: sock.sendall(b"N"); time.sleep(0.05)
""",
        ("timeout",),
    ),
    "wrong-length": Attack(
        (61,), SOCKET + 'def double(x): sock.sendall(struct.pack(">I", 2**31))', ("protocol",)
    ),
    "malformed-question": Attack(
        (61,),
        SOCKET
        + """
def double(x):
    wire.send(sock, ["callback", "double", [3], [[4]]])
    time.sleep(60)
""",
        ("protocol",),
    ),
    "answers-ahead": Attack(
        (61,),
        SOCKET
        + """
def double(x):
    for value in (6, True, 2 * x): wire.send(sock, ["value", value, None])
    return 6
""",
        ("assertion",),
    ),
    "descriptors": Attack(
        (62,),
        SOCKET
        + """
grab(lambda: [fd for fd in range(3, 256) if fd != sock.fileno() and attempt(lambda: os.fstat(fd))
              and not os.path.samestat(os.fstat(fd), os.stat("/dev/null"))])
attempt(lambda: [os.dup(sock.fileno()) for _ in range(10**6)])
attempt(lambda: socket.send_fds(sock, [b"\\0"], [sock.fileno()]))
grab(lambda: os.listdir("/proc"))
import ctypes
libc = ctypes.CDLL(None, use_errno=True)
for call in ((101, 16, os.getppid(), 0, 0), (311, os.getppid(), 0, 0, 0, 0, 0), (434, 1, 0)):
    grab(lambda: libc.syscall(*call) >= 0)
""",
        runs=False,
    ),
    "kills-its-parent": Attack(
        (62,),
        "import os\ndef double(x):\n    os.kill(os.getppid(), 9); os.kill(-1, 9)",
        ("died", "assertion"),
    ),
    "stops-its-parent": Attack(
        (62,),
        """
import os, resource, signal
def double(x):
    resource.prlimit(os.getppid(), resource.RLIMIT_NPROC, (0, 0))
    os.kill(os.getppid(), signal.SIGSTOP)
    return 6
""",
        ("assertion", "exception"),
    ),
    "tells-by-exception": Attack(
        (67,),
        """
import time
def double(x):
    time.sleep(0.2 * (x > 3))
    raise type(f"Got{x}", (ValueError,), {})(f"the input was {x}")
""",
        ("exception",),
    ),
    "patched-clock": Attack(
        (68,),
        """
import os, time
time.time = time.monotonic = time.perf_counter = lambda: 0.0
os.environ["FAKETIME"] = "-10d"
def double(x):
    while True: pass
""",
        ("timeout",),
    ),
}
