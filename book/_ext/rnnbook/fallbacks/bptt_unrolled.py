"""Fallback of bptt-unrolled: what each step adds to the gradient by the recurrent weights."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any, Final

from docutils import nodes

from rnnbook.fallbacks._pieces import Bar, assembled, bars, messages, number
from rnnwidgets import BPTTUnrolled
from rnnwidgets.bptt_unrolled import WORD
from rnnwidgets.oracles.bptt_unrolled import outputs

PIXELS: Final = 80


def _size(entries: Sequence[float]) -> float:
    return math.hypot(*entries)


def _entries(entries: Sequence[float]) -> str:
    return "  ".join(number(value, 4) for value in entries)


def fallback(model: Mapping[str, Any]) -> list[nodes.Node]:
    """Return the sentence, the sizes of the shares and the table of a page's start values."""
    text = messages("bptt_unrolled")
    inputs = {name: model.get(name, value) for name, value in BPTTUnrolled.defaults().items()}
    values = outputs(inputs)
    shares = values["shares"]
    steps = len(shares)
    chosen = min(inputs["node"], steps)
    hello = inputs["network"] == "hello"
    letters = [WORD[at] if hello else str(int(at == 0)) for at in range(steps)]
    sizes = [_size(share) for share in shares]
    cut = chosen <= steps - inputs["k"]
    said = text["alt_cut" if cut else "alt"].format(
        chosen=chosen, reach=number(_size(values["path"]), 3), share=number(sizes[chosen - 1], 3),
        counted=min(inputs["k"], steps), steps=steps, total=number(_size(values["total"]), 3),
    )  # fmt: skip
    alt = str(model.get("alt") or said)
    reach = max(*sizes, 0.1)
    shown = [Bar(f"{at + 1}: {letters[at]}", "f", size) for at, size in enumerate(sizes)]
    columns = text["columns"]
    rows = [tuple(columns[name] for name in ("step", "input", "share", "size"))]
    rows += [
        (str(at + 1), letters[at], _entries(share), number(sizes[at], 4))
        for at, share in enumerate(shares)
    ]
    for name in ("sum", "full"):
        entries = values["total" if name == "sum" else "full"]
        rows.append((text[name], "", _entries(entries), number(_size(entries), 4)))
    return assembled(text, alt, bars(shown, alt, reach=reach, unit=PIXELS / reach), rows)
