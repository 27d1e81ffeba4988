"""Rows there and back: what a page was handed trains to the same bits again, and what was tampered with is refused."""

from __future__ import annotations

import json
import struct
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

import learnloop as ll
from learnloop.carrying import carry_out
from learnloop.data import Source, datasets
from learnloop.errors import DataError
from learnloop.explore.handover import data_pack
from learnloop.explore.holding import Holding, Table
from learnloop.explore.opening import of_run, suits, suits_table
from learnloop.explore.scenario import Scenario, ready, to_task
from learnloop.explore.takeover import table_of_pack
from learnloop.train.progress import Silent
from learnloop.web.pack import MAGIC, pack, unpack

PETS = {
    "kg": [4.0, None, 30.0, 12.5, 8.0, None] * 8, "kind": ["cat", "cat", "dog", None, "dog", "cat"] * 8,
    "young": [True, False, True, True, None, False] * 8, "born": ["2020-01-01", "2021-05-05", None, "2019-02-03", "2020-07-07", "2018-01-02"] * 8,
    "age": [3.0, 9.5, 5.0, 1.0, 2.0, 7.0] * 8, "home": ["yes", "no", "no", "yes", "no", "yes"] * 8,
}  # fmt: skip


def trained(scenario: Scenario, held: Holding) -> ll.Run:
    rows = ready(scenario, held)
    return carry_out(to_task(scenario, rows), Silent(), notes=rows.notes)


def moved(scenario: Scenario, held: Holding) -> tuple[Scenario, Holding]:
    """The scenario with its rows held by another server, which got them as a page does."""
    there = Holding()
    table = table_of_pack(data_pack(held.table(scenario.data["id"]), scenario.data))
    return replace(scenario, data={"kind": "kept", "id": there.keep(table)}), there


@pytest.mark.parametrize("target", ["age", "home", "kind", "kg"])
def test_a_file_with_gaps(target: str) -> None:
    held = Holding()
    table = Table(datasets.from_frame(PETS, target=target), "file")
    scenario = suits_table(table, held.keep(table))
    scenario = replace(scenario, options=replace(scenario.options, epochs=2))
    again, there = moved(scenario, held)
    assert trained(again, there).digest == trained(scenario, held).digest
    one, other = held.table(scenario.data["id"]).data, there.table(again.data["id"]).data
    assert (one.feature_names, one.target_names, one.task) == (other.feature_names, other.target_names, other.task)
    np.testing.assert_array_equal(one.unfilled, other.unfilled)


def test_images_keep_their_shape_and_scale() -> None:
    held = Holding()
    table = Table(replace(datasets.load("digits"), name="mine"), "file")
    scenario = suits_table(table, held.keep(table))
    scenario = replace(scenario, options=replace(scenario.options, epochs=1))
    again, there = moved(scenario, held)
    assert there.table(again.data["id"]).data.image_shape == (8, 8)
    assert trained(again, there).digest == trained(scenario, held).digest


@pytest.mark.parametrize("how", [{}, {"validation": 0.2}, {"validation": "apart"}, {"sample_weight": True}, {"dtype": "float64"}, {"regression": True}])
def test_the_rows_of_a_run(how: dict[str, Any]) -> None:
    X, y = ll.datasets.load("moons", rows=80).standardised()
    given = dict(how)
    if given.pop("regression", False):
        y = X[:, 0] * 2.0
    if given.get("validation") == "apart":
        given["validation"] = (X[60:], y[60:])
    if given.get("sample_weight"):
        given["sample_weight"] = np.linspace(0, 1, 80)
    run = ll.train(ll.mlp(2, 4, 1, activation="tanh"), X, y, epochs=3, batch_size=8, progress=False, **given)
    held = Holding()
    again, there = moved(of_run(run, held), held)
    found = trained(again, there)
    assert found.digest == run.digest and found.history == run.history and found.data_digest == run.data_digest


@pytest.mark.parametrize("name", ["iris", "diabetes", "xor"])
def test_a_recorded_run_is_told_by_the_names_of_its_data(name: str) -> None:
    first = suits(name)
    run, held = trained(replace(first, options=replace(first.options, epochs=1)), Holding()), Holding()
    again, there = moved(of_run(run, held), held)
    found = trained(again, there)
    assert found.digest == run.digest and found.data_digest == run.data_digest
    one, other = Source.of(run), Source.of(found)
    assert one is not None and other is not None and one.name == other.name and one.targets == other.targets and one.test.tolist() == other.test.tolist()


def sample(**header: Any) -> bytes:
    known = {
        "kind": "data", "version": 1, "name": "a", "task": "classification", "columns": [{"name": "x", "kind": "number"}, {"name": "f", "kind": "flag"}],
        "targets": ["no", "yes"], "image_shape": None, "scale": None, "ready": False, "known": None, "apart": 0,
    }  # fmt: skip
    arrays = {"X": np.array([[0.5, 1], [1.5, 0], [2, 1]]), "y": np.array([0, 1, 1], np.int32)}
    arrays |= header.pop("arrays", {})
    return pack(known | header, {name: values for name, values in arrays.items() if values is not None})


def test_the_sample_is_taken() -> None:
    assert table_of_pack(sample()).data.feature_names == ("x", "f")
    assert table_of_pack(sample(ready=True)).given is not None


NAN = float("nan")
HOSTILE: list[dict[str, Any]] = [
    {"kind": "kit"}, {"version": 2}, {"version": True}, {"task": "x"}, {"task": ["classification"]}, {"columns": []}, {"columns": [1, 2]},
    {"columns": [{"name": 1, "kind": "number"}] * 2}, {"columns": [{"name": "x", "kind": "date"}] * 2}, {"targets": "ab"}, {"targets": ["one"]},
    {"image_shape": [1]}, {"image_shape": [-1, -2]}, {"image_shape": [3, 3]}, {"scale": 0}, {"scale": "1"}, {"scale": True},
    {"arrays": {"X": np.zeros(3)}}, {"arrays": {"X": None}}, {"arrays": {"y": None}}, {"arrays": {"y": np.zeros(2, np.int32)}},
    {"arrays": {"y": np.array([0, 1, 2], np.int32)}}, {"arrays": {"y": np.array([0, -1, 1], np.int32)}}, {"arrays": {"y": np.zeros(3)}},
    {"arrays": {"X": np.zeros((0, 2)), "y": np.zeros(0, np.int32)}}, {"arrays": {"X": np.full((3, 2), np.inf)}},
    {"arrays": {"X": np.array([[NAN, 1], [1, 0], [2, 0]])}, "columns": [{"name": "x", "kind": "number"}, {"name": "y", "kind": "flag"}]},
    {"arrays": {"X": np.array([[NAN, 0], [1, 0], [2, 1]])}, "columns": [{"name": "x", "kind": "number"}, {"name": "x is missing", "kind": "flag"}]},
    {"arrays": {"X": np.array([[0, 0.5], [1, 0], [2, 1]])}}, {"arrays": {"X": np.array([[0, NAN], [1, 0], [2, 1]])}},
    {"ready": True, "arrays": {"X": np.array([[0, NAN], [1, 0], [2, 1]])}}, {"ready": True, "arrays": {"weights": np.array([1.0, -1, 1])}},
    {"ready": True, "arrays": {"weights": np.ones(2)}}, {"ready": True, "arrays": {"learn": np.array([0, 3], np.int32)}},
    {"ready": True, "arrays": {"learn": np.array([1, 1], np.int32)}}, {"ready": True, "arrays": {"held": np.array([-1], np.int32)}},
    {"ready": True, "arrays": {"held": np.array([0.5])}}, {"ready": True, "arrays": {"learn": np.zeros(0, np.int32)}},
    {"ready": True, "apart": 1, "arrays": {"learn": np.array([0, 2], np.int32), "held": np.array([1], np.int32)}}, {"ready": True, "apart": 3},
    {"ready": True, "apart": -1}, {"ready": True, "apart": "1"}, {"ready": True, "apart": None}, {"ready": True, "apart": 10**30},
    {"ready": True, "apart": 1, "arrays": {"learn": np.array([0, 1], np.int32)}},
    {"task": "regression"}, {"task": "regression", "arrays": {"y": np.array([1, NAN, 2])}},
]  # fmt: skip


@pytest.mark.parametrize("change", HOSTILE, ids=lambda change: str(list(change))[:40])
def test_what_was_tampered_with_is_refused(change: dict[str, Any]) -> None:
    with pytest.raises(DataError, match=r"the rows cannot be used: .* Fix: build the lesson again\."):
        table_of_pack(sample(**dict(change)))


def raw(text: bytes) -> bytes:
    head = MAGIC + struct.pack("<I", len(text)) + text
    return head + bytes(-len(head) % 16) + bytes(64)


@pytest.mark.parametrize("content", [
    b"", b"LLPACK01", MAGIC + b"\xff\xff\xff\xff", raw(b"[" * 200_000), raw(b"{}"), raw(b"3"), sample()[:-20],
    raw(json.dumps({"header": {"kind": "data", "version": 1}, "arrays": {"X": {"dtype": "float64", "shape": [10**30, 2], "offset": 0}}}).encode()),
    raw(json.dumps({"header": {"kind": "data", "version": 1}, "arrays": {"X": {"dtype": "float64", "shape": [2, -2], "offset": 0}}}).encode()),
    raw(json.dumps({"header": {"kind": "data", "version": 1}, "arrays": {"X": {"dtype": "float64", "shape": [1, 1], "offset": -(10**30)}}}).encode()),
    raw(json.dumps({"header": {"kind": "data", "version": 1}, "arrays": {"X": {"dtype": "object", "shape": [1, 1], "offset": 0}}}).encode()),
], ids=range(11))  # fmt: skip
def test_bytes_that_are_no_pack_are_refused(content: bytes) -> None:
    with pytest.raises(DataError, match="the rows cannot be used"):
        table_of_pack(content)


def test_noise_of_a_fuzzer_never_does_more_than_be_refused() -> None:
    whole, dice = bytearray(sample(ready=True, arrays={"weights": np.ones(3)})), np.random.default_rng(5)
    for _ in range(400):
        changed = bytearray(whole)
        for place in dice.integers(0, len(whole), 3):
            changed[place] = int(dice.integers(0, 256))
        try:
            table_of_pack(bytes(changed))
        except DataError:
            continue
    assert unpack(bytes(whole))[0]["kind"] == "data"
