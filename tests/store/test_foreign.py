"""Files of something else, and stores that somebody changed."""

from __future__ import annotations

import zlib

import pytest

from learnloop.errors import StoreError
from learnloop.store import Store
from store.examples import create
from store.small import everything, foreign

FOREIGN = {
    "another application": ["PRAGMA application_id = 5", "CREATE TABLE a (b)", "INSERT INTO a VALUES (7)"],
    "no application": ["CREATE TABLE run (b)", "PRAGMA user_version = 1"],
    "only a view": ["CREATE VIEW run AS SELECT 1"],
    "write-ahead log": ["PRAGMA journal_mode = WAL", "CREATE TABLE a (b)", "INSERT INTO a VALUES (7)"],
}


@pytest.mark.parametrize("kind", [*FOREIGN, "text", "short", "zeros", "folder"])
def test_what_is_not_ours_is_left_as_it_is(tmp_path, kind):
    path = tmp_path / "home" / "file"
    path.parent.mkdir()
    db = foreign(path, *FOREIGN[kind]) if kind in FOREIGN else None
    if kind == "folder":
        path.mkdir()
    elif db is None:
        path.write_bytes({"text": b"x,y\n1,2\n" * 100, "short": b"SQLite format 3\0", "zeros": bytes(100_000)}[kind])
    before = {file.name: file.is_dir() or file.read_bytes() for file in path.parent.iterdir() if "shm" not in file.name}
    store = Store(path)
    for attempt in (
        lambda: create(store),
        store.entries,
        lambda: store.losses("a-1"),
        lambda: store.rescue(tmp_path / "x"),
    ):
        with pytest.raises(StoreError, match=r"is no store of learnloop, and is left as it is\. Fix: "):
            attempt()
    assert "is no store of learnloop" in store.check()[0]
    after = {file.name: file.is_dir() or file.read_bytes() for file in path.parent.iterdir() if "shm" not in file.name}
    after = {name: content for name, content in after.items() if name not in ("file.lock", "file.gate")}
    assert after == before
    if db:
        db.close()


@pytest.mark.parametrize(
    "trick",
    [
        "CREATE TRIGGER t AFTER INSERT ON run BEGIN DELETE FROM run; END",
        "CREATE VIEW v AS SELECT load_extension('x')",
        "DROP INDEX run_of_data",
        "ALTER TABLE run ADD COLUMN more TEXT",
    ],
)
def test_a_store_with_other_tables_is_not_trusted(small, tmp_path, trick):
    store = Store(tmp_path / "runs.sqlite")
    store.path.write_bytes(small[0])
    foreign(store.path, trick).close()
    for attempt in (store.entries, lambda: create(store)):
        with pytest.raises(StoreError, match="has other tables: it is damaged, or not to be trusted"):
            attempt()


def test_a_row_that_was_changed_by_hand_is_not_believed(small, tmp_path):
    changes = {
        "UPDATE run SET done = 99": "run", "UPDATE digest SET sha256 = 'x'": "digest",
        "UPDATE history SET text = '{}'": "history", "UPDATE loss SET size = 396": "loss",
        "UPDATE checkpoint SET at = at + 1": "checkpoint", "UPDATE part SET name = 'Y'": "part",
        "UPDATE source SET length = 5": "source", "UPDATE piece SET content = zeroblob(400)": "piece",
        "UPDATE data SET parts = 0": "data", "UPDATE counter SET last = 0": "counter",
    }  # fmt: skip
    for change, table in changes.items():
        store = Store(tmp_path / "runs.sqlite")
        store.path.write_bytes(small[0])
        foreign(store.path, change).close()
        with pytest.raises(StoreError, match=f"a row of the table {table} is not as it was written"):
            everything(store)
            create(store, "a").release()


@pytest.mark.parametrize("table", ["digest", "history", "loss", "checkpoint", "part", "source", "piece", "data"])
def test_a_row_that_is_gone_is_missed(small, tmp_path, table):
    store = Store(tmp_path / "runs.sqlite")
    store.path.write_bytes(small[0])
    foreign(store.path, f"DELETE FROM {table}").close()  # noqa: S608
    with pytest.raises(StoreError, match="is damaged"):
        everything(store)
    assert store.check() != []


def test_a_source_that_would_fill_the_memory_is_not_unpacked(small, tmp_path):
    """A store of somebody else, with seals that are right."""

    from learnloop.store import blobs, lookup
    from learnloop.store.rows import RUN, SOURCE

    store = Store(tmp_path / "runs.sqlite")
    store.path.write_bytes(small[0])
    with store._database.writing() as db:
        number, size = blobs.put(db, zlib.compress(bytes(50_000_000)))
        source = SOURCE.select(db)[0]
        SOURCE.update(db, source._replace(blob=number, size=size))
    with pytest.raises(StoreError, match="is not as it was written"):
        store.source("a-1")
    with store._database.writing() as db:
        SOURCE.update(db, source._replace(blob=number, size=size, length=lookup.LONGEST_SOURCE + 1))
        RUN.update(db, RUN.select(db)[0]._replace(description="[1]"))
    with pytest.raises(StoreError, match="the source of the run a-1 is missing"):
        store.source("a-1")
    with pytest.raises(StoreError, match="a description is no table"):
        store.entries()
