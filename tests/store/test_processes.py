"""Many processes at one store, and processes that are killed: no run is lost, and no lock is ever seen."""

from __future__ import annotations

import random
import sqlite3
import time

import pytest

from learnloop.errors import StoreError
from learnloop.store import Store
from store.acknowledged import check_promises, go_on
from store.examples import create, losses, state
from store.processes import start


def test_kills(store, full):
    """A writer is killed at random moments, in the same store again and again: after a line, and a little later."""
    draw = random.Random(20)
    for _ in range(100 if full else 10):
        process = start("-m", "store.writer", str(store.path), "4")
        lines = [process.stdout.readline() for _ in range(draw.randrange(8))]
        time.sleep(draw.uniform(0, 0.02))
        process.kill()
        said, errors = process.stdout.read(), process.stderr.read()  # communicate would lose what readline read ahead
        process.communicate()
        assert errors == ""
        lines += said.splitlines(keepends=True)
        check_promises(store, [line for line in lines if line.endswith("\n")])
    assert store.entries("digits", "interrupted"), "no kill came in time"
    go_on(store, 4)


@pytest.mark.parametrize("count", [2, 8])
def test_writers_at_once(store, count, full):
    """Each records run after run for a while; two more only read."""
    seconds = 20 if full else 3
    writers = [start("-c", WRITER, str(store.path), str(number), str(seconds)) for number in range(count)]
    readers = [start("-c", READER, str(store.path), str(seconds)) for _ in range(2)]
    said = [process.communicate(timeout=seconds + 120) for process in [*writers, *readers]]
    assert [errors for _, errors in said] == [""] * len(said)
    assert all(process.returncode == 0 for process in [*writers, *readers])
    made = [line.split() for text, _ in said[:count] for line in text.splitlines()]
    assert {id for id, _ in made} == {entry.id for entry in store.entries()}
    for id, done in made:
        assert store.losses(id) == losses(0, int(done))
    assert store.check() == []
    turns = [sum(int(done) for _, done in map(str.split, text.splitlines())) for text, _ in said[:count]]
    assert min(turns) > max(turns) / 5, f"the queue is not fair: {turns}"
    assert all(int(text) > 3 for text, _ in said[count:])


WRITER = """
import sys, time
from store.examples import create, losses, state
from learnloop.store import Store
store, end = Store(sys.argv[1]), time.monotonic() + float(sys.argv[3])
while time.monotonic() < end:
    with create(store, "run") as claim:
        done = 0
        while done < 50 and time.monotonic() < end:
            done += 1
            store.append(claim.id, done=done, losses=losses(done - 1, done), latest=(done, state(done)))
        store.finish(claim.id, "finished")
    print(claim.id, done, flush=True)
"""


READER = """
import sys, time
from learnloop.store import Store
store, end, count = Store(sys.argv[1]), time.monotonic() + float(sys.argv[2]), 0
while time.monotonic() < end:
    for entry in store.entries()[:3]:
        assert entry.status in ("running", "finished"), entry
        assert len(store.losses(entry.id, 0, entry.done)) == 4 * entry.done
        store.checkpoints(entry.id)
        count += 1
    time.sleep(0.01)
print(count)
"""


STOPPED = """
import sys, time
from pathlib import Path
from learnloop.store.lock import turn
with turn(Path(sys.argv[1]), shared=False, patience=5) as ours:
    print(ours, flush=True)
    time.sleep(600)
"""


def test_a_process_that_hangs_is_told_after_some_patience(store):
    create(store).release()
    holder = start("-c", STOPPED, str(store.path))
    assert holder.stdout.readline() == "True\n"
    impatient = Store(store.path, patience=0.3)
    try:
        for attempt in (impatient.entries, lambda: impatient.finish("digits-1", "finished")):
            before = time.monotonic()
            with pytest.raises(StoreError, match=r"has been held by another process for 0\.3 seconds\. Fix: end that"):
                attempt()
            assert time.monotonic() - before < 5
    finally:
        holder.kill()
        holder.communicate()
    impatient.finish("digits-1", "finished")


def test_programs_that_know_nothing_of_our_lock(store):
    """A browser of databases holds the file as SQLite does: we wait, and then say who it may be."""

    with create(store) as claim:
        other = sqlite3.connect(store.path, isolation_level=None)
        impatient = Store(store.path, patience=0.2)
        other.execute("BEGIN EXCLUSIVE")
        for attempt in (impatient.entries, lambda: impatient.append(claim.id, done=0)):
            with pytest.raises(StoreError, match=r"is held by another program\. Fix: close"):
                attempt()
        other.execute("COMMIT")
        other.execute("BEGIN")
        other.execute("SELECT count(*) FROM run").fetchone()  # reading: it lets us read, and keeps a commit waiting
        assert impatient.entry(claim.id).done == 0
        with pytest.raises(StoreError, match="is held by another program"):
            impatient.append(claim.id, done=0)
        other.execute("COMMIT")
        impatient.append(claim.id, done=1, losses=losses(0, 1), latest=(1, state(1)))
        other.close()
