"""A PNG as plain pixels. This file is run inside the sandbox, in the place of learner code.

It reads a learner's bytes, which may be hostile, and needs NumPy and `zlib` only. Nothing that it
says is believed outside. What a PNG may say besides pixels is passed over.

Source: "Portable Network Graphics (PNG) Specification (Third Edition)", W3C, chapters 5 to 9.
"""

import struct
import zlib
from typing import Any

import numpy as np

Array = np.ndarray[Any, Any]
SIGNATURE = b"\x89PNG\r\n\x1a\n"
CHANNELS = {0: 1, 2: 3, 3: 1, 4: 2, 6: 4}  # by colour type
DEPTHS = {0: (1, 2, 4, 8, 16), 2: (8, 16), 3: (1, 2, 4, 8), 4: (8, 16), 6: (8, 16)}
WHOLE = ((0, 0, 1, 1),)  # first column, first row, and the steps to the next ones
ADAM7 = ((0, 0, 8, 8), (4, 0, 8, 8), (0, 4, 4, 8), (2, 0, 4, 4), (0, 2, 2, 4), (1, 0, 2, 2),
         (0, 1, 1, 2))  # fmt: skip


def shown(data: Array, most: int, side: int) -> Array:
    """The picture on white ground, made smaller if it is large.

    Args:
        data: the file as `uint8`, shape (bytes,).
        most: pixels that a picture may have.
        side: pixels that its longer side has at most when it comes out.

    Returns:
        Red, green and blue as `uint8`, shape (height, width, 3).

    Raises:
        ValueError: if the file is no whole PNG, or has too many pixels; `LookupError`,
            `struct.error` and `zlib.error` mean the same.
    """
    colour, alpha = _decoded(data.tobytes(), most)
    page = colour * alpha + (1.0 - alpha)
    scale = min(1.0, side / max(page.shape[:2]))
    for axis in (0, 1):
        if scale < 1.0:
            page = _averaged(page, axis, max(1, round(page.shape[axis] * scale)))
    return np.rint(page * 255.0).clip(0, 255).astype(np.uint8)


def _decoded(raw: bytes, most: int) -> tuple[Array, Array]:
    """Colour, shape (height, width, 3), and opacity, shape (height, width, 1), from 0 to 1."""
    parts = _parts(raw)
    width, height, depth, kind, _, _, interlaced = struct.unpack(">IIBBBBB", parts[b"IHDR"])
    if not 0 < width * height <= most:
        raise ValueError(f"expected 1 to {most} pixels, got {width} x {height}")
    if depth not in DEPTHS.get(kind, ()) or interlaced not in (0, 1):
        raise ValueError(f"expected a kind of PNG, got depth {depth}, colour type {kind}")
    channels, passes = CHANNELS[kind], ADAM7 if interlaced else WHOLE
    sizes = [(len(range(y, height, dy)), len(range(x, width, dx))) for x, y, dx, dy in passes]
    strides = [(columns * channels * depth + 7) // 8 for _, columns in sizes]
    lengths = [rows * (1 + n) if n else 0 for (rows, _), n in zip(sizes, strides, strict=True)]
    lines = zlib.decompressobj().decompress(parts[b"IDAT"], sum(lengths))
    if len(lines) < sum(lengths):
        raise ValueError(f"expected {sum(lengths)} bytes of pixels, got {len(lines)}")
    samples = np.zeros((height, width, channels), np.uint16)
    at = 0
    for (x, y, dx, dy), (rows, columns), length in zip(passes, sizes, lengths, strict=True):
        if length:
            part = np.frombuffer(lines, np.uint8, length, at).reshape(rows, -1)
            plain = _unfiltered(part, max(1, channels * depth // 8))
            samples[y::dy, x::dx] = _samples(plain, depth, columns, channels)
        at += length
    return _colours(samples, depth, kind, parts)


def _parts(raw: bytes) -> dict[bytes, bytes]:
    """What the parts of a file hold, by name; pixels may come in many parts."""
    at, parts = len(SIGNATURE), {b"IDAT": b""}
    if not raw.startswith(SIGNATURE):
        raise ValueError("expected the signature of a PNG")
    while b"IEND" not in parts:
        length, name = struct.unpack_from(">I4s", raw, at)
        body, end = raw[at + 8 : at + 8 + length], raw[at + 8 + length : at + 12 + length]
        if zlib.crc32(name + body) != int.from_bytes(end, "big") or len(end) < 4:
            raise ValueError(f"expected part {name!r} whole, with its sum")
        parts[name] = parts[name] + body if name == b"IDAT" else body
        at += 12 + length
    return parts


def _unfiltered(lines: Array, unit: int) -> Array:
    """Undo the guesses from left, above and both, for all rows at once, diagonal by diagonal.

    Args:
        lines: the kind of guess and the bytes of each row, shape (rows, 1 + bytes).
        unit: bytes of a pixel; 1 if a byte holds several.
    """
    guesses, rows = lines[:, :1].astype(np.int16), len(lines)
    if guesses.max() > 4:
        raise ValueError(f"expected guesses 0 to 4, got {guesses.max()}")
    columns = (lines.shape[1] - 1) // unit
    page = np.zeros((rows + 1, columns + 1, unit), np.int16)  # with zeros above and to the left
    page[1:, 1:] = lines[:, 1:].reshape(rows, columns, unit)
    pixels = page.reshape(-1, unit)
    for diagonal in range(rows + columns - 1):
        low, high = max(0, diagonal - columns + 1), min(rows, diagonal + 1)
        at = low * columns + diagonal
        corner, above, left, here = (
            pixels[at + step : at + step + (high - low - 1) * columns + 1 : columns]
            for step in (0, 1, columns + 1, columns + 2)
        )
        kind, mean = guesses[low:high], (left + above) >> 1
        far = np.abs(above - corner), np.abs(left - corner), np.abs(left + above - 2 * corner)
        nearest = np.where(far[1] <= far[2], above, corner)
        nearest = np.where((far[0] <= far[1]) & (far[0] <= far[2]), left, nearest)
        either = np.where(kind == 1, left, np.where(kind == 2, above, 0))
        here += np.where(kind == 3, mean, np.where(kind == 4, nearest, either))
        here &= 255
    return page[1:, 1:].astype(np.uint8).reshape(rows, -1)


def _samples(rows: Array, depth: int, columns: int, channels: int) -> Array:
    """Bytes as numbers from 0 to 2**depth - 1, shape (rows, columns, channels)."""
    if depth == 8:
        numbers = rows
    elif depth == 16:
        numbers = rows.view(">u2")
    else:
        bits = np.unpackbits(rows, axis=1).reshape(len(rows), -1, depth)
        numbers = bits @ (1 << np.arange(depth - 1, -1, -1))
    return numbers[:, : columns * channels].reshape(len(rows), columns, channels)


def _colours(
    samples: Array, depth: int, kind: int, parts: dict[bytes, bytes]
) -> tuple[Array, Array]:
    """Numbers as colour and opacity, by palette or by what they are."""
    clear = parts.get(b"tRNS", b"")
    if kind == 3:
        palette = np.frombuffer(parts[b"PLTE"], np.uint8).reshape(-1, 3) / 255.0
        alphas = np.frombuffer(clear[: len(palette)].ljust(len(palette), b"\xff"), np.uint8) / 255.0
        return palette[samples[..., 0]], alphas[samples]
    top = float(2**depth - 1)
    colour = samples[..., : 3 if kind in (2, 6) else 1]
    if kind in (4, 6):
        alpha = samples[..., -1:] / top
    elif clear:
        alpha = (colour != np.frombuffer(clear, ">u2")).any(-1, keepdims=True) * 1.0
    else:
        alpha = np.ones((*samples.shape[:2], 1))
    return np.broadcast_to(colour / top, (*samples.shape[:2], 3)), alpha


def _averaged(page: Array, axis: int, size: int) -> Array:
    """`size` means over equal stretches of an axis, whose ends may lie inside a pixel."""
    page = np.moveaxis(page, axis, 0)
    sums = np.concatenate((np.zeros_like(page[:1]), page.cumsum(0)))
    ends = np.arange(size + 1) * (len(page) / size)
    whole = np.minimum(ends.astype(int), len(page) - 1)
    part = (ends - whole).reshape(-1, *[1] * (page.ndim - 1))
    means = np.diff(sums[whole] + part * page[whole], axis=0) * (size / len(page))
    return np.moveaxis(means, 0, axis)
