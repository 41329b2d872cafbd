"""Marks into files of Canvas and Moodle: only cells asked for change, and nothing by stealth."""

import codecs
import csv
import io
import json
import shutil

import pytest
from hypothesis import given
from hypothesis import strategies as st
from nbgrader.api import Gradebook

from rnngrader.cli import main
from rnngrader.export.plan import Step, number
from rnngrader.export.sheet import Sheet
from rnngrader.formulas import runs_in_a_spreadsheet, safe_text
from tests.rnngrader import lms
from tests.rnngrader.courses import TinyCourse

COLUMN = {"canvas": 6, "moodle-worksheet": 5, "moodle": 7}
FILES = {"canvas": lms.canvas, "moodle-worksheet": lms.worksheet, "moodle": lms.moodle}
FIRST = {"canvas": 3, "moodle-worksheet": 1, "moodle": 1}


@pytest.fixture(scope="module")
def course(tmp_path_factory):
    """Graded once: ada is right, bob wrong, cyd unreadable, dan handed in nothing, fay is right."""
    tiny = TinyCourse(tmp_path_factory.mktemp("export") / "course")
    tiny.hand_in("ada")
    tiny.hand_in("fay")
    tiny.hand_in("bob", "def double(x): return x")
    tiny.hand_in("cyd", raw=b"{")
    assert main(["grade", "tiny", "--course", str(tiny.root), "--workers", "1"]) == 2
    with Gradebook(tiny.course.db_url) as book:
        book.update_or_create_student("bob", email="bob@example.org")
        book.update_or_create_student("cyd", email="cyd@example.org", lms_user_id="13")
        book.update_or_create_student("dan", email="dan@example.org")
    return tiny


@pytest.fixture
def run(course, tmp_path, capsys):
    """Export into a file of given bytes; gives exit code, facts, and the file's path."""
    shutil.rmtree(course.course.state / "exports", ignore_errors=True)
    path = tmp_path / "grades.csv"

    def run_export(form, raw, *options):
        if raw is not None:
            path.write_bytes(raw)
        place = ["--course", str(course.root), "--to", form, "--file", str(path)]
        code = main(["export", "tiny", *place, "--json", *options])
        said = capsys.readouterr()
        return code, json.loads(said.out) if said.out else said.err, path

    return run_export


def cells(raw, form, encoding="utf-8-sig"):
    """All rows as Python's own reader sees them, and the column of the marks."""
    text = raw.decode(encoding)
    delimiter = ";" if form == "moodle" else ","
    rows = list(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter))
    return rows, [row[COLUMN[form]] for row in rows[FIRST[form] :]]


@pytest.mark.parametrize("form", FILES)
def test_only_the_marks_change_and_names_stay_as_they_are(run, form):
    """With hostile names, mark, line ends, quotes: every other cell is what it was."""
    raw = codecs.BOM_UTF8 + FILES[form]().encode()
    code, said, path = run(form, raw)
    assert path.read_bytes() == raw, "a dry run writes nothing"
    assert not said["written"]
    code, said, path = run(form, None, "--write")
    assert code == 2, "fay is not in the file"
    assert said["unmatched"] == ["fay"]
    assert len(said["strangers"]) == 1
    assert said["formulas"] >= 1
    new = path.read_bytes()
    rows, marks = cells(new, form)
    assert marks[:2] == ["2", "0"]
    assert marks[2:] == cells(raw, form)[1][2:], "unreadable, missing and unknown: nothing written"
    for old_row, new_row in zip(cells(raw, form)[0], rows, strict=True):
        del old_row[COLUMN[form]], new_row[COLUMN[form]]
        assert new_row == old_row
    assert new.startswith(codecs.BOM_UTF8)
    assert (new.count(b"\r\n"), new.count(b"\n")) == (raw.count(b"\r\n"), raw.count(b"\n"))
    assert (path.parent / said["copy"]).read_bytes() == raw


@pytest.mark.parametrize("form", FILES)
def test_a_second_export_finds_nothing_to_do(run, form):
    """The same marks again: not a byte is written, and no second copy is made."""
    run(form, FILES[form]().encode(), "--write")
    path = run(form, None)[2]
    before, stamp = path.read_bytes(), path.stat().st_mtime_ns
    _, said, _ = run(form, None, "--write")
    assert (said["written"], said["copy"]) == (False, None)
    assert (path.read_bytes(), path.stat().st_mtime_ns) == (before, stamp)
    assert len(list(path.parent.glob("*.before-*"))) == 1


def steps(said):
    """What happens to whom."""
    return {line["student"]: (line["step"], line["new"]) for line in said["lines"]}


def test_missing_and_unreadable_are_written_only_when_asked(run):
    """Each kind has its own word; missing work is 0."""
    _, said, _ = run("canvas", lms.canvas().encode())
    assert steps(said)["cyd"] == steps(said)["dan"] == ("held", "")
    _, said, path = run("canvas", None, "--write", "--also", "missing")
    assert steps(said)["cyd"] == ("held", "")
    assert steps(said)["dan"] == ("fill", "0")
    assert cells(path.read_bytes(), "canvas")[1] == ["2", "0", "", "0", ""]


def test_marks_of_others_are_kept_and_named(run):
    """A higher mark and a word stay; a lower one is raised and shown; --overwrite is a word."""
    marks = ("1", "1.5", "EX", "", "")
    code, said, _ = run("canvas", lms.canvas(marks).encode())
    assert code == 2
    assert steps(said)["ada"] == ("change", "2")
    assert steps(said)["bob"][0] == "keep-higher"
    _, said, path = run("canvas", None, "--overwrite", "--write", "--also", "unreadable")
    assert cells(path.read_bytes(), "canvas")[1] == ["2", "0", "0", "", ""]


def test_a_mark_that_somebody_set_after_our_export_is_theirs(run):
    """Lower than ours, but not what we wrote: kept until told otherwise."""
    run("canvas", lms.canvas().encode(), "--write")
    _, said, _ = run("canvas", lms.canvas(("1.25", "0", "", "", "")).encode())
    assert steps(said)["ada"][0] == "keep-foreign"
    assert steps(said)["bob"][0] == "same"
    _, said, _ = run("canvas", None, "--overwrite")
    assert steps(said)["ada"] == ("change", "2")


def test_locked_marks_stay(run):
    """Moodle says which marks it would refuse."""
    _, said, _ = run("moodle-worksheet", lms.worksheet(changeable="No").encode(), "--write")
    assert steps(said)["ada"][0] == "locked"
    assert not said["written"]


def test_another_full_mark_is_refused_and_can_be_converted(run):
    """2 points here are 100 there only if somebody says so."""
    raw = lms.canvas(points="100.0").encode()
    code, said, path = run("canvas", raw, "--write")
    assert code == 1
    assert "--out-of 100" in said
    assert path.read_bytes() == raw
    _, said, _ = run("canvas", None, "--out-of", "100")
    assert steps(said)["ada"] == ("fill", "100")


def test_the_decimal_sign_is_the_files_own(run, course):
    """A point, or a comma where the file's column has commas or --comma is given."""
    with Gradebook(course.course.db_url) as book:
        book.find_grade("check_double", "tiny", "tiny", "bob").manual_score = 1.255
        book.db.commit()
    _, _, path = run("moodle", lms.moodle(("0,50", "-", "-", "-", "-")).encode(), "--write")
    assert cells(path.read_bytes(), "moodle")[1][:2] == ["2", "1,25"]
    _, _, path = run("canvas", lms.canvas().encode(), "--write")
    assert cells(path.read_bytes(), "canvas")[1][:2] == ["2", "1.25"]
    with Gradebook(course.course.db_url) as book:
        book.find_grade("check_double", "tiny", "tiny", "bob").manual_score = None
        book.db.commit()


def test_doubtful_lines_are_left_out_and_named(run):
    """Two lines for one student, and a line that names two students."""
    lines = lms.worksheet().split("\r\n")
    twice = "\r\n".join([*lines[:2], lines[1].replace("501", "777"), *lines[2:]])
    _, said, _ = run("moodle-worksheet", twice.encode())
    assert said["ambiguous"] == ["ada"]
    assert "ada" not in steps(said)
    both = lms.canvas().replace(",12,,bob,", ",12,ada,bob,")
    _, said, _ = run("canvas", both.encode())
    assert said["ambiguous"] == [lms.EVIL]


@pytest.mark.parametrize(
    ("form", "text", "word"),
    [
        ("canvas", lms.worksheet(), "Canvas' gradebook"),
        ("moodle", lms.worksheet(), "moodle-worksheet"),
        ("moodle-worksheet", lms.canvas(), "Identifier"),
        ("canvas", lms.canvas().replace("tiny (42)", "tin (42)"), "tin (42)"),
        ("canvas", "Student\n", "CSV file"),
        ("canvas", "", "CSV file"),
    ],
)
def test_a_wrong_file_is_refused_with_its_columns(run, form, text, word):
    """The sentence says what was expected and what came; the file stays."""
    code, said, path = run(form, text.encode(), "--write")
    assert code == 1
    assert word in said
    assert path.read_bytes() == text.encode()
    assert not list(path.parent.glob("*.before-*"))


@pytest.mark.parametrize("encoding", ["latin-1", "utf-16-le", "utf-16-be", "utf-8"])
def test_encodings_come_back_as_they_were(run, encoding):
    """Old and wide encodings, with and without a mark."""
    mark = {"utf-16-le": codecs.BOM_UTF16_LE, "utf-16-be": codecs.BOM_UTF16_BE}.get(encoding, b"")
    raw = mark + lms.canvas().encode(encoding)
    _, _, path = run("canvas", raw, "--write")
    new = path.read_bytes()
    assert new.startswith(mark)
    assert cells(new.removeprefix(mark), "canvas", encoding)[1][:2] == ["2", "0"]
    assert lms.QUOTED.replace('"', '""') in new.removeprefix(mark).decode(encoding)


def test_a_full_disk_leaves_the_file_as_it_was(run, monkeypatch):
    """Writing fails at the last moment: the old file is there, whole, and the refusal says so."""
    raw = lms.canvas().encode()

    def full(_fd):
        raise OSError(28, "No space left on device")

    run("canvas", raw)
    monkeypatch.setattr("rnngrader.export.os.fsync", full)
    code, said, path = run("canvas", None, "--write")
    monkeypatch.undo()
    assert code == 1
    assert "No space left" in said
    assert path.read_bytes() == raw
    assert not list(path.parent.glob(".writing-*"))


def test_lateness_is_in_the_export_only(course, run):
    """The file gets the lower mark, and the line says why; the gradebook keeps the full one."""
    manifest = course.course.source / "tiny" / "unit.toml"
    text = manifest.read_text()
    manifest.write_text(f"[late]\npercent_per_day = 30\n{text}")
    with Gradebook(course.course.db_url) as book:
        book.update_or_create_assignment("tiny", duedate="2026-03-01 23:00:00 UTC")
        book.update_or_create_submission("tiny", "ada", timestamp="2026-03-02 01:00:00 UTC")
    _, said, _ = run("canvas", lms.canvas().encode())
    manifest.write_text(text)
    assert steps(said)["ada"] == ("fill", "1.4")
    assert [line["student"] for line in said["lines"] if line["late"]] == ["ada"]
    assert course.grades()["ada", "check_double"][0] == 2


@given(st.lists(st.lists(st.text(max_size=6), min_size=2, max_size=4), min_size=1, max_size=4),
       st.sampled_from(["\n", "\r\n"]), st.booleans())  # fmt: skip
def test_any_table_survives_a_change_of_one_cell(rows, end, mark):
    """What Python's own writer wrote is read alike, and one change is one change."""
    out = io.StringIO(newline="")
    # Python's writer leaves a lone CR bare where lines end with LF; its reader ends a line there.
    bare = any("\r" in text for row in rows for text in row)
    quoting = csv.QUOTE_ALL if bare else csv.QUOTE_MINIMAL
    csv.writer(out, lineterminator=end, quoting=quoting).writerows([["a", "b"], *rows])
    text = out.getvalue().encode("utf-8", "replace").decode()
    raw = (codecs.BOM_UTF8 if mark else b"") + text.encode()
    if not mark and text.startswith("\ufeff"):
        return
    sheet = Sheet.parse(raw)
    assert sheet.to_bytes() == raw
    assert [[cell.value for cell in row] for row in sheet.rows] == list(
        csv.reader(io.StringIO(text, newline=""))
    )
    sheet.set(1, 1, '1,"x"\n')
    again = Sheet.parse(sheet.to_bytes())
    assert again.value(1, 1) == '1,"x"\n'
    assert again.value(1, 0) == sheet.value(1, 0)


@given(st.text(max_size=8))
def test_no_text_of_ours_is_a_formula(text):
    """Safe text does not run, and is the text itself or the text after an apostrophe."""
    safe = safe_text(text)
    assert not runs_in_a_spreadsheet(safe)
    assert safe in (text, f"'{text}")


def test_numbers_are_numbers_only():
    """What a system writes for no mark is none; signs of other alphabets neither."""
    assert [number(text) for text in ("10.00", "-3", "7,5", "1,000.5", "", "٣", "nan", "1e3")] == [
        10.0, -3.0, 7.5, None, None, None, None, None,
    ]  # fmt: skip
    assert {step.value for step in Step} >= {"fill", "held"}
