"""Known mistakes in the gates of an LSTM."""

from collections.abc import Callable, Iterator, Mapping
from functools import partial
from itertools import permutations
from types import MappingProxyType

import numpy as np
from numpy.typing import NDArray

from rnncore.params import LSTMParams

Array = NDArray[np.float64]
Gates = tuple[Array, Array, Array, Array]
GateFunction = partial[Gates]
Activation = Callable[[Array], Array]

NAMES = "ifgo"


def sigmoid(a: Array) -> Array:
    """Compute 1 / (1 + exp(-a)) without overflow."""
    y: Array = 0.5 * (1 + np.tanh(0.5 * a))
    return y


def tanh(a: Array) -> Array:
    """Compute the hyperbolic tangent."""
    y: Array = np.tanh(a)
    return y


RIGHT: Mapping[str, Activation] = {"i": sigmoid, "f": sigmoid, "g": tanh, "o": sigmoid}


def activated(a: Array, order: str = NAMES, activations: Mapping[str, Activation] = RIGHT) -> Gates:
    """Split pre-activations into blocks in an order of names and activate each by its name."""
    blocks = dict(zip(order, np.split(a, 4, axis=-1), strict=True))
    i, f, g, o = (activations[name](blocks[name]) for name in NAMES)
    return i, f, g, o


Term = Callable[[Array, LSTMParams], Array]


def _of_input(x: Array, params: LSTMParams) -> Array:
    projected: Array = x @ params.weight_ih.T
    return projected


def _of_state(h_prev: Array, params: LSTMParams) -> Array:
    projected: Array = h_prev @ params.weight_hh.T
    return projected


def _as_they_are(gates: Gates, params: LSTMParams) -> Gates:
    del params
    return gates


def compute(
    x: Array,
    h_prev: Array,
    params: LSTMParams,
    *,
    of_input: Term = _of_input,
    of_state: Term = _of_state,
    bias: tuple[float, float] = (1, 1),
    activate: Callable[[Array, str, Mapping[str, Activation]], Gates] = activated,
    order: str = NAMES,
    changes: Mapping[str, Activation] = MappingProxyType({}),
    finish: Callable[[Gates, LSTMParams], Gates] = _as_they_are,
) -> Gates:
    """Compute the gates from parts of which some may be wrong."""
    terms: Array = of_input(x, params) + of_state(h_prev, params)
    a = terms + bias[0] * params.bias_ih + bias[1] * params.bias_hh
    return finish(activate(a, order, {**RIGHT, **changes}), params)


def right_gates(x: Array, h_prev: Array, params: LSTMParams) -> Gates:
    """Compute the right gates, for the variants that are wrong elsewhere."""
    return compute(x, h_prev, params)


def _scaled(term: Term, factor: float) -> Term:
    return lambda state, params: factor * term(state, params)


def _in_order(gates: Gates, params: LSTMParams, *, order: str) -> Gates:
    """Return right gates in another order."""
    del params
    named = dict(zip(NAMES, gates, strict=True))
    return named[order[0]], named[order[1]], named[order[2]], named[order[3]]


def _untransposed(state: Array, params: LSTMParams, *, weight: str) -> Array:
    """Multiply by each block as it is; silent for the state, whose blocks are square."""
    blocks = np.split(getattr(params, weight), 4)
    return np.concatenate([state @ block for block in blocks], axis=-1)


def _reshaped(state: Array, params: LSTMParams, *, weight: str) -> Array:
    """Reshape a weight matrix where it should be transposed: same shape, other numbers."""
    matrix: Array = getattr(params, weight)
    projected: Array = state @ matrix.reshape(matrix.shape[::-1])
    return projected


def _bias_outside(gates: Gates, params: LSTMParams) -> Gates:
    """Add the bias after the activation."""
    bias = np.split(params.bias_ih + params.bias_hh, 4)
    return gates[0] + bias[0], gates[1] + bias[1], gates[2] + bias[2], gates[3] + bias[3]


def _woven(a: Array, order: str, activations: Mapping[str, Activation]) -> Gates:
    """Take every fourth row for a gate, as if the four rows of one unit stood together."""
    return activated(np.concatenate([a[:, k::4] for k in range(4)], axis=-1), order, activations)


def softmax_over_units(a: Array) -> Array:
    """Let the units of one gate share a sum of one."""
    shifted = np.exp(a - a.max(axis=-1, keepdims=True))
    shares: Array = shifted / shifted.sum(axis=-1, keepdims=True)
    return shares


def softmax_over_gates(a: Array, order: str, activations: Mapping[str, Activation]) -> Gates:
    """Let the three gates of one unit share a sum of one."""
    del activations
    blocks = dict(zip(order, np.split(a, 4, axis=-1), strict=True))
    stacked = np.stack([blocks[name] for name in "ifo"])
    shares = np.exp(stacked - stacked.max(axis=0))
    i, f, o = shares / shares.sum(axis=0)
    return i, f, np.tanh(blocks["g"]), o


def overflowing_sigmoid(a: Array) -> Array:
    """Compute exp(a) / (1 + exp(a)), which is inf / inf for large a."""
    with np.errstate(all="ignore"):
        y: Array = np.exp(a) / (1 + np.exp(a))
    return y


def _linear(a: Array) -> Array:
    return a


def _relu(a: Array) -> Array:
    return np.maximum(a, 0)


def _hard(a: Array, slope: float) -> Array:
    return np.clip(slope * a + 0.5, 0, 1)


def _negated(a: Array) -> Array:
    return sigmoid(-a)


def _twice(a: Array) -> Array:
    return sigmoid(sigmoid(a))


def _unhalved(a: Array) -> Array:
    return 0.5 * (1 + np.tanh(a))


def _shifted(a: Array) -> Array:
    return sigmoid(a + 1)


def with_activations(**changes: Activation) -> GateFunction:
    """Return gates of which some have another activation."""
    return partial(compute, changes=changes)


def with_gate_activation(activation: Activation) -> GateFunction:
    """Return gates of which the three shares have another activation."""
    return with_activations(i=activation, f=activation, o=activation)


Row = tuple[str, GateFunction, str, dict[str, str]]


def term_rows() -> Iterator[Row]:
    """List mistakes in the terms: id, function, message key, fields of the message."""
    yield "bias-missing", partial(compute, bias=(0, 0)), "bias-missing", {}
    for one, other, first in (("bias_ih", "bias_hh", 0), ("bias_hh", "bias_ih", 1)):
        name = one.replace("_", "-")
        without, twice, instead = (
            _bias(first, mine, rest) for mine, rest in ((0, 1), (2, 1), (2, 0))
        )
        yield f"{name}-missing", without, "one-bias-missing", {"bias": one, "kept": other}
        yield f"{name}-counted-twice", twice, "one-bias-twice", {"bias": one}
        yield f"{name}-for-both", instead, "one-bias-for-both", {"bias": one, "lost": other}
    yield "bias-counted-twice", partial(compute, bias=(2, 2)), "bias-twice", {}
    outside = partial(compute, bias=(0, 0), finish=_bias_outside)
    yield "bias-outside", outside, "bias-outside", {}
    yield "h-term-missing", partial(compute, of_state=_scaled(_of_state, 0)), "h-term-missing", {}
    yield "x-term-missing", partial(compute, of_input=_scaled(_of_input, 0)), "x-term-missing", {}
    subtracted = partial(compute, of_state=_scaled(_of_state, -1))
    yield "h-term-subtracted", subtracted, "h-term-subtracted", {}
    for message, wrong in (("untransposed", _untransposed), ("reshaped", _reshaped)):
        state = partial(compute, of_state=partial(wrong, weight="weight_hh"))
        both = partial(state, of_input=partial(wrong, weight="weight_ih"))
        inputs = partial(compute, of_input=partial(wrong, weight="weight_ih"))
        yield f"weight-hh-{message}", state, message, {"weights": "weight_hh"}
        yield f"weight-ih-{message}", inputs, message, {"weights": "weight_ih"}
        yield f"weights-{message}", both, message, {"weights": "weight_ih, weight_hh"}


def _bias(first: int, mine: float, other: float) -> GateFunction:
    return partial(compute, bias=(mine, other) if first == 0 else (other, mine))


def activation_rows() -> Iterator[Row]:
    """List mistakes in the activations: id, function, message key, fields of the message."""
    for gate, name in (("i", "input"), ("f", "forget"), ("o", "output")):
        swapped = with_activations(**{gate: tanh, "g": sigmoid})
        fields = {"gate": gate, "name": name}
        yield f"{gate}-g-activation-swapped", swapped, "activation-swapped", fields
        both = with_activations(**{gate: tanh})
        yield f"{gate}-tanh", both, "gate-tanh", fields
        linear = with_activations(**{gate: _linear})
        yield f"{gate}-linear", linear, "gate-linear", fields
    yield "g-sigmoid", with_activations(g=sigmoid), "g-sigmoid", {}
    yield "g-linear", with_activations(g=_linear), "g-linear", {}
    yield "g-relu", with_activations(g=_relu), "g-relu", {}
    yield "all-tanh", with_gate_activation(tanh), "all-tanh", {}
    swapped_all = with_activations(i=tanh, f=tanh, o=tanh, g=sigmoid)
    yield "all-swapped", swapped_all, "all-swapped", {}
    linear_all = with_activations(i=_linear, f=_linear, g=_linear, o=_linear)
    yield "all-linear", linear_all, "all-linear", {}
    yield "gates-linear", with_gate_activation(_linear), "gates-linear", {}
    yield "softmax-units", with_gate_activation(softmax_over_units), "softmax-units", {}
    yield "softmax-gates", partial(compute, activate=softmax_over_gates), "softmax-gates", {}
    for name, slope in (("fifth", 0.2), ("sixth", 1 / 6)):
        yield (
            f"hard-sigmoid-{name}",
            with_gate_activation(partial(_hard, slope=slope)),
            "hard-sigmoid",
            {},
        )
    yield "sigmoid-sign", with_gate_activation(_negated), "sigmoid-sign", {}
    yield "sigmoid-applied-twice", with_gate_activation(_twice), "sigmoid-applied-twice", {}
    yield "sigmoid-not-halved", with_gate_activation(_unhalved), "sigmoid-not-halved", {}
    yield "forget-bias-added", with_activations(f=_shifted), "forget-bias-added", {}


def order_rows() -> Iterator[Row]:
    """List all wrong orders of the rows: id, function, message key, fields of the message."""
    for order in _wrong_orders():
        fields = {"order": ", ".join(order)}
        yield f"order-{order}", partial(compute, order=order), "row-order", fields
    yield "rows-woven", partial(compute, activate=_woven), "rows-woven", {}


def returned_rows() -> Iterator[Row]:
    """List wrong orders of the result: id, function, message key, fields of the message.

    With g in its place, another order of the result is another order of the rows.
    """
    for order in (order for order in _wrong_orders() if order[2] != "g"):
        fields = {"order": ", ".join(order)}
        wrong = partial(compute, finish=partial(_in_order, order=order))
        yield f"returned-{order}", wrong, "gates-order", fields


def _wrong_orders() -> list[str]:
    return [order for order in map("".join, permutations(NAMES)) if order != NAMES]
