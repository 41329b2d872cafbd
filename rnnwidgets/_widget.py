"""What all widgets share in Python: inputs as traits, results that follow them."""

from __future__ import annotations

import importlib
import importlib.util
from collections.abc import Mapping
from pathlib import Path
from typing import Any, ClassVar

import anywidget
import traitlets

from rnnwidgets._inputs import Input, Result

__all__ = ["CourseWidget", "Presets", "bundle", "widget_class"]

#: Changed inputs by the name of the example.
Presets = Mapping[str, Mapping[str, Any]]


def bundle(module: str) -> Path:
    """Return the built ES module of a widget, the same file the book publishes.

    >>> bundle("lstm_gates").name
    'lstm_gates.mjs'
    """
    return Path(__file__).parent / "static" / f"{module}.mjs"


class CourseWidget(anywidget.AnyWidget):
    """A widget of the course: set an input, and the results follow, here and on the page.

    A subclass declares inputs (``Number``, ``Choice``, ...) and ``Result`` traits as class
    attributes, in the order of the page, and says in ``compute`` how results follow.

    Raises:
        traitlets.TraitError: An input is out of range, or a result was given as argument.
    """

    #: Inputs that each example of the page changes: ``Widget(**Widget.PRESETS["keep"])``.
    PRESETS: ClassVar[Presets] = {}

    def __init__(self, **values: Any) -> None:
        given = [name for name in self.outputs() if name in values]
        if given:
            raise traitlets.TraitError(
                f"expected inputs ({', '.join(self.inputs())}), got the result {given[0]!r}"
            )
        super().__init__(**values)
        self._follow()
        self.observe(self._follow, names=list(self.inputs()))

    @classmethod
    def inputs(cls) -> dict[str, Input]:
        """Return the inputs by name, in the order of the page."""
        return {name: trait for name, trait in cls._declared() if isinstance(trait, Input)}

    @classmethod
    def outputs(cls) -> list[str]:
        """Return the names of the results, in the order of the page."""
        return [name for name, trait in cls._declared() if isinstance(trait, Result)]

    @classmethod
    def defaults(cls) -> dict[str, Any]:
        """Return the value of every input at the start."""
        return {name: trait.described()["start"] for name, trait in cls.inputs().items()}

    @staticmethod
    def compute(*args: Any, **inputs: Any) -> dict[str, Any]:
        """Return the results for the inputs, in pure Python."""
        raise NotImplementedError

    @classmethod
    def _declared(cls) -> list[tuple[str, Any]]:
        # Each widget object has a class of its own below ours: anywidget adds traits to it.
        return [item for part in reversed(cls.__mro__) for item in vars(part).items()]

    def _follow(self, _change: traitlets.Bunch | None = None) -> None:
        inputs = {name: getattr(self, name) for name in self.inputs()}
        with self.hold_sync():
            for name, value in self.compute(**inputs).items():
                setattr(self, name, value)


def widget_class(module: str) -> type[CourseWidget]:
    """Return the widget class that a module of this package defines.

    Raises:
        LookupError: There is no such module, or no widget in it.

    >>> widget_class("lstm_gates").__name__
    'LSTMGates'
    """
    if importlib.util.find_spec(f"rnnwidgets.{module}") is not None:
        found = vars(importlib.import_module(f"rnnwidgets.{module}"))
        for one in found.values():
            if isinstance(one, type) and issubclass(one, CourseWidget) and one is not CourseWidget:
                return one
    raise LookupError(f"expected a widget in rnnwidgets/{module}.py, got none")
