"""What is recorded is what comes back."""

from __future__ import annotations

import hashlib

import pytest

#from learnloop.errors import DescriptionError, StoreError, UnknownRun
from learnloop.store import Store
from store.examples import SOURCE, create, data, losses, state


@pytest.fixture
def store(tmp_path):
    return Store(tmp_path / "runs.sqlite")


def test_a_whole_life(store):
    with create(store) as claim:
        id = claim.id
        assert id == "digits-1"
        assert store.is_live(id)
        assert store.entry(id).status == "running"
        store.append(id, done=100, losses=losses(0, 100), digests=[(100, "a" * 64)], latest=(100, state(100)))
        store.append(
            id, done=250, losses=losses(100, 250), checkpoints=[(128, state(128)), (200, state(200))],
            latest=(250, state(250)), history=[(1, {"loss": 0.25}), (2, {"loss": 0.125})],
        )  # fmt: skip
        store.finish(id, "finished", digest="f" * 64, facts={"accuracy": 0.975})
    assert not store.is_live(id)
    entry = store.entry(id)
    assert (entry.status, entry.done, entry.planned, entry.digest) == ("finished", 250, 1000, "f" * 64)
    assert (entry.name, entry.itemsize, entry.facts) == ("digits", 4, {"accuracy": 0.975})
    assert entry.description == {"layers": [64, 32, 10], "rate": 0.1}
    assert (entry.data_digest, entry.data_kept) == ("d" * 64, True)
    assert entry.source_digest == hashlib.sha256(SOURCE.encode()).hexdigest()
    assert entry.created <= entry.changed
    assert store.losses(id) == losses(0, 250)
    assert store.digests(id) == {100: "a" * 64}
    assert store.checkpoints(id) == [128, 200, 250]
    assert [store.checkpoint(id, at) for at in (128, 200, 250)] == [state(128), state(200), state(250)]
    assert store.history(id) == {1: {"loss": 0.25}, 2: {"loss": 0.125}}
    assert store.data(id) == data()
    assert store.source(id) == SOURCE
