"""A run is trained by one living process; forks."""

from __future__ import annotations

import multiprocessing
import os
import signal
import threading
import time

import pytest

from learnloop.errors import StoreError
from store.examples import create, losses
from store.processes import start

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
