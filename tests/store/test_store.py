"""What is recorded is what comes back."""

from __future__ import annotations

import hashlib
import os
import pickle
import sqlite3
import stat
import threading
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest

from learnloop.errors import DescriptionError, StoreError, UnknownName, UnknownRun
from learnloop.store import Data, Store
from store.examples import PARTS, SOURCE, create, data, losses, state


@pytest.fixture
def store(tmp_path):
    return Store(tmp_path / "runs.sqlite")


@pytest.fixture
def run(store):
    """A run that this process trains."""
    with create(store) as claim:
        yield claim.id


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


def test_numbers_are_given_once(store):
    for name, id in [("a", "a-1"), ("b", "b-1"), ("a", "a-2"), ("a-1", "a-1-1"), ("\u00e4pfel", "\u00e4pfel-1")]:
        with create(store, name) as claim:
            assert claim.id == id
    store.delete("a-2")
    with create(store, "a") as claim:
        assert claim.id == "a-3"
    with create(store, "a\u0308pfel") as claim:  # the same name, written in two characters
        assert claim.id == "\u00e4pfel-2"


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


def test_runs_by_what_people_write(store):
    with pytest.raises(UnknownRun, match="holds no run yet"):
        store.entry("last")
    for name in ("digits", "iris", *["digits"] * 11, "moons"):
        create(store, name).release()
    for given, id in [("last", "moons-1"), ("digits-1", "digits-1"), ("ir", "iris-1"), ("digits-12", "digits-12")]:
        assert store.entry(given).id == id
    with pytest.raises(UnknownRun, match=r"'digits' begins digits-12, .* and 2 more\. Fix: write more"):
        store.entry("digits")
    with pytest.raises(UnknownName, match=r"unknown run 'digit-1'\. Did you mean 'digits-1"):
        store.entry("digit-1")
    with pytest.raises(KeyError, match=r"Known: moons-1, .* and 4 more\."):
        store.entry("x" * 50)
    for hostile in ("", "'; DROP TABLE run; --", "%", "\0", "\ud800", None, 5, "digits-1\n"):
        with pytest.raises(UnknownRun):
            store.entry(hostile)
        with pytest.raises(UnknownRun):
            store.losses(hostile)
    assert len(store.entries()) == 14


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


def test_data_may_only_be_named(store):
    with create(store, data=Data("digest", None, {"file": "table.csv"})) as claim:
        assert store.data(claim.id) == Data("digest", None, {"file": "table.csv"})
        assert not store.entry(claim.id).data_kept


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


def test_nothing_is_made_before_something_is_written(tmp_path):
    store = Store(tmp_path / "new" / "folder" / "runs.sqlite")
    assert store.entries() == []
    assert store.check() == []
    with pytest.raises(UnknownRun):
        store.losses("digits-1")
    assert list(tmp_path.iterdir()) == []
    create(store).release()
    assert stat.S_IMODE(store.path.parent.stat().st_mode) == 0o700


def test_where_it_is(tmp_path, monkeypatch):
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    monkeypatch.delenv("LEARNLOOP_STORE", raising=False)
    if os.name == "posix" and os.uname().sysname == "Linux":
        assert Store().path == tmp_path / "data/learnloop/runs.sqlite"
    monkeypatch.setenv("LEARNLOOP_STORE", "~/other.sqlite")
    assert Store().path == tmp_path / "other.sqlite"
    assert Store("~/given").path == tmp_path / "given"
    monkeypatch.chdir(tmp_path)
    assert Store("here").path == tmp_path / "here"
    (tmp_path / "real").mkdir()
    (tmp_path / "link").symlink_to("real")
    assert Store("link/x").path == tmp_path / "real/x"
    with pytest.raises(StoreError, match="can be no file"):
        Store("a\0b")


@pytest.mark.parametrize(
    "name", ["a b?#%20.sqlite", "\u00e4\U0001f600.sqlite", "'; DROP TABLE run; --", "file:x?mode=memory"]
)
def test_names_of_files(tmp_path, name):
    store = Store(tmp_path / name)
    create(store).release()
    assert (tmp_path / name).read_bytes().startswith(b"SQLite format 3\0")
    assert store.entry("last").id == "digits-1"


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"name": ""}, "can be no name"), ({"name": "a/b"}, "can be no name"), ({"name": "-x"}, "can be no name"),
        ({"name": "x" * 61}, "can be no name"), ({"name": "a\n"}, "can be no name"), ({"name": None}, "can be no name"),
        ({"planned": -1}, "planned is -1; expected a whole number of at least 0"), ({"planned": 1.5}, "planned is 1.5"),
        ({"planned": 2**63}, "planned is"), ({"itemsize": 0}, "itemsize is 0"), ({"planned": True}, "planned is True"),
        ({"source": b"int"}, "source is b'int'; expected a text"), ({"source": "\ud800"}, "as UTF-8"),
        ({"data": data(parts={"\ud800": b""})}, "as UTF-8"), ({"data": data(parts={"X": "text"})}, "expected bytes"),
        ({"data": data(about={"x": {1, 2}})}, "about is no plain data"), ({"data": data(digest=5)}, "digest is 5"),
    ],
)  # fmt: skip
def test_what_makes_no_sense_is_refused(store, change, said):
    with pytest.raises(DescriptionError, match=said):
        create(store, **change)
    assert store.entries() == []


@pytest.mark.parametrize(
    ("due", "said"),
    [
        ({"done": -1}, "done is -1"), ({"done": "5"}, "done is '5'"), ({"done": 1, "losses": "text"}, "expected bytes"),
        ({"done": 1, "losses": np.zeros((4, 4))[:, :2]}, "without gaps"),
        ({"done": 0, "digests": [(0, None)]}, "digest is None"), ({"done": 0, "history": [(0, {"x": object()})]}, "no plain"),
        ({"done": 0, "latest": (2**70, b"")}, "update is"), ({"done": 0, "checkpoints": [(0, 17)]}, "states are 17"),
    ],
)  # fmt: skip
def test_appends_that_make_no_sense_are_refused(store, run, due, said):
    with pytest.raises(DescriptionError, match=said):
        store.append(run, **due)


def test_ends_that_make_no_sense_are_refused(store, run):
    with pytest.raises(DescriptionError, match="status is 'running'; expected one of interrupted, finished"):
        store.finish(run, "running")
    with pytest.raises(UnknownRun):
        store.finish("digits-2", "finished")
    with pytest.raises(UnknownRun):
        store.append("digits-2", done=0)
    with pytest.raises(DescriptionError, match="has no checkpoint of update 7; expected one of none"):
        store.checkpoint(run, 7)


def test_plain_data_comes_back_as_it_was(store):
    strange = {"\u00e4\0\ud800": [1e308, 5e-324, -0.0, 0.1, 2**80, None, True, "", {}], "inf": float("inf")}
    with store.create("x", strange, planned=0, itemsize=4, data=data(), source="") as claim:
        assert store.entry(claim.id).description == strange
        assert store.source(claim.id) == ""


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


def test_no_text_of_a_user_is_in_sql():
    """Statements are put together from names of this package alone."""
    folder = Path(__file__).parents[2] / "src/learnloop/store"
    made = [
        f"{path.name}: {line.strip()}"
        for path in sorted(folder.glob("*.py"))
        for line in path.read_text().splitlines()
        if "noqa: S608" in line or 'f"PRAGMA' in line
    ]
    assert len(made) == 7, made


def test_parts_that_are_given(store):
    with create(store) as claim:
        assert store.data(claim.id).parts == PARTS
