"""Right ways of writing the functions of the unit on frameworks that differ from the course's."""

import numpy as np


def reorder_by_slices(array, order, wanted):
    size = len(array) // len(order)
    result = np.empty_like(array)
    for place, letter in enumerate(wanted):
        start = size * order.index(letter)
        result[size * place : size * (place + 1)] = array[start : start + size]
    return result


def reorder_by_axis(array, order, wanted):
    gates = array.reshape(len(order), -1, *array.shape[1:])
    return gates[[order.index(letter) for letter in wanted]].reshape(array.shape)


def reorder_as_lists(array, order, wanted):
    rows, size = array.tolist(), len(array) // len(order)
    return [row for k in wanted for row in rows[order.index(k) * size :][:size]]


def reorder_by_index(array, order, wanted):
    size = len(array) // len(order)
    rows = np.concatenate([np.arange(size) + size * order.index(k) for k in wanted])
    return np.take(array, rows, axis=0), None


def to_keras_by_name(state_dict):
    return {
        "bias": state_dict["bias_hh_l0"] + state_dict["bias_ih_l0"],
        "kernel": np.transpose(state_dict["weight_ih_l0"]),
        "recurrent_kernel": np.swapaxes(state_dict["weight_hh_l0"], 0, 1).copy(),
    }


def to_keras_as_tuple(state_dict):
    w, u, b, d = (state_dict[f"{name}_l0"] for name in NAMES)
    return w.T, np.einsum("rh->hr", u), np.sum([b, d], axis=0)


def to_keras_gate_by_gate(state_dict):
    w, u, b, d = (np.split(state_dict[f"{name}_l0"], 4) for name in NAMES)
    kernel = np.hstack([part.T for part in w])
    bias = np.concatenate([one + two for one, two in zip(b, d, strict=True)])
    return [kernel, np.hstack([part.T for part in u]), bias]


NAMES = ("weight_ih", "weight_hh", "bias_ih", "bias_hh")


def from_keras_by_columns(weights):
    kernel, recurrent, bias = weights
    if bias.ndim == 1:
        raise ValueError("expected two rows of biases")
    size = recurrent.shape[0]
    index = np.r_[size : 2 * size, 0:size, 2 * size : 3 * size]
    return {
        "weight_ih_l0": kernel[:, index].T,
        "weight_hh_l0": recurrent[:, index].T,
        "bias_ih_l0": bias[0, index],
        "bias_hh_l0": bias[1, index],
    }


def from_keras_as_tuple(weights):
    kernel, recurrent, (b, d) = weights
    if np.ndim(b) == 0:
        raise TypeError
    arrays = []
    for array in (kernel.T, recurrent.T, b, d):
        z, r, n = np.split(array, 3)
        arrays.append(np.concatenate([r, z, n]))
    return tuple(arrays)


def from_keras_short_names(weights):
    assert weights[2].shape[0] == 2
    assert weights[2].ndim == 2
    result = from_keras_by_columns(weights)
    return {name.removesuffix("_l0"): array.tolist() for name, array in result.items()}


def mask_of_numbers(lengths, seq):
    return (np.arange(seq)[None, :] < np.asarray(lengths)[:, None]).astype(int)


def mask_by_loop(lengths, seq):
    return [[t < n for t in range(seq)] for n in lengths]


def mask_of_floats(lengths, seq):
    mask = np.zeros((len(lengths), seq))
    for row, n in zip(mask, lengths, strict=True):
        row[:n] = 1
    return mask


def mask_compared(lengths, seq):
    return np.greater.outer(lengths, np.arange(seq))


def last_by_loop(output, lengths, batch_first=True):
    if not batch_first:
        output = np.moveaxis(output, 0, 1)
    return [output[n, length - 1] for n, length in enumerate(lengths)]


def last_by_index(output, lengths, batch_first=True):
    row = np.arange(len(lengths))
    return output[row, lengths - 1] if batch_first else output[lengths - 1, row]


def last_taken(output, lengths, batch_first=True):
    axis = 1 if batch_first else 0
    index = np.expand_dims(lengths - 1, (2, 1 - axis))
    index = index.reshape((-1, 1, 1) if batch_first else (1, -1, 1))
    return np.take_along_axis(output, index, axis=axis).squeeze(axis), None


def last_by_product(output, lengths, batch_first=True):
    spec = "nth,nt->nh" if batch_first else "tnh,nt->nh"
    seq = output.shape[1 if batch_first else 0]
    return np.einsum(spec, output, (np.arange(seq) == lengths[:, None] - 1).astype(output.dtype))


def step(x, h, params):
    w, u, b, d = params
    return np.tanh(x @ w.T + h @ u.T + b + d)


def padded_by_where(x, h_0, params, lengths):
    h, output = h_0, []
    for t in range(x.shape[1]):
        h = np.where((t < lengths)[:, None], step(x[:, t], h, params), h)
        output.append(h)
    return np.stack(output, axis=1), h


def padded_one_by_one(x, h_0, params, lengths):
    output = np.zeros((*x.shape[:2], h_0.shape[1]))
    h_n = h_0.copy()
    for n, length in enumerate(lengths):
        for t in range(length):
            h_n[n] = step(x[n : n + 1, t], h_n[n : n + 1], params)[0]
            output[n, t] = h_n[n]
    return {"output": output, "h_n": h_n}


def padded_by_mask(x, h_0, params, lengths):
    h, output = h_0, []
    for t in range(x.shape[1]):
        real = (lengths > t).astype(x.dtype)[:, None]
        h = real * step(x[:, t], h, params) + (1 - real) * h
        output.append(real * h)
    return np.array(output).swapaxes(0, 1), h, {"cache": None}


def padded_by_index(x, h_0, params, lengths):
    h, output = h_0, [h_0]
    for t in range(x.shape[1]):
        h = step(x[:, t], h, params)
        output.append(h)
    every = np.stack(output, axis=1)
    return [every[:, 1:], every[np.arange(len(x)), lengths]]


def padded_packed(x, h_0, params, lengths):
    order = np.argsort(-np.asarray(lengths))
    h, output = h_0[order].copy(), np.zeros((*x.shape[:2], h_0.shape[1]))
    for t in range(x.shape[1]):
        active = int((lengths > t).sum())
        h[:active] = step(x[order][:active, t], h[:active], params)
        output[order[:active], t] = h[:active]
    back = np.argsort(order)
    return output, h[back]


def reverse_by_loop(x, lengths):
    result = x.copy()
    for n in range(len(x)):
        k = x.shape[1] if lengths is None else lengths[n]
        result[n, :k] = x[n, :k][::-1]
    return result


def reverse_zeroed(x, lengths):
    if lengths is None:
        return np.flip(x, axis=1)
    result = np.zeros_like(x)
    for row, source, k in zip(result, x, lengths, strict=True):
        for t in range(k):
            row[t] = source[int(k) - 1 - t]
    return result, None


def reverse_by_index(x, lengths):
    n = np.full(len(x), x.shape[1]) if lengths is None else lengths.astype(int)
    t = np.arange(x.shape[1])
    index = np.where(t < n[:, None], n[:, None] - 1 - t, t)
    return x[np.arange(len(x))[:, None], index].tolist()


def reverse_rolled(x, lengths):
    if lengths is None:
        return x[:, ::-1]
    seq = x.shape[1]
    rows = [np.roll(row[::-1], int(k) - seq, axis=0) for row, k in zip(x, lengths, strict=True)]
    return np.stack(rows)


def join_by_layers(h_n):
    layers = h_n.reshape(-1, 2, *h_n.shape[1:])
    forward, backward = layers[-1]
    return np.hstack([forward, backward])


def join_transposed(h_n):
    return h_n[-2:].transpose(1, 0, 2).reshape(h_n.shape[1], -1)


def join_by_loop(h_n):
    return [[*h_n[-2, n], *h_n[-1, n]] for n in range(h_n.shape[1])], None


def join_filled(h_n):
    _, batch, size = h_n.shape
    features = np.zeros((batch, 2 * size), h_n.dtype)
    features[:, :size], features[:, size:] = h_n[-2], h_n[-1]
    return {"features": features}


ACCEPTED = {
    "reorder_blocks": (reorder_by_slices, reorder_by_axis, reorder_as_lists, reorder_by_index),
    "lstm_to_keras": (to_keras_by_name, to_keras_as_tuple, to_keras_gate_by_gate),
    "gru_from_keras": (from_keras_by_columns, from_keras_as_tuple, from_keras_short_names),
    "length_mask": (mask_of_numbers, mask_by_loop, mask_of_floats, mask_compared),
    "last_real_state": (last_by_loop, last_by_index, last_taken, last_by_product),
    "forward_padded": (
        padded_by_where,
        padded_one_by_one,
        padded_by_mask,
        padded_by_index,
        padded_packed,
    ),
    "reverse_steps": (reverse_by_loop, reverse_zeroed, reverse_by_index, reverse_rolled),
    "join_directions": (join_by_layers, join_transposed, join_by_loop, join_filled),
}
