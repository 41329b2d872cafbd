"""The suite can fail: each planted fault is noticed by the claim that is meant to notice it."""

import claims
import pytest
from hidden_mutants import HIDDEN_MUTANTS
from mutants import MUTANTS, Mutant, plant

import rnncore

ALL = (*MUTANTS, *HIDDEN_MUTANTS)


@pytest.mark.parametrize("mutant", ALL, ids=lambda m: f"{m.function}: {m.right} -> {m.wrong}")
def test_planted_fault_is_noticed(mutant: Mutant) -> None:
    """A fault of one line breaks the claim that covers it."""
    with pytest.raises(AssertionError):
        mutant.claim(plant(mutant.function, mutant.right, mutant.wrong, mutant.cell))


@pytest.mark.parametrize(
    ("claim", "cell"), dict.fromkeys((mutant.claim, mutant.cell) for mutant in ALL)
)
def test_claims_hold_without_a_fault(claim, cell) -> None:
    """The same claims pass on a copy in which nothing is changed: the fault is what they notice."""
    claim(plant(f"{cell}_step", "return h", "return h", cell))


def test_plant_refuses_what_is_not_there() -> None:
    """A mutant whose text has left the source fails loudly instead of changing nothing."""
    with pytest.raises(ValueError, match="expected 'no such text' once in lstm_step, got it 0"):
        plant("lstm_step", "no such text", "")


@pytest.mark.parametrize("cell", ["rnn", "gru", "lstm"])
def test_every_function_of_the_cell_has_a_mutant(cell) -> None:
    """No public function of the module goes without a planted fault."""
    parts = ("step", "step_backward", "forward", "backward")
    public = {f"{cell}_{part}" for part in parts} | {f"{cell}_gates"} & set(rnncore.__all__)
    planted = {mutant.function for mutant in ALL if mutant.cell == cell}
    assert {name for name in planted if not name.startswith("_")} == public
    assert claims.BATCH > 1
