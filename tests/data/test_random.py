"""The counter-based generator: Random123's known answers, ranges, moments."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from learnloop.data import random
from learnloop.errors import DataError, DataTypeError

KNOWN = [  # Random123, kat_vectors: counter, key, output
    ((0, 0, 0, 0), (0, 0), (0x6627E8D5, 0xE169C58D, 0xBC57AC4C, 0x9B00DBD8)),
    ((0xFFFFFFFF,) * 4, (0xFFFFFFFF,) * 2, (0x408F276D, 0x41C83B0E, 0xA20BC7C6, 0x6D5451FD)),
    (
        (0x243F6A88, 0x85A308D3, 0x13198A2E, 0x03707344),
        (0xA4093822, 0x299F31D0),
        (0xD16CFE09, 0x94FDCCEB, 0x5001E420, 0x24126EA1),
    ),
]
word = st.integers(0, 2**32 - 1)


@pytest.mark.parametrize(("counter", "key", "output"), KNOWN)
def test_known_answers(counter, key, output) -> None:
    assert tuple(map(int, random.philox4x32(counter, key))) == output


@pytest.mark.parametrize(("counter", "key", "output"), KNOWN)
def test_the_counter_is_unit_row_time_purpose(counter, key, output) -> None:
    unit, row, time, purpose = counter
    assert int(random.random_u32(key[0] | key[1] << 32, purpose, time, row, unit)) == output[0]


def plain_philox(counter: tuple[int, ...], key: tuple[int, int]) -> tuple[int, ...]:
    """The paper's rounds in Python integers."""
    c0, c1, c2, c3 = counter
    k0, k1 = key
    for _ in range(10):
        a, b = 0xD2511F53 * c0, 0xCD9E8D57 * c2
        c0, c1, c2, c3 = (b >> 32) ^ c1 ^ k0, b % 2**32, (a >> 32) ^ c3 ^ k1, a % 2**32
        k0, k1 = (k0 + 0x9E3779B9) % 2**32, (k1 + 0xBB67AE85) % 2**32
    return c0, c1, c2, c3


@given(st.tuples(word, word, word, word), st.tuples(word, word))
def test_against_python_integers(counter, key) -> None:
    assert tuple(map(int, random.philox4x32(counter, key))) == plain_philox(counter, key)


def test_arrays_broadcast_and_equal_single_numbers() -> None:
    rows, units = np.arange(5)[:, None], np.arange(3)
    table = random.random_u32(7, 1, 2, rows, units)
    assert table.shape == (5, 3) and table.dtype == np.uint64
    assert all(int(table[r, u]) == int(random.random_u32(7, 1, 2, r, u)) for r in range(5) for u in range(3))


def test_every_coordinate_matters() -> None:
    base = (1, 2, 3, 4, 5)
    words = {int(random.random_u32(*(v + (i == at) for i, v in enumerate(base)))) for at in range(-1, 5)}
    words.add(int(random.random_u32(1 + 2**32, 2, 3, 4, 5)))
    assert len(words) == 7


def test_uniform_numbers() -> None:
    u = random.uniform(0, 0, 0, np.arange(50_000), 0)
    assert u.dtype == np.float64 and u.min() >= 0 and u.max() < 1
    assert np.array_equal(u, u.astype(np.float32)) and np.array_equal(u * 2**24, np.rint(u * 2**24))
    assert abs(u.mean() - 0.5) < 0.005 and abs(u.std() - 12**-0.5) < 0.005


def test_normal_numbers() -> None:
    z = random.normal(3, 0, 0, np.arange(50_000), [[0], [1]])
    assert np.isfinite(z).all() and np.abs(z).max() < 5.78
    assert abs(z.mean()) < 0.01 and abs(z.std() - 1) < 0.01 and abs(np.corrcoef(z)[0, 1]) < 0.02
    assert abs((np.abs(z) < 1).mean() - 0.6827) < 0.005


@pytest.mark.parametrize("call", [(-1, 0, 0, 0, 0), (2**64, 0, 0, 0, 0), (0, -1, 0, 0, 0), (0, 0, 0, [1, 2**32], 0)])
def test_out_of_range(call) -> None:
    with pytest.raises(DataError, match="Fix"):
        random.random_u32(*call)


@pytest.mark.parametrize("call", [(0, 0, 0, 1.5, 0), (1.5, 0, 0, 0, 0), ("7", 0, 0, 0, 0), (0, 0, 0, "a", 0)])
def test_no_whole_numbers(call) -> None:
    with pytest.raises(DataTypeError, match="Fix"):
        random.random_u32(*call)
