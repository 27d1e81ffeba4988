"""Runs recorded while they are trained: everything comes back, and a run goes on from wherever it was cut off."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

import learnloop as ll
from learnloop import recording
from learnloop.compile.toolchain import _runnable
from learnloop.errors import DataError, DescriptionError, Diverged, ProgramError, RecordError, StoreError, UnknownRun
from learnloop.rules import Layer
from learnloop.runs import compare
from learnloop.train.memory import weights_digest
from learnloop.train.progress import Silent
from runs.visited import OPTIMIZERS, data

ADAM = ll.AdamW(ll.Warmup(3, ll.Cosine(0.05)), clip_norm=0.5)


@pytest.fixture
def store(tmp_path: Path) -> ll.Store:
    return ll.Store(tmp_path / "runs.sqlite")


def train(record=False, optimizer=ADAM, **how) -> ll.Run:
    X, y, weights = data()
    network = ll.Network(3, [ll.Dense(5, "tanh", name="größe"), ll.Dropout(0.2), ll.LayerNorm(), ll.Dense(3)])
    how = {"epochs": 40, "batch_size": 7, "seed": 11, "sample_weight": weights, "name": "small"} | how
    return ll.train(network, X, y, optimizer=optimizer, record=record, progress=False, **how)


def same(a: ll.Run, b: ll.Run) -> bool:
    states = a.state.keys() == b.state.keys() and all(a.state[k].tobytes() == b.state[k].tobytes() for k in a.state)
    return a.digest == b.digest and a.losses.tobytes() == b.losses.tobytes() and a.history == b.history and states


@pytest.mark.parametrize("how", [{}, {"validation": 0.3}, {"dtype": "float64"}, {"epochs": 0}, {"threads": 2}], ids=repr)
def test_everything_comes_back(store, how) -> None:
    run = train(store, notes={"of": "größe"}, **how)
    assert run.id == "small-1" and run.status == "finished"
    again = store.load(run.id)
    assert same(run, again) and same(train(**how), again)
    assert (again.network, again.loss, again.optimizer, again.options) == (run.network, run.loss, run.optimizer, run.options)
    assert again.notes == {"of": "größe"} and again.data_digest == run.data_digest
    assert store.source(run.id) == run.source
    if run.updates:
        moment = again.at(update=-3)
        assert moment.loss == run.losses[-3] and moment.change("größe.weight", 1, 2).ticks


def test_another_validation_set_comes_back(store) -> None:
    X, y, _ = data()
    run = train(store, validation=(X[:9] * 2, y[:9]))
    again = store.load("last")
    assert same(run, again)
    assert same(again.again(), run)


def test_digests_are_those_of_the_weights_before_their_updates(store) -> None:
    run = store.load(train(store, epochs=100).id)
    assert len(run.digests) >= 64
    for update, digest in list(run.digests.items())[::7]:
        moment = run.at(update=update) if update < run.updates else None
        weights = {p.name: run.state_before(update)[p.tensor] for p in run.program.parameters}
        assert weights_digest(weights) == digest
        if moment is not None:
            assert moment.layer("größe").weight.tobytes() == weights["größe.weight"].tobytes()


@pytest.mark.parametrize("optimizer", OPTIMIZERS[::4], ids=repr)
def test_travel_from_recorded_checkpoints(store, optimizer, monkeypatch) -> None:
    monkeypatch.setattr(recording, "APART", 1)
    run = store.load(train(store, optimizer).id)
    assert len(run.checkpoints) > 50
    for update in np.random.default_rng(0).permutation(run.updates)[:40].tolist():
        assert run.at(update=update).loss == run.losses[update]


class Cut(Silent):
    """Ctrl-C at an update."""

    def __init__(self, at: int) -> None:
        self.at = at

    def show(self, update: int, loss: float | None, extra: dict[str, float]) -> None:
        if update >= self.at:
            raise KeyboardInterrupt


@pytest.mark.parametrize("validation", [None, 0.3])
@pytest.mark.parametrize("at", [1, 9, 40, 77])
def test_ctrl_c_and_resume(store, at, validation) -> None:
    X, y, weights = data()
    whole = train(validation=validation)
    network = whole.network
    run = ll.train(
        network, X, y, optimizer=ADAM, record=store, name="small", progress=Cut(at), epochs=40, batch_size=7, seed=11,
        sample_weight=weights, validation=validation,
    )  # fmt: skip
    assert run.interrupted and store.entry("last").status == "interrupted"
    assert same(store.load("last"), run)
    resumed = store.resume("small", progress=False)
    assert same(resumed, whole)
    assert store.entry("last").status == "finished" and same(store.load("last"), whole)
    assert same(store.resume("last", progress=False), whole)  # which has nothing to do any more


TRAINING = """
import sys, time
import learnloop as ll
from learnloop import recording

class Stuck(recording.Recorder):
    def look(self, engine):  # it records once, tells, and then is killed where it waits
        super().look(engine)
        if self._writing is not None and engine.update > 100:
            self._settle()
            print("recorded", flush=True)
            time.sleep(600)

recording.INTERVAL, recording.REST, recording.Recorder = 0, 0, Stuck
X, y = ll.datasets.load("digits").standardised()
ll.train(ll.mlp(64, 32, 10), X, y, optimizer=ll.Adam(1e-3), epochs=60, validation=0.2, progress=False,
         record=sys.argv[1], name="digits")
"""


def test_kill_and_resume(store) -> None:
    process = subprocess.Popen([sys.executable, "-c", TRAINING, str(store.path)], stdout=subprocess.PIPE, text=True)
    try:
        assert process.stdout.readline() == "recorded\n"
        assert store.entry("last").status == "running" and store.is_live("digits-1")
        with pytest.raises(StoreError, match="is being trained by process"):
            store.resume("last", progress=False)
        os.kill(process.pid, signal.SIGKILL)
    finally:
        process.kill()
        process.communicate()
    entry = store.entry("last")
    assert entry.status == "interrupted" and 0 < entry.done < entry.planned
    cut = store.load("last")
    assert cut.updates == entry.done and cut.at(update=-1).loss == cut.losses[-1]
    resumed = store.resume("last", progress=False)
    X, y = ll.datasets.load("digits").standardised()
    whole = ll.train(ll.mlp(64, 32, 10), X, y, optimizer=ll.Adam(1e-3), epochs=60, validation=0.2, progress=False)
    assert same(resumed, whole) and same(store.load("last"), whole)


def test_a_branch_and_a_run_without_rows_are_recorded(store) -> None:
    run = train(store)
    branch = run.branch(60, learning_rate=0.02, record=store, name="branch")
    again = store.load("branch-1")
    assert same(again, branch) and again.at(10).loss == run.losses[10] and again.at(100).loss == branch.losses[100]
    assert again.notes["branch"] == 60
    less = branch.without([3], record=store)
    assert same(store.load(less.id), less)
    assert compare(store.load("small-1"), store.load("branch-1")).update == 60


def test_compare_uses_what_was_recorded(store, monkeypatch) -> None:
    late = [train(store, ll.Adam(ll.Warmup(300, then)), epochs=100) for then in (0.01, ll.Cosine(0.01))]
    a, b = (store.load(run.id) for run in late)
    seen = []
    go = ll.Run.state_before
    monkeypatch.setattr(ll.Run, "state_before", lambda self, update: seen.append(update) or go(self, update))
    assert compare(a, b).update == 301  # at 300 both have the whole rate yet
    assert len(set(seen)) <= 6  # of 400 updates


def test_a_run_that_diverges(store) -> None:
    with pytest.raises(Diverged) as caught:
        train(store, ll.SGD(1e20))
    run = caught.value.run
    entry = store.entry("last")
    assert entry.status == "diverged" and run.id == entry.id
    again = store.load("last")
    assert same(again, run) and again.outcome.divergence == run.outcome.divergence
    with pytest.raises(StoreError, match="diverged"):
        store.resume("last", progress=False)


def test_a_run_that_diverges_after_its_last_state_was_written(store, monkeypatch) -> None:
    """The weights of the last finite loss are those before an update that the record had reached already."""
    monkeypatch.setattr(recording, "INTERVAL", 0.0)
    monkeypatch.setattr(recording, "REST", 0)
    look = recording.Recorder.look
    monkeypatch.setattr(recording.Recorder, "look", lambda self, engine: look(self, engine) or self._settle())
    with pytest.raises(Diverged) as caught:
        train(store, ll.SGD(1e8), epochs=100)
    run = caught.value.run
    assert run.updates > 1
    assert same(store.load("last"), run)


def test_interrupted_resumed_and_killed(store) -> None:
    X, y, weights = data()
    whole = train()
    ll.train(
        whole.network, X, y, optimizer=ADAM, record=store, progress=Cut(30), epochs=40, batch_size=7, seed=11,
        sample_weight=weights,
    )  # fmt: skip
    cut = store.load("last")
    with store.claim(cut.id):
        store.append(  # it goes on a little, and is killed before its end is recorded
            cut.id, done=whole.updates - 9, losses=whole.losses[cut.updates : -9].tobytes(),
            latest=(whole.updates - 9, recording.packed(whole.state_before(whole.updates - 9))),
        )  # fmt: skip
    assert store.entry(cut.id).status == "interrupted" and store.entry(cut.id).digest is None
    assert store.load(cut.id).updates == whole.updates - 9
    assert same(store.resume(cut.id, progress=False), whole)


def test_another_error_marks_it_as_failed(store) -> None:
    class Broken(Silent):
        def show(self, update, loss, extra):
            raise RuntimeError("broken")

    X, y, _ = data()
    with pytest.raises(RuntimeError, match="broken"):
        ll.train(ll.mlp(3, 4, 3), X, y, record=store, progress=Broken())
    assert store.entry("last").status == "failed"
    assert store.resume("last", progress=False).digest == ll.train(ll.mlp(3, 4, 3), X, y, progress=False).digest


def test_a_store_that_breaks_loses_no_training(store, monkeypatch) -> None:
    def broken(*_: object, **__: object) -> None:
        raise StoreError("the disk is full.")

    calls = []
    append = store.append
    monkeypatch.setattr(store, "append", lambda *a, **k: broken() if calls else calls.append(1) or append(*a, **k))
    with pytest.raises(RecordError, match=r"disk is full.*The run itself is whole") as caught:
        train(store)
    assert same(caught.value.run, train())
    monkeypatch.undo()
    assert store.entry("last").status == "interrupted"  # nobody trains it any more
    assert same(store.resume("last", progress=False), train())


def test_a_store_that_cannot_be_written_is_told_before_anything_is_learnt(tmp_path) -> None:
    with pytest.raises(StoreError):
        train(tmp_path)  # a folder
    with pytest.raises(DescriptionError, match="the store is 3"):
        train(3)
    for name in ("", "a/b"):
        with pytest.raises(DescriptionError, match="can be no name"):
            train(tmp_path / "a.sqlite", name=name)
    with pytest.raises(DescriptionError, match="run is 3"):
        ll.Store(tmp_path / "a.sqlite").add(3)
    with pytest.raises(DescriptionError, match="the store is ''"):
        ll.Store("")
    with pytest.raises(DescriptionError, match="the file is 3"):
        ll.load(3)
    with pytest.raises(DescriptionError, match="b is 3"):
        compare(train(), 3)
    with pytest.raises(DescriptionError, match="can be no name"):
        train(tmp_path / "a.sqlite", name="a/b")


def test_rules_of_ones_own_cannot_be_recorded(store) -> None:
    class Same(Layer):
        def write(self, writer, x):
            return x

    X, y, _ = data()
    with pytest.raises(DescriptionError, match="of your own"):
        ll.train(ll.Network(3, [Same(), ll.Dense(3)]), X, y, record=store, progress=False)
    assert store.entries() == []


def test_large_data_are_only_named(store, monkeypatch) -> None:
    monkeypatch.setattr(recording, "WITH_DATA", 10)
    X, y, weights = data()
    run = train(store, validation=0.3)
    again = store.load("last")
    assert again.examples is None and again.digest == run.digest
    assert again.predict(X).tobytes() == run.predict(X).tobytes()
    with pytest.raises(DataError, match="does not hold its data"):
        again.at(3)
    with pytest.raises(DataError, match="are not the data"):
        again.with_data(X, y)
    assert again.with_data(X, y, weights).at(3).loss == run.losses[3]


def test_resuming_a_run_whose_data_are_elsewhere(store, monkeypatch) -> None:
    monkeypatch.setattr(recording, "WITH_DATA", 10)
    X, y, weights = data()
    whole = train()
    ll.train(
        whole.network, X, y, optimizer=ADAM, record=store, progress=Cut(30), epochs=40, batch_size=7, seed=11,
        sample_weight=weights,
    )  # fmt: skip
    with pytest.raises(DataError, match="does not hold its data"):
        store.resume("last", progress=False)
    assert not store.is_live("run-1")
    assert same(store.resume("last", data=(X, y, weights), progress=False), whole)


def test_resuming_a_run_whose_validation_data_are_elsewhere(store, monkeypatch) -> None:
    monkeypatch.setattr(recording, "WITH_DATA", 10)
    X, y, weights = data()
    held = X[:9] * 2, y[:9]
    whole = train(validation=held)
    ll.train(
        whole.network, X, y, optimizer=ADAM, record=store, progress=Cut(30), epochs=40, batch_size=7, seed=11,
        sample_weight=weights, validation=held,
    )  # fmt: skip
    with pytest.raises(DataError, match="does not hold its validation data"):
        store.resume("last", data=(X, y, weights), progress=False)
    with pytest.raises(DataError, match="not the validation data"):
        store.resume("last", data=(X, y, weights), validation=(X[:9], y[:9]), progress=False)
    assert same(store.resume("last", data=(X, y, weights), validation=held, progress=False), whole)


def test_files_and_the_store(store, tmp_path) -> None:
    run = train(validation=0.3)
    id = store.add(ll.load(run.save(tmp_path / "a.run")), "read")
    again = store.load(id)
    assert id == "read-1" and same(again, run)
    assert ll.load(again.save(tmp_path / "b.run")).describe() == run.describe()
    branch = run.branch(20, learning_rate=0.1)
    assert same(store.load(store.add(branch)), branch)


def test_a_changed_store_is_never_read_silently(store) -> None:
    run = train(store)
    with store._database.writing() as db:
        db.execute("UPDATE run SET digest = 'ab'")
    with pytest.raises(StoreError):
        store.load(run.id)


def test_unknown_runs(store) -> None:
    with pytest.raises(UnknownRun, match="no run yet"):
        store.load("digits-1")
    train(store)
    with pytest.raises(UnknownRun, match="small-1"):
        store.load("smal-1")


def test_marks_are_powers_of_two() -> None:
    assert [recording.stride(n, 128) for n in (0, 1, 128, 129, 1000, 10**6)] == [1, 1, 1, 2, 8, 8192]


def test_copies_of_runs(store) -> None:
    import copy
    import pickle

    run = store.load(train(store).id)
    for other in (copy.copy(run), pickle.loads(pickle.dumps(run))):  # noqa: S301
        assert same(other, run) and other.id == run.id
    assert replace(run.task).program.digest == run.program.digest


def test_another_instruction_set_replays_the_same_bits(store, monkeypatch) -> None:
    """Recorded with one, loaded, visited and resumed with another."""
    names = [target.name for target in _runnable()]
    monkeypatch.setenv("LEARNLOOP_TARGET", names[-1])
    X, y, weights = data()
    whole = train(store)
    cut = ll.train(
        whole.network, X, y, optimizer=ADAM, record=store, progress=Cut(30), epochs=40, batch_size=7, seed=11,
        sample_weight=weights,
    )  # fmt: skip
    assert (whole.target, cut.target) == (names[-1], names[-1])
    monkeypatch.setenv("LEARNLOOP_TARGET", names[0])
    again = store.load(whole.id)
    for update in (0, 55, 101, again.updates - 1):
        assert again.at(update=update).loss == whole.losses[update]
        assert weights_digest({p.name: again.state_before(update)[p.tensor] for p in again.program.parameters})
    resumed = store.resume(cut.id, progress=False)
    assert resumed.target == names[0] and same(resumed, whole)


def test_another_arithmetic_is_told_apart(store) -> None:
    run = train(store)
    other = ll.Run(replace(run.task, arithmetic=99), run.outcome)
    assert other.predict(data()[0]).tobytes() == run.predict(data()[0]).tobytes()
    with pytest.raises(ProgramError, match="version 99 of the arithmetic"):
        other.at(0)
