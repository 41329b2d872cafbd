"""Other texts of a right solution, and wrong ones: made from the reference's own syntax tree.

Variants change what must not matter; every one deserves full points. Mutants change one operator;
every one deserves less. Both are texts of solution cells, as a learner would hand them in.
"""

import ast
from collections.abc import Callable, Iterator

SWAPS: dict[type[ast.operator], type[ast.operator]] = {
    ast.Add: ast.Sub,
    ast.Sub: ast.Add,
    ast.Mult: ast.Add,
    ast.Div: ast.Mult,
}
SIGNS = {ast.Add: "+", ast.Sub: "-", ast.Mult: "*", ast.Div: "/"}
Function = ast.FunctionDef | ast.AsyncFunctionDef


def bare(source: str) -> str:
    """Without annotations, docstrings and comments."""
    tree = ast.parse(source)
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef):
            node.returns = None
            arguments = node.args
            for arg in (*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs):
                arg.annotation = None
            if ast.get_docstring(node) is not None and len(node.body) > 1:
                node.body = node.body[1:]
    return ast.unparse(tree)


def renamed(source: str) -> str:
    """With other names for what functions assign; arguments keep theirs."""
    tree = ast.parse(source)
    for function in (node for node in tree.body if isinstance(node, ast.FunctionDef)):
        given = {arg.arg for arg in ast.walk(function.args) if isinstance(arg, ast.arg)}
        names = [node for node in ast.walk(function) if isinstance(node, ast.Name)]
        local = {node.id for node in names if isinstance(node.ctx, ast.Store)} - given
        nested = (ast.FunctionDef, ast.Lambda, ast.Global, ast.Nonlocal)
        if any(isinstance(node, nested) for node in ast.walk(function) if node is not function):
            continue  # what a name means there needs more than a list of names
        for node in names:
            if node.id in local:
                node.id = f"own_{node.id}"
    return ast.unparse(tree)


def wrapped(source: str) -> str:
    """With every function called through another one of the same name."""
    names = [node.name for node in ast.parse(source).body if isinstance(node, ast.FunctionDef)]
    wrappers = [
        f"_inner_{name} = {name}\n\n"
        f"def {name}(*args, **kwargs):\n    return _inner_{name}(*args, **kwargs)\n"
        for name in names
    ]
    return "\n\n".join([source, *wrappers])


def noisy(source: str) -> str:
    """With prints, and warnings on every call."""
    tree = ast.parse(source)
    noise = ast.parse("print('here')\nimport warnings\nwarnings.warn('mind')").body
    for function in (node for node in tree.body if isinstance(node, ast.FunctionDef)):
        function.body = [*noise, *function.body]
    return ast.unparse(ast.fix_missing_locations(tree))


VARIANTS: dict[str, Callable[[str], str]] = {
    "bare": bare,
    "renamed": renamed,
    "wrapped": wrapped,
    "noisy": noisy,
}


def mutants(source: str) -> Iterator[tuple[str, str]]:
    """Place and change, and the text: one arithmetic operator exchanged in each."""
    for index in range(len(_changeable(ast.parse(source)))):
        tree = ast.parse(source)
        node = _changeable(tree)[index]
        before, after = type(node.op), SWAPS[type(node.op)]
        what = f"{ast.unparse(node)}: {SIGNS[before]} as {SIGNS[after]}"
        node.op = after()
        yield what, ast.unparse(tree)


def _changeable(tree: ast.AST) -> list[ast.BinOp]:
    """Operators whose exchange matters: not those in the text of an error."""
    told = [node for node in ast.walk(tree) if isinstance(node, ast.Raise | ast.JoinedStr)]
    inside = {id(node) for part in told for node in ast.walk(part)}
    return [
        node
        for node in ast.walk(tree)
        if isinstance(node, ast.BinOp) and type(node.op) in SWAPS and id(node) not in inside
    ]
