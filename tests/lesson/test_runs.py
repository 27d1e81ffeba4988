"""The runs of a lesson: what is trained, what is refused and where, and that a page is given the same."""

from __future__ import annotations

import json
import os
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import learnloop as ll
from learnloop.cli.choices import Choices, settle
from learnloop.data import datasets, prepare
from learnloop.explore import limits, onefile
from learnloop.explore import scenario as scenarios
from learnloop.explore.holding import Holding
from learnloop.explore.opening import suits
from learnloop.lesson import runs as lesson_runs
from learnloop.lesson.problems import LessonError
from learnloop.lesson.runs import of_run, page_blocks_of, train_runs
from learnloop.web.pack import unpack
from lesson.written import document

FAST = {"epochs": "2"}
CSV = "size,colour,price\n" + "\n".join(f"{k},{'red' if k % 3 else 'blue'},{2 * k + 5.5}" for k in range(40))


def problems(*blocks: tuple[str, dict[str, str]], folder: Path | str = ".", **more: Any) -> list[tuple[int, int, str]]:
    with pytest.raises(LessonError) as caught:
        train_runs(document(*blocks, folder=folder), **more)
    return [(p.place.line, p.place.column, p.text) for p in caught.value.found]


@pytest.mark.parametrize("name", datasets.names())
def test_every_data_set_trains_as_train_does(name: str) -> None:
    found = train_runs(document((name, FAST)))[""]
    how, ready = suits(name), prepare(datasets.load(name))
    structure, options = how.structure, how.options
    again = ll.train(
        structure.network, ready.X[ready.train], ready.y[ready.train], loss=structure.loss, optimizer=structure.optimizer,
        batch_size=options.batch_size, epochs=2, seed=options.seed, progress=False,
    )  # fmt: skip
    assert found.run.digest == again.digest
    assert found.scenario is not None and found.scenario["data"]["kind"] == "builtin" and found.scenario["split"] is not None
    header, _ = unpack(found.rows)
    assert header["name"] == header["id"] == name


def test_what_is_chosen_is_what_is_trained() -> None:
    block = {
        "rows": "120", "noise": "0.2", "turns": "1", "data-seed": "7", "hidden": "5, 3", "activation": "relu", "optimizer": "sgd",
        "learning-rate": "0.05", "momentum": "0.5", "batch-size": "10", "epochs": "3", "seed": "4", "test": "0.25", "split-seed": "9",
    }  # fmt: skip
    found = train_runs(document(("spirals", block)))[""]
    ready = prepare(datasets.load("spirals", rows=120, noise=0.2, turns=1.0, seed=7), 0.25, 9)
    again = ll.train(
        ll.mlp(2, 5, 3, 1, activation="relu"), ready.X[ready.train], ready.y[ready.train], optimizer=ll.SGD(0.05, momentum=0.5),
        batch_size=10, epochs=3, seed=4, progress=False,
    )  # fmt: skip
    assert found.run.digest == again.digest and found.command == ""
    assert found.scenario is not None
    rows = scenarios.read(json.loads(json.dumps(found.scenario)))  # what a page is given is what was trained
    assert scenarios.to_task(rows, scenarios.ready(rows, Holding())).data_digest == found.run.data_digest


@pytest.mark.parametrize(("argument", "options"), [
    ("iris", {}), ("spirals", {"hidden": "8, 8", "learning-rate": "0.1"}), ("diabetes", {"loss": "huber", "hidden": "none"}),
    ("moons", {"optimizer": "sgd", "momentum": "0.9", "test": "0.3", "batch-size": "8"}), ("digits", {"dropout": "0.1", "weight-decay": "0.01"}),
])  # fmt: skip
def test_the_command_trains_the_same(argument: str, options: dict[str, str]) -> None:
    found = train_runs(document((argument, options | FAST)))[""]
    words = found.command.split()
    assert words[:3] == ["learnloop", "train", argument]
    flags = dict(zip((w[2:].replace("-", "_") for w in words[3::2]), words[4::2], strict=True))
    typed = {k: v if k in ("hidden", "activation", "loss", "optimizer", "schedule") else json.loads(v) for k, v in flags.items()}
    choices = Choices(argument, **typed)
    plan, ready = settle(choices, datasets.load(argument)), prepare(datasets.load(argument), choices.test, choices.seed)
    again = ll.train(
        plan.network, ready.X[ready.train], ready.y[ready.train], loss=plan.loss, optimizer=plan.optimizer, progress=False, **plan.train
    )
    assert again.digest == found.run.digest


def test_seeds_that_the_command_line_cannot_tell_apart_have_no_command() -> None:
    found = train_runs(document(("iris", FAST | {"seed": "3"}), ("iris", FAST | {"seed": "3", "split-seed": "3", "name": "same"})))
    assert found[""].command == "" and found["same"].command.endswith("--seed 3 --schedule constant")


def test_runs_have_names() -> None:
    found = train_runs(document(("xor", FAST | {"name": "cold"}), ("xor", FAST | {"name": "hot", "learning-rate": "2"})))
    assert list(found) == ["", "hot"] and [one.name for one in found.values()] == ["cold", "hot"]
    assert found[""].run.digest != found["hot"].run.digest


def test_a_run_that_diverges_is_there() -> None:
    found = train_runs(document(("sine", {"optimizer": "sgd", "learning-rate": "1e30", "activation": "relu"})))[""]
    assert found.run.status == "diverged" and found.scenario is not None and not found.refusal


def test_files_beside_the_document(tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "houses.csv").write_text(CSV)
    found = train_runs(document(("in/houses.csv", FAST | {"target": "price"}), folder=tmp_path))[""]
    data = datasets.read(tmp_path / "in" / "houses.csv", target="price")
    ready = prepare(data)
    assert found.file == "in/houses.csv" and found.command.startswith("learnloop train in/houses.csv --target price --epochs 2")
    assert found.run.examples is not None
    np.testing.assert_array_equal(found.run.examples.X, ready.X[ready.train].astype(np.float32))
    assert found.scenario is not None and unpack(found.rows)[0]["id"] == found.scenario["data"]["id"]
    assert str(tmp_path) not in json.dumps(found.scenario) and str(tmp_path).encode() not in found.rows
    assert train_runs(document(("in/houses.csv", FAST | {"target": "price"}), folder=tmp_path))[""].scenario == found.scenario


def test_runs_that_there_are(tmp_path: Path) -> None:
    X, y = datasets.load("moons", rows=60).standardised()
    run = ll.train(ll.mlp(2, 4, 1, activation="tanh"), X, y, epochs=2, validation=0.2, progress=False)
    run.save(tmp_path / "moons.run")
    store = ll.Store(tmp_path / "runs.sqlite")
    id = store.add(run, "moons")
    found = train_runs(document(("moons.run", {}), (id, {"name": "kept"}), folder=tmp_path), store=str(store.path))
    assert {one.run.digest for one in found.values()} == {run.digest}
    assert found[""].scenario is not None and found[""].scenario["split"] is None and found[""].command == ""
    ((line, _, text),) = problems(("moons.run", {"epochs": "3"}), folder=tmp_path)
    assert line == 2 and "trained already" in text


def test_a_run_that_is_passed_takes_the_first_place() -> None:
    X, y = datasets.load("xor", rows=40).standardised()
    run = ll.train(ll.mlp(2, 4, 1), X, y, epochs=1, progress=False)
    assert train_runs(document(), run=run)[""].run is run
    both = train_runs(document(("iris", {"name": "first"}), ("xor", FAST | {"name": "second"})), run=run)
    assert both[""].run is run and both[""].name == "first" and list(both) == ["", "second"]


def test_what_no_page_computes_is_said() -> None:
    X, y = datasets.load("xor", rows=40).standardised()
    run = ll.train(ll.mlp(2, 4, 1), X, y, epochs=3, progress=False)
    found = of_run(run.branch(2, learning_rate=0.1, progress=False))
    assert found.scenario is None and found.rows == b"" and "branched" in found.refusal
    assert "not kept" in of_run(ll.Run(replace(run.task, examples=None), run.outcome)).refusal


def test_blocks_of_a_page_hold_the_run() -> None:
    found = train_runs(document(("xor", FAST)))[""]
    session, blocks = page_blocks_of(found)
    assert session["opening"]["digest"] == found.run.digest and session["opening"]["scenario"] == found.scenario
    assert set(blocks) == {"kit", "kit-emulated", "data", "source"} and blocks["data"] == found.rows
    assert b"train_update" in blocks["source"] and b"LL_LANES 1" in blocks["source"]  # no machine's own registers


def test_all_problems_are_told_at_once_where_they_are() -> None:
    found = problems(
        ("spirls", {}),
        ("iris", {"name": "b", "noise": "1", "hidden": "8,,", "epochs": "1e9", "learning-rate": "-1", "loss": "mse", "activation": "tnh", "optimizer": "sdg", "test": "1"}),
        ("moons", {"name": "b", "momentum": "0.9", "rows": "1"}),
        ("moons", {}),
    )  # fmt: skip
    places = [(line, column) for line, column, _ in found]
    assert places == sorted(places)
    lines = {line: text for line, _, text in found}
    assert "'spirals'" in lines[1] and "noise" in lines[13] and "8, 8" in lines[14] and "20000" in lines[15]
    assert "at least 0" in lines[16] and "cross_entropy" in lines[17] and "'tanh'" in lines[18] and "'sgd'" in lines[19]
    assert "between 0 and 1" in lines[20] and "two runs" in lines[22] and "sgd" in lines[23] and "from 2 to" in lines[24]
    assert "needs a name" in lines[31]
    assert all("\n" not in text for _, _, text in found)
    assert {column for line, column, _ in found if line not in (1, 31)} == {5}


@pytest.mark.parametrize(("option", "text"), [
    ("epochs", "0"), ("epochs", "-1"), ("epochs", "9" * 5000), ("epochs", "1_0"), ("epochs", "٣"), ("epochs", " "), ("epochs", "3.0"),
    ("learning-rate", "nan"), ("learning-rate", "1e999"), ("learning-rate", "0x1"), ("learning-rate", "1" * 50), ("seed", "18446744073709551616"),
    ("hidden", "0"), ("hidden", "8;8"), ("hidden", "9999999999999"), ("hidden", ",".join(["4"] * 31)), ("batch-size", "0"), ("activation", "softmax"),
    ("optimizer", "__class__"), ("loss", "l1"), ("test", "0"), ("clip-norm", "0"), ("rows", "1000000000"), ("noise", "-0.1"),
])  # fmt: skip
def test_values_are_read_strictly(option: str, text: str) -> None:
    ((line, column, said),) = problems(("moons", {option: text}))
    assert (line, column) == (2, 5) and len(said) < 700


@pytest.mark.parametrize("argument", [
    "/etc/passwd", "../secret.csv", "in/../../secret.csv", "~/secret.csv", "http://host/x.csv", "file:///etc/passwd", "C:\\x.csv",
    "link.csv", "a\x00.csv", "\\\\host\\x.csv", "folder/", ".", "missing.csv", "x" * 5000 + ".csv", "\u202efdp.csv", "dev.csv", "", "' OR 1 --",
])  # fmt: skip
def test_no_path_leads_out_of_the_folder(argument: str, tmp_path: Path) -> None:
    home = tmp_path / "home"
    (home / "folder").mkdir(parents=True)
    (tmp_path / "secret.csv").write_text(CSV)
    (home / "link.csv").symlink_to(tmp_path / "secret.csv")
    os.mkfifo(home / "dev.csv")
    ((line, column, text),) = problems((argument, {"target": "price"}), folder=home)
    assert line in (1, 2) and column in (1, 5) and len(text) < 700
    assert "secret" not in text or "beside the document" in text


def test_data_that_cannot_be_learnt_from_are_a_problem(tmp_path: Path) -> None:
    (tmp_path / "bad.csv").write_text("a,b\n1,2\n3\n")
    (tmp_path / "one.csv").write_text("a,b\n1,2\n")
    (tmp_path / "not.run").write_text("nothing")
    found = problems(("bad.csv", {"target": "b"}), ("one.csv", {"name": "one", "target": "b"}), ("not.run", {"name": "two"}), ("one.csv", {"name": "x", "target": "z"}), folder=tmp_path)
    assert {line // 10 for line, _, _ in found} == {0, 1, 2, 3}


def test_a_training_takes_seconds_at_most(monkeypatch: pytest.MonkeyPatch) -> None:
    ((line, _, text),) = problems(("digits", {"epochs": "20000"}))
    assert line == 2 and "updates" in text and "Fix" in text
    ((_, _, text),) = problems(("moons", {"hidden": "8192, 8192"}))
    assert "parameters" in text
    monkeypatch.setattr(lesson_runs, "RUNS", 2)
    found = problems(*[("xor", {"name": f"r{k}"}) for k in range(3)])
    assert [line for line, _, _ in found] == [21] and "at most 2 runs" in found[0][2]


def test_rows_that_no_page_holds_are_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(onefile, "DATA", 10)
    found = train_runs(document(("xor", FAST)))[""]
    assert found.scenario is None and "the rows have" in found.refusal and found.command


def test_a_lesson_has_a_run() -> None:
    assert problems() == [(1, 1, "the lesson has no run. Fix: begin with a block such as :::{run} spirals.")]


def test_limits_of_a_lesson_are_within_the_explorers() -> None:
    assert lesson_runs.UPDATES <= limits.UPDATES
    assert lesson_runs.WORK <= onefile.WORK
