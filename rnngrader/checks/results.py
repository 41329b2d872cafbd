"""Read what a learner's function returned into named arrays, however it was packed."""

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from rnngrader.checks.calling import Opaque

NumericArray = NDArray[Any]
Results = dict[str, NumericArray]


@dataclass(frozen=True)
class Output:
    """One array a function returns.

    Args:
        name: its name in the course.
        ndim: number of axes.
        aliases: other names under which it is recognised in a dictionary.
    """

    name: str
    ndim: int
    aliases: tuple[str, ...] = ()


@dataclass(frozen=True)
class Layout:
    """The arrays a function returns, in order.

    Args:
        outputs: all of them.
        state: how many of the last ones may come as one nested pair, as in
            `(output, (h_n, c_n))`; 0 if they may not.
    """

    outputs: tuple[Output, ...]
    state: int = 0


class Unreadable(Exception):
    """A result that does not hold the arrays asked for.

    Args:
        key: key of the message catalogue.
        fields: names that fill the message.
    """

    def __init__(self, key: str, **fields: str) -> None:
        super().__init__(key)
        self.key = key
        self.fields = fields


def read(value: object, layout: Layout) -> Results:
    """Find the arrays of a layout in a returned value.

    Accepted are tuples, lists, named tuples (by position), dictionaries and dataclasses (by name),
    a stack of arrays, and anything after the last array, such as a cache.

    Args:
        value: what the function returned.
        layout: what it should return.

    Returns:
        Arrays by name; their shapes are not checked.

    Raises:
        Unreadable: if an array is missing, or is no array of real numbers.
    """
    if value is None:
        raise Unreadable("result.none")
    named = _named(value)
    items = _by_name(named, layout) if named is not None else _by_position(value, layout)
    results: Results = {}
    for output, item in zip(layout.outputs, items, strict=True):
        array = as_array(item)
        if array is None:
            raise Unreadable("result.not-array", output=output.name)
        results[output.name] = array
    return results


def as_array(value: object) -> NumericArray | None:
    """Convert an array or something like one.

    Args:
        value: an array, a number, nested lists, or an object that NumPy can convert.

    Returns:
        An array of real numbers, or None if the value is nothing like it.
    """
    if value is None or isinstance(value, str | bytes | Opaque | Mapping):
        return None
    try:
        array = np.asarray(value)
    except Exception:  # noqa: BLE001 - a foreign __array__ may raise anything
        return None
    return array if array.dtype.kind in "fiub" else None


def _named(value: object) -> Mapping[str, object] | None:
    if isinstance(value, Mapping):
        return {str(key).lower(): item for key, item in value.items()}
    if dataclasses.is_dataclass(value) and not isinstance(value, type | Opaque):
        return {f.name.lower(): getattr(value, f.name) for f in dataclasses.fields(value)}
    return None


def _by_name(named: Mapping[str, object], layout: Layout) -> list[object]:
    nested: dict[str, object] = dict(named)
    for key in ("state", "states", "final_state"):
        inner = named.get(key)
        if inner is not None and layout.state:
            nested.update(_state_by_name(inner, layout))
    items = []
    for output in layout.outputs:
        found = [nested[name] for name in (output.name, *output.aliases) if name in nested]
        if not found:
            raise Unreadable("result.name-missing", output=output.name)
        items.append(found[0])
    return items


def _state_by_name(inner: object, layout: Layout) -> dict[str, object]:
    outputs = layout.outputs[-layout.state :]
    named = _named(inner)
    if named is not None:
        return dict(zip((o.name for o in outputs), _by_name(named, Layout(outputs)), strict=True))
    items = _sequence(inner)
    if items is None or len(items) < len(outputs):
        return {}
    return {output.name: item for output, item in zip(outputs, items, strict=False)}


def _by_position(value: object, layout: Layout) -> list[object]:
    items = _sequence(value)
    wanted = layout.outputs
    if items is None or (isinstance(value, np.ndarray) and value.ndim <= wanted[0].ndim):
        raise Unreadable("result.single", outputs=_names(layout))
    if layout.state == 0 and len(items) >= 1 and _is_group(items[0], wanted):
        items = _sequence(items[0]) or items
    if layout.state and len(items) > 1:
        state = wanted[-layout.state :]
        named = _named(items[1])
        if named is not None:
            items = [items[0], *_by_name(named, Layout(state))]
        elif _is_group(items[1], state):
            items = [items[0], *(_sequence(items[1]) or [])[: len(state)]]
    if len(items) < len(wanted):
        raise Unreadable("result.too-few", outputs=_names(layout))
    return items[: len(wanted)]


def _sequence(value: object) -> list[object] | None:
    if isinstance(value, np.ndarray):
        return list(value) if value.ndim else None
    return list(value) if isinstance(value, tuple | list) else None


def _is_group(value: object, outputs: tuple[Output, ...]) -> bool:
    """Tell a pair of arrays from a single array, also where the array is a nested list."""
    items = _sequence(value)
    if items is None or len(items) != len(outputs):
        return False
    arrays = [as_array(item) for item in items]
    return all(
        array is not None and array.ndim >= output.ndim
        for array, output in zip(arrays, outputs, strict=True)
    )


def _names(layout: Layout) -> str:
    names = [output.name for output in layout.outputs]
    if not layout.state:
        return f"({', '.join(names)})"
    state = f"({', '.join(names[-layout.state :])})"
    return f"({', '.join([*names[: -layout.state], state])})"
