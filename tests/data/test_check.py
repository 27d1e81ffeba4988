"""Bad input: each kind gets one clear error that says how to fix it; good input is not copied."""

import math
import tracemalloc
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from learnloop.data import check_inputs, check_targets, check_weights
from learnloop.errors import DataError, DataTypeError

nan, inf = math.nan, math.inf


class Frame:
    """What NumPy sees of a data frame."""

    def __init__(self, values) -> None:
        self.values = values

    def __array__(self, dtype=None, copy=None):
        return np.array(self.values, dtype=dtype)


class Sparse:
    def toarray(self):
        return np.eye(2)


class Graph:
    """An array of another library that will not hand over its numbers."""

    def __array__(self, dtype=None, copy=None):
        raise RuntimeError("call detach() first")


INPUT_PROBLEMS = {
    "nan": ([[1.0, 2.0], [3.0, nan]], DataError, "1 NaN; the first in row 1, column 1"),
    "infinity": ([[inf, -inf], [3.0, nan]], DataError, "1 NaN, 2 infinite; the first in row 0, column 0"),
    "too large": ([[1.0], [1e39]], DataError, "1 beyond float32; the first in row 1, column 0"),
    "no rows": (np.zeros((0, 3)), DataError, "0 rows, 3 columns"),
    "no columns": (np.zeros((3, 0)), DataError, "3 rows, 0 columns"),
    "empty list": ([], DataError, r"shape \(0,\)"),
    "a vector": ([1.0, 2.0], DataError, r"reshape\(-1, 1\)"),
    "a number": (3.0, DataError, "pass a table"),
    "images": (np.zeros((2, 8, 8)), DataError, r"reshape\(len\(X\), -1\)"),
    "ragged": ([[1.0, 2.0], [3.0]], DataError, "differ in length"),
    "ragged depth": ([[1.0, [2.0]], [3.0, 4.0]], DataError, "differ in length or depth"),
    "strings": ([["1.5", "red"]], DataTypeError, "strings .*'red' in row 0, column 1"),
    "number strings": ([["1.5", "2"]], DataTypeError, "strings, expected numbers"),
    "mixed": ([[1.0, "red"], [2.0, "blue"]], DataTypeError, "'red' in row 0, column 1"),
    "bytes": (np.array([[b"a"]]), DataTypeError, "strings"),
    "missing": ([[1.0, None]], DataTypeError, "objects"),
    "objects": (np.array([[1.0, 2.0]], dtype=object), DataTypeError, "objects"),
    "mixed objects": (np.array([[1.0, "red"]], dtype=object), DataTypeError, "objects .*'red' in row 0, column 1"),
    "fractions": ([[Fraction(1, 2)]], DataTypeError, "objects"),
    "huge whole numbers": ([[10**40]], DataTypeError, "beyond 64 bits"),
    "complex": ([[1j]], DataTypeError, "complex"),
    "dates": (np.array([["2020-01-01"]], "M8[D]"), DataTypeError, "dates"),
    "time spans": (np.array([[1]], "m8[s]"), DataTypeError, "time spans"),
    "records": (np.zeros((2, 1), [("a", "f8")]), DataTypeError, "records"),
    "nothing": (None, DataTypeError, "objects"),
    "a dict": ({"a": [1.0]}, DataTypeError, "objects"),
    "sparse": (Sparse(), DataTypeError, r"X.toarray\(\)"),
    "masked": (np.ma.array([[1.0, 2.0]], mask=[[True, False]]), DataError, "masked"),
    "another library's": (Graph(), DataTypeError, "detach"),
    "a frame with strings": (Frame([["a"]]), DataTypeError, "strings"),
}


@pytest.mark.parametrize("problem", INPUT_PROBLEMS)
def test_bad_inputs(problem: str) -> None:
    X, error, says = INPUT_PROBLEMS[problem]
    with pytest.raises(error, match=says) as caught:
        check_inputs(X, dtype="float32")
    assert "Fix: " in str(caught.value) and str(caught.value).startswith("X ")


def test_wrong_number_of_columns() -> None:
    with pytest.raises(DataError, match=r"X has 1 column, expected 2\. Fix: pass 2 columns .* inputs=1"):
        check_inputs([[1.0]], inputs=2, dtype="float32")
    with pytest.raises(DataTypeError, match="Fix"):
        check_inputs([[1.0]], dtype="int32")


@pytest.mark.parametrize("dtype", ["float32", "float64"])
@pytest.mark.parametrize(
    "X",
    [
        [[1, 2], [3, 4]],
        [[True, False]],
        np.array([[1, 255]], np.uint8),
        np.array([[1.5, 2.5]], np.float16),
        np.array([[1.5, 2.5]], ">f8"),
        np.asfortranarray(np.arange(6.0).reshape(2, 3)),
        np.arange(12.0).reshape(2, 6)[:, ::2],
        np.ma.array([[1.0, 2.0]]),
        Frame([[1, 2.5]]),
        ((1, 2), (3, 4)),
    ],
)
def test_good_inputs(X, dtype: str) -> None:
    checked = check_inputs(X, dtype=dtype)
    assert checked.dtype == dtype and checked.dtype.isnative and checked.flags.c_contiguous
    assert type(checked) is np.ndarray and np.array_equal(checked, np.asarray(X))


@pytest.mark.parametrize("dtype", ["float32", "float64"])
def test_right_arrays_come_back_themselves_and_untouched(dtype: str) -> None:
    X = np.ones((2000, 500), dtype)
    X.setflags(write=False)
    tracemalloc.start()
    checked = check_inputs(X, dtype=dtype)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert checked is X and peak < 300_000  # a boolean mask alone would take 1 000 000


def test_a_conversion_makes_one_copy() -> None:
    X = np.ones((2000, 500))
    tracemalloc.start()
    check_inputs(X, dtype="float32")
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < X.nbytes / 2 + 500_000


@given(st.integers(1, 400), st.integers(1, 400), st.data())
def test_one_nan_is_always_found(rows: int, columns: int, data) -> None:
    X = np.zeros((rows, columns))
    row, column = data.draw(st.integers(0, rows - 1)), data.draw(st.integers(0, columns - 1))
    X[row, column] = nan
    for array in (X, np.asfortranarray(X)):
        with pytest.raises(DataError, match=f"1 NaN; the first in row {row}, column {column} "):
            check_inputs(array, dtype="float32")


@given(hnp.arrays(st.sampled_from(["f2", "f4", "f8", "i8", "?"]), hnp.array_shapes(max_dims=3, min_side=0)))
def test_whatever_comes_there_is_a_clean_array_or_a_clear_error(array) -> None:
    try:
        checked = check_inputs(array, dtype="float32")
    except DataError as error:
        assert "Fix: " in str(error)
    else:
        assert np.isfinite(checked).all() and checked.shape == array.shape


TARGET_PROBLEMS = {
    "another length": ([0, 1], True, DataError, "y has 2 rows, X has 3"),
    "negative": ([0, -1, 1], True, DataError, r"label -1 in row 1 of y is not in 0\.\.2"),
    "too large": ([0, 1, 3], True, DataError, r"label 3 in row 2 of y is not in 0\.\.2"),
    "huge": (np.array([0, 2**63, 1], np.uint64), True, DataError, "label 9223372036854775808 in row 1"),
    "floats": ([0.0, 1.0, 2.0], True, DataTypeError, "whole class labels"),
    "strings": (["a", "b", "c"], True, DataTypeError, "strings .*'a' in row 0"),
    "one-hot": (np.eye(3, dtype=int), True, DataError, r"expected \(3,\)"),
    "missing": ([0, None, 1], True, DataTypeError, "objects"),
    "ragged": ([[0], [1, 2], [1]], True, DataError, "differ in length"),
    "nan": ([[0.0] * 3, [nan] * 3, [0.0] * 3], False, DataError, "3 NaN; the first in row 1, column 0"),
    "a vector for three outputs": ([0.0, 1.0, 2.0], False, DataError, r"expected \(3, 3\)"),
    "two columns": (np.zeros((3, 2)), False, DataError, "outputs=2"),
    "a number": (1.0, False, DataError, "shape"),
    "rows": (np.zeros((4, 3)), False, DataError, "y has 4 rows, X has 3"),
}


@pytest.mark.parametrize("problem", TARGET_PROBLEMS)
def test_bad_targets(problem: str) -> None:
    y, labels, error, says = TARGET_PROBLEMS[problem]
    with pytest.raises(error, match=says) as caught:
        check_targets(y, rows=3, outputs=3, integer_labels=labels)
    assert "Fix: " in str(caught.value)


def test_one_class_and_true() -> None:
    assert check_targets([False, False], rows=2, outputs=1, integer_labels=True).tolist() == [0, 0]
    with pytest.raises(DataError, match="outputs=2"):
        check_targets([True], rows=1, outputs=1, integer_labels=True)


@pytest.mark.parametrize("y", [[0, 2, 0], np.array([0, 2, 0], np.uint8), [[0], [2], [0]], np.array([0, 2, 0], ">i4")])
def test_labels_are_never_encoded_anew(y) -> None:
    labels = check_targets(y, rows=3, outputs=5, integer_labels=True)
    assert labels.tolist() == [0, 2, 0] and labels.dtype == np.int64 and labels.dtype.isnative


def test_right_targets_share_their_memory() -> None:
    labels, targets = np.zeros(4, np.int64), np.zeros((4, 2), np.float32)
    assert np.shares_memory(check_targets(labels, rows=4, outputs=2, integer_labels=True), labels)
    assert check_targets(targets, rows=4, outputs=2, integer_labels=False, dtype="float32") is targets


@pytest.mark.parametrize("y", [[1, 2, 3], [[1], [2], [3]], np.array([1.0, 2.0, 3.0])])
def test_quantities_are_columns(y) -> None:
    assert check_targets(y, rows=3, outputs=1, integer_labels=False).tolist() == [[1.0], [2.0], [3.0]]


@pytest.mark.parametrize(
    ("w", "error", "says"),
    [
        ([1.0, -0.5, 1.0], DataError, "negative: -0.5 in row 1"),
        ([1.0, nan, 1.0], DataError, "1 NaN; the first in row 1 "),
        ([0, 0, 0], DataError, "all 0"),
        ([1.0, 1.0], DataError, "have 2 rows, X has 3"),
        ([[1.0]] * 3, DataError, "shape"),
        (["a"] * 3, DataTypeError, "strings"),
    ],
)
def test_bad_weights(w, error, says: str) -> None:
    with pytest.raises(error, match=says) as caught:
        check_weights(w, rows=3)
    assert "Fix: " in str(caught.value)


def test_good_weights() -> None:
    w = np.array([0.0, 1.0, 2.5])
    assert check_weights(w, rows=3) is w
    assert check_weights([True, False], rows=2, dtype="float32").dtype == np.float32
