"""Right ways of writing the functions of an encoder-decoder that differ from the course's own."""

import numpy as np


def inputs_preallocated(target, bos=1):
    inputs = np.empty(target.shape, dtype=int)
    inputs[:, 0] = bos
    inputs[:, 1:] = target[:, :-1]
    return inputs


def inputs_by_roll(target, bos=1):
    inputs = np.roll(target, 1, axis=1)
    inputs[:, 0] = bos
    return inputs


def inputs_without_stop(target, bos=1):
    """What is read at padding does not matter."""
    return [[bos, *(token if token != 2 else 0 for token in row[:-1])] for row in target.tolist()]


def inputs_padded(target, bos=1):
    return {"inputs": np.pad(target, ((0, 0), (1, 0)), constant_values=bos)[:, :-1]}


def _sigmoid(x):
    return 1 / (1 + np.exp(-x))


def _lstm(x, h, c, params):
    w, u, b, d = params
    a = np.einsum("nd,gd->ng", x, w) + np.einsum("nh,gh->ng", h, u) + b + d
    n = h.shape[1]
    i, f, g, o = (a[:, k * n : (k + 1) * n] for k in range(4))
    c = _sigmoid(f) * c + _sigmoid(i) * np.tanh(g)
    return _sigmoid(o) * np.tanh(c), c


def step_split_weights(tokens, h_prev, c_prev, memory, params, design, mask=None):
    """Multiply the parts of the input separately, and add."""
    w, u, b, d = params.lstm
    width = params.embedding.shape[1]
    a = params.embedding.take(tokens, axis=0) @ w[:, :width].T + h_prev @ u.T + b + d
    if design.context != "initial":
        a = a + memory.h_n @ w[:, width:].T
    i, f, g, o = np.split(a, 4, axis=-1)
    c = _sigmoid(f) * c_prev + _sigmoid(i) * np.tanh(g)
    h = _sigmoid(o) * np.tanh(c)
    return {"h": h, "c": c, "logits": np.dot(h, params.weight_out.T) + params.bias_out}


def step_by_one_hot(tokens, h_prev, c_prev, memory, params, design, mask=None):
    x = np.eye(len(params.embedding), dtype=params.embedding.dtype)[tokens] @ params.embedding
    x = np.hstack([x, memory.h_n]) if design.context == "every_step" else x
    h, c = _lstm(x, h_prev, c_prev, params.lstm)
    return [(params.weight_out @ h.T).T + params.bias_out, h, c, "a cache"]


def step_one_by_one(tokens, h_prev, c_prev, memory, params, design, mask=None):
    rows = []
    for n, token in enumerate(tokens):
        parts = [params.embedding[token]]
        if design.context == "every_step":
            parts.append(memory.h_n[n])
        h, c = _lstm(np.concatenate(parts)[None], h_prev[n][None], c_prev[n][None], params.lstm)
        rows.append((h[0] @ params.weight_out.T + params.bias_out, h[0], c[0]))
    return tuple(np.array(column) for column in zip(*rows, strict=True))


def _read(source, params, lengths):
    """Read every source alone, without its padding."""
    states = []
    for n, ids in enumerate(source):
        h = c = np.zeros((1, params.lstm[1].shape[1]))
        for token in ids if lengths is None else ids[: lengths[n]]:
            h, c = _lstm(params.embedding[token][None], h, c, params.lstm)
        states.append((h[0], c[0]))
    h_n, c_n = (np.array(column) for column in zip(*states, strict=True))
    return type("Left", (), {"h_n": h_n, "c_n": c_n})


def loss_stacked(source, target, params, design, lengths=None):
    memory = _read(source, params.encoder, lengths)
    h, c, rows = memory.h_n, memory.c_n, []
    for tokens in inputs_preallocated(target).T:
        logits, h, c, _ = step_by_one_hot(tokens, h, c, memory, params.decoder, design)
        rows.append(logits)
    x = np.stack(rows, axis=1)
    total = np.log(np.exp(x).sum(axis=-1))
    surprise = total - np.einsum("ntv,ntv->nt", x, np.eye(x.shape[-1])[target])
    return np.average(surprise, weights=target != 0)


def loss_sequence_by_sequence(source, target, params, design, lengths=None):
    memory, surprises = _read(source, params.encoder, lengths), []
    for n, answers in enumerate(target):
        one = type("Left", (), {"h_n": memory.h_n[n : n + 1]})
        h, c, token = memory.h_n[n : n + 1], memory.c_n[n : n + 1], 1
        for answer in answers:
            if answer == 0:
                break
            found = step_split_weights(np.array([token]), h, c, one, params.decoder, design)
            h, c = found["h"], found["c"]
            p = np.exp(found["logits"][0])
            surprises.append(-np.log(p[answer] / p.sum()))
            token = answer
    return {"loss": float(np.mean(surprises))}


def loss_by_weights(source, target, params, design, lengths=None):
    memory = _read(source, params.encoder, lengths)
    h, c, weights = memory.h_n, memory.c_n, (target > 0) / np.count_nonzero(target)
    loss, tokens = 0.0, np.ones(len(target), int)
    for t in range(target.shape[1]):
        logits, h, c = step_one_by_one(tokens, h, c, memory, params.decoder, design)
        logits = logits - logits.max(-1, keepdims=True)
        right = np.take_along_axis(logits, target[:, t, None], 1)[:, 0]
        loss += (weights[:, t] * (np.log(np.exp(logits).sum(-1)) - right)).sum()
        tokens = target[:, t]
    return np.array(loss)


def greedy_preallocated(source, params, design, max_length, lengths=None):
    """Fill a table with as many columns as there may be."""
    memory = _read(source, params.encoder, lengths)
    ids = np.zeros((len(source), max_length), int)
    count = np.zeros(len(source), int)
    h, c, tokens, done = memory.h_n, memory.c_n, np.ones(len(source), int), np.zeros(len(source))
    for t in range(max_length):
        logits, h, c, _ = step_by_one_hot(tokens, h, c, memory, params.decoder, design)
        tokens = np.argmax(logits, axis=1)
        ids[:, t] = np.where(done, 0, tokens)
        count += done == 0
        done = np.logical_or(done, tokens == 2)
    return ids, count


def greedy_cut_afterwards(source, params, design, max_length, lengths=None):
    ids, count = greedy_preallocated(source, params, design, max_length, lengths)
    return {"ids": ids[:, : count.max()].tolist(), "lengths": count.tolist()}


def greedy_one_by_one(source, params, design, max_length, lengths=None):
    memory, rows = _read(source, params.encoder, lengths), []
    for n in range(len(source)):
        one = type("Left", (), {"h_n": memory.h_n[n : n + 1]})
        h, c, row = memory.h_n[n : n + 1], memory.c_n[n : n + 1], [1]
        while len(row) <= max_length and row[-1] != 2:
            last = np.array(row[-1:])
            logits, h, c = step_one_by_one(last, h, c, one, params.decoder, design)
            row.append(int(logits[0].argmax()))
        rows.append(row[1:])
    ids = np.array([row + [0] * (max(map(len, rows)) - len(row)) for row in rows])
    return ids, np.array([len(row) for row in rows]), "probabilities"


ACCEPTED = {
    "teacher_forcing_inputs": (
        inputs_preallocated,
        inputs_by_roll,
        inputs_without_stop,
        inputs_padded,
    ),
    "decoder_step": (step_split_weights, step_by_one_hot, step_one_by_one),
    "seq2seq_loss": (loss_stacked, loss_sequence_by_sequence, loss_by_weights),
    "greedy_decode": (greedy_preallocated, greedy_cut_afterwards, greedy_one_by_one),
}
