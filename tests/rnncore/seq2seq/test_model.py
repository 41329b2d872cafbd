"""The encoder-decoder: every design against torch, gradients by the complex step, and forcing."""

import inspect

import claims
import numpy as np
import pytest
import torch
from claims import close
from seq2seq_case import BATCH, DESIGNS, HIDDEN, LENGTHS, SOURCE, TARGET, TARGET_VOCAB, case

from rnncore import (
    adam_init,
    adam_step,
    check_gradients,
    cross_entropy,
    cross_entropy_backward,
    named_arrays,
    seq2seq,
)
from rnncore.data import BOS, EOS
from rnncore.seq2seq import (
    Design,
    Memory,
    decoder_step,
    decoder_step_backward,
    encode,
    encode_backward,
    init_seq2seq,
    seq2seq_backward,
    seq2seq_forward,
    shift_right,
)
from rnncore.torch.seq2seq import Seq2Seq

EVERY = pytest.mark.parametrize("design", DESIGNS, ids=str)
PADDED = pytest.mark.parametrize("lengths", [None, LENGTHS], ids=str)


@pytest.mark.parity
@pytest.mark.parametrize(("dtype", "rtol"), [(np.float64, 1e-12), (np.float32, 1e-5)])
@PADDED
@EVERY
def test_values_are_those_of_torch(design, lengths, dtype, rtol) -> None:
    """The logits equal the counterpart in torch, and keep the dtype that came in."""
    source, target, params, _ = case(design, dtype=dtype)
    logits, cache = seq2seq_forward(source, target, params, design, lengths)
    want = Seq2Seq(params, design)(torch.tensor(source), torch.tensor(shift_right(target)), lengths)
    close(logits, want, rtol, rtol / 10)
    assert logits.dtype == dtype
    arrays = seq2seq_backward(logits, cache, params)
    assert {array.dtype for _, array in named_arrays(arrays)} == {np.dtype(dtype)}


@EVERY
def test_gradients_are_exact(design) -> None:
    """The gradient equals the complex step, by every parameter of encoder and decoder."""
    source, target, params, _ = case(design)
    check_gradients(
        lambda params: seq2seq_forward(source, target, params, design, LENGTHS),
        lambda dlogits, cache: seq2seq_backward(dlogits, cache, params),
        {"params": params},
        claims.rng(),
    )


@pytest.mark.parametrize("design", DESIGNS[:4], ids=str)
def test_gradients_are_exact_without_forcing(design) -> None:
    """The same where the model's own tokens are fed back: choosing them has no gradient."""
    source, target, params, _ = case(design)

    def forward(params):
        return seq2seq_forward(source, target, params, design, LENGTHS, 0.5, claims.rng(3))

    assert not np.array_equal(forward(params)[1].fed, shift_right(target))
    check_gradients(
        forward,
        lambda dlogits, cache: seq2seq_backward(dlogits, cache, params),
        {"params": params},
        claims.rng(),
    )


@EVERY
def test_the_gradient_of_a_step_is_exact(design) -> None:
    """One step of the decoder, by state, every parameter and what it sees of the memory."""
    source, target, params, _ = case(design)
    memory, encoded = encode(source, params.encoder, LENGTHS)
    seen = "outputs" if design.attends else "h_n" if design.context == "every_step" else None

    def forward(h, c, decoder, *part):
        inside = memory._replace(**dict(zip([seen], part, strict=False)))
        return decoder_step(target[:, 0], h, c, inside, decoder, design, encoded.mask)

    def backward(*upstream):
        dh, dc, dmemory, dparams = decoder_step_backward(*upstream, params.decoder)
        unseen = [part for name, part in dmemory._asdict().items() if name != seen]
        assert not any(part.any() for part in unseen)
        return dh, dc, dparams, *([getattr(dmemory, seen)] if seen else [])

    h, c = claims.rng().standard_normal((2, BATCH, HIDDEN))
    arguments = {"h_prev": h, "c_prev": c, "params": params.decoder}
    part = {seen: getattr(memory, seen)} if seen else {}
    check_gradients(forward, backward, arguments | part, claims.rng())


@PADDED
def test_the_gradient_of_the_encoder_is_exact(lengths) -> None:
    """Every part of the memory carries its gradient back."""
    source, _, params, _ = case(DESIGNS[0])

    def forward(encoder):
        memory, cache = encode(source, encoder, lengths)
        return *memory, cache

    check_gradients(
        forward,
        lambda *upstream: encode_backward(Memory(*upstream[:3]), upstream[3], params.encoder),
        {"params": params.encoder},
        claims.rng(),
    )


CHECKED = {
    "encode_backward": test_the_gradient_of_the_encoder_is_exact,
    "decoder_step_backward": test_the_gradient_of_a_step_is_exact,
    "seq2seq_backward": test_gradients_are_exact,
}


def test_no_backward_function_is_left_out() -> None:
    """Every backward function that is exported has its own gradient test, which calls it."""
    assert {name for name in seq2seq.__all__ if name.endswith("_backward")} == set(CHECKED)
    for name, check in CHECKED.items():
        assert name in inspect.getsource(check)


@EVERY
def test_padding_is_never_used(design) -> None:
    """Other ids at padding, and more of it, change no logit."""
    source, target, params, _ = case(design)
    logits, cache = seq2seq_forward(source, target, params, design, LENGTHS)
    mask = np.arange(SOURCE) < np.array(LENGTHS)[:, None]
    other = np.where(mask, source, (source + 1) % 9)
    wider = np.concatenate([other, other[:, :2]], axis=1)
    close(seq2seq_forward(other, target, params, design, LENGTHS)[0], logits, 0, 0)
    close(seq2seq_forward(wider, target, params, design, LENGTHS)[0], logits)
    if design.attends:
        assert cache.weights.shape == (BATCH, TARGET, SOURCE)
        assert not np.swapaxes(cache.weights, 1, 2)[~mask].any()
    else:
        assert cache.weights is None


@EVERY
def test_the_designs_see_the_source_as_they_say(design) -> None:
    """With the encoder's last state taken away, only what is seen at every step is left."""
    source, target, params, _ = case(design)
    memory, _ = encode(source, params.encoder)
    zeros = np.zeros((BATCH, HIDDEN))
    logits, *_ = decoder_step(target[:, 0], zeros, zeros, memory, params.decoder, design)
    blind, *_ = decoder_step(
        target[:, 0], zeros, zeros, memory._replace(h_n=zeros), params.decoder, design
    )
    dark = memory._replace(outputs=np.zeros_like(memory.outputs))
    unlit, *_ = decoder_step(target[:, 0], zeros, zeros, dark, params.decoder, design)
    assert np.array_equal(logits, blind) == (design.context != "every_step")
    assert np.array_equal(logits, unlit) == (not design.attends)


def test_the_query_is_the_state_that_the_design_names() -> None:
    """The weights of a step are those of the state before, or of the state just made."""
    for context in ("previous_query", "current_query"):
        source, target, params, design = case(Design(context))
        memory, _ = encode(source, params.encoder)
        _, h, _, cache = decoder_step(
            target[:, 0], memory.h_n, memory.c_n, memory, params.decoder, design
        )
        query = memory.h_n if context == "previous_query" else h
        scores = np.exp(np.einsum("bh,bsh->bs", query, memory.outputs))
        close(cache.attention.weights[:, 0], scores / scores.sum(axis=1, keepdims=True))


@EVERY
def test_told_tokens_are_shifted_by_one(design) -> None:
    """BOS comes first, a gold token changes the logits after it and none up to it."""
    source, target, params, _ = case(design)
    logits, cache = seq2seq_forward(source, target, params, design)
    assert (cache.fed[:, 0] == BOS).all()
    assert np.array_equal(cache.fed[:, 1:], target[:, :-1])
    other = target.copy()
    other[:, 1] = 3 + (target[:, 1] - 2) % 4
    changed, _ = seq2seq_forward(source, other, params, design)
    assert np.array_equal(changed[:, :2], logits[:, :2])
    assert not np.isclose(changed[:, 2], logits[:, 2]).all(axis=-1).any()


@EVERY
def test_free_running_never_sees_the_target(design) -> None:
    """Without forcing, another target gives the same logits, and the best token is fed back."""
    source, target, params, _ = case(design)
    logits, cache = seq2seq_forward(source, target, params, design, forcing=0.0)
    other, _ = seq2seq_forward(source, target * 0 + 5, params, design, forcing=0.0)
    assert np.array_equal(other, logits)
    assert np.array_equal(cache.fed[:, 1:], logits[:, :-1].argmax(axis=-1))


def test_forcing_is_a_ratio() -> None:
    """With forcing 0.8, about four of five tokens are told; the same rng gives the same coins."""
    source, _, params, design = case(DESIGNS[0])
    target = np.full((BATCH, 400), 1)
    fed = [
        seq2seq_forward(source, target, params, design, None, 0.8, claims.rng(1))[1].fed
        for _ in range(2)
    ]
    assert np.array_equal(*fed)
    assert 0.75 < (fed[0] == 1).mean() < 0.9


@pytest.mark.parametrize("design", [DESIGNS[0], DESIGNS[1], Design("previous_query")], ids=str)
def test_it_learns(design) -> None:
    """Two hundred steps on two pairs bring the loss from about ln 7 to below 0.1 nats."""
    params = init_seq2seq(6, TARGET_VOCAB, 5, 16, claims.rng(), design)
    source, target = np.array([[3, 4, 5], [5, 3, 4]]), np.array([[6, 3, 4, EOS], [4, 6, 3, EOS]])
    state = adam_init(params)
    for _ in range(200):
        logits, cache = seq2seq_forward(source, target, params, design)
        loss_nats, losses = cross_entropy(logits, target)
        gradients = seq2seq_backward(cross_entropy_backward(1.0, losses), cache, params)
        params, state = adam_step(params, gradients, state, learning_rate=0.02)
    assert loss_nats < 0.1


def test_nan_is_not_swallowed() -> None:
    """A NaN in a source token's vector is seen in the logits of the sequences that hold it."""
    source, target, params, design = case(Design("current_query"))
    source[:] = 1
    source[1, 2] = 0
    params.encoder.embedding[0] = np.nan
    logits, _ = seq2seq_forward(source, target, params, design)
    assert np.isnan(logits[1]).all()
    assert np.isfinite(logits[[0, 2]]).all()


CASE = case(DESIGNS[0])
SOURCE_IDS, TARGET_IDS, PARAMS, DESIGN = CASE
MEMORY = encode(SOURCE_IDS, PARAMS.encoder)[0]
LOGITS, CACHE = seq2seq_forward(*CASE)
H = MEMORY.h_n
TOKENS = TARGET_IDS[:, 0]
OTHER = Design("current_query")
REFUSED = [
    (seq2seq_forward, (SOURCE_IDS * 1.0, *CASE[1:]), TypeError, "source .* integers, got float64"),
    (seq2seq_forward, (SOURCE_IDS, TARGET_IDS[1:], *CASE[2:]), ValueError, r"target .*\(2, 4\)"),
    (seq2seq_forward, (SOURCE_IDS, TARGET_IDS[:, :0], *CASE[2:]), ValueError, "one step, got none"),
    (seq2seq_forward, (SOURCE_IDS + 9, *CASE[1:]), IndexError, "source between 0 and 8, got "),
    (
        seq2seq_forward,
        (SOURCE_IDS, TARGET_IDS - 7, *CASE[2:]),
        IndexError,
        "target between 0 and 6",
    ),
    (seq2seq_forward, (*CASE, [5, 6, 1]), ValueError, "lengths between 0 and 5, got 6"),
    (seq2seq_forward, (*CASE, None, 1.5), ValueError, "forcing between 0 and 1, got 1.5"),
    (seq2seq_forward, (*CASE, None, 0.5), ValueError, "rng where .*, got None at 0.5"),
    (seq2seq_forward, (*CASE, None, 0.5, 7), TypeError, "rng to be .*, got int"),
    (seq2seq_forward, (*CASE[:3], "initial"), TypeError, "a Design, got str"),
    (seq2seq_forward, (*CASE[:3], Design("last")), ValueError, "'initial', .*, got 'last'"),
    (seq2seq_forward, (*CASE[:3], OTHER), ValueError, r"weight_out .*features=12\), got \(7, 6\)"),
    (seq2seq_backward, (LOGITS[:, 1:], CACHE, PARAMS), ValueError, r"dlogits .*got \(3, 3, 7\)"),
    (
        encode,
        (SOURCE_IDS[0], PARAMS.encoder),
        ValueError,
        r"source .*\(batch, source\), got \(5,\)",
    ),
    (encode_backward, (MEMORY._replace(h_n=1.0), CACHE.encoder, PARAMS.encoder), TypeError, "dh_n"),
    (
        decoder_step,
        (TOKENS[1:], H, H, MEMORY, PARAMS.decoder, DESIGN),
        ValueError,
        r"tokens with shape \(batch=3\), got \(2,\)",
    ),
    (
        decoder_step_backward,
        (LOGITS[1:, 0], H, H, CACHE.steps[0], PARAMS.decoder),
        ValueError,
        r"dlogits .*got \(2, 7\)",
    ),
    (init_seq2seq, (0, 7, 2, 6, claims.rng()), ValueError, "source_vocab_size >= 1, got 0"),
    (init_seq2seq, (9, 7, 2, 6, 7), TypeError, "rng to be .*, got int"),
    (init_seq2seq, (9, 7, 2.5, 6, claims.rng()), TypeError, "embedding_dim .*, got float"),
]


@pytest.mark.parametrize(("function", "arguments", "error", "message"), REFUSED)
def test_wrong_arguments_are_named(function, arguments, error, message) -> None:
    """A wrong argument is refused by one sentence that says what was expected and what came."""
    with pytest.raises(error, match="^expected .*" + message):
        function(*arguments)
