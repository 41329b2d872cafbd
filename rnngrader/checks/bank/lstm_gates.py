"""Known mistakes in the gates of an LSTM."""

from collections.abc import Callable, Iterator, Mapping
from functools import partial
from itertools import permutations

import numpy as np
from numpy.typing import NDArray

from rnncore.params import LSTMParams

Array = NDArray[np.float64]
Gates = tuple[Array, Array, Array, Array]
GateFunction = Callable[[Array, Array, LSTMParams], Gates]
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


def affine(x: Array, h_prev: Array, params: LSTMParams) -> Array:
    """Compute the four pre-activations side by side."""
    bias = params.bias_ih + params.bias_hh
    a: Array = x @ params.weight_ih.T + h_prev @ params.weight_hh.T + bias
    return a


RIGHT: Mapping[str, Activation] = {"i": sigmoid, "f": sigmoid, "g": tanh, "o": sigmoid}


def activated(a: Array, order: str = NAMES, activations: Mapping[str, Activation] = RIGHT) -> Gates:
    """Split pre-activations into blocks in an order of names and activate each by its name."""
    blocks = dict(zip(order, np.split(a, 4, axis=-1), strict=True))
    i, f, g, o = (activations[name](blocks[name]) for name in NAMES)
    return i, f, g, o


def right_gates(x: Array, h_prev: Array, params: LSTMParams) -> Gates:
    """Compute the right gates, for the variants that are wrong elsewhere."""
    return activated(affine(x, h_prev, params))


def scaled_terms(
    x: Array,
    h_prev: Array,
    params: LSTMParams,
    input_term: float = 1.0,
    recurrent_term: float = 1.0,
    bias_ih: float = 1.0,
    bias_hh: float = 1.0,
) -> Gates:
    """Count each term of the pre-activation a given number of times."""
    return activated(
        input_term * (x @ params.weight_ih.T)
        + recurrent_term * (h_prev @ params.weight_hh.T)
        + bias_ih * params.bias_ih
        + bias_hh * params.bias_hh
    )


def other_activation(
    x: Array, h_prev: Array, params: LSTMParams, *, changes: Mapping[str, Activation]
) -> Gates:
    """Use another activation for some gates."""
    return activated(affine(x, h_prev, params), activations={**RIGHT, **changes})


def other_order(x: Array, h_prev: Array, params: LSTMParams, order: str) -> Gates:
    """Read the blocks of rows in another order."""
    return activated(affine(x, h_prev, params), order=order)


def returned_in_order(x: Array, h_prev: Array, params: LSTMParams, order: str) -> Gates:
    """Return right gates in another order."""
    gates = dict(zip(NAMES, right_gates(x, h_prev, params), strict=True))
    return gates[order[0]], gates[order[1]], gates[order[2]], gates[order[3]]


def recurrent_untransposed(x: Array, h_prev: Array, params: LSTMParams) -> Gates:
    """Multiply by each square recurrent block as it is; silent, since a block is square."""
    blocks = np.split(params.weight_hh, 4)
    recurrent = np.concatenate([h_prev @ block for block in blocks], axis=-1)
    return activated(x @ params.weight_ih.T + recurrent + params.bias_ih + params.bias_hh)


def input_untransposed(x: Array, h_prev: Array, params: LSTMParams) -> Gates:
    """Multiply by each input block as it is; silent only where both sizes are equal."""
    blocks = np.split(params.weight_ih, 4)
    projected = np.concatenate([x @ block for block in blocks], axis=-1)
    return activated(projected + h_prev @ params.weight_hh.T + params.bias_ih + params.bias_hh)


def both_untransposed(x: Array, h_prev: Array, params: LSTMParams) -> Gates:
    """Multiply by all blocks as they are."""
    blocks = zip(np.split(params.weight_ih, 4), np.split(params.weight_hh, 4), strict=True)
    terms = np.concatenate([x @ ih + h_prev @ hh for ih, hh in blocks], axis=-1)
    return activated(terms + params.bias_ih + params.bias_hh)


def reshaped(x: Array, h_prev: Array, params: LSTMParams, which: tuple[str, ...]) -> Gates:
    """Reshape a weight matrix where it should be transposed: same shape, other numbers."""
    weights = {name: getattr(params, name) for name in ("weight_ih", "weight_hh")}
    turned = {n: w.reshape(w.shape[::-1]) if n in which else w.T for n, w in weights.items()}
    bias = params.bias_ih + params.bias_hh
    return activated(x @ turned["weight_ih"] + h_prev @ turned["weight_hh"] + bias)


def bias_outside(x: Array, h_prev: Array, params: LSTMParams) -> Gates:
    """Add the bias after the activation."""
    gates = activated(x @ params.weight_ih.T + h_prev @ params.weight_hh.T)
    bias = np.split(params.bias_ih + params.bias_hh, 4)
    return gates[0] + bias[0], gates[1] + bias[1], gates[2] + bias[2], gates[3] + bias[3]


def softmax_over_units(a: Array) -> Array:
    """Let the units of one gate share a sum of one."""
    shifted = np.exp(a - a.max(axis=-1, keepdims=True))
    shares: Array = shifted / shifted.sum(axis=-1, keepdims=True)
    return shares


def softmax_over_gates(x: Array, h_prev: Array, params: LSTMParams) -> Gates:
    """Let the three gates of one unit share a sum of one."""
    a_i, a_f, a_g, a_o = np.split(affine(x, h_prev, params), 4, axis=-1)
    stacked = np.stack([a_i, a_f, a_o])
    shares = np.exp(stacked - stacked.max(axis=0))
    i, f, o = shares / shares.sum(axis=0)
    return i, f, np.tanh(a_g), o


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
    return partial(other_activation, changes=changes)


def with_gate_activation(activation: Activation) -> GateFunction:
    """Return gates of which the three shares have another activation."""
    return with_activations(i=activation, f=activation, o=activation)


Row = tuple[str, GateFunction, str, dict[str, str]]


def term_rows() -> Iterator[Row]:
    """List mistakes in the terms: id, function, message key, fields of the message."""
    yield "bias-missing", partial(scaled_terms, bias_ih=0, bias_hh=0), "bias-missing", {}
    for one, other in (("bias_ih", "bias_hh"), ("bias_hh", "bias_ih")):
        name = one.replace("_", "-")
        without = partial(scaled_terms, **{one: 0.0})  # type: ignore[arg-type]
        twice = partial(scaled_terms, **{one: 2.0})  # type: ignore[arg-type]
        instead = partial(scaled_terms, **{one: 2.0, other: 0.0})  # type: ignore[arg-type]
        yield f"{name}-missing", without, "one-bias-missing", {"bias": one, "kept": other}
        yield f"{name}-counted-twice", twice, "one-bias-twice", {"bias": one}
        yield f"{name}-for-both", instead, "one-bias-for-both", {"bias": one, "lost": other}
    yield "bias-counted-twice", partial(scaled_terms, bias_ih=2, bias_hh=2), "bias-twice", {}
    yield "bias-outside", bias_outside, "bias-outside", {}
    yield "h-term-missing", partial(scaled_terms, recurrent_term=0), "h-term-missing", {}
    yield "x-term-missing", partial(scaled_terms, input_term=0), "x-term-missing", {}
    yield "h-term-subtracted", partial(scaled_terms, recurrent_term=-1), "h-term-subtracted", {}
    for name, function, weights in (
        ("weight-hh", recurrent_untransposed, "weight_hh"),
        ("weight-ih", input_untransposed, "weight_ih"),
        ("weights", both_untransposed, "weight_ih, weight_hh"),
    ):
        yield f"{name}-untransposed", function, "untransposed", {"weights": weights}
    for name, which in (
        ("weight-ih", ("weight_ih",)),
        ("weight-hh", ("weight_hh",)),
        ("weights", ("weight_ih", "weight_hh")),
    ):
        fields = {"weights": ", ".join(which)}
        yield f"{name}-reshaped", partial(reshaped, which=which), "reshaped", fields


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
    yield "softmax-gates", softmax_over_gates, "softmax-gates", {}
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
        yield f"order-{order}", partial(other_order, order=order), "row-order", fields


def returned_rows() -> Iterator[Row]:
    """List wrong orders of the result: id, function, message key, fields of the message.

    With g in its place, another order of the result is another order of the rows.
    """
    for order in (order for order in _wrong_orders() if order[2] != "g"):
        fields = {"order": ", ".join(order)}
        yield f"returned-{order}", partial(returned_in_order, order=order), "gates-order", fields


def _wrong_orders() -> list[str]:
    return [order for order in map("".join, permutations(NAMES)) if order != NAMES]
