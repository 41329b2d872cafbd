"""Courses to grade: the real one, and tiny ones with a unit made for a test."""

import json
import shutil
import sqlite3
from pathlib import Path

from rnngrader.course import Course

ROOT = Path(__file__).parents[2]
QUICK = "call_s = 2\nload_s = 6\nquestion_s = 6\nmemory_mb = 512\n"


def cell(source, kind="code", **nbgrader):
    """One notebook cell; keyword arguments become nbgrader metadata."""
    made = {"cell_type": kind, "source": source, "metadata": {}}
    if nbgrader:
        flags = {"grade": False, "solution": False, "locked": False, "task": False}
        made["metadata"]["nbgrader"] = {**flags, "schema_version": 3, **nbgrader}
    if kind == "code":
        made |= {"outputs": [], "execution_count": None}
    return made


def notebook(*cells):
    """A notebook file as bytes."""
    book = {"nbformat": 4, "nbformat_minor": 4, "metadata": {}, "cells": list(cells)}
    return json.dumps(book).encode()


SETUP = cell("import numpy as np", grade_id="setup", locked=True)
STUB = "### BEGIN SOLUTION\ndef double(x):\n    return 2 * x\n### END SOLUTION"
TEST = (
    "assert double(3) == 6\n### BEGIN HIDDEN TESTS\n"
    "assert double(-7919) == -15838  # canary-7919\n### END HIDDEN TESTS"
)


def solution(source=STUB):
    """The solution cell of the tiny unit."""
    return cell(source, grade_id="double", solution=True)


def graded(source=TEST, points=2):
    """The test cell of the tiny unit."""
    return cell(source, grade_id="check_double", grade=True, locked=True, points=points)


class TinyCourse:
    """A course directory with one unit `tiny`, and ways to hand in."""

    def __init__(self, root, *cells):
        self.root = root
        folder = root / "solutions" / "tiny"
        folder.mkdir(parents=True)
        (folder / "tiny.ipynb").write_bytes(notebook(*(cells or (SETUP, solution(), graded()))))
        (folder / "unit.toml").write_text(f"[limits]\n{QUICK}")
        shutil.copy(ROOT / "nbgrader_config.py", root)

    @property
    def course(self):
        """The course as the grader sees it."""
        return Course.load(self.root)

    def hand_in(self, student, source=None, raw=None):
        """Put a submission in place: the source of the solution cell, or the whole file."""
        path = self.root / "submitted" / student / "tiny" / "tiny.ipynb"
        path.parent.mkdir(parents=True, exist_ok=True)
        if raw is None:
            raw = notebook(SETUP, solution(source or "def double(x):\n    return x + x"))
        path.write_bytes(raw)
        return path

    def grades(self):
        """(student, cell): (auto, manual, needs a person), from the gradebook itself."""
        return grades(self.root)


def grades(root):
    """Every row of the grade table of a course."""
    query = """
        select a.student_id, c.name, g.auto_score, g.manual_score, g.needs_manual_grade
        from grade g join base_cell c on g.cell_id = c.id
        join submitted_notebook n on g.notebook_id = n.id
        join submitted_assignment a on n.assignment_id = a.id
    """
    connection = sqlite3.connect(root / "gradebook.db")
    try:
        return {(s, name): tuple(rest) for s, name, *rest in connection.execute(query)}
    finally:
        connection.close()
