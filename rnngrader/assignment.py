"""A unit as the instructor wrote it: cells by role, what is allowed, and which version it is."""

import ast
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property

from rnngrader.sandbox.program import Limits


class Role(StrEnum):
    """What a cell of the instructor's notebook is for."""

    TEXT = "text"  # prose; shown
    SETUP = "setup"  # locked code; runs on both sides
    SOLUTION = "solution"  # the learner's source takes its place; runs in the sandbox
    TEST = "test"  # graded automatically; runs in the judge
    MANUAL = "manual"  # the learner's answer takes its place; a person grades it


@dataclass(frozen=True)
class InstructorCell:
    """One cell of the instructor's notebook.

    Attributes:
        public: the source a learner may see: without solution, hidden tests and mark scheme.
        points: what the cell is worth, 0 where nothing is graded.
        named: whether nbgrader knows the cell; other cells get an id here.
    """

    id: str
    role: Role
    kind: str
    source: str
    public: str
    points: float = 0.0
    named: bool = True


@dataclass(frozen=True)
class Assignment:
    """A unit, ready to grade; plain data that can be sent to a worker.

    Attributes:
        version: hash of the unit's files, a dot, hash of the grader's code.
    """

    unit: str
    title: str
    page: str
    cells: tuple[InstructorCell, ...]
    modules: tuple[str, ...]
    limits: Limits
    version: str

    @cached_property
    def learner_names(self) -> dict[str, str]:
        """Names that the solution cells define, each with the id of its cell."""
        return {
            node.name: cell.id
            for cell in self.cells
            if cell.role is Role.SOLUTION and cell.kind == "code"
            for node in ast.parse(cell.source).body
            if isinstance(node, ast.FunctionDef | ast.ClassDef)
        }

    @property
    def max_score(self) -> float:
        """Points of the whole unit, those a person gives included."""
        return sum(cell.points for cell in self.cells)
