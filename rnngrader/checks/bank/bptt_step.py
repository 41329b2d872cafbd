"""Known mistakes in carrying a gradient back through one step of a simple RNN."""

from collections.abc import Callable, Iterator
from functools import partial
from typing import NamedTuple

import numpy as np

from rnncore.params import RNNParams
from rnngrader.checks.arguments import NumericArray as Array
from rnngrader.checks.spec import Mistake

STEP = "bptt.html#one-step-backward"
Gradients = tuple[Array, Array, RNNParams]


class RNNCache(NamedTuple):
    """What the forward step of the notebook keeps."""

    x: Array
    h_prev: Array
    h: Array


Part = Callable[[Array, Array, RNNCache, RNNParams], Array]


def _slope(dh: Array, cache: RNNCache) -> Array:
    da: Array = dh * (1 - cache.h**2)
    return da


def _to_x(da: Array, dh: Array, cache: RNNCache, params: RNNParams) -> Array:
    del dh, cache
    dx: Array = da @ params.weight_ih
    return dx


def _to_h(da: Array, dh: Array, cache: RNNCache, params: RNNParams) -> Array:
    del dh, cache
    dh_prev: Array = da @ params.weight_hh
    return dh_prev


def _to_weight_ih(da: Array, dh: Array, cache: RNNCache, params: RNNParams) -> Array:
    del dh, params
    dweight: Array = da.T @ cache.x
    return dweight


def _to_weight_hh(da: Array, dh: Array, cache: RNNCache, params: RNNParams) -> Array:
    del dh, params
    dweight: Array = da.T @ cache.h_prev
    return dweight


def _to_bias(da: Array, dh: Array, cache: RNNCache, params: RNNParams) -> Array:
    del dh, cache, params
    dbias: Array = da.sum(axis=0)
    return dbias


def _as_is(gradients: Gradients) -> Gradients:
    return gradients


def step_backward(
    dh: Array,
    cache: RNNCache,
    params: RNNParams,
    *,
    slope: Callable[[Array, RNNCache], Array] = _slope,
    to_x: Part = _to_x,
    to_h: Part = _to_h,
    to_weight_ih: Part = _to_weight_ih,
    to_weight_hh: Part = _to_weight_hh,
    to_bias: Part = _to_bias,
    result: Callable[[Gradients], Gradients] = _as_is,
) -> Gradients:
    """Carry a gradient back through one step with parts of which some may be wrong."""
    cache = RNNCache(*cache)
    da = slope(dh, cache)
    given = (da, dh, cache, params)
    dbias = to_bias(*given)
    dparams = RNNParams(to_weight_ih(*given), to_weight_hh(*given), dbias, dbias)
    return result((to_x(*given), to_h(*given), dparams))


def right_step_backward(dh: Array, cache: RNNCache, params: RNNParams) -> Gradients:
    """Carry a gradient back rightly, for variants that are wrong elsewhere."""
    return step_backward(dh, cache, params)


def slope_mistakes() -> Iterator[Mistake]:
    """List mistakes in the derivative of tanh."""
    slopes: dict[str, Callable[[Array, RNNCache], Array]] = {
        "slope-missing": lambda dh, _c: dh,
        "slope-of-tanh-of-h": lambda dh, c: dh * (1 - np.tanh(c.h) ** 2),
        "slope-not-squared": lambda dh, c: dh * (1 - c.h),
        "slope-of-sigmoid": lambda dh, c: dh * c.h * (1 - c.h),
        "slope-square-only": lambda dh, c: dh * c.h**2,
        "slope-negated": lambda dh, c: dh * (c.h**2 - 1),
        "slope-plus": lambda dh, c: dh * (1 + c.h**2),
        "slope-of-h-prev": lambda dh, c: dh * (1 - c.h_prev**2),
        "slope-twice": lambda dh, c: dh * (1 - c.h**2) ** 2,
        "slope-of-relu": lambda dh, c: dh * (c.h > 0),
        "slope-of-dh": lambda dh, _c: dh * (1 - dh**2),
        "slope-tanh-itself": lambda dh, c: dh * c.h,
        "slope-root": lambda dh, c: dh * np.sqrt(np.maximum(1 - c.h**2, 0)),
        "slope-added": lambda dh, c: dh + (1 - c.h**2),
    }
    for name, slope in slopes.items():
        yield Mistake(name, partial(step_backward, slope=slope), see=STEP)


def path_mistakes() -> Iterator[Mistake]:
    """List mistakes on the ways to the input and to the state before."""
    to_h: dict[str, Part] = {
        "dh-untransposed": lambda da, _dh, _c, p: da @ p.weight_hh.T,
        "dh-without-slope": lambda _da, dh, _c, p: dh @ p.weight_hh,
        "dh-passed-on": lambda _da, dh, _c, _p: dh,
        "dh-without-weights": lambda da, _dh, _c, _p: da,
        "dh-zero": lambda da, _dh, _c, _p: 0 * da,
        "dh-added": lambda da, dh, _c, p: dh + da @ p.weight_hh,
        "dh-slope-before-too": lambda da, _dh, c, p: (da @ p.weight_hh) * (1 - c.h_prev**2),
        "dh-through-input-weights": lambda da, _dh, _c, p: da @ p.weight_ih,
        "dh-negated": lambda da, _dh, _c, p: -da @ p.weight_hh,
    }
    for name, part in to_h.items():
        yield Mistake(name, partial(step_backward, to_h=part), see=STEP)
    to_x: dict[str, Part] = {
        "dx-untransposed": lambda da, _dh, _c, p: da @ p.weight_ih.T,
        "dx-without-slope": lambda _da, dh, _c, p: dh @ p.weight_ih,
        "dx-zero": lambda _da, _dh, c, _p: 0 * c.x,
        "dx-through-state-weights": lambda da, _dh, _c, p: da @ p.weight_hh,
        "dx-times-x": lambda da, _dh, c, p: (da @ p.weight_ih) * c.x,
        "dx-reshaped": lambda da, _dh, _c, p: da @ p.weight_ih.T.reshape(p.weight_ih.shape),
    }
    for name, part in to_x.items():
        yield Mistake(name, partial(step_backward, to_x=part), see=STEP)


def weight_mistakes() -> Iterator[Mistake]:
    """List mistakes in the gradients of the weights."""
    to_hh: dict[str, Part] = {
        "dweight-hh-from-h": lambda da, _dh, c, _p: da.T @ c.h,
        "dweight-hh-transposed": lambda da, _dh, c, _p: c.h_prev.T @ da,
        "dweight-hh-from-x": lambda da, _dh, c, _p: da.T @ c.x,
        "dweight-hh-zero": lambda _da, _dh, _c, p: 0 * p.weight_hh,
        "dweight-hh-without-slope": lambda _da, dh, c, _p: dh.T @ c.h_prev,
        "dweight-hh-averaged": lambda da, _dh, c, _p: da.T @ c.h_prev / len(da),
        "dweight-hh-is-weight": lambda _da, _dh, _c, p: p.weight_hh,
    }
    for name, part in to_hh.items():
        yield Mistake(name, partial(step_backward, to_weight_hh=part), see=STEP)
    to_ih: dict[str, Part] = {
        "dweight-ih-transposed": lambda da, _dh, c, _p: c.x.T @ da,
        "dweight-ih-from-h": lambda da, _dh, c, _p: da.T @ c.h_prev,
        "dweight-ih-zero": lambda _da, _dh, _c, p: 0 * p.weight_ih,
        "dweight-ih-without-slope": lambda _da, dh, c, _p: dh.T @ c.x,
        "dweight-ih-averaged": lambda da, _dh, c, _p: da.T @ c.x / len(da),
        "dweight-ih-reshaped": lambda da, _dh, c, p: (c.x.T @ da).reshape(p.weight_ih.shape),
    }
    for name, part in to_ih.items():
        yield Mistake(name, partial(step_backward, to_weight_ih=part), see=STEP)


def bias_mistakes() -> Iterator[Mistake]:
    """List mistakes in the gradients of the biases, and in all parameters together."""
    to_bias: dict[str, Part] = {
        "dbias-averaged": lambda da, _dh, _c, _p: da.mean(axis=0),
        "dbias-not-summed": lambda da, _dh, _c, _p: da,
        "dbias-without-slope": lambda _da, dh, _c, _p: dh.sum(axis=0),
        "dbias-over-units": lambda da, _dh, _c, _p: da.sum(axis=1),
        "dbias-first-sequence": lambda da, _dh, _c, _p: da[0],
        "dbias-zero": lambda da, _dh, _c, _p: 0 * da[0],
        "dbias-halved": lambda da, _dh, _c, _p: 0.5 * da.sum(axis=0),
        "dbias-one-number": lambda da, _dh, _c, _p: np.full(da.shape[1], da.sum()),
        "dbias-times-bias": lambda da, _dh, _c, p: da.sum(axis=0) * p.bias_ih,
    }
    for name, part in to_bias.items():
        yield Mistake(name, partial(step_backward, to_bias=part), see=STEP)
    results: dict[str, Callable[[Gradients], Gradients]] = {
        "bias-hh-forgotten": lambda g: (*g[:2], g[2]._replace(bias_hh=0 * g[2].bias_hh)),
        "bias-ih-forgotten": lambda g: (*g[:2], g[2]._replace(bias_ih=0 * g[2].bias_ih)),
        "dparams-zero": lambda g: (*g[:2], _each(g[2], lambda a: 0 * a)),
        "dparams-negated": lambda g: (*g[:2], _each(g[2], np.negative)),
    }
    for name, result in results.items():
        yield Mistake(name, partial(step_backward, result=result), see=STEP)
    yield Mistake("dparams-averaged", _averaged, see=STEP)
    yield Mistake("everything-averaged", _everything_averaged, see=STEP)


def returned_mistakes() -> Iterator[Mistake]:
    """List mistakes in what is returned, which a loop around the step would not survive."""
    yield Mistake(
        "dx-dh-exchanged", partial(step_backward, result=lambda g: (g[1], g[0], g[2])), see=STEP
    )
    yield Mistake(
        "params-returned", lambda dh, cache, p: (*step_backward(dh, cache, p)[:2], p), see=STEP
    )


def _each(params: RNNParams, change: Callable[[Array], Array]) -> RNNParams:
    return RNNParams(*(change(array) for array in params))


def _averaged(dh: Array, cache: RNNCache, params: RNNParams) -> Gradients:
    dx, dh_prev, dparams = step_backward(dh, cache, params)
    return dx, dh_prev, _each(dparams, lambda array: array / len(dh))


def _everything_averaged(dh: Array, cache: RNNCache, params: RNNParams) -> Gradients:
    return step_backward(dh / len(dh), cache, params)


def step_mistakes() -> tuple[Mistake, ...]:
    """Return all mistakes that can be made within the step itself."""
    return (*slope_mistakes(), *path_mistakes(), *weight_mistakes(), *bias_mistakes())
