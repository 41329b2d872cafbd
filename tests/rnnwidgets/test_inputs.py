"""Inputs of widgets in Python: what they take, refuse, and read from an address."""

import pytest
import traitlets

from rnnwidgets._inputs import Choice, Number, Numbers, Result, Text, Toggle
from rnnwidgets._widget import CourseWidget, widget_class


class Sampler(CourseWidget):
    """One input of each kind."""

    _esm = "export default { render() {} };"

    size = Number(0.5, 2, 1)
    steps = Number(1, 9, 3, whole=True)
    gates = Numbers(0, 1, [0.25, 0.75])
    cell = Choice("rnn", "lstm")
    masked = Toggle(default=False)
    word = Text(4, "[a-z]*", "hi")
    total = Result()

    @staticmethod
    def compute(
        size: float, steps: int, gates: list[float], cell: str, masked: bool, word: str
    ) -> dict[str, float]:
        """Use every input."""
        return {"total": size * steps + sum(gates) + len(cell) + masked + len(word)}


def test_results_follow_every_kind_of_input() -> None:
    """Whatever input changes, the result is computed again."""
    widget = Sampler()
    assert widget.total == 1 * 3 + 1 + 3 + 0 + 2
    widget.gates = (1, 1)
    widget.masked, widget.word, widget.cell, widget.steps = True, "", "lstm", 4
    assert widget.total == 4 + 2 + 4 + 1 + 0
    assert widget.gates == [1.0, 1.0]


def test_lists_are_not_shared() -> None:
    """Two widgets with a list as start do not have the same list."""
    first, second = Sampler(), Sampler()
    first.gates.append(9)
    assert second.gates == [0.25, 0.75]
    assert Sampler.defaults()["gates"] == [0.25, 0.75]


@pytest.mark.parametrize(
    ("name", "text", "value"),
    [
        ("size", ".5", 0.5),
        ("steps", "4", 4),
        ("gates", "1;.5", [1.0, 0.5]),
        ("cell", "lstm", "lstm"),
        ("masked", "1", True),
        ("masked", "0", False),
        ("word", "abc", "abc"),
    ],
)
def test_addresses_are_read(name: str, text: str, value: object) -> None:
    """The text of an address gives the value that the page would show."""
    trait = Sampler.inputs()[name]
    assert trait.checked(name, trait.read(name, text)) == value


@pytest.mark.parametrize(
    ("name", "text", "complaint"),
    [
        ("size", "5", "expected size from 0.5 to 2, got 5.0"),
        ("size", "big", "expected size:NUMBER, got 'big'"),
        ("steps", "2.5", "expected steps a whole number from 1 to 9, got 2.5"),
        ("gates", "1", r"expected gates with 2 numbers, got \[1.0\]"),
        ("gates", "1;7", r"expected gates\[1\] from 0 to 1, got 7.0"),
        ("cell", "gru", "expected cell as one of rnn, lstm, got 'gru'"),
        ("masked", "yes", "expected masked:0 or masked:1, got 'yes'"),
        ("word", "toolong", r"expected word with at most 4 characters of \[a-z\]\*, got 'toolong'"),
    ],
)
def test_wrong_addresses_are_named(name: str, text: str, complaint: str) -> None:
    """The complaint says what was expected and what came."""
    trait = Sampler.inputs()[name]
    with pytest.raises(ValueError, match=complaint):
        trait.checked(name, trait.read(name, text))


def test_results_are_finite() -> None:
    """JSON has no infinity, so a result must not be one."""
    widget = Sampler()
    with pytest.raises(traitlets.TraitError, match="expected total finite or None, got inf"):
        widget.total = float("inf")


@pytest.mark.parametrize("module", ["no_such_module", "_inputs"])
def test_modules_without_a_widget_are_named(module: str) -> None:
    """Asking for a widget that does not exist says which file was expected."""
    with pytest.raises(LookupError, match=rf"expected a widget in rnnwidgets/{module}\.py"):
        widget_class(module)
