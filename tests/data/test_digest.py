"""Digests: what changes them and what does not."""

import hashlib
import tracemalloc

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from learnloop.data import digest, digest_many
from learnloop.errors import DataTypeError

DTYPES = ["?", "i1", "u1", "i2", "u2", "i4", "u4", "i8", "u8", "f2", "f4", "f8"]


def test_the_definition() -> None:
    text = b"f4 [1, 2]\n" + bytes.fromhex("0000803f 000000c0")
    assert digest(np.array([[1.0, -2.0]], np.float32)) == hashlib.sha256(text).hexdigest()


@given(hnp.arrays(st.sampled_from(DTYPES), hnp.array_shapes(min_dims=0, max_dims=3, min_side=0)))
def test_neither_byte_order_nor_memory_order_matters(array) -> None:
    told = digest(array)
    assert told == digest(array.copy(order="F")) == digest(array.astype(array.dtype.newbyteorder(">")))
    assert told == digest(np.repeat(array, 2, axis=0)[::2] if array.ndim else array)


def test_large_arrays_in_any_order() -> None:
    array = np.arange(300_000, dtype=np.float64).reshape(3, 1000, 100)
    assert digest(array) == digest(np.asfortranarray(array)) == digest(np.flip(np.flip(array, 1).copy(), 1))
    whole = hashlib.sha256(b"f8 [3, 1000, 100]\n" + array.tobytes()).hexdigest()
    assert digest(array) == whole


def test_dtype_shape_values_and_the_sign_of_zero_matter() -> None:
    zeros = np.zeros((2, 3), np.float32)
    others = [zeros.astype("f8"), zeros.astype("i4"), zeros.T, zeros.reshape(6), zeros + 1, -zeros]
    assert len({digest(a) for a in [zeros, *others]}) == 7


@pytest.mark.parametrize(("size", "kinds"), [(2, (0x7E00, 0xFE01)), (4, (0x7FC00000, 0xFFC12345)), (8, (2**63 - 1,))])
def test_all_nans_are_one(size: int, kinds: tuple[int, ...]) -> None:
    def array(bits: int) -> np.ndarray:
        return np.array([0, bits], f"u{size}").view(f"f{size}")

    told = {digest(array(bits)) for bits in kinds} | {digest(np.array([0, np.nan], f"f{size}"))}
    assert len(told) == 1
    changed = array(kinds[-1])
    digest(changed)
    assert changed.view(f"u{size}")[1] == kinds[-1]


def test_many_are_ordered_and_named() -> None:
    a, b = np.ones(2), np.zeros(2)
    told = [
        digest_many(arrays)
        for arrays in ([a, b], [b, a], [a], [], {}, {"a": a, "b": b}, {"b": b, "a": a}, {"x": a, "b": b})
    ]
    assert len(set(told)) == len(told)
    assert digest_many([a, b]) == digest_many((a, b))


@pytest.mark.parametrize("array", [["a"], [1j], [object()], np.array(["2020-01-01"], "M8[D]")])
def test_refused(array) -> None:
    with pytest.raises(DataTypeError, match="Fix"):
        digest(array)


@pytest.mark.parametrize("order", ["C", "F"])
def test_no_copy_of_the_whole(order: str) -> None:
    array = np.full((1000, 2000), np.nan, dtype=np.float32, order=order)
    tracemalloc.start()
    digest(array)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < array.nbytes / 4
