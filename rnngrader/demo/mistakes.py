"""Wrong solutions of the unit `lstm`, each one edit away from the plain style.

`(name, function, old text, new text)`: the edit is made in the plain style's cell of that function.
The names are free; which cause the grader reports is its own finding.
"""

MISTAKES: list[tuple[str, str, str, str]] = [
    ("no-bias", "lstm_gates", " + params.bias_ih", ""),
    ("no-bias-hh", "lstm_gates", " + params.bias_hh", ""),
    ("no-h", "lstm_gates", " + h_prev @ params.weight_hh.T", ""),
    (
        "swapped-i-g",
        "lstm_gates",
        "sigmoid(a_i), sigmoid(a_f), np.tanh(a_g)",
        "np.tanh(a_i), sigmoid(a_f), sigmoid(a_g)",
    ),
    ("order-figo", "lstm_gates", "a_i, a_f, a_g, a_o =", "a_f, a_i, a_g, a_o ="),
    ("order-ifog", "lstm_gates", "a_i, a_f, a_g, a_o =", "a_i, a_f, a_o, a_g ="),
    ("all-sigmoid", "lstm_gates", "np.tanh(a_g)", "sigmoid(a_g)"),
    ("no-tanh-c", "lstm_step", "o * np.tanh(c)", "o * c"),
    ("old-cell", "lstm_step", "np.tanh(c)\n", "np.tanh(c_prev)\n"),
    ("gates-exchanged", "lstm_step", "f * c_prev + i * g", "i * c_prev + f * g"),
    ("no-forget", "lstm_step", "f * c_prev + i * g", "c_prev + i * g"),
    ("no-input-gate", "lstm_step", "i * g", "g"),
    ("coupled", "lstm_step", "f * c_prev + i * g", "f * c_prev + (1 - f) * g"),
    ("returns-c-h", "lstm_step", "return h, c, None", "return c, h, None"),
    ("in-place", "lstm_step", "c = f * c_prev + i * g", "c = c_prev\n    c *= f\n    c += i * g"),
    ("zero-start", "lstm_forward", "h, c, outputs = h_0, c_0, []",
     "h, c, outputs = np.zeros_like(h_0), np.zeros_like(c_0), []"),
    ("no-carry", "lstm_forward", "h, c, _ = lstm_step(x[:, t], h, c, params)",
     "h, c, _ = lstm_step(x[:, t], h_0, c_0, params)"),
    ("carry-h-only", "lstm_forward", "lstm_step(x[:, t], h, c, params)",
     "lstm_step(x[:, t], h, c_0, params)"),
    ("time-major", "lstm_forward", "axis=1)", "axis=0)"),
    ("reversed", "lstm_forward", "range(x.shape[1])", "reversed(range(x.shape[1]))"),
]  # fmt: skip
