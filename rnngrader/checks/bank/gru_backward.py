"""One step of a GRU backward, with parts of which some may be wrong; see `gru_ways`."""

from collections.abc import Callable
from typing import NamedTuple

import numpy as np

from rnncore.gru import GRUCache
from rnncore.params import GRUParams
from rnngrader.checks.arguments import NumericArray as Array

BACKWARD = "gru.html#the-backward-pass"
Gradients = tuple[Array, Array, GRUParams]


class Way(NamedTuple):
    """What is known on the way back: the step, and the gradients found so far.

    `da_r`, `da_z`, `da_n` are gradients before the activations; `dread` is the one by what the
    candidate reads of the state.
    """

    dh: Array
    x: Array
    h_prev: Array
    r: Array
    z: Array
    n: Array
    read: Array
    after: bool
    params: GRUParams
    da_r: Array
    da_z: Array
    da_n: Array
    dread: Array

    @property
    def da(self) -> Array:
        """The gradient by what the input is multiplied to."""
        return np.concatenate([self.da_r, self.da_z, self.da_n], axis=-1)

    @property
    def da_h(self) -> Array:
        """The gradient by what the state is multiplied to, with the gate after the product."""
        return np.concatenate([self.da_r, self.da_z, self.dread], axis=-1)

    def u(self, block: int) -> Array:
        """Return the recurrent weights of a block: 0 for r, 1 for z, 2 for n."""
        weight: Array = np.split(self.params.weight_hh, 3)[block]
        return weight


Part = Callable[[Way], Array]
Parts = Callable[[Way], tuple[Array, ...]]


def _into_n(w: Way) -> Array:
    gradient: Array = w.dh * (1 - w.z)
    return gradient


def _into_z(w: Way) -> Array:
    gradient: Array = w.dh * (w.h_prev - w.n)
    return gradient


def slope_n(w: Way) -> Array:
    """Return the derivative of tanh at the candidate."""
    slope: Array = 1 - w.n**2
    return slope


def slope_z(w: Way) -> Array:
    """Return the derivative of sigma at the update gate."""
    slope: Array = w.z * (1 - w.z)
    return slope


def slope_r(w: Way) -> Array:
    """Return the derivative of sigma at the reset gate."""
    slope: Array = w.r * (1 - w.r)
    return slope


def right_read(w: Way) -> Array:
    """Return the gradient by what the candidate reads of the state."""
    dread: Array = w.da_n * w.r if w.after else w.da_n @ w.u(2)
    return dread


def right_onto_r(w: Way) -> Array:
    """Return the gradient by the reset gate."""
    dr: Array = w.da_n * w.read if w.after else w.dread * w.h_prev
    return dr


def right_paths(w: Way) -> tuple[Array, ...]:
    """Return the four parts of the gradient by the state before: kept, candidate, z, r."""
    candidate = w.dread @ w.u(2) if w.after else w.dread * w.r
    return w.dh * w.z, candidate, w.da_z @ w.u(1), w.da_r @ w.u(0)


def _to_x(w: Way) -> Array:
    dx: Array = w.da @ w.params.weight_ih
    return dx


def _to_weight_ih(w: Way) -> Array:
    dweight: Array = w.da.T @ w.x
    return dweight


def right_weight_hh(w: Way) -> Array:
    """Return the gradient of the recurrent weights."""
    rz = np.concatenate([w.da_r, w.da_z], axis=-1).T @ w.h_prev
    n = w.dread.T @ w.h_prev if w.after else w.da_n.T @ w.read
    return np.concatenate([rz, n])


def _to_bias_ih(w: Way) -> Array:
    dbias: Array = w.da.sum(axis=0)
    return dbias


def _to_bias_hh(w: Way) -> Array:
    dbias: Array = (w.da_h if w.after else w.da).sum(axis=0)
    return dbias


def _as_is(gradients: Gradients) -> Gradients:
    return gradients


def step_backward(
    dh: Array,
    cache: GRUCache,
    params: GRUParams,
    *,
    into_n: Part = _into_n,
    into_z: Part = _into_z,
    at_n: Part = slope_n,
    at_z: Part = slope_z,
    at_r: Part = slope_r,
    read: Part = right_read,
    onto_r: Part = right_onto_r,
    paths: Parts = right_paths,
    to_x: Part = _to_x,
    to_weight_ih: Part = _to_weight_ih,
    to_weight_hh: Part = right_weight_hh,
    to_bias_ih: Part = _to_bias_ih,
    to_bias_hh: Part = _to_bias_hh,
    result: Callable[[Gradients], Gradients] = _as_is,
) -> Gradients:
    """Carry a gradient back through one step with parts of which some may be wrong."""
    x, h_prev, r, z, n, kept, reset = cache
    w = Way(dh, x, h_prev, r, z, n, kept, reset == "after", GRUParams(*params), dh, dh, dh, dh)
    w = w._replace(da_n=into_n(w) * at_n(w), da_z=into_z(w) * at_z(w))
    w = w._replace(dread=read(w))
    w = w._replace(da_r=onto_r(w) * at_r(w))
    dparams = GRUParams(to_weight_ih(w), to_weight_hh(w), to_bias_ih(w), to_bias_hh(w))
    return result((to_x(w), np.sum(paths(w), axis=0), dparams))
