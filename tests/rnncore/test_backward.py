"""Every backward function of the package, by the complex step, by every input and parameter."""

import sys

import claims
import hidden_claims as hidden
import numpy as np
import pytest
from claims import LENGTHS
from stack_claims import INITS, stack_case

import rnncore
from rnncore import check_gradients

CELL = sys.modules["rnncore.lstm"]
HIDDEN_KINDS = ((hidden.TANH, hidden.RELU), (hidden.AFTER, hidden.BEFORE))


def _elementwise(name: str):
    def check() -> None:
        function, backward = getattr(rnncore, name), getattr(rnncore, name + "_backward")

        def forward(x: np.ndarray):
            y = function(x)
            return y, y

        check_gradients(
            forward, backward, {"x": claims.rng().standard_normal((3, 5))}, claims.rng()
        )

    return check


def _cross_entropy(mask) -> None:
    draw = claims.rng()
    targets = draw.integers(0, 5, (3, 4))
    check_gradients(
        lambda logits: rnncore.cross_entropy(logits, targets, mask),
        rnncore.cross_entropy_backward,
        {"logits": draw.standard_normal((3, 4, 5))},
        draw,
    )


def _mean_squared_error() -> None:
    draw = claims.rng()
    target = draw.standard_normal((3, 4))
    check_gradients(
        lambda prediction: rnncore.mean_squared_error(prediction, target),
        rnncore.mean_squared_error_backward,
        {"prediction": draw.standard_normal((3, 4))},
        draw,
    )


def _scores(score: str) -> None:
    function = getattr(rnncore, f"{score}_scores")
    backward = getattr(rnncore, f"{score}_scores_backward")
    draw, learned = claims.rng(), score in ("bilinear", "additive")
    arguments = {
        "query": draw.standard_normal((3, 2, 4)),
        "keys": draw.standard_normal((3, 5, 6 if learned else 4)),
    }
    params = rnncore.init_attention(4, 6, draw, score, 7) if learned else ()
    check_gradients(
        function,
        lambda dscores, cache: backward(dscores, cache, *([params] if learned else [])),
        arguments | ({"params": params} if learned else {}),
        draw,
    )


def _attention_weights(mask) -> None:
    def forward(scores: np.ndarray):
        weights = rnncore.attention_weights(scores, mask)
        return weights, weights

    check_gradients(
        forward,
        rnncore.attention_weights_backward,
        {"scores": claims.rng().standard_normal((3, 2, 5))},
        claims.rng(),
    )


def _attention(score: str) -> None:
    draw = claims.rng()
    params = rnncore.init_attention(4, 4, draw, score, 7)
    arguments = {
        "query": draw.standard_normal((3, 2, 4)),
        "keys": draw.standard_normal((3, 5, 4)),
        "values": draw.standard_normal((3, 5, 6)),
        "params": params,
    }
    check_gradients(
        lambda *inputs: rnncore.attention(*inputs, rnncore.length_mask([5, 0, 3], 5), score),
        lambda *upstream: rnncore.attention_backward(*upstream, params),
        arguments,
        draw,
    )


def _embedding(padding_id) -> None:
    draw = claims.rng()
    # Ids that repeat, ids that never come.
    ids = np.array([[4, 0, 4, 2], [2, 4, 0, 0], [4, 5, 5, 4]])
    weight = draw.standard_normal((7, 2))

    def forward(weight: np.ndarray):
        vectors, cache = rnncore.embed(ids, weight, padding_id)
        if padding_id is not None:
            # Its row is a constant, although it is read.
            vectors = np.where((ids == padding_id)[..., None], vectors.real, vectors)
        return vectors, cache

    check_gradients(forward, rnncore.embedding_backward, {"weight": weight}, draw)


def _dropout(**options) -> None:
    check_gradients(
        lambda x: rnncore.dropout(x, 0.4, claims.rng(), **options),
        rnncore.dropout_backward,
        {"x": claims.rng(8).standard_normal((3, 5, 4))},
        claims.rng(),
    )


def _cell(kind, lengths) -> None:
    x, state, params = stack_case(kind, 1, 1)
    state = tuple(part[0] for part in state) if kind == "lstm" else (state[0],)
    params = params[0][0]
    check_gradients(
        lambda *arguments: rnncore.cell_forward(*arguments, lengths),
        lambda doutput, dstate, cache: rnncore.cell_backward(doutput, dstate, cache, params),
        {"x": x, "state": state, "params": params},
        claims.rng(),
    )


def _stacked(kind, layers, directions, lengths) -> None:
    case = stack_case(kind, layers, directions)
    check_gradients(
        lambda *arguments: rnncore.stacked_forward(*arguments, lengths),
        lambda doutput, dstate, cache: rnncore.stacked_backward(
            doutput, dstate, cache, case.params
        ),
        case._asdict(),
        claims.rng(),
    )


def _tbptt(kind, size) -> None:
    case = stack_case(kind, 2, 1)

    def forward(x: np.ndarray, state, params):
        *_, cache = rnncore.tbptt_forward(rnncore.stacked_forward, x, state, params, size)
        outputs = []
        for window in rnncore.windows(claims.SEQ, size):
            output, last, _ = rnncore.stacked_forward(x[:, window], state, params)
            outputs.append(output)
            # A constant for the next window: the imaginary part stays behind.
            state = rnncore.map_params(lambda h: h.real.astype(h.dtype), last)
        return np.concatenate(outputs, axis=1), last, cache

    check_gradients(
        forward,
        lambda doutput, dstate, cache: rnncore.tbptt_backward(
            rnncore.stacked_backward, doutput, dstate, cache, case.params
        ),
        case._asdict(),
        claims.rng(),
    )


CHECKS = {
    **{
        f"{name}_backward": [_elementwise(name)]
        for name in ("sigmoid", "tanh", "relu", "softmax", "log_softmax")
    },
    **{
        f"{kinds[0].name}_step_backward": [
            lambda kind=kind: hidden.step_backward_is_exact(rnncore, kind) for kind in kinds
        ]
        for kinds in HIDDEN_KINDS
    },
    **{
        f"{kinds[0].name}_backward": [
            lambda lengths=lengths, kind=kind: hidden.backward_is_exact(rnncore, kind, lengths)
            for lengths in LENGTHS
            for kind in kinds
        ]
        for kinds in HIDDEN_KINDS
    },
    "lstm_step_backward": [lambda: claims.lstm_step_backward_is_exact(CELL)],
    "lstm_backward": [
        lambda lengths=lengths: claims.lstm_backward_is_exact(CELL, lengths) for lengths in LENGTHS
    ],
    **{
        f"{score}_scores_backward": [lambda score=score: _scores(score)]
        for score in ("dot", "scaled_dot", "bilinear", "additive")
    },
    "attention_weights_backward": [
        lambda: _attention_weights(None),
        lambda: _attention_weights(rnncore.length_mask([5, 0, 3], 5)),
    ],
    "attention_backward": [
        lambda score=score: _attention(score)
        for score in ("dot", "scaled_dot", "bilinear", "additive")
    ],
    "cell_backward": [
        lambda kind=kind, lengths=lengths: _cell(kind, lengths)
        for kind in INITS
        for lengths in LENGTHS
    ],
    "stacked_backward": [
        lambda kind=kind, form=form, lengths=lengths: _stacked(kind, *form, lengths)
        for kind in INITS
        for form in ((1, 2), (3, 1), (2, 2))
        for lengths in LENGTHS
    ],
    "tbptt_backward": [
        lambda kind=kind, size=size: _tbptt(kind, size) for kind in INITS for size in (2, 5)
    ],
    "embedding_backward": [lambda: _embedding(None), lambda: _embedding(2)],
    "dropout_backward": [
        _dropout,
        lambda: _dropout(shared_axis=1),
        lambda: _dropout(training=False),
    ],
    "cross_entropy_backward": [
        lambda: _cross_entropy(None),
        lambda: _cross_entropy(rnncore.length_mask([4, 0, 1], 4)),
    ],
    "mean_squared_error_backward": [_mean_squared_error],
}


@pytest.mark.parametrize(
    "check", [pytest.param(check, id=name) for name, checks in CHECKS.items() for check in checks]
)
def test_gradient_is_exact(check) -> None:
    """The gradient equals the complex step to a relative error of 1e-10."""
    check()


def test_no_backward_function_is_left_out() -> None:
    """The table above names exactly the backward functions that the package exports."""
    assert set(CHECKS) == {name for name in rnncore.__all__ if name.endswith("_backward")}
