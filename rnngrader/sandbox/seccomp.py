"""A system-call filter for learner code: no new process or thread, no socket, no kernel odds.

The sandbox already has namespaces of its own; the filter is the second wall, and the one that
stops fork and thread bombs at the first call. It is a deny list in classic BPF, installed by the
forked child just before learner code runs. Runs inside the sandbox: standard library only.

Source: Linux `Documentation/userspace-api/seccomp_filter.rst`; numbers from `asm/unistd.h`.
"""

import ctypes
import errno
import functools
import platform
import struct

_LD_ABS, _JEQ, _JGE, _RET = 0x20, 0x15, 0x35, 0x06
_ALLOW, _ERRNO, _KILL = 0x7FFF0000, 0x00050000, 0x80000000
_PR_SET_NO_NEW_PRIVS, _PR_SET_SECCOMP, _MODE_FILTER = 38, 22, 2
_X32_BIT = 0x40000000

# name: (x86_64, aarch64); None where the architecture has no such call
CALLS: dict[str, tuple[int | None, int | None]] = {
    "clone": (56, 220), "fork": (57, None), "vfork": (58, None), "clone3": (435, 435),
    "execve": (59, 221), "execveat": (322, 281), "ptrace": (101, 117),
    "socket": (41, 198), "socketpair": (53, 199), "connect": (42, 203), "bind": (49, 200),
    "listen": (50, 201), "accept": (43, 202), "accept4": (288, 242),
    "unshare": (272, 97), "setns": (308, 268), "mount": (165, 40), "umount2": (166, 39),
    "pivot_root": (155, 41), "chroot": (161, 51), "open_tree": (428, 428),
    "move_mount": (429, 429), "fsopen": (430, 430), "fsconfig": (431, 431),
    "fsmount": (432, 432), "fspick": (433, 433), "mount_setattr": (442, 442),
    "bpf": (321, 280), "perf_event_open": (298, 241), "userfaultfd": (323, 282),
    "keyctl": (250, 219), "add_key": (248, 217), "request_key": (249, 218),
    "io_uring_setup": (425, 425), "io_uring_enter": (426, 426), "io_uring_register": (427, 427),
    "process_vm_readv": (310, 270), "process_vm_writev": (311, 271), "kcmp": (312, 272),
    "pidfd_open": (434, 434), "pidfd_getfd": (438, 438), "pidfd_send_signal": (424, 424),
    "name_to_handle_at": (303, 264), "open_by_handle_at": (304, 265),
    "memfd_create": (319, 279), "memfd_secret": (447, 447),
    "shmget": (29, 194), "shmat": (30, 196), "semget": (64, 190),
    "msgget": (68, 186), "mq_open": (240, 180),
    "init_module": (175, 105), "finit_module": (313, 273), "delete_module": (176, 106),
    "kexec_load": (246, 104), "kexec_file_load": (320, 294), "reboot": (169, 142),
    "io_setup": (206, 0), "io_submit": (209, 2), "sync": (162, 81), "syncfs": (306, 267),
    "swapon": (167, 224), "swapoff": (168, 225), "acct": (163, 89), "quotactl": (179, 60),
    "syslog": (103, 116), "personality": (135, 92), "modify_ldt": (154, None),
    "iopl": (172, None), "ioperm": (173, None),
}  # fmt: skip
MACHINES = {"x86_64": (0, 0xC000003E), "aarch64": (1, 0xC00000B7)}


# Made once, before any fork, and not in every child.
_LIBC = ctypes.CDLL(None, use_errno=True)


class _Program(ctypes.Structure):
    """The kernel's `struct sock_fprog`."""

    _fields_ = (("length", ctypes.c_ushort), ("filter", ctypes.c_void_p))


def _op(code: int, jt: int, jf: int, k: int) -> bytes:
    return struct.pack("=HBBI", code, jt, jf, k)


@functools.cache
def program(machine: str) -> bytes:
    """The filter as BPF instructions for `machine` ("x86_64" or "aarch64").

    Raises:
        NotImplementedError: for a machine whose call numbers are not in the table.
    """
    if machine not in MACHINES:
        raise NotImplementedError(f"expected a machine of {sorted(MACHINES)}, got {machine!r}")
    column, audit = MACHINES[machine]
    refuse = _op(_RET, 0, 0, _ERRNO | errno.EPERM)
    code = [_op(_LD_ABS, 0, 0, 4), _op(_JEQ, 1, 0, audit), _op(_RET, 0, 0, _KILL)]
    code.append(_op(_LD_ABS, 0, 0, 0))
    if machine == "x86_64":  # the x32 numbers are the same calls under other names
        code += [_op(_JGE, 0, 1, _X32_BIT), refuse]
    for name, numbers in CALLS.items():
        number = numbers[column]
        if number is not None:
            # the C library asks for clone3 first and falls back to clone only on ENOSYS
            answer = _op(_RET, 0, 0, _ERRNO | errno.ENOSYS) if name == "clone3" else refuse
            code += [_op(_JEQ, 0, 1, number), answer]
    code.append(_op(_RET, 0, 0, _ALLOW))
    return b"".join(code)


def install() -> None:
    """Put the filter on the calling process, for good.

    Raises:
        OSError: if the kernel refuses it. The caller must not run learner code then.
    """
    code = program(platform.machine())
    buffer = ctypes.create_string_buffer(code, len(code))
    arg = _Program(len(code) // 8, ctypes.cast(buffer, ctypes.c_void_p))
    if _LIBC.prctl(_PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0:
        raise OSError(ctypes.get_errno(), "no_new_privs was refused")
    if _LIBC.prctl(_PR_SET_SECCOMP, _MODE_FILTER, ctypes.byref(arg), 0, 0) != 0:
        raise OSError(ctypes.get_errno(), "the system-call filter was refused")
