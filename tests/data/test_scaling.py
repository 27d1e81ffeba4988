"""Standardiser: exact where it can be, the same everywhere, and it survives JSON."""

import json
import math
import statistics

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from learnloop.data import Standardiser, digest
from learnloop.data.random import normal
from learnloop.errors import DataError, DataTypeError

tables = hnp.arrays(
    np.float64,
    hnp.array_shapes(min_dims=2, max_dims=2, max_side=12),
    elements=st.floats(-1e6, 1e6, allow_subnormal=False),
)


@given(tables)
def test_against_exact_statistics(X) -> None:
    scaler = Standardiser.fit(X)
    for column, mean, scale in zip(X.T.tolist(), scaler.mean, scaler.scale, strict=True):
        largest = max(map(abs, column))
        assert math.isclose(mean, statistics.fmean(column), abs_tol=1e-14 * largest)
        if len(set(column)) == 1:
            assert (mean, scale) == (column[0], 1.0)
        elif (
            max(column) - min(column) > 1e-300
        ):  # below that the spread itself is lost, and the column counts as constant
            assert math.isclose(scale, statistics.pstdev(column), rel_tol=1e-9, abs_tol=1e-14 * largest)


@given(tables)
def test_round_trip_through_json(X) -> None:
    scaler = Standardiser.fit(X)
    again = Standardiser.from_dict(json.loads(json.dumps(scaler.to_dict())))
    assert again == scaler and digest(again.transform(X)) == digest(scaler.transform(X))


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_many_rows_come_out_standardised(dtype) -> None:
    X = (1000.0 + 3.0 * normal(0, 0, 0, np.arange(5000)[:, None], [0, 1, 2])).astype(dtype)
    X[:, 1] = 0.1
    Z = Standardiser.fit(X).transform(X)
    assert Z.dtype == dtype and Z.flags.c_contiguous and not Z[:, 1].any()
    assert np.abs(Z.mean(axis=0)).max() < 1e-6 and np.abs(Z.std(axis=0) - [1, 0, 1]).max() < 1e-6


def test_the_same_on_every_machine() -> None:
    X = normal(0, 0, 0, np.arange(1500)[:, None], [0, 1]) * [1.0, 1e3]
    scaler = Standardiser.fit(X)
    assert digest([scaler.mean, scaler.scale]) == "322570e86ad68feaab26782221bca2dadfe0688528a49e82e8678320314ede38"


def test_columns_do_not_depend_on_their_neighbours() -> None:
    X = normal(1, 0, 0, np.arange(700)[:, None], np.arange(5))
    alone = [Standardiser.fit(X[:, [c]]) for c in range(5)]
    together = Standardiser.fit(np.asfortranarray(X))
    assert together.mean == tuple(s.mean[0] for s in alone) and together.scale == tuple(s.scale[0] for s in alone)


@pytest.mark.parametrize("size", [1e-300, 1e-160, 1e160, 1e300])
def test_huge_and_tiny_numbers(size: float) -> None:
    Z = Standardiser.fit([[-size], [size]]).transform([[-size], [size]])
    assert np.allclose(Z.ravel(), [-1, 1], rtol=1e-12)


def test_one_row_and_whole_numbers() -> None:
    assert Standardiser.fit([[3, 4]]) == Standardiser(mean=(3.0, 4.0), scale=(1.0, 1.0))
    assert Standardiser.fit(np.array([[1], [3]], np.int8)).mean == (2.0,)


def test_only_the_measured_rows_count() -> None:
    scaler = Standardiser.fit([[0.0], [2.0]])
    assert scaler.transform([[4.0]]).tolist() == [[3.0]]


def test_refused() -> None:
    scaler = Standardiser(mean=(0.0,), scale=(1e-30,))
    with pytest.raises(DataError, match="expected 1"):
        scaler.transform([[1.0, 2.0]])
    with pytest.raises(DataError, match="beyond float32"):
        scaler.transform(np.array([[1e20]], np.float32))
    with pytest.raises(DataError, match=r"column 1 .* spans"):
        Standardiser.fit([[1.0, -1.7e308], [1.0, 1.7e308]])
    with pytest.raises(DataError, match="1 NaN"):
        Standardiser.fit([[math.nan]])
    with pytest.raises(DataTypeError):
        Standardiser.fit([["a"]])


@pytest.mark.parametrize(
    "data",
    [
        {},
        [],
        None,
        {"mean": 1, "scale": 2},
        {"mean": [], "scale": []},
        {"mean": [1], "scale": []},
        {"mean": ["1"], "scale": [1]},
        {"mean": [True], "scale": [1]},
        {"mean": [1.0], "scale": [0]},
        {"mean": [1.0], "scale": [-1.0]},
        {"mean": [math.nan], "scale": [1.0]},
        {"mean": [1.0], "scale": [math.inf]},
        {"mean": [10**400], "scale": [1.0]},
    ],
)
def test_data_that_are_none_of_ours(data) -> None:
    with pytest.raises(DataError, match="Fix"):
        Standardiser.from_dict(data)


def test_made_by_hand_it_is_checked() -> None:
    with pytest.raises(DataError, match="Fix"):
        Standardiser(mean=(0.0,), scale=(0.0,))
