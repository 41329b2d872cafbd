"""Stock `nbgrader autograde` and `generate_feedback`, and formgrader's buttons, on our path.

nbgrader makes its converters by class, with no setting to choose another one. `install` puts
ours in their place; a course's `nbgrader_config.py` calls it. Should a future nbgrader make its
converters elsewhere, `settings` has already replaced their preprocessors by one that refuses, so
learner code is never run next to the tests, whatever happens.
"""

from typing import Any

from nbgrader.apps import api, autogradeapp, generatefeedbackapp
from nbgrader.converters import Autograde, GenerateFeedback
from nbgrader.converters.base import NbGraderException
from nbgrader.preprocessors import NbGraderPreprocessor
from traitlets.config import Config

from rnngrader import formgrader
from rnngrader.batch import Options, grade_unit
from rnngrader.course import Course
from rnngrader.errors import GradingRefused
from rnngrader.feedback import write_feedback


def _chosen(pattern: str) -> frozenset[str] | None:
    return None if pattern in ("*", "") else frozenset(pattern.split(","))


class Refuse(NbGraderPreprocessor):  # type: ignore[misc]  # nbgrader has no types
    """Stands where nbgrader would execute a notebook, and does not."""

    def preprocess(self, nb: Any, resources: Any) -> Any:  # noqa: ARG002 - nbconvert's signature
        """Refuse.

        Raises:
            NbGraderException: always.
        """
        raise NbGraderException(
            "This course is graded by rnngrader. Use `rnngrader grade UNIT`; running learner "
            "code inside nbgrader's own kernel is switched off."
        )


class TrustedAutograde(Autograde):  # type: ignore[misc]  # nbgrader has no types
    """`nbgrader autograde`, with rnngrader doing the work."""

    def start(self) -> None:
        """Grade the chosen submissions.

        Raises:
            NbGraderException: if grading was refused or some submission needs a person.
        """
        course = Course.from_coursedir(self.coursedir, self.config)
        options = Options(_chosen(self.coursedir.student_id), force=self.force, quiet=True)
        try:
            run = grade_unit(course, self.coursedir.assignment_id, options)
        except GradingRefused as error:
            self.log.error(str(error))  # noqa: TRY400 - a refusal is a sentence, not a trace
            raise NbGraderException(str(error)) from None
        for line in run.problems:
            self.log.error("%s: %s", line.student, line.reason)
        if run.problems:
            raise NbGraderException(f"Submissions that need a person: {len(run.problems)}.")


class TrustedFeedback(GenerateFeedback):  # type: ignore[misc]  # nbgrader has no types
    """`nbgrader generate_feedback`, writing rnngrader's pages."""

    def start(self) -> None:
        """Write feedback for the chosen submissions.

        Raises:
            NbGraderException: if nothing was graded yet.
        """
        course = Course.from_coursedir(self.coursedir, self.config)
        try:
            write_feedback(course, self.coursedir.assignment_id, _chosen(self.coursedir.student_id))
        except GradingRefused as error:
            self.log.error(str(error))  # noqa: TRY400 - a refusal is a sentence, not a trace
            raise NbGraderException(str(error)) from None


_capture_log = api.capture_log


def _told(app: Any, *arguments: Any, **named: Any) -> dict[str, Any]:
    """What formgrader says after a button: the sentences that were logged, no trace of Python.

    A trace stays where it is of use, which is after a fault of ours or of nbgrader.
    """
    result: dict[str, Any] = _capture_log(app, *arguments, **named)
    last = result.get("error", "").strip().rpartition("\n")[2]
    ours = isinstance(app, TrustedAutograde | TrustedFeedback)
    if ours and NbGraderException.__name__ in last.partition(":")[0]:
        del result["error"]
    return result


def install() -> None:
    """Make every nbgrader in this process use the two classes above; again does no harm."""
    api.capture_log = _told
    formgrader.install()
    for module in (api, autogradeapp):
        module.Autograde = TrustedAutograde
    for module in (api, generatefeedbackapp):
        module.GenerateFeedback = TrustedFeedback


def settings(config: Config) -> None:
    """Settings that keep learner code out of nbgrader's kernels and learner HTML off its pages."""
    refuse = ["rnngrader.hook.Refuse"]
    config.Autograde.sanitize_preprocessors = refuse
    config.Autograde.autograde_preprocessors = refuse
    config.HTMLExporter.sanitize_html = True
