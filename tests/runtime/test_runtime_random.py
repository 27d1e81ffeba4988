"""Philox, the uniform numbers and the shuffle."""

from __future__ import annotations

import ctypes

import numpy as np
import pytest
from runtime_builds import OPERATIONS, REFERENCE, TARGETS, Builds

MASK = 0xFFFFFFFF
LIBRARIES = [t for t in TARGETS if t.runner == "library"]

# Random123's kat_vectors, philox4x32 10: counter, key, first word of the result.
KNOWN = [
    ((0, 0, 0, 0), (0, 0), 0x6627E8D5),
    ((MASK, MASK, MASK, MASK), (MASK, MASK), 0x408F276D),
    ((0x243F6A88, 0x85A308D3, 0x13198A2E, 0x03707344), (0xA4093822, 0x299F31D0), 0xD16CFE09),
]


def philox(seed: int, purpose: int, time: int, row: int, unit: int) -> int:
    """Salmon et al. 2011, figure 4, as plainly as possible."""
    c, k = [unit, row, time, purpose], [seed & MASK, seed >> 32]
    for _ in range(10):
        a, b = 0xD2511F53 * c[0], 0xCD9E8D57 * c[2]
        c = [(b >> 32) ^ c[1] ^ k[0], b & MASK, (a >> 32) ^ c[3] ^ k[1], a & MASK]
        k = [(k[0] + 0x9E3779B9) & MASK, (k[1] + 0xBB67AE85) & MASK]
    return c[0]


def shuffled(seed: int, epoch: int, rows: list[int]) -> list[int]:
    order = list(rows)
    for i in range(len(order) - 1, 0, -1):
        j = philox(seed, 0, epoch, 0, i) * (i + 1) >> 32
        order[i], order[j] = order[j], order[i]
    return order


def shuffle(library: ctypes.CDLL, seed: int, epoch: int, count: int, rows: np.ndarray | None) -> list[int]:
    order = np.full(count + 1, -7, np.int32)  # one more, which must stay
    library.shuffle_rows(
        ctypes.c_uint64(seed),
        ctypes.c_uint32(epoch),
        ctypes.c_ssize_t(count),
        None if rows is None else ctypes.c_void_p(rows.ctypes.data),
        ctypes.c_void_p(order.ctypes.data),
    )
    assert order[-1] == -7
    return order[:-1].tolist()


def word(library: ctypes.CDLL, seed: int, *counter: int) -> int:
    return library.random_word(ctypes.c_uint64(seed), *map(ctypes.c_uint32, counter)) & MASK


@pytest.mark.parametrize("target", LIBRARIES, ids=lambda t: t.name)
def test_known_answers(builds: Builds, target) -> None:
    library = builds.load(target)
    for (unit, row, time, purpose), (low, high), answer in KNOWN:
        seed = low | high << 32
        assert philox(seed, purpose, time, row, unit) == answer
        assert word(library, seed, purpose, time, row, unit) == answer


def test_words(builds: Builds) -> None:
    library = builds.load(REFERENCE)
    for a in np.random.default_rng(3).integers(0, 2**32, (500, 6), np.uint64).tolist():
        seed = a[0] | a[1] << 32
        assert word(library, seed, *a[2:]) == philox(seed, *a[2:])


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize("name", ["uniform", "uniform_once"])
def test_uniform_numbers(builds: Builds, dtype: type, name: str) -> None:
    assert name in OPERATIONS  # which are compared between targets and widths
    (result,) = builds.apply(REFERENCE, [(name, 1)], np.zeros((3, 4096), dtype))
    expected = [(philox(0x123456789ABCDEF, 7, 11, 13, k) >> 8) * 2.0**-24 for k in range(4096)]
    assert result.tolist() == expected
    assert result.min() >= 0 and result.max() < 1


@pytest.mark.parametrize("target", LIBRARIES, ids=lambda t: t.name)
def test_shuffle(builds: Builds, target) -> None:
    library = builds.load(target)
    for count in (0, 1, 2, 3, 63, 64, 65, 66, 128, 129, 1000):
        seed, epoch = 0xDEADBEEF12345678 + count, 3 * count
        order = shuffle(library, seed, epoch, count, None)
        assert sorted(order) == list(range(count))
        assert order == shuffled(seed, epoch, list(range(count)))
    rows = np.arange(700, dtype=np.int32) * 5 % 701 - 3
    assert shuffle(library, 1, 2, rows.size, rows) == shuffled(1, 2, rows.tolist())


def test_shuffles_differ_and_are_even(builds: Builds) -> None:
    library = builds.load(REFERENCE)
    first = shuffle(library, 5, 0, 100, None)
    assert first != shuffle(library, 5, 1, 100, None) != shuffle(library, 6, 1, 100, None)
    counts = np.zeros((6, 6))
    for epoch in range(6000):
        for place, row in enumerate(shuffle(library, 9, epoch, 6, None)):
            counts[place, row] += 1
    # 36 counts of 1000 each, deviation 29: chi squared with 25 degrees of freedom stays below 60 (p = 1e-4)
    assert ((counts - 1000) ** 2 / 1000).sum() < 60


@pytest.mark.parametrize("target", LIBRARIES, ids=lambda t: t.name)
def test_tree(builds: Builds, target) -> None:
    library = builds.load(target)
    library.tree.restype = ctypes.c_double
    rng = np.random.default_rng(8)
    for dtype in (np.float32, np.float64):
        for _ in range(50):
            lanes = (rng.normal(size=16) * np.exp(9 * rng.normal(size=16))).astype(dtype)
            s = lanes
            while s.size > 1:
                s = s[: s.size // 2] + s[s.size // 2 :]
            assert library.tree(lanes.itemsize * 8, ctypes.c_void_p(lanes.ctypes.data)) == float(s[0])
