"""The accuracy plot: how many answers were right, epoch by epoch; R2 where answers are numbers."""

from __future__ import annotations

import numpy as np

from ....run import Run
from ..scene import Drawer
from .curves import Curve, quality_name, tested_quality, trained_quality
from .material import material_of
from .problem import Unfit
from .series import Line, Plot
from .words import number, percent

LOWEST = -1.0
"""R2 below it leaves the picture."""
WORDS = {"accuracy": "accuracy", "r2": "R²"}


def quality_plot(run: Run, other: tuple[str, Run] | None = None) -> Drawer:
    """Accuracy, or R2, on the training rows and on the test rows after each epoch.

    Args:
        run: the run.
        other: the name of another run and the run: what it says of its test rows is drawn in grey.

    Raises:
        Unfit: for runs that are measured by different things.
    """
    name = quality_name(run)
    if other is not None and quality_name(other[1]) != name:
        raise Unfit(f"the run {other[0]!r} is measured by {quality_name(other[1])}, and this one by {name}. Fix: leave `:with:` out.", "with")
    lines = _lines(run, other)
    curves = [line.curve[0] for line in lines]
    least = min(float(curve.finite.min(initial=0.0)) for curve in curves)
    last = max(float(curve.x[-1]) for curve in curves)
    described = " ".join(_described(line, name) for line in lines)
    notes = () if least >= LOWEST else (f"below the picture: {_value(least, name)}",)
    shown = WORDS[name]
    return Plot(
        f"{shown[0].upper()}{shown[1:]} over the epochs", described, ("epoch", shown), (0, max(last, 1.0)),
        (max(LOWEST, np.floor(least * 5) / 5), 1.0), lines, notes, percent=name == "accuracy",
    ).drawer()  # fmt: skip


def _lines(run: Run, other: tuple[str, Run] | None) -> tuple[Line, ...]:
    material, name = material_of(run), quality_name(run)
    lines = [_line("train", trained_quality(material), "training", name)]
    tested = tested_quality(material)
    if tested is not None:
        lines.append(_line("test", tested, "test", name))
    if other is not None:
        material = material_of(other[1])
        lines.append(_line("other", tested_quality(material) or trained_quality(material), other[0] or "first run", name))
    return tuple(lines)


def _line(part: str, curve: Curve, called: str, name: str) -> Line:
    label = (called, _value(float(curve.y[-1]), name))
    looks = {"train": ("accent", 2.0, False), "test": ("negative", 2.0, True), "other": ("quiet", 1.5, False)}[part]
    ink, wide, dash = looks
    return Line(part, (curve, curve), label, ink, wide, dash)  # type: ignore[arg-type]


def _value(value: float, name: str) -> str:
    return percent(value) if name == "accuracy" else number(value)


def _described(line: Line, name: str) -> str:
    """A line in words."""
    curve, called = line.curve[0], line.label[0]
    where = {"train": "On the training rows", "test": "On the test rows"}.get(line.part, f"In the run {called}")
    first, last = (_value(float(curve.y[k]), name) for k in (0, -1))
    begun = "before the first update" if curve.x[0] == 0 else f"after epoch {curve.x[0]:.0f}"
    if len(curve.y) == 1:
        return f"{where} the {WORDS[name]} is {first} {begun}."
    best = int(np.nanargmax(curve.y)) if np.isfinite(curve.y).any() else 0
    said = f"{where} the {WORDS[name]} is {first} {begun} and {last} after epoch {curve.x[-1]:.0f}"
    return f"{said}; it was best after epoch {curve.x[best]:.0f}, with {_value(float(curve.y[best]), name)}."
