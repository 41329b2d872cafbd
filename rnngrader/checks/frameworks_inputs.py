"""The weights that the unit on frameworks converts, as dictionaries and lists."""

from collections.abc import Sequence
from typing import Any

from rnncore.keras_weights import to_keras_weights
from rnncore.params import GRUParams, LSTMParams, to_state_dict
from rnngrader.checks.inputs import Draw, Inputs
from rnngrader.checks.spec import PROBE, Case, Level

LETTERS = {3: "rzn", 4: "ifgo"}
# Moves that are not undone by doing them again, so that there and back are told apart.
MOVES = {3: ((1, 2, 0), (2, 0, 1)), 4: ((1, 2, 0, 3), (1, 3, 0, 2), (3, 0, 1, 2), (2, 0, 3, 1))}


def _reorder_args(draw: Draw) -> tuple[Any, ...]:
    count = draw.size("blocks")
    array = draw.normal(count * draw.size("hidden_size"), "input_size")
    order = "".join(draw.rng.permutation(list(LETTERS[count])))
    move = MOVES[count][draw.rng.integers(len(MOVES[count]))]
    return array, order, "".join(order[n] for n in move)


def _torch_args(draw: Draw) -> tuple[Any, ...]:
    return (to_state_dict(draw.params(LSTMParams)),)


def _keras_args(draw: Draw) -> tuple[Any, ...]:
    return (to_keras_weights(draw.params(GRUParams)),)


_REORDER = Inputs("reorder_blocks", _reorder_args, kind="values")
_TORCH = Inputs("lstm_to_keras", _torch_args, kind="values")
_KERAS = Inputs("gru_from_keras", _keras_args, kind="values")


def reorder_cases(level: Level) -> Sequence[Case]:
    """Return the cases of `reorder_blocks`: weights and a bias, of three blocks and of four."""
    visible = [_vector("a"), _REORDER.full("b", blocks=3), _REORDER.full("c", blocks=4)]
    if level == "visible":
        return visible
    return [
        *visible,
        _REORDER.full("d", blocks=4),
        _REORDER.edge("one-unit", hidden_size=1, blocks=4),
        _REORDER.edge("one-feature", input_size=1, blocks=3),
    ]


def _vector(stream: str) -> Case:
    sizes = {"blocks": 4}
    return _REORDER.case(
        "bias", "values", stream=stream, sizes=sizes, change=lambda a: (a[0][:, 0].copy(), *a[1:])
    )


def reorder_probes() -> Sequence[Case]:
    """Return the probes of `reorder_blocks`."""
    return [
        _REORDER.case("ordered", PROBE, sizes={"blocks": 4}, change=lambda a: (a[0], a[1], a[1]))
    ]


def torch_cases(level: Level) -> Sequence[Case]:
    """Return the cases of `lstm_to_keras`; a dictionary has no order to rely on."""
    visible = [_TORCH.full(stream) for stream in "ab"]
    if level == "visible":
        return visible
    return [
        *visible,
        _TORCH.full("c"),
        *_TORCH.varied("hidden_size", "input_size"),
        _TORCH.case("shuffled", "edges", edge=True, change=_shuffled),
        _TORCH.case("two-layers", "edges", edge=True, change=_two_layers),
    ]


def _shuffled(args: tuple[Any, ...]) -> tuple[object, ...]:
    return (dict(reversed(args[0].items())),)


def _two_layers(args: tuple[Any, ...]) -> tuple[object, ...]:
    (layer,) = args
    above = {name.replace("l0", "l1"): 2 * array for name, array in layer.items()}
    return ({**above, **layer},)


def torch_probes() -> Sequence[Case]:
    """Return the probes of `lstm_to_keras`."""
    return [_TORCH.case("bias-zero", PROBE, change=_unbiased), *_TORCH.squares()]


def _unbiased(args: tuple[Any, ...]) -> tuple[object, ...]:
    (weights,) = args
    return ({name: array * ("bias" not in name) for name, array in weights.items()},)


def keras_cases(level: Level) -> Sequence[Case]:
    """Return the cases of `gru_from_keras`, and weights of another function."""
    visible = [_KERAS.full(stream) for stream in "ab"]
    if level == "visible":
        return visible
    return [
        *visible,
        _KERAS.full("c"),
        *_KERAS.varied("hidden_size", "input_size"),
        _KERAS.case("reset-before", "outside", edge=True, must_refuse=True, change=_one_bias),
    ]


def _one_bias(args: tuple[Any, ...]) -> tuple[object, ...]:
    kernel, recurrent_kernel, bias = args[0]
    return ([kernel, recurrent_kernel, bias[0].copy()],)


def keras_probes() -> Sequence[Case]:
    """Return the probes of `gru_from_keras`."""
    zero = _KERAS.case("bias-zero", PROBE, change=lambda a: ([*a[0][:2], 0 * a[0][2]],))
    return [zero, *_KERAS.squares()]
