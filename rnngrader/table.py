"""Verdicts of a class as a table for a terminal."""

from collections.abc import Sequence

from rnngrader.verdict import Verdict


def print_table(verdicts: Sequence[Verdict]) -> None:
    """Print student, score and causes; `+` marks points that a person has yet to give."""
    width = max([len("student"), *(len(v.student) for v in verdicts)])
    print(f"{'student':<{width}}  {'score':>9}  cause")
    for verdict in verdicts:
        waiting = "+" if any(q.score is None for q in verdict.questions) else " "
        score = f"{verdict.score:g}/{verdict.max_score:g}"
        cause = verdict.reason or "; ".join(_causes(verdict))
        print(f"{verdict.student:<{width}}  {score:>8}{waiting}  {cause}")


def _causes(verdict: Verdict) -> list[str]:
    """One entry per cause, with the questions it was found in."""
    found: dict[str, list[str]] = {}
    for question in verdict.questions:
        if question.cause:
            found.setdefault(question.cause, []).append(question.grade_id.removeprefix("check_"))
    return [f"{cause} ({', '.join(ids)})" for cause, ids in found.items()]
