"""``learnloop show``: a run, and one of its updates."""

from __future__ import annotations

import json
import shlex

import numpy as np
import pytest

import learnloop as ll
from cli.conftest import fits
from learnloop.data import datasets


@pytest.mark.parametrize("id", ["iris-1", "iris-3", "diabetes-1"])
def test_tells_what_it_is_and_what_came_of_it(learnloop, shared, id):
    result, run = learnloop("show", id), shared.load(id)
    assert result.code == 0 and fits(result.out)
    name = id.split("-")[0]
    for part in (
        f"{id}", run.status, f"{name}: {run.task.count} rows to learn from, ", "dense_1", "kept with the run",
        f"SHA-256 begins with {run.data_digest[:12]}", f"\ndigest    {run.digest}\n", f"learnloop replay {id} --verify",
    ):  # fmt: skip
        assert part in result.out
    assert ("diverged at update" in result.out) == (run.status == "diverged")


def test_shows_what_was_measured(learnloop, shared):
    accuracy = shared.entry("iris-1").facts["metrics"]["test"]["accuracy"]
    assert f"test accuracy {accuracy:.1%}" in learnloop("show", "iris-1").out
    assert "validation at the end: loss" in learnloop("show", "iris-1").out
    assert "test R2 " in learnloop("show", "diabetes-1").out


def test_what_to_try_next_works(learnloop, shared):
    lines = learnloop("show", "iris-1").out.split("try next\n")[1].splitlines()[1::2]
    commands = [shlex.split(line)[1:] for line in lines]
    assert [words[0] for words in commands] == ["show", "why", "replay"]
    assert all(learnloop(*words).code == 0 for words in commands)


def test_json(answer, shared):
    found, run = answer("show", "iris-2"), shared.load("iris-2")
    assert found["run"] == "iris-2" and found["status"] == "finished" and found["digest"] == run.digest
    assert ll.Network.from_dict(found["network"]) == run.network
    assert np.array_equal(np.array(found["losses"], np.float32), run.losses)
    assert found["updates"] == found["planned"] == run.updates and found["notes"] == run.notes


@pytest.mark.parametrize("given", ["iris-1", "last", "diab", "file.run"])
def test_every_way_to_name_a_run(answer, shared, tmp_path, monkeypatch, given):
    monkeypatch.chdir(tmp_path)
    shared.load("iris-2").save("file.run")
    expected = {"iris-1": "iris-1", "last": "diabetes-1", "diab": "diabetes-1", "file.run": "iris-2"}[given]
    assert answer("show", given)["digest"] == shared.load(expected).digest


def test_a_file_without_a_suffix_and_one_beside_an_id(learnloop, shared, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    shared.load("iris-2").save("mine")
    assert f"\ndigest    {shared.load('iris-2').digest}\n" in learnloop("show", "mine").out
    shared.load("iris-2").save("iris-1")
    assert f"\ndigest    {shared.load('iris-1').digest}\n" in learnloop("show", "iris-1").out
    assert f"\ndigest    {shared.load('iris-2').digest}\n" in learnloop("show", "./iris-1").out


def test_a_run_of_ones_own(learnloop, store):
    X, y = datasets.load("iris").standardised()
    run = ll.train(ll.mlp(4, 3), X, y, epochs=2, record=store, name="own", progress=False, notes={"data": {"name": 7}})
    result = learnloop("show", "own-1")
    assert result.code == 0 and "150 rows to learn from, 4 columns" in result.out and run.digest in result.out
    assert "in iris" not in learnloop("show", "own-1", "--update", "0").out


def test_notes_of_somebody_else_are_shown_as_they_are(learnloop, store):
    X, y = datasets.load("xor")
    notes = {"of": "[bold]\x1b[31m", "again": ["\x1b"]}
    ll.train(ll.mlp(2, 1), X, y, epochs=1, record=store, name="own", progress=False, notes=notes)
    out = learnloop("show", "own-1").out
    assert "[bold]" in out and "\x1b" not in out


@pytest.mark.parametrize("name", ["\x1b[31m.run", "[red]\x1b[1m" + "x" * 80 + ".run"])
def test_names_of_files_are_shown_as_they_are(learnloop, shared, tmp_path, name):
    file = str(tmp_path / name)
    shared.load("iris-1").save(file)
    for words in (["show"], ["show", "--update", "0"], ["replay"], ["diff", file], ["insights"], ["influence", "--rows", "18"]):
        result = learnloop(words[0], file, *words[1:])
        assert result.code == 0 and "\x1b" not in result.out + result.err


@pytest.mark.parametrize("update", [0, 17, -1])
def test_an_update(learnloop, shared, update):
    result, run = learnloop("show", "iris-1", "--update", str(update)), shared.load("iris-1")
    moment = run.at(update=update)
    assert result.code == 0 and fits(result.out)
    words = " ".join(result.out.split())
    assert f"update {moment.update} of {run.updates} updates, epoch {moment.epoch}" in words
    assert f"loss {float(moment.loss):.6g}" in words and " ".join(map(str, moment.rows)) in words
    there = np.array(run.notes["data"]["rows"])[moment.rows]
    assert f"in iris: {' '.join(map(str, there))}" in words and "setosa (" in words


def test_an_update_for_machines(answer, shared):
    found, run = answer("show", "iris-1", "--update", "5"), shared.load("iris-1")
    moment, iris = run.at(update=5), datasets.load("iris")
    assert found["loss"] == float(moment.loss) and found["learning_rate"] == moment.learning_rate
    assert [row["row"] for row in found["rows"]] == moment.rows.tolist()
    for row in found["rows"]:
        assert row["target"] == iris.target_names[iris.y[row["data_set_row"]]]
    weight = next(p for p in found["parameters"] if p["name"] == "dense_2.weight")
    layer = moment.layer("dense_2")
    assert weight["weights"] == pytest.approx(np.linalg.norm(layer.weight), rel=1e-6)
    assert weight["gradient"] == pytest.approx(np.linalg.norm(layer.weight_gradient), rel=1e-6)
    assert weight["change"] == pytest.approx(np.linalg.norm(layer.weight_after - layer.weight), rel=1e-4)
    assert weight["ratio"] == pytest.approx(weight["change"] / weight["weights"])


def test_a_target_that_is_a_number_is_in_its_own_units(answer, shared):
    diabetes = datasets.load("diabetes")
    for row in answer("show", "diabetes-1", "--update", "0")["rows"]:
        assert float(row["target"]) == pytest.approx(diabetes.y[row["data_set_row"]], rel=1e-3)


@pytest.mark.parametrize("update", ["9999", "-9999"])
def test_an_update_beyond_the_end(learnloop, shared, update):
    last = shared.load("iris-1").updates - 1
    result = learnloop("show", "iris-1", "--update", update)
    assert result.code == 2 and result.out == ""
    assert f"update {update} is not in the run. Fix: a whole number from 0 to {last}," in result.err


def test_a_run_without_updates(learnloop, store):
    learnloop("train", "xor", "--epochs", "0", "--quiet")
    assert learnloop("show", "xor-1").code == 0 and json.loads(learnloop("show", "xor-1", "--json").out)["losses"] == []
    assert "no updates to visit" in learnloop("show", "xor-1", "--update", "0").err
