"""Splits: every row once, the right shares, always the same."""

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from learnloop.data import digest, random, shuffled, split
from learnloop.errors import DataError, DataTypeError

shares = st.floats(0.001, 0.999)
seeds = st.integers(0, 2**64 - 1)


@given(st.integers(2, 60), shares, seeds)
def test_every_row_is_on_one_side(rows: int, share: float, seed: int) -> None:
    train, test = split(rows, share, seed)
    assert sorted([*train.tolist(), *test.tolist()]) == list(range(rows))
    assert len(train) >= 1 and len(test) >= 1 and train.dtype == test.dtype == np.int64
    assert len(test) in (1, rows - 1) or abs(len(test) - share * rows) <= 0.5 + 1e-9


@given(st.lists(st.integers(-3, 3), min_size=2, max_size=80), shares, seeds)
def test_every_class_gives_its_share(labels: list[int], share: float, seed: int) -> None:
    y = np.array(labels)
    train, test = split(len(y), share, seed, y)
    assert sorted([*train.tolist(), *test.tolist()]) == list(range(len(y)))
    assert len(test) == len(split(len(y), share, seed)[1])
    for label in set(labels):
        size = labels.count(label)
        assert abs((y[test] == label).sum() - size * len(test) / len(y)) <= 1


def test_a_class_of_one_row_stays_in_training() -> None:
    y = [0] * 50 + [1] * 49 + [2]
    for seed in range(20):
        train, _ = split(100, 0.5, seed, y)
        assert 2 in np.array(y)[train]


def test_ties_are_not_broken_by_the_label() -> None:
    y = np.arange(40)
    assert {int(split(40, 0.025, seed, y)[1][0]) for seed in range(30)} != {0}


def test_shuffle_is_fisher_yates_with_our_words() -> None:
    order = list(range(20))
    for i in range(19, 0, -1):
        j = int(random.random_u32(5, random.PURPOSE_SPLIT, 3, 0, i)) * (i + 1) >> 32
        order[i], order[j] = order[j], order[i]
    assert shuffled(20, seed=5, time=3).tolist() == order


def test_shuffle_is_even() -> None:
    places = np.array([shuffled(6, seed) for seed in range(1500)])
    counts = np.array([np.bincount(column, minlength=6) for column in places.T])
    assert np.abs(counts - 250).max() < 75  # 5 standard deviations


def test_the_same_on_every_machine() -> None:
    assert digest(shuffled(1000, seed=2024)) == "06c6fcc56eb702a22697ab5cac5508f47cce98b9b4893be455f388828264b59b"
    train, test = split(150, 0.2, 7, np.repeat([0, 1, 2], 50))
    assert (
        digest(train) == "1328c4a44c6186df292ee5aab253cf1a35970db4c2d44905a7741785f82521ea"
        and digest(test) == "abed19ef35be301ce5dd97bf59cda730f857a8ad3b5e15bf6c36b78ec6c32c57"
    )


def test_other_seeds_give_other_splits() -> None:
    tests = [split(100, 0.2, seed)[1].tolist() for seed in range(5)]
    assert all(a != b for a, b in pairwise(tests))


def test_quantities_and_stratify_off_are_plain_splits() -> None:
    y = np.arange(10) % 2
    plain = split(10, 0.3, 1)
    for other in (split(10, 0.3, 1, y / 3), split(10, 0.3, 1, y, stratify=False), split(10, 0.3, 1, ["a"] * 10)):
        assert all(np.array_equal(a, b) for a, b in zip(plain, other, strict=True))


@pytest.mark.parametrize(("rows", "share"), [(1, 0.5), (0, 0.5), (-3, 0.5), (10, 0), (10, 1), (10, float("nan"))])
def test_nothing_to_split(rows: int, share: float) -> None:
    with pytest.raises(DataError, match="Fix"):
        split(rows, share, 0)


def test_bad_arguments() -> None:
    with pytest.raises(DataError, match="Fix"):
        split(3, 0.5, 0, [1, 2])
    for bad in ({"rows": 2.5}, {"rows": True}, {"share": "half"}, {"seed": 1.5}):
        with pytest.raises(DataTypeError, match="Fix"):
            split(**{"rows": 4, "share": 0.5, "seed": 0, **bad})
