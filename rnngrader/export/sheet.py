"""A CSV file whose cells can be changed while every other byte stays as it was.

Learning management systems want their own file back: the same columns, order, quoting, byte order
mark and line ends. So a file is not read and written again; single cells are replaced in its text.
"""

import codecs
import re
from dataclasses import dataclass, field
from pathlib import Path

from rnngrader.errors import GradingRefused
from rnngrader.messages import message

MAX_BYTES = 64 << 20
_MARKS = ((codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_LE, "utf-16-le"),
          (codecs.BOM_UTF16_BE, "utf-16-be"))  # fmt: skip


@dataclass(frozen=True)
class Cell:
    """One cell: its value, and where its text stands in the file, quotes included."""

    value: str
    start: int
    end: int


@dataclass
class Sheet:
    """A CSV file in memory.

    Attributes:
        rows: the cells of every line, the header first; empty lines are no rows.
        delimiter: what stands between cells.
        changes: new text for cells, by (row, column).
    """

    mark: bytes
    encoding: str
    text: str
    rows: list[list[Cell]]
    delimiter: str
    changes: dict[tuple[int, int], str] = field(default_factory=dict)

    @classmethod
    def read(cls, path: Path) -> "Sheet":
        """Read a downloaded file.

        Raises:
            GradingRefused: if it is not there, or is no table.
        """
        try:
            with path.open("rb") as file:
                raw = file.read(MAX_BYTES + 1)
            sheet = cls.parse(raw[:MAX_BYTES])
        except OSError as error:
            why = str(error.strerror)
            raise GradingRefused(message("export.no-file", path=str(path), why=why)) from None
        except UnicodeDecodeError:
            raise GradingRefused(message("export.no-table", path=str(path))) from None
        if len(raw) > MAX_BYTES or len(sheet.rows) < 2 or len(sheet.rows[0]) < 2:
            raise GradingRefused(message("export.no-table", path=str(path)))
        return sheet

    @classmethod
    def parse(cls, raw: bytes) -> "Sheet":
        """Read the bytes of a file: UTF-8, UTF-16 with its mark, or else one byte a character.

        Raises:
            UnicodeDecodeError: if the file has a mark and breaks its promise.
        """
        mark, encoding = next(
            ((mark, name) for mark, name in _MARKS if raw.startswith(mark)), (b"", "utf-8")
        )
        body = raw.removeprefix(mark)
        try:
            text = body.decode(encoding)
        except UnicodeDecodeError:
            if mark:
                raise
            encoding = "latin-1"  # of all old encodings: every byte comes back as it was
            text = body.decode(encoding)
        delimiter = _delimiter(text)
        return cls(mark, encoding, text, _rows(text, delimiter), delimiter)

    def value(self, row: int, column: int) -> str:
        """A cell's value as it is in the file; "" where a short row has none."""
        cells = self.rows[row]
        return cells[column].value if column < len(cells) else ""

    def column(self, name: str) -> int | None:
        """Where the column of this title is; letter case and outer spaces do not count."""
        wanted = name.strip().casefold()
        titles = [cell.value.strip().casefold() for cell in self.rows[0]]
        return titles.index(wanted) if titles.count(wanted) == 1 else None

    def set(self, row: int, column: int, value: str) -> None:
        """Change a cell."""
        self.changes[row, column] = value

    def to_bytes(self) -> bytes:
        """The file with the changes in it."""
        parts, at = [], 0
        for (row, column), value in sorted(self.changes.items()):
            cells = self.rows[row]
            missing = column - len(cells) + 1
            start = cells[-1].end if missing > 0 else cells[column].start
            end = start if missing > 0 else cells[column].end
            quoted = self.text[start:end].startswith('"')
            parts += [self.text[at:start], self.delimiter * max(missing, 0)]
            parts.append(_written(value, self.delimiter, quoted=quoted))
            at = end
        whole = "".join([*parts, self.text[at:]])
        return self.mark + whole.encode(self.encoding)


def _delimiter(text: str) -> str:
    head = re.sub(r'"[^"]*"', "", text[:20_000].lstrip("\r\n"))
    first = head.splitlines()[0] if head.splitlines() else ""
    return max(",;\t", key=first.count)


def _rows(text: str, delimiter: str) -> list[list[Cell]]:
    """Cut the text into cells as RFC 4180 says; a quote inside a bare cell is a plain character."""
    stop = rf"(?P<end>{re.escape(delimiter)}|\r\n|\r|\n|\Z)"
    quoted = re.compile(rf'"(?P<value>(?:[^"]|"")*+)"{stop}')
    bare = re.compile(rf"(?P<value>[^{re.escape(delimiter)}\r\n]*+){stop}")
    rows: list[list[Cell]] = []
    row: list[Cell] = []
    at, ended = 0, False
    while not ended:
        inside = quoted.match(text, at)
        found = inside or bare.match(text, at)
        if found is None:  # bare matches anything
            raise ValueError(f"expected a cell at character {at}")
        value = found["value"].replace('""', '"') if inside else found["value"]
        row.append(Cell(value, at, found.start("end")))
        if found["end"] != delimiter:
            if len(row) > 1 or row[0].value:
                rows.append(row)
            row, ended = [], not found["end"]
        at = found.end()
    return rows


def _written(value: str, delimiter: str, *, quoted: bool) -> str:
    if quoted or any(sign in value for sign in (delimiter, '"', "\r", "\n")):
        return '"' + value.replace('"', '""') + '"'
    return value
