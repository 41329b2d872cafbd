"""One program, one place: what a notebook or a page defines equals the reference."""

import ast
import json
import re
from collections.abc import Iterator
from copy import deepcopy
from pathlib import Path

from tools.guards.tree import Finding, modules, texts

# (file, function) -> why it is written differently on purpose.
DELIBERATE: dict[tuple[str, str], str] = {}

_CELL = re.compile(r"^(`{3,})\{code-cell\}[^\n]*\n(.*?)^\1", flags=re.MULTILINE | re.DOTALL)
_DIRECTIVE_OPTIONS = re.compile(r"\A(?:---\n.*?\n---\n|(?::[^\n]*\n)+)", flags=re.DOTALL)
_MAGIC = re.compile(r"^\s*[%!].*$", flags=re.MULTILINE)


def find(root: Path) -> list[Finding]:
    """Find functions with a public name of the reference and another body."""
    reference = {
        node.name: _bare(node)
        for name, tree in modules(root, below="rnncore/")
        for node in tree.body
        if isinstance(node, ast.FunctionDef)
        and not node.name.startswith("_")
        and not name.startswith("rnncore/torch/")
    }
    return [
        Finding(
            name, 1, f"{node.name} differs from rnncore's; include it, or list it with a reason"
        )
        for name, node in _functions(root)
        if node.name in reference
        and _bare(node) != reference[node.name]
        and (name, node.name) not in DELIBERATE
    ]


def _functions(root: Path) -> Iterator[tuple[str, ast.FunctionDef]]:
    for name, source in _cells(root):
        try:
            tree = ast.parse(_MAGIC.sub("", source))
        except SyntaxError:
            continue
        for node in ast.walk(tree):
            if isinstance(node, ast.FunctionDef):
                yield name, node


def _cells(root: Path) -> Iterator[tuple[str, str]]:
    for name, text in texts(root, ".ipynb", below="solutions/"):
        for cell in json.loads(text)["cells"]:
            if cell["cell_type"] == "code":
                yield name, "".join(cell["source"])
    for name, text in texts(root, ".md", below="book/"):
        for match in _CELL.finditer(text):
            yield name, _DIRECTIVE_OPTIONS.sub("", match[2])


def _bare(function: ast.FunctionDef) -> str:
    """Write a function without what may differ: docstring, annotations, comments, layout."""
    bare = deepcopy(function)
    if ast.get_docstring(bare) is not None:
        bare.body = bare.body[1:] or [ast.Pass()]
    bare.returns = None
    for argument in ast.walk(bare.args):
        if isinstance(argument, ast.arg):
            argument.annotation = None
    return ast.dump(bare)
