"""Correct solutions of the unit `lstm` in twelve styles; every one of them deserves full marks.

Each style is the text of three cells (`lstm_gates`, `lstm_step`, `lstm_forward`), as different
learners would write them. See also the accepted variants in the tests of the checks.
"""

PLAIN_GATES = """
def lstm_gates(x, h_prev, params):
    a = x @ params.weight_ih.T + params.bias_ih + h_prev @ params.weight_hh.T + params.bias_hh
    a_i, a_f, a_g, a_o = np.split(a, 4, axis=-1)
    return sigmoid(a_i), sigmoid(a_f), np.tanh(a_g), sigmoid(a_o)
"""
PLAIN_STEP = """
def lstm_step(x, h_prev, c_prev, params):
    i, f, g, o = lstm_gates(x, h_prev, params)
    c = f * c_prev + i * g
    h = o * np.tanh(c)
    return h, c, None
"""
PLAIN_FORWARD = """
def lstm_forward(x, h_0, c_0, params, lengths=None):
    h, c, outputs = h_0, c_0, []
    for t in range(x.shape[1]):
        h, c, _ = lstm_step(x[:, t], h, c, params)
        outputs.append(h)
    return np.stack(outputs, axis=1), (h, c), None
"""

SLICED_GATES = """
def lstm_gates(x, h_prev, params):
    hidden_size = h_prev.shape[1]
    gates = []
    for k, squash in enumerate((sigmoid, sigmoid, np.tanh, sigmoid)):
        rows = slice(k * hidden_size, (k + 1) * hidden_size)
        W, U = params.weight_ih[rows], params.weight_hh[rows]
        b = params.bias_ih[rows] + params.bias_hh[rows]
        gates.append(squash(x @ W.T + h_prev @ U.T + b))
    return tuple(gates)
"""
EINSUM_GATES = """
def lstm_gates(x, h_prev, params):
    batch, hidden = h_prev.shape
    w = params.weight_ih.reshape(4, hidden, -1)
    u = params.weight_hh.reshape(4, hidden, hidden)
    b = (params.bias_ih + params.bias_hh).reshape(4, 1, hidden)
    a = np.einsum("bd,ghd->gbh", x, w) + np.einsum("bk,ghk->gbh", h_prev, u) + b
    return [sigmoid(a[0]), sigmoid(a[1]), np.tanh(a[2]), sigmoid(a[3])]
"""
LOOP_GATES = """
import math

def lstm_gates(x, h_prev, params):
    batch, hidden = h_prev.shape
    out = np.zeros((4, batch, hidden))
    for n in range(batch):
        for row in range(4 * hidden):
            a = float(params.bias_ih[row]) + float(params.bias_hh[row])
            for d in range(x.shape[1]):
                a += params.weight_ih[row, d] * x[n, d]
            for k in range(hidden):
                a += params.weight_hh[row, k] * h_prev[n, k]
            gate, unit = divmod(row, hidden)
            if gate == 2:
                out[gate, n, unit] = math.tanh(a)
            else:
                out[gate, n, unit] = 0.5 * (1 + math.tanh(a / 2))
    return out[0], out[1], out[2], out[3]
"""
CONCAT_GATES = """
def lstm_gates(x, h_prev, params):
    xh = np.concatenate([x, h_prev], axis=1)
    W = np.hstack([params.weight_ih, params.weight_hh])
    a = (W @ xh.T).T + (params.bias_ih + params.bias_hh)[None, :]
    n = h_prev.shape[1]
    s = sigmoid(a)
    return s[:, :n], s[:, n:2*n], np.tanh(a[:, 2*n:3*n]), s[:, 3*n:]
"""
NAMED_GATES = """
from collections import namedtuple
Gates = namedtuple("Gates", "i f g o")

def affine(x, h, p):
    from_x = np.matmul(x, np.transpose(p.weight_ih)) + p.bias_ih
    return from_x + np.dot(h, p.weight_hh.T) + p.bias_hh

def lstm_gates(x, h_prev, params):
    i, f, g, o = np.array_split(affine(x, h_prev, params), 4, axis=1)
    return Gates(sigmoid(i), sigmoid(f), np.tanh(g), sigmoid(o))
"""
OWN_SIGMOID_GATES = """
%matplotlib inline
import matplotlib.pyplot as plt  # to look at the gates

def logistic(a):
    return 1.0 / (1.0 + np.exp(-np.clip(a, -500, 500)))

def lstm_gates(x, h_prev, params):
    a = x.dot(params.weight_ih.T) + h_prev.dot(params.weight_hh.T)
    a = a + params.bias_ih
    a = a + params.bias_hh
    H = a.shape[1] // 4
    return logistic(a[:, 0:H]), logistic(a[:, H:2*H]), np.tanh(a[:, 2*H:3*H]), logistic(a[:, 3*H:])
"""
DICT_STEP = """
def lstm_step(x, h_prev, c_prev, params):
    gates = lstm_gates(x, h_prev, params)
    kept = np.multiply(gates[1], c_prev)
    written = np.multiply(gates[0], gates[2])
    c = np.add(kept, written)
    return {"h": np.multiply(gates[3], np.tanh(c)), "c": c}
"""
CACHE_STEP = """
from dataclasses import dataclass

@dataclass
class Cache:
    x: object
    gates: object

def lstm_step(x, h_prev, c_prev, params):
    i, f, g, o = gates = lstm_gates(x, h_prev, params)
    c = i * g
    c += f * c_prev
    return [o * np.tanh(c), c, Cache(x, gates)]
"""
HOISTED_FORWARD = """
def lstm_forward(x, h_0, c_0, params, lengths=None):
    batch, seq, _ = x.shape
    projected = x @ params.weight_ih.T + (params.bias_ih + params.bias_hh)
    h, c = h_0.copy(), c_0.copy()
    output = np.empty((batch, seq, h.shape[1]), dtype=projected.dtype)
    for t in range(seq):
        i, f, g, o = np.split(projected[:, t] + h @ params.weight_hh.T, 4, axis=1)
        c = sigmoid(f) * c + sigmoid(i) * np.tanh(g)
        h = sigmoid(o) * np.tanh(c)
        output[:, t] = h
    return output, (h, c)
"""
RECURSIVE_FORWARD = """
def lstm_forward(x, h_0, c_0, params, lengths=None):
    if x.shape[1] == 0:
        return np.zeros((x.shape[0], 0, h_0.shape[1])), (h_0, c_0), []
    result = lstm_step(x[:, 0], h_0, c_0, params)
    h, c = result[0], result[1]
    rest, last, cache = lstm_forward(x[:, 1:], h, c, params)
    return np.concatenate([h[:, None, :], rest], axis=1), last, [result] + cache
"""
FLOAT32_FORWARD = """
def lstm_forward(x, h_0, c_0, params, lengths=None):
    x, h, c = (np.asarray(a, dtype=np.float32) for a in (x, h_0, c_0))
    p = LSTMParams(*(np.asarray(w, dtype=np.float32) for w in params))
    outputs = np.zeros((x.shape[0], x.shape[1], h.shape[1]), dtype=np.float32)
    for t, x_t in enumerate(np.swapaxes(x, 0, 1)):
        h, c = lstm_step(x_t, h, c, p)[:2]
        outputs[:, t, :] = h
    return outputs, (h, c), None
"""
FLAT_FORWARD = """
def lstm_forward(x, h_0, c_0, params, lengths=None):
    states = [(h_0, c_0)]
    for t in range(x.shape[1]):
        states.append(lstm_step(x[:, t], *states[-1], params)[:2])
    output = np.array([h for h, _ in states[1:]]).transpose(1, 0, 2)
    return output, states[-1][0], states[-1][1]
"""

STYLES: dict[str, tuple[str, str, str]] = {
    "plain": (PLAIN_GATES, PLAIN_STEP, PLAIN_FORWARD),
    "sliced": (SLICED_GATES, PLAIN_STEP, PLAIN_FORWARD),
    "einsum": (EINSUM_GATES, PLAIN_STEP, HOISTED_FORWARD),
    "loops": (LOOP_GATES, PLAIN_STEP, PLAIN_FORWARD),
    "concatenated": (CONCAT_GATES, CACHE_STEP, PLAIN_FORWARD),
    "helpers": (NAMED_GATES, PLAIN_STEP, FLAT_FORWARD),
    "own-sigmoid": (OWN_SIGMOID_GATES, PLAIN_STEP, PLAIN_FORWARD),
    "dictionary": (PLAIN_GATES, DICT_STEP, HOISTED_FORWARD),
    "cache-object": (PLAIN_GATES, CACHE_STEP, PLAIN_FORWARD),
    "recursive": (PLAIN_GATES, PLAIN_STEP, RECURSIVE_FORWARD),
    "float32": (PLAIN_GATES, PLAIN_STEP, FLOAT32_FORWARD),
    "hoisted": (SLICED_GATES, CACHE_STEP, HOISTED_FORWARD),
}
