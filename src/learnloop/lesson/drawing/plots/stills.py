"""What the live parts of a lesson look like at rest: on paper, and before anybody pressed play."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from ....errors import UnknownName
from ....run import Run
from ...document.model import Block, Given
from ...model import LessonRun
from ...problems import Place
from ..diagrams import diagram_of
from ..measure import fitted, width
from ..scene import WIDE, Drawer, Drawing, Part, Shape
from ..shapes import words
from .asked import units_of
from .curves import quality_name, tail_mean
from .loss import loss_plot
from .pen import LINE, SMALL, rule
from .quality import WORDS
from .words import grouped, number, percent

KINDS = ("network", "neuron", "timeline", "knobs")
_DIAGRAMS: Mapping[str, tuple[str, ...]] = {"network": ("update",), "neuron": ("neuron", "update")}
"""Live blocks that are a diagram at rest, and the options that it takes."""
_NOWHERE = Place(1, 1)
"""Of an option that was not written in a document."""


def still_of(kind: str, run: Run, options: Mapping[str, Any]) -> Drawer:
    """The picture at rest of a live block.

    Args:
        kind: "network", "neuron", "timeline" or "knobs".
        run: the run.
        options: of the block, as it was given or as plain values: ``update``, ``neuron``; others are for the live block alone.

    Raises:
        UnknownName: for another kind.
        LessonError: for options that the run has nothing for.
    """
    if kind in _DIAGRAMS:
        return _diagram(kind, run, options)
    if kind == "timeline":
        return loss_plot(run)
    if kind == "knobs":
        rows = _numbers(run)
        return lambda wide: _table(rows, wide)
    raise UnknownName("live block", kind, KINDS)


def _diagram(kind: str, run: Run, options: Mapping[str, Any]) -> Drawer:
    given = {name: _given(options[name]) for name in _DIAGRAMS[kind] if options.get(name) is not None}
    if kind == "neuron":
        given.setdefault("neuron", _given(f"{next(iter(units_of(run)), 'dense_1')}:0"))
    return diagram_of(Block("diagram", kind, _NOWHERE, given), {"": LessonRun("", run, None, b"")})


def _given(value: Any) -> Given:
    return value if isinstance(value, Given) else Given(str(value), _NOWHERE)


def _numbers(run: Run) -> list[tuple[str, str, str]]:
    """(part, name, value) of what a run was told, and of what came of it."""
    options, layers = run.options, [str(values.shape[1]) for name, values in run.weights.items() if name.endswith(".weight") and values.ndim == 2]
    told = [
        ("layers", "units of each layer", " → ".join([str(run.network.inputs), *layers])),
        ("optimizer", "optimizer", type(run.optimizer).__name__),
        ("learning-rate", "learning rate", run.optimizer.schedule.text()),
        ("batch-size", "rows of an update", grouped(options.batch_size)),
        ("epochs", "epochs", grouped(options.epochs)),
        ("updates", "updates", grouped(run.updates)),
        ("seed", "seed", str(options.seed)),
    ]  # fmt: skip
    return told + _outcome(run)


def _outcome(run: Run) -> list[tuple[str, str, str]]:
    if not run.updates:
        return []
    found = [("loss-start", "loss of the first update", number(float(run.losses[0]))), ("loss-end", "mean loss of the last epoch", number(tail_mean(run)))]
    name = quality_name(run)
    value = run.history[-1].get(f"validation_{name}", np.nan) if run.history else np.nan
    if np.isfinite(value):
        found.append((name, f"test {WORDS[name]}", percent(value) if name == "accuracy" else number(value)))
    return found


def _table(rows: list[tuple[str, str, str]], room: float) -> Drawing:
    """A line for each number."""
    across = min(room, 420.0) if room >= WIDE else room
    step = LINE + 8
    parts = []
    for k, (part, name, value) in enumerate(rows):
        base = k * step + LINE
        shown = fitted(value, SMALL, across * 0.6, bold=True)
        left = fitted(name, SMALL, across - width(shown, SMALL, bold=True) - 14)
        shapes: list[Shape] = [words(1, base, left, SMALL, ink="quiet"), words(across - 1, base, shown, SMALL, "end", bold=True)]
        shapes.append(rule([(1, base + 8), (across - 1, base + 8)], "neutral", 0.5))
        parts.append(Part(part, tuple(shapes), (0, k * step, across, (k + 1) * step)))
    said = "; ".join(f"{name}: {value}" for _, name, value in rows)
    return Drawing(room, len(rows) * step + 3, "What the run was told, and what came of it", f"{said}.", tuple(parts))
