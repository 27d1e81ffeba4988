"""What all figures share: colours, axes without clutter, a picture of itself for notebooks."""

from __future__ import annotations

import io
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.colors import LinearSegmentedColormap
from matplotlib.figure import Figure

from .colours import NEGATIVE, POSITIVE, ZERO

Array = np.ndarray[Any, np.dtype[Any]]
INK, FAINT, RULE = "#22303a", "#5d6b75", "#d5dade"
DIVERGING = LinearSegmentedColormap.from_list("learnloop", [NEGATIVE, ZERO, POSITIVE], N=257)
WIDTH = 8.0
"""Inches."""


class Picture(Figure):
    """A figure that a notebook shows by itself, without pyplot."""

    def _repr_png_(self) -> bytes:
        out = io.BytesIO()
        self.savefig(out, format="png", dpi=100)
        return out.getvalue()


def canvas(height: float, width: float = WIDTH) -> Picture:
    """An empty white figure.

    Args:
        height: in inches.
        width: in inches.
    """
    return Picture(figsize=(width, height), facecolor="white", layout="constrained")


def literal(text: str) -> str:
    """A text with names in it as Matplotlib should show it: a dollar begins no formula.

    >>> literal("$x$")
    '\\\\$x\\\\$'
    """
    return text.replace("$", r"\$")


def plain(axes: Axes, title: str = "") -> None:
    """No frame but the lines that carry numbers; the title on the left."""
    axes.set_facecolor("white")
    for side in ("top", "right"):
        axes.spines[side].set_visible(False)
    for side in ("left", "bottom"):
        axes.spines[side].set_color(RULE)
    axes.tick_params(colors=FAINT, labelcolor=INK, labelsize=9)
    axes.xaxis.label.set_color(INK)
    axes.yaxis.label.set_color(INK)
    axes.set_axisbelow(True)
    if title:
        axes.set_title(literal(title), loc="left", fontsize=11, color=INK)


def legend(axes: Axes) -> None:
    """The names of lines, beside the title: nothing lies over the lines."""
    axes.legend(
        frameon=False, fontsize=9, labelcolor=INK, loc="lower right", bbox_to_anchor=(1, 0.99), ncols=4,
        borderaxespad=0, handlelength=1.5,
    )  # fmt: skip


def colour(value: float) -> str:
    """The colour of a sign."""
    return NEGATIVE if value < 0 else POSITIVE


def running_mean(values: Array, window: int) -> Array:
    """The mean of each value and up to so many before it.

    >>> running_mean(np.array([1.0, 2.0, 3.0, 4.0]), 2).tolist()
    [1.0, 1.5, 2.5, 3.5]
    """
    total = np.concatenate([[0.0], np.cumsum(values.astype(np.float64))])
    here = np.arange(1, len(values) + 1)
    begin = np.maximum(here - window, 0)
    means: Array = (total[here] - total[begin]) / (here - begin)
    return means
