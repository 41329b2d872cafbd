"""The suite can fail: each planted fault is noticed by the claim that is meant to notice it."""

import claims
import pytest
from mutants import MUTANTS, Mutant, plant


@pytest.mark.parametrize("mutant", MUTANTS, ids=lambda m: f"{m.function}: {m.right} -> {m.wrong}")
def test_planted_fault_is_noticed(mutant: Mutant) -> None:
    """A fault of one line breaks the claim that covers it."""
    with pytest.raises(AssertionError):
        mutant.claim(plant(mutant.function, mutant.right, mutant.wrong))


@pytest.mark.parametrize(
    "claim", dict.fromkeys(mutant.claim for mutant in MUTANTS), ids=lambda claim: claim.__name__
)
def test_claims_hold_without_a_fault(claim) -> None:
    """The same claims pass on a copy in which nothing is changed: the fault is what they notice."""
    claim(plant("lstm_step", "h = o * tanh_c", "h = o * tanh_c"))


def test_plant_refuses_what_is_not_there() -> None:
    """A mutant whose text has left the source fails loudly instead of changing nothing."""
    with pytest.raises(ValueError, match="expected 'no such text' once in lstm_step, got it 0"):
        plant("lstm_step", "no such text", "")


def test_every_function_of_the_cell_has_a_mutant() -> None:
    """No public function of the module goes without a planted fault."""
    public = {"lstm_gates", "lstm_step", "lstm_step_backward", "lstm_forward", "lstm_backward"}
    assert {mutant.function for mutant in MUTANTS} == public
    assert claims.BATCH > 1
