"""Reading results: every unambiguous packing is understood, and nothing else."""

import numpy as np
import pytest

from rnngrader.checks.calling import Opaque
from rnngrader.checks.closeness import compare, fitted
from rnngrader.checks.lstm import GATES, SEQUENCE, STATE
from rnngrader.checks.results import Group, Layout, Output, Unreadable, read

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


DW, DB = np.arange(12.0).reshape(3, 4), np.arange(3.0)
GRADIENTS = Layout(
    (
        Output("dx", "batch input_size"),
        Group("dparams", (Output("weight", "hidden input"), Output("bias", "hidden", ("db",)))),
    )
)


@pytest.mark.parametrize(
    "value",
    [
        (H, (DW, DB)),
        [H, [DW, DB]],
        (H, DW, DB),
        (H, DW.tolist(), DB.tolist(), "cache"),
        (H, {"db": DB, "weight": DW}),
        {"dparams": (DW, DB), "dx": H},
        {"dparams": {"bias": DB, "weight": DW}, "dx": H},
        {"weight": DW, "bias": DB, "dx": H},
    ],
)
def test_a_group_is_read_nested_flat_or_by_name(value):
    """Parameter gradients may come as a named tuple, a dictionary, or one by one."""
    found = read(value, GRADIENTS)
    assert np.array_equal(found["dx"], H)
    assert np.array_equal(found["weight"], DW)
    assert np.array_equal(found["bias"], DB)


@pytest.mark.parametrize("value", [H, (H, None), [H, (H, H)], H.tolist(), {"h": H}, (H, H)])
def test_one_array_needs_no_tuple(value):
    """Where one array is asked for it may come alone, with a cache, or by name."""
    assert np.array_equal(read(value, Layout((Output("h", "batch hidden"),)))["h"], H)


@pytest.mark.parametrize("value", [0.5, (0.5, "cache"), [0.5], np.float64(0.5), {"loss": 0.5}])
def test_one_number_needs_no_array(value):
    """A loss may be a Python number, with a cache behind it."""
    assert read(value, Layout((Output("loss"),)))["loss"] == 0.5


def test_rows_of_different_length_are_read_into_one_array():
    """Decoded sentences end at different places; nan stands behind the end."""
    layout = Layout((Output("ids", "batch seq", ragged=True),))
    for value in ([[1, 2, 3], [4]], ([np.array([1, 2, 3]), np.array([4])], "scores")):
        ids = read(value, layout)["ids"]
        assert ids[0].tolist() == [1, 2, 3]
        assert ids[1, 0] == 4
        assert np.isnan(ids[1, 1:]).all()
    with pytest.raises(Unreadable):
        read([[1, [2]], [3]], layout)


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
