"""Known mistakes in one step of a simple RNN."""

from collections.abc import Callable, Iterator
from functools import partial

import numpy as np

from rnncore.params import RNNParams
from rnngrader.checks.arguments import NumericArray as Array
from rnngrader.checks.spec import Mistake

Term = Callable[[Array, RNNParams], Array]
WEIGHTS = "sequences.html#a-network-that-remembers"
SHAPES = "sequences.html#shapes"


def _sum(of_input: Array, of_state: Array) -> Array:
    return of_input + of_state


def _input(x: Array, params: RNNParams) -> Array:
    projected: Array = x @ params.weight_ih.T
    return projected


def _state(h_prev: Array, params: RNNParams) -> Array:
    projected: Array = h_prev @ params.weight_hh.T
    return projected


def _as_is(h: Array, h_prev: Array, params: RNNParams) -> Array:
    del h_prev, params
    return h


def step(
    x: Array,
    h_prev: Array,
    params: RNNParams,
    *,
    of_input: Term = _input,
    of_state: Term = _state,
    join: Callable[[Array, Array], Array] = _sum,
    bias: tuple[float, float] = (1, 1),
    activation: Callable[[Array], Array] = np.tanh,
    result: Callable[[Array, Array, RNNParams], Array] = _as_is,
) -> Array:
    """Advance by one step with parts of which some may be wrong."""
    terms: Array = join(of_input(x, params), of_state(h_prev, params))
    a: Array = terms + bias[0] * params.bias_ih + bias[1] * params.bias_hh
    return result(activation(a), h_prev, params)


def right_step(x: Array, h_prev: Array, params: RNNParams) -> Array:
    """Compute the right step, for variants that are wrong elsewhere."""
    return step(x, h_prev, params)


def _squashed_terms(
    x: Array, h_prev: Array, params: RNNParams, *, first: bool, second: bool
) -> Array:
    """Squash the terms, and not their sum."""
    one, two = _input(x, params) + params.bias_ih, _state(h_prev, params) + params.bias_hh
    h: Array = (np.tanh(one) if first else one) + (np.tanh(two) if second else two)
    return h


def _weights_swapped(x: Array, h_prev: Array, params: RNNParams) -> Array:
    bias = params.bias_ih + params.bias_hh
    h: Array = np.tanh(x @ params.weight_hh.T + h_prev @ params.weight_ih.T + bias)
    return h


def _sigmoid(a: Array) -> Array:
    y: Array = 0.5 * (1 + np.tanh(0.5 * a))
    return y


def _softmax(a: Array) -> Array:
    shifted = np.exp(a - a.max(axis=-1, keepdims=True))
    y: Array = shifted / shifted.sum(axis=-1, keepdims=True)
    return y


def _tanh_of_exponentials(a: Array) -> Array:
    up, down = np.exp(a), np.exp(-a)
    y: Array = (up - down) / (up + down)
    return y


def overflow_mistake() -> Mistake:
    """Return the mistake that very large inputs show."""
    variant = partial(step, activation=_tanh_of_exponentials)
    return Mistake("overflow", variant, shown_by="edges")


def term_mistakes() -> Iterator[Mistake]:
    """List mistakes in the two products and in the biases."""
    yield Mistake("h-term-missing", partial(step, of_state=lambda h, p: 0 * _state(h, p)))
    yield Mistake("x-term-missing", partial(step, of_input=lambda x, p: 0 * _input(x, p)))
    yield Mistake("h-term-subtracted", partial(step, of_state=lambda h, p: -_state(h, p)))
    yield Mistake("x-term-subtracted", partial(step, of_input=lambda x, p: -_input(x, p)))
    yield Mistake("h-weights-missing", partial(step, of_state=lambda h, _p: h))
    yield Mistake("h-squashed-again", partial(step, of_state=lambda h, p: _state(np.tanh(h), p)))
    yield Mistake("terms-multiplied", partial(step, join=lambda one, two: one * two))
    yield Mistake("terms-averaged", partial(step, join=lambda one, two: 0.5 * (one + two)))
    for name, of_input, of_state in (
        ("weight_hh", _input, lambda h, p: h @ p.weight_hh),
        ("weight_ih", lambda x, p: x @ p.weight_ih, _state),
        ("weight_ih, weight_hh", lambda x, p: x @ p.weight_ih, lambda h, p: h @ p.weight_hh),
    ):
        slug = name.replace("_", "-").replace(", ", "-")
        variant = partial(step, of_input=of_input, of_state=of_state)
        fields = {"weights": name}
        yield Mistake(f"{slug}-untransposed", variant, "untransposed", SHAPES, fields)
    # A square matrix that is reshaped stays as it is, so only the other one can be reshaped.
    reshaped = partial(step, of_input=lambda x, p: x @ p.weight_ih.reshape(p.weight_ih.shape[::-1]))
    yield Mistake("weight-ih-reshaped", reshaped, "reshaped", SHAPES, {"weights": "weight_ih"})
    yield Mistake("weights-swapped", _weights_swapped, see=SHAPES)


def bias_mistakes() -> Iterator[Mistake]:
    """List mistakes in the biases."""
    yield Mistake("bias-missing", partial(step, bias=(0, 0)))
    yield Mistake("bias-doubled", partial(step, bias=(2, 2)))
    yield Mistake("bias-subtracted", partial(step, bias=(-1, -1)))
    for name, other, kept in (("bias_ih", "bias_hh", (1, 0)), ("bias_hh", "bias_ih", (0, 1))):
        slug = name.replace("_", "-")
        fields = {"kept": name, "lost": other}
        twice = (2 * kept[0], 2 * kept[1])
        more = (1 + kept[0], 1 + kept[1])
        yield Mistake(f"{slug}-only", partial(step, bias=kept), "one-bias", fields=fields)
        yield Mistake(f"{slug}-for-both", partial(step, bias=twice), "bias-for-both", fields=fields)
        yield Mistake(f"{slug}-twice", partial(step, bias=more), "bias-twice", fields=fields)
    yield Mistake(
        "bias-outside",
        partial(step, bias=(0, 0), result=lambda h, _h, p: h + p.bias_ih + p.bias_hh),
    )
    yield Mistake(
        "one-bias-outside", partial(step, bias=(1, 0), result=lambda h, _h, p: h + p.bias_hh)
    )


def activation_mistakes() -> Iterator[Mistake]:
    """List mistakes in the activation, and in where it stands."""
    activations: dict[str, Callable[[Array], Array]] = {
        "sigmoid": _sigmoid,
        "relu": lambda a: np.maximum(a, 0),
        "linear": lambda a: a,
        "softmax": _softmax,
        "tanh-twice": lambda a: np.tanh(np.tanh(a)),
        "hard-tanh": lambda a: np.clip(a, -1, 1),
        "tanh-not-doubled": lambda a: np.tanh(0.5 * a),
        "tanh-doubled": lambda a: np.tanh(2 * a),
        "tanh-positive": lambda a: np.abs(np.tanh(a)),
        "tanh-negated": lambda a: -np.tanh(a),
        "arctan": np.arctan,
        "softsign": lambda a: a / (1 + np.abs(a)),
    }
    for name, activation in activations.items():
        yield Mistake(name, partial(step, activation=activation))
    yield Mistake("squashed-apart", partial(_squashed_terms, first=True, second=True))
    yield Mistake("input-alone-squashed", partial(_squashed_terms, first=True, second=False))
    yield Mistake("state-alone-squashed", partial(_squashed_terms, first=False, second=True))


def result_mistakes() -> Iterator[Mistake]:
    """List mistakes in what becomes of the new state."""
    yield Mistake("old-state-added", partial(step, result=lambda h, old, _p: h + old))
    yield Mistake("old-state-averaged", partial(step, result=lambda h, old, _p: 0.5 * (h + old)))
    yield Mistake("old-state-multiplied", partial(step, result=lambda h, old, _p: h * old))


def returned_mistakes() -> Iterator[Mistake]:
    """List mistakes in what is returned, which a loop around the step would not survive."""
    yield Mistake("old-state-returned", partial(step, result=lambda _h, old, _p: old))
    yield Mistake("returned-transposed", partial(step, result=lambda h, _old, _p: h.T), see=SHAPES)
    yield Mistake(
        "batch-averaged",
        partial(step, result=lambda h, _old, _p: np.broadcast_to(h.mean(axis=0), h.shape)),
        see=SHAPES,
    )
    yield Mistake(
        "first-sequence-for-all",
        partial(step, result=lambda h, _old, _p: np.broadcast_to(h[:1], h.shape)),
        see=SHAPES,
    )


def step_mistakes() -> tuple[Mistake, ...]:
    """Return all mistakes that can be made within the step itself."""
    values = (*term_mistakes(), *bias_mistakes(), *activation_mistakes(), *result_mistakes())
    return (*values, overflow_mistake())
