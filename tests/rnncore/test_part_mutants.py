"""Faults of one line in embedding, dropout and the calling form of cells, each noticed."""

from types import ModuleType

import claims
import numpy as np
import pytest
import torch
from claims import close
from mutants import Mutant, plant
from stack_claims import stack_case

import rnncore
from rnncore import check_gradients

IDS = np.array([[4, 0, 4, 2], [2, 4, 0, 0], [4, 5, 5, 4]])
PADDING_ID = 2


def _table_is_read(module: ModuleType) -> None:
    """Vectors are those of `nn.Embedding`, and writing into them leaves the table alone."""
    weight = claims.rng().standard_normal((7, 3))
    vectors, _ = module.embed(IDS, weight, PADDING_ID)
    close(vectors, torch.nn.functional.embedding(torch.tensor(IDS), torch.tensor(weight)))


def _table_gets_gradients(module: ModuleType) -> None:
    """The gradient of the table is that of `nn.Embedding`, with its padding row at 0."""
    draw = claims.rng()
    weight, dvectors = draw.standard_normal((7, 3)), draw.standard_normal((*IDS.shape, 3))
    _, cache = rnncore.embed(IDS, weight, PADDING_ID)
    table = torch.tensor(weight, requires_grad=True)
    torch.nn.functional.embedding(torch.tensor(IDS), table, PADDING_ID).backward(
        torch.tensor(dvectors)
    )
    close(module.embedding_backward(dvectors, cache), table.grad)


def _ids_outside_are_refused(module: ModuleType) -> None:
    weight = np.ones((7, 3))
    for wrong in (-1, 7):
        with pytest.raises(IndexError, match=r"^expected ids between 0 and 6"):
            module.embed(np.array([wrong]), weight)


def _mean_is_kept(module: ModuleType) -> None:
    """Of 40 000 ones, a share p is 0, the rest 1 / (1 - p), and the mean stays 1 within 2 %."""
    y, _ = module.dropout(np.ones(40_000), 0.3, claims.rng())
    assert np.abs(y.mean() - 1) < 0.02
    assert np.abs((y == 0).mean() - 0.3) < 0.02
    close(np.unique(y), np.array([0, 1 / 0.7]))


def _dropout_is_exact(module: ModuleType) -> None:
    check_gradients(
        lambda x: rnncore.dropout(x, 0.4, claims.rng()),
        module.dropout_backward,
        {"x": claims.rng(8).standard_normal((3, 5, 4))},
        claims.rng(),
    )


def _evaluation_drops_nothing(module: ModuleType) -> None:
    x = claims.rng().standard_normal((3, 5))
    close(module.dropout(x, 0.4, claims.rng(), training=False)[0], x)


def _axis_is_shared(module: ModuleType) -> None:
    """Along the shared axis the same features are dropped, between sequences others."""
    y, _ = module.dropout(np.ones((3, 5, 40)), 0.5, claims.rng(), shared_axis=1)
    close(y, np.repeat(y[:, :1], 5, axis=1))
    assert not np.array_equal(y[0], y[1])


def _cells_are_theirs(module: ModuleType) -> None:
    """The calling form gives what the functions of each cell give, with options and lengths."""
    lengths = [5, 1, 3]
    for kind, options in (("rnn", {"nonlinearity": "relu"}), ("gru", {"reset": "before"})):
        x, state, params = stack_case(kind, 1, 1)
        h_0, params = state[0], params[0][0]
        forward = getattr(rnncore, f"{kind}_forward")
        want, h_n, _ = forward(x, h_0, params, lengths, *options.values())
        output, state, cache = module.cell_forward(x, (h_0,), params, lengths, **options)
        close((output, state), (want, (h_n,)))
        _reverse_is_theirs(module, kind, (output, state), cache, params)
    x, (h_0, c_0), params = stack_case("lstm", 1, 1)
    want, last, _ = rnncore.lstm_forward(x, h_0[0], c_0[0], params[0][0], lengths)
    output, state, cache = module.cell_forward(x, (h_0[0], c_0[0]), params[0][0], lengths)
    close((output, state), (want, last))
    dstate = tuple(claims.rng(9).standard_normal((2, *h_0[0].shape)))
    dx, dstart, dparams = module.cell_backward(output, dstate, cache, params[0][0])
    close((dx, *dstart, dparams), rnncore.lstm_backward(output, dstate, cache, params[0][0]))


def _reverse_is_theirs(module, kind, results, cache, params) -> None:
    output, (h_n,) = results
    dx, (dh_0,), dparams = module.cell_backward(output, (h_n,), cache, params)
    backward = getattr(rnncore, f"{kind}_backward")
    close((dx, dh_0, dparams), backward(output, h_n, cache, params))


READ, SUMMED, SHARED = _table_is_read, _table_gets_gradients, _axis_is_shared
FAULTS = (
    ("embed", "weight[ids]", "weight[ids - 1]", READ, "embedding"),
    ("embed", '_check_ids("ids", ids, len(weight))', "pass", _ids_outside_are_refused, "embedding"),
    ("embedding_backward", "np.add.at(dweight, ids, dvectors)", "dweight[ids] = dvectors", SUMMED,
     "embedding"),
    ("embedding_backward", "dweight[padding_id] = 0", "pass", SUMMED, "embedding"),
    ("_check_ids", "(array < 0) | (array", "(array", _ids_outside_are_refused, "embedding"),
    ("_check_ids", "array >= vocab_size", "array > vocab_size", _ids_outside_are_refused,
     "embedding"),
    ("dropout", ">= p", "< p", _mean_is_kept, "dropping"),
    ("dropout", "keep / (1 - p)", "keep / p", _mean_is_kept, "dropping"),
    ("dropout", "keep / (1 - p)", "keep", _mean_is_kept, "dropping"),
    ("dropout", "not training or", "", _evaluation_drops_nothing, "dropping"),
    ("dropout_backward", "_drop(dy, cache.scale)", "dy.copy()", _dropout_is_exact, "dropping"),
    ("_mask_shape", "axis == shared_axis", "axis != shared_axis", SHARED, "dropping"),
    ("cell_forward", "params, lengths, reset", "params, lengths", _cells_are_theirs, "cells"),
    ("cell_forward", "params, lengths, nonlinearity", "params, lengths", _cells_are_theirs,
     "cells"),
    ("cell_forward", "state[0], state[1], params, lengths", "state[1], state[0], params, lengths",
     _cells_are_theirs, "cells"),
    ("cell_backward", "(dh_n, dc_n), cache", "(dc_n, dh_n), cache", _cells_are_theirs, "cells"),
    ("cell_backward", "(dh_0, dc_0), cast", "(dc_0, dh_0), cast", _cells_are_theirs, "cells"),
)  # fmt: skip
MUTANTS = [Mutant(*fault) for fault in FAULTS]


@pytest.mark.parametrize("mutant", MUTANTS, ids=lambda m: f"{m.function}: {m.right} -> {m.wrong}")
def test_planted_fault_is_noticed(mutant: Mutant) -> None:
    """A fault of one line breaks the claim that covers it."""
    with pytest.raises((AssertionError, pytest.fail.Exception)):
        mutant.claim(plant(mutant.function, mutant.right, mutant.wrong, mutant.cell))


@pytest.mark.parametrize("claim", sorted({m.claim for m in MUTANTS}, key=lambda f: f.__name__))
def test_claims_hold_without_a_fault(claim) -> None:
    """The same claims pass on the package itself: the fault is what they notice."""
    claim(rnncore)
