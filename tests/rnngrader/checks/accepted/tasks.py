"""Right ways of writing the functions of the unit on tasks that differ from the course's."""

import numpy as np


def pad_by_lists(sequences):
    width = max(len(row) for row in sequences)
    ids = [[*(int(i) for i in row), *[0] * (width - len(row))] for row in sequences]
    return ids, [len(row) for row in sequences]


def pad_by_numpy(sequences):
    lengths = np.array(list(map(len, sequences)))
    wide = [np.pad(row, (0, lengths.max() - len(row))) for row in sequences]
    return {"lengths": lengths, "ids": np.vstack(wide)}


def pad_by_mask(sequences):
    lengths = np.array([len(row) for row in sequences])
    mask = np.arange(lengths.max()) < lengths[:, None]
    ids = np.zeros(mask.shape, dtype=np.int32)
    ids[mask] = np.concatenate(sequences)
    return ids, lengths, mask


def pack_by_loop(ids, lengths):
    data, sizes = [], []
    for t in range(max(lengths)):
        size = 0
        for row, n in zip(ids, lengths, strict=True):
            if t < n:
                data.append(row[t])
                size += 1
        sizes.append(size)
    return data, sizes


def pack_by_prefix(ids, lengths):
    sizes = np.array([(lengths > t).sum() for t in range(lengths[0])])
    data = np.concatenate([ids[:size, t] for t, size in enumerate(sizes)])
    return data, sizes, None


def pack_by_sort(ids, lengths):
    rows, steps = np.nonzero(np.arange(ids.shape[1]) < np.asarray(lengths)[:, None])
    order = np.lexsort((rows, steps))
    return {"data": ids[rows, steps][order], "batch_sizes": np.bincount(steps)}


def pairs_of_ints(ids, lengths):
    mask = np.zeros((len(ids), ids.shape[1] - 1), dtype=int)
    for row, n in zip(mask, lengths, strict=True):
        row[: max(n - 1, 0)] = 1
    return ids[:, :-1] * mask, ids[:, 1:] * mask, mask


def pairs_by_targets(ids, lengths):
    real = np.arange(ids.shape[1]) < lengths[:, None]
    return {"inputs": ids[:, :-1].copy(), "targets": ids[:, 1:], "mask": real[:, 1:]}


def pairs_as_lists(ids, lengths):
    steps = range(1, ids.shape[1])
    inputs = [[row[t - 1] for t in steps] for row in ids]
    targets = [[row[t] for t in steps] for row in ids]
    return inputs, targets, [[float(t < n) for t in steps] for n in lengths]


def length_mask(lengths, seq):
    return np.arange(seq) < np.asarray(lengths)[:, None]


def summarise_by_loop(output, lengths, summary="last"):
    parts = [row[:n] for row, n in zip(output, lengths, strict=True)]
    return np.array([part[-1] if summary == "last" else part.mean(axis=0) for part in parts])


def summarise_by_weights(output, lengths, summary="last"):
    real = length_mask(lengths, output.shape[1]).astype(output.dtype)
    if summary == "last":
        weights = real - np.pad(real[:, 1:], ((0, 0), (0, 1)))
    else:
        weights = real / real.sum(axis=1, keepdims=True)
    return np.einsum("nt,nth->nh", weights, output)


def summarise_from_sums(output, lengths, summary="last"):
    if summary == "mean":
        sums = np.cumsum(output, axis=1)
        return np.take_along_axis(sums, (lengths - 1)[:, None, None], 1)[:, 0] / lengths[:, None]
    return {"features": np.take_along_axis(output, (lengths - 1)[:, None, None], axis=1)[:, 0]}


def accuracy_by_loop(logits, targets, mask):
    hits = [
        int(np.argmax(logits[place])) == targets[place]
        for place in zip(*np.nonzero(mask), strict=True)
    ]
    return sum(hits) / len(hits)


def accuracy_weighted(logits, targets, mask):
    hits = logits.argmax(-1) == targets
    return np.average(hits, weights=mask), {"count": mask.sum()}


def accuracy_of_products(logits, targets, mask):
    best = np.argsort(logits, axis=2)[:, :, -1]
    return np.array((mask * (best == targets)).sum() / np.count_nonzero(mask))


def perplexity_by_average(losses, counts):
    return np.exp(np.average(losses, weights=counts))


def perplexity_by_loop(losses, counts):
    total = tokens = 0
    for loss, count in zip(losses, counts, strict=True):
        total += loss * count
        tokens += count
    return 2 ** (total / tokens / np.log(2)), total


def perplexity_by_dot(losses, counts):
    return {"perplexity": np.power(np.e, losses @ counts / np.sum(counts))}


def read(ids, params):
    h, states = np.zeros((len(ids), len(params.bias_ih))), []
    for t in range(ids.shape[1]):
        a = params.embedding[ids[:, t]] @ params.weight_ih.T + params.bias_ih
        h = np.tanh(a + h @ params.weight_hh.T + params.bias_hh)
        states.append(h)
    return np.stack(states, axis=1)


def token_losses(logits, targets):
    total = np.log(np.exp(logits).sum(axis=-1))
    return total - np.take_along_axis(logits, targets[..., None], axis=-1)[..., 0]


def tagger_by_sums(ids, tags, lengths, params):
    logits = np.dot(read(ids, params), params.weight_out.T) + params.bias_out
    mask = length_mask(lengths, ids.shape[1])
    return (token_losses(logits, tags) * mask).sum() / lengths.sum()


def tagger_one_by_one(ids, tags, lengths, params):
    losses = []
    for row, tag, n in zip(ids, tags, lengths, strict=True):
        states = read(row[None, :n], params)
        logits = states @ params.weight_out.T + params.bias_out
        losses.extend(token_losses(logits, tag[None, :n])[0])
    return np.mean(losses), losses


def tagger_of_real(ids, tags, lengths, params):
    mask = length_mask(lengths, ids.shape[1])
    logits = read(ids, params)[mask] @ params[5].T + params[6]
    return {"loss": np.array(token_losses(logits, tags[mask]).mean())}


def classifier_by_summary(ids, lengths, params, summary="last"):
    features = summarise_by_loop(read(ids, params), lengths, summary)
    return np.einsum("nh,ch->nc", features, params.weight_out) + params.bias_out


def classifier_of_scores(ids, lengths, params, summary="last"):
    logits = read(ids, params) @ params.weight_out.T + params.bias_out
    return summarise_by_weights(logits, lengths, summary), None


def classifier_one_by_one(ids, lengths, params, summary="last"):
    rows = []
    for row, n in zip(ids, lengths, strict=True):
        states = read(row[None, :n], params)[0]
        chosen = states[-1] if summary == "last" else states.sum(axis=0) / n
        rows.append(params.weight_out @ chosen + params.bias_out)
    return rows


def language_model_by_states(ids, lengths, params):
    logits = read(ids, params)[:, :-1] @ params.weight_out.T + params.bias_out
    mask = length_mask(lengths, ids.shape[1])[:, 1:]
    return np.average(token_losses(logits, ids[:, 1:]), weights=mask)


def language_model_one_by_one(ids, lengths, params):
    total = 0.0
    for row, n in zip(ids, lengths, strict=True):
        if n > 1:
            logits = read(row[None, : n - 1], params) @ params.weight_out.T + params.bias_out
            total += token_losses(logits, row[None, 1:n]).sum()
    return total / (lengths - 1).sum()


def language_model_by_pairs(ids, lengths, params):
    inputs, targets, mask = pairs_of_ints(ids, lengths)
    logits = read(inputs, params) @ params.weight_out.T + params.bias_out
    return token_losses(logits, targets)[mask == 1].mean(), logits


ACCEPTED = {
    "pad": (pad_by_lists, pad_by_numpy, pad_by_mask),
    "pack": (pack_by_loop, pack_by_prefix, pack_by_sort),
    "next_token_pairs": (pairs_of_ints, pairs_by_targets, pairs_as_lists),
    "summarise": (summarise_by_loop, summarise_by_weights, summarise_from_sums),
    "masked_accuracy": (accuracy_by_loop, accuracy_weighted, accuracy_of_products),
    "corpus_perplexity": (perplexity_by_average, perplexity_by_loop, perplexity_by_dot),
    "tagger_loss": (tagger_by_sums, tagger_one_by_one, tagger_of_real),
    "classifier_scores": (classifier_by_summary, classifier_of_scores, classifier_one_by_one),
    "language_model_loss": (
        language_model_by_states,
        language_model_one_by_one,
        language_model_by_pairs,
    ),
}
