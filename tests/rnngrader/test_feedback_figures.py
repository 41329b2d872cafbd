"""A learner's figures are opened in a sandbox only; whoever opens them may die, hang or lie."""

import base64
import io
import zlib

import numpy as np
import pytest
from PIL import Image

from rnngrader import feedback_figures
from rnngrader.batch import Options, grade_unit
from rnngrader.cli import main
from rnngrader.errors import SandboxUnavailable
from rnngrader.feedback import write_feedback
from rnngrader.feedback_figures import LIMITS, MAX_BYTES, MAX_PIXELS, SIDE, encoded, redrawn
from rnngrader.sandbox import container
from tests.rnngrader.courses import SETUP, TinyCourse, cell, notebook, solution

RIGHT = "def double(x):\n    return x + x"
HOSTILE = b"this one takes the reader over"
# What a reader might do that a picture has taken over.
TAKEN_OVER = {
    "dies": "os._exit(3)",
    "is killed": "os.kill(os.getpid(), signal.SIGKILL)",
    "hangs": "while True: pass",
    "raises": "raise RuntimeError('<script>')",
    "speaks nonsense": "for fd in range(3, 30): attempt(lambda: os.write(fd, b'\\xff' * 99))",
    "answers before": "for fd in range(3, 30): attempt(lambda: os.write(fd, FRAME * 3))",
    "gives numbers of another type": "return np.zeros((2, 3, 3))",
    "gives a flat picture": "return np.zeros((2, 3), np.uint8)",
    "gives a fourth colour": "return np.zeros((2, 3, 4), np.uint8)",
    "gives no row": "return np.zeros((0, 3, 3), np.uint8)",
    "gives too long a row": f"return np.zeros((1, {SIDE + 1}, 3), np.uint8)",
    "gives too much": "return np.zeros((3000, 3000, 3), np.uint8)",
    "gives words": "return '<script>alert(1)</script>'",
    "asks questions": "return wire.send(1, ['callback', 'x', [], {}])",
}
TAKE_OVER = """
import os, signal
import wire
FRAME = b"\\x00\\x00\\x00\\x10" + wire.encode(["value", 1, None])
def attempt(action):
    try: action()
    except OSError: pass
read = shown
def shown(data, most, side):
    if data.tobytes().endswith(b"HOSTILE"):
        EVIL
    return read(data, most, side)
"""


def png(size=(5, 3), colour=(200, 30, 7), mode="RGB"):
    """A PNG of one colour."""
    out = io.BytesIO()
    Image.new(mode, size, colour).save(out, "PNG")
    return out.getvalue()


def pixels_of(address):
    """What a figure on a page shows."""
    raw = base64.b64decode(address.removeprefix("data:image/png;base64,"))
    return np.asarray(Image.open(io.BytesIO(raw), formats=["PNG"]))


def course_of(root, *raws):
    """A course in which Ada handed in figures, graded."""
    tiny = TinyCourse(root)
    data = [{"image/png": base64.b64encode(raw).decode()} for raw in raws]
    outputs = [{"output_type": "display_data", "metadata": {}, "data": one} for one in data]
    tiny.hand_in("ada", raw=notebook(SETUP, solution(RIGHT), {**cell("k = 1"), "outputs": outputs}))
    grade_unit(tiny.course, "tiny", Options(quiet=True, workers=1))
    return tiny


@pytest.mark.parametrize("deed", TAKEN_OVER)
def test_a_reader_that_was_taken_over_costs_one_figure(monkeypatch, deed):
    """It dies, hangs or lies: the figures before and after are there, and one is left out."""
    evil = TAKE_OVER.replace("HOSTILE", HOSTILE.decode()).replace("EVIL", TAKEN_OVER[deed])
    reader = feedback_figures.reader() + evil
    monkeypatch.setattr(feedback_figures, "reader", lambda: reader)
    monkeypatch.setattr(feedback_figures, "LIMITS", LIMITS.__class__(call_s=2.0, reply_mb=5))
    found = redrawn([("a", png()), ("a", png() + HOSTILE), ("b", png((4, 6)))])
    shapes = {name: [pixels_of(one).shape for one in own] for name, own in found.addresses.items()}
    assert shapes == {"a": [(3, 5, 3)], "b": [(6, 4, 3)]}
    assert "not shown here: 1." in found.note
    assert found.refused == ""


def test_no_byte_of_a_figure_is_opened_in_our_process(monkeypatch):
    """The picture arrives although nothing here can decompress anything."""

    def refuse(*_arguments, **_options):
        raise AssertionError("decompressed in the instructor's process")

    for name in ("decompress", "decompressobj"):
        monkeypatch.setattr(zlib, name, refuse)
    found = redrawn([("a", png())])
    monkeypatch.undo()
    np.testing.assert_array_equal(pixels_of(found.addresses["a"][0]), [[[200, 30, 7]] * 5] * 3)


def test_a_page_without_figures_starts_no_sandbox(monkeypatch, tmp_path):
    """Neither do bytes that are no PNG, or too many."""
    tiny = course_of(tmp_path, b"GIF89a", png() + bytes(MAX_BYTES))

    def refuse(*_arguments, **_options):
        raise AssertionError("started a sandbox")

    monkeypatch.setattr(container, "start", refuse)
    (path,) = write_feedback(tiny.course, "tiny")
    assert "not shown here: 2." in path.read_text()
    assert redrawn([]) == ({}, "", "")


def test_without_a_sandbox_figures_are_left_out_unless_unsafe_is_typed(
    monkeypatch, tmp_path, capsys
):
    """The page and the instructor are told, nothing is opened; `--unsafe` shows them."""
    tiny = course_of(tmp_path, png())
    command = ["feedback", "tiny", "--course", str(tiny.root)]
    path = tiny.course.feedback / "ada" / "tiny" / "tiny.html"

    def missing():
        raise SandboxUnavailable("The sandbox needs bubblewrap (bwrap).")

    monkeypatch.setattr(container, "bwrap_path", missing)
    assert main(command) == 0
    said = capsys.readouterr()
    assert "<figure>" not in path.read_text()
    assert "could not be opened safely" in path.read_text()
    assert "bubblewrap" not in path.read_text()
    assert said.err.count("bubblewrap") == 1
    assert "--unsafe" in said.err
    assert main([*command, "--unsafe"]) == 0
    assert path.read_text().count("<figure>") == 1
    assert "not shown here" not in path.read_text()
    assert capsys.readouterr().err == ""


def test_the_largest_figure_fits_in_the_limits():
    """Two thousand pixels each way, sixteen bits, see-through, comes out small."""
    samples = np.zeros((2000, MAX_PIXELS // 2000, 8), np.uint8)
    samples[:1000] = 255
    rows = np.zeros((2000, 1 + 16_000), np.uint8)
    rows[:, 1:] = samples.reshape(2000, -1)
    head = (2000).to_bytes(4) * 2 + bytes((16, 6, 0, 0, 0))
    parts = ((b"IHDR", head), (b"IDAT", zlib.compress(rows.tobytes())), (b"IEND", b""))
    chunks = [len(b).to_bytes(4) + n + b + zlib.crc32(n + b).to_bytes(4) for n, b in parts]
    found = redrawn([("a", encoded(samples[:1, :1, :3])[:8] + b"".join(chunks))])
    assert pixels_of(found.addresses["a"][0]).shape == (SIDE, SIDE, 3)


def test_what_we_encode_is_what_a_reader_of_png_sees():
    """Height, width and every colour, by Pillow."""
    picture = np.random.default_rng(5).integers(0, 256, (7, 4, 3), dtype=np.uint8)
    np.testing.assert_array_equal(np.asarray(Image.open(io.BytesIO(encoded(picture)))), picture)
