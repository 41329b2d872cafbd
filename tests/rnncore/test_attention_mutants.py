"""Faults of one line in attention and its scores, each noticed by the claim that must notice it."""

from collections.abc import Callable
from types import ModuleType

import claims
import numpy as np
import pytest
import torch
from claims import close
from mutants import Mutant, plant

import rnncore
from rnncore import check_gradients, length_mask

MASK = length_mask([5, 0, 3], 5)
LEARNED = {"bilinear": "BilinearParams", "additive": "AdditiveParams"}


def case(score: str, module: ModuleType) -> list:
    """Query, keys and, for a learned score, the parameters in the module's own type."""
    draw, learned = claims.rng(), score in LEARNED
    arrays = [draw.standard_normal((3, 2, 4)), draw.standard_normal((3, 5, 6 if learned else 4))]
    params = rnncore.init_attention(4, 6, draw, score, 7) if learned else ()
    return arrays + ([getattr(module, LEARNED[score])(*params)] if learned else [])


def scores_are_exact(score: str) -> Callable[[ModuleType], None]:
    """The gradient of a score equals the complex step, by query, keys and parameters."""

    def claim(module: ModuleType) -> None:
        arguments = case(score, module)
        backward = getattr(module, f"{score}_scores_backward")
        check_gradients(
            getattr(module, f"{score}_scores"),
            lambda dscores, cache: backward(dscores, cache, *arguments[2:]),
            dict(zip(("query", "keys", "params"), arguments, strict=False)),
            claims.rng(),
        )

    return claim


def scores_are_torch(score: str) -> Callable[[ModuleType], None]:
    """The score equals the equation in torch."""

    def claim(module: ModuleType) -> None:
        arguments = case(score, module)
        query, keys = (torch.tensor(array) for array in arguments[:2])
        params = [torch.tensor(array) for part in arguments[2:] for array in part]
        want = {
            "dot": lambda: torch.einsum("btq,bsq->bts", query, keys),
            "scaled_dot": lambda: torch.einsum("btq,bsq->bts", query, keys) / 2,
            "bilinear": lambda: torch.einsum("btq,qk,bsk->bts", query, *params, keys),
            "additive": lambda: torch.einsum(
                "btsa,a->bts",
                torch.tanh((query @ params[0].T)[:, :, None] + (keys @ params[1].T)[:, None]),
                params[2],
            ),
        }[score]()
        close(getattr(module, f"{score}_scores")(*arguments)[0], want)

    return claim


def attention_arguments() -> list[np.ndarray]:
    """Query, keys and values for the dot product."""
    draw = claims.rng()
    return [draw.standard_normal((3, size, 4)) for size in (2, 5, 5)]


def attention_is_torch(module: ModuleType) -> None:
    """Context and weights equal torch's softmax over the real positions; 0 where none is."""
    query, keys, values = arguments = attention_arguments()
    context, weights, _ = module.attention(*arguments, (), MASK)
    scores = torch.tensor(query) @ torch.tensor(keys).mT
    scores = scores.masked_fill(~torch.tensor(MASK)[:, None], -torch.inf)
    want = torch.softmax(scores, dim=-1).nan_to_num(0.0)
    with np.errstate(all="ignore"):
        close((context, weights), (want @ torch.tensor(values), want))


def attention_is_exact(module: ModuleType) -> None:
    """The gradient by query, keys and values equals the complex step."""
    check_gradients(
        lambda *arrays: module.attention(*arrays, (), MASK),
        lambda *upstream: module.attention_backward(*upstream)[:3],
        dict(zip(("query", "keys", "values"), attention_arguments(), strict=True)),
        claims.rng(),
    )


def padding_is_unused(module: ModuleType) -> None:
    """NaN at padding reaches no context, a high score there no weight."""
    query, keys, values = attention_arguments()
    want = module.attention(query, keys, values, (), MASK)[0]
    spoilt = np.where(MASK[..., None], keys, 1e4), np.where(MASK[..., None], values, np.nan)
    close(module.attention(query, *spoilt, (), MASK)[0], want)
    scores = np.array([[[2e3, 0.0, np.log(3)]]])
    with np.errstate(all="ignore"):
        weights = module.attention_weights(scores, np.array([[False, True, True]]))
    close(weights, np.array([[[0, 0.25, 0.75]]]))


MUTANTS = (
    Mutant("dot_scores", "keys.mT", "-keys.mT", scores_are_torch("dot"), "scores"),
    Mutant(
        "dot_scores_backward", "dscores.mT @", "-dscores.mT @", scores_are_exact("dot"), "scores"
    ),
    Mutant("scaled_dot_scores", " / _root(query)", "", scores_are_torch("scaled_dot"), "scores"),
    Mutant(
        "scaled_dot_scores_backward",
        "dscores / _root(cache.query)",
        "dscores",
        scores_are_exact("scaled_dot"),
        "scores",
    ),
    Mutant(
        "bilinear_scores",
        "query @ params.weight @",
        "query**2 @ params.weight @",
        scores_are_torch("bilinear"),
        "scores",
    ),
    Mutant(
        "bilinear_scores_backward",
        "np.tensordot(query, found",
        "np.tensordot(query, -found",
        scores_are_exact("bilinear"),
        "scores",
    ),
    Mutant("additive_scores", "np.tanh(", "(", scores_are_torch("additive"), "scores"),
    Mutant(
        "additive_scores_backward", "hidden**2", "hidden", scores_are_exact("additive"), "scores"
    ),
    Mutant(
        "additive_scores_backward",
        "da.sum(axis=2)",
        "da.mean(axis=2)",
        scores_are_exact("additive"),
        "scores",
    ),
    # A score times the mask leaves exp(0) on the padding.
    Mutant("attention_weights", ", -np.inf))\n", ", 0))\n", attention_is_torch, "attending"),
    Mutant("attention_weights", ", where=real", "", padding_is_unused, "attending"),
    Mutant("attention", "np.where(real, values, 0)", "values", padding_is_unused, "attending"),
    Mutant("attention", "weights @ values", "weights @ keys", attention_is_torch, "attending"),
    Mutant(
        "attention_weights_backward",
        "softmax_backward(dweights, weights)",
        "dweights * weights * (1 - weights)",
        attention_is_exact,
        "attending",
    ),
    Mutant("attention_backward", " + dcontext @ values.mT", "", attention_is_exact, "attending"),
    Mutant("attention_backward", "weights.mT @", "-weights.mT @", attention_is_exact, "attending"),
)


@pytest.mark.parametrize("mutant", MUTANTS, ids=lambda m: f"{m.function}: {m.right} -> {m.wrong}")
def test_planted_fault_is_noticed(mutant: Mutant) -> None:
    """A fault of one line breaks the claim that covers it, and nothing else does."""
    mutant.claim(plant(mutant.function, mutant.right, mutant.right, mutant.cell))
    with pytest.raises(AssertionError):
        mutant.claim(plant(mutant.function, mutant.right, mutant.wrong, mutant.cell))


def test_every_function_has_a_mutant() -> None:
    """No public forward or backward of attention and its scores goes without a planted fault."""
    public = {name for name in rnncore.__all__ if "scores" in name or "attention" in name}
    assert {mutant.function for mutant in MUTANTS} == public - {"init_attention"}
