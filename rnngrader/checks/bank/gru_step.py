"""One step of a GRU, and known mistakes in its gates; see `gru_candidate` for the rest."""

from collections.abc import Callable, Iterator, Mapping
from functools import partial
from itertools import permutations
from typing import Any, NamedTuple

import numpy as np

from rnncore.params import GRUParams
from rnngrader.checks.arguments import NumericArray as Array
from rnngrader.checks.bank.lstm_gates import sigmoid, tanh
from rnngrader.checks.spec import Mistake

UNIT = "gru.html#the-unit"
CODE = "gru.html#our-code"
ORDER = "gru.html#the-same-numbers-in-pytorch"
BREAKS = "gru.html#where-this-breaks"
NAMES = {"r": "reset", "z": "update"}


class Candidate(NamedTuple):
    """What the pre-activation of the candidate is made of."""

    x_n: Array
    h_n: Array
    r: Array
    z: Array
    h_prev: Array
    product: Callable[[Array], Array]
    bias_in: Array
    bias_hn: Array
    reset: str


class Mixed(NamedTuple):
    """What the new state is made of."""

    r: Array
    z: Array
    n: Array
    h_prev: Array


Product = Callable[[Array, Array, Array], Array]
Gate = Callable[[Array, Array], Array]


def _affine(v: Array, weight: Array, bias: Array) -> Array:
    a: Array = v @ weight.T + bias
    return a


def _opened(a_x: Array, a_h: Array) -> Array:
    return sigmoid(a_x + a_h)


def right_after(c: Candidate) -> Array:
    """Let the reset gate act on the product."""
    a: Array = c.x_n + c.r * c.h_n
    return a


def right_before(c: Candidate) -> Array:
    """Let the reset gate act on the state."""
    return c.x_n + c.product(c.r * c.h_prev)


def _mixture(m: Mixed) -> Array:
    h: Array = (1 - m.z) * m.n + m.z * m.h_prev
    return h


def _as_is(value: Array) -> Array:
    return value


def step(
    x: Array,
    h_prev: Array,
    params: GRUParams,
    reset: str = "after",
    *,
    from_x: Product = _affine,
    from_h: Product = _affine,
    order: str = "rzn",
    open_r: Gate = _opened,
    open_z: Gate = _opened,
    after: Callable[[Candidate], Array] = right_after,
    before: Callable[[Candidate], Array] = right_before,
    squash: Callable[[Array], Array] = tanh,
    mix: Callable[[Mixed], Array] = _mixture,
    result: Callable[[Array], Array] = _as_is,
) -> Array:
    """Advance by one step with parts of which some may be wrong."""
    w, u, b, d = (dict(zip(order, np.split(p, 3), strict=True)) for p in params)
    a_x = {name: from_x(x, w[name], b[name]) for name in order}
    a_h = {name: from_h(h_prev, u[name], d[name]) for name in order}
    r, z = open_r(a_x["r"], a_h["r"]), open_z(a_x["z"], a_h["z"])
    c = Candidate(
        a_x["n"],
        a_h["n"],
        r,
        z,
        h_prev,
        lambda v: from_h(v, u["n"], d["n"]),
        b["n"],
        d["n"],
        reset,
    )
    n = squash(after(c) if reset == "after" else before(c))
    return result(mix(Mixed(r, z, n, h_prev)))


def _sigma_of_weights(x: Array, h_prev: Array, params: GRUParams, reset: str = "after") -> Array:
    """Let sigma act on the weights of the gates instead of on the sum."""
    rows = np.arange(len(params.bias_ih))[:, None] < 2 * h_prev.shape[1]
    turned = params._replace(
        weight_ih=np.where(rows, sigmoid(params.weight_ih), params.weight_ih),
        weight_hh=np.where(rows, sigmoid(params.weight_hh), params.weight_hh),
    )
    linear: Gate = lambda a_x, a_h: a_x + a_h  # noqa: E731 - one expression
    return step(x, h_prev, turned, reset, open_r=linear, open_z=linear)


def _weights_exchanged(x: Array, h_prev: Array, params: GRUParams, reset: str = "after") -> Array:
    other = params._replace(weight_ih=params.weight_hh, weight_hh=params.weight_ih)
    return step(x, h_prev, other, reset)


def _overflowing(a_x: Array, a_h: Array) -> Array:
    grown = np.exp(a_x + a_h)
    gate: Array = grown / (1 + grown)
    return gate


def many(keyword: str, parts: Mapping[str, Any], see: str = UNIT) -> Iterator[Mistake]:
    """List a mistake for each wrong form of one part."""
    for name, part in parts.items():
        yield Mistake(name, partial(step, **{keyword: part}), see=see)


def term_mistakes() -> Iterator[Mistake]:
    """List mistakes in the sums that gates and candidate read."""
    unbiased: Product = lambda v, w, b: v @ w.T + 0 * b  # noqa: E731 - one expression
    double: Product = lambda v, w, b: v @ w.T + 2 * b  # noqa: E731 - one expression
    yield from many(
        "from_x",
        {
            "x-term-missing": lambda x, w, b: 0 * (x @ w.T) + b,
            "bias-ih-missing": unbiased,
            "bias-ih-twice": double,
            "x-untransposed": lambda x, w, b: x @ w + b,
            "x-reshaped": lambda x, w, b: x @ w.reshape(w.shape[::-1]) + b,
        },
    )
    yield from many(
        "from_h",
        {
            "h-term-missing": lambda h, w, b: 0 * (h @ w.T) + b,
            "bias-hh-missing": unbiased,
            "bias-hh-twice": double,
            "h-untransposed": lambda h, w, b: h @ w + b,
            "h-term-negated": lambda h, w, b: b - h @ w.T,
        },
    )
    yield Mistake("bias-missing", partial(step, from_x=unbiased, from_h=unbiased), see=UNIT)
    yield Mistake("bias-twice", partial(step, from_x=double, from_h=double), see=UNIT)
    yield Mistake("weights-exchanged", _weights_exchanged, see=UNIT)


def gate_mistakes() -> Iterator[Mistake]:
    """List mistakes in the two gates."""
    gates: dict[str, Any] = {
        "tanh": lambda a_x, a_h: np.tanh(a_x + a_h),
        "linear": lambda a_x, a_h: a_x + a_h,
        "relu": lambda a_x, a_h: np.maximum(a_x + a_h, 0),
        "x-only": lambda a_x, _a_h: sigmoid(a_x),
        "h-only": lambda _a_x, a_h: sigmoid(a_h),
        "sigma-apart": lambda a_x, a_h: sigmoid(a_x) + sigmoid(a_h),
        "turned": lambda a_x, a_h: 1 - sigmoid(a_x + a_h),
        "sigma-twice": lambda a_x, a_h: sigmoid(sigmoid(a_x + a_h)),
        "hard": lambda a_x, a_h: np.clip((a_x + a_h) / 6 + 0.5, 0, 1),
        "not-halved": lambda a_x, a_h: 0.5 * (1 + np.tanh(a_x + a_h)),
    }
    for name, gate in gates.items():
        both = partial(step, open_r=gate, open_z=gate)
        yield Mistake(f"gates-{name}", both, see=BREAKS if name == "sigma-apart" else UNIT)
        for which, word in NAMES.items():
            # Turned, the update gate gives what the mixture exchanged gives.
            if (which, name) != ("z", "turned"):
                alone = partial(step, **{f"open_{which}": gate})
                fields = {"gate": which, "name": word}
                yield Mistake(f"{which}-{name}", alone, f"gate-{name}", UNIT, fields)
    yield Mistake("sigma-of-weights", _sigma_of_weights, see=BREAKS)
    yield Mistake(
        "overflow", partial(step, open_r=_overflowing, open_z=_overflowing), shown_by="edges"
    )


def order_mistakes() -> Iterator[Mistake]:
    """List wrong orders of the blocks of rows."""
    for letters in permutations("rzn"):
        order = "".join(letters)
        if order != "rzn":
            fields = {"order": ", ".join(order)}
            yield Mistake(f"order-{order}", partial(step, order=order), "row-order", ORDER, fields)
