"""What lines of a run are made of: losses in stretches, measures per epoch. No drawing here."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import numpy as np

from ....compile import compile_program, find_toolchain, native_target
from ....predictor import Predictor
from ....run import Run
from ....train.engine import CHUNK
from ....train.memory import Memory
from ....train.metrics import is_classifier
from .material import Material, Sample

Array = np.ndarray[Any, np.dtype[Any]]
EPOCHS = 40
"""Measured on the training rows at most; each one is a visit to the run."""
FAR = 10.0
"""A loss that is more than so many times the first one leaves the picture."""
ROOM = 2.0
"""Times the first loss that the picture then shows."""
BOUND = 1e300
"""Losses below it are added without overflow."""


@dataclass(frozen=True, eq=False)
class Curve:
    """A line.

    Attributes:
        x: updates or epochs, rising.
        y: values; not all of them need be finite.
    """

    x: Array
    y: Array

    @property
    def finite(self) -> Array:
        """The values that are finite numbers."""
        return self.y[np.isfinite(self.y)]


def batch_curve(losses: Array, most: int) -> Curve:
    """The losses of the updates, as means of stretches of equal length where there are more than can be told apart.

    Args:
        losses: (updates,).
        most: points at most.

    Returns:
        Each stretch at the middle of its updates; one with a loss that is no finite number is none itself.

    >>> curve = batch_curve(np.array([4.0, 2.0, 1.0, 1.0]), 2)
    >>> curve.x.tolist(), curve.y.tolist()
    ([0.5, 2.5], [3.0, 1.0])
    """
    length = stretch(len(losses), most)
    parts = [losses[k : k + length].astype(np.float64) for k in range(0, len(losses), length)]
    middles = [k * length + (len(part) - 1) / 2 for k, part in enumerate(parts)]
    with np.errstate(invalid="ignore", over="ignore"):
        return Curve(np.array(middles, np.float64), np.array([part.mean() for part in parts], np.float64))


def stretch(updates: int, most: int) -> int:
    """How many updates one point stands for."""
    return max(1, -(-updates // most))


def tail_mean(run: Run) -> float:
    """The mean loss of the last updates, as many as an epoch has: the fact ``loss.end``."""
    last = run.losses[-run.updates_per_epoch :].astype(np.float64)
    if np.abs(last).max() < BOUND:
        return math.fsum(last.tolist()) / len(last)
    with np.errstate(invalid="ignore", over="ignore"):
        return float(last.mean())


def tested_loss(run: Run) -> Curve | None:
    """The test loss at the end of each epoch, where it was measured."""
    return _of_history(run, "validation_loss", run.updates_per_epoch)


def quality_name(run: Run) -> str:
    """What tells how good it is: "accuracy" of classes, "r2" of numbers."""
    return "accuracy" if is_classifier(run.loss) else "r2"


def tested_quality(material: Material) -> Curve | None:
    """Accuracy or R2 on the test rows after each epoch: as it was recorded, or measured now."""
    name = quality_name(material.run)
    recorded = _of_history(material.run, f"validation_{name}", 1)
    if recorded is not None or material.test is None:
        return recorded
    return _measured(material.run, material.test)


def trained_quality(material: Material) -> Curve:
    """Accuracy or R2 on the training rows before the first update and after epochs, evenly spread where there are many."""
    return _measured(material.run, material.train)


def limit(first: float, *curves: Curve) -> float:
    """Up to which value a picture of losses goes: all of them, but for losses that left everything behind.

    Args:
        first: the loss at the beginning.
        curves: what is drawn.

    >>> limit(2.0, Curve(np.arange(3), np.array([2.0, 3.0, 1.0]))), limit(2.0, Curve(np.arange(3), np.array([2.0, 1e9, np.inf])))
    (3.0, 4.0)
    """
    most = max((float(curve.finite.max(initial=0.0)) for curve in curves), default=0.0)
    if np.isfinite(first) and first > 0 and most > FAR * first:
        return ROOM * first
    return most if most > 0 else 1.0


def _of_history(run: Run, name: str, scale: int) -> Curve | None:
    found = [(record["epoch"] * scale, record[name]) for record in run.history if name in record]
    return Curve(*np.array(found, np.float64).T) if found else None


def _measured(run: Run, sample: Sample) -> Curve:
    last = run.updates // run.updates_per_epoch if run.status != "diverged" else max(0, run.updates - 1) // run.updates_per_epoch
    epochs = np.unique(np.linspace(0, last, min(last, EPOCHS) + 1).round().astype(int))
    name, (predictor, memory) = quality_name(run), _reader(run)
    values = []
    for epoch in epochs.tolist():
        memory.set_weights(weights_at(run, epoch * run.updates_per_epoch))
        values.append(predictor.evaluate(sample.X, sample.target, sample.weights)[name])
    return Curve(epochs.astype(np.float64), np.array(values, np.float64))


def predictor_at(run: Run, update: int | None) -> Predictor:
    """What the network answers with the weights before an update; None for those at the end."""
    if update is None:
        return run
    predictor, memory = _reader(run)
    memory.set_weights(weights_at(run, update))
    return predictor


def _reader(run: Run) -> tuple[Predictor, Memory]:
    """The network of a run apart from it, whose weights may be set."""
    artefact = compile_program(run.program, run.options.dtype, "fast", native_target(), find_toolchain())
    memory = Memory(run.program, artefact, CHUNK)
    return Predictor(run.task, run.outcome).with_engine(artefact, memory), memory


def weights_at(run: Run, update: int | None) -> dict[str, Array]:
    """The weights before an update, by name; None for those at the end."""
    if update is None:
        return run.weights
    state = run.state_before(update)
    return {p.name: state[p.tensor] for p in run.program.parameters}
