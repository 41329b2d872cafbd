"""One step of an LSTM backward, with parts of which some may be wrong."""

from collections.abc import Callable
from typing import NamedTuple

import numpy as np

from rnncore.lstm import LSTMCache
from rnncore.params import LSTMParams
from rnngrader.checks.arguments import NumericArray as Array

LINES = "lstm-gradients.html#the-derivation-line-by-line"
SYMPTOMS = "lstm-gradients.html#a-wrong-gradient-is-a-symptom"
CELL_PATH = "lstm-gradients.html#the-cell-path"
FUSED = "lstm-gradients.html#one-fused-layer"
NAMES = "ifgo"
Gradients = tuple[Array, Array, Array, LSTMParams]


class Way(NamedTuple):
    """What is known on the way back: the step, and the gradients found so far.

    `total` is the gradient by the new cell, on both ways; `da` the one before the activations.
    """

    dh: Array
    dc: Array
    x: Array
    h_prev: Array
    c_prev: Array
    i: Array
    f: Array
    g: Array
    o: Array
    tanh_c: Array
    params: LSTMParams
    total: Array
    da: Array

    @property
    def c(self) -> Array:
        """The new cell, computed again."""
        c: Array = self.f * self.c_prev + self.i * self.g
        return c


Part = Callable[[Way], Array]


def _total(w: Way) -> Array:
    total: Array = w.dc + w.dh * w.o * (1 - w.tanh_c**2)
    return total


def _into_i(w: Way) -> Array:
    gradient: Array = w.total * w.g
    return gradient


def _into_f(w: Way) -> Array:
    gradient: Array = w.total * w.c_prev
    return gradient


def _into_g(w: Way) -> Array:
    gradient: Array = w.total * w.i
    return gradient


def _into_o(w: Way) -> Array:
    gradient: Array = w.dh * w.tanh_c
    return gradient


def slope_of_sigma(gate: Array) -> Array:
    """Return the derivative of sigma by its value."""
    slope: Array = gate * (1 - gate)
    return slope


def slope_of_tanh(value: Array) -> Array:
    """Return the derivative of tanh by its value."""
    slope: Array = 1 - value**2
    return slope


def _to_c(w: Way) -> Array:
    dc_prev: Array = w.total * w.f
    return dc_prev


def _to_x(w: Way) -> Array:
    dx: Array = w.da @ w.params.weight_ih
    return dx


def _to_h(w: Way) -> Array:
    dh_prev: Array = w.da @ w.params.weight_hh
    return dh_prev


def _to_weight_ih(w: Way) -> Array:
    dweight: Array = w.da.T @ w.x
    return dweight


def _to_weight_hh(w: Way) -> Array:
    dweight: Array = w.da.T @ w.h_prev
    return dweight


def _to_bias(w: Way) -> Array:
    dbias: Array = w.da.sum(axis=0)
    return dbias


def _as_is(gradients: Gradients) -> Gradients:
    return gradients


def step_backward(
    dh: Array,
    dc: Array,
    cache: LSTMCache,
    params: LSTMParams,
    *,
    total: Part = _total,
    into_i: Part = _into_i,
    into_f: Part = _into_f,
    into_g: Part = _into_g,
    into_o: Part = _into_o,
    at_i: Callable[[Array], Array] = slope_of_sigma,
    at_f: Callable[[Array], Array] = slope_of_sigma,
    at_g: Callable[[Array], Array] = slope_of_tanh,
    at_o: Callable[[Array], Array] = slope_of_sigma,
    order: str = NAMES,
    to_c: Part = _to_c,
    to_x: Part = _to_x,
    to_h: Part = _to_h,
    to_weight_ih: Part = _to_weight_ih,
    to_weight_hh: Part = _to_weight_hh,
    to_bias: Part = _to_bias,
    result: Callable[[Gradients], Gradients] = _as_is,
) -> Gradients:
    """Carry two gradients back through one step with parts of which some may be wrong."""
    w = Way(dh, dc, *cache, LSTMParams(*params), dc, dc)
    w = w._replace(total=total(w))
    blocks = {
        "i": into_i(w) * at_i(w.i),
        "f": into_f(w) * at_f(w.f),
        "g": into_g(w) * at_g(w.g),
        "o": into_o(w) * at_o(w.o),
    }
    w = w._replace(da=np.concatenate([blocks[name] for name in order], axis=-1))
    dbias = to_bias(w)
    dparams = LSTMParams(to_weight_ih(w), to_weight_hh(w), dbias, dbias)
    return result((to_x(w), to_h(w), to_c(w), dparams))


def right_step_backward(dh: Array, dc: Array, cache: LSTMCache, params: LSTMParams) -> Gradients:
    """Carry gradients back rightly, for variants that are wrong elsewhere."""
    return step_backward(dh, dc, cache, params)
