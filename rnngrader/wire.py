"""The only language that learner code and judge share: length-prefixed plain data, never pickle.

A frame is a 4-byte big-endian length and that many bytes of one encoded value. A value is one tag
byte followed by its body; sizes are 4-byte big-endian. Decoding spends a budget (depth, items,
bytes) *before* it allocates, and accepts array types from a list only. This file is mounted into
the sandbox and runs on both sides, so it imports NumPy and the standard library and nothing else.
"""

import math
import re
import socket
import struct
import time
from collections.abc import Callable
from dataclasses import dataclass, fields, is_dataclass
from typing import Any

import numpy as np

MAX_FRAME = 64 << 20
MAX_DEPTH = 16
MAX_ITEMS = 200_000
MAX_TEXT = 1 << 20
MAX_NDIM = 8
DTYPES = {
    kind + size: np.dtype(kind + size).newbyteorder("<")
    for kind, sizes in {"f": "248", "i": "1248", "u": "1248", "b": "1"}.items()
    for size in sizes
} | {"c8": np.dtype("<c8"), "c16": np.dtype("<c16")}
ARRAYS, CONTAINERS = (np.ndarray, np.generic), (tuple, list, dict)


class WireError(Exception):
    """Bytes that are not a value of this encoding, or a value that has no encoding."""


class Silence(Exception):
    """The other side sent nothing, or not all of it, before the deadline."""


class Hangup(Exception):
    """The other side closed the connection or its process ended."""


@dataclass(frozen=True)
class Opaque:
    """Stands for an object that cannot cross; only the name of its type did."""

    type_name: str


# --- encoding ---------------------------------------------------------------------------------


def encode(value: object) -> bytes:
    """Encode plain data; a dataclass becomes a dictionary, anything else `Opaque`.

    Raises:
        WireError: if the value is nested deeper than `MAX_DEPTH` or larger than `MAX_FRAME`.
    """
    parts: list[bytes] = []
    _encode(value, parts, 0)
    if (size := sum(map(len, parts))) > MAX_FRAME:
        raise WireError(f"expected at most {MAX_FRAME} bytes, got {size}")
    return b"".join(parts)


def _size(n: int) -> bytes:
    return struct.pack(">I", n)


def _text(text: str) -> bytes:
    data = text[:MAX_TEXT].encode("utf-8", "replace")[:MAX_TEXT]
    return _size(len(data)) + data


def _encode(value: Any, parts: list[bytes], depth: int) -> None:
    if depth > MAX_DEPTH:
        raise WireError(f"expected at most {MAX_DEPTH} levels of nesting")
    if isinstance(value, ARRAYS):
        parts.append(_encode_array(np.asarray(value)))
    elif value is None or isinstance(value, bool):
        parts.append({None: b"N", True: b"T", False: b"F"}[value])
    elif isinstance(value, int):
        parts.append(b"I" + _text(str(int(value)) if value.bit_length() < 4096 else "0"))
    elif isinstance(value, float):
        parts.append(b"D" + struct.pack("<d", value))
    elif isinstance(value, complex):
        parts.append(b"C" + struct.pack("<dd", value.real, value.imag))
    elif isinstance(value, str):
        parts.append(b"S" + _text(value))
    elif isinstance(value, CONTAINERS):
        _encode_container(value, parts, depth)
    elif is_dataclass(value) and not isinstance(value, type | Opaque):
        _encode({f.name: getattr(value, f.name) for f in fields(value)}, parts, depth)
    else:
        name = value.type_name if isinstance(value, Opaque) else type(value).__name__
        parts.append(b"O" + _text(str(name)[:100]))


def _encode_array(array: np.ndarray[Any, Any]) -> bytes:
    code = array.dtype.kind + str(array.dtype.itemsize)
    if code not in DTYPES or array.ndim > MAX_NDIM:
        return b"O" + _text(f"array of {array.dtype}"[:100])
    if (array.nbytes or _whole(array.shape)) > MAX_FRAME:  # before a copy is made of it
        raise WireError(f"expected at most {MAX_FRAME} bytes, got an array of {array.shape}")
    body: bytes = np.ascontiguousarray(array, dtype=DTYPES[code]).tobytes()
    head: bytes = b"A" + code.encode().ljust(3) + bytes([array.ndim])
    return head + struct.pack(f">{array.ndim}II", *array.shape, len(body)) + body


def _whole(shape: tuple[int, ...]) -> int:
    """How many numbers, empty axes left out: NumPy refuses long axes beside an empty one."""
    return math.prod(max(n, 1) for n in shape)


def _encode_container(value: Any, parts: list[bytes], depth: int) -> None:
    if isinstance(value, dict):
        parts.append(b"M" + _size(len(value)))
        for key, item in value.items():
            parts.append(_text(str(key)[:200]))
            _encode(item, parts, depth + 1)
        return
    names = getattr(type(value), "_fields", None)
    if isinstance(value, tuple) and names and len(names) == len(value):
        parts.append(b"P" + _text(type(value).__name__[:100]) + _size(len(value)))
        parts.extend(_text(str(name)[:100]) for name in names)
    else:
        parts.append((b"U" if isinstance(value, tuple) else b"L") + _size(len(value)))
    for item in value:
        _encode(item, parts, depth + 1)


# --- decoding ---------------------------------------------------------------------------------


Named = Callable[[str, tuple[str, ...], list[Any]], tuple[Any, ...]]


def decode(data: bytes, *, named: Named | None = None) -> Any:
    """Decode one value that fills `data`.

    Args:
        data: the body of one frame.
        named: rebuilds a named tuple from its type name, field names and values. Without it every
            tuple is a plain tuple, which is what the judge takes from a learner.

    Raises:
        WireError: if the bytes are malformed, too deep, too many, or not used up.
    """
    reader = _Reader(data, named)
    value = reader.value(0)
    if reader.at != len(data):
        raise WireError(f"expected the value to end at byte {reader.at}, got {len(data)} bytes")
    return value


class _Reader:
    def __init__(self, data: bytes, named: Named | None) -> None:
        self.data, self.named, self.at, self.items = data, named, 0, 0

    def take(self, n: int) -> bytes:
        if n > len(self.data) - self.at:
            raise WireError(f"expected {n} more bytes, got {len(self.data) - self.at}")
        self.at += n
        return self.data[self.at - n : self.at]

    def size(self) -> int:
        return int(struct.unpack(">I", self.take(4))[0])

    def text(self) -> str:
        n = self.size()
        if n > MAX_TEXT:
            raise WireError(f"expected text of at most {MAX_TEXT} bytes, got {n}")
        return self.take(n).decode("utf-8", "replace")

    def count(self) -> int:
        n = self.size()
        self.items += n
        if self.items > MAX_ITEMS:
            raise WireError(f"expected at most {MAX_ITEMS} items, got {self.items}")
        return n

    def value(self, depth: int) -> Any:
        if depth > MAX_DEPTH:
            raise WireError(f"expected at most {MAX_DEPTH} levels of nesting")
        tag = self.take(1)
        if tag in b"NTF":
            return {b"N": None, b"T": True, b"F": False}[tag]
        if tag == b"D":
            return float(struct.unpack("<d", self.take(8))[0])
        if tag == b"C":
            return complex(*struct.unpack("<dd", self.take(16)))
        if tag == b"S":
            return self.text()
        if tag == b"O":
            return Opaque(self.text()[:100])
        if tag == b"I":
            return self.integer()
        if tag == b"A":
            return self.array()
        return self.container(tag, depth)

    def integer(self) -> int:
        text = self.text()
        if len(text) > 1300 or not re.fullmatch("-?[0-9]+", text):
            raise WireError("expected a whole number in decimal digits")
        return int(text)

    def container(self, tag: bytes, depth: int) -> Any:
        if tag == b"M":
            return {self.text(): self.value(depth + 1) for _ in range(self.count())}
        if tag in (b"U", b"L"):
            items = [self.value(depth + 1) for _ in range(self.count())]
            return tuple(items) if tag == b"U" else items
        if tag == b"P":
            name = self.text()
            n = self.count()
            fields = tuple(self.text() for _ in range(n))
            values = [self.value(depth + 1) for _ in range(n)]
            return self.named(name, fields, values) if self.named else tuple(values)
        raise WireError(f"expected a known tag, got {tag!r}")

    def array(self) -> np.ndarray[Any, Any]:
        head = self.take(4)
        code, ndim = head[:3].decode("latin-1").strip(), head[3]
        if code not in DTYPES:
            raise WireError(f"expected an array of numbers, got type code {code!r}")
        if ndim > MAX_NDIM:
            raise WireError(f"expected at most {MAX_NDIM} axes, got {ndim}")
        shape = struct.unpack(f">{ndim}I", self.take(4 * ndim))
        body = self.take(self.size())
        if math.prod(shape) * DTYPES[code].itemsize != len(body) or _whole(shape) > MAX_FRAME:
            raise WireError(f"expected data for shape {shape}, got {len(body)} bytes")
        if code == "b1":  # a byte other than 0 or 1 is not a bool to NumPy's own code
            flags: np.ndarray[Any, Any] = np.frombuffer(body, dtype=np.uint8) != 0
            return flags.reshape(shape)
        return np.frombuffer(body, dtype=DTYPES[code]).reshape(shape).copy()


# --- frames -----------------------------------------------------------------------------------


def send(sock: socket.socket, value: object, deadline: float | None = None) -> None:
    """Send one value as a frame; `deadline` is a `time.monotonic()` value in seconds."""
    send_encoded(sock, encode(value), deadline)


def send_encoded(sock: socket.socket, data: bytes, deadline: float | None = None) -> None:
    """Send what `encode` returned as one frame."""
    try:
        _set_timeout(sock, deadline)
        sock.sendall(_size(len(data)) + data)
    except TimeoutError:
        raise Silence("the other side stopped reading") from None
    except OSError as error:
        raise Hangup(str(error)) from None


def receive(
    sock: socket.socket,
    deadline: float | None = None,
    *,
    named: Named | None = None,
    max_frame: int = MAX_FRAME,
) -> Any:
    """Receive one frame and decode it; `max_frame` is a limit in bytes below `MAX_FRAME`.

    Raises:
        Silence: if the frame is not complete at the deadline.
        Hangup: if the connection ends first.
        WireError: if the frame is too long or malformed.
    """
    n = struct.unpack(">I", _receive_exactly(sock, 4, deadline))[0]
    if n > max_frame:
        raise WireError(f"expected a frame of at most {max_frame} bytes, got {n}")
    return decode(_receive_exactly(sock, n, deadline), named=named)


def _receive_exactly(sock: socket.socket, n: int, deadline: float | None) -> bytes:
    chunks = bytearray()
    try:
        while len(chunks) < n:
            _set_timeout(sock, deadline)
            chunk = sock.recv(min(n - len(chunks), 1 << 16))
            if not chunk:
                raise Hangup("the connection was closed")
            chunks += chunk
    except TimeoutError:
        raise Silence("nothing more came before the deadline") from None
    except OSError as error:
        raise Hangup(str(error)) from None
    return bytes(chunks)


def _set_timeout(sock: socket.socket, deadline: float | None) -> None:
    left = None if deadline is None else deadline - time.monotonic()
    if left is not None and left <= 0:
        raise TimeoutError
    sock.settimeout(left)
