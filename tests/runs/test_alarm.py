"""Alarms on synthetic series."""

from __future__ import annotations

import math

import numpy as np
import pytest

from learnloop.runs.alarm import Alarm, onsets
from learnloop.runs.looks import chosen


def fired(values, *args, **options) -> list[int]:  # type: ignore[no-untyped-def]
    alarm = Alarm(*args, **options)
    return [k for k, value in enumerate(values) if alarm.see(value)]


def test_it_fires_once() -> None:
    assert fired([0, 5, 5, 5, 5], 1, 0.5) == [1]


def test_it_is_armed_again_only_below_the_lower_bound() -> None:
    assert fired([2, 0.9, 2, 0.6, 2, 0.5, 2], 1, 0.5) == [0, 6]


def test_what_trembles_fires_once() -> None:
    noise = np.random.default_rng(0).normal(1, 0.1, 1000)
    assert len(fired(noise, 1, 0.5)) == 1
    assert len(fired(noise, 1, 1)) > 100


def test_patience_works_both_ways() -> None:
    assert fired([2, 2, 0, 2, 2, 2], 1, 0.5, patience=3) == [5]
    assert fired([2, 2, 0, 2, 2, 2], 1, 0.5, patience=2) == [1]
    assert fired([2, 2, 0, 0, 2, 2, 2], 1, 0.5, patience=2) == [1, 5]


def test_no_number_is_neither_above_nor_below() -> None:
    assert fired([math.nan, 2, math.nan, 2], 1, 0.5) == [1]
    assert fired([math.inf, 0, math.inf], 1, 0.5) == [0, 2]


def test_onsets_are_where_stretches_begin() -> None:
    assert onsets([0, 2, 0, 2, 2, 2, 0, 0, 0, 2, 2, 2], Alarm(1, 0.5, patience=3)) == [3, 9]


@pytest.mark.parametrize("updates", [1, 7, 200, 201, 1000, 10**6])
def test_looks_are_denser_at_the_beginning(updates: int) -> None:
    places = chosen(updates)
    assert (places[0], places[-1]) == (0, updates - 1)
    assert len(places) <= 200
    gaps = np.diff(places)
    if updates <= 200:
        assert places == list(range(updates))
    else:
        assert np.all(gaps > 0)
        assert gaps[: len(gaps) // 2].sum() < 0.4 * updates
