"""What is kept once, what is forgotten, and what is copied."""

from __future__ import annotations

import os
import sqlite3
import threading

import pytest

from learnloop.errors import StoreError
from learnloop.store import Data, Store
from store.examples import PARTS, SOURCE, create, data, losses, state


def pages(store):
    db = sqlite3.connect(store.path)
    try:
        return db.execute("PRAGMA page_count").fetchone()[0]
    finally:
        db.close()


def test_copies(store, tmp_path):
    for name in ("a", "b"):
        with create(store, name) as claim:
            store.append(claim.id, done=100, losses=losses(0, 100), digests=[(3, "a" * 64)], checkpoints=[(3, state(3))],
                         latest=(9, state(9)), history=[(0, {"x": 1})])  # fmt: skip
            store.finish(claim.id, "finished", digest="e" * 64)
    create(store, "a").release()
    other = Store(tmp_path / "other")
    store.copy("a-2", other)
    store.copy("b-1", other)
    assert [other.entry(id) for id in ("a-2", "b-1")] == [store.entry(id) for id in ("a-2", "b-1")]
    assert other.losses("b-1") == losses(0, 100)
    assert (other.digests("b-1"), other.history("b-1")) == ({3: "a" * 64}, {0: {"x": 1}})
    assert [other.checkpoint("b-1", at) for at in other.checkpoints("b-1")] == [state(3), state(9)]
    assert (other.data("b-1"), other.source("b-1")) == (data(), SOURCE)
    assert other.check() == []
    with pytest.raises(StoreError, match="has a run b-1 already"):
        store.copy("b-1", other)
    with create(other, "a") as claim:
        assert claim.id == "a-3"
    assert set(store.rescue(other.path)) == {"a-2", "b-1"}
    assert other.losses("a-1") == losses(0, 100)
    with pytest.raises(StoreError, match="cannot be copied to itself"):
        store.rescue(store.path)


def test_copies_while_others_record(store, tmp_path):
    """Threads that record in both stores and one that copies between them wait for each other, and not for ever."""
    other, stop = Store(tmp_path / "other", patience=20), threading.Event()
    wrong = []

    def record(store):
        try:
            with create(store, "busy") as own:
                done = 0
                while not stop.is_set():
                    done += 1
                    store.append(own.id, done=done, losses=losses(done - 1, done))
        except StoreError as error:
            wrong.append(error)

    create(store, "a").release()
    threads = [threading.Thread(target=record, args=(one,)) for one in (store, other)]
    for thread in threads:
        thread.start()
    for number in range(1, 11):
        with create(store, "b") as claim:
            store.append(claim.id, done=9, losses=losses(0, 9))
        store.copy(f"b-{number}", other)
    stop.set()
    for thread in threads:
        thread.join(60)
    assert not wrong
    assert len(other.entries("b")) == 11  # and the busy one


def test_data_and_sources_are_kept_once(store, tmp_path):
    big = data(parts={"X": os.urandom(2_000_000)})
    with create(store, data=big), create(store, "other", data=big):
        pass
    one = pages(store)
    create(store, data=Data("the same", big.parts, {"other": "words"})).release()
    assert pages(store) == one
    assert store.data("digits-2") == Data("the same", big.parts, {"other": "words"})
    create(store, data=data(parts={"X": bytes(big.parts["X"])[:-1] + b"\0"})).release()
    assert pages(store) > one + 100
    for id in ("digits-1", "other-1", "digits-2"):
        assert store.data(id).parts == big.parts
        assert store.source(id) == SOURCE
        store.delete(id)
    assert pages(store) < one + 20
    assert store.source("digits-3") == SOURCE
    store.delete("digits-3")
    assert pages(store) < 40
    assert store.check() == []


def test_space_of_deleted_runs_comes_back(store):
    kept = create(store, "kept")
    for at in range(3):
        with create(store) as claim:
            for part in range(8):
                store.append(claim.id, done=(part + 1) << 20, losses=bytes([at]) * (4 << 20))
        store.append(kept.id, done=(at + 1) << 20, losses=bytes([at]) * (4 << 20))
    full = store.path.stat().st_size
    for id in ("digits-2", "digits-1", "digits-3"):
        store.delete(id)
    assert full > 100 << 20
    assert store.path.stat().st_size < 14 << 20
    assert store.losses(kept.id) == b"".join(bytes([at]) * (4 << 20) for at in range(3))
    assert store.check() == []


def test_a_run_that_is_trained_is_not_deleted(store, run):
    with pytest.raises(StoreError, match="is being trained by this process"):
        store.delete(run)
    assert store.entry(run).id == run


def test_data_may_only_be_named(store):
    with create(store, data=Data("digest", None, {"file": "table.csv"})) as claim:
        assert store.data(claim.id) == Data("digest", None, {"file": "table.csv"})
        assert not store.entry(claim.id).data_kept


def test_parts_that_are_given(store):
    with create(store) as claim:
        assert store.data(claim.id).parts == PARTS
