"""Relations between a wrong array and the right one that are described without a bank."""

import numpy as np
import pytest

from rnngrader.checks.aspects import aspects
from rnngrader.checks.engine import report_on
from rnngrader.checks.inputs import Inputs
from rnngrader.checks.results import Layout, Output
from rnngrader.checks.spec import Aspect, Exercise


def right(x):
    return np.cumsum(np.sin(x), axis=1) + 2


INPUTS = Inputs("running_sum", lambda draw: (draw.normal("batch", "seq", "units"),), kind="values")
EXERCISE = Exercise(
    unit="rnn",
    name="running_sum",
    reference=right,
    layout=Layout((Output("y", "batch seq units"),)),
    arguments=("x",),
    cases=lambda _level: [INPUTS.full(stream) for stream in "abc"],
    probes=list,
    aspects=aspects(Aspect("values", 6), edges=(), precision=False),
    mistakes=(),
    see="sequences.html#shapes",
)


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        (lambda x: -right(x), "sign turned"),
        (lambda x: 2 * right(x), "twice"),
        (lambda x: 0 * right(x), "zero everywhere"),
        (lambda x: right(x) / x.shape[1], "divided by the size of the axis seq"),
        (lambda x: right(x) * x.shape[0], "times the size of the axis batch"),
        (lambda x: right(x) + 0.5, "by the same number"),
        (lambda x: 1.7 * right(x), "factor that is the same everywhere"),
        (lambda x: right(x) * np.arange(2, len(x) + 2)[:, None, None], "a factor of its own"),
        (lambda x: np.tanh(right(x)), "rises and falls"),
        (lambda x: right(x)[:, ::-1], "reverse order along the axis seq"),
        (lambda x: np.roll(right(x), 1, axis=1), "one place late along the axis seq"),
        (lambda x: np.roll(right(x), -1, axis=2), "one place early along the axis units"),
        (lambda x: np.cumsum(right(x), axis=2), "added up along the axis units"),
        (lambda x: right(x).swapaxes(0, 1), "axes batch and seq exchanged"),
        (lambda x: right(x).swapaxes(1, 2).reshape(x.shape), "reshaped"),
        (lambda x: x, "the argument x itself"),
        (lambda x: right(x).sum(axis=1), "without the axis seq, the right one added up"),
        (lambda x: right(x)[:, -1], "without the axis seq, the last place"),
        (lambda x: right(x).reshape(-1, x.shape[2]), "batch and seq have become one"),
        (lambda x: np.where(x > 0, right(x), np.nan), "not finite"),
        (lambda x: right(x) * (np.arange(len(x)) > 0)[:, None, None], "only the first place"),
        (lambda x: np.sin(3 * x) ** 2, "no single term explains it"),
    ],
)
def test_a_relation_that_holds_everywhere_is_told(wrong, said):
    """Each kind of relation has its sentence, with the names of the axes."""
    report = report_on(EXERCISE, wrong, "full")
    assert not report.passed
    assert said in report.message


def test_a_relation_that_holds_once_is_not_told():
    """What one call shows and another denies is kept back."""
    calls = iter([2.0, 2.0, 3.0, 5.0, 7.0])
    report = report_on(EXERCISE, lambda x: next(calls) * right(x) + x, "full")
    assert "twice" not in report.message
