"""A test asserts something, says what it claims, and runs everywhere."""

import ast
from collections.abc import Iterator
from pathlib import Path

from tools.guards.tree import Finding, modules

COMPARISONS = {"allclose", "approx", "array_equal", "array_equiv", "is_close", "isclose"}
# Named like a question, and raises by itself when the answer is no.
RAISING = {"check_gradients"}
SKIPS = {"importorskip", "skip", "skipif"}


def find_discarded(root: Path) -> list[Finding]:
    """Find comparisons in tests whose result nobody looks at."""
    return [
        Finding(name, node.lineno, f"the result of {called} is thrown away; assert it")
        for name, tree in modules(root, below="tests/")
        for node in _statements(tree)
        if isinstance(node.value, ast.Call) and _is_question(called := _name(node.value.func))
    ]


def find_skips(root: Path) -> list[Finding]:
    """Find tests that may pass without having run."""
    return [
        Finding(name, node.lineno, f"{node.attr}: a test that does not run proves nothing")
        for name, tree in modules(root, below="tests/")
        for node in ast.walk(tree)
        if isinstance(node, ast.Attribute)
        and node.attr in SKIPS
        and _name(node.value) in {"mark", "pytest", "unittest"}
    ]


def find_unexplained(root: Path) -> list[Finding]:
    """Find tests without a sentence that names their claim."""
    return [
        Finding(name, node.lineno, f"{node.name}: say in a docstring what it claims")
        for name, tree in modules(root, below="tests/")
        for node in ast.walk(tree)
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        and node.name.startswith("test_")
        and ast.get_docstring(node) is None
        and "/fixtures/" not in name
    ]


def _is_question(called: str) -> bool:
    return called in COMPARISONS or (called.startswith("check_") and called not in RAISING)


def _statements(tree: ast.AST) -> Iterator[ast.Expr]:
    """Yield expression statements, except where the point is that they raise."""
    for child in ast.iter_child_nodes(tree):
        if isinstance(child, ast.With) and any(
            isinstance(item.context_expr, ast.Call)
            and _name(item.context_expr.func) in {"raises", "warns"}
            for item in child.items
        ):
            continue
        if isinstance(child, ast.Expr):
            yield child
        yield from _statements(child)


def _name(node: ast.AST) -> str:
    if isinstance(node, ast.Attribute):
        return node.attr
    return node.id if isinstance(node, ast.Name) else ""
