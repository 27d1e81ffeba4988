"""Insights in JavaScript are those of Python: the same looks, the same updates, the same sentences."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import learnloop as ll
from learnloop.language import ROWS
from learnloop.runs import Moment, Traveller, insights
from learnloop.runs.structure import Structure
from learnloop.runs.wording import number
from learnloop.web.describe import describe_program
from learnloop.web.pack import pack
from runs.test_insights import Below, exploding, iris, learnt_by_heart, trained, vanishing
from web.asked import Array, in_node, padded, write_description

SCRIPT = Path(__file__).with_name("insights.mjs")


def dying() -> ll.Run:
    return trained(ll.mlp(4, 12, 3), *iris(), optimizer=ll.SGD(1.5, momentum=0.9), epochs=30, seed=1)


def dead() -> ll.Run:
    network = ll.Network(4, [ll.Dense(8, "relu", bias=Below()), ll.Dense(3)])
    return trained(network, *iris(), optimizer=ll.SGD(0.01))


def saturated() -> ll.Run:
    network = ll.Network(4, [ll.Dense(8, "tanh", weight=ll.Normal(10.0)), ll.Dense(3)])
    return trained(network, *iris(), epochs=30, dtype="float64")


def large() -> ll.Run:
    return trained(ll.mlp(4, 8, 3, activation="tanh"), *iris(), optimizer=ll.Adam(1.0), epochs=10)


def still() -> ll.Run:
    return trained(ll.mlp(4, 8, 3), *iris(), optimizer=ll.SGD(0.0))


def ended() -> ll.Run:
    X, y = ll.datasets.load("xor")
    return trained(ll.mlp(2, 8, 1, activation="tanh"), X, y, optimizer=ll.Adam(ll.Cosine(0.05)), epochs=3000)


def composed() -> ll.Run:
    layers = [ll.Dense(5, "gelu"), ll.LayerNorm(), ll.Residual(ll.Dense(5, "tanh"), ll.Dropout(0.2)), ll.Dense(3)]
    return trained(ll.Network(4, layers), *iris(), optimizer=ll.AdamW(0.05), epochs=20, validation=0.3)


def infinite() -> ll.Run:
    X, y = iris()
    return trained(ll.mlp(4, 8, 1), 10 * X, y.astype(float), loss="mse", optimizer=ll.SGD(1e10))


RUNS: tuple[Callable[[], ll.Run], ...] = (
    exploding, vanishing, learnt_by_heart, dying, dead, saturated, large, still, ended, composed, infinite,
)  # fmt: skip


def watched_tensors(description: dict[str, Any]) -> list[str]:
    """What is read of every update that is looked at."""
    gradient = {p["tensor"]: p["gradient"] for p in description["parameters"]}
    after = dict(description["functions"]["train"]["commits"])
    found = ["loss"]
    for layer in description["structure"]["layers"]:
        if seen := layer["watched"]:
            found += [gradient[p] for p in seen["parameters"]] + seen["weights"] + [after[w] for w in seen["weights"]]
            found += [layer["activation"], *(t for t in (seen["delta"], seen["above"]) if t)]
    return list(dict.fromkeys(found))


def write_run(folder: Path, name: str, run: ll.Run) -> dict[str, Any]:
    """A run as a file, with what Python looked at; what Python says."""
    traveller = Traveller(run)
    names, seen = watched_tensors(describe_program(run.program)), dict[int, dict[str, Array]]()
    visit = traveller.at

    def at(update: int) -> Moment:
        moment = visit(update=update)
        seen[update] = {n: moment.tensor(n).copy() for n in names} | {"row": moment.rows}
        return moment

    traveller.at = at  # type: ignore[method-assign,assignment]
    told: dict[str, Any] = insights(run, traveller).to_dict()
    counts = [len(values["row"]) for values in seen.values()]
    dims = Structure(run.program).train.tensors
    arrays = {
        n: np.stack([padded(v[n], len(v["row"]), max(counts), dims[n].dims[:1] == (ROWS,)) for v in seen.values()])
        for n in names
    }
    end, examples = run.outcome.divergence, run.examples
    assert examples is not None
    course = {
        "perEpoch": run.updates_per_epoch, "batchSize": run.options.batch_size, "history": list(run.history),
        "rows": examples.rows if run.rows is None else len(run.rows),
        "divergence": end and {"update": end.update, "layer": end.layer, "tensor": end.tensor},
    }  # fmt: skip
    header = {
        "description": write_description(folder, run.program), "seen": list(seen), "counts": counts, "course": course,
        "dtype": run.options.dtype,
    }  # fmt: skip
    (folder / name).write_bytes(pack(header, arrays | {"losses": run.losses}))
    return told


def test_runs(tmp_path: Path) -> None:
    expected = [write_run(tmp_path, f"{k}.pack", make()) for k, make in enumerate(RUNS)]
    found = in_node(SCRIPT, tmp_path, runs=[f"{k}.pack" for k in range(len(RUNS))], numbers=[])["answers"]
    kinds = {told["kind"] for answer in expected for told in answer["insights"]}
    assert len(kinds) == 9  # every kind there is
    for make, answer, python in zip(RUNS, found, expected, strict=True):
        where = make.__name__
        assert (answer["looked"], answer["updates"]) == (python["looked"], python["updates"]), where
        for told, known in zip(answer["insights"], python["insights"], strict=True):
            assert list(told.pop("evidence").items()) == [
                (name, pytest.approx(value, rel=1e-9)) for name, value in known.pop("evidence").items()
            ], where
            assert told == known, where


def test_numbers_in_words(tmp_path: Path) -> None:
    rng = np.random.default_rng(0)
    numbers = [0.0, 1.125, 2.5, 0.0625, 999.5, 999.4, 1e-5, 1e-4, 123456.5, 999499.0, 999500.0, 1e9, 9.995, 0.00012345, 5.0]
    numbers += (10.0 ** rng.uniform(-12, 12, 300) * rng.choice([-1, 1], 300)).tolist()
    words = in_node(SCRIPT, tmp_path, runs=[], numbers=numbers)["words"]
    assert words == [[number(x), f"{x:.3g}", f"{x:.6g}"] for x in numbers]
