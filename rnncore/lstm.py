"""The long short-term memory: one step, its reverse, and the same for a padded batch of sequences.

The step functions read as the equations. The sequence functions do the same work faster: the input
is projected for all steps at once, and in reverse every factor known beforehand is multiplied once.
"""

from collections.abc import Sequence
from typing import NamedTuple, TypeAlias

import numpy as np

from rnncore._checks import check_sequence, check_state, check_step, check_upstream
from rnncore._typing import Array, Bool, Inexact, Integer
from rnncore.activations import sigmoid
from rnncore.params import LSTMParams
from rnncore.sequence import mask_steps, real_steps, split_rows, sum_steps

_Hidden: TypeAlias = Inexact[Array, "batch hidden_size"]
_State: TypeAlias = tuple[_Hidden, _Hidden]
_IFOG = [0, 1, 3, 2]  # the order inside `lstm_forward`: the three gates that use sigma lie together
_IN_CACHE = 1 << 17  # numbers that stay in a processor's cache while a few steps are worked on


class LSTMGates(NamedTuple):
    """Input gate, forget gate, candidate and output gate; g in (-1, 1), the others in (0, 1)."""

    i: Inexact[Array, "batch hidden_size"]
    f: Inexact[Array, "batch hidden_size"]
    g: Inexact[Array, "batch hidden_size"]
    o: Inexact[Array, "batch hidden_size"]


class LSTMCache(NamedTuple):
    """What `lstm_step_backward` needs of one step."""

    x: Inexact[Array, "batch input_size"]
    h_prev: Inexact[Array, "batch hidden_size"]
    c_prev: Inexact[Array, "batch hidden_size"]
    i: Inexact[Array, "batch hidden_size"]
    f: Inexact[Array, "batch hidden_size"]
    g: Inexact[Array, "batch hidden_size"]
    o: Inexact[Array, "batch hidden_size"]
    tanh_c: Inexact[Array, "batch hidden_size"]


class LSTMSequenceCache(NamedTuple):
    """What `lstm_backward` needs, time first.

    `x` is 0 and `real` is False at padding; `h`, `c` begin with the first state; gates: i, f, o, g.
    """

    x: Inexact[Array, "seq batch input_size"]
    h: Inexact[Array, "seq+1 batch hidden_size"]
    c: Inexact[Array, "seq+1 batch hidden_size"]
    gates: Inexact[Array, "seq 4 batch hidden_size"]
    real: Bool[Array, "seq batch 1"]


def lstm_gates(
    x: Inexact[Array, "batch input_size"],
    h_prev: Inexact[Array, "batch hidden_size"],
    params: LSTMParams,
) -> LSTMGates:
    """Open the gates and propose new content.

    Equation ({eq}`eq-lstm-gates`): a = W_ih x + b_ih + W_hh h_prev + b_hh, in four blocks;
        i = sigma(a_i), f = sigma(a_f), g = tanh(a_g), o = sigma(a_o).

    Args:
        x: input of this step.
        h_prev: hidden state of the step before.
        params: weights and biases, rows in the order i, f, g, o.

    Returns: input gate, forget gate, candidate, output gate.

    Raises:
        TypeError: if an array is no floating-point NumPy array.
        ValueError: if shapes disagree.

    Source: Hochreiter & Schmidhuber (1997), section 4; forget gate: Gers et al. (2000), section 3.
    """
    check_step(params, 4, x, h_prev=h_prev)

    a = x @ params.weight_ih.T + params.bias_ih + h_prev @ params.weight_hh.T + params.bias_hh
    a_i, a_f, a_g, a_o = np.split(a, 4, axis=-1)

    return LSTMGates(i=sigmoid(a_i), f=sigmoid(a_f), g=np.tanh(a_g), o=sigmoid(a_o))


def lstm_step(
    x: Inexact[Array, "batch input_size"],
    h_prev: Inexact[Array, "batch hidden_size"],
    c_prev: Inexact[Array, "batch hidden_size"],
    params: LSTMParams,
) -> tuple[Inexact[Array, "batch hidden_size"], Inexact[Array, "batch hidden_size"], LSTMCache]:
    """Advance an LSTM by one time step.

    Equation ({eq}`eq-lstm-cell`, {eq}`eq-lstm-hidden`): c = f * c_prev + i * g; h = o * tanh(c).

    Args:
        x: input of this step.
        h_prev: hidden state of the step before.
        c_prev: cell of the step before.
        params: weights and biases, rows in the order i, f, g, o.

    Returns: `(h, c, cache)`; `cache` is what `lstm_step_backward` needs and nothing else.

    Raises:
        TypeError: if an array is no floating-point NumPy array.
        ValueError: if shapes disagree.

    Source: Hochreiter & Schmidhuber (1997), section 4, with the forget gate of Gers et al. (2000),
        section 3; no peepholes.

    Example: with weights 0, the biases alone set i = 0.5, f = 0.9, g = 0.8, o = 0.7.
        >>> bias, one = np.log([1, 9, 3, 7 / 3]), np.ones((1, 1))
        >>> params = LSTMParams(np.zeros((4, 1)), np.zeros((4, 1)), bias, np.zeros(4))
        >>> h, c, _ = lstm_step(one, one, one, params)
        >>> print(f"c = {c.item():.4f}, h = {h.item():.4f}")
        c = 1.3000, h = 0.6032
    """
    check_step(params, 4, x, h_prev=h_prev, c_prev=c_prev)

    i, f, g, o = lstm_gates(x, h_prev, params)

    c = f * c_prev + i * g
    tanh_c = np.tanh(c)
    h = o * tanh_c

    return h, c, LSTMCache(x, h_prev, c_prev, i, f, g, o, tanh_c)


def lstm_step_backward(
    dh: Inexact[Array, "batch hidden_size"],
    dc: Inexact[Array, "batch hidden_size"],
    cache: LSTMCache,
    params: LSTMParams,
) -> tuple[Inexact[Array, "batch input_size"], _Hidden, _Hidden, LSTMParams]:
    """Carry the gradient of the loss back through one time step.

    Equation ({eq}`eq-lstm-step-backward`): dc_total = dc + dh * o * (1 - tanh(c)^2);
        da_i = dc_total * g * i(1 - i), da_f = dc_total * c_prev * f(1 - f),
        da_g = dc_total * i * (1 - g^2), da_o = dh * tanh(c) * o(1 - o);
        dx = W_ih^T da, dh_prev = W_hh^T da, dc_prev = dc_total * f.

    Args:
        dh: gradient by the `h` that `lstm_step` returned.
        dc: gradient by the `c` that it returned.
        cache: from the same call of `lstm_step`.
        params: as given to it.

    Returns: `(dx, dh_prev, dc_prev, dparams)`, parameter gradients summed over the batch.

    Raises:
        TypeError: if `dh` or `dc` is no floating-point NumPy array.
        ValueError: if its shape is not that of `h`.

    Source: the full gradient, as Graves & Schmidhuber (2005); the paper of 1997 cuts it short.
    """
    x, h_prev, c_prev, i, f, g, o, tanh_c = cache
    check_upstream(h_prev.shape, dh=dh, dc=dc)

    # c reaches the loss twice: directly, and through h.
    dc = dc + dh * o * (1 - tanh_c**2)

    da_i = dc * g * i * (1 - i)
    da_f = dc * c_prev * f * (1 - f)
    da_g = dc * i * (1 - g**2)
    da_o = dh * tanh_c * o * (1 - o)
    da = np.concatenate([da_i, da_f, da_g, da_o], axis=-1)

    db = da.sum(axis=0)
    dparams = LSTMParams(da.T @ x, da.T @ h_prev, db, db.copy())
    return da @ params.weight_ih, da @ params.weight_hh, dc * f, dparams


def lstm_forward(
    x: Inexact[Array, "batch seq input_size"],
    h_0: Inexact[Array, "batch hidden_size"],
    c_0: Inexact[Array, "batch hidden_size"],
    params: LSTMParams,
    lengths: Integer[Array, " batch"] | Sequence[int] | None = None,
) -> tuple[Inexact[Array, "batch seq hidden_size"], _State, LSTMSequenceCache]:
    """Run an LSTM over a batch of sequences.

    Equation: `lstm_step` for t = 0, 1, ...; at padding the state is held and the output is 0.

    Args:
        x: inputs; what stands at padding is never used.
        h_0: hidden state before the first step.
        c_0: cell before the first step.
        params: weights and biases, rows in the order i, f, g, o.
        lengths: number of real steps of each sequence; None: all steps are real.

    Returns: `(output, (h_n, c_n), cache)`; `h_n`, `c_n` are the state after the last real step.

    Raises:
        TypeError: if an array is no floating-point NumPy array, or `lengths` are not integers.
        ValueError: if shapes disagree, or a length lies outside 0..seq.
    """
    check_sequence(params, 4, x, h_0=h_0, c_0=c_0)
    # Inside, time comes first: then each step lies in one piece of memory.
    real = real_steps(x, lengths).swapaxes(0, 1)
    is_padded = not real.all()
    x = mask_steps(x.swapaxes(0, 1), real)

    # The dtype of all arguments together: a complex step through any one of them must survive.
    dtype = np.result_type(x, h_0, c_0, *params)
    h, c = np.empty((2, len(x) + 1, *h_0.shape), dtype)
    h[0], c[0] = h_0, c_0
    # sigma(a) = tanh(a / 2) / 2 + 1 / 2: with i, f, o halved beforehand, one tanh serves all four.
    scale = np.array([[[0.5]], [[0.5]], [[0.5]], [[1]]], dtype)
    weight_ih, weight_hh = (split_rows(weight, 4)[_IFOG] * scale for weight in params[:2])
    bias = (params.bias_ih + params.bias_hh).reshape(4, 1, -1)[_IFOG] * scale
    a_h, gates = np.empty((4, *h_0.shape), dtype), np.empty((len(x), 4, *h_0.shape), dtype)
    np.matmul(x[:, None], weight_ih, out=gates)
    gates += bias
    for t, gates_t in enumerate(gates):
        # In place: memory that is new in each step would cost more time than the arithmetic.
        gates_t += np.matmul(h[t], weight_hh, out=a_h)
        np.tanh(gates_t, out=gates_t)
        gates_t[:3] *= 0.5
        gates_t[:3] += 0.5
        i, f, o, g = gates_t
        np.add(f * c[t], i * g, out=c[t + 1])
        np.multiply(o, np.tanh(c[t + 1]), out=h[t + 1])
        if is_padded:
            np.copyto(c[t + 1], c[t], where=~real[t])
            np.copyto(h[t + 1], h[t], where=~real[t])

    output = mask_steps(h[1:], real).swapaxes(0, 1)
    return output, (h[-1].copy(), c[-1].copy()), LSTMSequenceCache(x, h, c, gates, real)


def lstm_backward(
    doutput: Inexact[Array, "batch seq hidden_size"],
    dstate: _State,
    cache: LSTMSequenceCache,
    params: LSTMParams,
) -> tuple[Inexact[Array, "batch seq input_size"], _Hidden, _Hidden, LSTMParams]:
    """Carry the gradient of the loss back through all steps.

    Equation: `lstm_step_backward` for t = seq - 1, ..., 0; padding passes the gradient on as it is.

    Args:
        doutput: gradient by `output`; what stands at padding is never used.
        dstate: `(dh_n, dc_n)`, gradients by the last state.
        cache: from `lstm_forward`.
        params: as given to it.

    Returns: `(dx, dh_0, dc_0, dparams)`, parameter gradients summed over batch and time.

    Raises:
        TypeError: if a gradient is no floating-point NumPy array, or `dstate` is no tuple.
        ValueError: if its shape is not that of the result it belongs to.
    """
    x, h, c, gates, real = cache
    dh, dc = check_state("dstate", dstate, 2)
    seq, batch, hidden_size = h[1:].shape
    check_upstream((batch, seq, hidden_size), doutput=doutput)
    check_upstream((batch, hidden_size), dh_n=dh, dc_n=dc)
    is_padded = not real.all()

    # da = (dc, dc, dc, dh) * slopes. Slopes of some steps are made together, just before these
    # steps need them: few calls where steps are small, and numbers still in the cache where not.
    da = np.empty((seq, batch, 4, hidden_size), np.result_type(gates, doutput, dh, dc))
    rows = da.reshape(seq, batch, 4 * hidden_size)
    stride = max(1, _IN_CACHE // max(1, da[:1].size))
    for t in reversed(range(seq)):
        if t == seq - 1 or (t + 1) % stride == 0:
            start = t // stride * stride
            dc_dh = _slopes(gates[start : t + 1], c[start : t + 2], out=da[start : t + 1])
        dh_t = dh + doutput[:, t]
        dc_t = dc + dh_t * dc_dh[t - start]
        da[t, :, :3] *= dc_t[:, None]
        da[t, :, 3] *= dh_t
        if is_padded:
            np.copyto(rows[t], 0, where=~real[t])
        before = rows[t] @ params.weight_hh, dc_t * gates[t, 1]
        dh, dc = np.where(real[t], before, (dh, dc)) if is_padded else before

    dparams = LSTMParams(*sum_steps(rows, x, h[:-1]))
    dx = rows.reshape(-1, 4 * hidden_size) @ params.weight_ih
    return dx.reshape(x.shape).swapaxes(0, 1), dh, dc, dparams


def _slopes(gates: Array, c: Array, out: Array) -> Array:
    """Fill `out` with what dc or dh is multiplied by; return what dh is, on its way to dc."""
    i, _, o, g = gates.swapaxes(0, 1)
    tanh_c = np.tanh(c[1:])
    slopes = 1 - gates[:, :3]
    slopes *= gates[:, :3]
    np.multiply(slopes[:, 0], g, out=out[:, :, 0])
    np.multiply(slopes[:, 1], c[:-1], out=out[:, :, 1])
    np.multiply(1 - g * g, i, out=out[:, :, 2])
    np.multiply(slopes[:, 2], tanh_c, out=out[:, :, 3])
    dc_dh: Array = o * (1 - tanh_c * tanh_c)
    return dc_dh
