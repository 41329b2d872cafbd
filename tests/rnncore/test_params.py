"""Parameters: start values, names in torch and Keras, and the walk through nested tuples."""

import io

import claims
import numpy as np
import pytest
from claims import HIDDEN, INPUT, close, lstm_case, rnn_case
from hidden_claims import gru_case

from rnncore import (
    LSTMParams,
    RNNParams,
    from_state_dict,
    init_attention,
    init_gru,
    init_lstm,
    init_rnn,
    map_params,
    named_arrays,
    to_state_dict,
)

LSTM, GRU, RNN = lstm_case().params, gru_case().params, rnn_case().params
KINDS = pytest.mark.parametrize("params", [RNN, GRU, LSTM], ids=["rnn", "gru", "lstm"])


@pytest.mark.parametrize(("init", "rows"), [(init_rnn, 9), (init_gru, 27), (init_lstm, 36)])
def test_start_values_fill_torchs_range(init, rows) -> None:
    """With 9 units, values lie in (-1/3, 1/3) and come close to both ends; shapes are torch's."""
    params = init(200, 9, claims.rng())
    assert [array.shape for array in params] == [(rows, 200), (rows, 9), (rows,), (rows,)]
    weights = params.weight_ih
    assert np.abs(weights).max() < 1 / 3
    assert weights.max() > 0.33
    assert weights.min() < -0.33
    assert abs(weights.mean()) < 0.02


def test_start_values_follow_the_generator() -> None:
    """The same seed gives the same parameters, in the dtype asked for; another gives others."""
    one = init_lstm(INPUT, HIDDEN, claims.rng(), dtype=np.float32)
    close(init_lstm(INPUT, HIDDEN, claims.rng(), dtype=np.float32), one, 0, 0)
    assert {array.dtype for array in one} == {np.dtype(np.float32)}
    assert not np.isclose(init_lstm(INPUT, HIDDEN, claims.rng(8)).weight_ih, one.weight_ih).any()


def test_forget_bias_moves_the_forget_rows_only() -> None:
    """`forget_bias` is added to the second block of `bias_ih` and to nothing else."""
    moved = init_lstm(INPUT, HIDDEN, claims.rng(), forget_bias=1.5)
    plain = init_lstm(INPUT, HIDDEN, claims.rng())
    added = np.repeat([0.0, 1.5, 0.0, 0.0], HIDDEN)
    close(moved, plain._replace(bias_ih=plain.bias_ih + added))


@KINDS
@pytest.mark.parametrize(
    ("layer", "reverse", "suffix"), [(0, False, "_l0"), (2, True, "_l2_reverse"), (None, False, "")]
)
def test_names_are_torchs_and_lead_back(params, layer, reverse, suffix) -> None:
    """Names carry layer and direction; reading them gives the parameters back, as copies."""
    state_dict = to_state_dict(params, layer, reverse=reverse)
    assert list(state_dict) == [field + suffix for field in params._fields]
    again = from_state_dict(state_dict, type(params), layer, reverse=reverse)
    assert type(again) is type(params)
    close(again, params, 0, 0)
    for name, field in zip(state_dict, params._fields, strict=True):
        assert not np.shares_memory(state_dict[name], getattr(params, field))
        assert not np.shares_memory(state_dict[name], getattr(again, field))


def test_anything_like_an_array_is_read() -> None:
    """Nested lists and an npz file opened without pickle serve as `state_dict`."""
    listed = {name: array.tolist() for name, array in to_state_dict(LSTM).items()}
    close(from_state_dict(listed, LSTMParams), LSTM)
    file = io.BytesIO()
    np.savez(file, **to_state_dict(LSTM))
    file.seek(0)
    close(from_state_dict(np.load(file, allow_pickle=False), LSTMParams), LSTM, 0, 0)


def test_nested_tuples_keep_their_types_and_paths() -> None:
    """A map over a model of several parts keeps every type; paths say where an array stands."""
    model = (RNN, (np.array([2.0]),))
    doubled = map_params(np.add, model, model)
    assert type(doubled[0]) is RNNParams
    close(doubled[1][0], np.array([4.0]))
    paths = [path for path, _ in named_arrays(model, "model")]
    assert paths[0] == "model[0].weight_ih"
    assert paths[-1] == "model[1][0]"
    assert len(paths) == 5


def _state(**changed: np.ndarray | None) -> dict:
    state_dict = {**to_state_dict(LSTM), **changed}
    return {name: array for name, array in state_dict.items() if array is not None}


TALL = np.ones((6, HIDDEN))
REFUSED = [
    (init_rnn, (2.0, 4, claims.rng()), TypeError, "input_size to be an integer, got float"),
    (init_rnn, (2, 0, claims.rng()), ValueError, "hidden_size >= 1, got 0"),
    (init_gru, (None, 4, claims.rng()), TypeError, "input_size to be an integer, got NoneType"),
    (init_gru, (2, -3, claims.rng()), ValueError, "hidden_size >= 1, got -3"),
    (init_gru, (2, True, claims.rng()), TypeError, "hidden_size to be an integer, got bool"),
    (init_attention, (4, 4, 7), TypeError, "rng to be a NumPy Generator, got int"),
    (init_lstm, (2, 4, 7), TypeError, "rng to be a NumPy Generator, got int"),
    (init_lstm, (2, "4", claims.rng()), TypeError, "hidden_size to be an integer, got str"),
    (init_lstm, (-1, 4, claims.rng()), ValueError, "input_size >= 1, got -1"),
    (to_state_dict, (tuple(LSTM),), TypeError, "RNNParams, GRUParams or LSTMParams, got tuple"),
    (to_state_dict, (RNN._replace(bias_ih=[0.0]),), TypeError, "bias_ih to be .* got list"),
    (to_state_dict, (RNN._replace(bias_ih=np.ones(3)),), ValueError, r"bias_ih .*rows=4\), got"),
    (to_state_dict, (LSTM, -1), ValueError, "layer >= 0, got -1"),
    (from_state_dict, (_state(), LSTMParams, "0"), TypeError, "layer to be an integer, got str"),
    (from_state_dict, (_state(), dict), TypeError, "RNNParams, GRUParams or LSTMParams, got dict"),
    (from_state_dict, (_state(), "LSTM"), TypeError, "GRUParams or LSTMParams, got 'LSTM'"),
    (from_state_dict, (_state(), [LSTMParams]), TypeError, "GRUParams or LSTMParams, got .<class"),
    (from_state_dict, (_state(bias_hh_l0=None), LSTMParams), KeyError, "none for bias_hh_l0"),
    (
        from_state_dict,
        (_state(), LSTMParams, 1),
        KeyError,
        "weight_ih_l1, .* none for weight_ih_l1",
    ),
    (from_state_dict, (_state(weight_hh_l0=TALL), LSTMParams), ValueError, "divisible by 4, got 6"),
    (from_state_dict, (_state(weight_hh_l0=TALL[:4]), LSTMParams), ValueError, r"rows=16.*\(4, 4"),
    (from_state_dict, (_state(), RNNParams), ValueError, r"rows=4, hidden_size=4\), got \(16, 4"),
    (from_state_dict, (_state(weight_hr_l0=TALL), LSTMParams), ValueError, "got weight_hr_l0"),
    (from_state_dict, (_state(bias_ih_l0=np.ones(16, int)), LSTMParams), TypeError, "got int64"),
    (map_params, (np.add, LSTM, RNN), TypeError, "LSTMParams, got RNNParams"),
    (map_params, (np.add, (TALL,), (TALL, TALL)), ValueError, "1 entries, got 2"),
    (map_params, (np.add, (TALL,), (TALL.T,)), ValueError, r"shape \(6, 4\), got \(4, 6\)"),
    (map_params, (np.add, (TALL,), ((TALL,),)), TypeError, "ndarray, got tuple"),
]


@pytest.mark.parametrize(("function", "arguments", "error", "message"), REFUSED)
def test_wrong_arguments_are_named(function, arguments, error, message) -> None:
    """A wrong argument is refused by one sentence that says what was expected and what came."""
    with pytest.raises(error, match="^['\"]?expected .*" + message):
        function(*arguments)
