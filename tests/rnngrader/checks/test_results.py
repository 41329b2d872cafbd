"""Reading results: every unambiguous packing is understood, and nothing else."""

import numpy as np
import pytest

from rnngrader.checks.calling import Opaque
from rnngrader.checks.closeness import compare, fitted
from rnngrader.checks.lstm import GATES, SEQUENCE, STATE
from rnngrader.checks.results import Unreadable, read

H, C = np.arange(6.0).reshape(2, 3), -np.arange(6.0).reshape(2, 3)
OUT = np.arange(24.0).reshape(2, 4, 3)


@pytest.mark.parametrize(
    "value",
    [
        (H, C),
        [H, C, "cache"],
        ((H, C), Opaque("Cache")),
        {"h": H, "c": C},
        {"H_next": H, "C_next": C, "cache": 1},
        np.stack([H, C]),
        (H.tolist(), C.tolist()),
    ],
)
def test_a_state_is_read_from_every_packing(value):
    """The first array is h and the second c, unless names say otherwise."""
    state = read(value, STATE)
    assert np.array_equal(state["h"], H)
    assert np.array_equal(state["c"], C)


@pytest.mark.parametrize(
    "value",
    [
        (OUT, (H, C)),
        (OUT, [H, C], None),
        (OUT, H, C),
        (OUT, H, C, Opaque("list")),
        (OUT, np.stack([H, C])),
        (OUT, {"c": C, "h": H}),
        {"output": OUT, "h_n": H, "c_n": C},
        {"output": OUT, "state": (H, C)},
    ],
)
def test_a_sequence_is_read_from_every_packing(value):
    """The final state may be nested, flat or named."""
    found = read(value, SEQUENCE)
    assert np.array_equal(found["output"], OUT)
    assert np.array_equal(found["h_n"], H)
    assert np.array_equal(found["c_n"], C)


@pytest.mark.parametrize(
    ("value", "layout", "key"),
    [
        (None, STATE, "result.none"),
        (H, STATE, "result.single"),
        ((H,), STATE, "result.too-few"),
        ((H, Opaque("Tensor")), STATE, "result.not-array"),
        ((H, C.astype(complex)), STATE, "result.not-array"),
        ((H, "c"), STATE, "result.not-array"),
        ({"h": H}, STATE, "result.name-missing"),
        ((OUT, H), SEQUENCE, "result.too-few"),
        ((H, H, H), GATES, "result.too-few"),
    ],
)
def test_what_cannot_be_read_is_explained(value, layout, key):
    """Each unreadable result has its own message."""
    with pytest.raises(Unreadable) as problem:
        read(value, layout)
    assert problem.value.key == key


def test_only_extra_axes_of_length_one_are_dropped():
    """A lost batch axis is not put back, and a transposed array stays wrong."""
    assert fitted(H[None], H.shape).shape == H.shape
    assert fitted(H[0], (1, 3)).shape == (3,)
    assert fitted(H.T, H.shape).shape == (3, 2)


@pytest.mark.parametrize(
    ("got", "verdict"),
    [
        (H, "right"),
        (H.astype(np.float32) * (1 + 1e-6), "right"),
        (H * (1 + 1e-6), "imprecise"),
        (H * 1.01, "value"),
        (H.T, "shape"),
        (np.where(H == 0, np.nan, H), "not-finite"),
        (np.full_like(H, np.nan), "not-finite"),
    ],
)
def test_results_are_compared_in_their_own_precision(got, verdict):
    """Single precision is enough for a single-precision result only; nan is never right."""
    assert compare({"h": got}, {"h": H}) == {"h": verdict}
