"""How much fits through a state of fixed size, as a notebook widget."""

from __future__ import annotations

from typing import Any, ClassVar, Final

from rnnwidgets._inputs import Choice, Result
from rnnwidgets._recorded import recorded
from rnnwidgets._widget import CourseWidget, Presets, bundle

__all__ = ["LENGTHS", "SIZES", "Bottleneck", "shares"]

RECORDED: Final = recorded("bottleneck")
LENGTHS: Final = ("4", "8", "12", "20")
SIZES: Final = ("8", "16", "32", "64")


def shares(length: str, size: str, attention: str) -> dict[str, Any]:
    """Return how many letters of reversed words were right.

    Args:
        length: Letters of a word; each length has networks of its own.
        size: Units of encoder and decoder.
        attention: "on" if the decoder attends to the states of the encoder, else "off".

    Returns:
        ``accuracy``, the share of right letters, mean over the seeds; ``least`` and ``largest``
        of the seeds; ``places``, the mean share at each place of the source. All come from whole
        per cent.

    Source:
        ``python -m experiments reversal`` and ``python -m experiments bottleneck``.

    >>> len(shares("8", "64", "on")["places"])
    8
    """
    design, row, column = int(attention == "on"), SIZES.index(size), LENGTHS.index(length)
    seeds = RECORDED["letters"][design][row][column]
    places = RECORDED["places"][design][row][column][0]
    return {
        "accuracy": sum(seeds) / len(seeds) / 100,
        "least": min(seeds) / 100,
        "largest": max(seeds) / 100,
        "places": [share / 100 for share in places],
    }


class Bottleneck(CourseWidget):
    """Reversal by length and state size, with and without attention.

    Args:
        length: "4", "8", "12" or "20" letters.
        size: "8", "16", "32" or "64" units.
        attention: "off" or "on".

    The results ``accuracy``, ``least``, ``largest`` and ``places`` are traits too.

    Raises:
        traitlets.TraitError: "expected size as one of 8, 16, 32, 64, got '9'".

    >>> widget = Bottleneck(length="4")
    >>> widget.least <= widget.accuracy <= widget.largest
    True
    """

    _esm = bundle("bottleneck")
    PRESETS: ClassVar[Presets] = {
        "lost": {"length": "20", "size": "64", "attention": "off"},
        "found": {"length": "20", "size": "64", "attention": "on"},
        "tiny": {"length": "8", "size": "8", "attention": "off"},
        "fits": {"length": "4", "size": "32", "attention": "off"},
    }

    length = Choice(*LENGTHS, default="12")
    size = Choice(*SIZES, default="64")
    attention = Choice("off", "on")

    accuracy = Result()
    least = Result()
    largest = Result()
    places = Result()

    compute = staticmethod(shares)
