"""Faults of one line in what stands on the cells, each with the claim that must notice it."""

from types import ModuleType

import claims
import numpy as np
import pytest
from claims import close
from mutants import Mutant, plant
from stack_claims import stack_case

import rnncore
from rnncore import check_gradients
from rnncore.sequence import reverse_steps

LENGTHS = [5, 1, 3]


def _reverse_is_exact(module: ModuleType) -> None:
    case = stack_case("lstm", 2, 2)
    check_gradients(
        lambda *arguments: rnncore.stacked_forward(
            *arguments, LENGTHS, dropout_p=0.4, rng=claims.rng(3)
        ),
        lambda doutput, dstate, cache: module.stacked_backward(doutput, dstate, cache, case.params),
        case._asdict(),
        claims.rng(),
    )


def _forward_is_two_cells(module: ModuleType) -> None:
    x, (h, c), params = stack_case("lstm", 2, 2)
    below, *_ = rnncore.stacked_forward(x, (h[[0]], c[[0]]), ((params[0][0],),), LENGTHS)
    output, (h_n, c_n), _ = module.stacked_forward(x, (h, c), params, LENGTHS)
    half = module.stacked_forward(x, (h[:2], c[:2]), params[:1], LENGTHS)[0]
    close(half[..., : claims.HIDDEN], below)
    turned = reverse_steps(half, LENGTHS)
    want, (h_1, c_1), _ = rnncore.stacked_forward(
        turned, (h[[3]], c[[3]]), ((params[1][1],),), LENGTHS
    )
    close(output[..., claims.HIDDEN :], reverse_steps(want, LENGTHS))
    close((h_n[3], c_n[3]), (h_1[0], c_1[0]))


def _windows_are_cut(module: ModuleType) -> None:
    (x, h_0, params), size = claims.rnn_case(), 2
    _, last, cache = rnncore.tbptt_forward(rnncore.cell_forward, x, (h_0,), params, size)
    doutput = claims.rng(8).standard_normal((*x.shape[:2], claims.HIDDEN))
    dx, dstate, dparams = module.tbptt_backward(rnncore.cell_backward, doutput, last, cache, params)
    end = rnncore.cell_backward(doutput[:, 4:], last, cache.caches[-1], params)
    none = tuple(np.zeros_like(part) for part in last)
    start = rnncore.cell_backward(doutput[:, :2], none, cache.caches[0], params)
    middle = rnncore.cell_backward(doutput[:, 2:4], none, cache.caches[1], params)
    close((dx[:, 4:], dx[:, :2], dstate), (end[0], start[0], start[1]))
    total = rnncore.map_params(lambda a, b, c: a + b + c, start[2], middle[2], end[2])
    close(dparams, total)


def _windows_carry_the_state(module: ModuleType) -> None:
    x, h_0, params = claims.rnn_case()
    got = module.tbptt_forward(rnncore.cell_forward, x, (h_0,), params, 2, LENGTHS)
    close(got[:2], rnncore.cell_forward(x, (h_0,), params, LENGTHS)[:2])


FAULTS = (
    ("stacked_forward", "reverse=direction > 0", "reverse=False", _forward_is_two_cells, "layers"),
    ("stacked_backward", "reverse=direction > 0", "reverse=False", _reverse_is_exact, "layers"),
    ("stacked_backward", "runs[1:]", "runs[:0]", _reverse_is_exact, "layers"),
    ("stacked_backward", "dstarts[:0] = ", "dstarts += ", _reverse_is_exact, "layers"),
    ("stacked_backward", "dlayers.insert(0, ", "dlayers.append(", _reverse_is_exact, "layers"),
    (
        "stacked_backward",
        "dropout_backward(doutput, cache.dropped[layer - 1])",
        "doutput",
        _reverse_is_exact,
        "layers",
    ),
    ("tbptt_forward", "lengths - window.start", "lengths", _windows_carry_the_state, "tbptt"),
    ("tbptt_backward", "if dxs else dstate", "if not dxs else dstate", _windows_are_cut, "tbptt"),
    ("tbptt_backward", "dxs.insert(0, dx)", "dxs.append(dx)", _windows_are_cut, "tbptt"),
    ("tbptt_backward", "np.add), parts", "np.subtract), parts", _windows_are_cut, "tbptt"),
)
MUTANTS = [Mutant(*fault) for fault in FAULTS]


@pytest.mark.parametrize("mutant", MUTANTS, ids=lambda m: f"{m.function}: {m.right} -> {m.wrong}")
def test_planted_fault_is_noticed(mutant: Mutant) -> None:
    """A fault of one line breaks the claim that covers it."""
    with pytest.raises(AssertionError):
        mutant.claim(plant(mutant.function, mutant.right, mutant.wrong, mutant.cell))


@pytest.mark.parametrize(
    "claim",
    [_reverse_is_exact, _forward_is_two_cells, _windows_are_cut, _windows_carry_the_state],
)
def test_claims_hold_without_a_fault(claim) -> None:
    """The same claims pass on the package itself: the fault is what they notice."""
    claim(rnncore)
