"""Fixtures for the grader's tests: a tiny course, and the demo class."""

import pytest

from rnngrader.demo.classroom import build_class
from tests.rnngrader.courses import QUICK, ROOT, TinyCourse


@pytest.fixture
def tiny(tmp_path):
    """A course with the tiny unit and nothing handed in."""
    return TinyCourse(tmp_path / "course")


@pytest.fixture(scope="session")
def demo_course(tmp_path_factory):
    """The demo class, handed in and not graded, with limits that make hanging cheap."""
    folder = tmp_path_factory.mktemp("demo") / "course"
    course = build_class(ROOT, folder)
    manifest = course.source / "lstm" / "unit.toml"
    head = manifest.read_text().split("[limits]")[0]
    manifest.write_text(f"{head}[limits]\n{QUICK}")
    return course
