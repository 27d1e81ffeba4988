"""Why a weight moved, and its life."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from fractions import Fraction

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator

from ...errors import DescriptionError
from ...rules.registry import is_whole, short
from ..change import Change
from .canvas import INK, RULE, canvas, colour, plain
from .colours import POSITIVE

Step = tuple[str, Fraction]
ROOM = 0.16
"""On either side of the bars, for their numbers: a share of their span."""


def plot_change(change: Change, rows: int) -> Figure:
    """See :func:`learnloop.runs.plots.plot_change`."""
    if not is_whole(rows) or rows < 0:
        raise DescriptionError(f"rows is {short(rows)}; expected a whole number of at least 0.")
    steps = grouped(change, rows)
    figure = canvas(1.4 + 0.3 * (len(steps) + 1))
    axes = figure.subplots()
    _waterfall(axes, steps, change)
    axes.set_xlabel("change of the weight")
    mark = "the parts add up to the stored change" if change.ticks else "the parts do not explain the change"
    plain(axes, f"{change.name} at update {change.update}: {mark}")
    axes.spines["left"].set_visible(False)
    axes.tick_params(axis="y", length=0)
    return figure


def grouped(change: Change, rows: int) -> list[Step]:
    """The strongest rows, the rest of them together, then every other part."""
    strongest, rest = change.rows[:rows], change.rows[rows:]
    steps = [(p.name, p.value) for p in strongest]
    if rest:
        name = "all rows" if not strongest else f"{len(rest)} other row{'s' * (len(rest) > 1)}"
        steps.append((name, sum((p.value for p in rest), Fraction(0))))
    return steps + [(p.name, p.value) for p in change.parts if p.kind != "row"]


def _waterfall(axes: Axes, steps: Sequence[Step], change: Change) -> None:
    """Bars from the top; thin lines lead from the end of each to the next."""
    ends = np.cumsum([0.0, *(float(value) for _, value in steps)])
    total = float(change.change)
    shown = _format(np.ptp([*ends, total]))
    for k, (_, value) in enumerate(steps):
        axes.barh(k, float(value), left=ends[k], height=0.62, color=colour(float(value)))
        axes.plot([ends[k + 1]] * 2, [k - 0.31, k + 1.31], color=RULE, linewidth=0.8, zorder=0)
        _number(axes, k, shown(float(value)), (ends[k], ends[k + 1]))
    last = len(steps)
    axes.barh(last, total, height=0.62, color=colour(total), edgecolor=INK, linewidth=1.2)
    _number(axes, last, shown(total), (0.0, total), "bold")
    axes.axvline(0, color=INK, linewidth=0.8)
    axes.axhline(last - 0.5, color=RULE, linewidth=0.8)
    axes.set_yticks(range(last + 1), [*(name for name, _ in steps), "change"])
    axes.set_ylim(last + 0.6, -0.6)
    span = float(np.ptp([*ends, total])) or 1.0
    axes.set_xlim(min(*ends, total) - ROOM * span, max(*ends, total) + ROOM * span)
    axes.ticklabel_format(axis="x", style="sci", scilimits=(-3, 4), useMathText=True)


def _format(span: float) -> Callable[[float], str]:
    """As many decimals for every number as four digits of the largest need; with an exponent what that leaves 0."""
    decimals = min(12, max(0, 3 - math.floor(math.log10(span)))) if span > 0 else 1

    def shown(value: float) -> str:
        fixed = f"{value:+.{decimals}f}"
        return fixed if float(fixed) or not value else f"{value:+.0e}"

    return shown


def _number(axes: Axes, place: int, text: str, ends: tuple[float, float], weight: str = "normal") -> None:
    """The value beside its bar, on the side that it points to."""
    left = text.startswith("-")
    axes.annotate(
        text, (min(ends) if left else max(ends), place), xytext=(-4 if left else 4, 0),
        textcoords="offset points", ha="right" if left else "left", va="center", fontsize=8.5, color=INK,
        weight=weight, bbox={"facecolor": "white", "edgecolor": "none", "pad": 0.8},
    )  # fmt: skip


def plot_life(values: Sequence[float], updates: Sequence[int] | None, name: str) -> Figure:
    """See :func:`learnloop.runs.plots.plot_life`."""
    places = list(range(len(values))) if updates is None else list(updates)
    if not len(values) or len(places) != len(values):
        raise DescriptionError(
            f"got {len(values)} values and {len(places)} updates; expected one update for each of at least one value."
        )
    figure = canvas(3.2)
    axes = figure.subplots()
    axes.axhline(0, color=RULE, linewidth=1.0)
    axes.plot(places, values, color=POSITIVE, linewidth=1.6, marker="o" if len(places) == 1 else "")
    axes.set_xlabel("update")
    axes.set_ylabel("value")
    axes.margins(x=0.01)
    axes.grid(axis="y", color=RULE, linewidth=0.6)
    axes.xaxis.set_major_locator(MaxNLocator(integer=True))
    plain(axes, f"{name}: {float(values[0]):.4g} at update {places[0]}, {float(values[-1]):.4g} at update {places[-1]}")
    return figure
