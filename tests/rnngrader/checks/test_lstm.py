"""The LSTM checks: scores, faults that lie elsewhere, and what is said of unknown faults."""

from types import FunctionType

import numpy as np
import pytest

from rnncore import lstm
from rnngrader.checks import CheckFailed, check
from rnngrader.checks.engine import report_on
from rnngrader.checks.lstm import EXERCISES
from rnngrader.checks.mixtures import combined
from rnngrader.checks.seeding import SEED
from rnngrader.messages import unit_message

NAMES = tuple(exercise.name for exercise in EXERCISES)


def with_own_step(step, body):
    """Return a loop whose module has a step of its own, as a learner's notebook has."""
    namespace = {"np": np, "lstm_step": step}
    return FunctionType(body.__code__, namespace, body.__name__)


def loop_without_cache(x, h_0, c_0, params):
    h, c, output = h_0, c_0, []
    for t in range(x.shape[1]):
        h, c = lstm_step(x[:, t], h, c, params)  # noqa: F821 - of the notebook
        output.append(h)
    return np.stack(output, axis=1), (h, c)


def loop_with_cache(x, h_0, c_0, params):
    h, c, output = h_0, c_0, []
    for t in range(x.shape[1]):
        h, c, _ = lstm_step(x[:, t], h, c, params)  # noqa: F821 - of the notebook
        output.append(h)
    return np.stack(output, axis=1), (h, c)


def loop_that_forgets(x, h_0, c_0, params):
    h, c, output = h_0, c_0, []
    for t in range(x.shape[1]):
        h, c = lstm_step(x[:, t], h, c_0, params)  # noqa: F821 - of the notebook
        output.append(h)
    return np.stack(output, axis=1), (h, c)


@pytest.mark.parametrize("name", NAMES)
def test_zeros_of_the_right_shape_earn_next_to_nothing(name):
    """What a function has for free, such as leaving its arguments alone, earns no points."""
    reference = getattr(lstm, name)

    def zeros(*args):
        result = reference(*args)
        if name == "lstm_forward":
            return 0 * result[0], (0 * result[1][0], 0 * result[1][1])
        return tuple(0 * array for array in result[:4] if isinstance(array, np.ndarray))

    with pytest.raises(CheckFailed) as failure:
        check(name, zeros, level="full")
    assert 0 < failure.value.report.score <= 0.1


def test_a_fault_in_the_step_costs_the_loop_nothing():
    """A right loop around a wrong step gets full marks and says where the fault is."""
    wrong = with_own_step(lambda x, h, c, p: (h + 1, c + 1), loop_without_cache)
    report = check("lstm_forward", wrong, level="full")
    assert report.score == 1.0
    assert "your lstm_step" in report.message


def test_a_step_that_returns_a_cache_can_be_stood_in_for_as_well():
    """The stand-in step returns what the loop unpacks, with or without a cache."""
    wrong = with_own_step(lambda x, h, c, p: (h + 1, c + 1, None), loop_with_cache)
    assert check("lstm_forward", wrong, level="full").score == 1.0


def test_a_fault_in_step_and_loop_is_named_in_the_loop():
    """With the step replaced, the loop's own mistake is what remains."""
    wrong = with_own_step(lambda x, h, c, p: (h + 1, c + 1), loop_that_forgets)
    with pytest.raises(CheckFailed) as failure:
        check("lstm_forward", wrong, level="full")
    assert failure.value.report.cause == "c-not-carried"


def test_an_unknown_exercise_lists_the_known_ones():
    """A misspelt name is answered with the names there are."""
    with pytest.raises(
        ValueError, match=r"expected one of .* lstm_forward, lstm_gates, .*got 'lstm_stop'"
    ):
        check("lstm_stop", lstm.lstm_step)


def test_an_unknown_level_is_refused():
    """Only the two levels exist."""
    with pytest.raises(ValueError, match='expected level "visible" or "full", got'):
        check("lstm_step", lstm.lstm_step, level="half")


def test_a_call_instead_of_a_function_is_explained():
    """Passing a value where the function belongs says what to write instead."""
    with pytest.raises(TypeError, match="expected the function itself"):
        check("lstm_step", (1, 2))


def test_the_same_seed_gives_the_same_report_and_another_seed_other_inputs():
    """Reports are reproducible, and inputs cannot be learned by heart."""

    def wrong(x, h_prev, c_prev, params):
        h, c, _ = lstm.lstm_step(x, h_prev, c_prev, params)
        return h + 0.1, c

    texts = []
    for number in (1, 1, 2):
        token = SEED.set(number)
        with pytest.raises(CheckFailed) as failure:
            check("lstm_step", wrong, level="full")
        texts.append(failure.value.report)
        SEED.reset(token)
    assert texts[0] == texts[1]
    assert texts[0].detail != texts[2].detail
    assert texts[0].message == texts[2].message


def test_an_unknown_fault_is_narrowed_down():
    """Without a known mistake, the report names the wrong array and the term that matters."""

    def wrong(x, h_prev, c_prev, params):
        h, c, _ = lstm.lstm_step(x, h_prev, c_prev, params)
        return h + 0.1 * h_prev, c

    with pytest.raises(CheckFailed) as failure:
        check("lstm_step", wrong, level="full")
    report = failure.value.report
    assert report.cause is None
    assert "Wrong: h. Right everywhere: c." in report.message
    assert "the term that reads h_prev" in report.message


def test_an_exception_class_of_the_learner_stays_out_of_the_message():
    """A class name may carry an input out, so only Python's own are repeated."""

    def telling(x, *_args):
        raise type(f"Seen{abs(x.flat[0]):.3f}".replace(".", "_"), (Exception,), {})

    with pytest.raises(CheckFailed) as failure:
        check("lstm_step", telling, level="full")
    report = failure.value.report
    assert "Seen" not in report.message
    assert "Seen" in report.detail


def test_two_mistakes_at_once_are_both_named():
    """Mistakes in the gates and in the cell are told together."""
    step = next(exercise for exercise in EXERCISES if exercise.name == "lstm_step")
    bank = {mistake.id: mistake for mistake in step.mistakes}
    both = combined(bank["c-subtracted"].variant, bank["g-sigmoid"].variant)
    report = report_on(step, both, "full")
    assert set(report.cause.split("+")) == {"c-subtracted", "g-sigmoid"}
    for mistake in (bank["c-subtracted"], bank["g-sigmoid"]):
        assert unit_message("lstm", f"mistake.{mistake.message}") in report.message


def test_a_mixture_that_is_in_no_bank_is_not_called_by_a_wrong_name():
    """What cannot be explained is described, not pinned on one of its parts."""
    step = next(exercise for exercise in EXERCISES if exercise.name == "lstm_step")
    order = next(m for m in step.mistakes if m.id == "order-ogif").build()

    def two(x, h_prev, c_prev, params):
        h, c = order(x, h_prev, c_prev, params)
        return 0.5 * h, np.tanh(c)

    report = report_on(step, two, "full")
    assert report.cause is None
    assert report.score < 0.2
