"""Known mistakes in the parameter gradients of a GRU, and in what its way back returns."""

from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

import numpy as np

from rnncore.gru import GRUCache
from rnncore.params import GRUParams
from rnngrader.checks.arguments import NumericArray as Array
from rnngrader.checks.bank import gru_ways as ways
from rnngrader.checks.bank.gru_backward import (
    BACKWARD,
    Gradients,
    Part,
    right_weight_hh,
    step_backward,
)
from rnngrader.checks.spec import Mistake


def weight_mistakes() -> Iterator[Mistake]:
    """List mistakes in the gradients of the weights."""
    to_ih: dict[str, Any] = {
        "dweight-ih-transposed": lambda w: w.x.T @ w.da,
        "dweight-ih-reshaped": lambda w: (w.x.T @ w.da).reshape(w.params.weight_ih.shape),
        "dweight-ih-averaged": lambda w: w.da.T @ w.x / len(w.x),
        "dweight-ih-zero": lambda w: 0 * w.params.weight_ih,
        "dweight-ih-from-da-h": lambda w: w.da_h.T @ w.x,
        "dweight-ih-from-h": lambda w: w.da.T @ w.h_prev,
    }
    to_hh: dict[str, Any] = {
        "dweight-hh-transposed": lambda w: right_weight_hh(w).T,
        "dweight-hh-reshaped": lambda w: right_weight_hh(w).T.reshape(w.params.weight_hh.shape),
        "dweight-hh-averaged": lambda w: right_weight_hh(w) / len(w.x),
        "dweight-hh-zero": lambda w: 0 * w.params.weight_hh,
        "dweight-hh-after-without-reset": lambda w: (
            w.da.T @ w.h_prev if w.after else right_weight_hh(w)
        ),
        "dweight-hh-before-without-reset": lambda w: (
            right_weight_hh(w) if w.after else w.da.T @ w.h_prev
        ),
        "dweight-hh-without-reset": lambda w: w.da.T @ w.h_prev,
        "dweight-hh-all-read": lambda w: (
            (w.da_h if w.after else w.da).T @ (w.r * w.h_prev if w.after else w.read)
        ),
        "dweight-hh-from-new-state": lambda w: (
            (w.da_h if w.after else w.da).T @ ((1 - w.z) * w.n + w.z * w.h_prev)
        ),
        "dweight-hh-blocks-transposed": lambda w: np.concatenate(
            [block.T for block in np.split(right_weight_hh(w), 3)]
        ),
    }
    for keyword, parts in (("to_weight_ih", to_ih), ("to_weight_hh", to_hh)):
        for name, part in parts.items():
            yield Mistake(name, partial(step_backward, **{keyword: part}), see=BACKWARD)


def bias_mistakes() -> Iterator[Mistake]:
    """List mistakes in the gradients of the biases."""
    hh: dict[str, Any] = {
        "dbias-hh-as-ih": lambda w: w.da.sum(axis=0),
        "dbias-hh-zero": lambda w: 0 * w.da[0],
        "dbias-hh-before-by-reset": lambda w: np.concatenate(
            [w.da_r, w.da_z, w.da_n * w.r], axis=-1
        ).sum(axis=0),
    }
    ih: dict[str, Any] = {
        "dbias-ih-as-hh": lambda w: (w.da_h if w.after else w.da).sum(axis=0),
        "dbias-ih-zero": lambda w: 0 * w.da[0],
    }
    for keyword, parts in (("to_bias_hh", hh), ("to_bias_ih", ih)):
        for name, part in parts.items():
            yield Mistake(name, partial(step_backward, **{keyword: part}), see=BACKWARD)
    yield Mistake(
        "dbias-averaged",
        partial(step_backward, to_bias_ih=_mean(own=True), to_bias_hh=_mean(own=False)),
        see=BACKWARD,
    )
    yield Mistake(
        "dbias-not-summed",
        partial(
            step_backward,
            to_bias_ih=lambda w: w.da,
            to_bias_hh=lambda w: w.da_h if w.after else w.da,
        ),
        see=BACKWARD,
    )
    yield Mistake(
        "dbias-first-sequence",
        partial(
            step_backward,
            to_bias_ih=lambda w: w.da[0],
            to_bias_hh=lambda w: (w.da_h if w.after else w.da)[0],
        ),
        see=BACKWARD,
    )


def _mean(*, own: bool) -> Part:
    return lambda w: (w.da if own or not w.after else w.da_h).mean(axis=0)


def returned_mistakes() -> Iterator[Mistake]:
    """List mistakes in what is returned."""
    results: dict[str, Callable[[Gradients], Gradients]] = {
        "dparams-zero": lambda g: (*g[:2], _each(g[2], lambda a: 0 * a)),
        "dparams-negated": lambda g: (*g[:2], _each(g[2], np.negative)),
        "everything-negated": lambda g: (-g[0], -g[1], _each(g[2], np.negative)),
        "dx-dh-exchanged": lambda g: (g[1], g[0], g[2]),
        "dh-zero": lambda g: (g[0], 0 * g[1], g[2]),
    }
    for name, result in results.items():
        yield Mistake(name, partial(step_backward, result=result), see=BACKWARD)
    yield Mistake("dparams-averaged", _averaged, see=BACKWARD)
    yield Mistake("everything-averaged", _everything_averaged, see=BACKWARD)
    yield Mistake("params-returned", _params_returned, see=BACKWARD)
    yield Mistake("dh-is-arriving", _arriving, see=BACKWARD)


def _each(params: GRUParams, change: Callable[[Array], Any]) -> GRUParams:
    return GRUParams(*(change(array) for array in params))


def _averaged(dh: Array, cache: GRUCache, params: GRUParams) -> Gradients:
    dx, dh_prev, dparams = step_backward(dh, cache, params)
    return dx, dh_prev, _each(dparams, lambda array: array / len(dh))


def _everything_averaged(dh: Array, cache: GRUCache, params: GRUParams) -> Gradients:
    return step_backward(dh / len(dh), cache, params)


def _params_returned(dh: Array, cache: GRUCache, params: GRUParams) -> Gradients:
    return (*step_backward(dh, cache, params)[:2], params)


def _arriving(dh: Array, cache: GRUCache, params: GRUParams) -> Gradients:
    dx, _, dparams = step_backward(dh, cache, params)
    return dx, dh.copy(), dparams


def backward_mistakes() -> tuple[Mistake, ...]:
    """Return all mistakes of the way back."""
    return (
        *ways.mixture_mistakes(),
        *ways.slope_mistakes(),
        *ways.reset_mistakes(),
        *ways.path_mistakes(),
        *ways.input_mistakes(),
        *weight_mistakes(),
        *bias_mistakes(),
        *ways.order_mistakes(),
        *returned_mistakes(),
    )
