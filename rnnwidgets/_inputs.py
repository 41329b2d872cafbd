"""Kinds of inputs a widget can have, as traits that say what they expect."""

from __future__ import annotations

import math
import numbers
import re
from collections.abc import Sequence
from typing import Any

import traitlets

__all__ = ["Choice", "Input", "Number", "Numbers", "Result", "Text", "Toggle"]


class Input(traitlets.TraitType[Any, Any]):
    """One input of a widget: a trait that is sent to the page and refuses wrong values.

    Args:
        default: Value at the start.
    """

    def __init__(self, default: Any) -> None:
        super().__init__(default_value=default)
        self.tag(sync=True)

    def checked(self, name: str, value: Any) -> Any:
        """Return the value as it is kept.

        Raises:
            ValueError: "expected f from 0 to 1, got 1.5".
        """
        raise NotImplementedError

    def described(self) -> dict[str, Any]:
        """Return the declaration as the JavaScript source writes it."""
        raise NotImplementedError

    def read(self, _name: str, text: str) -> Any:
        """Return the value that an address like ``#w-gates=f:.5`` writes as text."""
        return text

    def validate(self, _obj: Any, value: Any) -> Any:
        """Check a new value; the error says what was expected and what came."""
        try:
            return self.checked(str(self.name), value)
        except ValueError as error:
            raise traitlets.TraitError(str(error)) from error


class Number(Input):
    """A number between two bounds.

    Args:
        low: Smallest value.
        high: Largest value.
        default: Value at the start.
        whole: Whether only whole numbers are allowed.
    """

    def __init__(self, low: float, high: float, default: float, *, whole: bool = False) -> None:
        super().__init__(default)
        self.low, self.high, self.whole = low, high, whole

    def checked(self, name: str, value: Any) -> float:
        """Return the number. Raises ValueError outside the range."""
        number = isinstance(value, numbers.Real) and not isinstance(value, bool)
        if not number or not self.low <= value <= self.high or (self.whole and value != int(value)):
            kind = "a whole number " if self.whole else ""
            raise ValueError(
                f"expected {name} {kind}from {self.low:g} to {self.high:g}, got {value!r}"
            )
        return int(value) if self.whole else float(value)

    def read(self, name: str, text: str) -> float:
        """Return the number. Raises ValueError unless it is one."""
        try:
            return float(text)
        except ValueError as error:
            raise ValueError(f"expected {name}:NUMBER, got {text!r}") from error

    def described(self) -> dict[str, Any]:
        """Return range, start, and step 1 for whole numbers."""
        step = {"step": 1} if self.whole else {}
        return {"range": [self.low, self.high], "start": self.default_value} | step


class Numbers(Input):
    """A list of numbers between two bounds; its length never changes.

    Args:
        low: Smallest value of each.
        high: Largest value of each.
        default: Values at the start.
    """

    def __init__(self, low: float, high: float, default: Sequence[float]) -> None:
        super().__init__(list(default))
        self.one = Number(low, high, low)
        self.length = len(default)

    def make_dynamic_default(self) -> list[float]:
        """Give each widget a list of its own."""
        return list(self.default_value)

    def checked(self, name: str, value: Any) -> list[float]:
        """Return the list. Raises ValueError for another length or a value outside the range."""
        if not isinstance(value, Sequence) or isinstance(value, str) or len(value) != self.length:
            raise ValueError(f"expected {name} with {self.length} numbers, got {value!r}")
        return [self.one.checked(f"{name}[{at}]", number) for at, number in enumerate(value)]

    def read(self, name: str, text: str) -> list[float]:
        """Return the numbers of ``.5;1;0``. Raises ValueError unless all are numbers."""
        return [self.one.read(name, part) for part in text.split(";")]

    def described(self) -> dict[str, Any]:
        """Return range and start."""
        return {"range": [self.one.low, self.one.high], "start": list(self.default_value)}


class Choice(Input):
    """One of several names.

    Args:
        options: All names, the default first.
        default: Name at the start, if it is not the first.
    """

    def __init__(self, *options: str, default: str | None = None) -> None:
        super().__init__(options[0] if default is None else default)
        self.options = options

    def checked(self, name: str, value: Any) -> str:
        """Return the name. Raises ValueError for any other."""
        if value not in self.options:
            raise ValueError(f"expected {name} as one of {', '.join(self.options)}, got {value!r}")
        return str(value)

    def described(self) -> dict[str, Any]:
        """Return options and start."""
        return {"options": list(self.options), "start": self.default_value}


class Toggle(Input):
    """Yes or no.

    Args:
        default: Value at the start.
    """

    def __init__(self, *, default: bool) -> None:
        super().__init__(default)

    def checked(self, name: str, value: Any) -> bool:
        """Return the value. Raises ValueError unless it is True or False."""
        if value is not True and value is not False:
            raise ValueError(f"expected {name} as true or false, got {value!r}")
        return bool(value)

    def read(self, name: str, text: str) -> bool:
        """Return True for 1 and False for 0. Raises ValueError for anything else."""
        if text not in {"0", "1"}:
            raise ValueError(f"expected {name}:0 or {name}:1, got {text!r}")
        return text == "1"

    def described(self) -> dict[str, Any]:
        """Return start."""
        return {"start": self.default_value}


class Text(Input):
    """A short text.

    Args:
        most: Largest number of characters.
        pattern: Regular expression for the whole text.
        default: Text at the start.
    """

    def __init__(self, most: int, pattern: str, default: str) -> None:
        super().__init__(default)
        self.most, self.pattern = most, pattern

    def checked(self, name: str, value: Any) -> str:
        """Return the text. Raises ValueError for a wrong length or other characters."""
        fits = isinstance(value, str) and len(value) <= self.most
        if not fits or not re.fullmatch(self.pattern, value):
            allowed = f"at most {self.most} characters of {self.pattern}"
            raise ValueError(f"expected {name} with {allowed}, got {value!r}")
        return str(value)

    def described(self) -> dict[str, Any]:
        """Return start, max and pattern."""
        return {"start": self.default_value, "max": self.most, "pattern": self.pattern}


class Result(traitlets.TraitType[Any, Any]):
    """Something computed from the inputs: observe or link it, but do not set it."""

    def __init__(self) -> None:
        super().__init__(default_value=None, allow_none=True)
        self.tag(sync=True)

    def validate(self, _obj: Any, value: Any) -> Any:
        """Take what the arithmetic or the page gives; JSON has no infinite numbers."""
        if isinstance(value, float) and not math.isfinite(value):
            raise traitlets.TraitError(f"expected {self.name} finite or None, got {value!r}")
        return value
