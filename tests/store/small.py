"""A small store with two runs, to be damaged."""

from __future__ import annotations

import sqlite3

from learnloop.store import Store
from store.examples import create, data, losses, state

IDS = ("a-1", "b-1")


def fill(path):
    """A small store with two runs, and everything in it."""
    store = Store(path)
    for name in ("a", "b"):
        with create(store, name, data=data(parts={"X": b"abc" * 50}), source="int x;" * 20) as claim:
            store.append(
                claim.id, done=100, losses=losses(0, 100), digests=[(3, "a" * 64), (5, "b" * 64)],
                checkpoints=[(3, state(3, 200))], latest=(9, state(9, 200)), history=[(0, {"x": 1}), (1, {"x": 2})],
            )  # fmt: skip
            store.finish(claim.id, "finished", digest="e" * 64)
    return store


def everything(store):
    return store.entries(), [contents(store, id) for id in IDS]


def contents(store, id):
    states = [(at, store.checkpoint(id, at)) for at in store.checkpoints(id)]
    return (store.entry(id), store.losses(id), store.digests(id), store.history(id), store.source(id), store.data(id),
            states)  # fmt: skip


def foreign(path, *statements):
    db = sqlite3.connect(path, isolation_level=None)
    for statement in statements:
        db.execute(statement)
    return db
