"""What is recorded is what comes back."""

from __future__ import annotations

import hashlib
import pickle
import sqlite3
import threading
from itertools import pairwise

import numpy as np
import pytest

from learnloop.errors import DescriptionError, StoreError
from store.examples import SOURCE, create, data, losses, state


def pages(store):
    db = sqlite3.connect(store.path)
    try:
        return db.execute("PRAGMA page_count").fetchone()[0]
    finally:
        db.close()


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
    assert store.check() == []


def test_losses_are_read_from_anywhere_to_anywhere(store, run):
    ends = [0, 1, 7, 8, 70_000, 200_000, 200_001]  # the fourth chunk ends within a piece, the fifth spans several
    for start, stop in pairwise(ends):
        store.append(run, done=stop, losses=losses(start, stop))
    places = sorted({*ends, 3, 65_535, 65_536, 65_537, 131_079, 199_999})
    for start in places:
        for stop in places:
            if start <= stop:
                assert store.losses(run, start, stop) == losses(start, stop)
    assert store.losses(run, 200_000) == losses(200_000, 200_001)
    for start, stop in ((-1, 3), (5, 4), (0, 200_002)):
        with pytest.raises(DescriptionError):
            store.losses(run, start, stop)


def test_arrays_need_not_be_copied(store, run):
    values = np.arange(300_000, dtype="<f4")
    store.append(run, done=np.int64(300_000), losses=memoryview(values), latest=(300_000, memoryview(values[:10])))
    assert store.losses(run) == values.tobytes()
    assert store.checkpoint(run, 300_000) == values[:10].tobytes()


def test_nothing_at_all_can_be_appended(store, run):
    before = store.entry(run)
    store.append(run, done=0, losses=memoryview(np.zeros((0, 3))))
    after = store.entry(run)
    assert after.done == before.done == 0
    assert after.changed > before.changed
    assert store.losses(run) == b""


def test_the_latest_state_takes_the_place_of_the_one_before(store, run):
    for at in (10, 20, 30):
        store.append(run, done=at, losses=losses(at - 10, at), latest=(at, state(at, 600_000)))
        assert store.checkpoints(run) == [at]
    full = pages(store)
    for at in range(40, 100, 10):
        store.append(run, done=at, losses=losses(at - 10, at), latest=(at, state(at, 600_000)))
    assert pages(store) <= full + 1
    store.append(run, done=90, checkpoints=[(90, state(90, 600_000))])  # it is to be kept after all
    store.append(run, done=100, losses=losses(90, 100), latest=(100, state(100)))
    assert store.checkpoints(run) == [90, 100]
    store.append(run, done=95, losses=losses(90, 95), latest=(95, state(95)))  # a resumed run is behind
    assert store.checkpoints(run) == [90, 100]


def test_a_resumed_run_may_bring_again_what_is_there(store, run):
    due = {"done": 100, "losses": losses(0, 100), "digests": [(50, "a" * 64)], "checkpoints": [(50, state(50))]}
    store.append(run, **due)
    store.append(run, **due, history=[(1, {"seconds": 1.0})])
    store.append(run, done=60, losses=losses(20, 60), history=[(1, {"seconds": 2.0})])
    store.append(run, done=150, losses=losses(60, 150))
    assert store.losses(run) == losses(0, 150)
    assert store.history(run) == {1: {"seconds": 2.0}}
    assert store.digests(run) == {50: "a" * 64}
    assert store.check() == []


@pytest.mark.parametrize(
    "other",
    [
        {"done": 100, "losses": losses(1, 101)},
        {"done": 101, "losses": losses(0, 99) + losses(0, 2)},
        {"done": 100, "digests": [(50, "b" * 64)]},
        {"done": 100, "checkpoints": [(50, state(51))]},
        {"done": 100, "latest": (50, state(51))},
    ],
    ids=["losses", "a loss at the end", "digest", "checkpoint", "latest"],
)
def test_another_run_cannot_pass_for_this_one(store, run, other):
    store.append(run, done=100, losses=losses(0, 100), digests=[(50, "a" * 64)], checkpoints=[(50, state(50))])
    before = store.entry(run)
    with pytest.raises(StoreError, match="is not what was recorded before"):
        store.append(run, **other, history=[(7, {})])
    assert store.entry(run) == before
    assert store.losses(run) == losses(0, 100)
    assert store.history(run) == {}


@pytest.mark.parametrize("due", [{"done": 102}, {"done": 120, "losses": losses(110, 120)}, {"done": 101, "losses": b"123"},
                                 {"done": 1, "losses": losses(0, 2)}])  # fmt: skip
def test_losses_without_a_gap(store, run, due):
    store.append(run, done=100, losses=losses(0, 100))
    with pytest.raises(StoreError, match="do not follow"):
        store.append(run, **due)
    assert store.entry(run).done == 100


def test_all_of_an_append_or_nothing(store, run):
    def states():
        yield 10, state(10)
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        store.append(run, done=10, losses=losses(0, 10), checkpoints=states())
    assert store.entry(run).done == 0
    assert store.checkpoints(run) == []


@pytest.mark.parametrize("end", ["finished", "diverged"])
def test_what_has_ended_stays_as_it_is(store, run, end):
    store.finish(run, end)
    with pytest.raises(StoreError, match=f"has ended \\({end}\\)"):
        store.append(run, done=0)


@pytest.mark.parametrize("end", ["interrupted", "failed"])
def test_what_was_cut_off_goes_on(store, run, end):
    store.finish(run, end)
    assert store.entry(run).status == end
    store.append(run, done=1, losses=losses(0, 1))
    assert store.entry(run).status == "running"


def test_entries_newest_first(store):
    for name in ("digits", "iris", "digits", "dig"):
        create(store, name).release()
    store.finish("iris-1", "finished")
    assert [entry.id for entry in store.entries()] == ["dig-1", "digits-2", "iris-1", "digits-1"]
    assert [entry.id for entry in store.entries("digits")] == ["digits-2", "digits-1"]
    assert [entry.id for entry in store.entries("dig%")] == []
    assert [entry.id for entry in store.entries(status="finished")] == ["iris-1"]
    assert [entry.id for entry in store.entries("d", status="interrupted")] == ["dig-1", "digits-2", "digits-1"]
    with pytest.raises(DescriptionError, match="expected one of running, interrupted"):
        store.entries(status="done")


def test_threads_share_a_store(store):
    """One thread records while others read: they see whole appends, and no error."""
    seen, wrong = [], []
    with create(store) as claim:

        def read():
            while not seen or seen[-1] < 40:
                done = store.entry(claim.id).done
                known = store.losses(claim.id, 0, done)
                at = store.checkpoints(claim.id)
                if known != losses(0, done) or len(at) > 1:
                    wrong.append((done, at))
                seen.append(done)

        readers = [threading.Thread(target=read) for _ in range(2)]
        for reader in readers:
            reader.start()
        for at in range(1, 41):
            store.append(claim.id, done=at, losses=losses(at - 1, at), latest=(at, state(at)))
        for reader in readers:
            reader.join(60)
    assert not wrong
    assert seen.count(40) >= 1
    assert len(set(seen)) > 2


def test_a_store_can_be_sent_to_another_process(store, run):
    assert pickle.loads(pickle.dumps(store)).entry(run).id == run  # noqa: S301
    with store as same:
        assert same is store
    assert repr(store) == f"Store({str(store.path)!r})"
