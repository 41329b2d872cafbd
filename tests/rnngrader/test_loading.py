"""Units are read with their rules: one role for every cell, no surprise in the manifest."""

import pytest

from rnngrader.assignment import Role
from rnngrader.errors import GradingRefused
from rnngrader.loading import load_assignment
from tests.rnngrader.courses import ROOT, SETUP, TinyCourse, cell, graded, solution


def test_the_lstm_unit_has_the_roles_it_should():
    """Three functions, three tests of 12 points, one answer for a person, nothing hidden left."""
    unit = load_assignment(ROOT / "solutions", "lstm")
    assert set(unit.learner_names) == {"lstm_gates", "lstm_step", "lstm_forward"}
    roles = [c.role for c in unit.cells]
    assert (roles.count(Role.TEST), roles.count(Role.MANUAL)) == (3, 1)
    assert unit.max_score == 15
    for c in unit.cells:
        assert "HIDDEN" not in c.public
        assert "SOLUTION" not in c.public
        assert "canary" not in c.public


def test_an_unlocked_code_cell_is_refused(tmp_path):
    """Every code cell must say whether it is given, asked for, or a test."""
    tiny = TinyCourse(tmp_path, SETUP, cell("x = 1"), solution(), graded())
    with pytest.raises(GradingRefused, match="every code cell"):
        load_assignment(tiny.course.source, "tiny")


def test_an_id_used_twice_is_refused(tmp_path):
    """Two cells of one id could not be told apart in a submission."""
    tiny = TinyCourse(tmp_path, SETUP, solution(), solution(), graded())
    with pytest.raises(GradingRefused, match="double"):
        load_assignment(tiny.course.source, "tiny")


def test_an_unknown_limit_is_refused(tiny):
    """A misspelt limit is told, not ignored."""
    (tiny.course.source / "tiny" / "unit.toml").write_text("[limits]\ncal_s = 1\n")
    with pytest.raises(GradingRefused, match="cal_s"):
        load_assignment(tiny.course.source, "tiny")


def test_the_version_follows_all_that_matters(tiny):
    """Another test, limit or module is another version, and so another verdict."""
    source = tiny.course.source
    versions = {load_assignment(source, "tiny").version}
    manifest = source / "tiny" / "unit.toml"
    manifest.write_text(manifest.read_text().replace("call_s = 2", "call_s = 3"))
    versions.add(load_assignment(source, "tiny").version)
    path = source / "tiny" / "tiny.ipynb"
    path.write_bytes(path.read_bytes() + b" ")
    versions.add(load_assignment(source, "tiny").version)
    assert len(versions) == 3
