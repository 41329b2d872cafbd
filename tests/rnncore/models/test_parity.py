"""The models against the same models built of torch's modules."""

import claims
import numpy as np
import pytest
import torch
from model_case import CELLS, LENGTHS, reader_case
from torch import nn

from rnncore import map_params, named_arrays
from rnncore.models import (
    classifier_backward,
    classifier_forward,
    language_model_backward,
    language_model_forward,
    start_state,
    tagger_backward,
    tagger_forward,
    tagger_predict,
)
from rnncore.torch import stack_to_module

pytestmark = pytest.mark.parity
EACH_CELL = pytest.mark.parametrize("cell", CELLS)
REAL = [5, 2, 3]
FORM = {"embedding_dim": 2, "num_layers": 2}


class InTorch(nn.Module):
    """The body of the three models that read one sequence."""

    def __init__(self, params) -> None:
        super().__init__()
        self.embedding = nn.Embedding.from_pretrained(torch.tensor(params.embedding), freeze=False)
        self.stack = stack_to_module(params.layers)
        self.weight = nn.Parameter(torch.tensor(params.weight_out))
        self.bias = nn.Parameter(torch.tensor(params.bias_out))

    def forward(self, ids: torch.Tensor):
        """Return outputs with zeros at padding, and the last hidden state of each direction."""
        packed = nn.utils.rnn.pack_padded_sequence(
            self.embedding(ids), torch.tensor(REAL), batch_first=True, enforce_sorted=False
        )
        output, last = self.stack(packed)
        output, _ = nn.utils.rnn.pad_packed_sequence(output, batch_first=True)
        return output, last[0] if isinstance(last, tuple) else last

    def gradients(self, loss: torch.Tensor) -> list[np.ndarray]:
        """Return gradients in the order of our parameters."""
        loss.backward()
        inside = [weight.grad.numpy() for weight in self.stack.parameters()]
        return [self.embedding.weight.grad.numpy(), *inside, self.weight.grad, self.bias.grad]


def same(loss_nats, dparams, module: InTorch, wanted: torch.Tensor) -> None:
    """Compare the loss and each gradient."""
    claims.close(loss_nats, wanted)
    ours = [array for _, array in named_arrays(dparams)]
    theirs = module.gradients(wanted)
    assert len(ours) == len(theirs)
    for got, want in zip(ours, theirs, strict=True):
        np.testing.assert_allclose(got, want, rtol=1e-10, atol=1e-14)


def token_loss(module: InTorch, output: torch.Tensor, targets: np.ndarray) -> torch.Tensor:
    """The mean over real tokens."""
    right = torch.tensor(targets)
    right[torch.arange(targets.shape[1]) >= torch.tensor(REAL)[:, None]] = -100
    scores = output @ module.weight.T + module.bias
    return nn.functional.cross_entropy(scores.flatten(0, 1), right.flatten())


@EACH_CELL
def test_the_tagger_is_that_of_torch(cell) -> None:
    """Loss, gradients and labels of two layers in two directions."""
    inputs, targets, params = reader_case(cell, bidirectional=True, **FORM)
    # Scores without a bias: with it, one label would win everywhere.
    params = params._replace(bias_out=np.zeros_like(params.bias_out))
    module = InTorch(params)
    loss_nats, cache = tagger_forward(inputs, targets, params, REAL)
    output, _ = module(torch.tensor(inputs))
    same(
        loss_nats,
        tagger_backward(1.0, cache, params),
        module,
        token_loss(module, output, targets),
    )
    labels = (output @ module.weight.T + module.bias).argmax(-1).numpy()
    real = np.arange(inputs.shape[1]) < np.array(REAL)[:, None]
    assert (tagger_predict(inputs, params, REAL) == labels)[real].all()
    assert len(np.unique(labels[real])) > 1


@EACH_CELL
@pytest.mark.parametrize("bidirectional", [False, True])
@pytest.mark.parametrize("summary", ["last", "mean"])
def test_the_classifier_is_that_of_torch(cell, bidirectional, summary) -> None:
    """Loss and gradients, with the last state and with the mean over real outputs."""
    inputs, targets, params = reader_case(cell, bidirectional=bidirectional, **FORM)
    module = InTorch(params)
    loss_nats, cache = classifier_forward(inputs, targets[:, 0], params, REAL, summary=summary)
    output, h_n = module(torch.tensor(inputs))
    last = torch.cat([h_n[-2], h_n[-1]], dim=-1) if bidirectional else h_n[-1]
    mean = output.sum(dim=1) / torch.tensor(REAL)[:, None]
    features = last if summary == "last" else mean
    wanted = nn.functional.cross_entropy(
        features @ module.weight.T + module.bias, torch.tensor(targets[:, 0])
    )
    same(loss_nats, classifier_backward(1.0, cache, params), module, wanted)


@EACH_CELL
def test_the_language_model_is_that_of_torch(cell) -> None:
    """Loss and gradients from the zero state."""
    inputs, targets, params = reader_case(cell, **FORM)
    module = InTorch(params)
    state = start_state(params, len(inputs))
    loss_nats, _, cache = language_model_forward(inputs, targets, state, params, REAL)
    output, _ = module(torch.tensor(inputs))
    same(
        loss_nats,
        language_model_backward(1.0, cache, params),
        module,
        token_loss(module, output, targets),
    )


@EACH_CELL
@pytest.mark.parametrize("lengths", LENGTHS, ids=str)
def test_one_hot_is_an_embedding_of_unit_vectors(cell, lengths) -> None:
    """Tokens that enter one-hot give the loss and gradients of an embedding fixed at identity."""
    inputs, targets, params = reader_case(cell)
    spelled = params._replace(embedding=np.eye(params.layers[0][0].weight_ih.shape[1]))
    loss_nats, cache = tagger_forward(inputs, targets, params, lengths)
    wanted, spelled_cache = tagger_forward(inputs, targets, spelled, lengths)
    claims.close(loss_nats, wanted)
    got = tagger_backward(1.0, cache, params)
    want = tagger_backward(1.0, spelled_cache, spelled)
    assert got.embedding == ()
    claims.close(got, want._replace(embedding=()))
    assert map_params(np.shape, got.layers) == map_params(np.shape, params.layers)
