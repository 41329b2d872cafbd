"""What a check found, and how it is shown."""

import os
from collections.abc import Sequence
from dataclasses import dataclass
from html import escape
from textwrap import fill

from rnngrader.messages import message

# Where the book is served, if it is; `make course` and a hub set it for their kernels.
BOOK = "RNN_BOOK"
# Narrow enough for `nbgrader validate`, which cuts longer lines.
WIDTH = 80


@dataclass(frozen=True)
class AspectResult:
    """The result for one aspect of an exercise.

    Args:
        name: key of the aspect, such as "shapes".
        passed: whether the function is right in this respect; None where that is looked at only
            once some value is right, and none is.
        weight: share of the points, larger than 0; the weights of a report add up to 1.
        message: one sentence of the message catalogue.
    """

    name: str
    passed: bool | None
    weight: float
    message: str


@dataclass(frozen=True, repr=False)
class Report:
    """What a check found about one function.

    Args:
        exercise: name of the exercise.
        aspects: the result for each aspect.
        cause: id of the known mistake that explains the result, if there is one.
        message: sentences of the catalogue; hold no input and no expected value.
        detail: numbers and exception text; for the learner's own screen only.
        see: page and anchor of the book.
    """

    exercise: str
    aspects: tuple[AspectResult, ...]
    cause: str | None = None
    message: str = ""
    detail: str = ""
    see: str = ""

    @property
    def score(self) -> float:
        """Share of the points, from 0 to 1."""
        if self.passed:
            return 1.0
        total = sum(aspect.weight for aspect in self.aspects)
        return sum(a.weight for a in self.aspects if a.passed) / total if total else 0.0

    @property
    def passed(self) -> bool:
        """Whether every aspect is right."""
        return bool(self.aspects) and all(aspect.passed for aspect in self.aspects)

    def to_text(self) -> str:
        """Render for a terminal."""
        rows = [
            message(
                "report.row",
                result=result_word(aspect.passed),
                aspect=message(f"aspect.{aspect.name}.title"),
                share=f"{aspect.weight:.0%}",
            )
            for aspect in self.aspects
        ]
        words = "\n".join(fill(line, WIDTH) for line in self.message.splitlines())
        parts = [self._title(), "\n".join(rows), words, self._reading(), self.detail]
        return "\n\n".join(part for part in parts if part)

    def __repr__(self) -> str:
        return self.to_text()

    def _title(self) -> str:
        key = "report.title-passed" if self.passed else "report.title-failed"
        return message(key, exercise=self.exercise, score=f"{self.score:.0%}")

    def _address(self) -> str:
        """Return where to read on; the whole address where it is known, so that it is a link."""
        base = os.environ.get(BOOK, "")
        known = base.startswith(("http://", "https://"))
        return f"{base.rstrip('/')}/{self.see}" if known else self.see

    def _reading(self) -> str:
        return message("report.see", see=self._address()) if self.see else ""

    def _link(self) -> str:
        if not self.see or self._address() == self.see:
            return f"<p>{escape(self._reading())}</p>" if self.see else ""
        words = escape(message("report.see", see=self.see))
        address = escape(self._address())
        return f'<p><a href="{address}" target="_blank" rel="noopener">{words}</a></p>'

    def _ipython_display_(self) -> None:
        """Show the report beside a cell and not as its value, which nbgrader takes for a score."""
        from IPython.display import display

        data = {"text/plain": self.to_text(), "text/html": self._repr_html_()}
        display(data, raw=True)  # type: ignore[no-untyped-call]

    def _repr_html_(self) -> str:
        rows = "".join(_row(aspect) for aspect in self.aspects)
        head = "".join(
            f'<th scope="col">{escape(message(f"report.column-{name}"))}</th>'
            for name in ("aspect", "result", "share")
        )
        words = "".join(f"<p>{escape(line)}</p>" for line in _lines(self.message)) + self._link()
        detail = f"<pre>{escape(self.detail)}</pre>" if self.detail else ""
        return (
            f'<div class="rnn-report"><p><strong>{escape(self._title())}</strong></p>'
            f"<table><thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table>"
            f"{words}{detail}</div>"
        )


class CheckFailed(Exception):
    """Raised by `check` when a function is not right yet.

    Args:
        report: what was found; also the text of the exception.
    """

    def __init__(self, report: Report) -> None:
        super().__init__(report.to_text())
        self.report = report

    def __reduce__(self) -> tuple[type["CheckFailed"], tuple[Report]]:
        return (type(self), (self.report,))

    def _render_traceback_(self) -> list[str]:
        """Show our words only: a learner cannot act on the frames of the checker."""
        return self.report.to_text().splitlines()


def result_word(passed: bool | None) -> str:  # noqa: FBT001 - the result itself, not a switch
    """Return the word for the result of an aspect, as in `AspectResult.passed`."""
    if passed is None:
        return message("report.waiting")
    return message("report.passed" if passed else "report.failed")


def _lines(*texts: str) -> Sequence[str]:
    return [line for text in texts for line in text.splitlines() if line.strip()]


def _row(aspect: AspectResult) -> str:
    result = result_word(aspect.passed)
    title = message(f"aspect.{aspect.name}.title")
    return (
        f"<tr><td>{escape(title)}<br><small>{escape(aspect.message)}</small></td>"
        f"<td>{escape(result)}</td><td>{aspect.weight:.0%}</td></tr>"
    )
