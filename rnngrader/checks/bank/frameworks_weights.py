"""Known mistakes in carrying weights from one library to another."""

from collections.abc import Callable, Iterator, Sequence
from functools import partial
from itertools import product

import numpy as np

from rnngrader.checks.arguments import NumericArray as Array
from rnngrader.checks.spec import Function, Mistake

DIFFERS = "frameworks.html#what-differs"
COSTS = "frameworks.html#experiment-what-each-mistake-costs"
CONVERTING = "frameworks.html#converting-with-a-check"
NAMES = ("weight_ih_l0", "weight_hh_l0", "bias_ih_l0", "bias_hh_l0")
Arrays = Sequence[Array]


def _turned(array: Array) -> Array:
    return array.T


def _as_given(array: Array) -> Array:
    return array


def _reshaped(array: Array) -> Array:
    return array.reshape(array.shape[1], -1)


def _named(weights: dict[str, Array]) -> list[Array]:
    return [weights[name] for name in NAMES]


def _added(bias_ih: Array, bias_hh: Array) -> Array:
    total: Array = bias_ih + bias_hh
    return total


def to_keras(
    state_dict: dict[str, Array],
    *,
    taken: Callable[[dict[str, Array]], list[Array]] = _named,
    kernel: Callable[[Array], Array] = _turned,
    recurrent: Callable[[Array], Array] = _turned,
    bias: Callable[[Array, Array], Array] = _added,
    columns: Callable[[Array], Array] = _as_given,
    given: Callable[[list[Array]], list[Array]] = lambda arrays: arrays,
) -> list[Array]:
    """Convert an LSTM with parts of which some may be wrong."""
    weight_ih, weight_hh, bias_ih, bias_hh = taken(state_dict)
    arrays = [kernel(weight_ih), recurrent(weight_hh), bias(bias_ih, bias_hh)]
    return given([columns(array) for array in arrays])


def _in_order(order: str) -> Callable[[Array], Array]:
    def columns(array: Array) -> Array:
        parts = np.split(array, 4, axis=-1)
        moved: Array = np.concatenate([parts["ifgo".index(k)] for k in order], axis=-1)
        return moved

    return columns


def _kernel_in_order(order: str) -> Callable[[Array], Array]:
    moved = _in_order(order)
    return lambda weight: moved(_turned(weight))


def _blocks_turned(weight_hh: Array) -> Array:
    turned: Array = np.concatenate([part.T for part in np.split(weight_hh, 4)]).T
    return turned


def _forget_one(bias_ih: Array, bias_hh: Array, *, kept: float) -> Array:
    total = bias_ih + bias_hh
    forget = slice(len(total) // 4, len(total) // 2)
    total[forget] = kept * total[forget] + 1
    return total


def to_keras_mistakes() -> Iterator[Mistake]:
    """List mistakes in giving an LSTM's weights to Keras."""
    yield from _turns(to_keras, "weight_ih_l0", "weight_hh_l0")
    biases: dict[str, Callable[[Array, Array], Array]] = {
        "biases-averaged": lambda b, d: 0.5 * (b + d),
        "biases-subtracted": lambda b, d: b - d,
        "biases-multiplied": lambda b, d: b * d,
        "biases-stacked": lambda b, d: np.stack([b, d]),
        "biases-in-a-row": lambda b, d: np.concatenate([b, d]),
        "biases-zero": lambda b, _d: np.zeros_like(b),
        "forget-bias-added": partial(_forget_one, kept=1.0),
        "forget-bias-set": partial(_forget_one, kept=0.0),
    }
    for name, bias in biases.items():
        yield Mistake(name, partial(to_keras, bias=bias), see=DIFFERS)
    for kept, lost, bias in (
        ("bias_ih_l0", "bias_hh_l0", lambda b, _d: b),
        ("bias_hh_l0", "bias_ih_l0", lambda _b, d: d),
    ):
        fields = {"kept": kept, "lost": lost}
        variant = partial(to_keras, bias=bias)
        yield Mistake(f"only-{kept[:7]}", variant, "one-bias", COSTS, fields)
    for order in ("ifog", "figo", "fgio", "gifo", "iofg"):
        fields = {"order": ", ".join(order)}
        variant = partial(to_keras, columns=_in_order(order))
        yield Mistake(f"order-{order}", variant, "columns-moved", DIFFERS, fields)
        turned_too = _kernel_in_order(order)
        both = partial(to_keras, kernel=turned_too, recurrent=turned_too)
        yield Mistake(f"order-{order}-kernels", both, "kernels-moved", DIFFERS, fields)
        one = partial(to_keras, kernel=turned_too)
        yield Mistake(f"order-{order}-kernel", one, "kernel-moved", DIFFERS, fields)
    turned = partial(to_keras, recurrent=_blocks_turned)
    yield Mistake("recurrent-blocks-turned", turned, see=COSTS)
    swapped = partial(to_keras, given=lambda arrays: [arrays[1], arrays[0], arrays[2]])
    yield Mistake("kernels-swapped", swapped, see=DIFFERS)
    yield Mistake(
        "by-position",
        partial(to_keras, taken=lambda weights: list(weights.values())[:4]),
        see=CONVERTING,
        shown_by="edges",
    )


def _turns(converted: Function, first: str, second: str) -> Iterator[Mistake]:
    """List what can go wrong where rows become columns."""
    for name, message, turn in (
        ("untransposed", "untransposed", _as_given),
        ("reshaped", "reshaped", _reshaped),
    ):
        for part, argument in (("kernel", first), ("recurrent", second)):
            fields = {"weights": argument}
            variant = partial(converted, **{part: turn})
            yield Mistake(f"{part}-{name}", variant, message, DIFFERS, fields)
        both = partial(converted, kernel=turn, recurrent=turn)
        fields = {"weights": f"{first}, {second}"}
        yield Mistake(f"both-{name}", both, message, DIFFERS, fields)


def _two_rows(bias: Array) -> list[Array]:
    if bias.ndim != 2:
        raise ValueError("one bias belongs to another function")
    return [bias[0], bias[1]]


def _any_rows(bias: Array) -> list[Array]:
    return [bias[0], bias[1]] if bias.ndim == 2 else [bias, np.zeros_like(bias)]


def _moved(array: Array, places: tuple[int, ...]) -> Array:
    parts = np.split(array, 3)
    return np.concatenate([parts[n] for n in places])


def from_keras(
    weights: Arrays,
    *,
    kernel: Callable[[Array], Array] = _turned,
    recurrent: Callable[[Array], Array] = _turned,
    biases: Callable[[Array], list[Array]] = _two_rows,
    places: tuple[int, ...] = (1, 0, 2),
    moved: tuple[bool, ...] = (True, True, True, True),
    given: Callable[[list[Array]], list[Array]] = lambda arrays: arrays,
) -> dict[str, Array]:
    """Convert a GRU with parts of which some may be wrong."""
    arrays = [kernel(weights[0]), recurrent(weights[1]), *biases(weights[2])]
    rows = [
        _moved(array, places) if wanted else array
        for array, wanted in zip(arrays, moved, strict=True)
    ]
    return dict(zip(NAMES, given(rows), strict=True))


def from_keras_mistakes() -> Iterator[Mistake]:
    """List mistakes in reading a GRU's weights from Keras."""
    yield from _turns_back()
    for moved in product((False, True), repeat=4):
        if not all(moved):
            left = [name for name, wanted in zip(NAMES, moved, strict=True) if not wanted]
            variant = partial(from_keras, moved=moved)
            fields = {"parts": ", ".join(left)}
            yield Mistake(f"unmoved-{'-'.join(left)}", variant, "blocks-left", DIFFERS, fields)
    for name, places in (
        ("rotated", (1, 2, 0)),
        ("rotated-back", (2, 0, 1)),
        ("reversed", (2, 1, 0)),
        ("last-two-swapped", (0, 2, 1)),
    ):
        yield Mistake(name, partial(from_keras, places=places), "blocks-elsewhere", DIFFERS)
    biases: dict[str, Callable[[Array], list[Array]]] = {
        "biases-summed": lambda b: [b[0] + b[1], np.zeros_like(b[0])],
        "biases-summed-twice": lambda b: [b.sum(axis=0), b.sum(axis=0)],
        "biases-exchanged": lambda b: [b[1], b[0]],
        "first-bias-twice": lambda b: [b[0], b[0]],
        "second-bias-twice": lambda b: [b[1], b[1]],
        "second-bias-lost": lambda b: [b[0], np.zeros_like(b[0])],
        "biases-halved": lambda b: [0.5 * b.sum(axis=0), 0.5 * b.sum(axis=0)],
    }
    for name, rows in biases.items():
        yield Mistake(name, partial(from_keras, biases=rows), see=COSTS)
    swapped = partial(from_keras, given=lambda a: [a[1], a[0], a[2], a[3]])
    yield Mistake("kernels-swapped", swapped, see=DIFFERS)
    yield Mistake(
        "one-bias-taken",
        partial(from_keras, biases=_any_rows),
        see=CONVERTING,
        shown_by="outside",
    )


def _turns_back() -> Iterator[Mistake]:
    """List what can go wrong where columns become rows; then blocks are cut elsewhere too."""
    converted: Function = from_keras
    for part, argument in (("kernel", "kernel"), ("recurrent", "recurrent_kernel")):
        fields = {"weights": argument}
        reshaped = partial(converted, **{part: _rows_reshaped})
        yield Mistake(f"{part}-reshaped", reshaped, "reshaped", DIFFERS, fields)
    both = partial(converted, kernel=_rows_reshaped, recurrent=_rows_reshaped)
    fields = {"weights": "kernel, recurrent_kernel"}
    yield Mistake("both-reshaped", both, "reshaped", DIFFERS, fields)
    for part, moved, argument in (
        ("kernel", (False, True, True, True), "kernel"),
        ("recurrent", (True, False, True, True), "recurrent_kernel"),
    ):
        variant = partial(converted, **{part: _columns_moved}, moved=moved)
        fields = {"weights": argument}
        yield Mistake(f"{part}-untransposed", variant, "untransposed", DIFFERS, fields)
    variant = partial(
        converted,
        kernel=_columns_moved,
        recurrent=_columns_moved,
        moved=(False, False, True, True),
    )
    fields = {"weights": "kernel, recurrent_kernel"}
    yield Mistake("both-untransposed", variant, "untransposed", DIFFERS, fields)
    as_given = partial(
        converted, kernel=_as_given, recurrent=_as_given, moved=(False, False, False, False)
    )
    yield Mistake("taken-as-given", as_given, see=DIFFERS)


def _rows_reshaped(array: Array) -> Array:
    return array.reshape(array.shape[1], -1)


def _columns_moved(array: Array) -> Array:
    return _moved(array.T, (1, 0, 2)).T
