"""Submissions are read without following anything and parsed without believing anything."""

import json
import os

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from rnngrader.errors import SubmissionUnreadable
from rnngrader.submission import MAX_BYTES, STUDENT_ID, parse, read_file


def book(*cells, nbformat=4):
    """A small notebook as a dictionary."""
    return {"nbformat": nbformat, "nbformat_minor": 5, "metadata": {}, "cells": list(cells)}


def code(source, **nbgrader):
    """A code cell, with nbgrader metadata if any is given."""
    metadata = {"nbgrader": nbgrader} if nbgrader else {}
    return {"cell_type": "code", "source": source, "metadata": metadata, "outputs": []}


def raw(value):
    """The bytes of a notebook file."""
    return json.dumps(value).encode()


def test_only_kind_source_and_id_are_taken():
    """Tags, points, flags, outputs and attachments leave no trace."""
    cell = code(["a = 1\n", "b = 2"], grade_id="x", points=1e9, grade=True, schema_version=99)
    cell["metadata"]["tags"] = ["skip-execution"]
    cell["outputs"] = [{"output_type": "stream", "text": "evil"}]
    (parsed,) = parse(raw(book(cell)))
    assert (parsed.kind, parsed.source, parsed.grade_id) == ("code", "a = 1\nb = 2", "x")
    assert set(vars(parsed)) == {"kind", "source", "grade_id"}


@pytest.mark.parametrize("grade_id", [["a"], {"b": 1}, 7, None, True, "x" * 201])
def test_an_id_that_is_no_short_text_is_no_id(grade_id):
    """Lists, objects and ten-megabyte names do not get further than here."""
    (parsed,) = parse(raw(book(code("pass", grade_id=grade_id))))
    assert parsed.grade_id is None


def test_a_byte_order_mark_and_windows_line_ends_are_accepted():
    """What an editor on Windows leaves behind costs nothing."""
    (parsed,) = parse(b"\xef\xbb\xbf" + raw(book(code("a\r\nb"))))
    assert parsed.source == "a\nb"


def test_the_third_notebook_format_is_upgraded():
    """An old notebook is read, not refused."""
    old = {
        "nbformat": 3,
        "nbformat_minor": 0,
        "metadata": {},
        "worksheets": [
            {
                "cells": [
                    {"cell_type": "code", "input": "x = 1", "outputs": [], "language": "python"}
                ]
            }
        ],
    }
    assert parse(raw(old))[0].source == "x = 1"


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "empty"),
        (b"  \n", "empty"),
        (b'{"nbformat": 4, "cells": [', "cut off"),
        (b"[1, 2]", "no nbformat"),
        (b"\x89PNG\r\n\x1a\n", "not UTF-8"),
        ("{}".encode("utf-16"), "UTF-16"),
        (b"version https://git-lfs.github.com/spec/v1\n", "Git LFS"),
        (b"<<<<<<< HEAD\n{}\n=======\n", "merge-conflict"),
        (b"[" * 100_000, "nested too deeply"),
        (raw(book(nbformat=5)), "got 5"),
        (raw({"nbformat": 3, "worksheets": "no"}), "format-3"),
        (raw({"nbformat": 4, "cells": {}}), "list"),
        (raw(book(7)), "no source"),
        (raw(book(code("x" * 300_000))), "longer than"),
        (raw(book(*[code("x")] * 501)), "at most 500"),
        (b'{"nbformat": ' + b"9" * 5000 + b"}", "too long"),
    ],
)
def test_a_broken_file_is_named_in_one_sentence(data, words):
    """Every kind of broken file says what is wrong with it."""
    with pytest.raises(SubmissionUnreadable, match=words) as caught:
        parse(data)
    assert len(str(caught.value)) < 300
    assert "\n" not in str(caught.value)


json_values = st.recursive(
    st.none() | st.booleans() | st.floats() | st.text() | st.integers(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=8,
)


@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.fixed_dictionaries({}, optional={
    "nbformat": st.sampled_from([3, 4, "4", None]) | json_values,
    "cells": json_values | st.lists(st.fixed_dictionaries({}, optional={
        "cell_type": json_values, "source": json_values, "metadata": json_values})),
    "worksheets": json_values,
}))  # fmt: skip
def test_any_json_is_parsed_or_refused(value):
    """No JSON of any shape raises anything but SubmissionUnreadable."""
    try:
        parse(raw(value))
    except SubmissionUnreadable:
        return


@given(st.binary(max_size=200))
def test_any_bytes_are_parsed_or_refused(data):
    """Neither does any sequence of bytes."""
    try:
        parse(data)
    except SubmissionUnreadable:
        return


@pytest.fixture
def submitted(tmp_path):
    """A submissions folder with one good file, and a secret beside it."""
    folder = tmp_path / "submitted" / "ada" / "lstm"
    folder.mkdir(parents=True)
    (folder / "lstm.ipynb").write_bytes(b"good")
    (tmp_path / "secret.ipynb").write_bytes(b"secret")
    return tmp_path / "submitted"


def test_a_plain_file_is_read(submitted):
    """The normal case gives the bytes."""
    assert read_file(submitted, "ada", "lstm") == b"good"


@pytest.mark.parametrize("kind", ["link", "link to folder", "pipe", "folder", "hard link", "large"])
def test_what_is_no_plain_file_is_refused_at_once(submitted, kind, tmp_path):
    """Links are not followed, pipes do not hang the run, large files are not loaded."""
    path = submitted / "ada" / "lstm" / "lstm.ipynb"
    path.unlink()
    if kind == "link":
        path.symlink_to(tmp_path / "secret.ipynb")
    elif kind == "link to folder":
        path.parent.rmdir()
        (tmp_path / "other").mkdir()
        (tmp_path / "other" / "lstm.ipynb").write_bytes(b"secret")
        path.parent.symlink_to(tmp_path / "other")
    elif kind == "pipe":
        os.mkfifo(path)
    elif kind == "folder":
        path.mkdir()
    elif kind == "hard link":
        path.hardlink_to(tmp_path / "secret.ipynb")
    else:
        with path.open("wb") as file:
            file.truncate(MAX_BYTES + 1)
    with pytest.raises(SubmissionUnreadable):
        read_file(submitted, "ada", "lstm")


def test_a_wrong_name_is_told_with_the_right_one(submitted):
    """A learner who renamed the notebook reads both names."""
    (submitted / "ada" / "lstm" / "lstm.ipynb").rename(submitted / "ada" / "lstm" / "My.ipynb")
    with pytest.raises(SubmissionUnreadable, match=r"lstm\.ipynb, found 'My\.ipynb'"):
        read_file(submitted, "ada", "lstm")


@pytest.mark.parametrize(
    "name", ["..", "a/b", "", "a b", "=1+1", "é", "-rf", ".hidden", "a" * 65, "a\n"]
)
def test_odd_names_are_no_student_ids(name):
    """An id never needs quoting in a path, a table or a command."""
    assert not STUDENT_ID.fullmatch(name)
