"""Runs that end in odd places: at their first update, right behind where they went on, in an error of the writer."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

import learnloop as ll
from learnloop import recording
from learnloop.errors import DescriptionError, Diverged, ProgramError, RecordError
from learnloop.train.progress import Silent
from runs.visited import data


@pytest.fixture
def store(tmp_path: Path) -> ll.Store:
    return ll.Store(tmp_path / "runs.sqlite")


def train(**how) -> ll.Run:
    X, y, _ = data()
    how = {"batch_size": 7, "epochs": 3, "progress": False} | how
    return ll.train(ll.mlp(3, 5, 3, activation="relu"), X, y, **how)


def diverging(**how) -> ll.Run:
    return train(optimizer=ll.SGD(1e12), validation=0.2, **how)


def ended(training: Callable[[], ll.Run]) -> ll.Run:
    try:
        return training()
    except Diverged as error:
        return error.run


def same(a: ll.Run, b: ll.Run) -> bool:
    return (a.digest, a.losses.tobytes(), a.history, a.status, a.outcome.stand, a.outcome.divergence) == (
        b.digest, b.losses.tobytes(), b.history, b.status, b.outcome.stand, b.outcome.divergence,
    )  # fmt: skip


class At(Silent):
    """Ctrl-C when so many updates are done; None for before the first one."""

    def __init__(self, update: int | None) -> None:
        self.update = update

    def start(self, updates: int, per_epoch: int, unit: str = "epoch") -> None:
        if self.update is None:
            raise KeyboardInterrupt

    def show(self, update: int, loss: float | None, extra: dict[str, float]) -> None:
        if update == self.update:
            raise KeyboardInterrupt


def step_by_step(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(recording.Recorder, "next_stop", lambda self, update: update + 1)


def test_a_run_that_diverges_right_behind_where_it_was_resumed(store, monkeypatch) -> None:
    step_by_step(monkeypatch)
    whole = ended(diverging)
    assert whole.status == "diverged" and whole.outcome.stand > 0
    ended(lambda: diverging(record=store, progress=At(whole.updates)))
    assert store.entry("last").status == "interrupted" and store.entry("last").done == whole.updates
    again = ended(lambda: store.resume("last", progress=False))
    assert same(again, whole) and same(store.load("last"), whole)


def test_a_branch_that_diverges_at_its_first_update(store, tmp_path) -> None:
    run = ended(diverging)
    branch = ended(lambda: run.branch(run.updates, record=store))
    assert branch.status == "diverged" and branch.outcome.stand == branch.task.first == run.updates
    state = run.state_before(run.updates)
    assert all(values.tobytes() == state[name].tobytes() for name, values in branch.state_at_end.items())
    assert same(store.load(branch.id), branch) and same(ll.load(branch.save(tmp_path / "branch.run")), branch)
    assert same(store.load(store.add(branch)), branch)


def test_nothing_learnt_with_rows_held_out(store) -> None:
    run = train(epochs=0, validation=0.2, record=store)
    assert same(store.load(run.id), run)


def test_a_branch_without_updates_of_its_own_is_refused_before_anything_is_recorded(store) -> None:
    run = train(validation=0.2)
    with pytest.raises(DescriptionError, match="ends before update"):
        run.branch(run.updates, record=store)
    assert store.entries() == []


def test_ctrl_c_before_the_first_update(store) -> None:
    whole = train(validation=0.2)
    assert train(validation=0.2, record=store, progress=At(None)).interrupted
    assert same(store.resume("last", progress=False), whole)
    branch = whole.branch(4, seed=1)
    assert whole.branch(4, seed=1, record=store, progress=At(None)).interrupted
    assert same(store.resume("last", progress=False), branch)


def test_ctrl_c_while_the_first_state_is_written(store, monkeypatch) -> None:
    def interrupted(self, state) -> None:
        monkeypatch.undo()
        raise KeyboardInterrupt

    monkeypatch.setattr(recording.Recorder, "write_first", interrupted)
    assert train(validation=0.2, record=store).interrupted
    assert same(store.resume("last", progress=False), train(validation=0.2))


def test_an_error_of_the_writer_lets_the_run_go(store, monkeypatch) -> None:
    def broken(self, *given) -> float:
        raise MemoryError

    monkeypatch.setattr(recording, "INTERVAL", 0)
    monkeypatch.setattr(recording.Recorder, "_write", broken)
    with pytest.raises(RecordError, match="could not be recorded: MemoryError") as caught:
        train(record=store)
    monkeypatch.undo()
    assert same(caught.value.run, train())
    assert store.entry("last").status == "interrupted"
    assert same(store.resume("last", progress=False), train())


def test_what_cannot_be_added_leaves_nothing(store) -> None:
    run = train()
    with pytest.raises(ProgramError):
        store.add(ll.Run(replace(run.task, arithmetic=99), run.outcome))
    assert store.entries() == []


def test_a_run_that_was_deleted_can_still_be_asked(store) -> None:
    run = train(record=store)
    store.delete(run.id)
    assert run.at(update=5).loss == run.losses[5]
    assert run.branch(at=5, seed=1).updates == run.updates and run.digests == {}
