"""``learnloop resume``: the same end, whatever happened on the way."""

from __future__ import annotations

import dataclasses
import json
import signal
import subprocess
import sys
import time

import pytest

import learnloop as ll
from cli.conftest import fits
from learnloop import Store
from learnloop.cli import outcome, resuming, training
from learnloop.cli.wording import duration
from learnloop.data import datasets

WORDS = ["train", "iris", "--hidden", "6", "--epochs", "40", "--validation", "0.25", "--threads", "1"]


@pytest.fixture
def cut(learnloop, monkeypatch):
    """A run that Ctrl-C ended after a while, and the digest that it would have had."""
    whole = json.loads(learnloop(*WORDS, "--no-record", "--json", "--quiet").out)["digest"]

    class Impatient(training.Patient):
        def show(self, update, loss, extra):
            if update >= 24:
                raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(training, "Patient", Impatient)
        assert learnloop(*WORDS).code == 130
    return whole


def test_what_was_measured_does_not_undo_what_another_process_did(learnloop, cut, store):
    """Measuring takes its time, and the run is free meanwhile."""
    stale = Store().load("last")
    Store().resume("last", progress=False)
    outcome.keep(stale, {"test": {"loss": 1.0}})
    assert Store().entry("last").status == "finished" and Store().load("last").digest == cut
    with Store().claim(stale.id):
        outcome.keep(stale, {"test": {"loss": 1.0}})
    assert Store().load("last").digest == cut


def test_ends_with_the_same_bits(learnloop, cut, store):
    result = learnloop("resume", "--json")
    found = json.loads(result.out.splitlines()[-1])
    assert result.code == 0 and (found["run"], found["digest"], found["status"]) == ("iris-1", cut, "finished")
    assert "iris-1    goes on from update " in result.err and "test accuracy" in result.err and fits(result.err)
    assert "recorded  iris-1" in result.err and len(found["history"]) == 40
    assert store.entry("iris-1").status == "finished" and store.entry("iris-1").facts["metrics"] == found["metrics"]


def test_the_time_of_an_update_is_that_of_those_done_now(learnloop, cut, store):
    before = store.load("iris-1").updates
    text = learnloop("resume").out
    run = store.load("iris-1")
    assert run.outcome.timed == run.updates - before > 0
    assert f"{run.updates} updates, the last {run.updates - before} in " in text
    assert f", {duration(run.seconds / run.outcome.timed)} each" in text


def test_by_its_id_and_quietly(learnloop, cut, store):
    assert learnloop("resume", "iris-1", "--quiet")[:] == (0, "", "") and store.load("iris-1").digest == cut


def test_one_that_has_finished_is_shown_as_it_is(learnloop, own):
    result = learnloop("resume", "iris-1")
    assert result.code == 0 and "iris-1    has finished already" in result.out and own.load("iris-1").digest in result.out


def test_the_newest_interrupted_one(learnloop, cut, store):
    X, y = datasets.load("xor")
    ll.train(ll.mlp(2, 1), X, y, epochs=1, record=store, name="later", progress=False)
    assert json.loads(learnloop("resume", "--json").out.splitlines()[-1])["run"] == "iris-1"
    result = learnloop("resume")
    assert result.code == 2 and "is interrupted. Fix: learnloop runs lists what there is." in result.err


def test_interrupted_once_more(learnloop, cut, store, monkeypatch):
    class Impatient(resuming.Patient):
        def show(self, update, loss, extra):
            raise KeyboardInterrupt

    monkeypatch.setattr(resuming, "Patient", Impatient)
    result = learnloop("resume")
    assert result.code == 130 and "interrupted" in result.out and store.entry("iris-1").status == "interrupted"


def test_one_that_is_being_trained_is_refused(learnloop, cut, store):
    with store.claim("iris-1"):
        result = learnloop("resume", "iris-1")
    assert result.code == 5 and "the run iris-1 is being trained by this process. Fix: wait for it" in result.err


@pytest.mark.parametrize(
    ("given", "code", "text"),
    [("iris-9", 2, "unknown run 'iris-9'"), ("a.run", 2, "'a.run' is a file; a run is resumed in the store. Fix: learnloop import a.run"),
     ("iris-3", 5, "the run iris-3 diverged: there is nothing to go on with.")],
)  # fmt: skip
def test_one_that_cannot_be_resumed(learnloop, own, given, code, text):
    result = learnloop("resume", given)
    assert result.code == code and text in result.err


def test_a_store_that_is_full_by_then(learnloop, cut, store, monkeypatch):
    def full(self, *_, **__):
        raise ll.errors.StoreError("the disk is full.")

    monkeypatch.setattr(Store, "finish", full)
    result = learnloop("resume", "--json")
    found = json.loads(result.out.splitlines()[-1])
    assert result.code == 5 and found["run"] is None and found["digest"] == cut and "the disk is full." in result.err


def test_one_that_another_process_ends_meanwhile_is_not_trained_again(learnloop, own, monkeypatch):
    """It looks interrupted when it is looked up, and has finished when it is claimed."""
    real, seen = Store.entry, []

    def entry(self, id):
        found = real(self, id)
        seen.append(id)
        return dataclasses.replace(found, status="interrupted") if len(seen) <= 2 else found

    monkeypatch.setattr(Store, "entry", entry)
    result = learnloop("resume", "iris-1", "--json")
    assert result.code == 0 and json.loads(result.out.splitlines()[-1])["status"] == "finished" and len(seen) > 2
    assert not own.is_live("iris-1")


def test_a_process_that_was_killed(learnloop, store, monkeypatch):
    words = ["train", "digits", "--hidden", "8", "--epochs", "1000000", "--threads", "1", "--quiet"]
    with subprocess.Popen([sys.executable, "-m", "learnloop", *words]) as process:
        while not store.entries() or store.entries()[0].done < 5000:
            assert process.poll() is None
            time.sleep(0.05)
        status, busy = json.loads(learnloop("runs", "--json").out)[0]["status"], learnloop("resume", "digits-1")
        shown = learnloop("show", "digits-1")
        process.send_signal(signal.SIGKILL)
    assert status == "running" and shown.code == 0 and "running, just now" in shown.out
    assert busy.code == 5 and f"is being trained by process {process.pid}" in busy.err
    assert store.entry("digits-1").status == "interrupted"

    class Impatient(resuming.Patient):
        def show(self, update, loss, extra):
            raise KeyboardInterrupt

    monkeypatch.setattr(resuming, "Patient", Impatient)
    before = store.entry("digits-1").done
    result = learnloop("resume", "--json")
    assert result.code == 130 and json.loads(result.out.splitlines()[-1])["updates"] > before >= 5000
