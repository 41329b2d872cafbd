"""The corpus is complete: every row is tried somewhere, or the threat model says why not."""

import re

import pytest

from tests.rnngrader.attacks.attack import World
from tests.rnngrader.attacks.conftest import PROGRAMS
from tests.rnngrader.attacks.files import NOTEBOOKS, files
from tests.rnngrader.courses import ROOT

# The rows of the corpus; numbers in the gaps were never given out.
ROWS = {*range(1, 7), 8, 9, 11, 12, 13, 15, 16, 17, *range(19, 31), 32, 33, *range(35, 43),
        *range(44, 50), 51, 53, 54, 55, 56, 57, 58, 60, 61, 62, 64, 65, *range(67, 81),
        82, 83, 84, 86, 87, 88}  # fmt: skip
NOT_OURS = {22, 78}
TABLES = PROGRAMS | NOTEBOOKS | files(World("", "", 0)) | {"redefined": ((19,), None)}


def documented():
    """Row to what the threat model says of it."""
    text = (ROOT / "docs" / "threat-model.md").read_text(encoding="utf-8")
    table = text.split("<!-- attacks -->")[1].split("<!-- end -->")[0]
    found = re.findall(r"^\| (\d+) \| [^|]+ \| ([^|]+) \|$", table, re.MULTILINE)
    return {int(number): where for number, where in found}


def numbers_of(name):
    """Rows that an attack of the class says it is."""
    entry = TABLES[name]
    return entry.numbers if hasattr(entry, "numbers") else entry[0]


def test_every_row_is_documented():
    """No row is forgotten, and none is made up."""
    assert set(documented()) == ROWS


@pytest.mark.parametrize("row", sorted(ROWS))
def test_a_row_is_tried_where_the_threat_model_says(row):
    """Each name is an attack that claims this row, or a test that exists; or a reason is given."""
    where = documented()[row]
    if row in NOT_OURS:
        assert where.startswith("does not apply: ")
        return
    names = re.findall(r"`([^`]+)`", where)
    assert names
    for name in names:
        if name.startswith("test_"):
            assert name in existing_tests()
        else:
            assert row in numbers_of(name)


def existing_tests():
    """Names of the grader's tests."""
    folder = ROOT / "tests" / "rnngrader"
    texts = (path.read_text(encoding="utf-8") for path in folder.rglob("test_*.py"))
    return {name for text in texts for name in re.findall(r"^def (test_\w+)", text, re.MULTILINE)}


def test_every_attack_of_the_class_is_documented():
    """An attack that claims a row stands in that row."""
    missing = {
        (row, name)
        for name in TABLES
        for row in numbers_of(name)
        if f"`{name}`" not in documented()[row]
    }
    assert missing == set()
