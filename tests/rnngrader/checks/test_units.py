"""The units' source notebooks: complete for nbgrader, without outputs, and right themselves."""

import json
import re
from pathlib import Path

import pytest

from rnngrader.checks import _EXERCISES

UNITS = sorted((Path(__file__).parents[3] / "solutions").glob("*/*.ipynb"))


@pytest.fixture(params=UNITS, ids=lambda path: path.stem)
def cells(request):
    return json.loads(request.param.read_text(encoding="utf-8"))["cells"]


def source(cell):
    return "".join(cell["source"])


def test_every_code_cell_is_known_to_nbgrader_and_holds_no_output(cells):
    """No code cell can be lost or added unnoticed, and no result is committed."""
    ids = [cell["metadata"]["nbgrader"]["grade_id"] for cell in cells]
    assert len(set(ids)) == len(ids) == len({cell["id"] for cell in cells})
    for cell in (cell for cell in cells if cell["cell_type"] == "code"):
        meta = cell["metadata"]["nbgrader"]
        assert meta["locked"] or meta["solution"]
        assert cell["outputs"] == []
        assert cell["execution_count"] is None


def test_every_graded_function_is_checked_in_the_open_and_in_full(cells):
    """A graded cell shows the short check, hides the full one, and carries a canary."""
    for cell in (cell for cell in cells if cell["cell_type"] == "code"):
        if cell["metadata"]["nbgrader"]["grade"]:
            visible, hidden = source(cell).split("### BEGIN HIDDEN TESTS")
            name = re.fullmatch(r'check\("(\w+)", \1\)\n', visible)[1]
            assert name in _EXERCISES
            assert re.search(rf'check\("{name}", {name}, level="full"\)  # canary-\w+', hidden)


def test_the_solution_passes_its_own_hidden_tests(cells):
    """What is asked for can be done, and is done in the source."""
    space = {"__name__": "__main__"}
    for cell in (cell for cell in cells if cell["cell_type"] == "code"):
        exec(source(cell), space)  # noqa: S102 - as a kernel runs it
