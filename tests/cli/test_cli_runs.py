"""``learnloop runs``: lists, and deletes what it was told to, and only that."""

from __future__ import annotations

import io
import json

import pytest

from cli.conftest import fits
from learnloop import Store
from learnloop.cli import runs as listing
from learnloop.errors import StoreError

ALL = ["diabetes-1", "iris-3", "iris-2", "iris-1"]


def test_a_table_newest_first(learnloop, shared):
    result = learnloop("runs")
    assert result.code == 0 and fits(result.out)
    lines = result.out.splitlines()
    assert [line.split()[0] for line in lines[1:5]] == ALL
    assert "finished" in lines[1] and "test R2 " in lines[1]
    assert "diverged" in lines[2] and " of 32" in lines[2] and "loss" in lines[2]
    assert "test accuracy" in lines[4] and "just now" in lines[4]
    assert "4 runs" in result.out and "runs.sqlite, " in result.out


def test_json_lists_objects(learnloop, shared):
    found = json.loads(learnloop("runs", "--json").out)
    assert [entry["id"] for entry in found] == ALL
    entries = {entry.id: entry for entry in shared.entries()}
    for entry in found:
        there = entries[entry["id"]]
        assert (entry["status"], entry["digest"], entry["updates"]) == (there.status, there.digest, there.done)
    run = shared.load("iris-1")
    assert found[3]["loss"] == pytest.approx(run.losses[-run.updates_per_epoch :].mean(), rel=1e-6)
    assert found[3]["metrics"]["test"].keys() == {"loss", "accuracy"}


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        (["iris"], ["iris-3", "iris-2", "iris-1"]),
        (["--status", "diverged"], ["iris-3"]),
        (["iris", "--status", "finished", "--limit", "1"], ["iris-2"]),
        (["--limit", "0"], ALL),
        (["wine"], []),
    ],
)
def test_filters(learnloop, shared, words, expected):
    assert [entry["id"] for entry in json.loads(learnloop("runs", *words, "--json").out)] == expected
    out = learnloop("runs", *words).out
    assert [id for id in ALL if f"{id} " in out] == expected


def test_says_how_many_are_not_shown(learnloop, shared):
    assert "4 runs; 3 older ones not shown (--limit 0 shows all)" in learnloop("runs", "--limit", "1").out


def test_nothing_there(learnloop, home):
    result = learnloop("runs")
    assert result.code == 0 and "no run is recorded in" in result.out and "learnloop train digits" in result.out
    assert json.loads(learnloop("runs", "--json").out) == [] and not home.exists()


@pytest.mark.parametrize(
    ("words", "text"),
    [
        (["--status", "gone"], "status is 'gone'; expected one of running, interrupted, finished, diverged, failed."),
        (["--limit", "-1"], "--limit is -1; expected a whole number of at least 0."),
        (["iris", "wine"], "expected one name, got 2. Fix: learnloop runs iris"),
    ],
)
def test_bad_filters(learnloop, shared, words, text):
    result = learnloop("runs", *words)
    assert (result.code, result.out, result.err) == (2, "", f"error: {text}\n")


def test_a_store_of_somebody_else_may_say_anything(learnloop, own):
    for facts in ({"metrics": []}, {"metrics": {"test": {"loss": "x", "accuracy": []}}}, {"metrics": {"test": {"loss": 1}}}):
        own.finish("iris-1", "finished", digest=own.entry("iris-1").digest, facts=own.entry("iris-1").facts | facts)
        assert "loss 0." in next(line for line in learnloop("runs").out.splitlines() if line.startswith("iris-1"))
        assert learnloop("show", "iris-1").code == learnloop("runs", "--json").code == 0


def test_a_size_of_losses_that_is_none_is_passed_over(own):
    entry = own.entry("iris-1")
    assert listing.last_loss(own, entry) is not None
    assert listing.last_loss(own, type(entry)(**{**vars(entry), "itemsize": 3})) is None
    assert listing.last_loss(own, type(entry)(**{**vars(entry), "done": 0})) is None


def left(store: Store) -> list[str]:
    return [entry.id for entry in store.entries()]


def test_deletes_without_asking_where_it_is_told_so(learnloop, own):
    result = learnloop("runs", "--delete", "iris-1", "iris-3", "--yes", "--json")
    assert result.code == 0 and json.loads(result.out)["deleted"] == ["iris-1", "iris-3"]
    assert left(own) == ["diabetes-1", "iris-2"]


def test_nobody_to_ask(learnloop, own):
    result = learnloop("runs", "--delete", "iris-1")
    assert result.code == 2 and "Fix: --yes deletes without asking." in result.err and left(own) == ALL


@pytest.mark.parametrize(("said", "gone"), [("y\n", True), ("yes\n", True), ("\n", False), ("n\n", False), ("", False)])
def test_asks_at_a_terminal_and_takes_nothing_for_no(learnloop, own, monkeypatch, said, gone):
    answers = io.StringIO(said)
    answers.isatty = lambda: True
    monkeypatch.setattr("sys.stdin", answers)
    monkeypatch.setattr("sys.stderr.isatty", lambda: True)
    result = learnloop("runs", "--delete", "iris-1")
    assert result.code == 0 and ("iris-1" not in left(own)) == gone
    assert "iris-1  finished, just now, " in result.err and "delete 1 run for good? [y/N]" in result.err
    assert ("deleted   iris-1" if gone else "deleted   nothing") in result.out


@pytest.mark.parametrize(
    ("id", "text"),
    [("iris-9", "unknown run 'iris-9'"), ("diabetes", "'diabetes' is no whole id. Fix: learnloop runs --delete diabetes-1"),
     ("last", "'last' is no whole id. Fix: learnloop runs --delete diabetes-1")],
)  # fmt: skip
def test_one_that_cannot_be_deleted_keeps_all(learnloop, own, id, text):
    result = learnloop("runs", "--delete", "iris-1", id, "--yes")
    assert result.code == 2 and text in result.err and left(own) == ALL


def test_a_run_being_trained_is_not_deleted(learnloop, own):
    with own.claim("iris-3"):
        result = learnloop("runs", "--delete", "iris-1", "iris-3", "--yes")
    assert result.code == 5 and "is being trained by this process" in result.err and left(own) == ALL


def test_several_are_deleted_by_naming_the_option_again(answer, own):
    assert answer("runs", "--delete", "iris-1", "--delete", "iris-2", "--yes")["deleted"] == ["iris-1", "iris-2"]


def test_deleting_on_a_full_disk_says_why_that_needs_room(learnloop, own, monkeypatch):
    def full(self, id):
        raise StoreError("the store cannot be written: the disk is full. Fix: free some space.")

    monkeypatch.setattr(Store, "delete", full)
    result = learnloop("runs", "--delete", "iris-1", "--yes")
    assert result.code == 5 and "Fix: free some space. Deleting needs a little itself" in result.err
