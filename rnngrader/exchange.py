"""What nbgrader's exchange wants beside a feedback page before it hands the page out.

`nbgrader release_feedback` publishes each page under a name that only its learner can know: it is
made of a secret that `nbgrader submit` drew. Both files come from the submission, that is, from
a learner.
"""

import hashlib
import hmac
import re
from pathlib import Path

from rnngrader.course import Course, write_atomically
from rnngrader.late import read_stamp
from rnngrader.submission import read_beside

SECRET = re.compile(rb"[0-9A-Za-z]{32,256}")


def write_slips(course: Course, student: str, unit: str) -> None:
    """Put `timestamp.txt` and `submission_secret.txt` beside a learner's page.

    Work that did not come through the exchange has no secret. It gets one that nobody knows,
    because one missing file would stop nbgrader from releasing all the pages that follow.

    Args:
        course: whose submissions and feedback.
        student: whose page.
        unit: of which unit.
    """
    folder: Path = course.feedback / student / unit
    given = read_beside(course.submitted, student, unit, "submission_secret.txt").strip()
    own = hmac.new(course.key(), f"feedback {unit} {student}".encode(), hashlib.sha256).hexdigest()
    secret = given.decode("ascii") if SECRET.fullmatch(given) else own
    stamp = read_stamp(course, student, unit)
    shown = f"{stamp} UTC" if stamp else ""
    write_atomically(folder / "submission_secret.txt", secret, mode=0o600, durable=False)
    write_atomically(folder / "timestamp.txt", shown, durable=False)
