"""Late work: when it came, when it was due, and what the course takes off for it.

The due date and extensions are nbgrader's own, editable in formgrader. What lateness costs is in
the unit's `unit.toml`, table `[late]`, or for all units in `c.RNNGrader.late` of
`nbgrader_config.py`.
Nothing is taken off in the gradebook: only an export writes the lower mark.
"""

import math
import os
import re
import stat
from dataclasses import dataclass, fields
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from rnngrader.course import Course
from rnngrader.errors import GradingRefused
from rnngrader.loading import read_manifest
from rnngrader.messages import message
from rnngrader.submission import STUDENT_ID

DAY_S = 86_400.0
_STAMP_BYTES = 200
_STAMP = re.compile(r"(\d{4}-\d\d-\d\d[ T]\d\d:\d\d:\d\d(?:\.\d{1,6})?) ?(\S*)", re.ASCII)
_ZONE = re.compile(r"[A-Za-z]+(?:[/_+-][A-Za-z0-9]+)*", re.ASCII)


@dataclass(frozen=True)
class Lateness:
    """What lateness does to one submission.

    Attributes:
        seconds: after the due date; 0 if in time, None if that cannot be known.
        days: started days that count, after the grace.
        deduction: points taken off.
        closed: whether it came after the last moment; then no point is left.
    """

    seconds: float | None
    days: int = 0
    deduction: float = 0.0
    closed: bool = False


@dataclass(frozen=True)
class LatePolicy:
    """What a course takes off for late work; the values below take off nothing.

    Attributes:
        grace_minutes: lateness that does not count at all; days are counted from its end.
        percent_per_day: taken off for each started day.
        cap_percent: the most that is taken off.
        closed_after_days: days after the due date when nothing is accepted any more.
        of: "points", a share of the unit's points, or "score", a share of what was reached.
    """

    grace_minutes: float = 0.0
    percent_per_day: float = 0.0
    cap_percent: float = 100.0
    closed_after_days: float | None = None
    of: str = "points"

    def lateness(
        self, handed_in: datetime | None, due: datetime | None, score: float, points: float
    ) -> Lateness:
        """What a submission loses.

        Args:
            handed_in: UTC without a time zone, as nbgrader keeps it; None if unknown.
            due: the same, with the student's extension in it; None if there is none.
            score: points reached.
            points: points of the unit.
        """
        if handed_in is None or due is None:
            return Lateness(None)
        seconds = (handed_in - due).total_seconds()
        counted = seconds - 60.0 * self.grace_minutes
        if counted <= 0:
            return Lateness(max(0.0, seconds))
        days = math.ceil(counted / DAY_S)
        if self.closed_after_days is not None and seconds > self.closed_after_days * DAY_S:
            return Lateness(seconds, days, score, closed=True)
        percent = min(self.cap_percent, days * self.percent_per_day)
        lost = percent / 100.0 * (points if self.of == "points" else score)
        return Lateness(seconds, days, round(min(max(score, 0.0), lost), 2))


def late_policy(course: Course, unit: str) -> LatePolicy:
    """The policy of a unit: its own settings over those of the course.

    Raises:
        GradingRefused: for a setting that is unknown or makes no sense.
    """
    path = course.source / unit / "unit.toml"
    own = read_manifest(path).get("late", {})
    general = course.config.RNNGrader.get("late", {})
    table = {**dict(general), **own}
    known = [field.name for field in fields(LatePolicy)]
    for name, value in table.items():
        if name not in known or not _sensible(name, value):
            raise GradingRefused(
                message(
                    "late.bad-setting", name=str(name), value=repr(value), known=", ".join(known)
                )
            )
    return LatePolicy(**table)


def _sensible(name: str, value: Any) -> bool:
    if name == "of":
        return value in ("points", "score")
    if isinstance(value, bool) or not isinstance(value, int | float):
        return False
    top = 100.0 if name.endswith(("percent", "_per_day")) else 1e6
    return 0.0 <= value <= top


def read_stamp(course: Course, student: str, unit: str) -> datetime | None:
    """When nbgrader says that it was handed in: `timestamp.txt`, as UTC without a time zone.

    No link is followed. None if there is no such file, or nobody can tell its time zone.
    """
    if not STUDENT_ID.fullmatch(student):
        return None
    path = course.submitted / student / unit / "timestamp.txt"
    flags = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC
    try:
        with os.fdopen(os.open(path, flags), "rb") as file:
            if not stat.S_ISREG(os.fstat(file.fileno()).st_mode):
                return None
            raw = file.read(_STAMP_BYTES)
    except OSError:
        return None
    zone = str(course.config.Exchange.get("timezone", "UTC"))
    return parse_stamp(raw.decode("ascii", "replace"), zone)


def parse_stamp(text: str, zone: str = "UTC") -> datetime | None:
    """Read a time of hand-in as UTC without a time zone, as nbgrader's gradebook keeps it.

    Args:
        text: such as "2026-03-01 23:59:59.5 UTC", with a name, an offset, or a short name.
        zone: the exchange's time zone, which a short name such as "CET" or none belongs to.

    Returns:
        The time, or None where the text is none, or its zone is not known for sure.

    >>> parse_stamp("2026-03-01 23:30:00 America/New_York")
    datetime.datetime(2026, 3, 2, 4, 30)
    >>> parse_stamp("2026-03-01 23:30:00 KST", "Asia/Seoul")
    datetime.datetime(2026, 3, 1, 14, 30)
    >>> parse_stamp("2026-03-01 23:30:00 KST")
    """
    found = _STAMP.fullmatch(text.strip())
    if found is None:
        return None
    clock, mark = found.groups()
    try:
        if not mark:
            moment = datetime.fromisoformat(clock).replace(tzinfo=ZoneInfo(zone))
        elif mark[0] in "+-" or mark == "Z":
            moment = datetime.fromisoformat(f"{clock}{mark}")
        elif _ZONE.fullmatch(mark):
            return _in_named_zone(datetime.fromisoformat(clock), mark, zone)
        else:
            return None
        return moment.astimezone(UTC).replace(tzinfo=None)
    except (ValueError, OverflowError, OSError, KeyError):
        return None


def _in_named_zone(clock: datetime, mark: str, zone: str) -> datetime | None:
    """A clock time in a zone by its full name, or by the short name that `zone` uses then."""
    if mark in ("UTC", "GMT"):
        return clock
    if "/" in mark:
        return clock.replace(tzinfo=ZoneInfo(mark)).astimezone(UTC).replace(tzinfo=None)
    for fold in (0, 1):  # an hour that the clock shows twice has two short names
        moment = clock.replace(tzinfo=ZoneInfo(zone), fold=fold)
        if moment.tzname() == mark:
            return moment.astimezone(UTC).replace(tzinfo=None)
    return None


def days_and_hours(seconds: float) -> dict[str, str]:
    """Fields for a message about a duration, rounded up to whole minutes."""
    left = timedelta(minutes=math.ceil(seconds / 60))
    hours, minutes = divmod(left.seconds // 60, 60)
    return {"days": str(left.days), "hours": str(hours), "minutes": f"{minutes:02d}"}
