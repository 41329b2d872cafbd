"""The ``{measured}`` role: a number of a recorded run, never typed by hand.

``{measured}`memory-race lstm.accuracy.mean .2f``` reads ``experiments/results/memory-race.json``,
goes to ``lstm``, ``accuracy``, ``mean``, and writes the number with that format. A name with a
folder, ``benchmarks/cells``, reads ``benchmarks/results/cells.json``. What is missing fails the
build.
"""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from docutils import nodes
from sphinx.util.docutils import SphinxRole

if TYPE_CHECKING:
    from sphinx.application import Sphinx

FOLDER: Final = "experiments"
TIMES: Final = "\N{THIN SPACE}\N{MULTIPLICATION SIGN}\N{THIN SPACE}10"
SUPERSCRIPTS: Final = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")
EXPONENT: Final = re.compile(r"e([+-])0*(\d+)$")


def written(value: object, style: str) -> str:
    """Return a value as it stands in a sentence: a real minus, and powers of ten as such.

    Args:
        value: A number or a text.
        style: What Python's ``format`` takes, such as ``.2f``, ``.0%`` or ``.1e``.

    Raises:
        ValueError: The value is no number and no text, or the format does not fit it.
    """
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        raise ValueError(f"expected a number or a text, got {value!r:.60}")  # noqa: TRY004 - the record's fault
    text = format(value, style)
    if isinstance(value, str):
        return text
    match = EXPONENT.search(text)
    if match:
        power = match[1].replace("+", "") + match[2]
        text = (
            f"{text[: match.start()]}\N{THIN SPACE}×\N{THIN SPACE}10{power.translate(SUPERSCRIPTS)}"
        )
    return text.replace("-", "\N{MINUS SIGN}")


def looked_up(record: object, path: str) -> object:
    """Return what stands in a record below ``lstm.accuracy.mean``; numbers count in lists.

    In a list of rows, ``length=12,design=none`` is the one row whose ``condition`` says so.

    Raises:
        ValueError: A name on the way is missing, or not exactly one row fits.
    """
    for name in path.split("."):
        if isinstance(record, list) and "=" in name:
            record = _row(record, name)
        elif isinstance(record, list) and name.isdigit() and int(name) < len(record):
            record = record[int(name)]
        elif isinstance(record, dict) and name in record:
            record = record[name]
        else:
            known = ", ".join(record) if isinstance(record, dict) else type(record).__name__
            raise ValueError(f"expected {name!r} of {path!r}, got {known}")
    return record


def _row(rows: list[Any], wanted: str) -> object:
    pairs = [pair.partition("=")[::2] for pair in wanted.split(",")]
    found = [
        row
        for row in rows
        if all(_text(row["condition"].get(name)) == value for name, value in pairs)
    ]
    if len(found) != 1:
        raise ValueError(f"expected one row with {wanted}, got {len(found)}")
    return found[0]


def _text(value: object) -> str:
    return f"{value:g}" if isinstance(value, int | float) else str(value)


class MeasuredRole(SphinxRole):
    """Insert one number."""

    def run(self) -> tuple[list[nodes.Node], list[nodes.system_message]]:
        """Return the number as text, or report what is missing."""
        try:
            return [nodes.inline("", self._text(), classes=["measured"])], []
        except ValueError as error:
            reporter: Any = self.inliner.reporter
            complaint = reporter.error(f"measured: {error}", line=self.lineno)
            return [self.inliner.problematic(self.rawtext, self.rawtext, complaint)], [complaint]

    def _text(self) -> str:
        words = self.text.split()
        if len(words) not in {2, 3}:
            raise ValueError(f"expected RUN PATH FORMAT, got {self.text!r}")
        name, path, style = [*words, ""][:3]
        folder, _, stem = name.rpartition("/")
        root = Path(self.env.srcdir).parent
        file = root / (folder or FOLDER) / "results" / f"{stem}.json"
        if not file.is_file():
            raise ValueError(f"expected the record {file.relative_to(root)}, got none")
        self.env.note_dependency(str(file))
        return written(looked_up(json.loads(file.read_text(encoding="utf-8")), path), style)


def register(app: Sphinx) -> None:
    """Add the role."""
    app.add_role("measured", MeasuredRole())
