"""Attention: by hand, against torch, gradients by the complex step, masks and empty sources."""

import itertools
from typing import Any, NamedTuple

import claims
import numpy as np
import pytest
import torch
from claims import close
from hypothesis import given, settings
from hypothesis import strategies as st

from rnncore import (
    AdditiveParams,
    BilinearParams,
    additive_scores,
    additive_scores_backward,
    attention,
    attention_backward,
    attention_weights,
    attention_weights_backward,
    bilinear_scores,
    bilinear_scores_backward,
    check_gradients,
    dot_scores,
    dot_scores_backward,
    init_attention,
    length_mask,
    scaled_dot_scores,
    scaled_dot_scores_backward,
)

BATCH, STEPS, SOURCE, QUERY, KEY, VALUE, UNITS = 3, 2, 5, 4, 6, 7, 8
SCORES = ("dot", "scaled_dot", "bilinear", "additive")
BY_SCORE = pytest.mark.parametrize("score", SCORES)
MASK = length_mask([5, 0, 3], SOURCE)


class Case(NamedTuple):
    """Arguments of `attention` without mask and score."""

    query: np.ndarray
    keys: np.ndarray
    values: np.ndarray
    params: Any


def case(score: str, seed: int = 7, dtype: Any = float) -> Case:
    """Random arguments; the sizes of query and key differ wherever the score allows it."""
    draw = claims.rng(seed)
    key_size = KEY if score in ("bilinear", "additive") else QUERY
    shapes = ((BATCH, STEPS, QUERY), (BATCH, SOURCE, key_size), (BATCH, SOURCE, VALUE))
    arrays = [draw.standard_normal(shape).astype(dtype) for shape in shapes]
    return Case(*arrays, init_attention(QUERY, key_size, draw, score, UNITS, dtype))


def torch_scores(score: str, query, keys, params):
    """The scores in torch, one query and one key at a time, as their equations stand."""
    rows = []
    for n, t, j in itertools.product(range(BATCH), range(STEPS), range(SOURCE)):
        q, k = query[n, t], keys[n, j]
        if score == "bilinear":
            rows.append(torch.nn.functional.bilinear(q, k, params[0][None])[0])
        elif score == "additive":
            hidden = torch.tanh(params[0].mv(q) + params[1].mv(k))
            rows.append(torch.dot(params[2], hidden))
        else:
            rows.append(torch.dot(q, k) / (QUERY**0.5 if score == "scaled_dot" else 1))
    return torch.stack(rows).reshape(BATCH, STEPS, SOURCE)


def in_torch(score: str, arguments: Case, mask=None) -> tuple:
    """Context and weights in torch, from `torch_scores` and torch's own softmax."""
    query, keys, values = (torch.tensor(array) for array in arguments[:3])
    params = [torch.tensor(array) for array in arguments.params]
    scores = torch_scores(score, query, keys, params)
    if mask is not None:
        scores = scores.masked_fill(~torch.tensor(mask)[:, None], -torch.inf)
    weights = torch.softmax(scores, dim=-1).nan_to_num(0.0)
    return torch.bmm(weights, values), weights


def test_worked_example() -> None:
    """Four encoder states and h^d = (1, 0): the weights are e, e^.7, 1 and 1/e over their sum."""
    keys = np.array([[[1, 0], [0.7, 0.7], [0, 1], [-1, 0]]])
    context, weights, _ = attention(np.array([[[1.0, 0.0]]]), keys, keys)
    exp = np.array([np.e, np.e**0.7, 1, 1 / np.e])
    close(weights[0, 0], exp / exp.sum())
    assert weights[0, 0].round(4).tolist() == [0.4456, 0.3301, 0.1639, 0.0603]
    assert context[0, 0].round(4).tolist() == [0.6164, 0.3950]


@pytest.mark.parity
@pytest.mark.parametrize(("dtype", "rtol"), [(np.float64, 1e-12), (np.float32, 1e-5)])
@pytest.mark.parametrize("mask", [None, MASK], ids=["all", "mask"])
@BY_SCORE
def test_values_are_those_of_torch(score, mask, dtype, rtol) -> None:
    """Context and weights equal the equations in torch, and keep the dtype that came in."""
    arguments = case(score, dtype=dtype)
    context, weights, _ = attention(*arguments, mask, score)
    close((context, weights), in_torch(score, arguments, mask), rtol, rtol / 10)
    assert context.dtype == weights.dtype == dtype


@pytest.mark.parity
@pytest.mark.parametrize("score", ["dot", "scaled_dot"])
def test_dot_products_are_the_attention_of_torch(score) -> None:
    """Both dot products equal `scaled_dot_product_attention`, with a mask."""
    arguments, mask = case(score), length_mask([5, 1, 3], SOURCE)
    scale = 1.0 if score == "dot" else None
    want = torch.nn.functional.scaled_dot_product_attention(
        *(torch.tensor(array) for array in arguments[:3]), torch.tensor(mask)[:, None], scale=scale
    )
    close(attention(*arguments, mask, score)[0], want)


@pytest.mark.parametrize("mask", [None, MASK], ids=["all", "mask"])
@BY_SCORE
def test_gradients_are_exact(score, mask) -> None:
    """The gradient equals the complex step, by query, keys, values and every parameter."""
    arguments = case(score)
    check_gradients(
        lambda *inputs: attention(*inputs, mask, score),
        lambda *upstream: attention_backward(*upstream, arguments.params),
        arguments._asdict(),
        claims.rng(),
    )


@BY_SCORE
def test_states_as_keys_and_values_get_both_gradients(score) -> None:
    """Where one array is key and value, its gradient is dkeys + dvalues."""
    arguments = case(score)

    def forward(query, states, params):
        return attention(query, states, states, params, MASK, score)

    def backward(dcontext, dweights, cache):
        dquery, dkeys, dvalues, dparams = attention_backward(
            dcontext, dweights, cache, arguments.params
        )
        return dquery, dkeys + dvalues, dparams

    inputs = {"query": arguments.query, "states": arguments.keys, "params": arguments.params}
    check_gradients(forward, backward, inputs, claims.rng())


@BY_SCORE
def test_padding_is_never_used(score) -> None:
    """NaN at padding reaches neither a result nor a gradient, and its weight is exactly 0."""
    arguments = case(score)
    upstream = claims.rng(3).standard_normal((BATCH, STEPS, VALUE)), np.ones((BATCH, STEPS, SOURCE))
    context, weights, cache = attention(*arguments, MASK, score)
    gradients = attention_backward(*upstream, cache, arguments.params)
    assert not np.swapaxes(weights, 1, 2)[~MASK].any()
    assert not gradients[1][~MASK].any()
    assert not gradients[2][~MASK].any()

    spoilt = arguments._replace(keys=arguments.keys.copy(), values=arguments.values.copy())
    spoilt.keys[~MASK], spoilt.values[~MASK] = np.nan, np.inf
    dweights = np.where(MASK[:, None], upstream[1], np.nan)
    context_2, weights_2, cache = attention(*spoilt, MASK, score)
    close((context_2, weights_2), (context, weights), 0, 0)
    close(attention_backward(upstream[0], dweights, cache, arguments.params), gradients, 0, 0)


@BY_SCORE
def test_a_source_of_padding_only_gives_zeros(score) -> None:
    """Where no position is real, weights, context and gradients are 0; so with no position."""
    arguments = case(score)
    empty = arguments._replace(keys=arguments.keys[:, :0], values=arguments.values[:, :0])
    for given_, mask in ((arguments, MASK & False), (empty, None)):
        context, weights, cache = attention(*given_, mask, score)
        gradients = attention_backward(context + 1, weights + 1, cache, arguments.params)
        arrays = (context, weights, *gradients[:3], *gradients[3])
        assert not any(array.any() for array in arrays)
        assert context.shape == (BATCH, STEPS, VALUE)


@given(seed=st.integers(0, 10_000), score=st.sampled_from(SCORES))
@settings(deadline=None, max_examples=25)
def test_weights_are_a_mean(seed, score) -> None:
    """Weights of a row with a real position are at least 0 and sum to 1."""
    arguments = case(score, seed)
    _, weights, _ = attention(*arguments, MASK, score)
    assert weights.min() >= 0
    close(weights.sum(axis=-1), np.where(MASK.any(axis=1), 1.0, 0.0)[:, None].repeat(STEPS, 1))


@given(seed=st.integers(0, 10_000), order=st.permutations(range(SOURCE)))
@settings(deadline=None, max_examples=25)
def test_attention_does_not_know_the_order(seed, order) -> None:
    """Source positions in another order give the same context and the weights in that order."""
    arguments = case("additive", seed)
    context, weights, _ = attention(*arguments, MASK, "additive")
    other = arguments._replace(keys=arguments.keys[:, order], values=arguments.values[:, order])
    got = attention(*other, MASK[:, order], "additive")
    close(got[:2], (context, weights[..., order]), 1e-11)


@BY_SCORE
def test_sequences_and_steps_do_not_see_each_other(score) -> None:
    """Each sequence and each step alone gives what it gives in the batch."""
    arguments = case(score)
    context, weights, _ = attention(*arguments, MASK, score)
    for n, t in itertools.product(range(BATCH), range(STEPS)):
        query, keys, values = (array[[n]] for array in arguments[:3])
        got = attention(query[:, [t]], keys, values, arguments.params, MASK[[n]], score)
        close(got[:2], (context[[n], t][:, None], weights[[n], t][:, None]))


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize("size", [1e4, -1e4])
@BY_SCORE
def test_huge_inputs_stay_finite(score, size, dtype) -> None:
    """Queries of 1e4 put the weight on the best position, without an infinity or a NaN."""
    arguments = case(score, dtype=dtype)
    huge = arguments._replace(query=arguments.query * dtype(size))
    context, weights, cache = attention(*huge, MASK, score)
    gradients = attention_backward(context, weights, cache, arguments.params)
    arrays = (context, weights, *gradients[:3], *gradients[3])
    assert all(np.isfinite(array).all() for array in arrays)
    assert {array.dtype for array in arrays} == {np.dtype(dtype)}


def test_a_high_score_at_padding_lets_nothing_underflow() -> None:
    """A score of 1e4 at padding leaves the weights of the real positions as they are."""
    scores = np.array([[[1e4, 0.0, np.log(3)]]])
    weights = attention_weights(scores, np.array([[False, True, True]]))
    close(weights, np.array([[[0, 0.25, 0.75]]]))


def test_nan_is_not_swallowed() -> None:
    """A NaN at a real position is seen in every weight of its row and in the context."""
    arguments = case("dot")
    arguments.keys[2, 1, 0] = np.nan
    context, weights, _ = attention(*arguments, MASK)
    assert np.isnan(context[2]).all()
    assert np.isnan(weights[2][:, MASK[2]]).all()
    assert np.isfinite(context[:2]).all()


@BY_SCORE
def test_nothing_that_came_in_is_changed(score) -> None:
    """Neither forward nor backward writes into an argument, and a second call gives the same."""
    arguments = case(score)
    context, weights, cache = attention(*arguments, MASK, score)
    gradients = attention_backward(context, weights, cache, arguments.params)
    close(tuple(arguments), tuple(case(score)), 0, 0)
    close(attention_backward(context, weights, cache, arguments.params), gradients, 0, 0)


DOT, BILINEAR, ADDITIVE = case("dot"), case("bilinear"), case("additive")
CACHE = attention(*DOT)[2]
HIDDEN = additive_scores(*ADDITIVE[:2], ADDITIVE.params)[1]
CONTEXT, WEIGHTS = np.ones((BATCH, STEPS, VALUE)), np.ones((BATCH, STEPS, SOURCE))
WRONG = WEIGHTS[:, 1:]
FLAT = AdditiveParams(*ADDITIVE.params[:2], np.ones(2))
INTEGERS = BilinearParams(np.ones((QUERY, KEY), int))
DRAW = claims.rng()

REFUSED = [
    (dot_scores, (DOT.query, BILINEAR.keys), ValueError, "one size .*, got size 4 and 6"),
    (dot_scores, (DOT.query[0], DOT.keys), ValueError, r"query .*steps, query_size\), got \(2, 4"),
    (scaled_dot_scores, (DOT.query, DOT.keys.tolist()), TypeError, "keys to be .*, got list"),
    (scaled_dot_scores, (DOT.query, DOT.keys[:2]), ValueError, r"keys .*batch=3.*got \(2, 5, 4"),
    (bilinear_scores, (*BILINEAR[:2], ADDITIVE.params), TypeError, "BilinearParams, got Additive"),
    (bilinear_scores, (*BILINEAR[:2], INTEGERS), TypeError, "weight .* dtype, got int64"),
    (bilinear_scores, (*DOT[:2], BILINEAR.params), ValueError, r"key_size=6\), got \(3, 5, 4\)"),
    (additive_scores, (*ADDITIVE[:2], ()), TypeError, "AdditiveParams, got tuple"),
    (additive_scores, (*ADDITIVE[:2], FLAT), ValueError, r"attention_size=8\), got \(2,\)"),
    (dot_scores_backward, (WRONG, CACHE.scores), ValueError, r"dscores .*got \(3, 1, 5\)"),
    (scaled_dot_scores_backward, (1.0, CACHE.scores), TypeError, "dscores to be .*, got float"),
    (bilinear_scores_backward, (WRONG, CACHE.scores, None), ValueError, r"dscores .*\(3, 1, 5\)"),
    (additive_scores_backward, (WRONG, HIDDEN, None), ValueError, r"dscores .*got \(3, 1, 5\)"),
    (attention_weights, (WEIGHTS.astype(int),), TypeError, "scores .* dtype, got int64"),
    (attention_weights, (WEIGHTS, MASK.astype(float)), TypeError, "mask of bool.*, got float64"),
    (attention_weights, (WEIGHTS, [[True]]), TypeError, "mask of bool.*, got list"),
    (attention_weights, (WEIGHTS, MASK[:, 1:]), ValueError, r"\(3, 5\), got \(3, 4\)"),
    (attention_weights_backward, (WRONG, WEIGHTS), ValueError, r"dweights .*got \(3, 1, 5\)"),
    (attention, (*DOT, MASK[1:]), ValueError, r"mask with shape \(3, 5\), got \(2, 5\)"),
    (attention, (*DOT, None, "cosine"), ValueError, "'dot', .*, got 'cosine'"),
    (attention, (*BILINEAR, None, "dot"), TypeError, "no params .* 'dot', got BilinearParams"),
    (attention, (*DOT, None, "additive"), TypeError, "AdditiveParams, got tuple"),
    (attention, (*DOT[:2], DOT.values[:, 1:]), ValueError, r"values .*source=5.*\(3, 4, 7\)"),
    (attention_backward, (CONTEXT[..., 1:], WEIGHTS, CACHE), ValueError, r"dcontext .*\(3, 2, 6"),
    (attention_backward, (CONTEXT, WRONG, CACHE), ValueError, r"dweights .*got \(3, 1, 5\)"),
    (init_attention, (4, 5, DRAW), ValueError, "query_size == key_size, got 4 and 5"),
    (init_attention, (4, 5, DRAW, "mlp"), ValueError, "'additive', got 'mlp'"),
    (init_attention, (4, 0, DRAW), ValueError, "key_size >= 1, got 0"),
    (init_attention, (4, 5, DRAW, "additive", 2.0), TypeError, "attention_size .*, got float"),
]


@pytest.mark.parametrize(("function", "arguments", "error", "message"), REFUSED)
def test_wrong_arguments_are_named(function, arguments, error, message) -> None:
    """A wrong argument is refused by one sentence that says what was expected and what came."""
    with pytest.raises(error, match="^expected .*" + message):
        function(*arguments)
