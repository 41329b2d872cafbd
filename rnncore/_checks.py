"""Checks at the boundary: each failure is one sentence, "expected ..., got ..."."""

import operator
from typing import Any, TypeAlias

import numpy as np

from rnncore._typing import Array

# What a caller may have handed in: it is looked at before it is trusted.
Unchecked: TypeAlias = Any


def check_floating(name: str, value: object) -> Array:
    """Check type and dtype, and return `value` as the array it is.

    Raises:
        TypeError: if `value` is no NumPy array, or its dtype is neither floating-point nor complex.
    """
    if not isinstance(value, np.ndarray):
        raise TypeError(f"expected {name} to be a NumPy array, got {type(value).__name__}")
    # Integers would round every result that is written back into an array of their dtype.
    if not np.issubdtype(value.dtype, np.inexact):
        raise TypeError(f"expected {name} with a floating-point dtype, got {value.dtype}")
    return value


def check_array(name: str, value: object, **axes: int | None) -> None:
    """Check type, dtype and shape; an axis of size `None` is free.

    Raises:
        TypeError: if `value` is no NumPy array, or its dtype is neither floating-point nor complex.
        ValueError: if the number of axes or the size of one of them differs.
    """
    array = check_floating(name, value)
    sizes = tuple(axes.values())
    if array.ndim != len(sizes) or any(
        size not in (None, got) for size, got in zip(sizes, array.shape, strict=True)
    ):
        wanted = ", ".join(
            axis if size is None else f"{axis}={size}" for axis, size in axes.items()
        )
        raise ValueError(f"expected {name} with shape ({wanted}), got {array.shape}")


def check_params(params: Unchecked, gates: int) -> tuple[int, int]:
    """Check a parameter tuple whose rows hold `gates` blocks; return (input_size, hidden_size).

    Raises:
        TypeError: if a field is missing or is no floating-point array.
        ValueError: if the shapes do not fit each other.
    """
    fields = ("weight_ih", "weight_hh", "bias_ih", "bias_hh")
    if getattr(params, "_fields", None) != fields:
        raise TypeError(
            f"expected params with the fields {', '.join(fields)}, got {type(params).__name__}"
        )
    check_array("weight_hh", params.weight_hh, rows=None, hidden_size=None)
    rows, hidden_size = params.weight_hh.shape
    if rows % gates:
        raise ValueError(f"expected a number of rows divisible by {gates}, got {rows} in weight_hh")
    check_array("weight_hh", params.weight_hh, rows=gates * hidden_size, hidden_size=hidden_size)
    check_array("weight_ih", params.weight_ih, rows=rows, input_size=None)
    check_array("bias_ih", params.bias_ih, rows=rows)
    check_array("bias_hh", params.bias_hh, rows=rows)
    return params.weight_ih.shape[1], hidden_size


def check_step(params: Unchecked, gates: int, x: Unchecked, **states: object) -> None:
    """Check the input and the state of one time step against the parameters."""
    input_size, hidden_size = check_params(params, gates)
    check_array("x", x, batch=None, input_size=input_size)
    for name, state in states.items():
        check_array(name, state, batch=np.shape(x)[0], hidden_size=hidden_size)


def check_sequence(params: Unchecked, gates: int, x: Unchecked, **states: object) -> None:
    """Check the input and the initial state of a sequence against the parameters."""
    input_size, hidden_size = check_params(params, gates)
    check_array("x", x, batch=None, seq=None, input_size=input_size)
    for name, state in states.items():
        check_array(name, state, batch=np.shape(x)[0], hidden_size=hidden_size)


def check_upstream(shape: tuple[int, ...], **gradients: object) -> None:
    """Check that each gradient has the shape of the result it belongs to."""
    axes = {
        2: ("batch", "hidden_size"),
        3: ("batch", "seq", "hidden_size"),
    }[len(shape)]
    for name, gradient in gradients.items():
        check_array(name, gradient, **dict(zip(axes, shape, strict=True)))


def check_lengths(lengths: Unchecked, seq: int, batch: int | None = None) -> None:
    """Check the number of real steps of each sequence.

    Raises:
        TypeError: if the lengths are not integers.
        ValueError: if there is not one per sequence, or one lies outside 0..seq.
    """
    lengths = np.asarray(lengths)
    if lengths.ndim != 1 or (batch is not None and len(lengths) != batch):
        wanted = "batch" if batch is None else f"batch={batch}"
        raise ValueError(f"expected lengths with shape ({wanted},), got {lengths.shape}")
    if not np.issubdtype(lengths.dtype, np.integer) and lengths.size:
        raise TypeError(f"expected lengths with an integer dtype, got {lengths.dtype}")
    outside = (lengths < 0) | (lengths > seq)
    if outside.any():
        raise ValueError(f"expected lengths between 0 and {seq}, got {lengths[outside][0]}")


def check_size(name: str, value: Unchecked, least: int = 1) -> None:
    """Check a whole number such as `hidden_size`.

    Raises:
        TypeError: if it is not an integer.
        ValueError: if it is less than `least`.
    """
    check_integer(name, value)
    if value < least:
        raise ValueError(f"expected {name} >= {least}, got {value}")


def check_integer(name: str, value: Unchecked) -> None:
    """Check a whole number; True and False are none.

    Raises:
        TypeError: if it is not an integer.
    """
    try:
        operator.index(value)
        is_whole = not isinstance(value, bool)
    except TypeError:
        is_whole = False
    if not is_whole:
        raise TypeError(f"expected {name} to be an integer, got {type(value).__name__}")


def check_number(name: str, value: Unchecked) -> None:
    """Check a real number, such as a probability; an array is none.

    Raises:
        TypeError: if it is not a number.
    """
    if not isinstance(value, int | float | np.integer | np.floating):
        raise TypeError(f"expected {name} to be a number, got {type(value).__name__}")


def check_positive(name: str, value: Unchecked) -> None:
    """Check a number such as a step size.

    Raises:
        TypeError: if it is not a number.
        ValueError: if it is not above 0.
    """
    check_number(name, value)
    # Written so that NaN is refused too.
    if not value > 0:
        raise ValueError(f"expected {name} > 0, got {value}")


def check_state(name: str, value: Unchecked, parts: int) -> tuple[Any, ...]:
    """Check that a state is a tuple of so many parts, `(h,)` or `(h, c)`, and return it.

    Raises:
        TypeError: if it is not a tuple.
        ValueError: if it holds another number of parts.
    """
    if not isinstance(value, tuple):
        raise TypeError(f"expected {name} to be a tuple, got {type(value).__name__}")
    if len(value) != parts:
        raise ValueError(f"expected {name} of {parts} arrays, got {len(value)}")
    return value


def check_rng(rng: Unchecked) -> None:
    """Check a source of randomness; a seed is none.

    Raises:
        TypeError: if it is no NumPy Generator.
    """
    if not isinstance(rng, np.random.Generator):
        raise TypeError(f"expected rng to be a NumPy Generator, got {type(rng).__name__}")


def check_reset(reset: Unchecked) -> None:
    """Check where the reset gate of a GRU stands.

    Raises:
        ValueError: if it is neither "after" nor "before".
    """
    if reset not in ("after", "before"):
        raise ValueError(f"expected reset 'after' or 'before', got {reset!r}")
