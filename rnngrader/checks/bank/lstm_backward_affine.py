"""Known mistakes in the last products of the way back through an LSTM, and in what it returns."""

from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

import numpy as np

from rnncore.lstm import LSTMCache
from rnncore.params import LSTMParams
from rnngrader.checks.arguments import NumericArray as Array
from rnngrader.checks.bank import lstm_backward_cell as cell
from rnngrader.checks.bank.lstm_backward import FUSED, LINES, Gradients, Way, step_backward
from rnngrader.checks.bank.lstm_backward_cell import many
from rnngrader.checks.spec import Mistake


def _untransposed(w: Way) -> Array:
    blocks = zip(np.split(w.da, 4, axis=-1), np.split(w.params.weight_hh, 4), strict=True)
    dh_prev: Array = np.sum([block @ weight.T for block, weight in blocks], axis=0)
    return dh_prev


def _only(block: int) -> Callable[[Way], Array]:
    def through_one(w: Way) -> Array:
        da, weight = np.split(w.da, 4, axis=-1)[block], np.split(w.params.weight_hh, 4)[block]
        dh_prev: Array = da @ weight
        return dh_prev

    return through_one


def _first_three(w: Way) -> Array:
    rows = 3 * w.i.shape[-1]
    dh_prev: Array = w.da[:, :rows] @ w.params.weight_hh[:rows]
    return dh_prev


def path_mistakes() -> Iterator[Mistake]:
    """List mistakes on the ways to the state before and to the input."""
    yield from many(
        "to_h",
        {
            "dh-untransposed": _untransposed,
            "dh-passed-on": lambda w: w.dh,
            "dh-added": lambda w: w.dh + w.da @ w.params.weight_hh,
            "dh-zero": lambda w: 0 * w.h_prev,
            "dh-through-input-weights": lambda w: w.da @ w.params.weight_ih,
            "dh-candidate-only": _only(2),
            "dh-output-gate-only": _only(3),
            "dh-output-gate-missing": _first_three,
            "dh-joined": lambda w: w.da @ np.hstack([w.params.weight_hh, w.params.weight_ih]),
            "dh-by-f": lambda w: (w.da @ w.params.weight_hh) * w.f,
        },
        FUSED,
    )
    yield from many(
        "to_x",
        {
            "dx-zero": lambda w: 0 * w.x,
            "dx-reshaped": lambda w: w.da @ w.params.weight_ih.T.reshape(w.params.weight_ih.shape),
            "dx-through-state-weights": lambda w: w.da @ w.params.weight_hh,
            "dx-times-x": lambda w: (w.da @ w.params.weight_ih) * w.x,
            "dx-joined": lambda w: w.da @ np.hstack([w.params.weight_ih, w.params.weight_hh]),
        },
        FUSED,
    )


def weight_mistakes() -> Iterator[Mistake]:
    """List mistakes in the gradients of the weights."""
    yield from many(
        "to_weight_ih",
        {
            "dweight-ih-transposed": lambda w: w.x.T @ w.da,
            "dweight-ih-reshaped": lambda w: (w.x.T @ w.da).reshape(w.params.weight_ih.shape),
            "dweight-ih-averaged": lambda w: w.da.T @ w.x / len(w.x),
            "dweight-ih-zero": lambda w: 0 * w.params.weight_ih,
            "dweight-ih-from-h": lambda w: w.da.T @ w.h_prev,
        },
        FUSED,
    )
    yield from many(
        "to_weight_hh",
        {
            "dweight-hh-transposed": lambda w: w.h_prev.T @ w.da,
            "dweight-hh-reshaped": lambda w: (w.h_prev.T @ w.da).reshape(w.params.weight_hh.shape),
            "dweight-hh-averaged": lambda w: w.da.T @ w.h_prev / len(w.x),
            "dweight-hh-zero": lambda w: 0 * w.params.weight_hh,
            "dweight-hh-from-h": lambda w: w.da.T @ (w.o * w.tanh_c),
            "dweight-hh-from-cell": lambda w: w.da.T @ w.c_prev,
            "dweight-hh-from-x": lambda w: w.da.T @ w.x,
            "dweight-hh-blocks-transposed": lambda w: (
                np.concatenate(
                    [block.T @ w.h_prev for block in np.split(w.da, 4, axis=-1)], axis=1
                ).T
            ),
        },
        FUSED,
    )


def bias_mistakes() -> Iterator[Mistake]:
    """List mistakes in the gradients of the biases, and in all parameters together."""
    yield from many(
        "to_bias",
        {
            "dbias-averaged": lambda w: w.da.mean(axis=0),
            "dbias-not-summed": lambda w: w.da,
            "dbias-first-sequence": lambda w: w.da[0],
            "dbias-zero": lambda w: 0 * w.da[0],
            "dbias-halved": lambda w: 0.5 * w.da.sum(axis=0),
            "dbias-over-rows": lambda w: w.da.sum(axis=1),
        },
        FUSED,
    )
    results: dict[str, Callable[[Gradients], Gradients]] = {
        "bias-hh-forgotten": lambda g: (*g[:3], g[3]._replace(bias_hh=0 * g[3].bias_hh)),
        "bias-ih-forgotten": lambda g: (*g[:3], g[3]._replace(bias_ih=0 * g[3].bias_ih)),
        "dparams-zero": lambda g: (*g[:3], _each(g[3], lambda a: 0 * a)),
        "dparams-negated": lambda g: (*g[:3], _each(g[3], np.negative)),
        "everything-negated": lambda g: (-g[0], -g[1], -g[2], _each(g[3], np.negative)),
    }
    for name, result in results.items():
        yield Mistake(name, partial(step_backward, result=result), see=LINES)
    yield Mistake("dparams-averaged", _averaged, see=LINES)
    yield Mistake("everything-averaged", _everything_averaged, see=LINES)


def returned_mistakes() -> Iterator[Mistake]:
    """List mistakes in what is returned, which a loop around the step would not survive."""
    results: dict[str, Any] = {
        "dh-dc-exchanged": lambda g: (g[0], g[2], g[1], g[3]),
        "dx-dh-exchanged": lambda g: (g[1], g[0], g[2], g[3]),
        "dh-returned-twice": lambda g: (g[0], g[1], g[1], g[3]),
    }
    for name, result in results.items():
        yield Mistake(name, partial(step_backward, result=result), see=LINES)
    yield Mistake("params-returned", _params_returned, see=LINES)
    yield Mistake("dh-dc-taken-in-the-other-order", _taken_the_other_way, see=LINES)


def _each(params: LSTMParams, change: Callable[[Array], Any]) -> LSTMParams:
    return LSTMParams(*(change(array) for array in params))


def _averaged(dh: Array, dc: Array, cache: LSTMCache, params: LSTMParams) -> Gradients:
    *ways, dparams = step_backward(dh, dc, cache, params)
    return ways[0], ways[1], ways[2], _each(dparams, lambda array: array / len(dh))


def _everything_averaged(dh: Array, dc: Array, cache: LSTMCache, params: LSTMParams) -> Gradients:
    return step_backward(dh / len(dh), dc / len(dh), cache, params)


def _params_returned(dh: Array, dc: Array, cache: LSTMCache, params: LSTMParams) -> Gradients:
    return (*step_backward(dh, dc, cache, params)[:3], params)


def _taken_the_other_way(dh: Array, dc: Array, cache: LSTMCache, params: LSTMParams) -> Gradients:
    return step_backward(dc, dh, cache, params)


def step_mistakes() -> tuple[Mistake, ...]:
    """Return all mistakes that can be made within the step itself."""
    return (
        *cell.total_mistakes(),
        *cell.block_mistakes(),
        *cell.cell_path_mistakes(),
        *cell.slope_mistakes(),
        *path_mistakes(),
        *weight_mistakes(),
        *bias_mistakes(),
        *cell.order_mistakes(),
    )
