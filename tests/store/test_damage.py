"""Files that are damaged, foreign, closed or cut off: one clear error, and never a wrong answer."""

from __future__ import annotations

import os
import random
import shutil
import sqlite3
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from learnloop.errors import LearnloopError, StoreError
from learnloop.store import Store
from store.examples import SOURCE, create, data, losses, state

IDS = ("a-1", "b-1")


@pytest.fixture(scope="module")
def small(tmp_path_factory):
    """A small store with two runs, and everything in it."""
    store = Store(tmp_path_factory.mktemp("small") / "runs.sqlite")
    for name in ("a", "b"):
        with create(store, name, data=data(parts={"X": b"abc" * 50}), source="int x;" * 20) as claim:
            store.append(
                claim.id, done=100, losses=losses(0, 100), digests=[(3, "a" * 64), (5, "b" * 64)],
                checkpoints=[(3, state(3, 200))], latest=(9, state(9, 200)), history=[(0, {"x": 1}), (1, {"x": 2})],
            )  # fmt: skip
            store.finish(claim.id, "finished", digest="e" * 64)
    return store.path.read_bytes(), everything(store)


def everything(store):
    return store.entries(), [contents(store, id) for id in IDS]


def contents(store, id):
    states = [(at, store.checkpoint(id, at)) for at in store.checkpoints(id)]
    return (store.entry(id), store.losses(id), store.digests(id), store.history(id), store.source(id), store.data(id),
            states)  # fmt: skip


def assert_told(store, whole):
    """Everything is read as it was, or an error says what is wrong."""
    try:
        found = everything(store)
    except StoreError as error:
        assert str(store.path) in str(error)
        assert "Fix: " in str(error)
        return "told"
    assert found == whole
    return "whole"


def test_a_flipped_bit_is_told_and_never_used(small, tmp_path, full):
    raw, whole = small
    draw = random.Random(4)
    places = [at for at, byte in enumerate(raw) if byte]
    seen = []
    for at in places if full else draw.sample(places, 250):
        store = Store(tmp_path / "runs.sqlite")
        damaged = bytearray(raw)
        damaged[at] ^= 1 << draw.randrange(8)
        store.path.write_bytes(damaged)
        seen.append(assert_told(store, whole))
    assert seen.count("told") > len(seen) / 2


def test_an_overwritten_piece_of_the_file_is_told_and_never_used(small, tmp_path, full):
    raw, whole = small
    draw = random.Random(5)
    seen = []
    for _ in range(1000 if full else 60):
        store = Store(tmp_path / "runs.sqlite")
        at, length = draw.randrange(len(raw)), draw.choice([1, 16, 512, 4096, 16384])
        what = draw.choice([bytes(length), b"\xff" * length, draw.randbytes(length)])
        store.path.write_bytes((raw[:at] + what + raw[at + length :])[: len(raw)])
        seen.append(assert_told(store, whole))
    assert seen.count("told") > len(seen) / 10


def test_a_truncated_file_is_told(small, tmp_path, full):
    raw, whole = small
    ends = sorted({1, 15, 16, 99, 100, 101, 511, *range(512, len(raw), 1024 if full else 16384), len(raw) - 1})
    for end in ends:
        store = Store(tmp_path / "runs.sqlite")
        store.path.write_bytes(raw[:end])
        assert assert_told(store, whole) == "told", end


def test_writing_to_a_damaged_store_is_told(small, tmp_path):
    raw, _ = small
    draw = random.Random(6)
    for _ in range(40):
        store = Store(tmp_path / "runs.sqlite")
        at = draw.randrange(0, len(raw) - 4096, 4096)
        store.path.write_bytes(raw[:at] + draw.randbytes(4096) + raw[at + 4096 :])
        for attempt in (lambda: create(store).release(), lambda: store.delete("a-1")):  # noqa: B023
            try:
                attempt()
            except LearnloopError as error:
                assert str(store.path) in str(error) or "unknown run" in str(error)


def test_what_is_whole_is_rescued(small, tmp_path):
    raw, whole = small
    at = raw.index(losses(0, 100)) + 17
    store = Store(tmp_path / "runs.sqlite")
    first = raw.rindex(losses(0, 100)) + 17  # pieces are laid down from the end of a page: the first is the last
    for place, lost, kept in ((first, "a-1", "b-1"), (at, "b-1", "a-1")):
        store.path.write_bytes(raw[:place] + bytes([raw[place] ^ 1]) + raw[place + 1 :])
        with pytest.raises(StoreError, match=r"is damaged: a row of the table piece .* Fix: .*rescue"):
            store.losses(lost)
        assert store.losses(kept) == losses(0, 100)
        found = store.check()
        assert len(found) == 1
        assert found[0].startswith(f"{lost}: the store ")
        target = tmp_path / f"rescued-{kept}"
        assert list(store.rescue(target)) == [lost]
        rescued = Store(target)
        assert [entry.id for entry in rescued.entries()] == [kept]
        assert contents(rescued, kept) == whole[1][IDS.index(kept)]
        assert rescued.check() == []
        with create(rescued, lost[0]) as claim:
            assert claim.id == f"{lost[0]}-1"


def test_a_table_that_cannot_be_read(small, tmp_path):
    """The page of the runs is gone; their index still says which there were."""
    raw, _ = small
    store = Store(tmp_path / "runs.sqlite")
    place = raw.index(b'{"layers": [64, 32, 10]') // 16384 * 16384
    store.path.write_bytes(raw[:place] + b"\xff" * 16384 + raw[place + 16384 :])
    with pytest.raises(StoreError, match=r"is damaged: database disk image is malformed\. Fix: "):
        store.entries()
    assert "malformed" in store.check()[0]
    assert set(store.rescue(tmp_path / "rescued")) == set(IDS)
    assert Store(tmp_path / "rescued").entries() == []


def foreign(path, *statements):
    db = sqlite3.connect(path, isolation_level=None)
    for statement in statements:
        db.execute(statement)
    return db


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
    import zlib

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


CLOSED = """
import os, sys
from learnloop.errors import LearnloopError
from learnloop.store import Store
from store.examples import create
if os.getuid() == 0:
    os.setgid(65534), os.setuid(65534)
store = Store(sys.argv[1])
for attempt in (store.entries, lambda: store.losses("a-1"), lambda: create(store), lambda: store.finish("a-1", "failed"),
                lambda: store.delete("a-1")):
    try:
        print("well", len(attempt()))
    except LearnloopError as error:
        print(type(error).__name__, error)
"""


def attempts(path):
    """What another user is told, who may read and not write."""
    tests = Path(__file__).parents[1]
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join([str(tests), os.environ.get("PYTHONPATH", "")])}
    done = subprocess.run(
        [sys.executable, "-c", CLOSED, str(path)], env=environment, capture_output=True, text=True, check=False
    )
    assert done.stderr == ""
    return done.stdout.splitlines()


@pytest.fixture
def public():
    """A folder that others can read."""
    home = Path("/tmp") / f"learnloop-public-{os.getpid()}"  # noqa: S108
    home.mkdir(mode=0o755)
    yield home
    home.chmod(0o755)
    shutil.rmtree(home)


@pytest.mark.skipif(os.name == "nt", reason="permissions of POSIX")
@pytest.mark.parametrize("closed", ["file", "folder", "file and folder", "with its locks"])
def test_a_store_that_may_only_be_read(small, public, closed):
    path = public / "runs.sqlite"
    path.write_bytes(small[0])
    path.chmod(0o444)
    if closed == "with its locks":
        Store(path).entries()
        assert {file.name for file in public.iterdir()} == {"runs.sqlite", "runs.sqlite.lock", "runs.sqlite.gate"}
    public.chmod(0o777 if closed == "file" else 0o555)
    lines = attempts(path)
    assert lines[:2] == ["well 2", "well 400"]
    for line in lines[2:]:
        assert line.startswith(f"StoreError the store {path} "), line
        assert "Fix: make the file and its folder writable" in line
    assert path.read_bytes() == small[0]


@pytest.mark.skipif(os.name == "nt", reason="permissions of POSIX")
def test_a_store_that_may_not_even_be_read(small, public):
    path = public / "runs.sqlite"
    path.write_bytes(small[0])
    path.chmod(0o600 if os.getuid() == 0 else 0)
    for line in attempts(path):
        assert line.startswith(f"StoreError the store {path} "), line
        assert "Fix: " in line


def test_a_folder_that_cannot_be_made(tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(StoreError, match=r"cannot be used: .*\. What was recorded before is safe\. Fix: "):
        create(Store(tmp_path / "file" / "runs.sqlite"))


def cut_off(path):
    """A store whose last transaction was cut off in the middle, with its journal."""
    db = foreign(
        path, "PRAGMA journal_mode = TRUNCATE", "PRAGMA cache_spill = 1", "PRAGMA cache_size = 1", "BEGIN IMMEDIATE"
    )
    db.execute("DELETE FROM run")
    db.execute("INSERT INTO piece VALUES (1 << 40, zeroblob(2000000), x'00')")
    saved = {file.name: file.read_bytes() for file in path.parent.iterdir()}
    db.execute("ROLLBACK")
    db.close()
    for name, content in saved.items():
        (path.parent / name).write_bytes(content)
    assert len(saved["runs.sqlite-journal"]) > 512


def test_what_was_cut_off_is_undone_by_whoever_comes_next(small, tmp_path):
    store = Store(tmp_path / "runs.sqlite")
    store.path.write_bytes(small[0])
    cut_off(store.path)
    assert store.path.read_bytes() != small[0]
    assert everything(store) == small[1]
    assert store.check() == []


@pytest.mark.skipif(os.name == "nt", reason="permissions of POSIX")
def test_what_was_cut_off_where_nothing_may_be_written_is_told(small, public):
    path = public / "runs.sqlite"
    path.write_bytes(small[0])
    cut_off(path)
    for file in public.iterdir():
        file.chmod(0o444)
    public.chmod(0o555)
    for line in attempts(path):
        assert line.startswith(f"StoreError the store {path} "), line
        assert "Fix: make the file and its folder writable" in line


def test_files_of_others_are_not_made_public(tmp_path):
    store = Store(tmp_path / "own" / "runs.sqlite")
    with create(store, source=SOURCE):
        live = store.path.with_name("runs.sqlite.live")
        assert [stat.S_IMODE(folder.stat().st_mode) for folder in (store.path.parent, live)] == [0o700, 0o700]
