"""The report's pictures, as SVG; sizes and places here, colours in `styles/report.css`."""

from collections.abc import Sequence
from html import escape

from rnngrader.messages import message
from rnngrader.report.facts import QuestionFacts

WIDTH, HEIGHT = 640, 220
_LEFT, _BOTTOM, _TOP = 10, 34, 22


def histogram(counts: Sequence[int], points: float) -> str:
    """Bars of how many reached which part of the points."""
    step = (WIDTH - 2 * _LEFT) / len(counts)
    room = HEIGHT - _BOTTOM - _TOP
    most = max([1, *counts])
    parts = []
    for n, count in enumerate(counts):
        x, height = _LEFT + n * step, room * count / most
        y = HEIGHT - _BOTTOM - height
        label = f"{points * n / len(counts):g}"
        parts.append(
            f'<rect class="bar" x="{x + 2:.1f}" y="{y:.1f}" width="{step - 4:.1f}" '
            f'height="{height:.1f}" rx="3"/>'
            f'<text x="{x + step / 2:.1f}" y="{y - 6:.1f}" text-anchor="middle">'
            f"{count or ''}</text>"
            f'<text class="quiet" x="{x:.1f}" y="{HEIGHT - _BOTTOM + 18}">{label}</text>'
        )
    line = f'<path class="axis" d="M{_LEFT} {HEIGHT - _BOTTOM}H{WIDTH - _LEFT}"/>'
    end = (
        f'<text class="quiet" x="{WIDTH - _LEFT}" y="{HEIGHT - _BOTTOM + 18}" '
        f'text-anchor="end">{points:g}</text>'
    )
    listed = ", ".join(
        f"{points * n / len(counts):g} - {points * (n + 1) / len(counts):g}: {count}"
        for n, count in enumerate(counts)
        if count
    )
    title = message("insight.distribution-alt", listed=listed or "0")
    return _picture("distribution", title, HEIGHT, line + "".join(parts) + end)


def difficulty(questions: Sequence[QuestionFacts]) -> str:
    """One bar a question: all points, some, none, and not decided yet; widths are shares."""
    row, left = 34, 190
    parts = []
    for n, question in enumerate(questions):
        y = 6 + n * row
        kinds = {"full": question.full, "part": question.part, "none": question.none,
                 "waiting": question.waiting}  # fmt: skip
        total, x = sum(kinds.values()) or 1, float(left)
        name = question.name if len(question.name) <= 22 else f"{question.name[:21]}…"
        parts.append(f'<text x="{left - 8}" y="{y + 17}" text-anchor="end">{escape(name)}</text>')
        for kind, count in kinds.items():
            width = (WIDTH - left - _LEFT) * count / total
            if count:
                parts.append(
                    f'<rect class="{kind}" x="{x:.1f}" y="{y}" width="{width:.1f}" height="24"/>'
                )
            if width >= 26:
                parts.append(
                    f'<text class="on-{kind}" x="{x + width / 2:.1f}" y="{y + 17}" '
                    f'text-anchor="middle">{count}</text>'
                )
            x += width
    title = message("insight.difficulty-alt")
    return _picture("difficulty", title, 12 + row * len(questions), "".join(parts))


def _picture(name: str, title: str, height: int, body: str) -> str:
    return (
        f'<svg viewBox="0 0 {WIDTH} {height}" role="img" aria-labelledby="{name}-title">'
        f'<title id="{name}-title">{escape(title)}</title>{body}</svg>'
    )
