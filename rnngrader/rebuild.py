"""Rebuild, don't repair: the instructor's notebook with the learner's source text put into it."""

from dataclasses import dataclass, field

from rnngrader.assignment import Assignment, InstructorCell, Role
from rnngrader.messages import message
from rnngrader.sandbox.program import Cell
from rnngrader.submission import SubmittedCell


@dataclass
class Rebuilt:
    """What is taken from a submission, in the instructor's order.

    Attributes:
        program: code to run in the sandbox: setup, solutions and the learner's extra cells.
        answers: source text of solution and manual cells by grade_id, as handed in.
        extras: extra code cells by the id of the instructor's cell they follow ("" at the top).
        notes: what was unusual about the notebook, in sentences for people.
    """

    program: list[Cell] = field(default_factory=list)
    answers: dict[str, str] = field(default_factory=dict)
    extras: dict[str, list[Cell]] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)

    def unanswered(self, cell: InstructorCell) -> bool:
        """Whether the learner left this cell as it was given out, or empty, or out."""
        answer = self.answers.get(cell.id, "").strip()
        return not answer or answer == cell.public.strip()


def rebuild(assignment: Assignment, submitted: list[SubmittedCell]) -> Rebuilt:
    """Take solution cells by id and the learner's own code cells; nothing else is read.

    A second cell with a solution's id counts as an extra cell after the first, so that the last
    definition wins as in Jupyter. Cells that claim the id of a locked or test cell are dropped:
    the instructor's own are used.
    """
    known = {cell.id: cell for cell in assignment.cells}
    rebuilt = Rebuilt()
    anchor = ""
    extra_count = 0
    for cell in submitted:
        mine = known.get(cell.grade_id or "")
        if mine is not None:
            anchor = mine.id
            if mine.role not in (Role.SOLUTION, Role.MANUAL):
                continue
            if mine.id not in rebuilt.answers:
                rebuilt.answers[mine.id] = cell.source
                continue
            rebuilt.notes.append(message("grading.doubled-cell", cell=mine.id))
        if cell.kind == "code" and cell.source.strip():
            extra_count += 1
            extra = Cell(f"extra-{extra_count}", cell.source)
            rebuilt.extras.setdefault(anchor, []).append(extra)
    _order(assignment, rebuilt)
    return rebuilt


def _order(assignment: Assignment, rebuilt: Rebuilt) -> None:
    rebuilt.program += rebuilt.extras.get("", [])
    for cell in assignment.cells:
        if cell.role is Role.SETUP:  # without what nbgrader hides: the learner can read it there
            rebuilt.program.append(Cell(cell.id, cell.public))
        elif cell.role is Role.SOLUTION and cell.kind == "code":
            if cell.id in rebuilt.answers:
                rebuilt.program.append(Cell(cell.id, rebuilt.answers[cell.id]))
            else:
                rebuilt.notes.append(message("grading.missing-cell", cell=cell.id))
        elif cell.role is Role.MANUAL and cell.kind == "code" and cell.id in rebuilt.answers:
            rebuilt.program.append(Cell(cell.id, rebuilt.answers[cell.id]))
        rebuilt.program += rebuilt.extras.get(cell.id, [])
