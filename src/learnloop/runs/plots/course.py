"""Losses over a run, and of two runs."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator

from ...errors import DescriptionError
from ..insight import NOTE, Insight, Insights
from ..insights import insights as find
from .canvas import FAINT, INK, RULE, canvas, legend, literal, plain, running_mean
from .colours import DARK_NEGATIVE, POSITIVE

if TYPE_CHECKING:
    from ...run import Run

Array = np.ndarray[Any, np.dtype[Any]]
DECADES = 30.0
"""Losses that differ by more than this factor are shown on a logarithmic scale."""
MOST_MARKS = 8
OTHER_BATCHES = {POSITIVE: "#a9cde6", DARK_NEGATIVE: "#f4d3ad"}
"""The light version of a line's colour."""


def plot_run(run: Run, insights: Insights | bool) -> Figure:
    """See :func:`learnloop.runs.plots.plot_run`."""
    _check(run)
    found = find(run) if insights is True else insights or ()
    measured = [name for name in _measured(run) if name != "loss"]
    marks = _marks(found)
    figure = canvas(3.6 + 1.7 * len(measured) + 0.22 * len(marks))
    ratios = [2.6, *[1.0] * len(measured)]
    axes = list(figure.subplots(len(ratios), 1, sharex=True, squeeze=False, height_ratios=ratios)[:, 0])
    _losses(axes[0], run, POSITIVE, "each update", "running mean")
    _held_out(axes[0], run)
    _finish(axes[0], [run], "Loss")
    for below, name in zip(axes[1:], measured, strict=True):
        _measure(below, run, name)
    _mark(figure, axes, marks)
    axes[-1].set_xlabel("update")
    return figure


def _check(*runs: Run) -> None:
    if not all(run.updates for run in runs):
        raise DescriptionError("a run without updates has no curve. Fix: train with epochs=1 or more.")


def _measured(run: Run) -> list[str]:
    """What was measured of the validation rows."""
    return [k.removeprefix("validation_") for k in (run.history[0] if run.history else {}) if k.startswith("valid")]


def _losses(axes: Axes, run: Run, colour: str, single: str, mean: str) -> None:
    updates = np.arange(run.updates)
    window = max(run.updates_per_epoch, run.updates // 50)
    axes.plot(updates, run.losses, color=OTHER_BATCHES[colour], linewidth=0.8, label=literal(single))
    axes.plot(updates, running_mean(run.losses, window), color=colour, linewidth=1.8, label=literal(mean))


def _held_out(axes: Axes, run: Run) -> None:
    if "loss" in _measured(run):
        axes.plot(_ends(run), _values(run, "loss"), color=DARK_NEGATIVE, linewidth=1.5, label="validation rows")


def _ends(run: Run) -> list[int]:
    """The last update of each epoch that was measured."""
    return [round(h["epoch"]) * run.updates_per_epoch - 1 for h in run.history]


def _values(run: Run, name: str) -> list[float]:
    return [h[f"validation_{name}"] for h in run.history]


def _measure(axes: Axes, run: Run, name: str) -> None:
    values = _values(run, name)
    axes.plot(_ends(run), values, color=DARK_NEGATIVE, linewidth=1.5)
    axes.set_ylabel({"r2": "R2"}.get(name, name))
    axes.grid(axis="y", color=RULE, linewidth=0.6)
    plain(axes, f"Validation rows: {values[-1]:.3g} at the end")


def _finish(axes: Axes, runs: Sequence[Run], title: str) -> None:
    """Labels, and the scale that shows the most."""
    seen = np.concatenate([run.losses for run in runs]).astype(np.float64)
    if seen.min() > 0 and seen.max() > DECADES * seen.min():
        axes.set_yscale("log")
    axes.set_ylabel("loss")
    axes.grid(axis="y", color=RULE, linewidth=0.6)
    axes.margins(x=0.01)
    axes.xaxis.set_major_locator(MaxNLocator(integer=True))
    legend(axes)
    plain(axes, title)


def _marks(found: Iterable[Insight]) -> list[Insight]:
    """The insights that are shown: what matters more first where there are too many."""
    order = sorted(enumerate(found), key=lambda pair: pair[1].severity == NOTE)
    return [insight for _, insight in sorted(order[:MOST_MARKS], key=lambda pair: pair[0])]


def _mark(figure: Figure, axes: Sequence[Axes], marks: Sequence[Insight]) -> None:
    """A number at the top for each update with insights, and below the figure what the numbers mean."""
    numbers: dict[int, list[str]] = {}
    for k, insight in enumerate(marks, 1):
        numbers.setdefault(insight.update, []).append(str(k))
    right = max(numbers, default=0)
    for update, names in numbers.items():
        for part in axes:
            part.axvline(update, color=FAINT, linewidth=0.8, linestyle=(0, (4, 3)), gid="insight")
        inside = update == right > 0  # the last one may stand at the edge
        axes[0].annotate(
            ",".join(names), (update, 1), xycoords=("data", "axes fraction"), xytext=(-2 if inside else 2, -2),
            textcoords="offset points", va="top", ha="right" if inside else "left", fontsize=9, color=INK,
            weight="bold",
        )  # fmt: skip
    lines = [f"{k}  {i.kind.replace('_', ' ')} at {i.place}" for k, i in enumerate(marks, 1)]
    if lines:
        figure.supxlabel(literal("\n".join(lines)), x=0.02, ha="left", fontsize=9, color=INK)


def plot_compare(a: Run, b: Run, names: tuple[str, str]) -> Figure:
    """See :func:`learnloop.runs.plots.plot_compare`."""
    _check(a, b)
    figure = canvas(3.8)
    axes = figure.subplots()
    _losses(axes, a, POSITIVE, "_each", names[0])
    _losses(axes, b, DARK_NEGATIVE, "_each", names[1])
    part = first_difference(a.losses, b.losses)
    if part is not None:
        axes.axvline(part, color=FAINT, linewidth=0.8, linestyle=(0, (4, 3)), gid="part")
    _finish(axes, [a, b], "The losses are the same" if part is None else f"The losses part at update {part}")
    axes.set_xlabel("update")
    return figure


def first_difference(a: Array, b: Array) -> int | None:
    """The first update where two series differ, or where one ends before the other; None for equal ones.

    >>> first_difference(np.array([1.0, 2.0]), np.array([1.0, 2.0, 3.0]))
    2
    """
    common = min(len(a), len(b))
    apart = np.flatnonzero(a[:common] != b[:common])
    if len(apart):
        return int(apart[0])
    return None if len(a) == len(b) else common
