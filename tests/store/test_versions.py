"""How the tables came to be."""

from __future__ import annotations

import gzip
from pathlib import Path

import pytest

from learnloop.errors import StoreError
from learnloop.store import Store
from store.examples import create, data, losses, state
from store.small import IDS, contents


def test_old_stores_are_changed_and_newer_ones_refused(tmp_path):
    """With one step more: a store of version 1 becomes one of version 2, by whoever comes first, reader or writer."""
    from learnloop.store.database import Database
    from learnloop.store.schema import STEPS, version_of

    def step(db):
        db.execute("CREATE TABLE note (run INTEGER PRIMARY KEY, text TEXT)")
        db.execute("INSERT INTO note SELECT key, 'old' FROM run")

    def newer(path):
        return Database(path, 5, (*STEPS, step))

    for way in ("reading", "writing"):
        store = Store(tmp_path / way)
        with create(store) as claim:
            store.append(claim.id, done=9, losses=losses(0, 9))
        with getattr(newer(store.path), way)() as db:
            assert version_of(db) == 2
            assert db.execute("SELECT * FROM note").fetchall() == [(1, "old")]
            assert db.execute("SELECT done FROM run").fetchone() == (9,)
        before = store.path.read_bytes()
        for attempt in (store.entries, store.check, lambda store=store: create(store)):
            if attempt == store.check:
                assert "has version 2, and this learnloop knows versions up to 1" in attempt()[0]
                continue
            with pytest.raises(StoreError, match=r"has version 2, and .* up to 1: a newer one wrote it\. Fix: update"):
                attempt()
        assert store.path.read_bytes() == before
    with newer(tmp_path / "new").writing() as db:
        assert version_of(db) == 2


def test_a_step_that_fails_changes_nothing(tmp_path):
    from learnloop.store.database import Database
    from learnloop.store.schema import STEPS

    def bad(db):
        db.execute("CREATE TABLE note (text TEXT)")
        raise ZeroDivisionError

    store = Store(tmp_path / "runs")
    create(store).release()
    with pytest.raises(ZeroDivisionError), Database(store.path, 5, (*STEPS, bad)).writing():
        pass
    assert store.entry("last").id == "digits-1"


def test_settings(store, run):
    """What the promises rest on."""
    with store._database.writing() as db:
        found = {name: db.execute(f"PRAGMA {name}").fetchone()[0] for name in
                 ("journal_mode", "synchronous", "foreign_keys", "trusted_schema", "auto_vacuum", "page_size")}  # fmt: skip
    assert found == {"journal_mode": "truncate", "synchronous": 2, "foreign_keys": 1, "trusted_schema": 0,
                     "auto_vacuum": 1, "page_size": 16384}  # fmt: skip


def test_a_store_of_version_1_is_read(tmp_path):
    """The file is what ``small.fill`` made when version 1 was the newest; it is never made again."""
    store = Store(tmp_path / "runs.sqlite")
    store.path.write_bytes(gzip.decompress(Path(__file__).with_name("version_1.sqlite.gz").read_bytes()))
    assert store.check() == []
    assert [(entry.id, entry.status, entry.done) for entry in store.entries()] == [
        ("b-1", "finished", 100),
        ("a-1", "finished", 100),
    ]
    for id in IDS:
        entry, *found = contents(store, id)
        assert (entry.description, entry.digest) == ({"layers": [64, 32, 10], "rate": 0.1}, "e" * 64)
        assert found == [
            losses(0, 100), {3: "a" * 64, 5: "b" * 64}, {0: {"x": 1}, 1: {"x": 2}}, "int x;" * 20,
            data(parts={"X": b"abc" * 50}), [(3, state(3, 200)), (9, state(9, 200))],
        ]  # fmt: skip
    store.delete("a-1")
    with create(store, "a") as claim:
        assert claim.id == "a-2"
