"""The system-call filter is a well-formed program that refuses what it should."""

import struct

import pytest

from rnngrader.sandbox import seccomp

ALLOW = 0x7FFF0000


def evaluate(code, machine_audit, number):
    """Run a classic BPF program on a system-call number, as the kernel would."""
    data = struct.pack("=II", number, machine_audit) + bytes(56)
    at, accumulator = 0, 0
    while True:
        op, jt, jf, k = struct.unpack_from("=HBBI", code, 8 * at)
        at += 1
        if op == 0x20:
            (accumulator,) = struct.unpack_from("=I", data, k)
        elif op == 0x15:
            at += jt if accumulator == k else jf
        elif op == 0x35:
            at += jt if accumulator >= k else jf
        else:
            assert op == 0x06
            return k


@pytest.mark.parametrize("machine", sorted(seccomp.MACHINES))
def test_every_listed_call_is_refused_and_ordinary_ones_are_not(machine):
    """On each architecture: its own numbers, none of the other's by mistake."""
    column, audit = seccomp.MACHINES[machine]
    code = seccomp.program(machine)
    refused = {numbers[column] for numbers in seccomp.CALLS.values()} - {None}
    for number in range(500):
        assert (evaluate(code, audit, number) != ALLOW) == (number in refused), number


def test_a_foreign_architecture_is_killed_and_x32_is_refused():
    """The same call under another numbering is no way around the filter."""
    code = seccomp.program("x86_64")
    assert evaluate(code, 0x40000003, 2) == 0x80000000
    assert evaluate(code, 0xC000003E, 0x40000000 + 57) != ALLOW


def test_an_unknown_machine_has_no_filter_and_says_so():
    """Better no grading than grading behind the wrong wall."""
    with pytest.raises(NotImplementedError, match="riscv64"):
        seccomp.program("riscv64")
