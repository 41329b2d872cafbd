"""The rebuilt notebook is the instructor's; only source text is the learner's."""

import pytest

from rnngrader.loading import load_assignment
from rnngrader.rebuild import rebuild
from rnngrader.submission import SubmittedCell, parse
from tests.rnngrader.courses import SETUP, cell, graded, notebook, solution


@pytest.fixture
def assignment(tiny):
    """The tiny unit."""
    return load_assignment(tiny.root / "solutions", "tiny")


def program(rebuilt):
    """(id, source) of what would run."""
    return [(cell.id, cell.source) for cell in rebuilt.program]


def test_setup_is_the_instructors_and_solutions_are_the_learners(assignment):
    """A changed setup cell or test cell has no effect at all."""
    mine = [
        cell("import os", grade_id="setup", locked=True),
        solution("def double(x): return 1"),
        graded("pass", points=1e9),
    ]
    rebuilt = rebuild(assignment, parse(notebook(*mine)))
    assert program(rebuilt) == [
        ("setup", "import numpy as np"),
        ("double", "def double(x): return 1"),
    ]


def test_order_is_the_instructors_and_extra_cells_keep_their_place(assignment):
    """Extra code cells run after the cell they follow; moved cells run where they belong."""
    mine = [
        cell("first = 1"),
        solution("def double(x): return x"),
        cell("after = 2"),
        SETUP,
        cell("last = 3"),
        cell("# prose", kind="markdown"),
    ]
    sources = [source for _, source in program(rebuild(assignment, parse(notebook(*mine))))]
    assert sources == [
        "first = 1",
        "import numpy as np",
        "last = 3",
        "def double(x): return x",
        "after = 2",
    ]


def test_a_second_copy_of_a_solution_runs_after_the_first(assignment):
    """As in Jupyter the last definition wins, and the report says so."""
    rebuilt = rebuild(assignment, parse(notebook(solution("a = 1"), solution("a = 2"))))
    assert [s for _, s in program(rebuilt)] == ["import numpy as np", "a = 1", "a = 2"]
    assert "more than once" in rebuilt.notes[0]


def test_a_missing_solution_is_noted(assignment):
    """A deleted cell is told by name."""
    assert "'double' is missing" in rebuild(assignment, []).notes[0]


@pytest.mark.parametrize(
    ("source", "unanswered"),
    [
        (None, True),
        ("", True),
        ("  \n", True),
        ("raise NotImplementedError", True),
        ("raise NotImplementedError\n\n", True),
        ("def double(x): ...", False),
    ],
)
def test_what_counts_as_not_answered(tiny, source, unanswered):
    """The stub as handed out, an empty cell, or no cell."""
    unit = load_assignment(tiny.course.source, "tiny", tiny.course.config)
    cells = [] if source is None else [SubmittedCell("code", source, "double")]
    by_id = {cell.id: cell for cell in unit.cells}
    assert rebuild(unit, cells).unanswered(by_id["double"]) is unanswered
