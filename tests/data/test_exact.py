"""sin, cos and log against the C library and against themselves."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from learnloop.data import exact
from learnloop.errors import DataError

# ours is within 1 ulp of the truth; the C library's functions are within 1 ulp, too
ULPS_APART = 2.0


def ulps(ours: float, theirs: float) -> float:
    return abs(ours - theirs) / math.ulp(theirs)


@given(st.floats(-exact.LARGEST_ANGLE, exact.LARGEST_ANGLE))
def test_sin_and_cos_agree_with_math(x: float) -> None:
    assert ulps(float(exact.sin(x)), math.sin(x)) <= ULPS_APART
    assert ulps(float(exact.cos(x)), math.cos(x)) <= ULPS_APART


@given(st.floats(min_value=0, exclude_min=True, allow_infinity=False))
def test_log_agrees_with_math(x: float) -> None:
    assert ulps(float(exact.log(x)), math.log(x)) <= ULPS_APART


@pytest.mark.parametrize(("ours", "theirs"), [(exact.sin, math.sin), (exact.cos, math.cos)])
def test_angles_near_multiples_of_a_quarter_turn(ours, theirs) -> None:
    x = np.arange(-3000, 3000) * (math.pi / 2)
    x = np.concatenate([x, np.nextafter(x, np.inf), np.nextafter(x, -np.inf), np.linspace(-10, 10, 5001)])
    assert max(map(ulps, ours(x).tolist(), map(theirs, x.tolist()))) <= ULPS_APART


def test_log_near_one_and_of_the_extremes() -> None:
    x = [1 - k * 2.0**-24 for k in range(1, 2000)] + [1 + k * 2.0**-40 for k in range(1, 2000)] + [5e-324, 1.7e308]
    assert max(map(ulps, exact.log(x).tolist(), map(math.log, x))) <= ULPS_APART


@given(st.floats(-1e5, 1e5))
def test_symmetries_hold_to_the_bit(x: float) -> None:
    assert float(exact.sin(-x)) == -float(exact.sin(x))
    assert float(exact.cos(-x)) == float(exact.cos(x))


def test_exact_points_and_shapes() -> None:
    assert exact.log(1.0) == 0 and exact.sin(0.0) == 0 and exact.cos(0.0) == 1
    assert exact.sin(np.zeros((2, 3))).shape == exact.log(np.ones((2, 3))).shape == (2, 3)


@pytest.mark.parametrize("x", [0.0, -1.0, math.inf, math.nan])
def test_log_refuses(x: float) -> None:
    with pytest.raises(DataError, match="Fix"):
        exact.log([1.0, x])


@pytest.mark.parametrize("x", [2.0**20 + 1, math.inf, math.nan])
def test_angles_refused(x: float) -> None:
    with pytest.raises(DataError, match="Fix"):
        exact.sin(x)
