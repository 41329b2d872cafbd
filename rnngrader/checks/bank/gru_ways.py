"""Known mistakes in carrying a gradient back through one step of a GRU."""

from collections.abc import Callable, Iterator, Mapping
from functools import partial
from itertools import permutations
from typing import Any

import numpy as np

from rnncore.gru import GRUCache
from rnncore.params import GRUParams
from rnngrader.checks.arguments import NumericArray as Array
from rnngrader.checks.bank import gru_backward as ways
from rnngrader.checks.bank.gru_backward import BACKWARD, Gradients, Part, Way, step_backward
from rnngrader.checks.spec import Function, Mistake

PATHS = {"kept": 0, "candidate": 1, "update": 2, "reset": 3}
GATES = ("r", "z")


def _many(keyword: str, parts: Mapping[str, Any]) -> Iterator[Mistake]:
    for name, part in parts.items():
        yield Mistake(name, partial(step_backward, **{keyword: part}), see=BACKWARD)


def mixture_mistakes() -> Iterator[Mistake]:
    """List mistakes in the way back through the mixture of old and new."""
    yield from _many(
        "into_z",
        {
            "dz-negated": lambda w: w.dh * (w.n - w.h_prev),
            "dz-old-only": lambda w: w.dh * w.h_prev,
            "dz-new-only": lambda w: w.dh * w.n,
            "dz-new-only-negated": lambda w: -w.dh * w.n,
            "dz-sum": lambda w: w.dh * (w.h_prev + w.n),
            "dz-bare": lambda w: w.dh,
            "dz-zero": lambda w: 0 * w.dh,
            "dz-times-z": lambda w: w.dh * (w.h_prev - w.n) * w.z,
        },
    )
    yield from _many(
        "into_n",
        {
            "dn-bare": lambda w: w.dh,
            "dn-by-z": lambda w: w.dh * w.z,
            "dn-zero": lambda w: 0 * w.dh,
            "dn-by-r-too": lambda w: w.dh * (1 - w.z) * w.r,
        },
    )


def slope_mistakes() -> Iterator[Mistake]:
    """List mistakes in the derivatives of the two gates and of the candidate."""
    yield from _many(
        "at_n",
        {
            "slope-n-missing": lambda w: np.ones_like(w.n),
            "slope-n-of-sigma": lambda w: w.n * (1 - w.n),
            "slope-n-not-squared": lambda w: 1 - w.n,
            "slope-n-square-only": lambda w: w.n**2,
            "slope-n-tanh-again": lambda w: 1 - np.tanh(w.n) ** 2,
            "slope-n-of-the-state": lambda w: 1 - ((1 - w.z) * w.n + w.z * w.h_prev) ** 2,
        },
    )
    wrong: dict[str, Callable[[Array], Array]] = {
        "missing": np.ones_like,
        "of-tanh": lambda gate: 1 - gate**2,
        "rest-only": lambda gate: 1 - gate,
        "value-only": lambda gate: gate,
        "sigma-again": _sigma_again,
    }
    for name, slope in wrong.items():
        for gate in GATES:
            part: Any = lambda w, gate=gate, slope=slope: slope(getattr(w, gate))  # noqa: E731 - one expression
            variant: Function = partial(step_backward, **{f"at_{gate}": part})
            yield Mistake(
                f"slope-{gate}-{name}", variant, f"slope-gate-{name}", BACKWARD, {"gate": gate}
            )
    exchanged = partial(step_backward, at_r=ways.slope_z, at_z=ways.slope_r)
    yield Mistake("slopes-exchanged", exchanged, see=BACKWARD)
    ones: Part = lambda w: np.ones_like(w.n)  # noqa: E731 - one expression
    none = partial(step_backward, at_r=ones, at_z=ones, at_n=ones)
    yield Mistake("slopes-missing", none, see=BACKWARD)
    both = partial(step_backward, at_r=ones, at_z=ones)
    yield Mistake("slopes-of-gates-missing", both, see=BACKWARD)


def _sigma_again(gate: Array) -> Array:
    again = 1 / (1 + np.exp(-gate))
    slope: Array = again * (1 - again)
    return slope


def _always(after: bool) -> Function:  # noqa: FBT001 - the one thing that is chosen
    """Treat every cache as that of one place of the reset gate."""

    def forced(dh: Array, cache: GRUCache, params: GRUParams) -> Gradients:
        x, h_prev, r, z, n, *_ = cache
        weight, bias = (np.split(p, 3)[2] for p in (params.weight_hh, params.bias_hh))
        read = h_prev @ weight.T + bias if after else r * h_prev
        place = "after" if after else "before"
        return step_backward(dh, GRUCache(x, h_prev, r, z, n, read, place), params)  # type: ignore[arg-type]

    return forced


def _misread(dh: Array, cache: GRUCache, params: GRUParams) -> Gradients:
    """Use the formulas for a gate after the product, with whatever the cache holds."""
    return step_backward(dh, GRUCache(*cache[:6], "after"), params)


def reset_mistakes() -> Iterator[Mistake]:
    """List mistakes in the way back through the reset gate, in both of its places."""
    yield Mistake("always-after", _always(after=True), see=BACKWARD)
    yield Mistake("always-before", _always(after=False), see=BACKWARD)
    yield Mistake("reset-of-cache-ignored", _misread, see=BACKWARD)
    yield from _many(
        "onto_r",
        {
            "dr-zero": lambda w: 0 * w.dh,
            "dr-bare": lambda w: w.da_n if w.after else w.dread,
            "dr-negated": lambda w: -ways.right_onto_r(w),
            "dr-by-r-too": lambda w: ways.right_onto_r(w) * w.r,
            "dr-from-dh": lambda w: w.dh * (w.read if w.after else w.h_prev),
            "dr-after-by-state": lambda w: w.da_n * w.h_prev if w.after else w.dread * w.h_prev,
            "dr-after-without-bias": _without_bias,
            "dr-after-by-dread": lambda w: w.dread * (w.read if w.after else w.h_prev),
            "dr-before-by-read": lambda w: (w.da_n if w.after else w.dread) * w.read,
            "dr-before-without-weights": lambda w: w.da_n * (w.read if w.after else w.h_prev),
        },
    )
    yield from _many(
        "read",
        {
            "dread-without-reset": lambda w: w.da_n if w.after else w.da_n @ w.u(2),
            "dread-untransposed": lambda w: w.da_n * w.r if w.after else w.da_n @ w.u(2).T,
            "dread-by-reset-early": lambda w: w.da_n * w.r if w.after else (w.da_n * w.r) @ w.u(2),
        },
    )


def _without_bias(w: Way) -> Array:
    if not w.after:
        return ways.right_onto_r(w)
    dr: Array = w.da_n * (w.h_prev @ w.u(2).T)
    return dr


# The parts of dh_prev, in wrong forms.
WRONG_PATHS: dict[str, ways.Parts] = {
    "path-kept-alone": lambda w: (w.dh * w.z,),
    "path-kept-whole": lambda w: (w.dh, *ways.right_paths(w)[1:]),
    "path-kept-by-rest": lambda w: (w.dh * (1 - w.z), *ways.right_paths(w)[1:]),
    "path-gates-missing": lambda w: ways.right_paths(w)[:2],
    "paths-untransposed": lambda w: (
        w.dh * w.z,
        w.dread @ w.u(2).T if w.after else w.dread * w.r,
        w.da_z @ w.u(1).T,
        w.da_r @ w.u(0).T,
    ),
    "path-candidate-without-weights": lambda w: (
        w.dh * w.z,
        w.dread if w.after else w.da_n * w.r,
        *ways.right_paths(w)[2:],
    ),
    "path-candidate-without-reset": lambda w: (
        w.dh * w.z,
        w.da_n @ w.u(2) if w.after else w.dread,
        *ways.right_paths(w)[2:],
    ),
    "path-candidate-without-reset-before": lambda w: (
        w.dh * w.z,
        w.dread @ w.u(2) if w.after else w.dread,
        *ways.right_paths(w)[2:],
    ),
    "paths-gates-untransposed": lambda w: (
        *ways.right_paths(w)[:2],
        w.da_z @ w.u(1).T,
        w.da_r @ w.u(0).T,
    ),
    "path-candidate-untransposed": lambda w: (
        w.dh * w.z,
        w.dread @ w.u(2).T if w.after else w.dread * w.r,
        *ways.right_paths(w)[2:],
    ),
    "paths-gates-exchanged": lambda w: (
        *ways.right_paths(w)[:2],
        w.da_z @ w.u(0),
        w.da_r @ w.u(1),
    ),
    "path-multiplied": lambda w: (np.prod(ways.right_paths(w), axis=0),),
}


def path_mistakes() -> Iterator[Mistake]:
    """List mistakes in the four paths to the state before."""
    for name, number in PATHS.items():
        without = partial(step_backward, paths=_path_changed(number, lambda part: 0 * part))
        yield Mistake(f"path-{name}-missing", without, see=BACKWARD)
        twice = partial(step_backward, paths=_path_changed(number, lambda part: 2 * part))
        yield Mistake(f"path-{name}-twice", twice, "path-twice", BACKWARD, {"path": name})
    yield from _many("paths", WRONG_PATHS)


def input_mistakes() -> Iterator[Mistake]:
    """List mistakes on the path to the input."""
    yield from _many(
        "to_x",
        {
            "dx-zero": lambda w: 0 * w.x,
            "dx-candidate-only": lambda w: w.da_n @ np.split(w.params.weight_ih, 3)[2],
            "dx-gates-only": lambda w: (
                w.da[:, : -w.n.shape[1]] @ w.params.weight_ih[: -w.n.shape[1]]
            ),
            "dx-from-da-h": lambda w: w.da_h @ w.params.weight_ih,
            "dx-reshaped": lambda w: w.da @ w.params.weight_ih.T.reshape(w.params.weight_ih.shape),
            "dx-through-state-weights": lambda w: w.da @ w.params.weight_hh,
        },
    )


def _path_changed(number: int, change: Callable[[Array], Array]) -> ways.Parts:
    def paths(w: Way) -> tuple[Array, ...]:
        parts = list(ways.right_paths(w))
        parts[number] = change(parts[number])
        return tuple(parts)

    return paths


def reordered(params: GRUParams, order: str) -> GRUParams:
    """Put the blocks of rows, which are in the order r, z, n, into another order."""
    blocks = (dict(zip("rzn", np.split(p, 3), strict=True)) for p in params)
    return GRUParams(*(np.concatenate([block[name] for name in order]) for block in blocks))


def order_mistakes() -> Iterator[Mistake]:
    """List wrong orders of the blocks of rows in the parameter gradients."""
    woven: Part = lambda w: np.concatenate([w.da_z, w.da_r, w.da_n], axis=-1)  # noqa: E731
    swapped = partial(
        step_backward,
        to_x=lambda w: woven(w) @ w.params.weight_ih,
        to_weight_ih=lambda w: woven(w).T @ w.x,
        to_bias_ih=lambda w: woven(w).sum(axis=0),
    )
    yield Mistake("input-blocks-zrn", swapped, see=BACKWARD)
    for letters in permutations("rzn"):
        order = "".join(letters)
        if order != "rzn":
            turn: Any = lambda g, order=order: (*g[:2], reordered(g[2], order))  # noqa: E731 - one expression
            variant = partial(step_backward, result=turn)
            fields = {"order": ", ".join(order)}
            yield Mistake(f"blocks-{order}", variant, "block-order", BACKWARD, fields)
