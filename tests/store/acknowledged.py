"""Whether a store holds what it has promised to a writer, and goes on to serve."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable

from learnloop.errors import UnknownRun
from learnloop.store import Store
from store import writer
from store.examples import PARTS, SOURCE, losses


def check_promises(store: Store, lines: Iterable[str]) -> None:
    """Everything that was acknowledged is there, whole; what was not is there whole, or not at all."""
    promised = dict[str, int]()
    ended, deleted = set[str](), set[str]()
    for line in lines:
        what, id, *number = line.split()
        if what in ("created", "appended"):
            promised[id] = int(number[0]) if number else 0
        (ended if what == "finished" else deleted if what == "deleted" else set()).add(id)
    check_file(store)
    for id, number in promised.items():
        if id in deleted:
            check_gone(store, id)
        elif not id.startswith("brief"):  # one that was to be deleted may be gone before that is said
            check_run(store, id, number, id in ended)


def check_file(store: Store) -> None:
    if store.path.exists():
        assert store.check() == []
        db = sqlite3.connect(store.path)
        assert db.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        db.close()


def check_gone(store: Store, id: str) -> None:
    try:
        store.entry(id)
    except UnknownRun:
        return
    raise AssertionError(f"{id} was deleted and is still there")


def check_run(store: Store, id: str, number: int, ended: bool) -> None:
    """The run is as after its append with this number, or the next one."""
    entry = store.entry(id)
    there = entry.done // writer.STEP
    assert there in (number, number + 1)
    assert entry.status == ("finished" if ended else entry.status)
    assert entry.status in ("finished", "interrupted")
    assert store.losses(id) == losses(0, there * writer.STEP)
    every = [writer.due(at) for at in range(1, there + 1)]
    assert store.digests(id) == {at: sha for due in every for at, sha in due["digests"]}
    assert store.history(id) == {at: facts for due in every for at, facts in due["history"]}
    states = dict(kept for due in every for kept in due["checkpoints"])
    if every:
        states.update([every[-1]["latest"]])
    assert {at: store.checkpoint(id, at) for at in store.checkpoints(id)} == states
    assert (store.data(id).parts, store.source(id)) == (PARTS, SOURCE)


def go_on(store: Store, rounds: int) -> None:
    """Resume and end whatever was cut off; then record another run."""
    for entry in store.entries("digits"):
        assert not store.is_live(entry.id)
        if entry.status == "interrupted":
            with store.claim(entry.id):
                for number in range(max(entry.done // writer.STEP, 1), rounds + 1):
                    store.append(entry.id, **writer.due(number))
                store.finish(entry.id, "finished")
    writer.record(store, 1)
    assert all(entry.status == "finished" for entry in store.entries("digits"))
    check_file(store)
