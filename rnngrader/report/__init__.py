"""The instructor's report on a unit: one page with pictures, and CSV files with every row."""

from pathlib import Path

from rnngrader.course import Course, write_atomically
from rnngrader.errors import GradingRefused
from rnngrader.loading import load_assignment
from rnngrader.messages import message
from rnngrader.report import tables
from rnngrader.report.facts import Facts, collect
from rnngrader.report.page import page

__all__ = ["Facts", "write_report"]


def write_report(course: Course, unit: str, folder: Path | None = None) -> tuple[Facts, list[Path]]:
    """Write `report.html` and its CSV files.

    Args:
        course: the course.
        unit: its unit, graded at least in part.
        folder: where to; `reports/<unit>/` in the course if None.

    Returns:
        What the report tells, and the files, the page first. They hold names and marks.

    Raises:
        GradingRefused: if nothing of the unit was graded yet.
    """
    assignment = load_assignment(course.source, unit, course.config)
    facts = collect(course, assignment)
    if not any(mark.scores for mark in facts.marks):
        raise GradingRefused(message("insight.nothing", unit=unit))
    folder = folder or course.root / "reports" / unit
    kinds = (tables.questions, tables.mistakes, tables.troubles, tables.similar, tables.late)
    texts = {"report.html": page(facts), "marks.csv": tables.scores_by_question(facts)}
    for table in (kind(facts) for kind in kinds):
        texts[f"{table.name}.csv"] = tables.to_csv(table.heads, table.rows)
    for name, text in texts.items():
        write_atomically(folder / name, text, mode=0o600, durable=False)
    return facts, [folder / name for name in texts]
