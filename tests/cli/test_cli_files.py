"""``learnloop export`` and ``import``; and data that are not kept with a run."""

from __future__ import annotations

import json

import numpy as np
import pytest

import learnloop as ll
from cli.conftest import fits
from learnloop import load
from learnloop.data import datasets
from learnloop.train.progress import Silent

ASKED = ["why", "neuron", "life", "show --update 3", "replay --verify", "without --rows 3", "again --seed 1", "branch --at 3 --seed 2",
          "influence --rows 3"]  # fmt: skip


def test_there_and_back(learnloop, answer, own, tmp_path):
    file = tmp_path / "a.run"
    found, run = answer("export", "iris-1", str(file)), own.load("iris-1")
    assert found["digest"] == run.digest == load(file).digest and found["saved"] == str(file)
    assert found["bytes"] == file.stat().st_size and found["data_kept"] is True
    back = answer("import", str(file))
    assert (back["run"], back["digest"], back["status"]) == ("iris-4", run.digest, "finished")
    there = own.load("iris-4")
    assert there.digest == run.digest and np.array_equal(there.losses, run.losses) and there.notes == run.notes
    assert own.entry("iris-4").facts["metrics"] == own.entry("iris-1").facts["metrics"]
    assert learnloop("replay", "iris-4", "--verify").code == 0


def test_told_to_people(learnloop, own, tmp_path):
    result = learnloop("export", "iris-3", str(tmp_path / "a.run"))
    assert result.code == 0 and "with its data" in result.out and fits(result.out.replace(str(tmp_path), ""))
    result = learnloop("import", str(tmp_path / "a.run"), "--name", "mine")
    assert result.code == 0 and "recorded  mine-1" in result.out and "diverged, " in result.out and fits(result.out)


def test_an_interrupted_run_goes_on_elsewhere(learnloop, answer, own, tmp_path):
    whole = own.load("iris-1")

    class Impatient(Silent):
        def show(self, update, loss, extra):
            raise KeyboardInterrupt

    cut = whole.again(threads=1, record=own, name="cut", progress=Impatient())
    assert cut.interrupted
    answer("export", "cut-1", str(tmp_path / "a.run"))
    moved = answer("import", str(tmp_path / "a.run"), "--name", "moved")["run"]
    assert answer("resume", moved)["digest"] == whole.digest


@pytest.mark.parametrize(
    ("words", "code", "text"),
    [
        ("export iris-9 a.run", 2, "unknown run 'iris-9'"),
        ("export iris-1 .", 5, ". is a folder. Fix: "),
        ("export iris-1 missing/a.run", 5, "there is no folder missing. Fix: "),
        ("export iris-1 there.run", 5, "there.run is there already. Fix: another name, or --force to replace it."),
        ("import nothing.run", 5, "there is no file nothing.run. Fix: "),
        ("import there.run", 5, "there.run cannot be read as a run"),
        ("import there.txt", 5, "there.txt is no run of learnloop. Fix: "),
        ("import good.run --name a/b", 2, "'a/b' can be no name of runs"),
    ],
)
def test_files_that_cannot_be(learnloop, own, tmp_path, monkeypatch, words, code, text):
    monkeypatch.chdir(tmp_path)
    own.load("iris-1").save("good.run")
    for name in ("there.run", "there.txt"):
        (tmp_path / name).write_text("something else")
    before = [entry.id for entry in own.entries()]
    result = learnloop(*words.split())
    assert result.code == code and text in result.err and result.out == ""
    assert (tmp_path / "there.run").read_text() == "something else" and [e.id for e in own.entries()] == before


def test_force_replaces(learnloop, shared, tmp_path):
    (tmp_path / "a.run").write_text("old")
    assert learnloop("export", "iris-1", str(tmp_path / "a.run"), "--force").code == 0
    assert load(tmp_path / "a.run").digest == shared.load("iris-1").digest


@pytest.fixture
def large(learnloop, store, monkeypatch):
    """A run whose data are too large to be kept with it."""
    for place in ("learnloop.recording", "learnloop.run"):
        monkeypatch.setattr(f"{place}.WITH_DATA", 0)
    assert learnloop("train", "iris", "--hidden", "6", "--epochs", "2", "--quiet", "--threads", "1").code == 0
    monkeypatch.undo()
    monkeypatch.setenv("LEARNLOOP_STORE", str(store.path))
    monkeypatch.setenv("COLUMNS", "80")
    return store.load("iris-1")


def asked(words: str, *more: str) -> list[str]:
    verb, *options = words.split()
    place = {"why": ["dense_1.weight[0,0]"], "life": ["dense_1.weight[0,0]"], "neuron": ["dense_1[0]"]}.get(verb, [])
    return [verb, "iris-1", *place, *options, *more]


@pytest.mark.parametrize("words", ASKED)
def test_data_elsewhere(learnloop, large, words):
    assert large.examples is None
    result = learnloop(*asked(words))
    assert result.code == 2 and result.out == "" and "Fix: --data NAME names the data set or file" in result.err
    assert f"SHA-256 begins with {large.data_digest[:12]}" in result.err
    assert learnloop(*asked(words, "--data", "iris")).code == 0
    result = learnloop(*asked(words, "--data", "wine"))
    assert result.code == 2 and "wine is not what the run learnt from" in result.err
    assert "Did you mean 'iris'" in learnloop(*asked(words, "--data", "iriss")).err


def test_what_needs_no_data(learnloop, large, tmp_path):
    assert "not kept with the run" in learnloop("show", "iris-1").out
    assert learnloop("runs").code == learnloop("diff", "iris-1", "iris-1").code == 0
    assert "without its data" in learnloop("export", "iris-1", str(tmp_path / "a.run")).out
    result = learnloop("import", str(tmp_path / "a.run"))
    assert result.code == 2 and "Fix: --data NAME" in result.err
    assert learnloop("import", str(tmp_path / "a.run"), "--data", "iris").code == 0
    assert learnloop("replay", "iris-2", "--verify").code == 0


def test_a_run_without_rows_whose_data_are_elsewhere(answer, learnloop, large, monkeypatch):
    monkeypatch.setattr("learnloop.recording.WITH_DATA", 0)
    made = answer("without", "iris-1", "--rows", "3,4", "--data", "iris")["run"]
    assert learnloop("replay", made, "--verify").code == 2
    assert answer("replay", made, "--verify", "--data", "iris")["same"] is True


def test_a_branch_whose_data_are_elsewhere_brings_them_to_what_it_came_from(answer, learnloop, large, monkeypatch):
    monkeypatch.setattr("learnloop.recording.WITH_DATA", 0)
    made = answer("branch", "iris-1", "--at", "8", "--learning-rate", "0.5", "--data", "iris")["run"]
    assert learnloop("show", made, "--update", "3").code == 2
    for update in ("3", "12"):  # before the branch, and behind it
        assert answer("why", made, "dense_1.weight[0,0]", "--update", update, "--data", "iris")["ticks"] is True
    assert answer("replay", made, "--verify", "--data", "iris")["same"] is True


@pytest.mark.parametrize("scaled", [False, True])
def test_a_run_of_python_finds_its_data_as_they_are_or_standardised(learnloop, store, monkeypatch, scaled):
    monkeypatch.setattr("learnloop.recording.WITH_DATA", 0)
    data = datasets.load("iris")
    X, y = data.standardised() if scaled else data
    ll.train(ll.mlp(4, 3), X, y, epochs=1, record=store, name="iris", progress=False)
    assert learnloop("replay", "iris-1", "--data", "iris", "--verify").code == 0


def test_emit_says_how_to_point_to_data(learnloop, large, tmp_path):
    result = learnloop("emit", "iris-1", "--target", "standalone", "--out", str(tmp_path / "x"))
    assert result.code == 2 and "Fix: --data NAME" in result.err
    assert learnloop("emit", "iris-1", "--target", "standalone", "--out", str(tmp_path / "x"), "--data", "iris").code == 0


def test_resume_with_data_elsewhere(learnloop, large, store, monkeypatch):
    entry = store.entry("iris-1")
    monkeypatch.setattr("learnloop.recording.WITH_DATA", 0)
    from learnloop.cli import training

    class Impatient(training.Patient):
        def show(self, update, loss, extra):
            raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(training, "Patient", Impatient)
        learnloop("train", "iris", "--hidden", "6", "--epochs", "2", "--threads", "1")
    result = learnloop("resume", "iris-2")
    assert result.code == 2 and "--data NAME" in result.err and store.entry("iris-2").status == "interrupted"
    found = json.loads(learnloop("resume", "iris-2", "--data", "iris", "--json").out.splitlines()[-1])
    assert found["digest"] == entry.digest


def test_import_with_data_that_are_others_is_refused(learnloop, shared, tmp_path):
    shared.load("iris-1").save(tmp_path / "a.run")
    result = learnloop("import", str(tmp_path / "a.run"), "--data", "wine", "--store", str(tmp_path / "new.sqlite"))
    assert result.code == 2 and "wine is not what the run learnt from" in result.err


def test_import_says_what_a_file_is(learnloop, tmp_path):
    from safetensors.numpy import save_file

    (tmp_path / "other.run").mkdir()
    save_file({"a": np.ones(3)}, tmp_path / "foreign.safetensors")
    for name, text in (("other.run", "is a folder"), ("foreign.safetensors", "another program wrote it"), ("no.run", "check the path")):
        result = learnloop("import", str(tmp_path / name))
        assert result.code == 5 and text in result.err
