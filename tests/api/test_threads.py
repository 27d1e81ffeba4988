"""Choosing threads by measured cost: never by closing the team that goes on."""

from __future__ import annotations

from typing import ClassVar

import numpy as np
import pytest

import learnloop as ll
from learnloop.train import chooser as module
from learnloop.train.chooser import Chooser


class FakeTeam:
    made: ClassVar[list] = []

    def __init__(self, artefact, threads):
        self.threads, self.closed = threads, False
        FakeTeam.made.append(self)

    def close(self):
        self.closed = True


@pytest.fixture
def chooser(monkeypatch):
    monkeypatch.setattr(module, "Team", FakeTeam)
    FakeTeam.made = []
    made = Chooser(None)
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


def test_no_thread_stays_after_a_run():
    import threading

    X, y = ll.datasets.load("moons")
    for threads in (None, 3):
        ll.train(ll.mlp(2, 400, 400, 1), X, y, epochs=6, threads=threads, progress=False)
    for thread in threading.enumerate():
        if thread.name.startswith("learnloop-"):
            thread.join(5)
            assert not thread.is_alive()


@pytest.mark.parametrize("threads", [1, 2, 3])
def test_a_loss_that_blows_up_with_threads(threads):
    X = np.random.default_rng(0).standard_normal((100, 20))
    with pytest.raises(ll.errors.Diverged) as caught:
        ll.train(
            ll.mlp(20, 32, 32, 1), X, X[:, 0] * 50, optimizer=ll.SGD(1.0), epochs=200, threads=threads, progress=False
        )
    assert np.isfinite(caught.value.run.losses).all()


def test_several_threads_may_predict_at_once():
    from concurrent.futures import ThreadPoolExecutor

    X, y = ll.datasets.load("digits")
    run = ll.train(ll.mlp(64, 64, 10), X, y, epochs=1, progress=False)
    right = [run.predict_proba(X[k : k + 300]).tobytes() for k in range(40)]
    with ThreadPoolExecutor(4) as pool:
        found = list(pool.map(lambda k: run.predict_proba(X[k : k + 300]).tobytes(), range(40)))
    assert found == right


def test_several_runs_at_once():
    from concurrent.futures import ThreadPoolExecutor

    X, y = ll.datasets.load("digits")
    with ThreadPoolExecutor(4) as pool:
        train = lambda k: ll.train(ll.mlp(64, 16, 10), X, y, epochs=2, threads=1 + k % 2, progress=False).digest  # noqa: E731
        assert len(set(pool.map(train, range(8)))) == 1
