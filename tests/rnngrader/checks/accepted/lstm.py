"""Right ways of writing the LSTM functions that differ from the course's own."""

from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np

from rnncore import lstm


def sigmoid(a: Any) -> Any:
    return 1 / (1 + np.exp(-np.asarray(a)))


def twelve_gate_parameters(x, h_prev, params):
    size = h_prev.shape[1]
    gates = []
    for k, activation in enumerate((sigmoid, sigmoid, np.tanh, sigmoid)):
        rows = slice(k * size, (k + 1) * size)
        w, u = params.weight_ih[rows], params.weight_hh[rows]
        gates.append(
            activation(x @ w.T + h_prev @ u.T + params.bias_ih[rows] + params.bias_hh[rows])
        )
    return gates


def by_einsum(x, h_prev, params):
    w_ih, w_hh, b_ih, b_hh = params
    a = np.einsum("nd,rd->nr", x, w_ih) + np.einsum("nh,rh->nr", h_prev, w_hh) + (b_ih + b_hh)
    i, f, g, o = np.split(a, 4, axis=1)
    return {"i": sigmoid(i), "f": sigmoid(f), "g": np.tanh(g), "o": sigmoid(o)}


def by_loops_over_units(x, h_prev, params):
    rows = len(params.bias_ih)
    a = np.zeros((len(x), rows))
    for n in range(len(x)):
        for row in range(rows):
            a[n, row] = sum(params.weight_ih[row, d] * x[n, d] for d in range(x.shape[1]))
            a[n, row] += sum(params.weight_hh[row, k] * h for k, h in enumerate(h_prev[n]))
            a[n, row] += params.bias_ih[row] + params.bias_hh[row]
    size = rows // 4
    blocks = [a[:, k * size : (k + 1) * size] for k in range(4)]
    return sigmoid(blocks[0]), sigmoid(blocks[1]), np.tanh(blocks[2]), sigmoid(blocks[3])


def by_concatenation(x, h_prev, params):
    joined = np.concatenate([x, h_prev], axis=1)
    weights = np.hstack([params.weight_ih, params.weight_hh])
    a = (weights @ joined.T).T + params.bias_ih + params.bias_hh
    stacked = a.reshape(len(x), 4, -1).transpose(1, 0, 2)
    return np.stack(
        [sigmoid(stacked[0]), sigmoid(stacked[1]), np.tanh(stacked[2]), sigmoid(stacked[3])]
    )


def in_single_precision(x, h_prev, params):
    x, h_prev = x.astype(np.float32), h_prev.astype(np.float32)
    params = type(params)(*(p.astype(np.float32) for p in params))
    return by_concatenation(x, h_prev, params)


def with_clipped_sigmoid(x, h_prev, params):
    gates = twelve_gate_parameters(x, h_prev, params)
    return [np.clip(v, 1e-7, 1 - 1e-7) if k != 2 else v for k, v in enumerate(gates)]


def as_nested_lists(x, h_prev, params):
    return tuple(gate.tolist() for gate in lstm.lstm_gates(x, h_prev, params))


GATES = (
    twelve_gate_parameters,
    by_einsum,
    by_loops_over_units,
    by_concatenation,
    in_single_precision,
    with_clipped_sigmoid,
    as_nested_lists,
)


class Returned(NamedTuple):
    h: Any
    c: Any


@dataclass
class Result:
    c: Any
    h: Any


def new_state(x, h_prev, c_prev, params):
    i, f, g, o = twelve_gate_parameters(x, h_prev, params)
    c = f * c_prev + i * g
    return o * np.tanh(c), c


def returns_list_and_cache(x, h_prev, c_prev, params):
    h, c = new_state(x, h_prev, c_prev, params)
    return [h, c, {"anything": object()}]


def returns_dictionary(x, h_prev, c_prev, params):
    h, c = new_state(x, h_prev, c_prev, params)
    return {"c_next": c, "h_next": h, "cache": None}


def returns_named_tuple(x, h_prev, c_prev, params):
    return Returned(*new_state(x, h_prev, c_prev, params))


def returns_dataclass(x, h_prev, c_prev, params):
    h, c = new_state(x, h_prev, c_prev, params)
    return Result(c=c, h=h)


def returns_state_and_cache(x, h_prev, c_prev, params):
    return new_state(x, h_prev, c_prev, params), None


def writes_its_own_buffers(x, h_prev, c_prev, params):
    i, f, g, o = by_loops_over_units(x, h_prev, params)
    c = c_prev.copy()
    c *= f
    i *= g
    c += i
    return o * np.tanh(c), c


def with_defaults(x, h_prev=None, c_prev=None, params=None, verbose=False):
    zeros = np.zeros((len(x), params.weight_hh.shape[1]))
    h_prev = zeros if h_prev is None else h_prev
    return new_state(x, h_prev, zeros if c_prev is None else c_prev, params)


def step_in_single_precision(x, h_prev, c_prev, params):
    small = [a.astype(np.float32) for a in (x, h_prev, c_prev)]
    return new_state(*small, type(params)(*(p.astype(np.float32) for p in params)))


STEPS = (
    new_state,
    returns_list_and_cache,
    returns_dictionary,
    returns_named_tuple,
    returns_dataclass,
    returns_state_and_cache,
    writes_its_own_buffers,
    with_defaults,
    step_in_single_precision,
)


def run(x, h, c, params):
    hidden, cells = [], []
    for t in range(x.shape[1]):
        h, c = new_state(x[:, t], h, c, params)
        hidden.append(h)
        cells.append(c)
    return hidden, cells


def lists_then_stack(x, h_0, c_0, params, lengths=None):
    hidden, cells = run(x, h_0, c_0, params)
    return np.stack(hidden, axis=1), (hidden[-1], cells[-1]), cells


def flat_results(x, h_0, c_0, params, lengths=None):
    hidden, cells = run(x, h_0, c_0, params)
    return np.array(hidden).transpose(1, 0, 2), hidden[-1], cells[-1]


def flat_results_and_cache(x, h_0, c_0, params, lengths=None):
    return (*flat_results(x, h_0, c_0, params), ["cache"])


def preallocated(x, h_0, c_0, params, lengths=None):
    output = np.empty((*x.shape[:2], h_0.shape[1]))
    h, c = h_0, c_0
    for t in range(x.shape[1]):
        h, c = new_state(x[:, t], h, c, params)
        output[:, t] = h
    return [output, [h, c]]


def projected_once(x, h_0, c_0, params, lengths=None):
    projected = np.tensordot(x, params.weight_ih, axes=(2, 1)) + params.bias_ih + params.bias_hh
    h, c, output = h_0, c_0, np.zeros((len(x), 0, h_0.shape[1]))
    for a in projected.swapaxes(0, 1):
        i, f, g, o = np.split(a + h @ params.weight_hh.T, 4, axis=-1)
        c = sigmoid(f) * c + sigmoid(i) * np.tanh(g)
        h = sigmoid(o) * np.tanh(c)
        output = np.concatenate([output, h[:, None]], axis=1)
    return output, {"h": h, "c": c}


def with_layer_axis(x, h_0, c_0, params, lengths=None):
    output, (h, c), _ = lists_then_stack(x, h_0, c_0, params)
    return output, (h[None], c[None]), None


def by_recursion(x, h_0, c_0, params, lengths=None):
    if x.shape[1] == 0:
        return np.zeros((len(x), 0, h_0.shape[1])), (h_0, c_0)
    h, c = new_state(x[:, 0], h_0, c_0, params)
    output, state = by_recursion(x[:, 1:], h, c, params)
    return np.concatenate([h[:, None], output], axis=1), state


def one_sequence_at_a_time(x, h_0, c_0, params, lengths=None):
    runs = [
        lists_then_stack(x[n : n + 1], h_0[n : n + 1], c_0[n : n + 1], params)
        for n in range(len(x))
    ]
    output = np.concatenate([r[0] for r in runs])
    return {
        "output": output,
        "h_n": np.concatenate([r[1][0] for r in runs]),
        "c_n": np.concatenate([r[1][1] for r in runs]),
    }


FORWARDS = (
    lists_then_stack,
    flat_results,
    flat_results_and_cache,
    preallocated,
    projected_once,
    with_layer_axis,
    by_recursion,
    one_sequence_at_a_time,
)
ACCEPTED = {"lstm_gates": GATES, "lstm_step": STEPS, "lstm_forward": FORWARDS}
