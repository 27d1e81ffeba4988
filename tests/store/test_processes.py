"""Many processes at one store, and processes that are killed: no run is lost, and no lock is ever seen."""

from __future__ import annotations

import multiprocessing
import os
import random
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from learnloop.errors import StoreError
from learnloop.store import Store
from store.acknowledged import check_promises, go_on
from store.examples import create, losses, state

TESTS = Path(__file__).parents[1]


@pytest.fixture
def store(tmp_path):
    return Store(tmp_path / "runs.sqlite")


def start(*arguments):
    """A process of its own, in a group of its own."""
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join([str(TESTS), os.environ.get("PYTHONPATH", "")])}
    return subprocess.Popen(
        [sys.executable, *arguments], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=environment
    )


def test_kills(store, full):
    """A writer is killed at random moments, in the same store again and again: after a line, and a little later."""
    draw = random.Random(20)
    for _ in range(100 if full else 10):
        process = start("-m", "store.writer", str(store.path), "4")
        lines = [process.stdout.readline() for _ in range(draw.randrange(8))]
        time.sleep(draw.uniform(0, 0.02))
        process.kill()
        said, errors = process.communicate(timeout=60)
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
HOLDER = """
import sys, time
from learnloop.store import Store
claim = Store(sys.argv[1]).claim(sys.argv[2])
print("held", flush=True)
time.sleep(600)
"""


def test_a_run_belongs_to_one_living_process(store):
    with create(store) as claim:
        id = claim.id
        with pytest.raises(StoreError, match="is being trained by this process"):
            store.claim(id)
    assert store.entry(id).status == "interrupted"
    holder = start("-c", HOLDER, str(store.path), id)
    assert holder.stdout.readline() == "held\n"
    try:
        assert store.is_live(id)
        assert store.entry(id).status == "running"
        for attempt in (store.claim, store.delete):
            with pytest.raises(StoreError, match=f"the run {id} is being trained by process {holder.pid}. Fix: wait"):
                attempt(id)
    finally:
        holder.kill()
        holder.communicate()
    assert not store.is_live(id)
    assert store.entry(id).status == "interrupted"
    with store.claim(id):
        assert store.is_live(id)
    assert list(store.path.with_name("runs.sqlite.live").iterdir()) == []


def test_claims_exclude_each_other_while_others_look(store):
    """Threads claim and release one run as quickly as they can while others ask whether it is live."""
    create(store).release()
    holders, most, taken, stop = [0], [0], [0], threading.Event()
    guard = threading.Lock()

    def train():
        while not stop.is_set():
            try:
                claim = store.claim("digits-1")
            except StoreError:
                continue
            with guard:
                holders[0] += 1
                most[0] = max(most[0], holders[0])
                taken[0] += 1
            with guard:
                holders[0] -= 1
            claim.release()

    def look():
        while not stop.is_set():
            store.is_live("digits-1")

    threads = [threading.Thread(target=job) for job in (train, train, train, look)]
    for thread in threads:
        thread.start()
    time.sleep(1.5)
    stop.set()
    for thread in threads:
        thread.join(30)
    assert most == [1]
    assert taken[0] > 20


def test_a_run_is_never_seen_before_it_is_claimed(store):
    """Whoever sees a run that is being made sees it running."""
    wrong, stop = [], threading.Event()

    def look():
        while not stop.is_set():
            wrong.extend(entry for entry in store.entries(status="interrupted"))

    looker = threading.Thread(target=look)
    looker.start()
    claims = [create(store) for _ in range(30)]
    stop.set()
    looker.join(30)
    assert not wrong
    for claim in claims:
        claim.release()
    assert len(store.entries(status="interrupted")) == 30


def child_of(store, claim, queue):
    claim.release()  # it is the parent's, so nothing happens
    queue.put((store.is_live(claim.id), store.losses(claim.id)))
    with create(store, "child") as own:
        store.append(own.id, done=2, losses=losses(0, 2))
        queue.put(own.id)


@pytest.mark.skipif(not hasattr(os, "fork"), reason="processes are not forked here")
@pytest.mark.filterwarnings("ignore:.*use of fork:DeprecationWarning")  # that is what is tried here
def test_after_a_fork(store):
    """While another thread records; each process has connections and claims of its own."""
    stop = threading.Event()
    with create(store) as claim:

        def busy():
            with create(store, "busy") as own:
                done = 0
                while not stop.is_set():
                    done += 1
                    store.append(own.id, done=done, losses=losses(done - 1, done))

        store.append(claim.id, done=5, losses=losses(0, 5))
        thread = threading.Thread(target=busy)
        thread.start()
        context = multiprocessing.get_context("fork")
        queue = context.Queue()
        try:
            for number in range(1, 11):
                child = context.Process(target=child_of, args=(store, claim, queue))
                child.start()
                assert queue.get(timeout=60) == (True, losses(0, 5))
                assert queue.get(timeout=60) == f"child-{number}"
                child.join(60)
                assert child.exitcode == 0
        finally:
            stop.set()
            thread.join(60)
        assert store.is_live(claim.id)
    assert store.check() == []


ORPHAN = """
import os, sys, time
from store.examples import create
from learnloop.store import Store
claim = create(Store(sys.argv[1]))
child = os.fork()
if not child:
    os.close(1), os.close(2)
    time.sleep(600)
print(child, flush=True)
time.sleep(600)
"""


@pytest.mark.skipif(not hasattr(os, "fork"), reason="processes are not forked here")
def test_a_child_does_not_keep_the_claim_of_a_dead_parent(store):
    process = start("-c", ORPHAN, str(store.path))
    child = int(process.stdout.readline())
    try:
        assert store.is_live("digits-1")
        process.kill()
        process.communicate()
        os.kill(child, 0)
        assert not store.is_live("digits-1")
    finally:
        os.kill(child, signal.SIGKILL)


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
    import sqlite3

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
