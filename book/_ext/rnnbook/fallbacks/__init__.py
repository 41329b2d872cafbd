"""What stands in place of a widget without JavaScript, in print and in the search index.

One module per widget, named after it, with ``fallback(model)``: nodes whose numbers come from
``rnncore``, for the start values in the body of the directive. Modules are found by name.
"""

from __future__ import annotations

import importlib
import importlib.util
from collections.abc import Mapping
from typing import Any, Final

from docutils import nodes

from rnnwidgets._inputs import Input
from rnnwidgets._widget import widget_class

#: Keys every widget understands besides its own inputs.
GENERAL_KEYS: Final = frozenset({"id", "alt"})


def inputs_of(module: str) -> dict[str, Input]:
    """Return the inputs of a widget by name; none if the module is not one of ours."""
    try:
        return widget_class(module).inputs()
    except LookupError:
        return {}


def check_value(module: str, name: str, value: object) -> None:
    """Refuse a start value the widget would not take.

    Raises:
        ValueError: "expected f from 0 to 1, got 2".
    """
    inputs = inputs_of(module)
    if not inputs or name in GENERAL_KEYS:
        return
    if name not in inputs:
        raise ValueError(f"expected one of {', '.join(inputs)}, got {name!r}")
    inputs[name].checked(name, value)


def check_text(module: str, name: str, text: str) -> None:
    """Refuse ``f:.5`` of an address if the widget would not take it.

    Raises:
        ValueError: "expected f from 0 to 1, got 2.0".
    """
    inputs = inputs_of(module)
    if name not in inputs:
        raise ValueError(f"expected one of {', '.join(inputs)}, got {name!r}")
    inputs[name].checked(name, inputs[name].read(name, text))


def fallback_for(module: str, model: Mapping[str, Any]) -> list[nodes.Node]:
    """Return nodes that say what the widget shows at its start values.

    Args:
        module: Name of the widget's module without suffix.
        model: The JSON body of the directive.

    Raises:
        ValueError: A start value is unknown or out of range, or there is no text to show.
    """
    for name, value in model.items():
        check_value(module, name, value)
    if importlib.util.find_spec(f"{__name__}.{module}") is not None:
        own = importlib.import_module(f"{__name__}.{module}")
        children: list[nodes.Node] = own.fallback(model)
        return children
    if not model.get("alt"):
        raise ValueError(f'expected "alt" in the body, because {module} has no computed fallback')
    return [nodes.paragraph(text=str(model["alt"]))]
