"""Where trained models look while they write, as a notebook widget."""

from __future__ import annotations

from typing import Any, ClassVar, Final

from rnnwidgets._inputs import Choice, Number, Result
from rnnwidgets._recorded import recorded
from rnnwidgets._widget import CourseWidget, Presets, bundle

__all__ = ["EXAMPLES", "AlignmentMap", "align", "tokens_of"]

EXAMPLES: Final[dict[str, dict[str, Any]]] = recorded("alignment_map")["examples"]


def tokens_of(example: str) -> list[str]:
    """Return what the model reads: words where it writes numbers, else characters.

    >>> tokens_of("gap")[:2]
    ['seven', 'thousand']
    """
    one = EXAMPLES[example]
    source: str = one["source"]
    return source.split(" ") if one["task"] == "numbers" else list(source)


def align(
    example: str,
    t: int,  # noqa: ARG001 - the step the page shows; it changes no result
) -> dict[str, Any]:
    r"""Return what a model wrote, and where it looked.

    .. math:: \alpha_{tj} = softmax_j(v \cdot tanh(W_q h_t + W_k h_j))

    Args:
        example: Name of a recorded example.
        t: Step to look at.

    Returns:
        ``written``, the answer; ``weights``, one row for each step, its end among them, and one
        column for each token of the source, rounded to whole per cent; ``probability`` of each
        written token, rounded too.

    Source:
        ``rnncore.seq2seq``, recorded by ``python -m experiments.recordings_alignment``.

    >>> align("cabbage", 1)["written"]
    'egabbac'
    """
    one = EXAMPLES[example]
    return {
        "written": "".join(best[0] for best in one["best"]),
        "weights": [[per_cent / 100 for per_cent in row] for row in one["weights"]],
        "probability": [p[0] / 100 for p in one["p"]],
    }


class AlignmentMap(CourseWidget):
    r"""Attention of trained models: dates, number words, words backwards.

    .. math:: \alpha_{tj} = softmax_j(v \cdot tanh(W_q h_t + W_k h_j))

    Args:
        example: Name of a recorded example.
        t: Step to look at, 1 to 16; an answer may be shorter.

    The results ``written``, ``weights`` and ``probability`` are traits too.

    Raises:
        traitlets.TraitError: "expected example as one of july, november, ..., got 'June'".

    >>> len(AlignmentMap(example="july").weights)
    11
    """

    _esm = bundle("alignment_map")
    PRESETS: ClassVar[Presets] = {
        "letter": {"example": "july", "t": 7},
        "padded": {"example": "july", "t": 9},
        "unsaid": {"example": "gap", "t": 3},
        "backwards": {"example": "cabbage", "t": 3},
        "long": {"example": "long", "t": 2},
        "unseen": {"example": "year1789", "t": 2},
    }

    example = Choice(*EXAMPLES)
    t = Number(1, 16, 1, whole=True)

    written = Result()
    weights = Result()
    probability = Result()

    compute = staticmethod(align)
