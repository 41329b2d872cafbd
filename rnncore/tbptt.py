"""Truncated backpropagation through time: windows that pass on the state, but no gradient.

To train, take the windows one by one and update after each; then only one window is held in memory:

    for window in windows(seq, size):
        output, state, cache = forward(x[:, window], state, params)
        ...
"""

from collections.abc import Callable, Sequence
from functools import partial, reduce
from typing import Any, NamedTuple, TypeVar

import numpy as np

from rnncore._checks import check_array, check_lengths, check_size
from rnncore._typing import Array, Inexact, Integer
from rnncore.params import map_params

State = TypeVar("State")
Params = TypeVar("Params")


class TBPTTCache(NamedTuple):
    """What `tbptt_backward` needs: the windows, and the cache of each."""

    windows: list[slice]
    caches: list[Any]


def windows(seq: int, size: int) -> list[slice]:
    """Cut `seq` steps into windows of `size`; the last may be shorter.

    Args:
        seq: number of steps.
        size: steps per window.

    Returns: slices along time; a sequence of no steps is one empty window.

    Raises:
        TypeError: if an argument is not an integer.
        ValueError: if `seq` is negative, or `size` less than 1.

    Example:
        >>> windows(7, 3)
        [slice(0, 3, None), slice(3, 6, None), slice(6, 7, None)]
    """
    check_size("seq", seq, least=0)
    check_size("size", size)
    return [slice(start, min(start + size, seq)) for start in range(0, max(seq, 1), size)]


def tbptt_forward(
    forward: Callable[..., tuple[Array, State, Any]],
    x: Inexact[Array, "batch seq input_size"],
    state: State,
    params: Any,
    size: int,
    lengths: Integer[Array, " batch"] | Sequence[int] | None = None,
) -> tuple[Inexact[Array, "batch seq features"], State, TBPTTCache]:
    """Run over a batch of sequences window by window, carrying the state.

    Results are those of one run over the whole; only the reverse differs.

    Args:
        forward: takes `(x, state, params, lengths)`, returns `(output, state, cache)`; such as
            `cell_forward`, `stacked_forward`, or either with options by `functools.partial`.
        x: inputs.
        state: before the first step, in the form that `forward` takes.
        params: passed on.
        size: steps per window.
        lengths: number of real steps of each sequence; None: all steps are real.

    Returns: `(output, state, cache)`.

    Raises:
        TypeError: if `x` is no floating-point array, or `size` or `lengths` are not integers.
        ValueError: if `x` does not have three axes, `size` is less than 1, or a length lies outside
            0..seq.

    Source: Williams & Peng (1990), with windows that do not overlap.
    """
    check_array("x", x, batch=None, seq=None, input_size=None)
    batch, seq, _ = x.shape
    if lengths is not None:
        check_lengths(lengths, seq, batch)
        # Of unsigned integers, a difference below 0 would be a large number.
        lengths = np.asarray(lengths, dtype=int)
    outputs, cache = [], TBPTTCache(windows(seq, size), [])
    for window in cache.windows:
        width = window.stop - window.start
        inside = None if lengths is None else np.clip(lengths - window.start, 0, width)
        output, state, cache_here = forward(x[:, window], state, params, inside)
        outputs.append(output)
        cache.caches.append(cache_here)
    return np.concatenate(outputs, axis=1), state, cache


def tbptt_backward(
    backward: Callable[..., tuple[Array, State, Params]],
    doutput: Inexact[Array, "batch seq features"],
    dstate: State,
    cache: TBPTTCache,
    params: Params,
) -> tuple[Inexact[Array, "batch seq input_size"], State, Params]:
    """Carry the gradient of the loss back to the start of each window, and no further.

    Equation: the state that enters a window is taken for a constant, so d state / d x = 0 for every
        x before it; the first window alone has a gradient by the initial state.

    Args:
        backward: takes `(doutput, dstate, cache, params)`, returns `(dx, dstate_0, dparams)`; the
            counterpart of `forward`.
        doutput: gradient by `output`.
        dstate: gradient by the last state; it enters the last window only.
        cache: from `tbptt_forward`.
        params: as given to it.

    Returns: `(dx, dstate_0, dparams)`, parameter gradients summed over all windows.

    Raises:
        TypeError: if `doutput` is no floating-point array.
        ValueError: if it does not have as many steps as `output`.
    """
    check_array("doutput", doutput, batch=None, seq=cache.windows[-1].stop, features=None)
    dxs: list[Array] = []
    parts: list[Params] = []
    for window, cache_here in zip(reversed(cache.windows), reversed(cache.caches), strict=True):
        # What the window after this one says about its start is cut off here.
        dlast = map_params(np.zeros_like, dstate) if dxs else dstate
        dx, dstate_0, dparams = backward(doutput[:, window], dlast, cache_here, params)
        dxs.insert(0, dx)
        parts.append(dparams)
    return np.concatenate(dxs, axis=1), dstate_0, reduce(partial(map_params, np.add), parts)
