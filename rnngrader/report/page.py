"""The report as one page: no script, nothing from elsewhere, every text escaped."""

from html import escape
from importlib import resources
from statistics import median

from rnngrader.display import plain_text
from rnngrader.messages import message
from rnngrader.report import pictures, tables
from rnngrader.report.facts import Facts
from rnngrader.report.tables import Table, Value

POLICY = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'"
ROWS = 100  # of a table on the page; all are in the CSV file
_KEY = ("full", "part", "none", "waiting")


def page(facts: Facts) -> str:
    """The page as HTML."""
    title = message("insight.title", unit=facts.assignment.title)
    style = resources.files("rnngrader").joinpath("styles/report.css").read_text("utf-8")
    body = [
        f"<h1>{escape(title)}</h1>",
        _summary(facts),
        _distribution(facts),
        _difficulty(facts),
        _section(tables.mistakes(facts), message("insight.mistakes-note")),
        _section(tables.troubles(facts), message("insight.troubles-note")) + _time(facts),
        _section(tables.similar(facts), message("insight.similar-note", count=str(facts.compared))),
        _section(tables.late(facts), message("insight.late-note")),
    ]
    return (
        '<!doctype html>\n<html lang="en"><head><meta charset="utf-8">'
        f'<meta http-equiv="Content-Security-Policy" content="{POLICY}">'
        '<meta name="viewport" content="width=device-width,initial-scale=1">'
        f"<title>{escape(title)}</title><style>{style}</style></head>"
        f"<body><main>{''.join(body)}</main></body></html>\n"
    )


def _summary(facts: Facts) -> str:
    counts: dict[str, int] = {}
    for mark in facts.marks:
        counts[mark.state.value] = counts.get(mark.state.value, 0) + 1
    cards = "".join(
        f"<div><dt>{escape(message(f'insight.state.{state}'))}</dt><dd>{count}</dd></div>"
        for state, count in counts.items()
    )
    return f"<dl>{cards}</dl>"


def _distribution(facts: Facts) -> str:
    head = f"<h2>{escape(message('insight.distribution'))}</h2>"
    scores = [mark.score for mark in facts.graded]
    if not scores:
        return f"<section>{head}{_note(message('insight.nobody'))}</section>"
    words = message(
        "insight.distribution-note",
        count=str(len(scores)),
        mean=f"{sum(scores) / len(scores):.2f}",
        median=f"{median(scores):g}",
        points=f"{facts.assignment.max_score:g}",
    )
    picture = pictures.histogram(facts.distribution, facts.assignment.max_score)
    return f"<section>{head}<figure>{picture}</figure>{_note(words)}</section>"


def _difficulty(facts: Facts) -> str:
    table = tables.questions(facts)
    key = "".join(
        f'<li><svg viewBox="0 0 14 14" aria-hidden="true"><rect class="{kind}" width="14" '
        f'height="14"/></svg>{escape(message(f"insight.column.{kind}"))}</li>'
        for kind in _KEY
    )
    return (
        f"<section><h2>{escape(table.title)}</h2><ul class=key>{key}</ul>"
        f"<figure>{pictures.difficulty(facts.questions)}</figure>{_table(table)}</section>"
    )


def _section(table: Table, note: str) -> str:
    head = f"<h2>{escape(table.title)}</h2>"
    if not table.rows:
        return f"<section>{head}{_note(message('insight.none'))}</section>"
    return f"<section>{head}{_note(note)}{_table(table)}</section>"


def _time(facts: Facts) -> str:
    seconds = list(facts.seconds.values())
    if not seconds:
        return ""
    told = {"median": f"{median(seconds):.2f}", "most": f"{max(seconds):.1f}"}
    whole = f"{sum(seconds):.0f}"
    return _note(message("insight.time-note", count=str(len(seconds)), sum=whole, **told))


def _table(table: Table) -> str:
    heads = "".join(
        f'<th scope="col"{_numeric(table, n)}>{escape(head)}</th>'
        for n, head in enumerate(table.heads)
    )
    rows = "".join(
        f"<tr>{''.join(_cell(table, n, value) for n, value in enumerate(row))}</tr>"
        for row in table.rows[:ROWS]
    )
    more = len(table.rows) - ROWS
    rest = message("insight.more", count=str(more), file=f"{table.name}.csv") if more > 0 else ""
    label = escape(table.title)
    return (
        f'<div class="wide" role="region" aria-label="{label}" tabindex="0"><table><thead><tr>'
        f"{heads}</tr></thead><tbody>{rows}</tbody></table></div>{_note(rest) if rest else ''}"
    )


def _numeric(table: Table, column: int) -> str:
    first = table.rows[0][column] if table.rows else ""
    return "" if isinstance(first, str) else ' class="number"'


def _cell(table: Table, column: int, value: Value) -> str:
    if value is None:
        return "<td></td>"
    if isinstance(value, str):
        tag = 'th scope="row"' if column == 0 else "td"
        lines = "<br>".join(escape(line) for line in plain_text(value).splitlines())
        return f"<{tag}>{lines}</{tag.split(maxsplit=1)[0]}>"
    share = table.columns[column] in ("mean", "similarity")
    return f'<td class="number">{f"{value:.0%}" if share else f"{value:g}"}</td>'


def _note(text: str) -> str:
    return f"<p>{escape(text)}</p>"
