"""Choosing threads by measured cost: never by closing the team that goes on."""

from __future__ import annotations

import numpy as np
import pytest

import learnloop as ll
from learnloop.train import engine
from learnloop.train.engine import _Chooser


class FakeTeam:
    def __init__(self, artefact, threads):
        self.threads, self.closed = threads, False

    def close(self):
        self.closed = True


@pytest.fixture
def chooser(monkeypatch):
    monkeypatch.setattr(engine, "Team", FakeTeam)
    made = _Chooser(None)
    made.candidates = [2, 4]
    return made


def go(chooser, costs):
    """Pieces whose cost depends on the threads; returns the team in the end."""
    team = FakeTeam(None, 1)
    for k in range(20):
        assert not team.closed
        team = chooser.after(
            team, costs[team.threads] * (1 - k / 100)
        )  # each piece a little faster than the one before
    return team


def test_more_threads_where_they_pay(chooser):
    assert go(chooser, {1: 1e-3, 2: 6e-4, 4: 3e-4}).threads == 4


def test_fewer_where_they_do_not(chooser):
    assert go(chooser, {1: 1e-3, 2: 9.9e-4, 4: 3e-4}).threads == 1


def test_none_for_small_updates(chooser):
    assert go(chooser, {1: 1e-6}).threads == 1


@pytest.mark.parametrize("units", [3, 5, 12, 15, 21, 33, 35])
def test_sizes_that_divide_unevenly_among_threads(units):
    X = np.linspace(-1, 1, 40 * units).reshape(40, units)
    net = ll.Network(units, [ll.Dense(units, "tanh"), ll.Dense(units)])
    digests = {ll.train(net, X, X, epochs=2, threads=k, progress=False).digest for k in (1, 2, 3, 5)}
    assert len(digests) == 1
