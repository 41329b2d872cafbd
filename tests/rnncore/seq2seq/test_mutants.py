"""Faults of one line in the encoder-decoder, each with the claim that must notice it."""

from collections.abc import Callable
from functools import partial
from types import ModuleType

import claims
import numpy as np
import pytest
import torch
from claims import close
from mutants import Mutant, plant
from seq2seq_case import BATCH, DESIGNS, HIDDEN, LENGTHS, Case, case

from rnncore import check_gradients, map_params, seq2seq
from rnncore.data import EOS
from rnncore.seq2seq import Design, Memory, shift_right
from rnncore.torch.seq2seq import Seq2Seq

INITIAL, EVERY = DESIGNS[:2]
PREVIOUS, CURRENT = Design("previous_query", "additive"), Design("current_query", "bilinear")


def _step_is_torch(module: ModuleType, design: Design) -> None:
    """A decoder made of these steps gives the logits of the counterpart in torch."""
    source, target, params, _ = case(design)
    memory, encoded = seq2seq.encode(source, params.encoder, LENGTHS)
    h, c, logits = memory.h_n, memory.c_n, []
    for tokens in shift_right(target).T:
        scores, h, c, _ = module.decoder_step(
            tokens, h, c, memory, params.decoder, design, encoded.mask
        )
        logits.append(scores)
    _equals_torch(np.stack(logits, axis=1), design)


def _model_is_torch(module: ModuleType, design: Design) -> None:
    source, target, params, _ = case(design)
    _equals_torch(module.seq2seq_forward(source, target, params, design, LENGTHS)[0], design)


def _equals_torch(logits: np.ndarray, design: Design) -> None:
    source, target, params, _ = case(design)
    fed = torch.tensor(shift_right(target))
    close(logits, Seq2Seq(params, design)(torch.tensor(source), fed, LENGTHS))


def _step_is_exact(module: ModuleType, design: Design) -> None:
    """The gradient of a step equals the complex step, by states, parameters and memory."""
    source, target, params, _ = case(design)
    memory, encoded = seq2seq.encode(source, params.encoder, LENGTHS)
    seen = "outputs" if design.attends else "h_n"
    used = design.attends or design.context == "every_step"

    def forward(h, c, decoder, *part):
        inside = memory._replace(**{seen: part[0]}) if part else memory
        return seq2seq.decoder_step(target[:, 0], h, c, inside, decoder, design, encoded.mask)

    def backward(*upstream):
        dh, dc, dmemory, dparams = module.decoder_step_backward(*upstream, params.decoder)
        return dh, dc, dparams, *([getattr(dmemory, seen)] if used else [])

    h, c = claims.rng().standard_normal((2, BATCH, HIDDEN))
    arguments = {"h_prev": h, "c_prev": c, "params": params.decoder}
    part = {seen: getattr(memory, seen)} if used else {}
    check_gradients(forward, backward, arguments | part, claims.rng())


def _model_is_exact(module: ModuleType, design: Design) -> None:
    source, target, params, _ = case(design)
    check_gradients(
        lambda params: seq2seq.seq2seq_forward(source, target, params, design, LENGTHS),
        lambda dlogits, cache: module.seq2seq_backward(dlogits, cache, params),
        {"params": params},
        claims.rng(),
    )


def _encoder_is_exact(module: ModuleType) -> None:
    source, _, params, _ = case(INITIAL)

    def forward(encoder):
        memory, cache = seq2seq.encode(source, encoder, LENGTHS)
        return *memory, cache

    def backward(*upstream):
        return module.encode_backward(Memory(*upstream[:3]), upstream[3], params.encoder)

    check_gradients(forward, backward, {"params": params.encoder}, claims.rng())


def _decided(design: Design, seed: int, ending: float = 0.0) -> Case:
    """A model of larger weights: its choices differ from step to step."""
    drawn = case(design, seed)
    params = map_params(lambda array: 4 * array, drawn.params)
    params.decoder.bias_out[EOS] += ending
    return drawn._replace(params=params)


def _own_tokens_are_fed(module: ModuleType) -> None:
    """Without forcing, each step is fed the best token of the one before."""
    source, target, params, design = _decided(INITIAL, 6)
    logits, cache = module.seq2seq_forward(source, target, params, design, LENGTHS, 0.0)
    close(cache.fed[:, 1:], logits[:, :-1].argmax(axis=-1))


def _greedy_is_the_model(module: ModuleType) -> None:
    """Greedy tokens are those that the model, told none, finds best; their probability is theirs.

    Several seeds: some targets end early, some late.
    """
    for seed in range(3, 9):
        source, target, params, design = _decided(INITIAL, seed)
        written = module.greedy_decode(source, params, design, target.shape[1], LENGTHS)
        logits, _ = seq2seq.seq2seq_forward(source, target, params, design, LENGTHS, 0.0)
        log_probs = np.log(np.exp(logits) / np.exp(logits).sum(axis=-1, keepdims=True))
        for n, best in enumerate(log_probs.argmax(axis=-1)):
            ends = np.flatnonzero(best == EOS)
            length = ends[0] + 1 if ends.size else len(best)
            close(written.ids[n, :length], best[:length])
            assert not written.ids[n, length:].any()
            assert written.lengths[n] == length
            close(written.log_probs_nats[n], log_probs[n].max(axis=-1)[:length].sum())


def _beam_beats_greedy(module: ModuleType) -> None:
    """A beam of one is greedy, and a wide one never finds less than greedy does."""
    for seed in range(3, 6):
        source, _, params, design = _decided(PREVIOUS, seed, ending=-4)
        greedy = seq2seq.greedy_decode(source, params, design, 4, LENGTHS)
        narrow, wide = (
            module.beam_decode(source, params, design, 4, size, LENGTHS) for size in (1, 30)
        )
        close((narrow.lengths, narrow.log_probs_nats), (greedy.lengths, greedy.log_probs_nats))
        assert (wide.log_probs_nats >= greedy.log_probs_nats - 1e-12).all()
        retold = seq2seq.seq2seq_forward(source, wide.ids, params, design, LENGTHS)[0]
        log_probs = np.log(np.exp(retold) / np.exp(retold).sum(axis=-1, keepdims=True))
        picked = np.take_along_axis(log_probs, wide.ids[..., None], axis=-1)[..., 0]
        real = np.arange(wide.ids.shape[1]) < wide.lengths[:, None]
        close((picked * real).sum(axis=1), wide.log_probs_nats)


STEP, BACK = partial(partial, _step_is_torch), partial(partial, _step_is_exact)
MODEL, WHOLE = partial(partial, _model_is_torch), partial(partial, _model_is_exact)
DECODER, ENTIRE, WRITING = "seq2seq/decoder", "seq2seq/model", "seq2seq/decoding"

FAULTS: tuple[tuple[str, str, str, Callable[[ModuleType], None], str], ...] = (
    ("decoder_step", "[x, memory.h_n]", "[memory.h_n, x]", STEP(design=EVERY), DECODER),
    ("decoder_step", "[x, memory.h_n]", "[x, h_prev]", STEP(design=EVERY), DECODER),
    ("decoder_step", "_look(h_prev, memory", "_look(c_prev, memory", STEP(design=PREVIOUS),
     DECODER),
    ("decoder_step", "_look(h, memory", "_look(h_prev, memory", STEP(design=CURRENT), DECODER),
    ("decoder_step", "[h, context]", "[context, h]", STEP(design=CURRENT), DECODER),
    ("decoder_step", " + params.bias_out", "", STEP(design=INITIAL), DECODER),
    ("_look", "params, mask, design", "params, None, design", STEP(design=PREVIOUS), DECODER),
    ("decoder_step_backward", "dh = dh + dfeatures", "dh = dfeatures", BACK(design=INITIAL),
     DECODER),
    ("decoder_step_backward", "dh, dmemory = dh + dquery", "dh, dmemory = dh", BACK(design=CURRENT),
     DECODER),
    ("decoder_step_backward", "dh_prev + dquery", "dh_prev", BACK(design=PREVIOUS), DECODER),
    ("decoder_step_backward", "dmemory._replace(h_n=dcontext)", "dmemory", BACK(design=EVERY),
     DECODER),
    ("decoder_step_backward", "dlogits.sum(axis=0)", "dlogits.mean(axis=0)", BACK(design=INITIAL),
     DECODER),
    ("_look_back", "dkeys + dvalues", "dvalues", BACK(design=PREVIOUS), DECODER),
    ("_look_back", "dkeys + dvalues", "dkeys", BACK(design=CURRENT), DECODER),
    ("seq2seq_forward", "memory.h_n, memory.c_n, shift", "memory.c_n, memory.h_n, shift",
     MODEL(design=INITIAL), ENTIRE),
    ("seq2seq_forward", "shift_right(target)", "target.copy()", MODEL(design=INITIAL), ENTIRE),
    ("seq2seq_forward", ", encoded.mask", "", MODEL(design=PREVIOUS), ENTIRE),
    ("seq2seq_forward", "outputs[-1]", "outputs[0]", _own_tokens_are_fed, ENTIRE),
    ("seq2seq_backward", "reversed(range(target))", "range(target)", WHOLE(design=INITIAL), ENTIRE),
    ("seq2seq_backward", "h_n=dmemory.h_n + dh", "h_n=dmemory.h_n", WHOLE(design=INITIAL), ENTIRE),
    ("seq2seq_backward", "c_n=dmemory.c_n + dc", "c_n=dmemory.c_n", WHOLE(design=INITIAL), ENTIRE),
    ("seq2seq_backward", "np.add, dmemory, dmemory_t", "np.subtract, dmemory, dmemory_t",
     WHOLE(design=EVERY), ENTIRE),
    ("seq2seq_backward", "np.add, dparams, dparams_t", "np.maximum, dparams, dparams_t",
     WHOLE(design=INITIAL), ENTIRE),
    ("encode_backward", "(dmemory.h_n, dmemory.c_n)", "(dmemory.c_n, dmemory.h_n)",
     _encoder_is_exact, "seq2seq/encoder"),
    ("encode_backward", "lstm_backward(dmemory.outputs", "lstm_backward(0 * dmemory.outputs",
     _encoder_is_exact, "seq2seq/encoder"),
    ("_write", "np.where(alive, picked, 0)", "picked", _greedy_is_the_model, WRITING),
    ("_write", "np.where(alive, tokens, PAD)", "tokens", _greedy_is_the_model, WRITING),
    ("_write", "first + 1", "first", _greedy_is_the_model, WRITING),
    ("_search", "(length == max_length)", "False", _beam_beats_greedy, WRITING),
    ("_grow", "beam.ids[rows]", "beam.ids[: len(rows)]", _beam_beats_greedy, WRITING),
    ("_grow", "h[rows], c[rows]", "h[rows], c[rows * 0]", _beam_beats_greedy, WRITING),
    ("_grow", "np.argsort(-log_probs", "np.argsort(log_probs", _beam_beats_greedy, WRITING),
)  # fmt: skip
MUTANTS = [Mutant(*fault) for fault in FAULTS]


@pytest.mark.parametrize("mutant", MUTANTS, ids=lambda m: f"{m.function}: {m.right} -> {m.wrong}")
def test_planted_fault_is_noticed(mutant: Mutant) -> None:
    """A fault of one line breaks the claim that covers it."""
    planted = plant(mutant.function, mutant.right, mutant.wrong, mutant.cell)
    with pytest.raises((AssertionError, ValueError, IndexError)):
        mutant.claim(planted)


HOLDING = {str(mutant.claim): mutant.claim for mutant in MUTANTS}.values()


@pytest.mark.parametrize("claim", HOLDING)
def test_claims_hold_without_a_fault(claim) -> None:
    """The same claims pass on the package itself: the fault is what they notice."""
    claim(seq2seq)
