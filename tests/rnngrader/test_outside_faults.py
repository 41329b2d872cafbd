"""Faults that somebody met who had not read the list: each ends in a sentence, not in a trace."""

import pytest

from rnngrader.errors import GradingRefused
from rnngrader.late import late_policy
from rnngrader.loading import load_assignment
from tests.rnngrader.courses import TinyCourse, solution


@pytest.fixture
def tiny(tmp_path):
    """A course with the tiny unit."""
    return TinyCourse(tmp_path)


def loaded(tiny):
    """The tiny unit as it is on the disk now."""
    return load_assignment(tiny.course.source, "tiny", tiny.course.config)


@pytest.mark.parametrize("raw", [b"", b"{", b"[]", b"\xff\xfe{", b'{"nbformat": 4, "cells": 3}'])
def test_a_torn_notebook_of_a_unit_is_told(tiny, raw):
    """A source notebook that a power cut or a merge has left broken is named."""
    (tiny.root / "solutions" / "tiny" / "tiny.ipynb").write_bytes(raw)
    with pytest.raises(GradingRefused, match=r"tiny\.ipynb"):
        loaded(tiny)


def test_marks_of_solutions_that_do_not_match_are_told(tmp_path):
    """An END that was lost says what nbgrader says about it, and where."""
    lost = TinyCourse(tmp_path, solution("### BEGIN SOLUTION\nx = 1"))
    with pytest.raises(GradingRefused, match=r"tiny\.ipynb.*end solution"):
        loaded(lost)


@pytest.mark.parametrize(
    "text",
    ["x[", "limits = 3", "modules = 'numpy'", "modules = [3]", "[limits]\ncall_s = 1\ncall_s = 2"],
)
def test_a_manifest_that_cannot_be_read_is_told(tiny, text):
    """A slip in `unit.toml` is named with its file, whichever command meets it first."""
    (tiny.root / "solutions" / "tiny" / "unit.toml").write_text(text)
    with pytest.raises(GradingRefused, match=r"unit\.toml"):
        loaded(tiny)


@pytest.mark.parametrize("text", ["late = 10", "[late"])
def test_late_settings_that_are_no_table_are_told(tiny, text):
    """The late policy is read by itself and names the file as well."""
    (tiny.root / "solutions" / "tiny" / "unit.toml").write_text(text)
    with pytest.raises(GradingRefused, match=r"unit\.toml"):
        late_policy(tiny.course, "tiny")


def test_late_settings_say_what_is_allowed(tiny):
    """The range of a percentage is in the sentence, without Python's brackets."""
    manifest = tiny.root / "solutions" / "tiny" / "unit.toml"
    manifest.write_text("[late]\npercent_per_day = 1000\n")
    with pytest.raises(GradingRefused, match="from 0 to 100") as caught:
        late_policy(tiny.course, "tiny")
    assert "[" not in str(caught.value)


def test_adding_late_settings_judges_nobody_again(tiny):
    """A table of late settings, blank lines and comments are not what a verdict depends on."""
    manifest = tiny.root / "solutions" / "tiny" / "unit.toml"
    before = loaded(tiny).version
    manifest.write_text(manifest.read_text() + "\n# late work\n[late]\npercent_per_day = 10\n\n")
    assert loaded(tiny).version == before
    manifest.write_text(manifest.read_text() + '[differs]\ndouble = "otherwise"\n')
    assert loaded(tiny).version != before


@pytest.mark.parametrize("text", ["", "ab", "zz" * 32, "ab" * 31])
def test_a_secret_that_was_cut_is_not_used(tiny, text):
    """With a short secret a learner could work the hidden inputs out; an empty one is known."""
    course = tiny.course
    assert len(course.key()) == 32
    (course.state / "key").write_text(text)
    with pytest.raises(GradingRefused, match="secret"):
        course.key()
