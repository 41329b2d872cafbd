"""The ``{api}`` directive: the public names of a package, from their docstrings."""

from __future__ import annotations

import importlib
import inspect
import sys
from collections import defaultdict
from typing import TYPE_CHECKING, Any

from docutils import nodes
from docutils.statemachine import StringList
from sphinx.util.docutils import SphinxDirective

from rnnbook.docstrings import as_myst

if TYPE_CHECKING:
    from sphinx.application import Sphinx


def public(package: str) -> dict[str, dict[str, Any]]:
    """Return what a package offers, by the module it is written in, then by name.

    Raises:
        ValueError: There is no such package, or it does not say what is public.
    """
    try:
        module = importlib.import_module(package)
    except ImportError as error:
        raise ValueError(f"expected a package to import, got {package!r}") from error
    if not hasattr(module, "__all__"):
        raise ValueError(f"expected {package} to have __all__")
    groups: dict[str, dict[str, Any]] = defaultdict(dict)
    for name in sorted(module.__all__):
        item = getattr(module, name)
        if callable(item):
            groups[str(item.__module__)][name] = item
    return dict(sorted(groups.items()))


def heading(package: str, name: str, item: Any) -> str:
    """Return the line that introduces a function or class, with names of arguments only."""
    kind = "class" if isinstance(item, type) else "function"
    if kind == "class" and not issubclass(item, tuple):
        return f"{{py:class}} {package}.{name}"
    signature = inspect.signature(item)
    bare = [one.replace(annotation=one.empty) for one in signature.parameters.values()]
    if kind == "class":
        bare = [one.replace(default=one.empty) for one in bare]
    shown = signature.replace(parameters=bare, return_annotation=signature.empty)
    return f"{{py:{kind}}} {package}.{name}{shown}"


class ApiDirective(SphinxDirective):
    """One section for each module of a package."""

    required_arguments = 1

    def run(self) -> list[nodes.Node]:
        """Return the sections."""
        package = self.arguments[0]
        try:
            groups = public(package)
        except ValueError as error:
            raise self.error(f"api: {error}") from error
        return [self._section(package, module, items) for module, items in groups.items()]

    def _section(self, package: str, module: str, items: dict[str, Any]) -> nodes.section:
        section = nodes.section(ids=[nodes.make_id(f"api-{module}")], names=[module])
        # A module that nobody imports by name is shown as the package that offers its contents.
        shown = module.partition("._")[0]
        section += nodes.title("", "", nodes.literal(text=shown))
        source = sys.modules[module]
        if source.__file__:
            self.env.note_dependency(source.__file__)
        text = [(inspect.getdoc(source) or "").partition("\n\n")[0], ""]
        for name, item in items.items():
            text += [f"``````{heading(package, name, item)}", *as_myst(item).splitlines()]
            text += ["``````", ""]
        lines = StringList(text, source=module)
        self.state.nested_parse(lines, self.content_offset, section)
        return section


def register(app: Sphinx) -> None:
    """Add the directive."""
    app.add_directive("api", ApiDirective)
