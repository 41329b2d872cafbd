"""Attacks through the notebook file: its metadata, its cells, what lies beside it."""

import base64
import json
import os
import zlib

from tests.rnngrader.attacks.unit import HONEST_DOUBLE, handed_in
from tests.rnngrader.courses import cell

ODD_IDS = [["a"], {"b": 1}, "../../key", "check_double\u200b", "x" * 100_000, "\u0441heck_double"]
VERSIONS = [99, 0, "3", -1, None, [3]]
POINTS = [100, "1e9", [5], float("nan"), -5, float("inf")]


def _each(change):
    """A book whose every cell was changed."""
    book = handed_in()
    for place, one in enumerate(book["cells"]):
        change(one, one["metadata"].get("nbgrader", {}), place)
    return book


def _is_test(one):
    meta = one["metadata"].get("nbgrader", {})
    return meta.get("grade") and not meta.get("solution")


def _prefilled(one, _meta, _place):
    one["outputs"] = [
        {"output_type": "execute_result", "execution_count": 1, "metadata": {},
         "data": {"text/plain": "1e9", "text/html": "<script>LOOT</script>"}}
    ]  # fmt: skip


def _baggage(one, _meta, _place):
    one["attachments"] = {"x.png": {"image/png": "A" * 100_000}}
    one["metadata"] |= {"widgets": {"state": "LOOT" * 10_000}, "deletable": False}
    one["metadata"] |= {"editable": True, "celltoolbar": "LOOT"}


def _retyped(one, _meta, place):
    if _is_test(one):
        one["cell_type"] = ("raw", "markdown")[place % 2]


def _odd_id(one, meta, place):
    if _is_test(one):
        meta["grade_id"] = ODD_IDS[place]


def _tagged(one, _meta, _place):
    one["metadata"]["tags"] = ["skip-execution"]


def _png(width, height, pixels, *others):
    head = width.to_bytes(4) + height.to_bytes(4) + b"\x08\0\0\0\0"
    parts = ((b"IHDR", head), *others, (b"IDAT", pixels), (b"IEND", b""))
    sealed = (len(b).to_bytes(4) + n + b + zlib.crc32(n + b).to_bytes(4) for n, b in parts)
    return b"\x89PNG\r\n\x1a\n" + b"".join(sealed)


HOSTILE_FIGURES = (
    _png(60_000, 60_000, zlib.compress(bytes(1_000_000))),
    _png(2**32 - 1, 2**32 - 1, b""),
    _png(1999, 1999, zlib.compress(b"\4" + bytes(1_000))),
    _png(2, 2, zlib.compress(b"\xff" * 6)),
    _png(2, 2, b"no stream"),
    _png(2, 2, zlib.compress(bytes(6)), (b"tRNS", b"\0" * 999)),
    b"\x89PNG\r\n\x1a\n<script>LOOT</script>",
)
HONEST_FIGURE = _png(3, 2, zlib.compress(bytes(8) + bytes(40_000_000)), (b"tEXt", b"Title\0LOOT"))


def _hostile_figures(one, _meta, place):
    raws = (*HOSTILE_FIGURES[1 - place % 2 :: 2], HONEST_FIGURE)
    one["outputs"] = [
        {"output_type": "display_data", "metadata": {},
         "data": {"image/png": base64.b64encode(raw).decode()}}
        for raw in raws
    ]  # fmt: skip


def _without_tests():
    book = handed_in()
    book["cells"] = [one for one in book["cells"] if not _is_test(one)]
    return book


def _doubled_tests():
    book = handed_in()
    book["cells"] += [{**one, "source": "pass"} for one in book["cells"] if _is_test(one)]
    return book


def _other_kernel():
    book = handed_in()
    book["metadata"] = {"kernelspec": {"name": "bash", "language": "bash", "display_name": "x"}}
    book["metadata"]["widgets"] = {"application/vnd.jupyter.widget-state+json": {"LOOT": 1}}
    return book


# name: (rows of the corpus, the notebook)
NOTEBOOKS = {
    "skip-execution": ((1,), _each(_tagged)),
    "tests-deleted": ((2,), _without_tests()),
    "metadata-stripped": (
        (3,),
        _each(lambda one, m, n: one["metadata"].pop("nbgrader", 0) if _is_test(one) else 0),
    ),
    "tests-doubled": ((4,), _doubled_tests()),
    "schema-versions": ((5,), _each(lambda one, m, n: m.update(schema_version=VERSIONS[n]))),
    "flags-flipped": ((6,), _each(lambda one, m, n: m.update(solution=False, grade=True))),
    "points": ((8,), _each(lambda one, m, n: m.update(points=POINTS[n]))),
    "retyped": ((9,), _each(_retyped)),
    "odd-ids": ((11,), _each(_odd_id)),
    "other-kernel": ((12, 80), _other_kernel()),
    "prefilled-outputs": ((13, 79), _each(_prefilled)),
    "hostile-figures": ((84,), _each(_hostile_figures)),
    "baggage": ((15, 16), _each(_baggage)),
    "shell-cells": (
        (17,),
        handed_in("%%bash\ntouch /desk/x", "%%javascript\nalert('LOOT')", "%%writefile x.py\nx"),
    ),
}  # fmt: skip


def redefined_between_tests():
    """Right where the test stands, wrong afterwards: Jupyter's order would pass it."""
    book = handed_in(double=HONEST_DOUBLE)
    book["cells"].append(cell("double = lambda x: 6"))
    return book


def files(world):
    """Other things in place of a notebook, or beside it: name to (rows, a function of a folder)."""
    right = json.dumps(handed_in(double=HONEST_DOUBLE)).encode()

    def beside(folder):
        (folder / "tiny.ipynb").write_bytes(right)
        for name in ("numpy.py", "ipykernel_launcher.py", "sitecustomize.py", "conftest.py",
                     "nbgrader_config.py", "rnncore.py", "tqdm.py", "_tiny.so"):  # fmt: skip
            (folder / name).write_text(f"open({world.home + '/ran'!r}, 'w')")

    def stamped(text):
        def make(folder):
            (folder / "tiny.ipynb").write_bytes(right)
            (folder / "timestamp.txt").write_text(text)

        return make

    deep = b'{"nbformat": 4, "cells": ' + b"[" * 100_000
    key, source = f"{world.root}/.rnngrader/key", f"{world.root}/solutions/tiny/tiny.ipynb"
    return {
        "file-link": ((21,), lambda f: (f / "tiny.ipynb").symlink_to(key)),
        "file-hard-link": ((21,), lambda f: os.link(source, f / "tiny.ipynb")),
        "file-pipe": ((21,), lambda f: os.mkfifo(f / "tiny.ipynb")),
        "file-device": ((21,), lambda f: (f / "tiny.ipynb").symlink_to("/dev/zero")),
        "file-huge": ((26,), lambda f: os.truncate(_touched(f / "tiny.ipynb"), 1 << 30)),
        "file-deep": ((26,), lambda f: (f / "tiny.ipynb").write_bytes(deep)),
        "file-surrogates": ((26,), lambda f: (f / "tiny.ipynb").write_bytes(b"\xff\xfe{\xd8")),
        "file-name": ((20,), lambda f: (f / "tiny\u202e .ipynb").write_bytes(right)),
        "file-long-name": ((20,), lambda f: (f / ("n" * 249 + ".ipynb")).write_bytes(right)),
        "right-beside": ((25,), beside),
        "right-stamp-garbage": ((23,), stamped("yesterday\0 UTC")),
        "right-stamp-9999": ((23,), stamped("9999-12-31 23:59:59 -1200")),
    }  # fmt: skip


def _touched(path):
    path.touch()
    return path


ODD_NAMES = ["=1+1", "a b", "a;b", "-rf", "a,b", 'a"b', "a*b", "e\u0301", "\u202eada", "n" * 255]
