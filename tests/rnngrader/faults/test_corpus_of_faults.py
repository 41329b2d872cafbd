"""Every row of the fault corpus has a test that exists, or a reason why not."""

import re

import pytest

from tests.rnngrader.courses import ROOT

# The rows of the corpus; numbers in the gaps were never given out.
ROWS = {*range(1, 14), 15, 16, *range(18, 22), 23, *range(25, 34), *range(35, 46)}
NOT_OURS = {28, 44}


def documented():
    """Row to what the document says of it."""
    text = (ROOT / "docs" / "threat-model.md").read_text(encoding="utf-8")
    table = text.split("<!-- faults -->")[1].split("<!-- end faults -->")[0]
    found = re.findall(r"^\| (F[F0-9, ]+) \| [^|]+ \| ([^|]+) \|$", table, re.MULTILINE)
    return {int(row[1:]): where for rows, where in found for row in rows.split(", ")}


def existing_tests():
    """Names of the grader's tests."""
    folder = ROOT / "tests" / "rnngrader"
    texts = (path.read_text(encoding="utf-8") for path in folder.rglob("test_*.py"))
    return {name for text in texts for name in re.findall(r"^def (test_\w+)", text, re.MULTILINE)}


def test_every_row_is_documented():
    """No row is forgotten, and none is made up."""
    assert set(documented()) == ROWS


@pytest.mark.parametrize("row", sorted(ROWS))
def test_a_fault_has_its_tests(row):
    """Each named test exists; a row without one gives a reason."""
    where = documented()[row]
    names = re.findall(r"`(test_\w+)`", where)
    assert set(names) <= existing_tests()
    assert bool(names) != where.startswith("does not apply: ")
    assert where.startswith("does not apply: ") == (row in NOT_OURS)
