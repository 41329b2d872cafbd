"""The report's tables: the same rows for the page and for CSV files."""

import csv
import io
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from rnngrader.formulas import safe_text
from rnngrader.messages import message
from rnngrader.report.facts import Facts

Value = str | float | int | None


@dataclass(frozen=True)
class Table:
    """A table; its title and the titles of its columns are in the catalogue."""

    name: str
    columns: tuple[str, ...]
    rows: list[tuple[Value, ...]]

    @property
    def title(self) -> str:
        """What the table is, for people."""
        return message(f"insight.{self.name}")

    @property
    def heads(self) -> list[str]:
        """Titles of the columns, for people."""
        return [message(f"insight.column.{name}") for name in self.columns]


def questions(facts: Facts) -> Table:
    """How each question went."""
    columns = ("question", "points", "mean", "full", "part", "none", "empty", "waiting")
    rows: list[tuple[Value, ...]] = [
        (q.name, q.points, None if q.mean is None else round(q.mean, 3), q.full, q.part, q.none,
         q.empty, q.waiting)
        for q in facts.questions
    ]  # fmt: skip
    return Table("questions", columns, rows)


def mistakes(facts: Facts) -> Table:
    """What went wrong, the most frequent first."""
    rows: list[tuple[Value, ...]] = [
        (m.question, m.cause, len(m.students), m.text) for m in facts.mistakes
    ]
    return Table("mistakes", ("question", "cause", "count", "message"), rows)


def troubles(facts: Facts) -> Table:
    """What a person should look at."""
    rows: list[tuple[Value, ...]] = [
        (t.student, message(f"insight.kind.{t.kind}"), t.text) for t in facts.troubles
    ]
    return Table("troubles", ("student", "kind", "message"), rows)


def similar(facts: Facts) -> Table:
    """Pairs that are alike."""
    rows: list[tuple[Value, ...]] = [
        (p.first, p.second, p.similarity, p.shared, p.rare) for p in facts.pairs
    ]
    return Table("similar", ("first", "second", "similarity", "shared", "rare"), rows)


def late(facts: Facts) -> Table:
    """Work that came after its due date, and what that costs."""
    rows: list[tuple[Value, ...]] = [
        (
            m.student,
            f"{m.handed_in:%Y-%m-%d %H:%M}",
            m.late.days,
            m.score,
            m.late.deduction,
            m.final,
        )
        for m in facts.late
    ]
    return Table("late", ("student", "handed-in", "days", "score", "deduction", "final"), rows)


def marks(facts: Facts) -> Table:
    """Everybody's marks, question by question; for the CSV file only."""
    rows: list[tuple[Value, ...]] = [
        (m.student, m.person.last_name, m.person.first_name, m.state.value, m.score, m.max_score,
         m.late.deduction, m.final, f"{m.handed_in:%Y-%m-%d %H:%M:%S}" if m.handed_in else None,
         facts.seconds.get(m.student))
        for m in facts.marks
    ]  # fmt: skip
    columns = ("student", "last-name", "first-name", "state", "score", "points", "deduction",
               "final", "handed-in", "seconds")  # fmt: skip
    return Table("marks", columns, rows)


def scores_by_question(facts: Facts) -> str:
    """CSV text of everybody's marks with a column for each question."""
    table = marks(facts)
    names = [cell.id for cell in facts.assignment.cells if cell.points > 0]
    head = [*table.heads, *names]
    rows = [
        (*row, *(mark.scores.get(name) for name in names))
        for row, mark in zip(table.rows, facts.marks, strict=True)
    ]
    return to_csv(head, rows)


def to_csv(head: Sequence[str], rows: Iterable[Sequence[Value]]) -> str:
    """CSV that spreadsheets read as it is meant: UTF-8 with its mark, and no text that runs."""
    out = io.StringIO(newline="")
    writer = csv.writer(out)
    writer.writerow([safe_text(text) for text in head])
    for row in rows:
        writer.writerow([safe_text(value) if isinstance(value, str) else value for value in row])
    return "\ufeff" + out.getvalue()
