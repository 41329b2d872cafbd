"""The wire format: what goes in comes out, and nothing malformed gets further than an error."""

import socket
import struct
import time
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from rnngrader import wire

scalars = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False)
    | st.complex_numbers(allow_nan=False)
    | st.text(st.characters(exclude_categories=["Cs"]))
)
values = st.recursive(
    scalars,
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.lists(inner, max_size=4).map(tuple)
        | st.dictionaries(st.text("abc", max_size=3), inner, max_size=3)
    ),
    max_leaves=12,
)
dtypes = st.sampled_from([wire.DTYPES[code] for code in wire.DTYPES])
arrays = dtypes.flatmap(
    lambda dtype: hnp.arrays(dtype, hnp.array_shapes(min_dims=0, min_side=0, max_side=4))
)


@given(values)
def test_plain_data_comes_back_as_it_was(value):
    """Scalars, text and containers survive the round trip with their types."""
    back = wire.decode(wire.encode(value))
    assert back == value
    assert type(back) is type(value)


@given(arrays)
def test_arrays_come_back_bit_for_bit(array):
    """Shape, type and every bit of an array survive, NaN payloads included."""
    back = wire.decode(wire.encode(array))
    assert back.shape == array.shape
    assert back.dtype == array.dtype
    assert back.tobytes() == array.tobytes()


@pytest.mark.parametrize("order", ["F", "strided", "big-endian", "readonly", "zero-stride"])
def test_the_memory_layout_of_an_array_does_not_matter(order):
    """Any layout is sent as plain C order, and the receiver owns what it gets."""
    base = np.arange(12.0).reshape(3, 4)
    array = {
        "F": np.asfortranarray(base),
        "strided": np.arange(24.0).reshape(3, 8)[:, ::2] / 2,
        "big-endian": base.astype(">f8"),
        "readonly": base.copy(),
        "zero-stride": np.broadcast_to(np.arange(4.0), (3, 4)),
    }[order]
    array.flags.writeable = order not in ("readonly", "zero-stride")
    back = wire.decode(wire.encode(array))
    assert np.array_equal(back, array)
    assert back.flags.writeable
    assert back.flags.c_contiguous


@pytest.mark.parametrize(
    "value",
    [object(), lambda: 0, np.array([object()]), np.array(["text"]), np.zeros(2, "M8[s]"), {1, 2}],
)
def test_what_is_not_plain_crosses_as_a_type_name_only(value):
    """Objects, and arrays of anything but numbers, become `Opaque`."""
    assert isinstance(wire.decode(wire.encode(value)), wire.Opaque)


class Pair(NamedTuple):
    """A named tuple to send."""

    left: float
    right: float


def test_named_tuples_are_rebuilt_only_by_who_asks():
    """A plain decoder sees a tuple; a decoder with a factory gets names and values."""
    data = wire.encode(Pair(1.0, 2.0))
    assert type(wire.decode(data)) is tuple
    seen = wire.decode(data, named=lambda *parts: parts)
    assert seen == ("Pair", ("left", "right"), [1.0, 2.0])


def test_a_lying_subclass_is_sent_as_what_it_holds():
    """A float or array that overrides comparison loses it on the way."""

    class Liar(float):
        def __eq__(self, other):
            return True

        __hash__ = float.__hash__

    class LiarArray(np.ndarray):
        def __eq__(self, other):
            return np.True_

    back = wire.decode(wire.encode([Liar(3.0), np.zeros(2).view(LiarArray)]))
    assert type(back[0]) is float
    assert back[0] == 3.0
    assert type(back[1]) is np.ndarray


@given(st.binary(max_size=80))
def test_random_bytes_never_do_more_than_raise(data):
    """Garbage either decodes to plain data or raises WireError, nothing else."""
    try:
        wire.decode(data)
    except wire.WireError:
        return


@given(values, st.data())
def test_a_flipped_byte_never_does_more_than_raise(value, data):
    """Damage to a real message stays a WireError or plain data."""
    raw = bytearray(wire.encode(value))
    at = data.draw(st.integers(0, len(raw) - 1))
    raw[at] ^= data.draw(st.integers(1, 255))
    try:
        wire.decode(bytes(raw))
    except wire.WireError:
        return


def _array_claiming(code, shape, body):
    sizes = b"".join(struct.pack(">I", n) for n in shape)
    head = b"A" + code.ljust(3) + bytes([len(shape)]) + sizes
    return head + struct.pack(">I", len(body)) + body


@pytest.mark.parametrize(
    ("code", "shape", "body"),
    [
        (b"O8", (1,), b"\0" * 8),
        (b"V0", (2**31, 2**31), b""),
        (b"f8", (2**32 - 1, 2**32 - 1, 2**32 - 1), b"\0" * 8),
        (b"f8", (3,), b"\0" * 8),
        (b"f8", (1,) * 9, b"\0" * 8),
        (b"f8", (), b""),
    ],
)
def test_an_array_that_lies_about_itself_is_refused(code, shape, body):
    """Type, shape and data must agree before anything is allocated."""
    with pytest.raises(wire.WireError):
        wire.decode(_array_claiming(code, shape, body))


def test_depth_and_count_are_bounded():
    """A message cannot make the judge recurse or loop without end."""
    deep = b"L\0\0\0\1" * 100 + b"N"
    with pytest.raises(wire.WireError, match="levels"):
        wire.decode(deep)
    with pytest.raises(wire.WireError, match="items"):
        wire.decode(b"L" + struct.pack(">I", wire.MAX_ITEMS + 1))


def test_a_frame_that_claims_too_much_is_refused_before_it_is_read():
    """A length over the cap ends the conversation at once."""
    ours, theirs = socket.socketpair()
    with ours, theirs:
        theirs.sendall(struct.pack(">I", wire.MAX_FRAME + 1))
        with pytest.raises(wire.WireError, match="frame"):
            wire.receive(ours, time.monotonic() + 5)


def test_half_a_frame_is_silence_and_a_closed_socket_is_a_hangup():
    """A slow sender meets the deadline; a dead one is noticed at once."""
    ours, theirs = socket.socketpair()
    with ours:
        theirs.sendall(struct.pack(">I", 10) + b"abc")
        with pytest.raises(wire.Silence):
            wire.receive(ours, time.monotonic() + 0.05)
        theirs.close()
        with pytest.raises(wire.Hangup):
            wire.receive(ours, time.monotonic() + 5)


def test_a_dataclass_crosses_as_a_dictionary():
    """A learner's own class cannot cross; its fields can, also inside other results."""

    @dataclass
    class State:
        h: np.ndarray
        c: float

    back = wire.decode(wire.encode((State(np.ones(2), 0.5), State)))
    assert back[0]["h"].tolist() == [1.0, 1.0]
    assert back[0]["c"] == 0.5
    assert isinstance(back[1], wire.Opaque)
