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
# Under one of these names a dictionary may hold the final state as a nested pair.
STATE_NAMES = ("states", "final_state")


@dataclass(frozen=True)
class Output:
    """One array a function returns.

    Args:
        name: its name in the course.
        axes: names of its axes, separated by spaces; empty for a single number.
        aliases: other names under which it is recognised in a dictionary.
        ragged: whether it is a list of rows of different length, which are compared as one array
            with nan where a row has ended.
    """

    name: str
    axes: str = ""
    aliases: tuple[str, ...] = ()
    ragged: bool = False

    @property
    def ndim(self) -> int:
        """Number of axes."""
        return len(self.axes.split())


@dataclass(frozen=True)
class Group:
    """Arrays that come as one nested result, such as a final state or parameter gradients.

    Args:
        name: its name in the course.
        outputs: its arrays, in order.
        aliases: other names under which it is recognised in a dictionary.
    """

    name: str
    outputs: tuple[Output, ...]
    aliases: tuple[str, ...] = ()


@dataclass(frozen=True)
class Layout:
    """The arrays a function returns, in order.

    Args:
        items: arrays, and groups of arrays, which may also come flat.
    """

    items: tuple[Output | Group, ...]

    @property
    def outputs(self) -> tuple[Output, ...]:
        """All arrays, in order."""
        return tuple(
            output
            for item in self.items
            for output in (item.outputs if isinstance(item, Group) else (item,))
        )


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
    a stack of arrays, and anything after the last array, such as a cache. Where one array is asked
    for, it may also come alone.

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
        array = _rows(item) if output.ragged else as_array(item)
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
    # A torch tensor that carries a gradient refuses to become an array.
    detach = getattr(value, "detach", None)
    try:
        array = np.asarray(detach() if callable(detach) else value)
    except Exception:  # noqa: BLE001 - a foreign __array__ may raise anything
        return None
    return array if array.dtype.kind in "fiub" else None


def _rows(value: object) -> NumericArray | None:
    """Read rows of different length into one array, with nan behind the end of a row."""
    items = _sequence(value)
    rows = None if items is None else [as_array(item) for item in items]
    if rows is None or any(row is None or row.ndim != 1 for row in rows):
        return None
    known = [row for row in rows if row is not None]
    table = np.full((len(known), max((len(row) for row in known), default=0)), np.nan)
    for line, row in zip(table, known, strict=True):
        line[: len(row)] = row
    return table


def _named(value: object) -> Mapping[str, object] | None:
    if isinstance(value, Mapping):
        return {str(key).lower(): item for key, item in value.items()}
    if dataclasses.is_dataclass(value) and not isinstance(value, type | Opaque):
        return {f.name.lower(): getattr(value, f.name) for f in dataclasses.fields(value)}
    return None


def _by_name(named: Mapping[str, object], layout: Layout) -> list[object]:
    nested: dict[str, object] = dict(named)
    for group in layout.items:
        if isinstance(group, Group):
            for key in (group.name, *group.aliases, *STATE_NAMES):
                if named.get(key) is not None:
                    nested.update(_group_by_name(named[key], group))
    items = []
    for output in layout.outputs:
        found = [nested[name] for name in (output.name, *output.aliases) if name in nested]
        if not found:
            raise Unreadable("result.name-missing", output=output.name)
        items.append(found[0])
    return items


def _group_by_name(inner: object, group: Group) -> dict[str, object]:
    named = _named(inner)
    if named is not None:
        found = _by_name(named, Layout(group.outputs))
        return dict(zip((output.name for output in group.outputs), found, strict=True))
    items = _sequence(inner)
    if items is None or len(items) < len(group.outputs):
        return {}
    return {output.name: item for output, item in zip(group.outputs, items, strict=False)}


def _by_position(value: object, layout: Layout) -> list[object]:
    wanted = layout.outputs
    if len(wanted) == 1:
        return [_single(value, wanted[0])]
    items = _sequence(value)
    if items is None or (isinstance(value, np.ndarray) and value.ndim <= wanted[0].ndim):
        raise Unreadable("result.single", outputs=_names(layout))
    if items and len(layout.items) == len(wanted) and _is_group(items[0], wanted):
        items = _sequence(items[0]) or items
    flat: list[object] = []
    for item in layout.items:
        if not items:
            raise Unreadable("result.too-few", outputs=_names(layout))
        taken, items = _taken(item, items)
        flat.extend(taken)
    if len(flat) < len(wanted):
        raise Unreadable("result.too-few", outputs=_names(layout))
    return flat


def _taken(item: Output | Group, items: list[object]) -> tuple[list[object], list[object]]:
    """Take what belongs to one item of a layout from the front of a list; return the rest too."""
    if isinstance(item, Output):
        return items[:1], items[1:]
    named = _named(items[0])
    if named is not None:
        return _by_name(named, Layout(item.outputs)), items[1:]
    if _is_group(items[0], item.outputs):
        return (_sequence(items[0]) or [])[: len(item.outputs)], items[1:]
    return items[: len(item.outputs)], items[len(item.outputs) :]


def _single(value: object, output: Output) -> object:
    """Find the only array asked for: the value itself, or the first of several."""
    if not isinstance(value, tuple | list) or not value:
        return value
    if output.ragged and _rows(value) is not None:
        return value
    whole = as_array(value)
    if whole is None or whole.ndim == output.ndim + 1:
        return value[0]
    # A tuple is a set of results unless it can be nothing else than the array itself.
    return value[0] if isinstance(value, tuple) and whole.ndim != output.ndim else value


def _sequence(value: object) -> list[object] | None:
    if isinstance(value, np.ndarray):
        return list(value) if value.ndim else None
    return list(value) if isinstance(value, tuple | list) else None


def _is_group(value: object, outputs: tuple[Output, ...]) -> bool:
    """Tell a group of arrays from a single array, also where the array is a nested list."""
    items = _sequence(value)
    if items is None or len(items) != len(outputs):
        return False
    arrays = [as_array(item) for item in items]
    return all(
        array is not None and array.ndim >= output.ndim
        for array, output in zip(arrays, outputs, strict=True)
    )


def _names(layout: Layout) -> str:
    parts = [
        item.name if isinstance(item, Output) else f"({', '.join(o.name for o in item.outputs)})"
        for item in layout.items
    ]
    return f"({', '.join(parts)})"
