"""Files of at most 300 lines, functions of at most 40, nothing over 200 kB."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

from tools.guards.tree import Finding, files, is_generated, modules, texts

FILE_LINES = 300
FUNCTION_LINES = 40
FILE_BYTES = 200_000
SCRIPTS = (".mjs", ".js", ".ts")
# Each with its reason.
LARGE_FILES: dict[str, str] = {}

_SCRIPT_FUNCTION = re.compile(
    r"^(?:export )?(?:default )?(?:async )?function\s*\*?\s*(\w*)[^\n]*\n.*?^\}",
    flags=re.MULTILINE | re.DOTALL,
)


def find(root: Path) -> list[Finding]:
    """Find sources and functions over their budget of lines."""
    return [*_long_files(root), *_long_functions(root), *_long_script_functions(root)]


def find_large(root: Path) -> list[Finding]:
    """Find files too large for a repository of text."""
    return [
        Finding(name, 1, f"{size} bytes; at most {FILE_BYTES}, or build it instead of keeping it")
        for path in files(root)
        if (size := path.stat().st_size) > FILE_BYTES
        and (name := path.relative_to(root).as_posix()) not in LARGE_FILES
    ]


def code_lines(function: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    """Count a function's lines without its docstring, which has no budget."""
    end = function.end_lineno or function.lineno
    total = end - function.lineno + 1
    first = function.body[0]
    if ast.get_docstring(function) is not None:
        total -= (first.end_lineno or first.lineno) - first.lineno + 1
    return total


def _long_files(root: Path) -> Iterator[Finding]:
    for name, text in texts(root, ".py", *SCRIPTS):
        lines = len(text.splitlines())
        if lines > FILE_LINES and not is_generated(name):
            yield Finding(name, lines, f"{lines} lines; at most {FILE_LINES}")


def _long_functions(root: Path) -> Iterator[Finding]:
    for name, tree in modules(root):
        for node in ast.walk(tree):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                lines = code_lines(node)
                if lines > FUNCTION_LINES:
                    yield Finding(
                        name, node.lineno, f"{node.name}: {lines} lines; at most {FUNCTION_LINES}"
                    )


def _long_script_functions(root: Path) -> Iterator[Finding]:
    for name, text in texts(root, *SCRIPTS):
        if is_generated(name):
            continue
        for match in _SCRIPT_FUNCTION.finditer(text):
            lines = match[0].count("\n") + 1
            if lines > FUNCTION_LINES:
                start = text.count("\n", 0, match.start()) + 1
                yield Finding(name, start, f"{match[1]}: {lines} lines; at most {FUNCTION_LINES}")
