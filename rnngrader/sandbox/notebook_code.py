"""Run notebook cells as Jupyter would, as far as graded work needs it. Runs inside the sandbox."""

import __future__

import ast
import io
import linecache
import types
import warnings
from collections.abc import Iterator

OUTPUT_CAP = 20_000
TEXT_CAP = 2_000
_BODY_MAGICS = ("%%time", "%%timeit", "%%capture", "%%prun")


class CappedText(io.TextIOBase):
    """A text stream that keeps the first `cap` characters and counts the rest."""

    def __init__(self, cap: int) -> None:
        self.cap, self.kept, self.lost = cap, "", 0

    def write(self, text: str) -> int:
        """Keep what there is room for."""
        room = self.cap - len(self.kept)
        self.kept += text[:room]
        self.lost += max(0, len(text) - room)
        return len(text)

    def getvalue(self) -> str:
        """What was kept, and how much was not."""
        return self.kept + (f"\n[{self.lost} more characters were cut]" if self.lost else "")


def plain_python(source: str) -> str:
    """`source` without IPython's own syntax: magics, shell lines and help become `pass`."""
    if source.lstrip().startswith("%%"):
        first, _, rest = source.lstrip().partition("\n")
        return rest if first.split()[0] in _BODY_MAGICS else "pass"
    try:
        ast.parse(source)
    except SyntaxError:
        return "\n".join(_plain_line(line) for line in source.split("\n"))
    return source


def _plain_line(line: str) -> str:
    text = line.strip()
    if text.startswith(("%", "!", "?")) or (text.endswith("?") and "#" not in text):
        return line[: len(line) - len(line.lstrip())] + "pass"
    return line


def describe(error: BaseException) -> dict[str, object]:
    """Name, text and place of an exception, capped; the place is in the learner's own cells."""
    line = cell = None
    trace = error.__traceback__
    while trace is not None:
        name = trace.tb_frame.f_code.co_filename
        if name.startswith("<cell "):
            line, cell = trace.tb_lineno, name[6:-1]
        trace = trace.tb_next
    if isinstance(error, SyntaxError) and error.filename and error.filename.startswith("<cell "):
        line, cell = error.lineno, error.filename[6:-1]
    try:
        text = str(error)[:TEXT_CAP]
    except BaseException:  # noqa: BLE001 - a learner's `__str__` may raise anything
        text = "(its message could not be made)"
    return {"type": type(error).__name__[:100], "text": text, "line": line, "cell": cell}


def run_cell(cell_id: str, source: str, module: types.ModuleType) -> Iterator[dict[str, object]]:
    """Execute one cell in `module`; yields a description of each problem met.

    A top-level import of something that is not here is reported and skipped, so that an unused
    `import matplotlib` costs nothing; any other exception ends the cell, as in Jupyter.
    """
    filename = f"<cell {cell_id}>"
    flags = 0
    try:
        source = plain_python(source)  # reads it, and some texts are too much for the reader
        linecache.cache[filename] = (len(source), None, source.splitlines(keepends=True), filename)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            body = ast.parse(source, filename).body
        for node in body:
            if isinstance(node, ast.ImportFrom) and node.module == "__future__":
                flags |= sum(getattr(__future__, a.name).compiler_flag for a in node.names)
            try:
                _run_statement(node, filename, flags, module, last=node is body[-1])
            except ImportError as error:
                if not isinstance(node, ast.Import | ast.ImportFrom):
                    raise
                yield describe(error)
    except BaseException as error:  # noqa: BLE001 - SystemExit and KeyboardInterrupt end the cell, not the run
        yield describe(error)


def _run_statement(
    node: ast.stmt, filename: str, flags: int, module: types.ModuleType, *, last: bool
) -> None:
    if last and isinstance(node, ast.Expr):
        code = compile(ast.Expression(node.value), filename, "eval", flags, dont_inherit=True)
        value = eval(code, module.__dict__)  # noqa: S307 - running learner code is the purpose
        if value is not None:
            print(repr(value)[:OUTPUT_CAP])
    else:
        code = compile(ast.Module([node], []), filename, "exec", flags, dont_inherit=True)
        exec(code, module.__dict__)  # noqa: S102 - as above; this process holds nothing to steal


class Shell:
    """What `get_ipython()` returns here: every magic does nothing."""

    def __getattr__(self, _name: str) -> object:
        return lambda *_args, **_kwargs: None
