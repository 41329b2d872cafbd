"""Faults of one line in the LSTM, each with the claim that must notice it."""

import sys
from collections.abc import Callable
from pathlib import Path
from types import ModuleType
from typing import NamedTuple

import claims

import rnncore


class Mutant(NamedTuple):
    """In `function`, the text `right` becomes `wrong`; then `claim` must fail."""

    function: str
    right: str
    wrong: str
    claim: Callable[[ModuleType], None]
    cell: str = "lstm"


def _padded(claim: Callable[..., None]) -> Callable[[ModuleType], None]:
    return lambda cell: claim(cell, [5, 1, 3])


STEP = claims.lstm_step_backward_is_exact
BACKWARD = claims.lstm_backward_is_exact
BLOCKS = claims.lstm_backward_in_blocks
FORWARD = claims.lstm_forward_is_steps

MUTANTS = (
    # The gates: a gradient check alone cannot see these, another implementation can.
    Mutant("lstm_gates", "a_i, a_f, a_g, a_o =", "a_f, a_i, a_g, a_o =", claims.lstm_step_is_torch),
    Mutant("lstm_gates", "i=sigmoid(a_i)", "i=np.tanh(a_i)", claims.lstm_step_is_torch),
    Mutant("lstm_gates", "+ params.bias_hh", "", claims.lstm_step_is_torch),
    Mutant("lstm_gates", "f=sigmoid(a_f)", "f=sigmoid(a_i)", claims.lstm_worked_example),
    Mutant("lstm_step", "h = o * tanh_c", "h = o * c", claims.lstm_worked_example),
    Mutant("lstm_step", "f * c_prev + i * g", "f * (c_prev + i * g)", claims.lstm_worked_example),
    Mutant(
        "lstm_step", "tanh_c = np.tanh(c)", "tanh_c = np.tanh(c_prev)", claims.lstm_step_is_torch
    ),
    # The reverse of a step.
    Mutant("lstm_step_backward", "dc = dc + dh *", "dc = dh *", STEP),
    Mutant("lstm_step_backward", "dh * o * (1 - tanh_c**2)", "dh * (1 - tanh_c**2)", STEP),
    Mutant("lstm_step_backward", "* (1 - tanh_c**2)\n", "\n", STEP),
    Mutant("lstm_step_backward", "dc = dc + dh * o * (1", "dc = (dc + dh * o) * (1", STEP),
    Mutant("lstm_step_backward", "dc * c_prev * f", "dc * tanh_c * f", STEP),
    Mutant("lstm_step_backward", "dh * tanh_c * o", "dc * tanh_c * o", STEP),
    Mutant("lstm_step_backward", "(1 - g**2)", "(1 - g)", STEP),
    Mutant("lstm_step_backward", "dc * g * i * (1 - i)", "dc * g * i", STEP),
    Mutant("lstm_step_backward", "[da_i, da_f, da_g, da_o]", "[da_i, da_f, da_o, da_g]", STEP),
    Mutant("lstm_step_backward", "da.sum(axis=0)", "da.mean(axis=0)", STEP),
    Mutant("lstm_step_backward", "da.T @ h_prev", "da.T @ (o * tanh_c)", STEP),
    Mutant("lstm_step_backward", "weight_hh, dc * f, dparams", "weight_hh, dc, dparams", STEP),
    Mutant("lstm_step_backward", "return da @ params", "return 1.005 * da @ params", STEP),
    # The sequence.
    Mutant("lstm_forward", "h[0], c[0] = h_0, c_0", "h[0], c[0] = 0, 0", FORWARD),
    Mutant("lstm_forward", "np.matmul(h[t], weight_hh", "np.matmul(h[0], weight_hh", FORWARD),
    Mutant("lstm_forward", "f * c[t], i * g", "i * c[t], f * g", FORWARD),
    Mutant("lstm_forward", "o, np.tanh(c[t + 1])", "o, np.tanh(c[t])", FORWARD),
    Mutant("lstm_forward", "[[[0.5]], [[0.5]], [[0.5]], [[1]]]", "[[[0.5]]] * 4", FORWARD),
    Mutant("lstm_forward", "[:3] += 0.5", "[:3] += 0", FORWARD),
    Mutant("lstm_forward", " + params.bias_hh", "", claims.lstm_forward_is_torch),
    Mutant("lstm_forward", "np.copyto(c[t + 1]", "np.copyto(c[t + 1].copy()", _padded(FORWARD)),
    Mutant("lstm_forward", "np.copyto(h[t + 1]", "np.copyto(h[t + 1].copy()", _padded(FORWARD)),
    Mutant("lstm_forward", "mask_steps(h[1:], real)", "h[1:]", _padded(FORWARD)),
    Mutant(
        "lstm_forward",
        "mask_steps(x.swapaxes(0, 1), real)",
        "x.swapaxes(0, 1)",
        claims.lstm_padding_is_unused,
    ),
    # The reverse of the sequence.
    Mutant("lstm_backward", "dh + doutput[:, t]", "doutput[:, t]", BACKWARD),
    Mutant("lstm_backward", "dh + doutput[:, t]", "dh", BACKWARD),
    Mutant("lstm_backward", "dc + dh_t * dc_dh[t - start]", "dh_t * dc_dh[t - start]", BACKWARD),
    Mutant("_slopes", "1], c[:-1],", "1], c[1:],", BACKWARD),
    Mutant("_slopes", "1 - g * g", "1 - g", BACKWARD),
    Mutant("_slopes", "slopes *= gates", "slopes *= 1 + 0 * gates", BACKWARD),
    Mutant("lstm_backward", "dc_dh[t - start]", "dc_dh[-1]", BLOCKS),
    Mutant("lstm_backward", "c[start : t + 2]", "c[: t + 2 - start]", BLOCKS),
    Mutant("lstm_backward", "x, h[:-1]", "x, h[1:]", BACKWARD),
    Mutant("lstm_backward", "doutput[:, t]", "doutput[:, t - 1]", BACKWARD),
    Mutant("lstm_backward", "np.copyto(rows[t], 0", "np.copyto(rows[t] * 0, 0", _padded(BACKWARD)),
    Mutant("lstm_backward", "(dh, dc)) if", "(0 * dh, dc)) if", _padded(BACKWARD)),
    Mutant("lstm_backward", "(dh, dc)) if", "(dh, 0 * dc)) if", _padded(BACKWARD)),
)


def plant(function: str, right: str, wrong: str, cell: str = "lstm") -> ModuleType:
    """Return a second `rnncore.<cell>` in which one place of one function is changed."""
    source = (Path(rnncore.__file__).parent / f"{cell}.py").read_text(encoding="utf-8")
    start = source.index(f"\ndef {function}(")
    end = source.find("\ndef ", start + 1)
    body = source[start : None if end < 0 else end]
    # The docstring may say the same words; only code is changed.
    *words, code = body.split('"""')
    if code.count(right) != 1:
        raise ValueError(f"expected {right!r} once in {function}, got it {code.count(right)} times")
    changed = '"""'.join([*words, code.replace(right, wrong)])
    module = ModuleType(f"planted_{function}")
    sys.modules[module.__name__] = module
    exec(source.replace(body, changed), module.__dict__)  # noqa: S102  (the fault is the point)
    return module
