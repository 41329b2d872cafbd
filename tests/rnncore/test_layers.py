"""Stacked and bidirectional layers: equal to torch in every form, and exact in reverse."""

import claims
import numpy as np
import pytest
import torch
from claims import BATCH, HIDDEN, INPUT, SEQ, close, rng
from stack_claims import stack_case
from torch import nn
from torch.nn.utils.rnn import pack_padded_sequence, pad_packed_sequence

from rnncore import (
    check_gradients,
    dropout,
    init_gru,
    init_rnn,
    map_params,
    rnn_forward,
    stacked_backward,
    stacked_forward,
    to_state_dict,
)

KINDS = pytest.mark.parametrize("kind", ["rnn", "gru", "lstm"])
LAYERS = pytest.mark.parametrize("layers", [1, 2, 3])
DIRECTIONS = pytest.mark.parametrize("directions", [1, 2])
PADDED = pytest.mark.parametrize("lengths", [None, [5, 1, 3]], ids=str)
BUILDS = {"rnn": nn.RNN, "gru": nn.GRU, "lstm": nn.LSTM}


def _torch(kind: str, params, dtype: torch.dtype = torch.float64, **options) -> nn.Module:
    module = BUILDS[kind](
        INPUT,
        HIDDEN,
        num_layers=len(params),
        bidirectional=len(params[0]) == 2,
        batch_first=True,
        dtype=dtype,
        **options,
    )
    for layer, cells in enumerate(params):
        for direction, cell in enumerate(cells):
            for name, array in to_state_dict(cell, layer, reverse=direction == 1).items():
                module.get_parameter(name).data = torch.tensor(array)
    return module


def _tensors(state):
    return map_params(lambda array: torch.tensor(array, requires_grad=True), state)


@pytest.mark.parity
@KINDS
@LAYERS
@DIRECTIONS
@PADDED
def test_values_and_gradients_are_those_of_torch(kind, layers, directions, lengths) -> None:
    """Results, and gradients by inputs, states and weights, equal torch, also packed."""
    x, state, params = stack_case(kind, layers, directions)
    module, x_t, state_t = (
        _torch(kind, params),
        torch.tensor(x, requires_grad=True),
        _tensors(state),
    )
    if lengths is None:
        want, last = module(x_t, state_t)
    else:
        packed = pack_padded_sequence(x_t, lengths, batch_first=True, enforce_sorted=False)
        packed, last = module(packed, state_t)
        want, _ = pad_packed_sequence(packed, batch_first=True, total_length=SEQ)
    output, got_last, cache = stacked_forward(x, state, params, lengths)
    close((output, got_last), (want, last))

    doutput = rng(8).standard_normal(output.shape)
    dlast = map_params(lambda array: rng(9).standard_normal(array.shape), got_last)
    parts, dparts = (last, dlast) if kind == "lstm" else ((last,), (dlast,))
    loss = (torch.tensor(doutput) * want).sum()
    for part, dpart in zip(parts, dparts, strict=True):
        loss = loss + (torch.tensor(dpart) * part).sum()
    loss.backward()
    dx, dstate, dparams = stacked_backward(doutput, dlast, cache, params)
    close(dx, x_t.grad)
    close(dstate, map_params(lambda tensor: tensor.grad.numpy(), state_t))
    for layer, cells in enumerate(dparams):
        for direction, cell in enumerate(cells):
            for name, array in to_state_dict(cell, layer, reverse=direction == 1).items():
                close(array, module.get_parameter(name).grad, 1e-11)


@pytest.mark.parity
@KINDS
def test_float32_stays_float32(kind) -> None:
    """What comes in as float32 equals torch's float32, and goes back as float32."""
    x, state, params = stack_case(kind, 2, 2, np.float32)
    want, last = _torch(kind, params, torch.float32)(torch.tensor(x), _tensors(state))
    output, got_last, cache = stacked_forward(
        x, state, params, dropout_p=0.0 if kind == "rnn" else 1e-9, rng=rng()
    )
    close((output, got_last), (want, last), 1e-5, 1e-6)
    dtypes = []
    gradients = stacked_backward(output, got_last, cache, params)
    map_params(lambda array: dtypes.append(array.dtype), (output, got_last, gradients))
    assert set(dtypes) == {np.dtype(np.float32)}


@pytest.mark.parity
def test_relu_is_that_of_torch() -> None:
    """The nonlinearity reaches every layer and direction."""
    x, h_0, params = stack_case("rnn", 2, 2)
    want, h_n = _torch("rnn", params, nonlinearity="relu")(torch.tensor(x), torch.tensor(h_0))
    close(stacked_forward(x, h_0, params, nonlinearity="relu")[:2], (want, h_n))


@KINDS
@DIRECTIONS
@PADDED
def test_dropout_stands_between_layers(kind, directions, lengths) -> None:
    """With dropout, gradients equal the complex step with the same mask, and the mask counts."""
    case = stack_case(kind, 2, directions)

    def forward(*arguments):
        return stacked_forward(*arguments, lengths, dropout_p=0.4, reset="before", rng=rng(3))

    check_gradients(
        forward,
        lambda doutput, dstate, cache: stacked_backward(doutput, dstate, cache, case.params),
        case._asdict(),
        rng(),
    )
    without = stacked_forward(*case, lengths, reset="before")[0]
    assert np.abs(forward(*case)[0] - without).max() > 0.01


def test_dropout_is_drawn_once_between_two_layers() -> None:
    """Two layers with dropout equal the two cells with `dropout` between them."""
    x, h_0, params = stack_case("rnn", 2, 1)
    below, *_ = rnn_forward(x, h_0[0], params[0][0])
    dropped, _ = dropout(below, 0.4, rng(3))
    want, *_ = rnn_forward(dropped, h_0[1], params[1][0])
    close(stacked_forward(x, h_0, params, dropout_p=0.4, rng=rng(3))[0], want)
    single = (x, h_0[:1], params[:1])
    close(stacked_forward(*single, dropout_p=0.4)[0], below)


@KINDS
def test_the_reverse_direction_reads_within_the_length(kind) -> None:
    """The reverse half of the output equals a forward run over each sequence turned around."""
    x, state, params = stack_case(kind, 1, 2)
    lengths = [5, 1, 3]
    output, last, _ = stacked_forward(x, state, params, lengths)
    for n, length in enumerate(lengths):
        start = map_params(lambda array, n=n: array[1:, [n]], state)
        turned = x[[n], :length][:, ::-1]
        alone, end, _ = stacked_forward(turned, start, ((params[0][1],),))
        close(output[[n], :length, HIDDEN:], alone[:, ::-1])
        close(map_params(lambda array, n=n: array[1:, [n]], last), end)


@KINDS
def test_padding_is_never_used(kind) -> None:
    """NaN at padding changes no result and no gradient, in no layer and no direction."""
    (x, state, params), lengths = stack_case(kind, 3, 2), [0, 5, 3]
    output, last, cache = stacked_forward(x, state, params, lengths)
    doutput = rng(8).standard_normal(output.shape)
    gradients = stacked_backward(doutput, last, cache, params)
    padding = np.arange(SEQ) >= np.array(lengths)[:, None]
    x[padding], doutput[padding] = np.nan, np.nan
    *spoilt, cache = stacked_forward(x, state, params, lengths)
    close(tuple(spoilt), (output, last))
    close(stacked_backward(doutput, last, cache, params), gradients)


@KINDS
@DIRECTIONS
def test_no_steps_hand_the_state_through(kind, directions) -> None:
    """A sequence of no steps gives an empty output and the state as it was, forth and back."""
    x, state, params = stack_case(kind, 2, directions)
    output, last, cache = stacked_forward(x[:, :0], state, params)
    assert output.shape == (BATCH, 0, directions * HIDDEN)
    dx, dstate, dparams = stacked_backward(output, state, cache, params)
    assert dx.shape == (BATCH, 0, INPUT)
    close((last, dstate), (state, state))
    close(dparams, map_params(np.zeros_like, params))


@KINDS
def test_nan_and_huge_inputs(kind) -> None:
    """NaN reaches every output of its sequence, and no other; 1e4 leaves everything finite."""
    x, state, params = stack_case(kind, 2, 2)
    output, last, cache = stacked_forward(1e4 * x, state, params)
    gradients = stacked_backward(output, last, cache, params)
    map_params(lambda array: np.testing.assert_array_less(np.abs(array), np.inf), gradients)
    x[1, 2, 0] = np.nan
    output, *_ = stacked_forward(x, state, params)
    assert np.isnan(output[1]).all()
    assert np.isfinite(output[[0, 2]]).all()


X, H, RNN = stack_case("rnn", 2, 2)
OUTPUT, LAST, CACHE = stacked_forward(X, H, RNN)
LSTM = stack_case("lstm", 2, 1)
GRU = init_gru(INPUT, HIDDEN, claims.rng())
WIDE = init_rnn(INPUT, 6, claims.rng())
REFUSED = [
    (stacked_forward, (X, H, list(RNN)), TypeError, r"params\[layer\]\[direction\].*, got list"),
    (stacked_forward, (X, H, RNN[0]), TypeError, r"params\[layer\]\[direction\]"),
    (stacked_forward, (X, H, ((RNN[0][0], GRU),)), TypeError, "one kind .* GRUParams and RNNP"),
    (stacked_forward, (X, H, ((1, 2),)), TypeError, "GRUParams or LSTMParams, got int"),
    (stacked_forward, (X, H, ()), ValueError, r"layers of one direction, .*, got \[\]"),
    (stacked_forward, (X, H, (RNN[0], RNN[1][:1])), ValueError, r"two each, got \[2, 1\]"),
    (stacked_forward, (X, H, (RNN[0] * 2,)), ValueError, r"two each, got \[4\]"),
    (stacked_forward, (X, H, (RNN[0], RNN[0])), ValueError, r"input_size=8\), got \(4, 2\)"),
    (stacked_forward, (X, H, ((RNN[0][0], WIDE),)), ValueError, r"hidden_size=4\), got \(6, 6\)"),
    (stacked_forward, (X[0], H, RNN), ValueError, r"x .*input_size=2\), got \(5, 2\)"),
    (stacked_forward, (X.astype(int), H, RNN), TypeError, "x with .* dtype, got int64"),
    (stacked_forward, (X, H[:2], RNN), ValueError, r"h of state .*layers=4, .*, got \(2, 3, 4\)"),
    (stacked_forward, (X, (H, H), RNN), TypeError, "state to be an array h, got tuple"),
    (stacked_forward, (X, H[:2], LSTM.params), TypeError, r"a tuple \(h, c\), got ndarray"),
    (stacked_forward, (X, H, RNN, [6, 1, 1]), ValueError, "lengths between 0 and 5, got 6"),
    (stacked_forward, (X, H, RNN, ["1"] * 3), TypeError, "lengths .* integer dtype, got <U1"),
    (stacked_backward, (OUTPUT[..., 1:], LAST, CACHE, RNN), ValueError, r"size=8\), got \(3, 5, 7"),
    (stacked_backward, (None, LAST, CACHE, RNN), TypeError, "doutput to be .*, got NoneType"),
    (stacked_backward, (OUTPUT, LAST[1:], CACHE, RNN), ValueError, r"h of dstate .*, got \(3, 3"),
    (stacked_backward, (OUTPUT, (LAST,), CACHE, RNN), TypeError, "dstate to be an array h, got t"),
]


@pytest.mark.parametrize(("function", "arguments", "error", "message"), REFUSED)
def test_wrong_arguments_are_named(function, arguments, error, message) -> None:
    """A wrong argument is refused by one sentence that says what was expected and what came."""
    with pytest.raises(error, match="^expected .*" + message):
        function(*arguments)


@pytest.mark.parametrize(
    ("options", "error", "message"),
    [
        ({"nonlinearity": "exp"}, ValueError, "nonlinearity 'tanh' or 'relu', got 'exp'"),
        ({"dropout_p": 1.0}, ValueError, r"dropout_p in \[0, 1\), got 1.0"),
        ({"dropout_p": "0"}, TypeError, "dropout_p to be a number, got str"),
        ({"dropout_p": 0.5}, TypeError, "rng to be a NumPy Generator, got NoneType"),
    ],
)
def test_wrong_options_are_named(options, error, message) -> None:
    """A wrong option is refused by one sentence that says what was expected and what came."""
    with pytest.raises(error, match="^expected .*" + message):
        stacked_forward(X, H, RNN, **options)
