"""One memory cell reads a sentence word by word, as a notebook widget."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, ClassVar, Final

from rnnwidgets._inputs import Choice, Number, Numbers, Result
from rnnwidgets._recorded import recorded
from rnnwidgets._widget import CourseWidget, Presets, bundle

__all__ = ["TOKENS", "WRITTEN", "SentenceScrubber", "read_sentence"]

TOKENS: Final = ("The", "flights", "the", "airline", "was", "canceling", "were", "full")
#: What each word offers to the memory: positive for a plural noun, negative for a singular one.
WRITTEN: Final = (0.0, 0.9, 0.0, -0.9, 0.0, 0.0, 0.0, 0.0)
#: Number of words before the main verb.
ASKED: Final = 6
SELECTIVE: Final = [0.05, 0.95, 0.05, 0.05, 0.05, 0.05, 0.05, 0.05]
KEEPING: Final = [0.95] * len(TOKENS)
HALF: Final = [0.5] * len(TOKENS)


def read_sentence(t: int, gates: str, i: Sequence[float], f: Sequence[float]) -> dict[str, Any]:
    r"""Run one memory cell over the sentence and ask it for the verb form.

    .. math:: c_t = f_t c_{t-1} + i_t g_t

    Args:
        t: Word the reader looks at, 1 to 8.
        gates: "hand" for the gates given, "trained" for those of a trained network.
        i: Input gate at each word, 0 to 1.
        f: Forget gate at each word, 0 to 1.

    Returns:
        ``c`` after each word, ``c_t`` after word t, and ``answer``: "were" if c is positive before
        the main verb, "was" if it is negative, "none" if it is 0.

    Source:
        ``rnncore.lstm.lstm_step``, for a batch and a hidden size of one.

    >>> [round(c, 4) for c in read_sentence(6, "hand", SELECTIVE, KEEPING)["c"][:4]]
    [0.0, 0.855, 0.8122, 0.7266]
    """
    trained = recorded("sentence_scrubber")
    g: Sequence[float] = WRITTEN
    if gates == "trained":
        i, f, g = trained["i"], trained["f"], trained["g"]
    cells = [0.0]
    for open_i, open_f, candidate in zip(i, f, g, strict=True):
        cells.append(open_f * cells[-1] + open_i * candidate)
    asked = cells[ASKED]
    answer = "were" if asked > 0 else "was" if asked < 0 else "none"
    return {"c": cells[1:], "c_t": cells[t], "answer": answer}


class SentenceScrubber(CourseWidget):
    r"""Eight words, the gates at each, and what the memory says before the main verb.

    .. math:: c_t = f_t c_{t-1} + i_t g_t

    Args:
        t: Word to look at, 1 to 8.
        gates: "hand" or "trained".
        i, f: Input and forget gate at each of the eight words, each from 0 to 1.

    The results ``c`` (eight numbers), ``c_t`` (one of them) and ``answer`` are traits too.

    Raises:
        traitlets.TraitError: "expected t a whole number from 1 to 8, got 9".

    >>> SentenceScrubber(**SentenceScrubber.PRESETS["leaky"]).answer
    'was'
    """

    _esm = bundle("sentence_scrubber")
    PRESETS: ClassVar[Presets] = {
        "selective": {"gates": "hand", "i": SELECTIVE, "f": KEEPING},
        "leaky": {"gates": "hand", "i": HALF, "f": HALF},
        "trained": {"gates": "trained"},
    }

    t = Number(1, len(TOKENS), 6, whole=True)
    gates = Choice("hand", "trained")
    i = Numbers(0, 1, SELECTIVE)
    f = Numbers(0, 1, KEEPING)

    c = Result()
    c_t = Result()
    answer = Result()

    compute = staticmethod(read_sentence)
