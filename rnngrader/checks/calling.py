"""How a check calls a learner's function, wherever that function runs."""

import contextlib
import dataclasses
import warnings
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Literal

import numpy as np

ErrorKind = Literal["exception", "timeout", "died", "protocol", "undefined", "unsendable"]


@dataclass(frozen=True)
class Opaque:
    """Stands for a value that cannot leave the learner's process, such as a cache object."""

    type_name: str


@dataclass(frozen=True)
class CallError:
    """Why a call gave no value.

    Args:
        kind: what happened.
        type_name: the exception's class name, if there was one.
        text: the exception's text, for the learner's own screen only.
        line: line of the learner's source, counted from 1 in its cell or file.
    """

    kind: ErrorKind
    type_name: str = ""
    text: str = ""
    line: int | None = None


@dataclass(frozen=True)
class CallResult:
    """What one call gave.

    Args:
        value: the returned value; None after an error.
        args_after: the arguments as they stand after the call, if they were asked for.
        error: None if the call returned.
    """

    value: object
    args_after: tuple[object, ...] | None
    error: CallError | None


class Candidate(ABC):
    """A learner's function as a check sees it: a name, and a way to call it."""

    name: str

    @abstractmethod
    def call(
        self,
        *args: object,
        given: Mapping[str, Callable[..., object]] | None = None,
        returns_args: bool = False,
        kwargs: Mapping[str, object] | None = None,
    ) -> CallResult:
        """Call the function once on copies of the arguments.

        Args:
            args: positional arguments: arrays, scalars, None, named tuples of arrays.
            given: names of the learner's notebook that stand for these functions during the call.
            returns_args: whether the arguments are wanted back as the call left them.
            kwargs: keyword arguments.

        Returns:
            The value or the error; never raises for a fault of the learner's function.
        """


class LocalCandidate(Candidate):
    """A function of this process, as in a learner's own notebook.

    Args:
        function: any callable.
    """

    def __init__(self, function: Callable[..., object]) -> None:
        self.name = str(getattr(function, "__name__", type(function).__name__))
        self._function = function

    def call(
        self,
        *args: object,
        given: Mapping[str, Callable[..., object]] | None = None,
        returns_args: bool = False,
        kwargs: Mapping[str, object] | None = None,
    ) -> CallResult:
        """Call the function once on copies of the arguments; see `Candidate.call`."""
        own_args = tuple(_copied(argument) for argument in args)
        own_kwargs = {name: _copied(value) for name, value in (kwargs or {}).items()}
        with _replaced(self._function, given or {}), warnings.catch_warnings():
            warnings.simplefilter("ignore")
            try:
                with np.errstate(all="ignore"):
                    value = self._function(*own_args, **own_kwargs)
            except (Exception, SystemExit) as error:  # noqa: BLE001 - it is the learner's
                return CallResult(None, None, self._described(error))
        return CallResult(_copied(value), own_args if returns_args else None, None)

    def _described(self, error: BaseException) -> CallError:
        code = getattr(self._function, "__code__", None)
        line = None
        trace = error.__traceback__
        while trace is not None and code is not None:
            if trace.tb_frame.f_code.co_filename == code.co_filename:
                line = trace.tb_lineno
            trace = trace.tb_next
        return CallError("exception", type(error).__name__, str(error), line)


def as_candidate(function: object) -> Candidate:
    """Give a check something it can call.

    Args:
        function: a `Candidate`, which is passed through, or any callable.

    Returns:
        A candidate.

    Raises:
        TypeError: "expected the function itself, ..., got ...".
    """
    if isinstance(function, Candidate):
        return function
    if callable(function):
        return LocalCandidate(function)
    raise TypeError(
        'expected the function itself, as in check("lstm_step", lstm_step) without brackets '
        f"after the name, got {type(function).__name__}"
    )


def _copied(value: object) -> object:
    """Copy arrays, also inside containers, so that neither side sees the other's later changes."""
    if isinstance(value, np.ndarray):
        return value.copy(order="K")
    if isinstance(value, tuple) and hasattr(value, "_make"):
        return value._make(_copied(item) for item in value)
    if type(value) in {tuple, list}:
        return type(value)(_copied(item) for item in value)  # type: ignore[call-arg, attr-defined]
    if type(value) is dict:
        return {key: _copied(item) for key, item in value.items()}
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return {f.name: _copied(getattr(value, f.name)) for f in dataclasses.fields(value)}
    return value


@contextlib.contextmanager
def _replaced(
    function: Callable[..., object], given: Mapping[str, Callable[..., object]]
) -> Iterator[None]:
    """Let names of the function's module stand for other functions for a while."""
    namespace = getattr(function, "__globals__", None)
    if not isinstance(namespace, dict) or not given:
        yield
        return
    missing = object()
    before = {name: namespace.get(name, missing) for name in given}
    namespace.update(given)
    try:
        yield
    finally:
        for name, old in before.items():
            if old is missing:
                namespace.pop(name, None)
            else:
                namespace[name] = old
