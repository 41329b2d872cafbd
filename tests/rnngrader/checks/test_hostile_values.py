"""Whatever plain data a function returns, a check answers with its report and nothing else."""

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from rnngrader.checks import CheckFailed, check
from rnngrader.checks.calling import CallResult, Candidate, Opaque

arrays = st.sampled_from(["f2", "f4", "f8", "i8", "u1", "c16", "?"]).flatmap(
    lambda code: hnp.arrays(np.dtype(code), hnp.array_shapes(min_dims=0, max_dims=4, min_side=0))
)
scalars = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.just(10**400)
    | st.floats()
    | st.complex_numbers()
    | st.text(max_size=5)
    | st.just(Opaque("Thing"))
    | arrays
)
values = st.recursive(
    scalars,
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.lists(inner, max_size=4).map(tuple)
        | st.dictionaries(st.sampled_from(["h", "c", "i", "output", "x"]), inner, max_size=4)
    ),
    max_leaves=8,
)


class Returns(Candidate):
    """A candidate that returns the same value for every call."""

    name = "returns"

    def __init__(self, value):
        self.value = value

    def call(self, *args, given=None, returns_args=False, kwargs=None):
        """Return the value, and the arguments as they came."""
        return CallResult(self.value, args if returns_args else None, None)


# One exercise for each kind of layout: one array, one number, several, nested in two ways.
LAYOUTS = ["rnn_step", "cross_entropy", "lstm_gates", "lstm_forward", "rnn_backward"]


@pytest.mark.parametrize("exercise", LAYOUTS)
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(value=values)
def test_no_returned_value_breaks_a_check(exercise, value):
    """Ragged, huge, empty, odd-typed results lose points; none raises anything but the report."""
    with pytest.raises(CheckFailed) as caught:
        check(exercise, Returns(value), level="full")
    assert 0 <= caught.value.report.score < 0.5
