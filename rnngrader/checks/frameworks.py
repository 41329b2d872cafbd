"""The unit on frameworks: the same weights in three libraries, and padded batches."""

import numpy as np

from rnncore import rnn, sequence
from rnncore.keras_weights import from_keras_weights, to_keras_weights
from rnncore.params import GRUParams, LSTMParams, RNNParams, from_state_dict, to_state_dict
from rnngrader.checks import frameworks_inputs as inputs
from rnngrader.checks import frameworks_padding_inputs as padding
from rnngrader.checks.aspects import ASPECTS, EDGES, aspects
from rnngrader.checks.bank import frameworks_blocks as blocks
from rnngrader.checks.bank import frameworks_forward as forward
from rnngrader.checks.bank import frameworks_steps as steps
from rnngrader.checks.bank import frameworks_weights as weights
from rnngrader.checks.bank.behaviours import behaviours
from rnngrader.checks.results import Layout, NumericArray, Output, Results
from rnngrader.checks.spec import Aspect, Exercise, Hints

BLOCKS = Layout((Output("reordered", "rows columns", ("array", "weight")),))
KERAS = Layout(
    (
        Output("kernel", "input_size columns", ("weight_ih",)),
        Output("recurrent_kernel", "hidden_size columns", ("weight_hh", "recurrent")),
        Output("bias", "columns", ("b",)),
    )
)
TORCH = Layout(
    (
        Output("weight_ih_l0", "rows input_size", ("weight_ih",)),
        Output("weight_hh_l0", "rows hidden_size", ("weight_hh",)),
        Output("bias_ih_l0", "rows", ("bias_ih",)),
        Output("bias_hh_l0", "rows", ("bias_hh",)),
    )
)
MASK = Layout((Output("mask", "batch seq"),))
LAST = Layout((Output("last", "batch hidden_size", ("h_n", "h", "state")),))
SEQUENCE = Layout(
    (
        Output("output", "batch seq hidden_size", ("outputs", "out", "hs")),
        Output("h_n", "batch hidden_size", ("h", "h_last", "hn", "state")),
    )
)
REVERSED = Layout((Output("reversed", "batch seq input_size", ("x", "output")),))
FEATURES = Layout((Output("features", "batch features", ("h_n", "joined")),))
OUTSIDE = Aspect("outside", 1, levels=("full",), earned=True)
VALUES = aspects(Aspect("values", 6))


def _reordered(array: NumericArray, order: str, wanted: str) -> NumericArray:
    parts = dict(zip(order, np.split(array, len(order)), strict=True))
    return np.concatenate([parts[letter] for letter in wanted])


def _lstm_to_keras(state_dict: dict[str, NumericArray]) -> list[NumericArray]:
    return to_keras_weights(from_state_dict(state_dict, LSTMParams))


def _gru_from_keras(arrays: list[NumericArray]) -> dict[str, NumericArray]:
    return to_state_dict(from_keras_weights(arrays, GRUParams))


def _last(output: NumericArray, lengths: NumericArray, batch_first: object) -> NumericArray:
    states = output if batch_first else output.swapaxes(0, 1)
    last: NumericArray = states[np.arange(len(lengths)), lengths - 1]
    return last


def _padded(
    x: NumericArray, h_0: NumericArray, params: RNNParams, lengths: NumericArray
) -> tuple[NumericArray, NumericArray]:
    # In the judge the parameters are a tuple of the same names, not of the same class.
    output, h_n, _ = rnn.rnn_forward(x, h_0, RNNParams(*params), lengths)
    return output, h_n


def _joined(h_n: NumericArray) -> NumericArray:
    return np.concatenate([h_n[-2], h_n[-1]], axis=-1)


def _mask_hint(got: Results, expected: Results) -> list[tuple[str, dict[str, str]]]:
    mask, right = got["mask"] != 0, expected["mask"] != 0
    if (mask.sum(axis=-1) == right.sum(axis=-1)).all():
        return [("mask-count-right", {})]
    return [("mask-count", {})]


def _some_sequences(output: str) -> Hints:
    """Return a hint that says when some sequences of the batch are right, and others are not."""

    def hint(got: Results, expected: Results) -> list[tuple[str, dict[str, str]]]:
        right = np.isclose(got[output], expected[output]).all(axis=-1)
        return [("some-sequences", {})] if right.any() and not right.all() else []

    return hint


EXERCISES = (
    Exercise(
        unit="frameworks",
        name="reorder_blocks",
        reference=_reordered,
        layout=BLOCKS,
        arguments=("array", "order", "wanted"),
        cases=inputs.reorder_cases,
        probes=inputs.reorder_probes,
        aspects=VALUES,
        mistakes=(*blocks.reorder_mistakes(), *behaviours(_reordered)),
        see=weights.DIFFERS,
    ),
    Exercise(
        unit="frameworks",
        name="lstm_to_keras",
        reference=_lstm_to_keras,
        layout=KERAS,
        arguments=("state_dict",),
        cases=inputs.torch_cases,
        probes=inputs.torch_probes,
        aspects=VALUES,
        mistakes=(*weights.to_keras_mistakes(), *behaviours(_lstm_to_keras)),
        see=weights.DIFFERS,
    ),
    Exercise(
        unit="frameworks",
        name="gru_from_keras",
        reference=_gru_from_keras,
        layout=TORCH,
        arguments=("weights",),
        cases=inputs.keras_cases,
        probes=inputs.keras_probes,
        aspects=aspects(Aspect("values", 6), edges=(EDGES, OUTSIDE)),
        mistakes=(*weights.from_keras_mistakes(), *behaviours(_gru_from_keras)),
        see=weights.CONVERTING,
        stand_ins=({"reorder_blocks": _reordered},),
        earlier="reorder_blocks",
    ),
    Exercise(
        unit="frameworks",
        name="length_mask",
        reference=sequence.length_mask,
        layout=MASK,
        arguments=("lengths", "seq"),
        cases=padding.mask_cases,
        probes=padding.mask_probes,
        aspects=aspects(Aspect("values", 6), precision=False),
        mistakes=(
            *steps.mask_mistakes(),
            *behaviours(sequence.length_mask, keeps_precision=False),
        ),
        see=steps.PADDING,
        hints=_mask_hint,
    ),
    Exercise(
        unit="frameworks",
        name="last_real_state",
        reference=_last,
        layout=LAST,
        arguments=("output", "lengths", "batch_first"),
        cases=padding.last_cases,
        probes=padding.last_probes,
        aspects=aspects(Aspect("values", 3), Aspect("time-first", 3)),
        mistakes=(*steps.last_mistakes(), *behaviours(_last)),
        see=steps.LAYOUT,
        hints=_some_sequences("last"),
    ),
    Exercise(
        unit="frameworks",
        name="forward_padded",
        reference=_padded,
        layout=SEQUENCE,
        arguments=("x", "h_0", "params", "lengths"),
        cases=padding.padded_cases,
        probes=padding.padded_probes,
        aspects=ASPECTS,
        mistakes=(*forward.forward_mistakes(), *behaviours(_padded, writes=1)),
        see=steps.PADDING,
        stand_ins=({"length_mask": sequence.length_mask, "last_real_state": _last},),
        earlier="length_mask",
        hints=_some_sequences("h_n"),
    ),
    Exercise(
        unit="frameworks",
        name="reverse_steps",
        reference=sequence.reverse_steps,
        layout=REVERSED,
        arguments=("x", "lengths"),
        cases=padding.reverse_cases,
        probes=padding.reverse_probes,
        aspects=VALUES,
        mistakes=(*steps.reverse_mistakes(), *behaviours(sequence.reverse_steps)),
        see=steps.PADDING,
    ),
    Exercise(
        unit="frameworks",
        name="join_directions",
        reference=_joined,
        layout=FEATURES,
        arguments=("h_n",),
        cases=padding.join_cases,
        probes=padding.join_probes,
        aspects=VALUES,
        mistakes=(*steps.join_mistakes(), *behaviours(_joined)),
        see=steps.LAYOUT,
    ),
)
