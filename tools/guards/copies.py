"""One program, one place: what a notebook or a page defines equals the reference."""

import ast
import json
import re
import tomllib
from collections.abc import Iterator
from copy import deepcopy
from pathlib import Path

from tools.guards.tree import Finding, modules, texts

# (file, function) -> why its body is another on purpose. Its arguments are the same in any case.
# A unit lists its own in the table [differs] of its unit.toml.
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
    listed = {*DELIBERATE, *_listed_by_units(root)}
    return [
        Finding(name, 1, f"{node.name} {problem}")
        for name, node in _functions(root)
        if node.name in reference
        and (
            problem := _problem(
                _bare(node), reference[node.name], is_listed=(name, node.name) in listed
            )
        )
    ]


def _listed_by_units(root: Path) -> Iterator[tuple[str, str]]:
    for name, text in texts(root, ".toml", below="solutions/"):
        folder = Path(name).parent
        for function in tomllib.loads(text).get("differs", {}):
            yield f"{folder.as_posix()}/{folder.name}.ipynb", function


def _problem(ours: ast.FunctionDef, theirs: ast.FunctionDef, *, is_listed: bool) -> str:
    if ast.dump(ours) == ast.dump(theirs):
        return "is listed as different from rnncore's, and is not" if is_listed else ""
    if not is_listed:
        return "differs from rnncore's; include it, or list it with a reason"
    if ast.dump(ours.args) != ast.dump(theirs.args):
        return "takes other arguments than rnncore's"
    return ""


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


def _bare(function: ast.FunctionDef) -> ast.FunctionDef:
    """Copy a function without what may differ: docstring, annotations, comments, layout."""
    bare = deepcopy(function)
    if ast.get_docstring(bare) is not None:
        bare.body = bare.body[1:] or [ast.Pass()]
    bare.returns = None
    for argument in ast.walk(bare.args):
        if isinstance(argument, ast.arg):
            argument.annotation = None
    return bare
