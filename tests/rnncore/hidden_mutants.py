"""Faults of one line in the simple RNN and the GRU, each with the claim that must notice it."""

from collections.abc import Callable
from functools import partial
from types import ModuleType

import hidden_claims as hidden
from hidden_claims import AFTER, BEFORE, RELU, TANH, Kind
from mutants import Mutant

PADDING = [5, 1, 3]


def _of(claim: Callable[..., None], kind: Kind, **options: object) -> Callable[..., None]:
    return partial(claim, kind=kind, **options)


def _padded(claim: Callable[..., None], kind: Kind) -> Callable[[ModuleType], None]:
    return _of(claim, kind, lengths=PADDING)


TORCH, UNUSED = hidden.is_torch, hidden.padding_is_unused
STEP, BACKWARD = hidden.step_backward_is_exact, hidden.backward_is_exact
FORWARD = hidden.forward_is_steps
EXAMPLE, WRITTEN_OUT = hidden.gru_worked_example, hidden.gru_before_is_written_out

_RNN = (
    ("rnn_step", "+ params.bias_hh", "", _of(TORCH, TANH)),
    ("rnn_step", "h_prev @ params.weight_hh.T", "h_prev @ params.weight_hh", _of(TORCH, TANH)),
    ("rnn_step", "FORWARD[nonlinearity](a)", 'FORWARD["tanh"](a)', _of(TORCH, RELU)),
    ("rnn_step_backward", "(dh, h)", "(dh, h_prev)", _of(STEP, TANH)),
    ("rnn_step_backward", "BACKWARD[nonlinearity]", 'BACKWARD["tanh"]', _of(STEP, RELU)),
    ("rnn_step_backward", "da.T @ h_prev", "da.T @ h", _of(STEP, TANH)),
    ("rnn_step_backward", "da.sum(axis=0)", "da.mean(axis=0)", _of(STEP, TANH)),
    ("rnn_step_backward", "da @ params.weight_hh", "da @ params.weight_hh.T", _of(STEP, TANH)),
    ("rnn_forward", "h[0] = h_0", "h[0] = 0", _of(FORWARD, TANH)),
    ("rnn_forward", "h[t] @ weight_hh", "h[0] @ weight_hh", _of(FORWARD, TANH)),
    ("rnn_forward", "np.copyto(h[t + 1]", "np.copyto(h[t + 1] * 1", _padded(FORWARD, TANH)),
    ("rnn_forward", "mask_steps(h[1:], real)", "h[1:]", _padded(FORWARD, TANH)),
    ("rnn_forward", "mask_steps(x.swapaxes(0, 1), real)", "x.swapaxes(0, 1)", _of(UNUSED, TANH)),
    ("rnn_forward", "+ params.bias_hh", "", _of(TORCH, TANH)),
    ("rnn_backward", "dh + doutput[t]", "doutput[t]", _of(BACKWARD, TANH)),
    ("rnn_backward", "dh + doutput[t]", "dh", _of(BACKWARD, RELU)),
    ("rnn_backward", "h[t + 1]", "h[t]", _of(BACKWARD, TANH)),
    ("rnn_backward", "x, h[:-1]", "x, h[1:]", _of(BACKWARD, TANH)),
    ("rnn_backward", "reversed(range(seq))", "range(seq)", _of(BACKWARD, TANH)),
    ("rnn_backward", "np.copyto(da[t], 0", "np.copyto(da[t] * 1, 0", _padded(BACKWARD, TANH)),
    ("rnn_backward", "weight_hh, dh)", "weight_hh, 0)", _padded(BACKWARD, TANH)),
)

_GRU = (
    ("gru_step", "x_r, x_z, x_n =", "x_z, x_r, x_n =", _of(TORCH, AFTER)),
    ("gru_step", "np.tanh(x_n + r * read)", "np.tanh(x_n + read)", _of(TORCH, AFTER)),
    ("gru_step", "np.tanh(x_n + r * read)", "np.tanh(r * x_n + read)", _of(TORCH, AFTER)),
    ("gru_step", "np.tanh(x_n + r * read)", "sigmoid(x_n + r * read)", EXAMPLE),
    ("gru_step", "(1 - z) * n + z * h_prev", "z * n + (1 - z) * h_prev", EXAMPLE),
    ("gru_step", "read = r * h_prev", "read = h_prev", WRITTEN_OUT),
    ("gru_step", "read @ w_n.T + b_n", "read @ w_n.T", hidden.gru_reset_is_placed),
    ("gru_step", 'reset == "after"', 'reset == "before"', hidden.gru_reset_is_placed),
    ("gru_step_backward", "da_n = dh * (1 - z)", "da_n = dh * z", _of(STEP, AFTER)),
    ("gru_step_backward", "(1 - n**2)", "(1 - n)", _of(STEP, BEFORE)),
    ("gru_step_backward", "(h_prev - n)", "(n - h_prev)", _of(STEP, AFTER)),
    ("gru_step_backward", "* z * (1 - z)\n", "* z\n", _of(STEP, AFTER)),
    ("gru_step_backward", "da_n * r if", "da_n if", _of(STEP, AFTER)),
    ("gru_step_backward", "da_n @ w_n", "da_n @ w_n.T", _of(STEP, BEFORE)),
    ("gru_step_backward", "dread * h_prev", "dread * n", _of(STEP, BEFORE)),
    ("gru_step_backward", "[da_r, da_z, dread]", "[da_r, da_z, da_n]", _of(STEP, AFTER)),
    ("gru_step_backward", "dh * z + da_h", "da_h", _of(STEP, AFTER)),
    ("gru_step_backward", "dh * z + dread * r + ", "dh * z + ", _of(STEP, BEFORE)),
    ("gru_step_backward", "da_n.T @ read", "da_n.T @ h_prev", _of(STEP, BEFORE)),
    ("gru_step_backward", "da_h.sum(axis=0)", "da.sum(axis=0)", _of(STEP, AFTER)),
    ("gru_forward", "h[0] = h_0", "h[0] = 0", _of(FORWARD, AFTER)),
    ("gru_forward", "(1 - z) * n, z * h[t]", "z * n, (1 - z) * h[t]", _of(FORWARD, AFTER)),
    ("gru_forward", "+= bias_hh[:2]", "+= 0", _of(TORCH, AFTER)),
    ("gru_forward", "[[0.5]], [[1]]]", "[[1]], [[1]]]", _of(FORWARD, AFTER)),
    ("gru_forward", "np.copyto(h[t + 1]", "np.copyto(h[t + 1] * 1", _padded(FORWARD, AFTER)),
    ("gru_forward", "mask_steps(h[1:], real)", "h[1:]", _padded(FORWARD, BEFORE)),
    ("gru_forward", "mask_steps(x.swapaxes(0, 1), real)", "x.swapaxes(0, 1)", _of(UNUSED, AFTER)),
    ("_open_gates", "np.add(a_h[2], b_n", "np.add(a_h[2], 0", _of(TORCH, AFTER)),
    ("_open_gates", "n += r * read", "n += read", _of(FORWARD, AFTER)),
    ("_open_gates", "np.multiply(r, h_prev", "np.multiply(1, h_prev", _of(FORWARD, BEFORE)),
    ("_open_gates", "weight_hh[2] + b_n", "weight_hh[2]", _of(FORWARD, BEFORE)),
    ("_open_gates", "gates[:2] += 0.5", "gates[:2] += 0", _of(FORWARD, BEFORE)),
    ("gru_backward", "dh + doutput[:, t]", "doutput[:, t]", _of(BACKWARD, AFTER)),
    ("gru_backward", "dh + doutput[:, t]", "dh + 0", _of(BACKWARD, BEFORE)),
    ("gru_backward", "(h[:-1] - n", "(h[1:] - n", _of(BACKWARD, AFTER)),
    ("gru_backward", "else h[:-1]", "else h[1:]", _of(BACKWARD, BEFORE)),
    ("gru_backward", "da_n * r[t] if", "da_n if", _of(BACKWARD, AFTER)),
    ("gru_backward", "*= da_n if", "*= dread if", _of(BACKWARD, AFTER)),
    ("gru_backward", "else dread * r[t]", "else 0 * dread", _of(BACKWARD, BEFORE)),
    ("gru_backward", "dh_t * z[t] + ", "", _of(BACKWARD, AFTER)),
    ("gru_backward", "through, dh)", "through, 0)", _padded(BACKWARD, AFTER)),
    ("gru_backward", "np.copyto(dh_t", "np.copyto(dh_t * 1", _padded(BACKWARD, AFTER)),
    ("_sum_steps", "(da_n * r, h_prev)", "(da_n, h_prev)", _of(BACKWARD, AFTER)),
    ("_sum_steps", "(da_n, read)", "(da_n, h_prev)", _of(BACKWARD, BEFORE)),
    ("_sum_steps", "dq.sum(axis=0)", "da_n.sum(axis=0)", _of(BACKWARD, AFTER)),
)

HIDDEN_MUTANTS = (
    *(Mutant(*fault, cell="rnn") for fault in _RNN),
    *(Mutant(*fault, cell="gru") for fault in _GRU),
)
