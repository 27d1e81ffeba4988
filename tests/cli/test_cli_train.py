"""``learnloop train``: what it says, what it saves, how well it does."""

from __future__ import annotations

import json
import shlex

import numpy as np
import pytest

from learnloop import Run, Store, load
from learnloop.cli import training
from learnloop.cli.choices import Choices, settle
from learnloop.data import datasets
from learnloop.errors import FileError, StoreError

FLOORS = {
    "breast_cancer": 0.95, "circles": 0.98, "diabetes": 0.30, "digits": 0.97, "gaussians": 0.97, "iris": 0.92,
    "moons": 0.98, "sine": 0.94, "spirals": 0.93, "wine": 0.94, "xor": 0.95,
}  # fmt: skip
"""Accuracy, or R2 for numbers, that the defaults reach on the rows held out."""


@pytest.mark.parametrize("seed", [0, 1])
@pytest.mark.parametrize("name", datasets.names())
def test_defaults_are_good(learnloop, name, seed):
    result = learnloop("train", name, "--quiet", "--json", "--seed", str(seed), "--threads", "1")
    found = json.loads(result.out)["metrics"]["test"]
    assert found.get("accuracy", found.get("r2")) >= FLOORS[name]


def test_tells_data_network_learning_result_and_what_next(learnloop, store):
    result = learnloop("train", "digits")
    assert result.code == 0
    for part in (
        "1 797 rows, 64 columns (pictures of 8 x 8), 10 classes", "inputs scaled: divided by 16",
        "1 438 rows to learn from, 359 to test on", "dense_1    Dense relu      64       4 160", "2 700 updates",
        "test accuracy 9", "while learning (dropout on): loss 0.0", "on the rows it learnt from (dropout off): 9",
        "truth \\ taken for", "\nrecorded  digits-1\n", "learnloop emit digits-1", "learnloop why digits-1 'dense_1.weight[",
    ):  # fmt: skip
        assert part in result.out
    assert "epoch 60/60  loss" in result.err
    assert f"\ndigest    {store.load('digits-1').digest}\n" in result.out


def test_regression_tells_r2_and_the_scaled_target(learnloop):
    result = learnloop("train", "diabetes")
    assert "inputs and target scaled: mean 0, standard deviation 1" in result.out
    assert "test R2 0." in result.out and "in the target's own units" in result.out


@pytest.mark.parametrize("name", ["digits", "iris", "diabetes", "breast_cancer"])
def test_fits_80_columns_without_colour_or_loose_blanks(learnloop, name):
    lines = learnloop("train", name).out.splitlines()
    free = ("saved", "    learnloop ")  # paths and commands are never broken
    assert not [line for line in lines if len(line) > 80 and not line.startswith(free)]
    assert not [line for line in lines if line != line.rstrip()]
    assert "\x1b" not in "".join(lines)


def test_json_is_one_line_last_and_the_rest_goes_to_stderr(learnloop, store):
    result = learnloop("train", "iris", "--json", "--seed", "5")
    assert result.out.count("\n") == 1
    found = json.loads(result.out)
    assert "test accuracy" in result.err
    assert found["options"]["seed"] == 5 and found["updates"] == 800 and not found["interrupted"]
    assert np.sum(found["confusion"]) == found["test_rows"] == 30
    assert (found["run"], found["status"], found["saved"]) == ("iris-1", "finished", None)
    assert store.load(found["run"]).digest == found["digest"]


def test_quiet_says_nothing(learnloop, store):
    result = learnloop("train", "iris", "-q")
    assert result[:] == (0, "", "") and store.entry("iris-1").status == "finished"


def test_where_it_is_kept(learnloop, store, tmp_path):
    other, file = tmp_path / "other.sqlite", tmp_path / "a.run"
    words = ["train", "xor", "--epochs", "1", "--json"]
    result = learnloop(*words, "--store", str(other), "--out", str(file))
    assert json.loads(result.out)["run"] == "xor-1" and "recorded  xor-1" in result.err and f"saved     {file}" in result.err
    assert Store(other).load("xor-1").digest == load(file).digest == json.loads(result.out)["digest"]
    result = learnloop(*words, "--no-record")
    assert json.loads(result.out)["run"] is None and "recorded" not in result.err and "learnloop why" not in result.err
    assert store.entries() == []


def test_notes_name_the_rows_and_undo_the_scaling(learnloop, store):
    learnloop("train", "diabetes", "--quiet", "--epochs", "1")
    run, data = store.load(), datasets.load("diabetes")
    notes = run.notes["data"]
    assert (notes["name"], notes["task"], notes["columns"]) == ("diabetes", "regression", list(data.feature_names))
    rows, test = notes["rows"], notes["test"]
    assert sorted(rows + test) == list(range(len(data.X)))
    unscaled = run.examples.X * notes["inputs"]["scale"] + notes["inputs"]["mean"]
    assert np.allclose(unscaled, data.X[rows], atol=1e-5)
    assert np.allclose(run.examples.Y[:, 0] * notes["target"]["scale"] + notes["target"]["mean"], data.y[rows], rtol=1e-5)


def test_what_was_measured_is_recorded(learnloop, store):
    found = json.loads(learnloop("train", "iris", "--quiet", "--json").out)
    assert store.entry("iris-1").facts["metrics"] == found["metrics"]


def test_json_under_quiet_is_all_there_is(learnloop):
    result = learnloop("train", "iris", "--quiet", "--json")
    assert result.err == "" and json.loads(result.out)["command"] == "train"


def test_every_option_arrives(learnloop, tmp_path):
    words = (
        "--hidden 8,4 --activation relu --loss cross_entropy --optimizer sgd --learning-rate 0.05 --momentum 0.5 "
        "--weight-decay 0.001 --clip-norm 2 --dropout 0.1 --epochs 3 --batch-size 10 --seed 7 --threads 2 --validation 0.25 "
        f"--dtype float64 --test 0.3 --schedule constant --out {tmp_path / 'a b.run'} --json --quiet"
    )
    found = json.loads(learnloop("train", "iris", *words.replace("a b", "a_b").split()).out)
    assert found["options"] == {
        "hidden": [8, 4], "activation": "relu", "dropout": 0.1, "loss": "cross_entropy", "optimizer": "sgd",
        "learning_rate": 0.05, "schedule": "constant", "momentum": 0.5, "weight_decay": 0.001, "clip_norm": 2.0,
        "epochs": 3, "batch_size": 10, "seed": 7, "threads": 2, "dtype": "float64", "test": 0.3, "validation": 0.25,
    }  # fmt: skip
    assert len(found["history"]) == 3 and found["test_rows"] == 45 and found["threads_used"] == 2
    run = load(tmp_path / "a_b.run")
    assert (
        run.optimizer.momentum == 0.5 and run.optimizer.clip_norm == 2 and run.optimizer.schedule.learning_rate == 0.05
    )
    assert [layer.units for layer in run.network.layers if hasattr(layer, "units")] == [8, 4, 3]


def test_what_to_try_next_works(learnloop, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    out = learnloop("train", "iris", "--epochs", "2").out
    commands = [shlex.split(line) for line in out.split("try next\n")[1].splitlines()[1::2]]
    verbs = [command[1] for command in commands]
    assert verbs == ["why", "life", "insights", "without", "train", "emit"] and commands[-1][2:] == ["iris-1"]
    for command in commands:
        assert command[0] == "learnloop" and learnloop(*command[1:]).code == 0


def test_a_run_that_diverges_is_recorded_and_ends_with_3(learnloop, store):
    result = learnloop(
        "train", "iris", "--optimizer", "sgd", "--learning-rate", "1e6", "--activation", "relu", "--json"
    )
    assert result.code == 3
    assert "diverged" in result.err and "error: the loss is not a finite number at update" in result.err
    found = json.loads(result.out)
    assert found["diverged"] == found["updates"] and found["metrics"] == {}
    assert found["status"] == store.entry(found["run"]).status == "diverged"
    lines = result.err.splitlines()
    advice = lines[lines.index("  smaller steps") + 1]
    assert advice.startswith("    learnloop ") and learnloop(*shlex.split(advice)[1:]).code == 0
    assert "--learning-rate 0.1 or --clip-norm 1. The run is kept" in result.err and ".run holds" not in result.err


@pytest.mark.parametrize(
    ("typed", "next_rate"),
    [
        (Choices("iris", learning_rate=1e30), 0.01),
        (Choices("iris", learning_rate=0.01), 0.001),
        (Choices("iris"), 0.001),
        (Choices("iris", optimizer="sgd", learning_rate=1e30), 0.1),
        (Choices("iris", optimizer="sgd", learning_rate=0.05), 0.005),
    ],
)
def test_a_smaller_rate_is_the_usual_one_or_a_tenth(typed, next_rate):
    assert settle(typed, datasets.load("iris")).smaller_rate() == pytest.approx(next_rate)


def test_validation_rows_are_no_rows_that_it_learnt_from(learnloop, store):
    result = learnloop("train", "iris", "--validation", "0.25", "--epochs", "30", "--json")
    assert "90 rows to learn from, 30 for validation, 30 to test on" in result.err
    assert sum(line.startswith("epoch 30/30 ") for line in result.err.splitlines()) == 1
    found = json.loads(result.out)
    run = store.load(found["run"])
    assert (found["train_rows"], found["validation_rows"], found["test_rows"]) == (90, 30, 30)
    learnt = run.evaluate(run.examples.X[run.rows], run.examples.labels[run.rows])
    assert found["metrics"]["train"] == learnt
    assert (
        found["history"][-1]["validation_loss"]
        == run.evaluate(run.examples.X[run.held_out], run.examples.labels[run.held_out])["loss"]
    )


def test_an_interrupted_run_is_recorded_and_ends_with_130(learnloop, store, monkeypatch):
    class Impatient(training.Patient):
        def show(self, update, loss, extra):
            raise KeyboardInterrupt

    monkeypatch.setattr(training, "Patient", Impatient)
    result = learnloop("train", "digits", "--json")
    assert result.code == 130
    assert "interrupted: what was learnt until then is kept" in result.err
    found = json.loads(result.out)
    assert found["interrupted"] and 0 < found["updates"] < 2700 and found["status"] == "interrupted"
    assert store.entry(found["run"]).status == "interrupted" and "    learnloop resume digits-1\n" in result.err


def test_an_interruption_before_there_is_a_run(learnloop, monkeypatch):
    def stopped(*_):
        raise KeyboardInterrupt

    monkeypatch.setattr(training, "prepare", stopped)
    assert learnloop("train", "digits")[:] == (130, "", "interrupted\n")


def test_numbers_are_told_even_if_the_run_cannot_be_saved(learnloop, monkeypatch, tmp_path):
    def full(self, path):
        raise FileError(f"the run cannot be written to {path}: No space left on device.")

    monkeypatch.setattr(Run, "save", full)
    result = learnloop("train", "iris", "--out", str(tmp_path / "a.run"))
    assert result.code == 5 and "test accuracy" in result.out and "recorded  iris-1" in result.out
    assert "No space left" in result.err


def test_numbers_are_told_even_if_the_run_cannot_be_recorded_to_its_end(learnloop, store, monkeypatch):
    def full(self, id, **_):
        raise StoreError(f"the store {self.path} cannot be written: the disk is full. Fix: free some space.")

    begun = learnloop("train", "iris", "--quiet", "--json")
    real, calls = Store.append, []

    def later(self, id, **due):
        calls.append(id)
        return real(self, id, **due) if len(calls) == 1 else full(self, id)

    monkeypatch.setattr(Store, "append", later)
    result = learnloop("train", "iris", "--json")
    found = json.loads(result.out)
    assert result.code == 5 and "test accuracy" in result.err and "try next" not in result.err
    assert found["run"] is None and found["digest"] == json.loads(begun.out)["digest"]
    assert "the disk is full. Fix: free some space. The run was trained to its end" in result.err and ".run" not in result.err


@pytest.mark.parametrize("when", ["append", "finish"])
def test_numbers_are_told_even_if_the_store_is_deleted_meanwhile(learnloop, store, monkeypatch, when):
    real = getattr(Store, when)

    def late(self, id, *given, **due):
        if due.get("latest") or when == "finish":
            self.path.unlink(missing_ok=True)
        return real(self, id, *given, **due)

    monkeypatch.setattr(Store, when, late)
    result = learnloop("train", "iris")
    assert result.code == 5 and "test accuracy" in result.out and "recorded" not in result.out
    assert f"the run iris-1 is gone from the store {store.path}" in result.err


def test_any_fault_of_recording_leaves_the_numbers(learnloop, store, monkeypatch):
    def fail(*_, **__):
        raise ZeroDivisionError("a fault")

    monkeypatch.setattr(Store, "finish", fail)
    result = learnloop("train", "iris")
    assert result.code == 5 and "test accuracy" in result.out
    assert "the run iris-1 could not be recorded: ZeroDivisionError, a fault. The run was trained to its end" in result.err


def test_a_store_without_room_for_the_first_state_refuses_before_anything_is_learnt(learnloop, store, monkeypatch):
    def full(self, id, **_):
        raise StoreError(f"the store {self.path} cannot be written: the disk is full. Fix: free some space.")

    monkeypatch.setattr(Store, "append", full)
    result = learnloop("train", "iris")
    assert result.code == 5 and "Nothing was trained; --no-record trains without recording" in result.err
    assert "test accuracy" not in result.out and store.entries() == []


def test_a_run_that_diverges_and_cannot_be_recorded_says_both(learnloop, monkeypatch):
    def full(self, *_, **__):
        raise StoreError("the disk is full.")

    monkeypatch.setattr(Store, "finish", full)
    result = learnloop("train", "iris", "--optimizer", "sgd", "--activation", "relu", "--learning-rate", "1e6")
    assert result.code == 5 and "diverged" in result.out
    assert result.err.count("error: ") == 2 and "not a finite number" in result.err and "the disk is full." in result.err


def test_commands_repeat_what_was_chosen():
    typed = Choices("xor", hidden="4,4", learning_rate=0.01, seed=2)
    assert typed.command(seed=3) == "learnloop train xor --hidden 4,4 --learning-rate 0.01 --seed 3"


def test_zero_epochs_are_the_first_weights(learnloop):
    result = learnloop("train", "iris", "--epochs", "0")
    assert result.code == 0 and "0 updates" in result.out


def test_a_loss_that_rose_is_pointed_out(learnloop, store):
    words = ["iris", "--optimizer", "sgd", "--learning-rate", "300", "--schedule", "constant", "--activation", "tanh", "--epochs", "5"]
    assert "the loss rose from 1.17 to 387: learnloop insights iris-1 says why\n" in learnloop("train", *words).out
    assert "says why" not in learnloop("train", "iris", "--epochs", "20").out
    assert "says why" not in learnloop("train", *words, "--no-record").out
