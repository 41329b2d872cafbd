"""The reader of figures: every kind of PNG is read as Pillow and its own samples say."""

import contextlib
import io
import struct
import zlib

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from rnngrader.png import ADAM7, CHANNELS, DEPTHS, SIGNATURE, WHOLE, shown

HEIGHT, WIDTH = 6, 11
REFUSALS = (ValueError, LookupError, struct.error, zlib.error)
KINDS = [(kind, depth) for kind, depths in DEPTHS.items() for depth in depths]


def chunk(name, body):
    """One part of a PNG, with its sum."""
    return len(body).to_bytes(4) + name + body + zlib.crc32(name + body).to_bytes(4)


def png(kind, depth, size, lines, *others, interlaced=0):
    """A PNG of filtered rows, its pixels in parts of five bytes."""
    width, height = size
    head = width.to_bytes(4) + height.to_bytes(4) + bytes((depth, kind, 0, 0, interlaced))
    packed = zlib.compress(lines)
    parts = [chunk(b"IDAT", packed[at : at + 5]) for at in range(0, len(packed), 5)]
    return b"".join((SIGNATURE, chunk(b"IHDR", head), *others, *parts, chunk(b"IEND", b"")))


def packed(samples, depth):
    """Samples of one row as bytes."""
    if depth == 16:
        return samples.astype(">u2").tobytes()
    if depth == 8:
        return samples.astype(np.uint8).tobytes()
    bits = "".join(f"{sample:0{depth}b}" for sample in samples.ravel())
    return int(bits.ljust(-(-len(bits) // 8) * 8, "0"), 2).to_bytes(-(-len(bits) // 8))


def filtered(rows, unit):
    """Rows as the specification filters them, byte by byte, each row in another way."""
    before, out = bytes(len(rows[0])), b""
    for number, row in enumerate(rows):
        kind = number % 5
        out += bytes([kind])
        for at, value in enumerate(row):
            left = row[at - unit] if at >= unit else 0
            corner = before[at - unit] if at >= unit else 0
            guess = left + before[at] - corner
            near = min((left, before[at], corner), key=lambda one: abs(guess - one))
            out += bytes(
                [(value - (0, left, before[at], (left + before[at]) // 2, near)[kind]) % 256]
            )
        before = row
    return out


def drawn(samples, depth, kind, *others, interlaced=0):
    """The PNG of an array of samples."""
    unit = max(1, CHANNELS[kind] * depth // 8)
    passes = ADAM7 if interlaced else WHOLE
    parts = (samples[y::dy, x::dx] for x, y, dx, dy in passes)
    lines = b"".join(filtered([packed(row, depth) for row in p], unit) for p in parts if p.size)
    size = samples.shape[1], samples.shape[0]
    return png(kind, depth, size, lines, *others, interlaced=interlaced)


def read(raw, most=10_000, side=1000):
    """What our reader makes of it."""
    return shown(np.frombuffer(raw, np.uint8), most, side)


def on_white(colour, alpha):
    """Colours from 0 to 1 on a white page, as bytes."""
    page = np.broadcast_to(colour * alpha + 1 - alpha, (*colour.shape[:2], 3))
    return np.rint(page * 255).astype(np.uint8)


@pytest.mark.parametrize("interlaced", [0, 1])
@pytest.mark.parametrize(("kind", "depth"), KINDS)
def test_every_kind_of_png_is_read(kind, depth, interlaced):
    """Each colour type, depth, guess and order of rows gives the samples that were drawn."""
    rng = np.random.default_rng([kind, depth])
    top = 2**depth - 1
    samples = rng.integers(0, top + 1, (HEIGHT, WIDTH, CHANNELS[kind]))
    palette = rng.integers(0, 256, (top + 1, 3)) if kind == 3 else np.zeros((0, 3))
    others = [chunk(b"PLTE", palette.astype(np.uint8).tobytes())] if kind == 3 else []
    raw = drawn(samples, depth, kind, *others, interlaced=interlaced)
    if kind == 3:
        expected = on_white(palette[samples[..., 0]] / 255, np.ones((HEIGHT, WIDTH, 1)))
    else:
        alpha = samples[..., -1:] / top if kind in (4, 6) else np.ones((HEIGHT, WIDTH, 1))
        expected = on_white(samples[..., : 3 if kind in (2, 6) else 1] / top, alpha)
    np.testing.assert_array_equal(read(raw), expected)
    image = Image.open(io.BytesIO(raw))
    if depth <= 8:
        theirs = np.asarray(image.convert("RGBA")) / 255
        np.testing.assert_array_equal(read(raw), on_white(theirs[..., :3], theirs[..., 3:]))


@pytest.mark.parametrize("kind", [0, 2, 3])
def test_what_is_see_through_is_white(kind):
    """One colour that stands for nothing, and a palette with opacities, as Pillow reads them."""
    samples = np.arange(HEIGHT * WIDTH).reshape(HEIGHT, WIDTH, 1) % 5
    samples = np.repeat(samples, CHANNELS[kind], axis=2)
    palette = chunk(b"PLTE", bytes(range(10, 25)))
    clear = bytes((0, 128)) if kind == 3 else bytes((0, 2)) * CHANNELS[kind]
    raw = drawn(samples, 8, kind, palette, chunk(b"tRNS", clear))
    theirs = np.asarray(Image.open(io.BytesIO(raw)).convert("RGBA")) / 255
    np.testing.assert_array_equal(read(raw), on_white(theirs[..., :3], theirs[..., 3:]))
    assert (theirs[..., 3] == 0).any()


@pytest.mark.parametrize("side", [50, 37])
def test_large_pictures_become_small(side):
    """The longer side has a most; every pixel counts as much as the part of it that is covered."""
    rng = np.random.default_rng(3)
    picture = rng.integers(0, 256, (64, 100, 3), dtype=np.uint8)
    out = io.BytesIO()
    Image.fromarray(picture).save(out, "PNG")
    found = read(out.getvalue(), side=side)
    assert found.shape == (round(64 * side / 100), side, 3)
    theirs = Image.fromarray(picture).resize((side, found.shape[0]), Image.Resampling.BOX)
    if side == 50:
        np.testing.assert_allclose(found.astype(int), np.asarray(theirs).astype(int), atol=1)
    assert abs(found.mean() - picture.mean()) < 1


def test_bombs_and_broken_files_are_refused():
    """Too many pixels or none, fewer than told, a wrong sum, a part too long, no end, odd kinds."""
    good = drawn(np.full((HEIGHT, WIDTH, 3), 9), 8, 2)
    lines = b"\0" * (HEIGHT * (1 + 3 * WIDTH))
    bad = [
        png(2, 8, (101, 100), lines), png(2, 8, (0, HEIGHT), lines), png(2, 8, (2**31, 2**31), b""),
        png(2, 8, (WIDTH, HEIGHT + 1), lines), png(2, 4, (WIDTH, HEIGHT), lines),
        png(5, 8, (WIDTH, HEIGHT), lines), png(2, 8, (WIDTH, HEIGHT), lines, interlaced=2),
        png(2, 8, (WIDTH, HEIGHT), b"\5" + lines[1:]), png(3, 8, (WIDTH, HEIGHT), lines),
        good[:45] + bytes([good[45] ^ 1]) + good[46:], good[:-1], good[:-12],
        SIGNATURE, b"", good[1:],
    ]  # fmt: skip
    assert read(good).shape == (HEIGHT, WIDTH, 3)
    for raw in bad:
        with pytest.raises(REFUSALS):
            read(raw)
    huge = png(2, 8, (100, 100), bytes(50_000_000))
    assert read(huge).shape == (100, 100, 3)  # what is packed behind the pixels is not unpacked


@given(st.binary(max_size=200), st.integers(0, 90))
def test_no_bytes_give_anything_but_a_picture(raw, at):
    """Any parts in any order end as a picture within the caps, or as a refusal."""
    good = drawn(np.full((HEIGHT, WIDTH, 3), 9), 8, 2)
    for candidate in (raw, good[:at] + raw, good[:33] + chunk(b"IDAT", raw) + chunk(b"IEND", b"")):
        with contextlib.suppress(*REFUSALS):
            found = read(candidate, most=100, side=10)
            assert found.dtype == np.uint8
            assert max(found.shape) <= 10
