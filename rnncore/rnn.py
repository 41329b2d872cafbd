"""The simple (Elman) RNN: one step, its reverse, and the same for a padded batch of sequences."""

from collections.abc import Sequence
from typing import Literal, NamedTuple, TypeAlias

import numpy as np

from rnncore._checks import check_sequence, check_step, check_upstream
from rnncore._typing import Array, Bool, Inexact, Integer
from rnncore.activations import relu, relu_backward, tanh, tanh_backward
from rnncore.params import RNNParams
from rnncore.sequence import mask_steps, real_steps, sum_steps

Nonlinearity: TypeAlias = Literal["tanh", "relu"]

FORWARD = {"tanh": tanh, "relu": relu}
BACKWARD = {"tanh": tanh_backward, "relu": relu_backward}


class RNNCache(NamedTuple):
    """What `rnn_step_backward` needs of one step."""

    x: Inexact[Array, "batch input_size"]
    h_prev: Inexact[Array, "batch hidden_size"]
    h: Inexact[Array, "batch hidden_size"]
    nonlinearity: Nonlinearity


class RNNSequenceCache(NamedTuple):
    """What `rnn_backward` needs, time first.

    `x` is 0 at padding; `h` starts with the initial state; `real` is False at padding.
    """

    x: Inexact[Array, "seq batch input_size"]
    h: Inexact[Array, "seq+1 batch hidden_size"]
    real: Bool[Array, "seq batch 1"]
    nonlinearity: Nonlinearity


def rnn_step(
    x: Inexact[Array, "batch input_size"],
    h_prev: Inexact[Array, "batch hidden_size"],
    params: RNNParams,
    nonlinearity: Nonlinearity = "tanh",
) -> tuple[Inexact[Array, "batch hidden_size"], RNNCache]:
    """Advance a simple RNN by one time step.

    Equation: h = tanh(W_ih x + b_ih + W_hh h_prev + b_hh), or relu in place of tanh.

    Args:
        x: input of this step.
        h_prev: hidden state of the step before.
        params: weights and biases.
        nonlinearity: "tanh" or "relu".

    Returns: `(h, cache)`; `cache` is what `rnn_step_backward` needs and nothing else.

    Raises:
        TypeError: if an array is no floating-point NumPy array.
        ValueError: if shapes disagree, or `nonlinearity` is another word.

    Source: Elman (1990); tanh and the two biases are torch's choice.

    Example: tanh(0.5 ln 9) = 0.8.
        >>> params = RNNParams(np.zeros((1, 1)), np.ones((1, 1)), np.zeros(1), np.zeros(1))
        >>> h, _ = rnn_step(np.ones((1, 1)), np.array([[0.5 * np.log(9)]]), params)
        >>> print(f"{h.item():.4f}")
        0.8000
    """
    check_step(params, 1, x, h_prev=h_prev)
    _check_nonlinearity(nonlinearity)

    a = x @ params.weight_ih.T + params.bias_ih + h_prev @ params.weight_hh.T + params.bias_hh
    h = FORWARD[nonlinearity](a)

    return h, RNNCache(x, h_prev, h, nonlinearity)


def rnn_step_backward(
    dh: Inexact[Array, "batch hidden_size"],
    cache: RNNCache,
    params: RNNParams,
) -> tuple[Inexact[Array, "batch input_size"], Inexact[Array, "batch hidden_size"], RNNParams]:
    """Carry the gradient of the loss back through one time step.

    Equation: da = dh * (1 - h^2) for tanh, dh where h > 0 for relu;
        dx = W_ih^T da, dh_prev = W_hh^T da.

    Args:
        dh: gradient by the `h` that `rnn_step` returned.
        cache: from the same call of `rnn_step`.
        params: as given to it.

    Returns: `(dx, dh_prev, dparams)`, parameter gradients summed over the batch.

    Raises:
        TypeError: if `dh` is no floating-point NumPy array.
        ValueError: if its shape is not that of `h`.
    """
    x, h_prev, h, nonlinearity = cache
    check_upstream(h.shape, dh=dh)

    da = BACKWARD[nonlinearity](dh, h)

    db = da.sum(axis=0)
    dparams = RNNParams(da.T @ x, da.T @ h_prev, db, db.copy())
    return da @ params.weight_ih, da @ params.weight_hh, dparams


def rnn_forward(
    x: Inexact[Array, "batch seq input_size"],
    h_0: Inexact[Array, "batch hidden_size"],
    params: RNNParams,
    lengths: Integer[Array, " batch"] | Sequence[int] | None = None,
    nonlinearity: Nonlinearity = "tanh",
) -> tuple[
    Inexact[Array, "batch seq hidden_size"],
    Inexact[Array, "batch hidden_size"],
    RNNSequenceCache,
]:
    """Run a simple RNN over a batch of sequences.

    Equation: `rnn_step` for t = 0, 1, ...; at padding the state is held and the output is 0.

    Args:
        x: inputs; what stands at padding is never used.
        h_0: state before the first step.
        params: weights and biases.
        lengths: number of real steps of each sequence; None: all steps are real.
        nonlinearity: "tanh" or "relu".

    Returns: `(output, h_n, cache)`; `h_n` is the state after the last real step.

    Raises:
        TypeError: if an array is no floating-point NumPy array, or `lengths` are not integers.
        ValueError: if shapes disagree, a length lies outside 0..seq, or `nonlinearity` is another
            word.
    """
    check_sequence(params, 1, x, h_0=h_0)
    _check_nonlinearity(nonlinearity)
    # Inside, time comes first: then each step lies in one piece of memory.
    real = real_steps(x, lengths).swapaxes(0, 1)
    is_padded = not real.all()
    x = mask_steps(x.swapaxes(0, 1), real)

    # The dtype of all arguments together: a complex step through any one of them must survive.
    h = np.empty((len(x) + 1, *h_0.shape), np.result_type(x, h_0, *params))
    h[0] = h_0

    a_x = x @ params.weight_ih.T + (params.bias_ih + params.bias_hh)
    # A copy: read in every step, rows in one piece of memory are faster than a transposed view.
    weight_hh = np.ascontiguousarray(params.weight_hh.T)
    for t in range(len(x)):
        h[t + 1] = FORWARD[nonlinearity](a_x[t] + h[t] @ weight_hh)
        if is_padded:
            np.copyto(h[t + 1], h[t], where=~real[t])

    output = mask_steps(h[1:], real).swapaxes(0, 1)
    return output, h[-1].copy(), RNNSequenceCache(x, h, real, nonlinearity)


def rnn_backward(
    doutput: Inexact[Array, "batch seq hidden_size"],
    dh_n: Inexact[Array, "batch hidden_size"],
    cache: RNNSequenceCache,
    params: RNNParams,
) -> tuple[Inexact[Array, "batch seq input_size"], Inexact[Array, "batch hidden_size"], RNNParams]:
    """Carry the gradient of the loss back through all steps.

    Equation: `rnn_step_backward` for t = seq - 1, ..., 0; padding passes the gradient on as it is.

    Args:
        doutput: gradient by `output`; what stands at padding is never used.
        dh_n: gradient by the last state.
        cache: from `rnn_forward`.
        params: as given to it.

    Returns: `(dx, dh_0, dparams)`, parameter gradients summed over batch and time.

    Raises:
        TypeError: if a gradient is no floating-point NumPy array.
        ValueError: if its shape is not that of the result it belongs to.

    Source: backpropagation through time, Werbos (1990).
    """
    x, h, real, nonlinearity = cache
    seq, batch, hidden_size = h[1:].shape
    check_upstream((batch, seq, hidden_size), doutput=doutput)
    check_upstream((batch, hidden_size), dh_n=dh_n)
    doutput = doutput.swapaxes(0, 1)

    is_padded = not real.all()

    da = np.empty(doutput.shape, np.result_type(h, doutput, dh_n))
    dh = dh_n
    for t in reversed(range(seq)):
        da[t] = BACKWARD[nonlinearity](dh + doutput[t], h[t + 1])
        if is_padded:
            np.copyto(da[t], 0, where=~real[t])
            dh = np.where(real[t], da[t] @ params.weight_hh, dh)
        else:
            dh = da[t] @ params.weight_hh

    dparams = RNNParams(*sum_steps(da, x, h[:-1]))
    return (da @ params.weight_ih).swapaxes(0, 1), dh, dparams


def _check_nonlinearity(nonlinearity: str) -> None:
    if nonlinearity not in FORWARD:
        raise ValueError(f"expected nonlinearity 'tanh' or 'relu', got {nonlinearity!r}")
