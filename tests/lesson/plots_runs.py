"""Runs that plots are drawn of: every built-in data set, and what hardly ever happens."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from functools import cache
from typing import Any

import numpy as np

import learnloop as ll
from learnloop.data import KEY, datasets, prepare
from learnloop.errors import Diverged
from learnloop.lesson.document.model import Block, Given
from learnloop.lesson.drawing.plots import plot_of
from learnloop.lesson.drawing.scene import Drawer, Part, Shape
from learnloop.lesson.model import LessonRun
from learnloop.lesson.problems import Place
from learnloop.run import Run

KINDS = ("loss", "accuracy", "decision-map", "weights", "confusion", "mistakes")
HOSTILE = "</title><script>alert(1)</script>&amp;\"'`${x}\u202e\n" + "<b>very long " * 30


def train(name: str, *, test: bool = True, epochs: int = 3, rate: float = 0.05, hidden: tuple[int, ...] = (6,), notes: Mapping[str, Any] = {}, **options: Any) -> Run:
    """A small network on a built-in data set; a run that diverged is one, too."""
    ready = prepare(datasets.load(name, **options), test=0.2, seed=0)
    classes = len(ready.data.target_names) if ready.has_classes else 0
    network = ll.mlp(ready.X.shape[1], *hidden, 1 if classes in (0, 2) else classes, activation="tanh")
    held = (ready.X[ready.test], ready.y[ready.test]) if test else None
    told = {KEY: {**ready.notes[KEY], **notes, **({} if test else {"test": []})}}
    try:
        return ll.train(
            network, ready.X[ready.train], ready.y[ready.train], optimizer=ll.SGD(rate, momentum=0.9), epochs=epochs, batch_size=16,
            seed=1, validation=held, notes=told, progress=False,
        )  # fmt: skip
    except Diverged as error:
        found: Run = error.run
        return found


@cache
def builtin(name: str) -> Run:
    return train(name)


def _arrays(X: Any, y: Any, outputs: int, validation: Any = None, **more: Any) -> Run:
    return ll.train(ll.mlp(X.shape[1], outputs), X, y, epochs=2, validation=validation, progress=False, seed=3, **more)


def with_losses(values: list[float]) -> Run:
    run = train("xor", epochs=1)
    return Run(run.task, replace(run.outcome, losses=np.array(values, np.float32), history=()), run.notes)


@cache
def extremes() -> dict[str, Run]:
    """Runs in which something is missing, too much, or no number."""
    rng = np.random.default_rng(0)
    X = rng.normal(size=(400, 5)).astype(np.float32)
    many = (X @ rng.normal(size=(5, 40))).argmax(axis=1)
    absent = np.where(many % 5 == 4, 3, many % 5)
    names = {"columns": [HOSTILE, ""], "targets": [HOSTILE, HOSTILE]}
    return {
        "a class absent": _arrays(X, absent, 5, validation=0.2),
        "40 classes": _arrays(X, many, 40, validation=0.2),
        "40 classes in a plane": _arrays(X[:, :2], many, 40, validation=0.2),
        "a test row": _arrays(X, many % 3, 3, validation=(X[:1], many[:1] % 3)),
        "no test rows": train("moons", test=False),
        "one epoch": train("iris", epochs=1),
        "one update": ll.train(ll.mlp(5, 1), X[:4], many[:4] % 2, epochs=1, progress=False),
        "a constant loss": train("moons", rate=1e-30),
        "diverged": train("diabetes", rate=3.0),
        "hostile names": train("moons", notes=names),
        "hostile names of 4": train("iris", notes={"columns": [HOSTILE] * 4, "targets": [HOSTILE, "", "x" * 300]}),
        "equal rows": _arrays(np.zeros((20, 2), np.float32), np.arange(20) % 2, 1, validation=0.2),
        "several numbers": _arrays(X, X[:, :2].astype(np.float64), 2, validation=0.2),
    }


ODD_LOSSES: dict[str, list[float]] = {
    "no number": [0.7, float("nan"), 0.6, float("inf"), 0.5],
    "never a number": [float("nan")] * 3,
    "begins with none": [float("inf"), 0.5, 0.4],
    "zero": [0.0] * 400,
    "a leap": [0.7, 0.6, 900.0, 0.5, 1e30, 0.4],
    "tiny": [1e-30, 1e-31, 2e-30],
    "below zero": [-3.0, -4.0, -5.5],
    "one": [0.25],
}


def lesson(*runs: Run, names: tuple[str, ...] = ("", "hot", "cold")) -> dict[str, LessonRun]:
    return {name: LessonRun(name, run, None, b"") for name, run in zip(names, runs, strict=False)}


def block(kind: str, **options: str) -> Block:
    """A plot in line 7, whose options are in the lines behind it."""
    given = {name: Given(text, Place(8 + k, 3)) for k, (name, text) in enumerate(options.items())}
    return Block("plot", kind, Place(7, 1), given)


def plot(kind: str, *runs: Run, **options: str) -> Drawer:
    if kind == "weights" and "neuron" not in options:
        options["neuron"] = "dense_1:0"
    return plot_of(block(kind, **options), lesson(*runs))


def shapes_of(drawer: Drawer, part: str, width: float = 640.0) -> tuple[Shape, ...]:
    found: list[Part] = [each for each in drawer(width).parts if each.name == part]
    assert len(found) == 1, [each.name for each in drawer(width).parts]
    return found[0].shapes
