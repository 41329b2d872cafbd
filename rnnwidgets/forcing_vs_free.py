"""Two decoders on one word, told the truth or on their own, as a notebook widget."""

from __future__ import annotations

from typing import Any, ClassVar, Final, NamedTuple

from rnnwidgets._inputs import Choice, Number, Result
from rnnwidgets._recorded import recorded
from rnnwidgets._widget import CourseWidget, Presets, bundle

__all__ = ["STEPS", "ForcingVsFree", "Paths", "Word", "compare", "forecast", "word"]

WORDS: Final = 20
#: Steps of the forecast.
STEPS: Final = 20
RECORDED: Final = recorded("forcing_vs_free")


class Word(NamedTuple):
    """The right letters, and what each decoder wrote."""

    right: str
    forced: str
    free: str


class Paths(NamedTuple):
    """A number and two forecasts of it, from step 0 to ``STEPS``."""

    y: list[float]
    forced: list[float]
    free: list[float]


def word(length: str, n: int) -> Word:
    """Return a recorded test word.

    Args:
        length: Number of letters, "8" or "12".
        n: Which of the recorded words, from 1.

    >>> len(word("12", 1).free)
    12
    """
    one = RECORDED[length]
    part = slice((n - 1) * int(length), n * int(length))
    right = one["words"][part][::-1]

    def written(text: str) -> str:
        # A dot stands for a right letter.
        pairs = zip(text[part], right, strict=True)
        return "".join(want if got == "." else got for got, want in pairs)

    return Word(right, written(one["forced"]), written(one["free"]))


def forecast(a: float, e: float) -> Paths:
    r"""Follow y with a model whose factor is off by e.

    .. math:: y_t = a y_{t-1}, \quad
        \hat y^{forced}_t = (a + e) y_{t-1}, \quad \hat y^{free}_t = (a + e) \hat y^{free}_{t-1}

    Args:
        a: Factor of the truth; y_0 = 1.
        e: Error of the model's factor.

    >>> round(forecast(1.0, 0.05).free[20] - 1, 2)
    1.65
    """
    y, forced, free = [1.0], [1.0], [1.0]
    for _ in range(STEPS):
        forced.append((a + e) * y[-1])
        free.append((a + e) * free[-1])
        y.append(a * y[-1])
    return Paths(y, forced, free)


def compare(
    view: str,  # noqa: ARG001 - a choice of the page that changes no result
    length: str,
    n: int,
    mode: str,  # noqa: ARG001 - the same
    a: float,
    e: float,
    t: int,
) -> dict[str, Any]:
    """Compare what is told the truth with what reads its own output.

    Args:
        view: "letters" or "line".
        length: Letters of the word, "8" or "12".
        n: Which of the 20 recorded words.
        mode: Which decoder the page shows: "both", "forced" or "free".
        a: Factor of the number that is forecast.
        e: Error of the model's factor.
        t: Step up to which letters are counted, and step of the forecast.

    Returns:
        ``forced_right`` and ``free_right``, letters right up to t; ``split``, the first step at
        which the decoders read different letters, or 0; ``y`` at step t, and the errors
        ``forced_error`` and ``free_error`` of the forecasts.

    Source:
        Letters: ``rnncore.seq2seq``, recorded by ``python -m experiments.recordings_forcing``.
    """
    one = word(length, n)

    def count(written: str) -> int:
        return sum(got == want for got, want in zip(written[:t], one.right, strict=False))

    wrong = [at for at in range(int(length)) if one.free[at] != one.right[at]]
    # What was written at one step is read at the next.
    split = wrong[0] + 2 if wrong and wrong[0] + 1 < int(length) else 0
    y, forced, free = forecast(a, e)
    return {
        "forced_right": count(one.forced),
        "free_right": count(one.free),
        "split": split,
        "y": y[t],
        "forced_error": forced[t] - y[t],
        "free_error": free[t] - y[t],
    }


class ForcingVsFree(CourseWidget):
    r"""Teacher forcing and free running, side by side.

    .. math:: \hat y^{forced}_t = (a + e) y_{t-1}, \quad
        \hat y^{free}_t = (a + e) \hat y^{free}_{t-1}

    Args:
        view: "letters" for recorded words, "line" for one number.
        length: "8" or "12" letters.
        n: Recorded word, 1 to 20.
        mode: "both", "forced" or "free".
        a: Factor of the number, 0.5 to 1.1.
        e: Error of the model's factor, -0.1 to 0.1.
        t: Step, 1 to 20; a word ends before.

    The results ``forced_right``, ``free_right``, ``split``, ``y``, ``forced_error`` and
    ``free_error`` are traits too.

    Raises:
        traitlets.TraitError: "expected n a whole number from 1 to 20, got 21".

    >>> ForcingVsFree(**ForcingVsFree.PRESETS["clean"]).free_right
    8
    """

    _esm = bundle("forcing_vs_free")
    PRESETS: ClassVar[Presets] = {
        **RECORDED["presets"],
        "grows": {"view": "line", "a": 1, "e": 0.05, "t": STEPS},
        "fades": {"view": "line", "a": 0.9, "e": 0.05, "t": STEPS},
    }

    view = Choice("letters", "line")
    length = Choice("8", "12")
    n = Number(1, WORDS, RECORDED["presets"]["snowball"]["n"], whole=True)
    mode = Choice("both", "forced", "free")
    a = Number(0.5, 1.1, 1)
    e = Number(-0.1, 0.1, 0.05)
    t = Number(1, STEPS, 8, whole=True)

    forced_right = Result()
    free_right = Result()
    split = Result()
    y = Result()
    forced_error = Result()
    free_error = Result()

    compute = staticmethod(compare)
