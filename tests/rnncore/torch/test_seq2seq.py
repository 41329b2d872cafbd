"""The encoder-decoder for autograd: its gradients are those written by hand."""

import claims
import numpy as np
import pytest
import torch
from claims import close
from seq2seq_case import DESIGNS, LENGTHS, case

from rnncore.seq2seq import seq2seq_backward, seq2seq_forward, shift_right
from rnncore.torch import Seq2Seq, from_module

pytestmark = pytest.mark.parity


@pytest.mark.parametrize("lengths", [None, LENGTHS], ids=str)
@pytest.mark.parametrize("design", DESIGNS, ids=str)
def test_autograd_agrees_with_the_backward_written_by_hand(design, lengths) -> None:
    """Gradients by every parameter equal the NumPy reference."""
    source, target, params, _ = case(design)
    module = Seq2Seq(params, design)
    logits = module(torch.tensor(source), torch.tensor(shift_right(target)), lengths)
    weights = claims.rng(9).standard_normal(logits.shape)
    (logits * torch.tensor(weights)).sum().backward()

    _, cache = seq2seq_forward(source, target, params, design, lengths)
    encoder, decoder = seq2seq_backward(weights, cache, params)
    want = (
        (module.source_embedding, encoder.embedding),
        (module.target_embedding, decoder.embedding),
        (module.weight_out, decoder.weight_out),
        (module.bias_out, decoder.bias_out),
        *zip(module.encoder.parameters(), encoder.lstm, strict=True),
        *zip(module.decoder.parameters(), decoder.lstm, strict=True),
        *zip(module.attention, decoder.attention, strict=True),
    )
    assert len(want) == len(list(module.parameters()))
    for parameter, gradient in want:
        close(gradient, parameter.grad, 1e-11, 1e-12)


def test_the_module_has_parameters_of_its_own() -> None:
    """Changing the module leaves the arrays it was made from as they are."""
    _, _, params, design = case(DESIGNS[-1])
    module = Seq2Seq(params, design)
    with torch.no_grad():
        for parameter in module.parameters():
            parameter.zero_()
    assert all(np.abs(array).max() > 0 for array in params.decoder.attention)
    assert params.encoder.embedding.any()
    assert not any(array.any() for array in from_module(module.encoder))


def test_other_lengths_are_refused() -> None:
    """A length beyond the source is named."""
    source, target, params, design = case(DESIGNS[0])
    with pytest.raises(ValueError, match="expected lengths between 0 and 5, got 6"):
        Seq2Seq(params, design)(torch.tensor(source), torch.tensor(target), [5, 6, 1])
