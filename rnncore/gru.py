"""The gated recurrent unit: one step, its reverse, and the same for a padded batch of sequences.

The step functions read as the equations. The sequence functions do the same work faster, by the
same means as those of `rnncore.lstm`.

The reset gate stands in one of two places. "after" the product, as in torch: r * (W_hn h + b_hn);
"before" it, as in Cho et al. (2014): W_hn (r * h) + b_hn. Each needs weights of its own.
"""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from rnncore._checks import check_reset, check_sequence, check_step, check_upstream
from rnncore._typing import Array, Bool, Inexact, Integer, Reset
from rnncore.activations import sigmoid
from rnncore.params import GRUParams
from rnncore.sequence import mask_steps, real_steps, split_rows


class GRUCache(NamedTuple):
    """What `gru_step_backward` needs of one step.

    `read` is what the candidate reads of the state: W_hn h_prev + b_hn if the reset gate stands
    after the product, r * h_prev if before.
    """

    x: Inexact[Array, "batch input_size"]
    h_prev: Inexact[Array, "batch hidden_size"]
    r: Inexact[Array, "batch hidden_size"]
    z: Inexact[Array, "batch hidden_size"]
    n: Inexact[Array, "batch hidden_size"]
    read: Inexact[Array, "batch hidden_size"]
    reset: Reset


class GRUSequenceCache(NamedTuple):
    """What `gru_backward` needs, time first.

    `x` is 0 at padding; `h` starts with the initial state; `gates` are r, z, n; `read` is as in
    `GRUCache`; `real` is False at padding.
    """

    x: Inexact[Array, "seq batch input_size"]
    h: Inexact[Array, "seq+1 batch hidden_size"]
    gates: Inexact[Array, "seq 3 batch hidden_size"]
    read: Inexact[Array, "seq batch hidden_size"]
    real: Bool[Array, "seq batch 1"]
    reset: Reset


def gru_step(
    x: Inexact[Array, "batch input_size"],
    h_prev: Inexact[Array, "batch hidden_size"],
    params: GRUParams,
    reset: Reset = "after",
) -> tuple[Inexact[Array, "batch hidden_size"], GRUCache]:
    """Advance a GRU by one time step.

    Equation: r = sigma(W_ir x + b_ir + W_hr h_prev + b_hr), z = sigma(the same with rows of z);
        reset after:  n = tanh(W_in x + b_in + r * (W_hn h_prev + b_hn));
        reset before: n = tanh(W_in x + b_in + W_hn (r * h_prev) + b_hn);
        h = (1 - z) * n + z * h_prev.

    Args:
        x: input of this step.
        h_prev: hidden state of the step before.
        params: weights and biases, rows in the order r, z, n. Here z keeps the old state; for
            weights of the other convention see `flip_update_gate`.
        reset: "after" the product (torch, Keras' default) or "before" it.

    Returns: `(h, cache)`; `cache` is what `gru_step_backward` needs and nothing else.

    Raises:
        TypeError: if an array is no floating-point NumPy array.
        ValueError: if shapes disagree, or `reset` is another word.

    Source: Cho et al. (2014), equations 5 to 8, reset before; after: torch and cuDNN.

    Example: with weights 0, the biases alone set r = 0.5, z = 0.9, n = 0.8.
        >>> bias, one = np.array([0, np.log(9), np.log(3)]), np.ones((1, 1))
        >>> params = GRUParams(np.zeros((3, 1)), np.zeros((3, 1)), bias, np.zeros(3))
        >>> h, _ = gru_step(one, one, params)
        >>> print(f"h = {h.item():.4f}")
        h = 0.9800
    """
    check_step(params, 3, x, h_prev=h_prev)
    check_reset(reset)

    w_n, b_n = np.split(params.weight_hh, 3)[2], np.split(params.bias_hh, 3)[2]
    x_r, x_z, x_n = np.split(x @ params.weight_ih.T + params.bias_ih, 3, axis=-1)
    h_r, h_z, h_n = np.split(h_prev @ params.weight_hh.T + params.bias_hh, 3, axis=-1)

    r, z = sigmoid(x_r + h_r), sigmoid(x_z + h_z)

    if reset == "after":
        read = h_n
        n = np.tanh(x_n + r * read)
    else:
        read = r * h_prev
        n = np.tanh(x_n + read @ w_n.T + b_n)

    h = (1 - z) * n + z * h_prev

    return h, GRUCache(x, h_prev, r, z, n, read, reset)


def gru_step_backward(
    dh: Inexact[Array, "batch hidden_size"], cache: GRUCache, params: GRUParams
) -> tuple[Inexact[Array, "batch input_size"], Inexact[Array, "batch hidden_size"], GRUParams]:
    """Carry the gradient of the loss back through one time step.

    Equation: da_n = dh * (1 - z) * (1 - n^2), da_z = dh * (h_prev - n) * z(1 - z);
        reset after:  dr = da_n * (W_hn h_prev + b_hn);
        reset before: dr = (W_hn^T da_n) * h_prev;
        da_r = dr * r(1 - r); dx = W_ih^T da;
        dh_prev = dh * z, plus what comes back through the products with h_prev.

    Args:
        dh: gradient by the `h` that `gru_step` returned.
        cache: from the same call of `gru_step`.
        params: as given to it.

    Returns: `(dx, dh_prev, dparams)`, parameter gradients summed over the batch.

    Raises:
        TypeError: if `dh` is no floating-point NumPy array.
        ValueError: if its shape is not that of `h`.
    """
    x, h_prev, r, z, n, read, reset = cache
    check_upstream(h_prev.shape, dh=dh)

    w_rz, w_n = np.split(params.weight_hh, [2 * h_prev.shape[-1]])

    da_n = dh * (1 - z) * (1 - n**2)
    da_z = dh * (h_prev - n) * z * (1 - z)
    dread = da_n * r if reset == "after" else da_n @ w_n
    dr = da_n * read if reset == "after" else dread * h_prev
    da_r = dr * r * (1 - r)
    da = np.concatenate([da_r, da_z, da_n], axis=-1)
    da_rz = np.concatenate([da_r, da_z], axis=-1)

    if reset == "after":
        da_h = np.concatenate([da_r, da_z, dread], axis=-1)
        dh_prev = dh * z + da_h @ params.weight_hh
        dweight_hh, dbias_hh = da_h.T @ h_prev, da_h.sum(axis=0)
    else:
        dh_prev = dh * z + dread * r + da_rz @ w_rz
        dweight_hh, dbias_hh = np.concatenate([da_rz.T @ h_prev, da_n.T @ read]), da.sum(axis=0)

    dparams = GRUParams(da.T @ x, dweight_hh, da.sum(axis=0), dbias_hh)
    return da @ params.weight_ih, dh_prev, dparams


def gru_forward(
    x: Inexact[Array, "batch seq input_size"],
    h_0: Inexact[Array, "batch hidden_size"],
    params: GRUParams,
    lengths: Integer[Array, " batch"] | Sequence[int] | None = None,
    reset: Reset = "after",
) -> tuple[
    Inexact[Array, "batch seq hidden_size"],
    Inexact[Array, "batch hidden_size"],
    GRUSequenceCache,
]:
    """Run a GRU over a batch of sequences.

    Equation: `gru_step` for t = 0, 1, ...; at padding the state is held and the output is 0.

    Args:
        x: inputs; what stands at padding is never used.
        h_0: state before the first step.
        params: weights and biases, rows in the order r, z, n.
        lengths: number of real steps of each sequence; None: all steps are real.
        reset: "after" the product or "before" it.

    Returns: `(output, h_n, cache)`; `h_n` is the state after the last real step.

    Raises:
        TypeError: if an array is no floating-point NumPy array, or `lengths` are not integers.
        ValueError: if shapes disagree, a length lies outside 0..seq, or `reset` is another word.
    """
    check_sequence(params, 3, x, h_0=h_0)
    check_reset(reset)
    # Inside, time comes first: then each step lies in one piece of memory.
    real = real_steps(x, lengths).swapaxes(0, 1)
    is_padded = not real.all()
    x = mask_steps(x.swapaxes(0, 1), real)

    # The dtype of all arguments together: a complex step through any one of them must survive.
    dtype = np.result_type(x, h_0, *params)
    h = np.empty((len(x) + 1, *h_0.shape), dtype)
    h[0] = h_0
    read, gates = np.empty_like(h[1:]), np.empty((len(x), 3, *h_0.shape), dtype)
    # sigma(a) = tanh(a / 2) / 2 + 1 / 2: with r and z halved beforehand, tanh alone opens them.
    scale = np.array([[[0.5]], [[0.5]], [[1]]], dtype)
    weight_ih, weight_hh = (split_rows(weight, 3) * scale for weight in params[:2])
    bias_ih, bias_hh = (bias.reshape(3, 1, -1) * scale for bias in params[2:])
    np.matmul(x[:, None], weight_ih, out=gates)
    gates += bias_ih
    gates[:, :2] += bias_hh[:2]
    for t, gates_t in enumerate(gates):
        _open_gates(gates_t, h[t], read[t], weight_hh, bias_hh[2], reset)
        _, z, n = gates_t
        np.add((1 - z) * n, z * h[t], out=h[t + 1])
        if is_padded:
            np.copyto(h[t + 1], h[t], where=~real[t])

    output = mask_steps(h[1:], real).swapaxes(0, 1)
    return output, h[-1].copy(), GRUSequenceCache(x, h, gates, read, real, reset)


def gru_backward(
    doutput: Inexact[Array, "batch seq hidden_size"],
    dh_n: Inexact[Array, "batch hidden_size"],
    cache: GRUSequenceCache,
    params: GRUParams,
) -> tuple[Inexact[Array, "batch seq input_size"], Inexact[Array, "batch hidden_size"], GRUParams]:
    """Carry the gradient of the loss back through all steps.

    Equation: `gru_step_backward` for t = seq - 1, ..., 0; padding passes the gradient on as it is.

    Args:
        doutput: gradient by `output`; what stands at padding is never used.
        dh_n: gradient by the last state.
        cache: from `gru_forward`.
        params: as given to it.

    Returns: `(dx, dh_0, dparams)`, parameter gradients summed over batch and time.

    Raises:
        TypeError: if a gradient is no floating-point NumPy array.
        ValueError: if its shape is not that of the result it belongs to.
    """
    _, h, gates, read, real, reset = cache
    seq, batch, hidden_size = h[1:].shape
    check_upstream((batch, seq, hidden_size), doutput=doutput)
    check_upstream((batch, hidden_size), dh_n=dh_n)
    is_padded = not real.all()

    w_rz, w_n = np.split(params.weight_hh, [2 * hidden_size])
    r, z, n = gates.swapaxes(0, 1)
    # All slopes are known beforehand; da, in the order r, z, n, takes their place.
    da = np.empty((seq, batch, 3, hidden_size), np.result_type(gates, doutput, dh_n))
    np.multiply(read if reset == "after" else h[:-1], r * (1 - r), out=da[:, :, 0])
    np.multiply(h[:-1] - n, z * (1 - z), out=da[:, :, 1])
    np.multiply(1 - z, 1 - n**2, out=da[:, :, 2])
    rows = da.reshape(seq, batch, 3 * hidden_size)
    dh = dh_n
    for t in reversed(range(seq)):
        dh_t = dh + doutput[:, t]
        if is_padded:
            # Zero at padding, and so is every gradient of the step.
            np.copyto(dh_t, 0, where=~real[t])
        da[t, :, 1:] *= dh_t[:, None]
        da_n = da[t, :, 2]
        dread = da_n * r[t] if reset == "after" else da_n @ w_n
        da[t, :, 0] *= da_n if reset == "after" else dread
        through = dread @ w_n if reset == "after" else dread * r[t]
        through += dh_t * z[t] + rows[t, :, : 2 * hidden_size] @ w_rz
        dh = np.where(real[t], through, dh) if is_padded else through

    return (rows @ params.weight_ih).swapaxes(0, 1), dh, _sum_steps(rows, cache)


def _open_gates(
    gates: Array, h_prev: Array, read: Array, weight_hh: Array, b_n: Array, reset: Reset
) -> None:
    """Put each gate of one step in the place of its pre-activation, and fill `read`."""
    r, _, n = gates
    # With r after the product, one batch of products serves all three blocks.
    a_h = h_prev @ weight_hh[: 3 if reset == "after" else 2]
    gates[:2] += a_h[:2]
    np.tanh(gates[:2], out=gates[:2])
    gates[:2] *= 0.5
    gates[:2] += 0.5
    if reset == "after":
        np.add(a_h[2], b_n, out=read)
        n += r * read
    else:
        np.multiply(r, h_prev, out=read)
        n += read @ weight_hh[2] + b_n
    np.tanh(n, out=n)


def _sum_steps(da: Array, cache: GRUSequenceCache) -> GRUParams:
    """Sum the parameter gradients over time and batch, with all steps below each other."""
    x, h, gates, read, _, reset = cache
    parts = (da, x, h[:-1], gates[:, 0], read)
    da, x, h_prev, r, read = (part.reshape(-1, part.shape[-1]) for part in parts)
    da_rz, da_n = np.split(da, [2 * h.shape[-1]], axis=-1)
    # The candidate's rows of weight_hh: their gradient, and what they were multiplied by.
    dq, seen = (da_n * r, h_prev) if reset == "after" else (da_n, read)
    dweight_hh = np.concatenate([da_rz.T @ h_prev, dq.T @ seen])
    dbias_hh = np.concatenate([da_rz.sum(axis=0), dq.sum(axis=0)])
    return GRUParams(da.T @ x, dweight_hh, da.sum(axis=0), dbias_hh)
