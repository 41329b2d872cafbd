"""Parameters of the cells: their layout and names (torch's), and their start values."""

from collections.abc import Callable, Iterator, Mapping
from typing import Any, NamedTuple, TypeAlias, TypeVar, cast

import numpy as np
from numpy.typing import DTypeLike

from rnncore._checks import Unchecked, check_params, check_rng, check_size
from rnncore._typing import Array, Inexact

Tree = TypeVar("Tree", bound=Any)


class RNNParams(NamedTuple):
    """Weights of a simple RNN; gradients have the same type.

    Both biases are added to the same pre-activation, so one would do; two keep torch's layout.
    """

    weight_ih: Inexact[Array, "hidden_size input_size"]
    weight_hh: Inexact[Array, "hidden_size hidden_size"]
    bias_ih: Inexact[Array, " hidden_size"]
    bias_hh: Inexact[Array, " hidden_size"]


class LSTMParams(NamedTuple):
    """Weights of an LSTM, four blocks of `hidden_size` rows in the order i, f, g, o.

    Both biases are added to the same pre-activation, so one would do; two keep torch's layout.
    """

    weight_ih: Inexact[Array, "4*hidden_size input_size"]
    weight_hh: Inexact[Array, "4*hidden_size hidden_size"]
    bias_ih: Inexact[Array, " 4*hidden_size"]
    bias_hh: Inexact[Array, " 4*hidden_size"]


class GRUParams(NamedTuple):
    """Weights of a GRU, three blocks of `hidden_size` rows in the order r, z, n.

    Here the two biases differ: with the reset gate after the product, r multiplies b_hn but not
    b_in. Where the gate stands (`reset`) is no part of the parameters.
    """

    weight_ih: Inexact[Array, "3*hidden_size input_size"]
    weight_hh: Inexact[Array, "3*hidden_size hidden_size"]
    bias_ih: Inexact[Array, " 3*hidden_size"]
    bias_hh: Inexact[Array, " 3*hidden_size"]


CellParams: TypeAlias = RNNParams | GRUParams | LSTMParams
Cell = TypeVar("Cell", bound=CellParams)
GATES: dict[type, int] = {RNNParams: 1, GRUParams: 3, LSTMParams: 4}


def init_rnn(
    input_size: int, hidden_size: int, rng: np.random.Generator, dtype: DTypeLike = np.float64
) -> RNNParams:
    """Draw RNN parameters as torch does: U(-1/sqrt(hidden_size), 1/sqrt(hidden_size)).

    Args:
        input_size: features per step.
        hidden_size: units.
        rng: source of randomness.
        dtype: of every array.

    Raises:
        TypeError: if a size is not an integer, or `rng` no NumPy Generator.
        ValueError: if a size is less than 1.

    Example:
        >>> init_rnn(3, 4, np.random.default_rng(0)).weight_ih.shape
        (4, 3)
    """
    return RNNParams(*_uniform(1, input_size, hidden_size, rng, dtype))


def init_lstm(
    input_size: int,
    hidden_size: int,
    rng: np.random.Generator,
    forget_bias: float = 0.0,
    dtype: DTypeLike = np.float64,
) -> LSTMParams:
    """Draw LSTM parameters as torch does: U(-1/sqrt(hidden_size), 1/sqrt(hidden_size)).

    Args:
        input_size: features per step.
        hidden_size: units.
        rng: source of randomness.
        forget_bias: added to the forget rows of `bias_ih`; 1 lets a fresh cell remember longer.
        dtype: of every array.

    Raises:
        TypeError: if a size is not an integer, or `rng` no NumPy Generator.
        ValueError: if a size is less than 1.

    Source: forget_bias: Gers et al. (2000), section 3; Jozefowicz et al. (2015).

    Example:
        >>> init_lstm(3, 4, np.random.default_rng(0)).weight_ih.shape
        (16, 3)
    """
    params = LSTMParams(*_uniform(4, input_size, hidden_size, rng, dtype))
    params.bias_ih[hidden_size : 2 * hidden_size] += forget_bias
    return params


def init_gru(
    input_size: int, hidden_size: int, rng: np.random.Generator, dtype: DTypeLike = np.float64
) -> GRUParams:
    """Draw GRU parameters as torch does: U(-1/sqrt(hidden_size), 1/sqrt(hidden_size)).

    Args:
        input_size: features per step.
        hidden_size: units.
        rng: source of randomness.
        dtype: of every array.

    Raises:
        TypeError: if a size is not an integer, or `rng` no NumPy Generator.
        ValueError: if a size is less than 1.

    Example:
        >>> init_gru(3, 4, np.random.default_rng(0)).weight_ih.shape
        (12, 3)
    """
    return GRUParams(*_uniform(3, input_size, hidden_size, rng, dtype))


def flip_update_gate(params: GRUParams) -> GRUParams:
    """Convert to the other convention of the update gate: z' = 1 - z. Twice gives `params` again.

    Equation: sigma(-a) = 1 - sigma(a), so the rows of z change their sign; then
        h = (1 - z) * n + z * h_prev becomes h = z' * n + (1 - z') * h_prev.

    Here and in torch and Keras, z keeps the old state; in some papers and code, z' lets in the new.

    Args:
        params: of the one convention.

    Returns: parameters of the other; gradients are converted in the same way.

    Raises:
        TypeError: if a field is missing or is no floating-point array.
        ValueError: if the shapes do not fit each other.

    Source: both are in use: Cho et al. (2014), equation 7, and Chung et al. (2014), equation 5.
    """
    _, hidden_size = check_params(params, 3)
    sign = np.repeat([1, -1, 1], hidden_size).astype(np.int8)
    return GRUParams(*(array * (sign[:, None] if array.ndim == 2 else sign) for array in params))


def _uniform(
    gates: int, input_size: int, hidden_size: int, rng: np.random.Generator, dtype: DTypeLike
) -> Iterator[Array]:
    check_size("input_size", input_size)
    check_size("hidden_size", hidden_size)
    check_rng(rng)
    bound = hidden_size**-0.5
    rows = gates * hidden_size
    for shape in ((rows, input_size), (rows, hidden_size), (rows,), (rows,)):
        yield rng.uniform(-bound, bound, shape).astype(dtype)


def to_state_dict(
    params: CellParams, layer: int | None = 0, *, reverse: bool = False
) -> dict[str, Array]:
    """Name the arrays as torch's `state_dict` does; they are copies.

    Args:
        params: of one layer and one direction.
        layer: its number in the stack; None for the names of `nn.LSTMCell`, which has no layers.
        reverse: True for the direction that reads from the end.

    Raises:
        TypeError: if `params` is of another type, or a field is no float array.
        ValueError: if the shapes do not fit each other.

    Example:
        >>> list(to_state_dict(init_rnn(3, 4, np.random.default_rng(0)), layer=1, reverse=True))[0]
        'weight_ih_l1_reverse'
    """
    check_params(params, gates_of(type(params)))
    suffix = _suffix(layer, reverse=reverse)
    return {name + suffix: np.array(array) for name, array in params._asdict().items()}


def from_state_dict(
    state_dict: Mapping[str, Any],
    params_type: type[Cell],
    layer: int | None = 0,
    *,
    reverse: bool = False,
) -> Cell:
    """Read one layer and one direction of a torch `state_dict`; the arrays are copies.

    Args:
        state_dict: names to anything that `np.asarray` reads.
        params_type: RNNParams, GRUParams or LSTMParams.
        layer: its number in the stack; None for the names of `nn.LSTMCell`, which has no layers.
        reverse: True for the direction that reads from the end.

    Raises:
        KeyError: if a name is missing.
        TypeError: if `params_type` is another type, or an array is not floating-point.
        ValueError: if shapes do not fit, rows do not divide by the number of gates, or there is a
            projection (`proj_size`), which these cells do not have.

    Example:
        >>> params = init_lstm(3, 4, np.random.default_rng(0))
        >>> again = from_state_dict(to_state_dict(params), LSTMParams)
        >>> all(np.array_equal(a, b) for a, b in zip(params, again))
        True
    """
    gates, suffix = gates_of(params_type), _suffix(layer, reverse=reverse)
    if "weight_hr" + suffix in state_dict:
        raise ValueError(f"expected no projection (proj_size=0), got weight_hr{suffix}")
    names = [field + suffix for field in params_type._fields]
    missing = [name for name in names if name not in state_dict]
    if missing:
        raise KeyError(f"expected the names {', '.join(names)}, got none for {', '.join(missing)}")
    params = params_type(*(np.asarray(state_dict[name]).copy() for name in names))
    check_params(params, gates)
    return params


def gates_of(params_type: Unchecked) -> int:
    """Return the number of blocks of rows.

    Raises:
        TypeError: if the type is not that of a cell's parameters.
    """
    if not isinstance(params_type, type) or params_type not in GATES:
        got = getattr(params_type, "__name__", repr(params_type))
        raise TypeError(f"expected RNNParams, GRUParams or LSTMParams, got {got}")
    return GATES[params_type]


def _suffix(layer: int | None, *, reverse: bool) -> str:
    if layer is None:
        return ""
    check_size("layer", layer, least=0)
    return f"_l{layer}" + "_reverse" * reverse


def map_params(function: Callable[..., Any], params: Tree, *others: Tree) -> Tree:
    """Apply `function` array by array; tuples may hold tuples, as in a model of several parts.

    Args:
        function: takes one array of each tuple.
        params: gives the structure of the result.
        others: tuples of the same structure, such as gradients.

    Raises:
        TypeError: if the tuples differ in type.
        ValueError: if tuples differ in length, or arrays in shape.

    Example:
        >>> map_params(np.add, (np.array([1.0]), (np.array([2.0]),)), (np.ones(1), (np.ones(1),)))
        (array([2.]), (array([3.]),))
    """
    nested = isinstance(params, tuple)
    for other in others:
        if type(other) is not type(params) and (nested or isinstance(other, tuple)):
            raise TypeError(f"expected {type(params).__name__}, got {type(other).__name__}")
        if nested and len(other) != len(params):
            raise ValueError(f"expected {len(params)} entries, got {len(other)}")
        if not nested and np.shape(other) != np.shape(params):
            raise ValueError(f"expected shape {np.shape(params)}, got {np.shape(other)}")
    if not nested:
        return cast("Tree", function(params, *others))
    entries = [map_params(function, *parts) for parts in zip(params, *others, strict=True)]
    # A NamedTuple takes its entries one by one, a plain tuple as a list.
    kind = type(params)
    return cast("Tree", kind(*entries) if hasattr(params, "_fields") else kind(entries))


def named_arrays(params: object, name: str = "params") -> Iterator[tuple[str, Array]]:
    """Walk through the arrays of (nested) tuples in order, each with its path.

    Example:
        >>> [name for name, _ in named_arrays(RNNParams(*np.zeros((4, 1))))]
        ['params.weight_ih', 'params.weight_hh', 'params.bias_ih', 'params.bias_hh']
    """
    if not isinstance(params, tuple):
        yield name, cast("Array", params)
        return
    fields = getattr(params, "_fields", range(len(params)))
    for field, entry in zip(fields, params, strict=True):
        path = f"{name}.{field}" if isinstance(field, str) else f"{name}[{field}]"
        yield from named_arrays(entry, path)
