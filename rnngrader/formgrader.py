"""What formgrader's pages need besides nbgrader: formulas from this machine, and true states.

nbgrader's grading page loads MathJax from another host. Without a network, formulas stay source
text there and the page's keys do nothing; with one, a stranger's script runs where marks are given.
The book's own MathJax is served instead, if it is installed.
"""

import hashlib
import importlib.metadata
import os
import sys
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

from nbgrader.api import Assignment, SubmittedAssignment
from nbgrader.apps.api import NbGraderAPI
from sqlalchemy import select
from tornado.web import StaticFileHandler

from rnngrader.course import Course
from rnngrader.errors import SubmissionUnreadable
from rnngrader.late import read_stamp
from rnngrader.store import latest_verdicts
from rnngrader.submission import read_file

MATHJAX = "sphinx-mathjax-offline"
TEMPLATES = Path(__file__).parent / "templates"
_EXTENSION = "nbgrader.server_extensions.formgrader.formgrader"


def install() -> None:
    """Change formgrader's pages in this process; again does no harm."""
    NbGraderAPI.get_submitted_timestamp = _handed_in
    NbGraderAPI.get_autograded_students = _autograded
    # Only a server has the extension loaded; for a command it would cost its start.
    module = sys.modules.get(_EXTENSION)
    if module is not None and not hasattr(module.FormgradeExtension.init_handlers, "stock"):
        module.FormgradeExtension.init_handlers = _with_formulas(
            module.FormgradeExtension.init_handlers
        )


def mathjax_folder() -> Path | None:
    """Where the installed MathJax is; None if there is none."""
    try:
        files = importlib.metadata.files(MATHJAX) or []
    except importlib.metadata.PackageNotFoundError:
        return None
    found = (Path(str(file.locate())) for file in files if file.name == "tex-chtml.js")
    return next((path.parent for path in found), None)


def _handed_in(api: NbGraderAPI, assignment_id: str, student_id: str) -> datetime | None:
    """The time of hand-in as grading enters it.

    nbgrader reads `timestamp.txt`, which a learner's machine may have written, in a way of its own:
    a text that is no time ends the list of the whole class, a pipe holds the server for ever, and a
    zone that only one of the two readers knows leaves "needs autograding" standing for good.
    """
    return read_stamp(Course.from_coursedir(api.coursedir, api.config), student_id, assignment_id)


def _autograded(api: NbGraderAPI, assignment_id: str) -> set[str]:
    """Students whose points are of the file that lies there now.

    nbgrader compares times of hand-in, which a file that was put there by hand does not have.
    """
    course = Course.from_coursedir(api.coursedir, api.config)
    wanted = select(SubmittedAssignment.student_id, SubmittedAssignment.timestamp)
    unit = wanted.join(Assignment).where(Assignment.name == assignment_id)
    with api.gradebook as book:
        entered = dict(book.db.execute(unit).all())
    return {
        name
        for name, moment in entered.items()
        if (course.autograded / name / assignment_id).is_dir()
        and read_stamp(course, name, assignment_id) in (None, moment)
        and not _replaced(course, name, assignment_id)
    }


def _replaced(course: Course, student: str, unit: str) -> bool:
    """Whether another file lies there than the one that was graded."""
    graded = latest_verdicts(course, student, unit)
    if not graded or not os.path.lexists(course.submitted / student / unit):
        return False
    try:
        digest = hashlib.sha256(read_file(course.submitted, student, unit)).hexdigest()
    except SubmissionUnreadable:
        digest = ""
    return graded[0].submission != digest


def _with_formulas(stock: Callable[[Any, Any], None]) -> Callable[[Any, Any], None]:
    def init_handlers(extension: Any, webapp: Any) -> None:
        folder = mathjax_folder()
        if folder is not None:
            exporter = webapp.settings["nbgrader_exporter"]
            exporter.template_paths = [str(TEMPLATES), *exporter.template_paths]
            base = webapp.settings["base_url"].rstrip("/")
            route = (rf"{base}/formgrader/mathjax/(.*)", StaticFileHandler, {"path": str(folder)})
            webapp.add_handlers(".*$", [route])
        stock(extension, webapp)

    init_handlers.stock = stock  # type: ignore[attr-defined]  # says that it was replaced
    return init_handlers
