"""Build the made-up class: a course directory with one submission per style, mistake and attack."""

import copy
import json
import os
import shutil
from pathlib import Path
from typing import Any

from rnngrader.course import Course
from rnngrader.demo.attacks import CODE, FILE
from rnngrader.demo.mistakes import MISTAKES
from rnngrader.demo.styles import STYLES
from rnngrader.errors import GradingRefused
from rnngrader.loading import load_assignment

UNIT = "lstm"
FUNCTIONS = ("lstm_gates", "lstm_step", "lstm_forward")
ESSAY = (
    "The cell is only multiplied by f and added to, so along c the gradient is a product of the "
    "forget gates: near 1 it lives, below 1 it shrinks with every step."
)


def build_class(course_root: Path, folder: Path) -> Course:
    """Copy the course into `folder` and hand in for everyone.

    Args:
        course_root: a course directory with `solutions/` and `exercises/`.
        folder: where the demo's own course directory goes; a former one is replaced.

    Raises:
        GradingRefused: if the course has no such unit, or `folder` holds something else.
    """
    source = course_root / "solutions" / UNIT
    release = course_root / "exercises" / UNIT / f"{UNIT}.ipynb"
    for path in (source, release):
        if not path.exists():
            raise GradingRefused(f"Expected {path}; run this in a course directory.")
    if folder.exists() and any(folder.iterdir()) and not (folder / ".demo").exists():
        raise GradingRefused(f"Expected an empty folder or a former demo, got {folder}.")
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    (folder / ".demo").write_text("This folder is made by `make grade-demo` and replaced by it.\n")
    shutil.copytree(source, folder / "solutions" / UNIT)
    shutil.copytree(release.parent, folder / "exercises" / UNIT)
    settings = (course_root / "nbgrader_config.py").read_text(encoding="utf-8")
    settings += f"c.Exchange.root = {str(folder.resolve() / 'exchange')!r}\n"
    (folder / "nbgrader_config.py").write_text(settings, encoding="utf-8")
    (folder / "exchange").mkdir()
    course = Course.load(folder)
    book = json.loads(release.read_text(encoding="utf-8"))
    for student, notebook in notebooks(course, book).items():
        _hand_in(course, student, json.dumps(notebook).encode())
    _hand_in_broken(course, book)
    return course


def notebooks(course: Course, book: dict[str, Any]) -> dict[str, dict[str, Any]]:
    """What everybody hands in, by student: notebooks made from the released one, `book`."""
    cells = load_assignment(course.source, UNIT, course.config).learner_names
    made = {"stub": copy.deepcopy(book)}
    for name, sources in STYLES.items():
        answers = {cells[f]: text for f, text in zip(FUNCTIONS, sources, strict=True)}
        made[f"right-{name}"] = _answered(book, answers, essay=True)
    plain = dict(zip(FUNCTIONS, STYLES["plain"], strict=True))
    for name, function, old, new in MISTAKES:
        if old not in plain[function]:
            raise ValueError(f"expected {old!r} in the plain {function}")
        edited = {**plain, function: plain[function].replace(old, new)}
        made[f"wrong-{name}"] = _answered(book, {cells[f]: t for f, t in edited.items()})
    for name, text in CODE.items():
        made[f"attack-{name}"] = _with_extra_cell(book, cells[FUNCTIONS[-1]], text)
    for name, change in FILE.items():
        made[f"attack-{name}"] = copy.deepcopy(book)
        change(made[f"attack-{name}"])
    return made


def _answered(
    book: dict[str, Any], answers: dict[str, str], *, essay: bool = False
) -> dict[str, Any]:
    book = copy.deepcopy(book)
    for cell in book["cells"]:
        meta = cell["metadata"].get("nbgrader", {})
        if meta.get("grade_id") in answers:
            cell["source"] = answers[meta["grade_id"]].strip()
        elif essay and meta.get("grade") and meta.get("solution"):
            cell["source"] = ESSAY
    return book


def _with_extra_cell(book: dict[str, Any], after: str, text: str) -> dict[str, Any]:
    """Put code after the last exercise, where it may replace every function."""
    book = copy.deepcopy(book)
    ids = [c["metadata"].get("nbgrader", {}).get("grade_id") for c in book["cells"]]
    cell = {"cell_type": "code", "id": "extra", "metadata": {}, "outputs": []}
    book["cells"].insert(ids.index(after) + 1, {**cell, "execution_count": None, "source": text})
    return book


def _hand_in(course: Course, student: str, raw: bytes, name: str = f"{UNIT}.ipynb") -> Path:
    path = course.submitted / student / UNIT / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(raw)
    return path


def _hand_in_broken(course: Course, book: dict[str, Any]) -> None:
    text = json.dumps(book)
    broken = {
        "empty": b"",
        "truncated": text[: len(text) // 2].encode(),
        "not-json": b"\x89PNG\r\n\x1a\n\x00\x00",
        "merge-conflict": f"<<<<<<< HEAD\n{text}\n=======\n{text}\n>>>>>>> mine\n".encode(),
        "utf-16": text.encode("utf-16"),
        "from-the-future": json.dumps({**book, "nbformat": 5}).encode(),
        "nested": b"[" * 200_000,
        "a-list": b"[1, 2, 3]",
    }
    for name, raw in broken.items():
        _hand_in(course, f"broken-{name}", raw)
    _hand_in(course, "broken-wrong-name", text.encode(), "Untitled.ipynb")
    for name, target in (("link-to-solution", course.source / UNIT / f"{UNIT}.ipynb"),
                         ("link-to-key", course.state / "key")):  # fmt: skip
        path = _hand_in(course, f"attack-{name}", b"")
        path.unlink()
        path.symlink_to(target)
    pipe = _hand_in(course, "attack-pipe", b"")
    pipe.unlink()
    os.mkfifo(pipe)
    cells = load_assignment(course.source, UNIT, course.config).learner_names
    answers = dict(zip((cells[f] for f in FUNCTIONS), STYLES["plain"], strict=True))
    good = json.dumps(_answered(book, answers), indent=1).replace("\n", "\r\n")
    _hand_in(course, "right-from-windows", b"\xef\xbb\xbf" + good.encode())
