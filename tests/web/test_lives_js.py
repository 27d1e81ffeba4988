"""The life of a weight in JavaScript is the one that Python tells."""

from __future__ import annotations

from itertools import cycle
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import learnloop as ll
from learnloop.runs import Biography, Traveller, biography
from runs.visited import BODIES, OPTIMIZERS, traveller_of
from web.asked import Question, in_node, write_stretch

SCRIPT = Path(__file__).with_name("lives.mjs")
Wanted = tuple[Traveller, Question, int, int]


def lives(folder: Path, wanted: list[Wanted]) -> list[dict[str, Any]]:
    """What JavaScript tells."""
    for k, (traveller, question, start, stop) in enumerate(wanted):
        write_stretch(folder, f"{k}.pack", traveller, question, start, stop)
    told: list[dict[str, Any]] = in_node(SCRIPT, folder, lives=[f"{k}.pack" for k in range(len(wanted))])
    return told


def same(told: dict[str, Any], life: Biography) -> None:
    """The same numbers to nine digits, the same names, the same tick."""
    answer, scale = life.to_dict(), float(abs(life.by_row).max())
    for name in ("name", "start", "stop", "before", "after", "change", "values", "ticks", "dtype", "frozen"):
        assert told[name] == answer[name], name
    assert told["bound"] == pytest.approx(answer["bound"], rel=0.05)  # it takes every batch for the largest
    assert told["path"] == pytest.approx(answer["path"], rel=1e-12)
    np.testing.assert_allclose(told["by_row"], life.by_row, rtol=1e-9, atol=1e-12 * scale)
    assert {int(k): pytest.approx(v, rel=1e-9, abs=1e-12 * scale) for k, v in told["by_class"].items()} == life.by_class
    assert [(p["name"], p["kind"], p["source"], p["row"]) for p in told["parts"]] == [
        (p.name, p.kind, p.source, p.row) for p in life.parts
    ]
    for one, other in zip(told["parts"][:-1], life.parts[:-1], strict=True):
        assert one["value"] == pytest.approx(float(other), rel=1e-9, abs=1e-12 * scale), one["name"]
    assert told["rounding"] == pytest.approx(float(life.rounding), abs=1e-12 * (1 + scale))


def some_place(traveller: Traveller, rng: np.random.Generator) -> Question:
    parameters = traveller.structure.program.parameters
    p = parameters[rng.integers(len(parameters))]
    return {"name": p.name, "place": [int(rng.integers(d)) for d in p.dims]}


def test_all_optimizers_and_networks(tmp_path: Path) -> None:
    rng, wanted = np.random.default_rng(4), list[Wanted]()
    travellers = [traveller_of(optimizer) for optimizer in OPTIMIZERS]
    shapes = zip(BODIES, cycle([ll.SGD(0.1, momentum=0.9, nesterov=True, clip_norm=0.1), ll.AdamW(0.02)]))
    travellers += [traveller_of(o, body, dtype) for body, o in shapes for dtype in ("float32", "float64")]
    for traveller in travellers:
        start = int(rng.integers(6))
        stop = int(rng.integers(start + 1, traveller.updates + 1))
        wanted.append((traveller, some_place(traveller, rng), start, stop))
    for told, (traveller, question, start, stop) in zip(lives(tmp_path, wanted), wanted, strict=True):
        life = biography(traveller, question["name"], *question["place"], start=start, stop=stop)
        assert told["ticks"]
        same(told, life)


def test_a_changed_number_loses_the_tick(tmp_path: Path) -> None:
    traveller = traveller_of(ll.SGD(0.1, momentum=0.9), "plain")
    question, wanted = {"name": "dense_1.bias", "place": [2]}, list[Wanted]()
    for tensor, element in (("b1", 7), ("vb1", 22), ("b1_next", 12), ("dz1", 37), ("dz1", 142)):
        wanted.append((traveller, question | {"spoil": {"tensor": tensor, "element": element}}, 0, traveller.updates))
    assert [told["ticks"] for told in lives(tmp_path, [(traveller, question, 0, traveller.updates), *wanted])] == [
        True, *[False] * len(wanted)
    ]  # fmt: skip


def test_a_thousand_updates(tmp_path: Path) -> None:
    X, y = np.random.default_rng(1).normal(size=(320, 2)), np.arange(320) % 2
    run = ll.train(ll.mlp(2, 8, 8, 1, activation="tanh"), X, y, optimizer=ll.SGD(0.05, momentum=0.9), epochs=100,
                   progress=False)  # fmt: skip
    traveller, question = Traveller(run), {"name": "dense_2.weight", "place": [3, 4]}
    (told,) = lives(tmp_path, [(traveller, question, 0, 1000)])
    same(told, biography(traveller, "dense_2.weight", 3, 4))
